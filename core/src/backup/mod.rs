//! Backup and restore: database and objects in one file, consistent with each other, readable by
//! either engine. A house can be moved from SQLite to PostgreSQL with it.
//!
//! The file is a tar archive: `backup.json` (what it is), `tables/NAME.jsonl` (a row a line) and
//! `objects/KEY`. Rows are read in one snapshot; objects are written before any row that points at
//! them and never change, so those read afterwards are all that the rows need.

mod archive;
mod inventory;
mod rows;
mod tables;

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::storage::{Objects, StorageError};

pub use inventory::Gaps;
use inventory::Inventory;
use tables::TABLES;

/// The shape of backup files written today.
const FORMAT: u32 = 1;

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
    #[error("{} is not a backup that can be read: {why}", .file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why, without anything of what is in it.
        why: String,
    },
    /// Files that the database names are not there, or not what they were.
    #[error("{}; with --allow-missing it is done without them", .0.sentence())]
    Incomplete(Gaps),
    /// The file could not be read or written.
    #[error("{} cannot be {what}", .file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// `read` or `written`.
        what: &'static str,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// Objects could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database did not do it.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// How much went in or came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Rows of all tables.
    pub rows: usize,
    /// Objects.
    pub objects: usize,
    /// What was done without.
    pub gaps: Gaps,
}

/// How a backup is to be read back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Restore {
    /// Throw away what is there.
    pub force: bool,
    /// Do without files that are missing or damaged.
    pub allow_missing: bool,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    program: String,
}

/// Writes a backup. The file appears under its name only when it is whole, and nobody but its owner may
/// read it. With `allow_missing` it is written although the storage lacks files that the database names.
pub async fn write(
    db: &Db,
    objects: &Objects,
    file: &Path,
    allow_missing: bool,
) -> Result<Told, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let partial = file.with_extension("partial");
    let written = write_partial(db, objects, (file, &partial), allow_missing).await;
    let named = match &written {
        Ok(_) => std::fs::rename(&partial, file),
        // What is not whole is of no use; if it was not even begun, there is nothing to remove.
        Err(_) => std::fs::remove_file(&partial).or(Ok(())),
    };
    named.map_err(|error| BackupError::File { file: file.to_owned(), what: "written", error })?;
    written
}

async fn write_partial(
    db: &Db,
    objects: &Objects,
    (file, partial): (&Path, &Path),
    allow_missing: bool,
) -> Result<Told, BackupError> {
    let unwritten = |error| BackupError::File { file: file.to_owned(), what: "written", error };
    let mut archive = tar::Builder::new(private_file(partial).map_err(unwritten)?);
    let mut told = Told::default();
    let head = Head { format: FORMAT, program: env!("CARGO_PKG_VERSION").to_owned() };
    let head = serde_json::to_vec(&head).expect("plain data is always JSON");
    append(&mut archive, "backup.json", &head).map_err(unwritten)?;
    let mut inventory = Inventory::default();
    for (table, lines) in rows::read_all(db).await? {
        told.rows += lines.len();
        inventory.name_all(table, &lines);
        let name = format!("tables/{table}.jsonl");
        append(&mut archive, &name, lines.join("\n").as_bytes()).map_err(unwritten)?;
    }
    for (key, _) in objects.list().await? {
        match objects.get(&key).await {
            Ok(bytes) => {
                append(&mut archive, &format!("objects/{key}"), &bytes).map_err(unwritten)?;
                inventory.found(&key, &bytes);
            }
            // Its time was over between the list and now.
            Err(StorageError::NotFound(_)) => continue,
            Err(error) => return Err(error.into()),
        }
        told.objects += 1;
    }
    told.gaps = inventory.close(allow_missing)?;
    archive.into_inner().and_then(|file| file.sync_all()).map_err(unwritten)?;
    Ok(told)
}

/// It holds what customers wrote.
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

fn append(archive: &mut tar::Builder<File>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, bytes)
}

/// Reads a backup into an empty house, or with `force` in the place of what is there. Everything is
/// read and checked first, objects come next, then all rows in one transaction: a backup that cannot
/// be read, or without `allow_missing` one that lacks files its rows name, changes nothing.
pub async fn read(
    db: &Db,
    objects: &Objects,
    file: &Path,
    wish: Restore,
) -> Result<Told, BackupError> {
    let contents = archive::read_contents(file)?;
    let gaps = contents.inventory.close(wish.allow_missing)?;
    let empty = rows::is_empty(db).await?;
    if !empty && !wish.force {
        return Err(BackupError::NotEmpty);
    }
    let mut told = Told { rows: 0, objects: archive::read_objects(file, objects).await?, gaps };
    let mut tx = db.begin().await?;
    let guards = rows::lift_guards(&mut tx).await?;
    rows::clear(&mut tx).await?;
    for table in TABLES {
        for row in contents.tables.get(table.name).into_iter().flatten() {
            let inserted = rows::insert(&mut tx, table, row).await;
            inserted.map_err(|fault| fault.in_file(file, table.name))?;
            told.rows += 1;
        }
    }
    rows::set_sequences(&mut tx).await?;
    rows::put_guards_back(&mut tx, guards).await?;
    tx.commit().await?;
    Ok(told)
}
