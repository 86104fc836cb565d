//! Names, versions and the pointer between them.

use std::sync::Arc;

use futures::future::join_all;
use sitespark_core::db::Db;
use sitespark_core::ids::SiteId;
use sitespark_core::site::Subdomain;
use sitespark_core::site::document::Document;
use sitespark_core::sites::{self, Encoded, Pack, Published, Publisher, SiteStatus, SitesError};
use sitespark_core::storage::Objects;
use sitespark_core::testing::{START_MS, TestDb};
use sitespark_core::users::User;
use tokio::sync::oneshot;

use crate::both_engines;
use crate::support::{commit, execute, number, person, somebody_waits, soon, until};

both_engines![
    publishing_points_at_each_version_and_undo_points_back,
    a_rebuilt_version_takes_the_place_of_the_live_one,
    history_has_one_line_a_change_however_often_it_was_reworded,
    the_same_cause_publishes_once,
    publishing_at_once_keeps_every_version,
    suspended_and_deleted_sites_refuse_publish,
    suspending_and_resuming_finds_the_way_back,
    versions_cannot_be_changed,
    every_move_leaves_a_line_in_the_feed,
    what_a_cause_showed_can_be_taken_back,
    a_site_is_found_by_id_and_by_name,
    page_views_add_up_and_forms_are_kept,
    a_published_pack_is_served_from_storage,
];

pub(crate) fn name(text: &str) -> Subdomain {
    Subdomain::parse(text).unwrap()
}

pub(crate) fn document(business: &str) -> Document {
    let text = include_str!("../../examples/documents/kopi.json");
    let mut document: Document = serde_json::from_str(text).unwrap();
    document.business.name = business.to_owned();
    document
}

pub(crate) fn pack(text: &str) -> Pack {
    let file = sitespark_core::site::BuiltFile {
        path: "/index.html".to_owned(),
        media_type: "text/html; charset=utf-8",
        bytes: text.as_bytes().to_vec(),
        immutable: false,
    };
    Pack::build(&[file], String::new(), "toko")
}

pub(crate) async fn site(db: &Db, owner: &User, subdomain: &str) -> SiteId {
    let wanted = name(subdomain);
    commit(db, async |tx| {
        sites::create_site(tx, owner.workspace, "Kopi Senja", &wanted, START_MS).await.unwrap()
    })
    .await
}

pub(crate) async fn publish(
    db: &Db,
    site: SiteId,
    cause: &str,
    at_ms: i64,
) -> Result<Published, SitesError> {
    let mut tx = db.begin().await?;
    let published = sites::publish(
        &mut tx,
        site,
        sites::Change::Next,
        &document(cause),
        &pack(cause),
        cause,
        at_ms,
    )
    .await?;
    tx.commit().await?;
    Ok(published)
}

pub(crate) async fn undo(db: &Db, site: SiteId) -> Result<Published, SitesError> {
    let mut tx = db.begin().await?;
    let published = sites::undo(&mut tx, site, START_MS).await?;
    tx.commit().await?;
    Ok(published)
}

pub(crate) async fn feed(db: &Db, since_ms: i64) -> Vec<String> {
    let lines = sites::changes_since(db, since_ms, 0, 100).await.unwrap();
    assert!(lines.is_sorted_by_key(|line| (line.at_ms, line.seq)));
    lines.into_iter().map(|line| line.subdomain).collect()
}

async fn publishing_points_at_each_version_and_undo_points_back(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    assert!(matches!(undo(home, id).await, Err(SitesError::Closed)), "a draft has nothing to undo");
    let mut published = Vec::new();
    for cause in ["one", "two", "three"] {
        published.push(publish(home, id, cause, START_MS).await.unwrap());
        let live = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
        assert_eq!((live.status, live.digest), (SiteStatus::Live, pack(cause).digest));
        assert_eq!(sites::find_site(home, "kopi-senja").await.unwrap().name, cause);
    }
    assert_eq!(published.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2, 3]);
    for back in [1, 0] {
        let undone = undo(home, id).await.unwrap();
        assert_eq!(
            (undone.version, undone.number),
            (published[back].version, published[back].number)
        );
        let live = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
        assert_eq!(live.digest, pack(["one", "two"][back]).digest);
    }
    assert!(matches!(undo(home, id).await, Err(SitesError::NothingToUndo)));
    let fourth = publish(home, id, "four", START_MS).await.unwrap();
    assert_eq!(fourth.number, 4);
    let version = sites::version(home, fourth.version).await.unwrap();
    assert_eq!(
        version.parent,
        Some(published[0].version),
        "what was live is what undo goes back to"
    );
    assert_eq!((version.site, version.document), (id, document("four")));
    assert_eq!(version.manifest, pack("four").manifest);
}

