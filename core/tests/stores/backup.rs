//! Backups between engines: whole or not at all, and what PostgreSQL does not take is left out.

use std::path::{Path, PathBuf};

use serde_json::json;
use sitespark_core::backup::{self, BackupError, Restore};
use sitespark_core::db::Db;
use sitespark_core::sites;
use sitespark_core::storage::{Bytes, Objects};
use sitespark_core::testing::{START_MS, TestDb};
use tempfile::TempDir;

use crate::both_engines;
use crate::sites::{pack, publish, site};
use crate::support::{commit, number, person};

both_engines![
    a_backup_is_taken_back_by_either_engine_without_what_it_does_not_take,
    what_the_database_names_and_the_storage_lacks_is_named,
    a_backup_with_gaps_changes_nothing_unless_it_may,
];

fn store(folder: &Path) -> Objects {
    Objects::open(&format!("file://{}", folder.display()), &|_| None).unwrap()
}

/// A house with one site; gives its objects, and where the backup shall lie.
async fn house(home: &Db) -> (TempDir, Objects, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let objects = store(&folder.path().join("objects"));
    let owner = person(home, "sari", 10).await;
    let id = site(home, &owner, "kopi-senja").await;
    publish(home, id, "one", START_MS).await.unwrap();
    let packed = pack("one");
    objects.put(&sites::Pack::key(&packed.digest), Bytes::from(packed.bytes)).await.unwrap();
    let file = folder.path().join("house.tar");
    (folder, objects, file)
}

/// Documents and letters as they were stored when nobody looked at them.
async fn keep_a_letter(home: &Db, words: &str) {
    let site = sites::find_site(home, "kopi-senja").await.unwrap().id;
    let fields = json!({ "name": words, "message": "dua\nbaris" });
    commit(home, async |tx| {
        sites::save_form(tx, site, "contact", &fields, START_MS).await.unwrap()
    })
    .await;
}

async fn a_backup_is_taken_back_by_either_engine_without_what_it_does_not_take(home: &TestDb) {
    // Only SQLite ever took it.
    let old = sitespark_core::testing::db::sqlite().await;
    let (folder, objects, file) = house(&old).await;
    keep_a_letter(&old, "Bu\u{0}di").await;
    let told = backup::write(&old, &objects, &file, false).await.unwrap();
    assert_eq!((told.objects, told.gaps.is_empty()), (1, true));
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it is nobody else's business");
    let target = store(&folder.path().join("elsewhere"));
    let back = backup::read(home, &target, &file, Restore::default()).await.unwrap();
    assert_eq!((back.rows, back.objects), (told.rows, 1));
    let kept = match home.engine_name() {
        "sqlite" => "select count(*) from form_entries where json(fields) like '%Budi%'",
        _ => "select count(*) from form_entries where cast(fields as text) like '%Budi%'",
    };
    assert_eq!(number(home, kept).await, 1);
    assert!(backup::write(home, &target, &folder.path().join("again.tar"), false).await.is_ok());
}

async fn what_the_database_names_and_the_storage_lacks_is_named(home: &TestDb) {
    let (folder, objects, file) = house(home).await;
    let key = sites::Pack::key(&pack("one").digest);
    objects.put("uploads/x", Bytes::from_static(b"x")).await.unwrap();
    objects.delete(&key).await.unwrap();
    let fault = backup::write(home, &objects, &file, false).await.unwrap_err();
    assert!(
        matches!(&fault, BackupError::Incomplete(gaps) if gaps.missing == [key.clone()]),
        "{fault}"
    );
    assert!(
        fault.to_string().contains(&key) && fault.to_string().contains("is missing"),
        "{fault}"
    );
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["objects"], "no half of a backup stays");
    objects.put(&key, Bytes::from_static(b"another")).await.unwrap();
    let fault = backup::write(home, &objects, &file, false).await.unwrap_err();
    assert!(
        matches!(&fault, BackupError::Incomplete(gaps) if gaps.damaged == [key.clone()]),
        "{fault}"
    );
    let told = backup::write(home, &objects, &file, true).await.unwrap();
    assert_eq!((told.gaps.damaged.len(), told.objects), (1, 2));
}

async fn a_backup_with_gaps_changes_nothing_unless_it_may(home: &TestDb) {
    let old = sitespark_core::testing::db::sqlite().await;
    let (folder, objects, file) = house(&old).await;
    objects.delete(&sites::Pack::key(&pack("one").digest)).await.unwrap();
    backup::write(&old, &objects, &file, true).await.unwrap();
    let target = store(&folder.path().join("elsewhere"));
    let fault = backup::read(home, &target, &file, Restore::default()).await.unwrap_err();
    assert!(matches!(fault, BackupError::Incomplete(_)), "{fault}");
    assert_eq!(number(home, "select count(*) from users").await, 0);
    let wish = Restore { force: false, allow_missing: true };
    let back = backup::read(home, &target, &file, wish).await.unwrap();
    assert_eq!(back.gaps.missing.len(), 1);
    assert_eq!(number(home, "select count(*) from users").await, 1);
}

#[tokio::test]
async fn a_file_that_is_no_backup_is_told_by_its_name_and_nothing_of_what_is_in_it() {
    let home = sitespark_core::testing::db::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let (objects, file) = (store(&folder.path().join("objects")), folder.path().join("x.tar"));
    for bytes in [&b"rahasia ".repeat(200)[..], b"", &[0xff; 2_000]] {
        std::fs::write(&file, bytes).unwrap();
        let fault = backup::read(&home, &objects, &file, Restore::default()).await.unwrap_err();
        let told = fault.to_string();
        assert!(told.contains("x.tar is not a backup"), "{told}");
        assert!(told.is_ascii() && !told.contains("rahasia"), "{told}");
    }
    let missing = folder.path().join("none.tar");
    let fault = backup::read(&home, &objects, &missing, Restore::default()).await.unwrap_err();
    assert!(fault.to_string().ends_with("none.tar cannot be read"), "{fault}");
    let nowhere = folder.path().join("no/such/folder/x.tar");
    let fault = backup::write(&home, &objects, &nowhere, false).await.unwrap_err();
    assert!(fault.to_string().ends_with("x.tar cannot be written"), "{fault}");
}
