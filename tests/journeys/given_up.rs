//! What is given up for good: whoever waits for it hears of it, and nothing of theirs is kept back.

use std::sync::Arc;

use serde_json::{Value, json};
use sitespark_bot::channels::fakes::FakeGraph;
use sitespark_bot::inbox::{InboxRow, chat_key};
use sitespark_bot::message::{Channel, Message};
use sitespark_bot::outbox::OutboxRow;
use sitespark_bot::store::Line;
use sitespark_core::ids::{ConversationId, Tokens, TransferId};
use sitespark_core::queue::{self, Lane, NewRow};
use sitespark_core::users;
use sitespark_core::wallet::{self, TransferKind};

use crate::support::talk::Talk;
use crate::support::whatsapp::{Person, connect};
use crate::support::world::START_MS;
use crate::support::{CAFE, Running, World};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const NUMBER: &str = "6281234567890";

fn text_of(lines: &[Line]) -> String {
    lines.iter().map(|line| line.message.body.to_plain()).collect::<Vec<_>>().join("\n")
}

/// Something that nothing in the house does.
async fn change(house: &Running, sql: &'static str) {
    let mut tx = house.house.db.begin().await.unwrap();
    let changed: Result<_, sqlx::Error> = async {
        sitespark_core::each_engine!(tx tx, conn => sqlx::query(sql).execute(conn).await.map(drop))
    }
    .await;
    changed.unwrap();
    tx.commit().await.unwrap();
}

async fn push(house: &Running, row: NewRow, created_at_ms: i64) {
    let mut tx = house.house.db.begin().await.unwrap();
    assert!(queue::push(&mut tx, &row, created_at_ms).await.unwrap());
    tx.commit().await.unwrap();
}

/// Puts a job in that ends whoever takes it up, and has it taken up once more.
async fn push_deadly(house: &Running, cause: &str, payload: Value) {
    let now_ms = house.house.clock.now_ms();
    let key = "terminal:ani".to_owned();
    let row = NewRow {
        lane: Lane::Jobs,
        key,
        cause: cause.to_owned(),
        payload,
        run_at_ms: now_ms + 1_000,
    };
    push(house, row, now_ms).await;
    change(house, "update queue set attempt = 1000 where cause like 'deadly:%'").await;
    house.advance_ms(1_000);
    house.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_worked_on_is_answered_with_a_number() {
    let world = World::new();
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.say("halo").await;
    change(&house, "update conversations set state = '{\"version\":99}'").await;
    let told = text_of(&talk.say("kedai kopi").await);
    let seq = house.count("select seq from queue where state = 'dead'").await;
    assert!(told.contains(&format!("nomor {seq}")), "{told}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_ends_its_workers_is_told_of_and_its_tokens_come_back() {
    let world = World::new();
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.go_live().await;
    let before = house.tokens("terminal:ani").await;
    let user = users::user_by_name(&house.house.db, "terminal:ani").await.unwrap().unwrap();
    let id: String = sqlx::query_scalar("select lower(hex(id)) from sites")
        .fetch_one(&house.pool)
        .await
        .unwrap();
    let hold = hold_some(&house, user.workspace).await;
    let heard = talk.lines().await.len();
    let rewrite =
        json!({ "refine": "rewrite", "section": null, "said": "lebih santai", "hold": hold });
    push_deadly(&house, "deadly:a", json!({ "job": "refine", "site": id, "wish": rewrite })).await;
    push_deadly(&house, "deadly:b", json!({ "job": "edit", "site": id, "edits": [] })).await;
    push_deadly(&house, "deadly:c", json!({ "job": "export", "site": id })).await;
    assert_eq!(house.tokens("terminal:ani").await, before);
    let told = talk.lines().await.split_off(heard);
    assert_eq!(text_of(&told).matches("gangguan di tempat kami").count(), 2, "{told:#?}");
    assert_eq!((told.len(), house.dead().await.len()), (3, 3), "{told:#?}");
    house.stop().await;
}

async fn hold_some(house: &Running, workspace: sitespark_core::ids::WorkspaceId) -> TransferId {
    let now_ms = house.house.clock.now_ms();
    let (kind, amount) = (TransferKind::Refinement, Tokens(10));
    let mut tx = house.house.db.begin().await.unwrap();
    let hold = wallet::hold(&mut tx, workspace, kind, amount, "x", now_ms + DAY_MS, now_ms).await;
    tx.commit().await.unwrap();
    hold.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_in_hand_while_their_writers_name_changes_are_theirs_still() {
    let fake = Arc::new(FakeGraph::start().await);
    let mut world = World::new();
    connect(&mut world, &fake);
    world.keep_time_with(&fake);
    let house = world.start().await;
    let by_number = Person { house: &house, fake: &fake, number: Some(NUMBER), scoped_id: None };
    for line in &CAFE[..2] {
        by_number.say(line).await;
    }
    house.advance_ms(1_000);
    let scoped = Some("ID.13491208655302741918");
    let by_both = Person { scoped_id: scoped, ..by_number };
    by_both.say(CAFE[2]).await;
    // Taken up before the name changed, and worked on after it.
    let inbound = sitespark_bot::message::Inbound {
        channel: Channel::Whatsapp,
        chat: NUMBER.to_owned(),
        sender: sitespark_bot::message::Sender {
            external_id: NUMBER.to_owned(),
            ..sitespark_bot::message::Sender::default()
        },
        ..Talk::said(NUMBER, CAFE[3])
    };
    let row = NewRow {
        lane: Lane::Inbox,
        key: chat_key(Channel::Whatsapp, NUMBER),
        cause: "whatsapp:in-hand".to_owned(),
        payload: serde_json::to_value(InboxRow::Channel(inbound)).unwrap(),
        run_at_ms: START_MS,
    };
    push(&house, row, START_MS).await;
    house.advance_ms(0);
    house.settle().await;
    for table in ["users", "conversations", "accounts where kind = 'wallet'"] {
        let sql: &'static str = format!("select count(*) from {table}").leak();
        assert_eq!(house.count(sql).await, 1, "{table}");
    }
    let state = "select count(*) from conversations where cast(state as text) like '%pekerja%'";
    assert_eq!(house.count(state).await, 1, "the answer is in");
    house.assert_tidy().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_channel_that_is_off_never_took_is_given_up_after_a_week() {
    let world = World::new();
    let house = world.start().await;
    let said = OutboxRow {
        channel: Channel::Telegram,
        chat: "7".to_owned(),
        external_id: "7".to_owned(),
        conversation: ConversationId::fresh(),
        state: "collecting".to_owned(),
        reply_to: None,
        tries: 0,
        piece: Message::default(),
    };
    let row = NewRow {
        lane: Lane::Outbox,
        key: chat_key(Channel::Telegram, "7"),
        cause: "telegram:off".to_owned(),
        payload: serde_json::to_value(said).unwrap(),
        run_at_ms: START_MS,
    };
    push(&house, row, START_MS).await;
    house.advance_ms(0);
    house.settle().await;
    assert_eq!(house.dead().await.len(), 1);
    assert!(house.house.clock.now_ms() >= START_MS + 7 * DAY_MS);
    house.stop().await;
}
