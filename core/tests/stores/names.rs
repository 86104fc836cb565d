//! Names of sites: taken, proposed, changed, kept for whoever had them.

use std::collections::BTreeSet;

use futures::future::join_all;
use sitespark_core::db::Db;
use sitespark_core::ids::SiteId;
use sitespark_core::sites::{self, SiteStatus, SitesError};
use sitespark_core::testing::{START_MS, TestDb};

use crate::both_engines;
use crate::sites::{feed, name, publish, site};
use crate::support::{commit, number, person, soon};

both_engines![
    of_fifty_wishes_for_a_name_at_once_one_is_granted,
    a_free_name_is_proposed_beside_taken_ones,
    a_deleted_sites_name_stays_reserved,
    renaming_moves_the_name_and_tells_both,
    a_refused_rename_tells_nothing,
    an_old_name_leads_to_the_new_one_and_is_nobody_elses_for_a_while,
    a_site_may_come_back_to_its_old_name,
];

async fn of_fifty_wishes_for_a_name_at_once_one_is_granted(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let wishes = (0..50).map(|_| {
        let (db, workspace) = (home.db().clone(), owner.workspace);
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let made =
                sites::create_site(&mut tx, workspace, "Kopi", &name("kopi-senja"), START_MS).await;
            tx.commit().await.unwrap();
            made
        })
    });
    let mut granted = 0;
    for made in soon(join_all(wishes)).await {
        match made.unwrap() {
            Ok(_) => granted += 1,
            Err(SitesError::SubdomainTaken) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(granted, 1);
    assert_eq!(sites::all_names(home).await.unwrap(), ["kopi-senja"]);
}

async fn a_free_name_is_proposed_beside_taken_ones(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let mut proposed = Vec::new();
    for _ in 0..33 {
        let free = commit(home, async |tx| {
            sites::free_subdomain(tx, &name("kopi-senja"), START_MS).await.unwrap()
        })
        .await;
        site(home, &owner, free.as_str()).await;
        proposed.push(free.as_str().to_owned());
    }
    assert_eq!(proposed[..3], ["kopi-senja", "kopi-senja-2", "kopi-senja-3"]);
    assert!(proposed[31].starts_with("kopi-senja-") && proposed[31].len() > "kopi-senja-99".len());
    assert_eq!(proposed.iter().collect::<BTreeSet<_>>().len(), 33);
}

async fn a_deleted_sites_name_stays_reserved(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    commit(home, async |tx| sites::delete_site(tx, id, START_MS).await).await.unwrap();
    commit(home, async |tx| {
        assert!(!sites::name_is_free(tx, &name("kopi-senja"), START_MS).await.unwrap());
        let again =
            sites::create_site(tx, owner.workspace, "x", &name("kopi-senja"), START_MS).await;
        assert!(matches!(again, Err(SitesError::SubdomainTaken)));
        assert!(sites::sites_of(tx, owner.workspace, 10).await.unwrap().is_empty());
    })
    .await;
    assert!(sites::list_sites(home, 10).await.unwrap().is_empty());
    let gone = sites::find_live(home, "kopi-senja").await.unwrap().unwrap();
    assert_eq!(gone.status, SiteStatus::Deleted);
    assert!(sites::find_live(home, "never-named").await.unwrap().is_none());
}

async fn renaming_moves_the_name_and_tells_both(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    publish(home, id, "one", START_MS).await.unwrap();
    commit(home, async |tx| sites::rename_site(tx, id, &name("kopi-fajar"), START_MS + 1).await)
        .await
        .unwrap();
    assert_eq!(feed(home, START_MS + 1).await, ["kopi-senja", "kopi-fajar"]);
    let again = rename(home, id, "kopi-fajar", START_MS + 2).await;
    assert!(again.is_ok() && feed(home, START_MS + 2).await.is_empty(), "it is called so already");
    assert!(sites::find_live(home, "kopi-senja").await.unwrap().is_none());
    assert_eq!(sites::find_live(home, "kopi-fajar").await.unwrap().unwrap().id, id);
}

async fn rename(db: &Db, site: SiteId, to: &str, at_ms: i64) -> Result<(), SitesError> {
    commit(db, async |tx| sites::rename_site(tx, site, &name(to), at_ms).await).await
}

/// The name that another name leads to.
async fn leads_to(db: &Db, former: &str, at_ms: i64) -> Option<String> {
    sites::find_former(db, former, at_ms).await.unwrap().map(|former| former.now)
}

async fn an_old_name_leads_to_the_new_one_and_is_nobody_elses_for_a_while(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    publish(home, id, "one", START_MS).await.unwrap();
    rename(home, id, "kopi-fajar", START_MS).await.unwrap();
    rename(home, id, "kopi-pagi", START_MS + 1).await.unwrap();
    assert_eq!(leads_to(home, "kopi-senja", START_MS + 2).await.as_deref(), Some("kopi-pagi"));
    assert_eq!(leads_to(home, "kopi-fajar", START_MS + 2).await.as_deref(), Some("kopi-pagi"));
    let told: BTreeSet<String> = feed(home, START_MS + 1).await.into_iter().collect();
    assert!(told.contains("kopi-senja"), "a host forgets where it led: {told:?}");
    let names = sites::all_names(home).await.unwrap();
    assert_eq!(names.len(), 3, "{names:?}");

    let rival = person(home, "budi", 0).await;
    let end_ms = START_MS + sites::FORMER_NAME_MS;
    let wish = async |at_ms| {
        commit(home, async |tx| {
            sites::create_site(tx, rival.workspace, "Kopi", &name("kopi-senja"), at_ms).await
        })
        .await
    };
    assert!(matches!(wish(end_ms - 1).await, Err(SitesError::SubdomainTaken)));
    let rivals = "select cast(count(*) as bigint) from sites";
    assert_eq!(number(home, rivals).await, 1, "a refused wish leaves nothing");
    let proposed = commit(home, async |tx| {
        sites::free_subdomain(tx, &name("kopi-senja"), end_ms - 1).await.unwrap()
    });
    assert_eq!(proposed.await.as_str(), "kopi-senja-2");
    assert_eq!(leads_to(home, "kopi-senja", end_ms).await, None);
    wish(end_ms).await.unwrap();
}

async fn a_site_may_come_back_to_its_old_name(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    publish(home, id, "one", START_MS).await.unwrap();
    rename(home, id, "kopi-fajar", START_MS).await.unwrap();
    rename(home, id, "kopi-senja", START_MS + 1).await.unwrap();
    assert_eq!(leads_to(home, "kopi-senja", START_MS + 2).await, None);
    assert_eq!(leads_to(home, "kopi-fajar", START_MS + 2).await.as_deref(), Some("kopi-senja"));
}

async fn a_refused_rename_tells_nothing(home: &TestDb) {
    let owner = person(home, "sari", 0).await;
    let id = site(home, &owner, "kopi-senja").await;
    site(home, &owner, "kopi-fajar").await;
    commit(home, async |tx| {
        let taken = sites::rename_site(tx, id, &name("kopi-fajar"), START_MS).await;
        assert!(matches!(taken, Err(SitesError::SubdomainTaken)), "{taken:?}");
        let same = sites::rename_site(tx, id, &name("kopi-senja"), START_MS).await;
        assert!(same.is_ok(), "its own name is not taken: {same:?}");
        sites::set_status(tx, id, true, 1).await.unwrap();
        let closed = sites::rename_site(tx, id, &name("kopi-pagi"), START_MS).await;
        assert!(matches!(closed, Err(SitesError::Closed)), "{closed:?}");
    })
    .await;
    assert!(feed(home, START_MS).await.is_empty());
}