async fn a_rebuilt_version_takes_the_place_of_the_live_one(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    let first = publish(home, id, "one", START_MS).await.unwrap();
    publish(home, id, "two", START_MS).await.unwrap();
    let rebuilt = commit(home, async |tx| {
        let (document, pack) = (document("two"), pack("rebuilt"));
        let change = sites::Change::Rebuilt;
        sites::publish(tx, id, change, &document, &pack, "rebuild", START_MS).await.unwrap()
    })
    .await;
    assert_eq!(rebuilt.number, 3);
    let live = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
    assert_eq!(live.digest, pack("rebuilt").digest);
    assert_eq!(undo(home, id).await.unwrap().version, first.version, "one undo leads past both");
}

async fn history_has_one_line_a_change_however_often_it_was_reworded(home: &TestDb) {
    const MINUTE_MS: i64 = 60_000;
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    let at = |minute: i64| START_MS + minute * MINUTE_MS;
    let reword = async |change, cause: String, words: &str, minute| {
        commit(home, async |tx| {
            let (document, pack) = (document(words), pack(words));
            sites::publish(tx, id, change, &document, &pack, &cause, at(minute)).await.unwrap()
        })
        .await
    };
    let first = publish(home, id, "run:1", at(0)).await.unwrap();
    let cause = sites::reworded("run:1", &[first.version]);
    let growing = reword(sites::Change::Rebuilt, cause, "growing", 1).await;
    let tea = publish(home, id, "job:tea", at(2)).await.unwrap();
    let cause = sites::reworded("run:1", &[tea.version, growing.version]);
    let grown = reword(sites::Change::After(first.version), cause, "grown", 3).await;
    let cause = sites::reworded("run:1", &[tea.version]);
    let change = sites::Change::After(grown.version);
    let last = reword(change, cause, "grown, with tea", 3).await;
    let milk = publish(home, id, "job:milk", at(4)).await.unwrap();

    let lines = commit(home, async |tx| sites::versions_of(tx, id, 9).await.unwrap()).await;
    let told: Vec<_> = lines.iter().map(|line| (line.number, line.at_ms, line.live)).collect();
    let of = |version: &Published, minute, live| (version.number, at(minute), live);
    assert_eq!(told, [of(&milk, 4, true), of(&last, 2, false), of(&grown, 0, false)]);
    assert!(lines.iter().all(|line| !line.changed.is_empty()), "{lines:?}");
    let few = commit(home, async |tx| sites::versions_of(tx, id, 2).await.unwrap()).await;
    assert_eq!(few, lines[..2]);

    // What was shown before is told by the same lines.
    let then = async |moment| {
        sites::document_at(home, id, &document("job:milk"), None, moment).await.unwrap()
    };
    assert_eq!(then(sites::Moment::Before).await, document("grown, with tea"));
    assert_eq!(then(sites::Moment::At(at(1))).await, document("grown"));
    assert_eq!(then(sites::Moment::Number(growing.number)).await, document("growing"));
    // Whoever is taken back to older words sees where they are.
    while undo(home, id).await.is_ok() {}
    let lines = commit(home, async |tx| sites::versions_of(tx, id, 9).await.unwrap()).await;
    assert_eq!(lines.last().map(|line| (line.number, line.live)), Some((first.number, true)));
}

async fn the_same_cause_publishes_once(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    let first = publish(home, id, "run:1", START_MS).await.unwrap();
    let tries = (0..10).map(|_| publish(home, id, "run:1", START_MS));
    for again in soon(join_all(tries)).await {
        assert_eq!(again.unwrap(), first);
    }
    assert_eq!(number(home, "select cast(count(*) as bigint) from versions").await, 1);
    assert_eq!(feed(home, START_MS).await.len(), 1);
}

