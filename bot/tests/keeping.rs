//! How conversations are looked up and kept together, beside doing it one by one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::json;
use sitespark_bot::message::{Channel, Choice};
use sitespark_bot::store::{self, Conversation, Kept, Met, Writer};
use sitespark_core::brief::Language;
use sitespark_core::db::{Db, Tx};
use sitespark_core::ids::{ConversationId, Tokens};
use sitespark_core::testing::START_MS;
use sitespark_core::testing::db::{TestDb, engines};
use sitespark_core::users::{self, Newcomer, Welcome};
use sitespark_core::wallet;

/// Somebody known, with a conversation in a chat of their name.
async fn begin(tx: &mut Tx, name: &str) -> Conversation {
    let user = users::welcome(tx, &welcome(name, None), Tokens(100), START_MS).await.unwrap();
    let talk = Conversation {
        id: ConversationId::fresh(),
        user: user.id,
        workspace: user.workspace,
        external_id: name.to_owned(),
        state: json!({ "at": "welcome", "of": name }),
        offered: Vec::new(),
        remind_at_ms: None,
    };
    let heard = Some(START_MS);
    store::save_conversation(tx, Channel::Telegram, name, &talk, heard, START_MS).await.unwrap();
    talk
}

async fn begun(home: &TestDb, names: &[&str]) -> Vec<Conversation> {
    let mut tx = home.begin().await.unwrap();
    let mut talks = Vec::new();
    for name in names {
        talks.push(begin(&mut tx, name).await);
    }
    tx.commit().await.unwrap();
    talks
}

/// The next state of a conversation that was read as it is here.
fn next(mut talk: Conversation) -> Kept {
    let seen = talk.state.take();
    talk.state = json!({ "at": "collecting" });
    talk.offered = vec![Choice { id: "lewati".to_owned(), label: "Lewati".to_owned() }];
    talk.remind_at_ms = Some(START_MS + 9);
    let chat = talk.external_id.clone();
    let (heard_at_ms, now_ms) = (START_MS + 1, START_MS + 2);
    Kept { channel: Channel::Telegram, chat, seen, talk, heard_at_ms, now_ms }
}

async fn keep(db: &Db, kept: &[Kept]) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    store::keep_many(&mut tx, &kept.iter().collect::<Vec<_>>()).await?;
    tx.commit().await
}

fn writer(name: &str, chat: &str) -> Writer {
    Writer { channel: Channel::Telegram, external_id: name.to_owned(), chat: chat.to_owned() }
}

#[tokio::test]
async fn a_look_at_several_is_the_look_at_each() {
    for home in engines().await {
        begun(&home, &["ani", "budi", "cici"]).await;
        let writers = [
            writer("budi", "budi"),
            writer("nobody", "ani"),
            writer("ani", "a chat of nobody's"),
            writer("budi", "budi"),
            writer("cici", "ani"),
        ];
        let found = store::look_up(&home, &writers.iter().collect::<Vec<_>>()).await.unwrap();
        let mut tx = home.begin().await.unwrap();
        for (writer, found) in writers.iter().zip(&found) {
            let (name, chat) = (writer.external_id.as_str(), writer.chat.as_str());
            let alone = store::find_known(&mut tx, writer.channel, name, chat).await.unwrap();
            let found = match found {
                Met::Known(known) => Some(*known.clone()),
                Met::Nobody { .. } | Met::Elsewhere => None,
            };
            assert_eq!(found, alone, "{writer:?} on {}", home.engine_name());
        }
        assert_eq!(found[1], Met::Elsewhere);
        let Met::Known(ani) = &found[2] else { panic!("{:?}", found[2]) };
        assert!(ani.conversation.is_none());
    }
}

#[tokio::test]
async fn whoever_was_forgotten_is_known_to_have_been() {
    for home in engines().await {
        begun(&home, &["ani"]).await;
        let writers = [writer("ani", "ani"), writer("dewi", "dewi")];
        let look =
            async || store::look_up(&home, &writers.iter().collect::<Vec<_>>()).await.unwrap();
        assert_eq!(look().await[1], Met::Nobody { is_forgotten: false });
        let mut tx = home.begin().await.unwrap();
        let ani = users::find_identity(&mut tx, "telegram", "ani").await.unwrap().unwrap();
        users::forget(&mut tx, &ani, START_MS).await.unwrap();
        tx.commit().await.unwrap();
        let expected = [true, false].map(|is_forgotten| Met::Nobody { is_forgotten });
        assert_eq!(look().await, expected, "on {}", home.engine_name());
    }
}

