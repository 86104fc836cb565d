//! Backup and restore: database and objects in one file, consistent with each other, readable by
//! either engine. A house can be moved from SQLite to PostgreSQL with it.
//!
//! The file is a tar archive: `backup.json` (what it is), `tables/NAME.jsonl` (a row a line) and
//! `objects/KEY`. Rows are read in one snapshot; objects are written before any row that points at
//! them and never change, so those read afterwards are all that the rows need.

mod rows;
mod tables;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::storage::{Bytes, Objects, StorageError};

use tables::TABLES;

/// The shape of backup files written today.
const FORMAT: u32 = 1;
/// Largest object that is read back.
const MAX_OBJECT_BYTES: u64 = 256 * 1_024 * 1_024;

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
    /// The schema could not be made.
    #[error(transparent)]
    Migrate(#[from] crate::db::MigrateError),
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
    append(&mut archive, "backup.json", &serde_json::to_vec(&head).unwrap_or_default())?;
    for (table, lines) in rows::read_all(db).await? {
        told.rows += lines.len();
        append(&mut archive, &format!("tables/{table}.jsonl"), lines.join("\n").as_bytes())?;
    }
    for (key, _) in objects.list().await? {
        append(&mut archive, &format!("objects/{key}"), &objects.get(&key).await?)?;
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

/// Reads a backup into an empty house, or with `force` in the place of what is there. Objects come
/// first, then all rows in one transaction.
pub async fn read(
    db: &Db,
    objects: &Objects,
    file: &Path,
    force: bool,
) -> Result<Told, BackupError> {
    let content = read_archive(file)?;
    if rows::is_empty(db).await? {
        // Nothing to throw away.
    } else if force {
        rows::wipe(db).await?;
        db.migrate().await?;
    } else {
        return Err(BackupError::NotEmpty);
    }
    let mut told = Told { rows: 0, objects: content.objects.len() };
    for (key, bytes) in content.objects {
        objects.put(&key, Bytes::from(bytes)).await?;
    }
    let mut tx = db.begin().await?;
    for table in TABLES {
        let Some(text) = content.tables.get(table.name) else { continue };
        for line in text.lines().filter(|line| !line.is_empty()) {
            let row = serde_json::from_str(line)
                .map_err(|error| BackupError::Unreadable(format!("{}: {error}", table.name)))?;
            rows::insert(&mut tx, table, &row).await?;
            told.rows += 1;
        }
    }
    rows::set_sequences(&mut tx).await?;
    tx.commit().await?;
    Ok(told)
}

#[derive(Default)]
struct Content {
    tables: std::collections::BTreeMap<String, String>,
    objects: Vec<(String, Vec<u8>)>,
}

fn read_archive(file: &Path) -> Result<Content, BackupError> {
    let unreadable = |error: std::io::Error| BackupError::Unreadable(error.to_string());
    let mut archive = tar::Archive::new(File::open(file)?);
    let mut content = Content::default();
    let mut head: Option<Head> = None;
    for entry in archive.entries().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.path().map_err(unreadable)?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.take(MAX_OBJECT_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
        if name == "backup.json" {
            head = serde_json::from_slice(&bytes).ok();
        } else if let Some(table) = name.strip_prefix("tables/") {
            let text = String::from_utf8(bytes)
                .map_err(|error| BackupError::Unreadable(error.to_string()))?;
            content.tables.insert(table.trim_end_matches(".jsonl").to_owned(), text);
        } else if let Some(key) = name.strip_prefix("objects/") {
            content.objects.push((key.to_owned(), bytes));
        }
    }
    match head {
        Some(head) if head.format <= FORMAT => Ok(content),
        Some(_) => Err(BackupError::Unreadable("it was written by a newer program".to_owned())),
        None => Err(BackupError::Unreadable("it has no backup.json".to_owned())),
    }
}
