//! The folder a browser works in: it goes when its picture is taken, and where the program was killed
//! before that, at the program's next start.

use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::process::geteuid;

/// How the names of these folders begin.
const PREFIX: &str = "sitespark-camera-";
/// The file in it that its owner holds a lock on, for as long as the owner lives.
const OWNED: &str = "owned";
/// A folder this old is nobody's, whatever is in it: a picture takes seconds.
const OLD: Duration = Duration::from_secs(60 * 60);
/// Folders one sweep removes.
const MOST_SWEPT: usize = 1_000;
/// Tries to remove a folder whose browser may still be ending, and the rest before the second; it
/// doubles from one to the next.
const MOST_TRIES: u32 = 6;
const FIRST_REST: Duration = Duration::from_millis(50);

/// A folder of its own that goes with everything in it.
pub(super) struct Folder {
    path: PathBuf,
    _owned: File,
}

impl Folder {
    /// A fresh one among the system's temporary files, for this user alone.
    pub(super) fn make() -> io::Result<Self> {
        Self::make_in(&std::env::temp_dir())
    }

    fn make_in(parent: &Path) -> io::Result<Self> {
        let path = parent.join(format!("{PREFIX}{}", uuid::Uuid::now_v7()));
        DirBuilder::new().mode(0o700).create(&path)?;
        let owned = File::create(path.join(OWNED))?;
        owned.try_lock().map_err(io::Error::from)?;
        Ok(Self { path, _owned: owned })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if remove(&self.path).is_ok() {
            return;
        }
        // Processes that are being ended may write to it for a moment longer.
        let path = std::mem::take(&mut self.path);
        std::thread::spawn(move || {
            if let Err(error) = patiently(|| remove(&path), std::thread::sleep) {
                tracing::warn!(%error, "a browser's folder could not be removed");
            }
        });
    }
}

/// Removes a folder with all that is in it; that it is gone already is no fault.
fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Does something until it succeeds, a few times, with longer and longer rests.
fn patiently(
    mut once: impl FnMut() -> io::Result<()>,
    mut rest: impl FnMut(Duration),
) -> io::Result<()> {
    let mut pause = FIRST_REST;
    for _ in 1..MOST_TRIES {
        rest(pause);
        if once().is_ok() {
            return Ok(());
        }
        pause *= 2;
    }
    rest(pause);
    once()
}

/// Removes the folders whose owner is gone.
pub(super) fn sweep(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    let ours = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)));
    let left = ours.map(|entry| entry.path()).filter(|path| is_left(path, SystemTime::now()));
    for path in left.take(MOST_SWEPT) {
        if let Err(error) = remove(&path) {
            tracing::warn!(%error, "a folder that a browser has left could not be removed");
        }
    }
}

/// Whether nobody works in a folder any more: its lock is free, or it is old. A link or another user's
/// folder is none of ours.
fn is_left(path: &Path, now: SystemTime) -> bool {
    let Ok(about) = path.symlink_metadata() else { return false };
    if !about.is_dir() || about.uid() != geteuid().as_raw() {
        return false;
    }
    let age = about.modified().ok().and_then(|made| now.duration_since(made).ok());
    age.is_some_and(|age| age >= OLD) || is_free(&path.join(OWNED))
}

/// Whether a lock file is there and nobody holds it.
fn is_free(path: &Path) -> bool {
    // It is only just being made where it is not there yet.
    let Ok(file) = File::open(path) else { return false };
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parent: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(parent).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_our_own_folders_without_an_owner_are_swept() {
        let room = tempfile::tempdir().unwrap();
        let parent = room.path();
        let held = Folder::make_in(parent).unwrap();
        // Nobody holds the lock of a process that was killed; nobody ever held the fresh file's.
        let killed = std::mem::ManuallyDrop::new(Folder::make_in(parent).unwrap());
        let left = killed.path();
        std::fs::write(left.join("page.png"), "half a picture").unwrap();
        std::fs::create_dir(left.join("profile")).unwrap();
        std::fs::remove_file(left.join(OWNED)).unwrap();
        File::create(left.join(OWNED)).unwrap();
        let young = parent.join(format!("{PREFIX}young"));
        std::fs::create_dir(&young).unwrap();
        let others = parent.join("somebody-elses");
        std::fs::create_dir(&others).unwrap();
        File::create(others.join(OWNED)).unwrap();
        std::os::unix::fs::symlink(&others, parent.join(format!("{PREFIX}link"))).unwrap();

        sweep(parent);
        assert!(!left.exists());
        assert!(held.path().join(OWNED).exists() && young.exists());
        assert!(others.join(OWNED).exists(), "a link is not followed");
        drop(held);
        let kept = [format!("{PREFIX}link"), format!("{PREFIX}young"), "somebody-elses".to_owned()];
        assert_eq!(names(parent), kept);
    }

    #[test]
    fn an_old_folder_is_left_whatever_is_in_it() {
        let room = tempfile::tempdir().unwrap();
        let held = Folder::make_in(room.path()).unwrap();
        let now = SystemTime::now();
        assert!(!is_left(held.path(), now));
        assert!(is_left(held.path(), now + OLD + Duration::from_secs(1)));
    }

    #[test]
    fn what_cannot_be_removed_at_once_is_tried_again_a_few_times() {
        let tried = |succeeds_at: u32| {
            let (mut tries, mut rests) = (0, Vec::new());
            let once = || {
                tries += 1;
                if tries >= succeeds_at { Ok(()) } else { Err(io::Error::other("not empty")) }
            };
            let done = patiently(once, |rest| rests.push(rest.as_millis())).is_ok();
            (done, tries, rests)
        };
        assert_eq!(tried(1), (true, 1, vec![50]));
        assert_eq!(tried(3), (true, 3, vec![50, 100, 200]));
        assert_eq!(tried(99), (false, MOST_TRIES, vec![50, 100, 200, 400, 800, 1_600]));
    }
}
