//! Newcomers and invitations.

use futures::future::join_all;
use sitespark_core::brief::Language;
use sitespark_core::db::Db;
use sitespark_core::ids::{ConversationId, Tokens, UserId};
use sitespark_core::site::Subdomain;
use sitespark_core::testing::{START_MS, TestDb};
use sitespark_core::users::{self, LinkTry, User, Welcome};
use sitespark_core::wallet::TransferKind;
use sitespark_core::{sites, wallet};

use crate::both_engines;
use crate::support::{commit, conversation, newcomer, number, person, soon};

both_engines![
    a_welcome_makes_one_of_each,
    of_ten_welcomes_at_once_one_is_given,
    a_person_is_found_by_channel_code_and_operators_words,
    language_and_mute_are_remembered,
    an_invitation_pays_both_once,
    who_told_a_number_is_found_by_it,
    invitations_that_do_not_count_pay_nobody,
    an_invitation_after_the_first_site_does_not_count,
    of_ten_acceptances_at_once_one_counts,
    two_people_cannot_invite_each_other,
    linked_people_share_sites_and_own_tokens_but_no_second_gift,
    what_comes_back_from_a_hold_follows_whoever_was_linked,
    a_link_code_works_once_soon_and_for_few_tries,
];

async fn who_told_a_number_is_found_by_it(home: &TestDb) {
    let scoped = Welcome { channel: "whatsapp", phone: Some("+6281234567890"), ..newcomer("ID.7") };
    let welcomed =
        commit(home, async |tx| users::welcome(tx, &scoped, Tokens(0), START_MS).await.unwrap())
            .await;
    for name in ["whatsapp:ID.7", "whatsapp:6281234567890", "whatsapp:+62 812-3456-7890"] {
        let found = users::user_by_name(home, name).await.unwrap();
        assert_eq!(found.map(|user| user.id), Some(welcomed.id), "{name}");
    }
    let other = users::user_by_name(home, "telegram:6281234567890").await.unwrap();
    assert_eq!(other.map(|user| user.id), None);
}

async fn two_people_cannot_invite_each_other(home: &TestDb) {
    let (ani, budi) = (person(home, "ani", 0).await, person(home, "budi", 0).await);
    assert!(accept(home, &budi, &ani.referral_code, 25).await);
    assert!(!accept(home, &ani, &budi.referral_code, 25).await);
    assert_eq!((tokens_of(home, &ani).await, tokens_of(home, &budi).await), (25, 25));
    assert_clean(home).await;
}

async fn code_of(home: &TestDb, who: &User, conversation: ConversationId, now_ms: i64) -> String {
    let made = commit(home, async |tx| {
        users::fresh_link_code(tx, who.id, conversation, now_ms).await.unwrap()
    });
    made.await.expect("not too many")
}

async fn enter(home: &TestDb, who: &User, code: &str, now_ms: i64) -> LinkTry {
    commit(home, async |tx| users::link(tx, who.id, code, now_ms).await.unwrap()).await
}

async fn linked_people_share_sites_and_own_tokens_but_no_second_gift(home: &TestDb) {
    let ani = person(home, "ani", 100).await;
    let talk = conversation(home, &ani).await;
    let hp = commit(home, async |tx| {
        let welcome = Welcome {
            channel: "web",
            external_id: "hp",
            name: None,
            phone: None,
            language: Language::Id,
        };
        let hp = users::welcome(tx, &welcome, Tokens(100), START_MS + 5).await.unwrap();
        let bought = TransferKind::Purchase;
        wallet::pay_in(tx, hp.workspace, bought, Tokens(30), "buy:1", None, START_MS)
            .await
            .unwrap();
        let name = Subdomain::parse("toko-hp").unwrap();
        sites::create_site(tx, hp.workspace, "HP", &name, START_MS).await.unwrap();
        hp
    })
    .await;
    let code = code_of(home, &ani, talk, START_MS).await;
    let LinkTry::Linked(linked) = enter(home, &hp, &code, START_MS).await else {
        panic!("not linked");
    };
    assert_eq!((linked.user, linked.maker_stays, linked.moved), (ani.id, true, Tokens(30)));
    assert_eq!(tokens_of(home, &ani).await, 130);
    let found = commit(home, async |tx| users::find_identity(tx, "web", "hp").await.unwrap()).await;
    assert_eq!(found.map(|who| who.id), Some(ani.id));
    let site = sites::find_site(home, "toko-hp").await.unwrap();
    assert_eq!(site.workspace, ani.workspace);
    assert_clean(home).await;
}