#[tokio::test]
async fn kept_together_is_kept_as_if_alone() {
    for home in engines().await {
        let talks = begun(&home, &["ani", "budi"]).await;
        let kept: Vec<_> = talks.into_iter().map(next).collect();
        keep(&home, &kept).await.unwrap();
        for kept in kept {
            let now = store::whereabouts(&home, kept.talk.id).await.unwrap().unwrap();
            assert_eq!(now.last_inbound_at_ms, START_MS + 1);
            let mut tx = home.begin().await.unwrap();
            let found = store::find_conversation(&mut tx, kept.channel, &kept.chat).await.unwrap();
            let expected = Conversation { remind_at_ms: None, ..kept.talk };
            assert_eq!(found, Some(expected));
        }
        let due = store::due_reminders(&home, START_MS + 9, 10).await.unwrap();
        assert_eq!(due.len(), 2);
    }
}

#[tokio::test]
async fn whoever_was_reminded_once_is_not_reminded_again() {
    for home in engines().await {
        let kept: Vec<_> = begun(&home, &["ani"]).await.into_iter().map(next).collect();
        keep(&home, &kept).await.unwrap();
        let mut tx = home.begin().await.unwrap();
        assert!(store::take_reminder(&mut tx, kept[0].talk.id, START_MS + 9).await.unwrap());
        tx.commit().await.unwrap();
        keep(&home, &[next(kept[0].talk.clone())]).await.unwrap();
        assert!(store::due_reminders(&home, START_MS + 99, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_conversation_that_changed_meanwhile_is_not_written_over() {
    for home in engines().await {
        let talks = begun(&home, &["ani", "budi"]).await;
        keep(&home, &[next(talks[0].clone())]).await.unwrap();
        let late: Vec<_> = talks.iter().cloned().map(next).collect();
        assert!(keep(&home, &late).await.is_err());
        let state = store::state_of(&home, talks[1].id).await.unwrap().unwrap();
        assert_eq!(state, talks[1].state, "a neighbour is not kept either, and does it alone");
        let moved = Kept { chat: "elsewhere".to_owned(), ..next(talks[1].clone()) };
        assert!(keep(&home, &[moved]).await.is_err());
    }
}

#[tokio::test]
async fn somebody_new_among_others_is_told_apart_even_after_somebody_was_forgotten() {
    for home in engines().await {
        begun(&home, &["ani", "budi"]).await;
        let mut tx = home.begin().await.unwrap();
        let ani = users::find_identity(&mut tx, "telegram", "ani").await.unwrap().unwrap();
        users::forget(&mut tx, &ani, START_MS).await.unwrap();
        tx.commit().await.unwrap();
        let met = store::look_up(&home, &[&writer("dewi", "budi")]).await.unwrap();
        assert_eq!(met, [Met::Elsewhere], "on {}", home.engine_name());
    }
}

fn welcome<'a>(name: &'a str, called: Option<&'a str>) -> Welcome<'a> {
    let channel = Channel::Telegram.slug();
    let phone = called.map(|_| "+628123456789");
    Welcome { channel, external_id: name, name: called, phone, language: Language::Id }
}

#[tokio::test]
async fn newcomers_taken_in_together_each_have_a_wallet_that_adds_up() {
    for home in engines().await {
        let newcomers = [("ani", None, 100), ("budi", Some("Budi"), 0), ("cici", Some("Cici"), 25)]
            .map(|(name, called, bonus)| {
                Newcomer::new(&welcome(name, called), Tokens(bonus), START_MS)
            });
        let mut tx = home.begin().await.unwrap();
        users::take_in(&mut tx, &newcomers.iter().collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        for newcomer in &newcomers {
            let workspace = newcomer.user().workspace;
            let available = wallet::available(&home, workspace).await.unwrap();
            assert_eq!(available, newcomer.wallet().available(), "on {}", home.engine_name());
        }
        assert!(wallet::audit(&home).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn one_person_taken_in_twice_at_once_is_refused_as_a_whole() {
    for home in engines().await {
        let twice = [Some("Ani"), None]
            .map(|called| Newcomer::new(&welcome("ani", called), Tokens(100), START_MS));
        let mut tx = home.begin().await.unwrap();
        assert!(users::take_in(&mut tx, &twice.iter().collect::<Vec<_>>()).await.is_err());
        drop(tx);
        let mut tx = home.begin().await.unwrap();
        assert!(users::find_identity(&mut tx, "telegram", "ani").await.unwrap().is_none());
        assert!(wallet::audit(&home).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn a_chat_that_has_a_conversation_gets_no_second_one() {
    for home in engines().await {
        let talks = begun(&home, &["ani"]).await;
        let mut second = next(talks[0].clone());
        second.talk.id = ConversationId::fresh();
        let mut tx = home.begin().await.unwrap();
        assert!(store::begin_many(&mut tx, &[&second]).await.is_err());
    }
}
