//! Backup and restore: database and objects in one file, consistent with each other, readable by
//! either engine. A house can be moved from SQLite to PostgreSQL with it.
//!
//! The file is a tar archive: `backup.json` (what it is), `tables/NAME.jsonl` (a row a line) and
//! `objects/KEY`. Rows are read in one snapshot; objects are written before any row that points at
//! them and never change, so those read afterwards are all that the rows need.

mod rows;
mod tables;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::db::Db;
use crate::storage::{Bytes, Objects, StorageError};

use tables::TABLES;

/// The shape of backup files written today.
const FORMAT: u32 = 1;
/// Largest table or object that is read back.
const MAX_ENTRY_BYTES: u64 = 4 * 1_024 * 1_024 * 1_024;

/// What can go wrong with a backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is there already.
    #[error("{0} is there already")]
    Exists(PathBuf),
    /// The house to restore into is not empty.
    #[error("this house is not empty; restore with --force throws away what is in it")]
    NotEmpty,
    /// The file is no backup we can read.
    #[error("the file is not a backup that can be read: {0}")]
    Unreadable(String),
    /// The file could not be read or written.
    #[error("the backup file failed")]
    File(#[from] std::io::Error),
    /// Objects could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database did not do it.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// How much went in or came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Rows of all tables.
    pub rows: usize,
    /// Objects.
    pub objects: usize,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    program: String,
}

/// Writes a backup. The file appears under its name only when it is whole.
pub async fn write(db: &Db, objects: &Objects, file: &Path) -> Result<Told, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let partial = file.with_extension("partial");
    let mut archive = tar::Builder::new(File::create(&partial)?);
    let mut told = Told::default();
    let head = Head { format: FORMAT, program: env!("CARGO_PKG_VERSION").to_owned() };
    append(
        &mut archive,
        "backup.json",
        &serde_json::to_vec(&head).expect("plain data is always JSON"),
    )?;
    for (table, lines) in rows::read_all(db).await? {
        told.rows += lines.len();
        append(&mut archive, &format!("tables/{table}.jsonl"), lines.join("\n").as_bytes())?;
    }
    for (key, _) in objects.list().await? {
        match objects.get(&key).await {
            Ok(bytes) => append(&mut archive, &format!("objects/{key}"), &bytes)?,
            // Its time was over between the list and now.
            Err(StorageError::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        }
        told.objects += 1;
    }
    archive.into_inner()?.sync_all()?;
    std::fs::rename(&partial, file)?;
    Ok(told)
}

fn append(archive: &mut tar::Builder<File>, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, bytes)?;
    Ok(())
}

/// Reads a backup into an empty house, or with `force` in the place of what is there. Everything is
/// read and checked first, objects come next, then all rows in one transaction: a backup that cannot
/// be read changes nothing.
pub async fn read(
    db: &Db,
    objects: &Objects,
    file: &Path,
    force: bool,
) -> Result<Told, BackupError> {
    let tables = read_tables(file)?;
    let empty = rows::is_empty(db).await?;
    if !empty && !force {
        return Err(BackupError::NotEmpty);
    }
    let mut told = Told { rows: 0, objects: read_objects(file, objects).await? };
    let mut tx = db.begin().await?;
    let guards = rows::lift_guards(&mut tx).await?;
    rows::clear(&mut tx).await?;
    for table in TABLES {
        for row in tables.get(table.name).into_iter().flatten() {
            rows::insert(&mut tx, table, row).await?;
            told.rows += 1;
        }
    }
    rows::set_sequences(&mut tx).await?;
    rows::put_guards_back(&mut tx, guards).await?;
    tx.commit().await?;
    Ok(told)
}

type Tables = BTreeMap<String, Vec<Map<String, Value>>>;

fn unreadable(error: impl std::fmt::Display) -> BackupError {
    BackupError::Unreadable(error.to_string())
}

/// The bytes of an entry, whole or not at all.
fn read_entry(entry: &mut impl Read, size: u64, name: &str) -> Result<Vec<u8>, BackupError> {
    if size > MAX_ENTRY_BYTES {
        return Err(unreadable(format!("{name} is larger than {MAX_ENTRY_BYTES} bytes")));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn read_tables(file: &Path) -> Result<Tables, BackupError> {
    let mut archive = tar::Archive::new(File::open(file)?);
    let mut tables = Tables::new();
    let mut head: Option<Head> = None;
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let name = entry.path().map_err(unreadable)?.to_string_lossy().into_owned();
        let size = entry.size();
        if name == "backup.json" {
            // One that cannot be read counts as none, and without one nothing is restored.
            head = serde_json::from_slice(&read_entry(&mut entry, size, &name)?).ok();
        } else if let Some(table) = name.strip_prefix("tables/").filter(|rest| !rest.is_empty()) {
            let text =
                String::from_utf8(read_entry(&mut entry, size, &name)?).map_err(unreadable)?;
            let rows = text.lines().filter(|line| !line.is_empty()).map(serde_json::from_str);
            let rows = rows.collect::<Result<_, _>>().map_err(unreadable)?;
            tables.insert(table.trim_end_matches(".jsonl").to_owned(), rows);
        }
    }
    match head {
        Some(head) if head.format <= FORMAT => Ok(tables),
        Some(_) => Err(unreadable("it was written by a newer program")),
        None => Err(unreadable("it has no backup.json")),
    }
}

/// Puts objects into the storage one by one; those that are there already stay.
async fn read_objects(file: &Path, objects: &Objects) -> Result<usize, BackupError> {
    let mut archive = tar::Archive::new(File::open(file)?);
    let mut count = 0;
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = entry.path().map_err(unreadable)?.to_string_lossy().into_owned();
        if let Some(key) = name.strip_prefix("objects/") {
            let size = entry.size();
            let bytes = read_entry(&mut entry, size, &name)?;
            objects.put(key, Bytes::from(bytes)).await?;
            count += 1;
        }
    }
    Ok(count)
}