async fn what_comes_back_from_a_hold_follows_whoever_was_linked(home: &TestDb) {
    let (ani, hp) = (person(home, "ani", 100).await, person(home, "hp", 100).await);
    let talk = conversation(home, &ani).await;
    let holds = commit(home, async |tx| {
        let (from, bought) = (hp.workspace, TransferKind::Purchase);
        wallet::pay_in(tx, from, bought, Tokens(60), "buy:1", None, START_MS).await.unwrap();
        let mut holds = Vec::new();
        for (cause, amount) in [("run:1", 50), ("run:2", 70)] {
            let (kind, amount) = (TransferKind::WebsiteGeneration, Tokens(amount));
            let hold = wallet::hold(tx, from, kind, amount, cause, START_MS + 9, START_MS).await;
            holds.push(hold.unwrap());
        }
        holds
    });
    let holds = holds.await;
    let code = code_of(home, &ani, talk, START_MS).await;
    let LinkTry::Linked(linked) = enter(home, &hp, &code, START_MS).await else {
        panic!("not linked");
    };
    assert_eq!(linked.moved, Tokens(40), "the rest is on hold");
    for hold in holds {
        for _again in 0..2 {
            commit(home, async |tx| {
                wallet::release(tx, hold, "failed", START_MS).await.unwrap();
            })
            .await;
        }
    }
    // What was bought is all there; the second welcome stays behind.
    assert_eq!(tokens_of(home, &ani).await, 160);
    assert_eq!(tokens_of(home, &hp).await, 100);
    assert_clean(home).await;
}

async fn a_link_code_works_once_soon_and_for_few_tries(home: &TestDb) {
    let (ani, budi) = (person(home, "ani", 0).await, person(home, "budi", 0).await);
    let talk = conversation(home, &ani).await;
    let old = code_of(home, &ani, talk, START_MS).await;
    let late = START_MS + users::LINK_CODE_MS + 1;
    assert_eq!(enter(home, &budi, &old, late).await, LinkTry::Wrong);
    let first = code_of(home, &ani, talk, late).await;
    let second = code_of(home, &ani, talk, late).await;
    assert_eq!(enter(home, &budi, &first, late).await, LinkTry::Wrong, "a newer one is there");
    assert_eq!(enter(home, &ani, &second, late).await, LinkTry::Same);
    for _ in 0..3 {
        assert_eq!(enter(home, &budi, "ABCD2345", late).await, LinkTry::Wrong);
    }
    assert_eq!(enter(home, &budi, &second, late).await, LinkTry::TooMany);
}

async fn tokens_of(db: &Db, who: &User) -> i64 {
    wallet::available(db, who.workspace).await.unwrap().0
}

async fn accept(db: &Db, invited: &User, code: &str, bonus: i64) -> bool {
    commit(db, async |tx| {
        users::accept_referral(tx, invited, code, Tokens(bonus), START_MS).await.unwrap()
    })
    .await
}

async fn assert_clean(db: &Db) {
    let report = wallet::audit(db).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

async fn a_welcome_makes_one_of_each(home: &TestDb) {
    let who = person(home, "sari", 100).await;
    for table in [
        "select cast(count(*) as bigint) from users",
        "select cast(count(*) as bigint) from identities",
        "select cast(count(*) as bigint) from workspaces",
        "select cast(count(*) as bigint) from members",
        "select cast(count(*) as bigint) from accounts where kind = 'wallet'",
    ] {
        assert_eq!(number(home, table).await, 1, "{table}");
    }
    assert_eq!(tokens_of(home, &who).await, 100);
    let role =
        commit(home, async |tx| users::members_role(tx, who.workspace, who.id).await.unwrap())
            .await;
    assert_eq!(role.as_deref(), Some("owner"));
    assert_eq!(who.referral_code.len(), 10);
}

async fn of_ten_welcomes_at_once_one_is_given(home: &TestDb) {
    let welcomes = (0..10).map(|_| {
        let db = home.db().clone();
        tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            users::welcome(&mut tx, &newcomer("sari"), Tokens(100), START_MS).await?;
            Ok::<(), wallet::WalletError>(tx.commit().await?)
        })
    });
    let outcomes = soon(join_all(welcomes)).await;
    let given = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
    assert_eq!(given, 1);
    assert_eq!(number(home, "select cast(count(*) as bigint) from users").await, 1);
    assert_eq!(number(home, "select cast(count(*) as bigint) from transfers").await, 1);
    assert_clean(home).await;
}