async fn publishing_at_once_keeps_every_version(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    let publishes = (0..12).map(|number| {
        let db = home.db().clone();
        tokio::spawn(async move { publish(&db, id, &format!("edit:{number}"), START_MS).await })
    });
    let mut numbers = Vec::new();
    for published in soon(join_all(publishes)).await {
        numbers.push(published.unwrap().unwrap().number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let parents = "select cast(count(distinct parent_id) as bigint) from versions";
    assert_eq!(number(home, parents).await, 11, "each stands on the one before it");
}

async fn suspended_and_deleted_sites_refuse_publish(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    publish(home, id, "one", START_MS).await.unwrap();
    publish(home, id, "two", START_MS).await.unwrap();
    let suspended = commit(home, async |tx| sites::set_status(tx, id, true, START_MS).await).await;
    assert_eq!(suspended.unwrap(), SiteStatus::Suspended);
    assert!(matches!(publish(home, id, "three", START_MS).await, Err(SitesError::Closed)));
    assert!(matches!(undo(home, id).await, Err(SitesError::Closed)));
    commit(home, async |tx| sites::delete_site(tx, id, START_MS).await).await.unwrap();
    assert!(matches!(publish(home, id, "three", START_MS).await, Err(SitesError::Closed)));
    assert!(matches!(undo(home, id).await, Err(SitesError::Closed)));
    let resumed = commit(home, async |tx| sites::set_status(tx, id, false, START_MS).await).await;
    assert!(matches!(resumed, Err(SitesError::Closed)));
    assert_eq!(number(home, "select cast(count(*) as bigint) from versions").await, 2);
    let nobody = publish(home, SiteId::fresh(), "x", START_MS).await;
    assert!(matches!(nobody, Err(SitesError::NotFound)));
}

async fn suspending_and_resuming_finds_the_way_back(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let live = site(home, &owner, "kopi-senja").await;
    publish(home, live, "one", START_MS).await.unwrap();
    let draft = site(home, &owner, "kopi-fajar").await;
    for (id, before) in [(live, SiteStatus::Live), (draft, SiteStatus::Draft)] {
        for (suspended, status) in [(true, SiteStatus::Suspended), (false, before)] {
            let set = commit(home, async |tx| {
                sites::set_status(tx, id, suspended, START_MS).await.unwrap()
            })
            .await;
            assert_eq!(set, status);
            let found = sites::find_site(home, &id.to_string()).await.unwrap();
            assert_eq!(found.status, status);
        }
    }
}

async fn versions_cannot_be_changed(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    publish(home, id, "one", START_MS).await.unwrap();
    for sql in ["update versions set digest = 'x'", "update versions set number = 9"] {
        assert!(execute(home, sql).await.is_err(), "{sql}");
    }
    assert!(
        execute(home, "update sites set status = 'live', version_id = null").await.is_err(),
        "a live site shows a version"
    );
    let live = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
    assert_eq!(live.digest, pack("one").digest);
}

async fn every_move_leaves_a_line_in_the_feed(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    assert!(feed(home, 0).await.is_empty(), "a draft is nothing to see");
    publish(home, id, "one", START_MS).await.unwrap();
    publish(home, id, "two", START_MS + 10).await.unwrap();
    undo(home, id).await.unwrap();
    commit(home, async |tx| sites::set_status(tx, id, true, START_MS).await).await.unwrap();
    commit(home, async |tx| sites::delete_site(tx, id, START_MS).await).await.unwrap();
    assert_eq!(feed(home, 0).await, ["kopi-senja"; 5]);
    assert_eq!(feed(home, START_MS + 10).await.len(), 1);
    let first = sites::changes_since(home, 0, 0, 2).await.unwrap();
    assert_eq!(first.len(), 2);
    let rest = sites::changes_since(home, first[1].at_ms, first[1].seq, 100).await.unwrap();
    assert_eq!(rest.len(), 3, "a page goes on where the one before ended");
}

async fn what_a_cause_showed_can_be_taken_back(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    let take_back = async |cause: &str| {
        commit(home, async |tx| sites::take_back(tx, id, cause, START_MS).await.unwrap()).await
    };
    publish(home, id, "run:1", START_MS).await.unwrap();
    publish(home, id, "run:1:words", START_MS).await.unwrap();
    assert!(!take_back("run:2").await, "another run's cause takes nothing back");
    assert!(take_back("run:1").await);
    let live = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
    assert_eq!((live.status, live.digest.as_str()), (SiteStatus::Draft, ""));
    assert!(!take_back("run:1").await, "there is nothing more to take");
    publish(home, id, "run:3", START_MS).await.unwrap();
    publish(home, id, "run:4", START_MS).await.unwrap();
    assert!(take_back("run:4").await);
    let shown = async || sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
    assert_eq!(
        (shown().await.status, shown().await.digest),
        (SiteStatus::Live, pack("run:3").digest)
    );
    publish(home, id, "an edit that is undone", START_MS).await.unwrap();
    undo(home, id).await.unwrap();
    assert!(!take_back("run:5").await, "it never showed anything");
    publish(home, id, "run:5", START_MS).await.unwrap();
    assert!(take_back("run:5").await);
    assert_eq!(shown().await.digest, pack("run:3").digest, "what was undone stays undone");
}

async fn a_site_is_found_by_id_and_by_name(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    for wanted in [id.to_string(), "kopi-senja".to_owned()] {
        let found = sites::find_site(home, &wanted).await.unwrap();
        assert_eq!((found.id, found.workspace), (id, owner.workspace));
    }
    assert!(matches!(sites::find_site(home, "nobody").await, Err(SitesError::NotFound)));
    let drafts =
        commit(home, async |tx| sites::sites_of(tx, owner.workspace, 9).await.unwrap()).await;
    assert!(drafts.is_empty(), "a draft was never live");
    publish(home, id, "one", START_MS).await.unwrap();
    let live =
        commit(home, async |tx| sites::sites_of(tx, owner.workspace, 9).await.unwrap()).await;
    let shown = document("one").business;
    assert_eq!(live[0].site.id, id);
    assert_eq!(live[0].items, serde_json::to_value(shown.items).unwrap());
    assert_eq!(live[0].phone, shown.phone);
}

async fn page_views_add_up_and_forms_are_kept(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    commit(home, async |tx| {
        let views = |day, views| sites::PageViews { site: id, day, views };
        for counted in [&[views(1, 5), views(2, 1)][..], &[views(1, 7)], &[]] {
            sites::add_page_views(tx, counted).await.unwrap();
        }
        let fields = serde_json::json!({ "nama": "Ani" });
        sites::save_form(tx, id, "pesan", &fields, START_MS).await.unwrap();
    })
    .await;
    assert_eq!(number(home, "select views from page_views where day = 1").await, 12);
    assert_eq!(number(home, "select views from page_views where day = 2").await, 1);
    assert_eq!(number(home, "select cast(count(*) as bigint) from form_entries").await, 1);
}

async fn a_published_pack_is_served_from_storage(home: &TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(&format!("file://{}", folder.path().display()), &|_| None).unwrap();
    let publisher = Publisher::new(objects, "https", "situs.example", "Penyedia");
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    let document = document("Kopi Senja");
    let pack: Arc<Pack> = publisher.build(document.clone(), "kopi-senja", START_MS).await.unwrap();
    publisher.store(&pack).await.unwrap();
    commit(home, async |tx| {
        sites::publish(tx, id, sites::Change::Next, &document, &pack, "one", START_MS).await
    })
    .await
    .unwrap();
    let live = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
    let (at, length) = live.manifest.files["/"].range(Encoded::Plain).unwrap();
    let page =
        publisher.objects().get_range(&Pack::key(&live.digest), at..at + length).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Kopi Senja"), "{page:.200}");
    assert!(page.contains("https://kopi-senja.situs.example/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looked_at_a_site_first_publishes_first_on_postgres() {
    let Some(home) = sitespark_core::testing::db::postgres().await else { return };
    let owner = person(&home, "sari", 0).await;
    let id = site(&home, &owner, "kopi-senja").await;
    let base = publish(&home, id, "one", START_MS).await.unwrap().version;
    let mut first = home.begin().await.unwrap();
    assert_eq!(sites::site_in(&mut first, id).await.unwrap().version, Some(base));
    let (tell, told) = oneshot::channel();
    let db = home.db().clone();
    tokio::spawn(async move {
        let mut tx = db.begin().await.unwrap();
        tell.send(sites::site_in(&mut tx, id).await.unwrap().version).unwrap();
    });
    until(async || somebody_waits(&home).await).await;
    let second = sites::publish(
        &mut first,
        id,
        sites::Change::Next,
        &document("two"),
        &pack("two"),
        "two",
        START_MS,
    )
    .await
    .unwrap();
    first.commit().await.unwrap();
    assert_eq!(soon(told).await.unwrap(), Some(second.version), "the other looked too early");
}
