//! Reading the archive: first everything, to see that it is whole, then its objects one by one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use super::inventory::Inventory;
use super::{BackupError, FORMAT, Head};
use crate::storage::{Bytes, Objects};

/// Largest table or object that is read back.
const MAX_ENTRY_BYTES: u64 = 4 * 1_024 * 1_024 * 1_024;

/// Rows by table.
pub(super) type Tables = BTreeMap<String, Vec<Map<String, Value>>>;

/// What is in a backup, but for the bytes of its objects.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) tables: Tables,
    pub(super) inventory: Inventory,
}

type Entry<'a> = tar::Entry<'a, File>;

/// Reads all rows, and looks at all objects.
pub(super) fn read_contents(file: &Path) -> Result<Contents, BackupError> {
    let mut contents = Contents::default();
    let mut head: Option<Head> = None;
    each_entry(file, |name, bytes| {
        if name == "backup.json" {
            // One that cannot be read counts as none, and without one nothing is restored.
            head = serde_json::from_slice(&bytes).ok();
        } else if let Some(table) = name.strip_prefix("tables/").filter(|rest| !rest.is_empty()) {
            let table = table.trim_end_matches(".jsonl");
            let rows =
                read_rows(&bytes).ok_or_else(|| format!("the table {table} in it is damaged"))?;
            for row in &rows {
                contents.inventory.name(table, row);
            }
            let rows = rows.into_iter().filter_map(|row| match row {
                Value::Object(fields) => Some(fields),
                _ => None,
            });
            contents.tables.insert(table.to_owned(), rows.collect());
        } else if let Some(key) = name.strip_prefix("objects/") {
            contents.inventory.found(key, &bytes);
        }
        Ok(())
    })?;
    match head {
        Some(head) if head.format <= FORMAT => Ok(contents),
        Some(_) => Err(unreadable(file, "it was written by a newer program")),
        None => Err(unreadable(file, "it has no backup.json")),
    }
}

/// Puts objects into the storage one by one; those that are there already stay.
pub(super) async fn read_objects(file: &Path, objects: &Objects) -> Result<usize, BackupError> {
    let mut archive = open(file)?;
    let mut count = 0;
    for entry in archive.entries().map_err(|_| broken(file))? {
        let mut entry = entry.map_err(|_| broken(file))?;
        let Some(name) = name_of(&entry) else { continue };
        if let Some(key) = name.strip_prefix("objects/") {
            let bytes = read_entry(&mut entry, &name).map_err(|why| unreadable(file, why))?;
            objects.put(key, Bytes::from(bytes)).await?;
            count += 1;
        }
    }
    Ok(count)
}

fn open(file: &Path) -> Result<tar::Archive<File>, BackupError> {
    let opened = File::open(file);
    opened.map(tar::Archive::new).map_err(|error| BackupError::File {
        file: file.to_owned(),
        what: "read",
        error,
    })
}

fn each_entry(
    file: &Path,
    mut take: impl FnMut(&str, Vec<u8>) -> Result<(), String>,
) -> Result<(), BackupError> {
    let mut archive = open(file)?;
    for entry in archive.entries().map_err(|_| broken(file))? {
        let mut entry = entry.map_err(|_| broken(file))?;
        let Some(name) = name_of(&entry) else { continue };
        let taken = read_entry(&mut entry, &name).and_then(|bytes| take(&name, bytes));
        taken.map_err(|why| unreadable(file, why))?;
    }
    Ok(())
}

/// The name of a file in the archive; folders have none.
fn name_of(entry: &Entry<'_>) -> Option<String> {
    let path = entry.path().ok().filter(|_| entry.header().entry_type().is_file())?;
    Some(path.to_string_lossy().into_owned())
}

/// The bytes of an entry, whole or not at all.
fn read_entry(entry: &mut Entry<'_>, name: &str) -> Result<Vec<u8>, String> {
    if entry.size() > MAX_ENTRY_BYTES {
        return Err(format!("{name} in it is larger than {MAX_ENTRY_BYTES} bytes"));
    }
    let (size, mut bytes) = (entry.size(), Vec::new());
    match entry.read_to_end(&mut bytes) {
        Ok(read) if read as u64 == size => Ok(bytes),
        Ok(_) | Err(_) => Err("it ends too early".to_owned()),
    }
}

/// A row a line; nothing if one of them is none.
fn read_rows(bytes: &[u8]) -> Option<Vec<Value>> {
    let lines = std::str::from_utf8(bytes).ok()?.lines().filter(|line| !line.is_empty());
    let rows = lines.map(|line| serde_json::from_str(line).ok().filter(Value::is_object));
    rows.collect()
}

/// What the reader of archives says quotes the file: it may be anything.
fn broken(file: &Path) -> BackupError {
    unreadable(file, "it is no tar archive, or a damaged one")
}

pub(super) fn unreadable(file: &Path, why: impl Into<String>) -> BackupError {
    BackupError::Unreadable { file: file.to_owned(), why: why.into() }
}
