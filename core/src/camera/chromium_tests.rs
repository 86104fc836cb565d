//! The camera with a real browser, with one that hangs and with one that leaves nothing.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::brief::Brief;
use crate::ids::{SiteId, VersionId};
use crate::site::document::Document;
use crate::site::{Edit, apply, compare_pages};
use crate::sites::{Pack, Publisher};
use crate::testing;

struct Room {
    folder: tempfile::TempDir,
    objects: Objects,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("file://{}/objects", folder.path().display());
        let objects = Objects::open(&url, &|_| None).unwrap();
        Self { folder, objects }
    }

    async fn version(&self, document: Document, number: i64) -> Version {
        let publisher = Publisher::new(self.objects.clone(), "https", "situs.test", "Penyedia");
        let pack = publisher.build(document.clone(), "toko", testing::START_MS).await.unwrap();
        publisher.store(&pack).await.unwrap();
        let Pack { digest, manifest, .. } = (*pack).clone();
        let (id, site) = (VersionId::fresh(), SiteId::fresh());
        Version { id, site, number, parent: None, digest, document, manifest }
    }

    /// A program of the test's own in the browser's place.
    fn browser(&self, script: &str) -> Chromium {
        let path = self.folder.path().join("browser");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Chromium::new(path, self.objects.clone())
    }
}

fn bakery() -> Document {
    // Its photos are not in the store.
    let brief = Brief { photos: Vec::new(), ..crate::generation::stages::sample::bakery() };
    crate::generation::sketch(&brief)
}

/// Whether a process of this id runs; one that has ended and is not asked after does not.
fn runs(id: &str) -> bool {
    let told = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
    told.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_colour_and_a_price_far_down_are_seen() {
    let Some(program) = find_chromium() else { return testing::skip("Chromium") };
    let room = Room::new();
    let first = bakery();
    let edits = [
        Edit::Recolour { colour: "#1f6f43".to_owned() },
        Edit::SetHeading {
            section: crate::site::document::SectionKind::Contact,
            heading: "Mampir ke toko".to_owned(),
        },
    ];
    let green = apply(&first, &edits[..1]).unwrap();
    let headed = apply(&first, &edits[1..]).unwrap();
    let camera = Chromium::new(program, room.objects.clone());
    let before = room.version(first, 1).await;
    for (number, after) in [(2, green), (3, headed)] {
        let after = room.version(after, number).await;
        let pages = camera.take(&[before.clone(), after]).await.unwrap();
        let [before, after] = pages.as_slice() else { panic!("{} pages", pages.len()) };
        assert_eq!(before.dimensions(), (PHONE_WIDE, PAGE_TALL));
        let colours: std::collections::BTreeSet<_> = before.pixels().map(|p| p.0).collect();
        assert!(colours.len() > 50, "an empty page: {} colours", colours.len());
        let jpeg = compare_pages(before, after, crate::brief::Language::Id);
        let size = jpeg.expect("they differ").len();
        assert!((8_000..600_000).contains(&size), "{size}");
    }
    let pages = camera.take(&[before.clone(), before]).await.unwrap();
    assert_eq!(compare_pages(&pages[0], &pages[1], crate::brief::Language::Id), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_hangs_is_ended_with_its_children() {
    let room = Room::new();
    let ids = room.folder.path().join("ids");
    let script = format!("sleep 600 & echo $! $$ > {}; wait", ids.display());
    let camera = room.browser(&script).with_patience(Duration::from_secs(2));
    let version = room.version(bakery(), 1).await;
    let fault = camera.take(&[version]).await.unwrap_err();
    assert!(matches!(fault, CameraFault::Late), "{fault}");
    let ids = std::fs::read_to_string(ids).unwrap();
    assert_eq!(ids.split_whitespace().count(), 2, "{ids}");
    let gone = async {
        while ids.split_whitespace().any(runs) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("they are ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_ends_with_whoever_started_it() {
    let room = Room::new();
    let ids = room.folder.path().join("ids");
    let script = format!("sleep 600 & echo $! $$ > {0}.new; mv {0}.new {0}; wait", ids.display());
    let program = room.browser(&script).program;
    let mut browser = Browser::start(&program, "about:blank", 10, room.folder.path()).unwrap();
    let patience = Duration::from_secs(20);
    let started = async {
        while !ids.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, started).await.expect("it is started");
    let ids = std::fs::read_to_string(ids).unwrap();
    assert!(ids.split_whitespace().all(runs), "{ids}");
    // The kernel closes the pipe of a process that is killed; nothing of ours runs then.
    drop(browser.watch.stdin.take());
    let gone = async {
        while ids.split_whitespace().any(runs) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, gone).await.expect("it is ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_leaves_nothing_or_no_picture_is_a_fault_and_leaves_no_folder() {
    let room = Room::new();
    let version = room.version(bakery(), 1).await;
    let gone = room.browser("echo $HOME > ${0%/*}/home; exit 3");
    let fault = gone.take(std::slice::from_ref(&version)).await.unwrap_err();
    assert!(matches!(fault, CameraFault::Nothing(_)), "{fault}");
    let home = std::fs::read_to_string(room.folder.path().join("home")).unwrap();
    assert!(!Path::new(home.trim()).exists(), "{home}");
    let wrong = room.browser("echo no picture > $HOME/page.png");
    let fault = wrong.take(std::slice::from_ref(&version)).await.unwrap_err();
    assert!(matches!(fault, CameraFault::Unreadable(_)), "{fault}");
    let none = Chromium::new(PathBuf::from("/nowhere/chromium"), room.objects.clone());
    let fault = none.take(&[version]).await.unwrap_err();
    assert!(matches!(fault, CameraFault::Nothing(_)), "{fault}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_one_browser_at_a_time_and_it_knows_none_of_our_settings() {
    let room = Room::new();
    let seen = room.folder.path().join("seen");
    let camera = room.browser(&format!("env > {}; sleep 600", seen.display()));
    let camera = camera.with_patience(Duration::from_secs(1));
    let versions = [room.version(bakery(), 1).await];
    let (one, other) = tokio::join!(camera.take(&versions), camera.take(&versions));
    let busy = [&one, &other].into_iter().filter(|taken| matches!(taken, Err(CameraFault::Busy)));
    assert_eq!(busy.count(), 1, "{one:?} {other:?}");
    let seen = std::fs::read_to_string(seen).unwrap();
    let names: Vec<&str> = seen.lines().filter_map(|line| line.split('=').next()).collect();
    let ours = names
        .iter()
        .filter(|name| !["HOME", "TMPDIR", "PATH", "PWD", "_", "SHLVL", "OLDPWD"].contains(*name));
    assert_eq!(ours.collect::<Vec<_>>(), Vec::<&&str>::new());
}