async fn a_person_is_found_by_channel_code_and_operators_words(home: &TestDb) {
    let who = person(home, "sari", 0).await;
    commit(home, async |tx| {
        let found = users::find_identity(tx, "terminal", "sari").await.unwrap();
        assert_eq!(found.as_ref(), Some(&who));
        assert_eq!(users::find_identity(tx, "telegram", "sari").await.unwrap(), None);
        let by_code = users::find_by_referral_code(tx, &who.referral_code).await.unwrap();
        assert_eq!(by_code.as_ref(), Some(&who));
        assert_eq!(users::find_by_referral_code(tx, "nobody").await.unwrap(), None);
    })
    .await;
    for word in [who.id.to_string(), "terminal:sari".to_owned(), "sari".to_owned()] {
        assert_eq!(users::user_by_name(home, &word).await.unwrap().as_ref(), Some(&who), "{word}");
    }
    for word in [UserId::fresh().to_string(), "telegram:sari".to_owned(), "budi".to_owned()] {
        assert_eq!(users::user_by_name(home, &word).await.unwrap(), None, "{word}");
    }
}

async fn language_and_mute_are_remembered(home: &TestDb) {
    let who = person(home, "sari", 0).await;
    commit(home, async |tx| {
        users::set_language(tx, who.id, Language::En).await.unwrap();
        users::mark_muted(tx, "terminal", "sari", true).await.unwrap();
        let found = users::find_identity(tx, "terminal", "sari").await.unwrap().unwrap();
        assert_eq!(found.language, Language::En);
    })
    .await;
    let muted = "select cast(count(*) as bigint) from identities where muted";
    assert_eq!(number(home, muted).await, 1);
    commit(home, async |tx| users::mark_muted(tx, "terminal", "sari", false).await.unwrap()).await;
    assert_eq!(number(home, muted).await, 0);
}

async fn an_invitation_pays_both_once(home: &TestDb) {
    let inviter = person(home, "sari", 0).await;
    let invited = person(home, "budi", 0).await;
    assert!(accept(home, &invited, &inviter.referral_code, 25).await);
    assert!(!accept(home, &invited, &inviter.referral_code, 25).await);
    let other = person(home, "wati", 0).await;
    assert!(!accept(home, &invited, &other.referral_code, 25).await, "once in a life");
    assert!(accept(home, &other, &inviter.referral_code, 25).await, "one may invite many");
    assert_eq!((tokens_of(home, &inviter).await, tokens_of(home, &invited).await), (50, 25));
    assert_clean(home).await;
}

async fn invitations_that_do_not_count_pay_nobody(home: &TestDb) {
    let inviter = person(home, "sari", 0).await;
    let invited = person(home, "budi", 0).await;
    assert!(!accept(home, &invited, &invited.referral_code, 25).await, "from themselves");
    assert!(!accept(home, &invited, "nobodys-code", 25).await);
    assert!(!accept(home, &invited, &inviter.referral_code, 0).await);
    assert_eq!(number(home, "select cast(count(*) as bigint) from transfers").await, 0);
    assert!(accept(home, &invited, &inviter.referral_code, 25).await, "nothing was used up");
}

async fn an_invitation_after_the_first_site_does_not_count(home: &TestDb) {
    let inviter = person(home, "sari", 0).await;
    let invited = person(home, "budi", 0).await;
    let name = Subdomain::parse("kopi-senja").unwrap();
    commit(home, async |tx| {
        sites::create_site(tx, invited.workspace, "Kopi", &name, START_MS).await.unwrap()
    })
    .await;
    assert!(!accept(home, &invited, &inviter.referral_code, 25).await);
    assert_eq!(tokens_of(home, &inviter).await, 0);
}

async fn of_ten_acceptances_at_once_one_counts(home: &TestDb) {
    let inviter = person(home, "sari", 0).await;
    let invited = person(home, "budi", 0).await;
    let tries = (0..10).map(|_| {
        let (db, invited, code) =
            (home.db().clone(), invited.clone(), inviter.referral_code.clone());
        tokio::spawn(async move { accept(&db, &invited, &code, 25).await })
    });
    let outcomes = soon(join_all(tries)).await;
    assert_eq!(outcomes.into_iter().filter(|counted| *counted.as_ref().unwrap()).count(), 1);
    assert_eq!((tokens_of(home, &inviter).await, tokens_of(home, &invited).await), (25, 25));
    assert_clean(home).await;
}
