//! What must be true after a storm.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;
use sitespark_core::db::{Db, DbError};
use sitespark_core::each_engine;
use sitespark_core::queue;
use sqlx::types::Json;
use uuid::Uuid;

use crate::model::Asked;
use crate::people::{Account, Door, SCRIPTS};
use crate::program::SITES_DOMAIN;
use crate::storm::{Aftermath, Storm};

/// Methods of Telegram that show something to a person.
const SHOWING: [&str; 3] = ["sendMessage", "sendPhoto", "editMessageText"];
/// Tokens of a wallet after the first hello and one generation: in, out, on hold.
const WALLET: (i64, i64, i64) = (100, 50, 0);
/// The moves that lead there.
const MOVES: [(&str, &str, i64); 3] = [
    ("signup_bonus", "post", 100),
    ("website_generation", "capture", 50),
    ("website_generation", "hold", 50),
];

/// A stage of a run as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct StageRow {
    run_id: Uuid,
    stage: String,
    part: String,
    input_hash: String,
    provider: String,
    created_at_ms: i64,
}

impl StageRow {
    /// Every stored stage.
    pub(crate) async fn all(db: &Db) -> Result<Vec<Self>, DbError> {
        async {
            each_engine!(read db, pool => sqlx::query_as(
            "select run_id, stage, part, input_hash, provider, created_at_ms from run_stages")
            .fetch_all(pool).await)
        }
        .await
    }

    fn id(&self) -> (Uuid, String, String) {
        (self.run_id, self.stage.clone(), self.part.clone())
    }
}

/// Stages as they were seen first: none may ever change.
#[derive(Default)]
pub(crate) struct Kept(BTreeMap<(Uuid, String, String), StageRow>);

impl Kept {
    /// Notes a stage, or holds it against what was noted.
    pub(crate) fn see(&mut self, row: StageRow) {
        let first = self.0.entry(row.id()).or_insert_with(|| row.clone());
        assert_eq!(*first, row, "a stage was stored twice");
    }
}

/// What somebody's conversation left in the database.
#[derive(Debug)]
struct Traces {
    workspace: Uuid,
    runs: Vec<(Uuid, String)>,
    sites: Vec<(Uuid, String, String)>,
    /// Lane, cause, state; names of this person and their things taken out.
    rows: Vec<(String, String, String)>,
    /// What the bot said in the web chat, names taken out likewise.
    said: Vec<String>,
    /// Where the conversation stands, names taken out likewise.
    state: String,
}

/// What was counted.
pub(crate) struct Summary {
    kills: usize,
    newborn: usize,
    people: usize,
    on_telegram: usize,
    messages: usize,
    repeated: usize,
    replies: usize,
    shown_again: usize,
    stages: usize,
    asked: usize,
    asked_again: usize,
    most_tries: i64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills ({} during start-up); {} people live ({} on Telegram); \
             {} messages acknowledged, {} deliveries came again; {} replies, each cause once \
             ({} Telegram calls repeated); {} stages stored once; \
             {} questions to the model, {} asked again, all because of a kill; \
             no row was taken up more than {} times",
            self.kills,
            self.newborn,
            self.people,
            self.on_telegram,
            self.messages,
            self.repeated,
            self.replies,
            self.shown_again,
            self.stages,
            self.asked,
            self.asked_again,
            self.most_tries,
        )
    }
}

/// Holds everything against everything; the program runs.
pub(crate) async fn judge(storm: &Storm, mut aftermath: Aftermath) -> Summary {
    let db = storm.db().await;
    check_queue(&db).await;
    let stages = StageRow::all(&db).await.unwrap();
    stages.iter().for_each(|row| aftermath.kept.see(row.clone()));
    let mut summary = Summary {
        kills: aftermath.kills.len(),
        newborn: aftermath.newborn,
        people: aftermath.stormy.len(),
        on_telegram: 0,
        messages: 0,
        repeated: 0,
        replies: 0,
        shown_again: 0,
        stages: stages.len(),
        asked: 0,
        asked_again: 0,
        most_tries: read_one(&db, "select max(attempt) from queue").await,
    };
    let mut calm = BTreeMap::new();
    for account in &aftermath.calm {
        let traces = check_account(storm, &db, account).await;
        calm.insert((account.person.script, account.person.door), traces);
    }
    for account in &aftermath.stormy {
        let traces = check_account(storm, &db, account).await;
        let expected = &calm[&(account.person.script, account.person.door)];
        check_same(account, &traces, expected);
        let replies = traces.rows.iter().filter(|row| row.0 == "outbox").count();
        summary.messages += account.acknowledged.len();
        summary.repeated += account.repeated;
        summary.replies += replies;
        if account.person.door == Door::Telegram {
            summary.on_telegram += 1;
            summary.shown_again += check_calls(storm, account, replies, aftermath.kills.len());
        }
    }
    check_model(storm, &db, &stages, &aftermath.kills, &mut summary).await;
    check_holds(&db).await;
    summary
}

/// What is open of a conversation: lane, cause, state, tries, last error.
pub(crate) async fn open_rows(
    db: &Db,
    key: &str,
) -> Vec<(String, String, String, i64, Option<String>)> {
    let read: Result<Vec<_>, DbError> = async {
        each_engine!(read db, pool => sqlx::query_as(
        "select lane, cause, state, attempt, last_error from queue
         where key = $1 and state in ('ready', 'running') order by seq")
        .bind(key).fetch_all(pool).await)
    }
    .await;
    read.expect("the queue can be read")
}

/// How long the longest generation took so far, milliseconds.
pub(crate) async fn longest_run_ms(db: &Db) -> u64 {
    let longest = read_one(db, "select max(finished_at_ms - created_at_ms) from runs").await;
    u64::try_from(longest).expect("a run ends after it begins")
}

/// Nothing waits, nothing is dead.
async fn check_queue(db: &Db) {
    let dead = queue::dead_rows(db, 100).await.unwrap();
    assert!(dead.is_empty(), "dead rows: {dead:?}");
    for depth in queue::depths(db).await.unwrap() {
        assert_eq!(depth.open, 0, "rows are open in the {} lane", depth.lane.slug());
    }
}

/// Every hold was captured, none twice.
async fn check_holds(db: &Db) {
    let left: i64 = read_one(
        db,
        "select cast(count(*) as bigint) from transfers h where h.phase = 'hold'
         and (select count(*) from transfers c where c.hold_id = h.id and c.phase = 'capture') <> 1",
    )
    .await;
    assert_eq!(left, 0, "holds that were not captured exactly once");
}

async fn read_one(db: &Db, sql: &'static str) -> i64 {
    let read: Result<i64, DbError> =
        async { each_engine!(read db, pool => sqlx::query_scalar(sql).fetch_one(pool).await) }
            .await;
    read.unwrap()
}

/// One person: acknowledged is done, the site is live, the wallet is right.
async fn check_account(storm: &Storm, db: &Db, account: &Account) -> Traces {
    let business = &account.person.business;
    let traces = traces(db, account).await.unwrap();
    for number in 0..account.acknowledged.len() {
        let done = |row: &&(String, String, String)| {
            row.0 == "inbox" && row.1 == format!("line {number}") && row.2 == "done"
        };
        let times = traces.rows.iter().filter(done).count();
        assert_eq!(times, 1, "{business}: line {number} in {:?}", traces.rows);
    }
    let [(_, status)] = traces.runs.as_slice() else {
        panic!("{business}: not one run but {:?}", traces.runs)
    };
    assert_eq!(status, "live", "{business}: its run");
    let [(site, subdomain, status)] = traces.sites.as_slice() else {
        panic!("{business}: not one site but {:?}", traces.sites)
    };
    assert_eq!(status, "live", "{business}: its site");
    check_versions(db, *site, business).await;
    check_wallet(db, traces.workspace, business).await;
    check_page(storm, account, subdomain).await;
    traces
}

/// Most versions of one site: the first, one at a time for each part of a model's words, the change.
const MOST_VERSIONS: usize = 14;

/// The first version, the words' few and the one change, no more, and the change is live.
async fn check_versions(db: &Db, site: Uuid, business: &str) {
    let read: Result<Vec<(i64, bool)>, DbError> = async {
        each_engine!(read db, pool => sqlx::query_as(
        "select v.number, v.id = s.version_id from versions v join sites s on s.id = v.site_id
         where s.id = $1 order by v.number").bind(site).fetch_all(pool).await)
    }
    .await;
    let versions = read.unwrap();
    assert!((3..=MOST_VERSIONS).contains(&versions.len()), "{business}: {versions:?}");
    for (at, (number, is_live)) in versions.iter().enumerate() {
        assert_eq!(usize::try_from(*number), Ok(at + 1), "{business}: {versions:?}");
        assert_eq!(*is_live, at + 1 == versions.len(), "{business}: {versions:?}");
    }
}

async fn check_wallet(db: &Db, workspace: Uuid, business: &str) {
    let counters: Result<(i64, i64, i64), DbError> = async {
        each_engine!(read db, pool => sqlx::query_as(
        "select credits_posted, debits_posted, debits_held from accounts where workspace_id = $1")
        .bind(workspace).fetch_one(pool).await)
    }
    .await;
    assert_eq!(counters.unwrap(), WALLET, "{business}: its wallet");
    let moves: Result<Vec<(String, String, i64)>, DbError> = async {
        each_engine!(read db, pool => sqlx::query_as(
        "select t.kind, t.phase, t.amount from transfers t join accounts a
         on a.id = t.debit_account_id or a.id = t.credit_account_id
         where a.workspace_id = $1 order by t.kind, t.phase")
        .bind(workspace).fetch_all(pool).await)
    }
    .await;
    let expected = MOVES.map(|(kind, phase, amount)| (kind.to_owned(), phase.to_owned(), amount));
    assert_eq!(moves.unwrap(), expected, "{business}: its transfers");
}

/// The site answers by its host and holds what its owner said.
async fn check_page(storm: &Storm, account: &Account, subdomain: &str) {
    let host = format!("{subdomain}.{SITES_DOMAIN}");
    let asked = storm.http.get(storm.house_url()).header("host", &host).send().await.unwrap();
    assert!(asked.status().is_success(), "{host}: {}", asked.status());
    let page = asked.text().await.unwrap();
    let facts = SCRIPTS[account.person.script].facts;
    for fact in facts.iter().copied().chain([account.person.business.as_str()]) {
        assert!(page.contains(fact), "{host} does not hold {fact}");
    }
}

async fn traces(db: &Db, account: &Account) -> Result<Traces, DbError> {
    let person = &account.person;
    let (conversation, workspace, state): (Uuid, Uuid, Json<Value>) = each_engine!(read db, pool => sqlx::query_as(
        "select id, workspace_id, state from conversations where channel = $1 and chat = $2")
        .bind(person.channel()).bind(person.chat()).fetch_one(pool).await?);
    let runs: Vec<(Uuid, String)> = each_engine!(read db, pool => sqlx::query_as(
        "select id, status from runs where workspace_id = $1").bind(workspace).fetch_all(pool).await?);
    let sites: Vec<(Uuid, String, String)> = each_engine!(read db, pool => sqlx::query_as(
        "select id, subdomain, status from sites where workspace_id = $1")
        .bind(workspace).fetch_all(pool).await?);
    let mut rows: Vec<(String, String, String)> = each_engine!(read db, pool => sqlx::query_as(
        "select lane, cause, state from queue where key = $1").bind(person.key()).fetch_all(pool).await?);
    let said: Vec<Json<Value>> = each_engine!(read db, pool => sqlx::query_scalar(
        "select message from transcript where channel = $1 and chat = $2 and from_bot order by seq")
        .bind(person.channel()).bind(person.chat()).fetch_all(pool).await?);
    let mut names = names_of(account, &runs, &sites);
    names.push((conversation.to_string(), "CONVERSATION".to_owned()));
    for row in &mut rows {
        row.1 = without(&names, &row.1);
    }
    rows.sort();
    let said = said.into_iter().map(|message| without(&names, &unpictured(message.0))).collect();
    let state = without(&names, &state.0.to_string());
    Ok(Traces { workspace, runs, sites, rows, said, state })
}

/// What tells this person's traces from another's, and what stands in its place. Longest first.
fn names_of(
    account: &Account,
    runs: &[(Uuid, String)],
    sites: &[(Uuid, String, String)],
) -> Vec<(String, String)> {
    let causes = account.acknowledged.iter().enumerate();
    let mut names: Vec<(String, String)> =
        causes.map(|(number, cause)| (cause.clone(), format!("line {number}"))).collect();
    names.extend(runs.iter().map(|run| (run.0.to_string(), "RUN".to_owned())));
    names.extend(sites.iter().map(|site| (site.0.to_string(), "SITE".to_owned())));
    names.extend(sites.iter().map(|site| (site.1.clone(), "subdomain".to_owned())));
    names.push((account.person.business.clone(), "BUSINESS".to_owned()));
    names
}

/// A message with its picture's key, which is a digest of the name, left out.
fn unpictured(mut message: Value) -> String {
    if let Some(key) = message.pointer_mut("/picture/key") {
        *key = Value::from("PICTURE");
    }
    message.to_string()
}

fn without(names: &[(String, String)], text: &str) -> String {
    names.iter().fold(text.to_owned(), |text, (name, stand_in)| text.replace(name, stand_in))
}

/// A stormy conversation is what the calm one is, but for questions that were answered before they
/// were asked: texts that wait together are one turn, which says what the last of them is answered.
fn check_same(account: &Account, stormy: &Traces, calm: &Traces) {
    let business = &account.person.business;
    let joined = joined_lines(account, stormy);
    let mut rows = calm.rows.clone();
    rows.retain(|row| !joined.iter().any(|line| *row == reply_row(*line)));
    assert_eq!(stormy.rows, rows, "{business}: its rows");
    // Each line of a calm conversation has one reply; what the house says by itself comes after them.
    let is_said = |(number, _): &(usize, &String)| !joined.contains(&(number + 1));
    let said: Vec<&String> =
        calm.said.iter().enumerate().filter(is_said).map(|(_, reply)| reply).collect();
    for (number, (stormy, calm)) in stormy.said.iter().zip(&said).enumerate() {
        assert_eq!(stormy, *calm, "{business}: reply {number}");
    }
    assert_eq!(stormy.said.len(), said.len(), "{business}: how often the bot spoke");
    assert_eq!(stormy.state, calm.state, "{business}: where it stands");
}

/// The lines that were told in one turn with the line before. None of those that were written only
/// after everything was answered.
fn joined_lines(account: &Account, stormy: &Traces) -> BTreeSet<usize> {
    let lines = SCRIPTS[account.person.script].lines;
    let hurried = (1..lines.len()).filter(|line| !lines[line - 1].1);
    hurried.filter(|line| !stormy.rows.contains(&reply_row(*line))).collect()
}

/// The row of the reply to a line.
fn reply_row(line: usize) -> (String, String, String) {
    ("outbox".to_owned(), format!("line {line}:say:0"), "done".to_owned())
}

/// Telegram knows no "this again": a kill between a call and its note repeats the call, and nothing
/// else does. Answers how many were repeated.
fn check_calls(storm: &Storm, account: &Account, replies: usize, kills: usize) -> usize {
    let chat = account.person.chat();
    let is_theirs = |params: &Value| match &params["chat_id"] {
        Value::String(text) => *text == chat,
        other => *other == *chat,
    };
    let calls = storm.telegram.calls();
    let shown = calls
        .iter()
        .filter(|call| SHOWING.contains(&call.method.as_str()) && is_theirs(&call.params))
        .count();
    // Calls of one chat come one at a time: a kill repeats one at most.
    assert!(shown <= replies + kills, "{shown} calls for {replies} replies and {kills} kills");
    shown.saturating_sub(replies)
}

/// The model was asked nothing that was stored, and nothing twice without a kill between.
async fn check_model(
    storm: &Storm,
    db: &Db,
    stages: &[StageRow],
    kills: &[(i64, i64)],
    summary: &mut Summary,
) {
    assert_eq!(storm.model.violations(), Vec::<String>::new());
    assert_eq!(storm.telegram.violations(), Vec::<String>::new());
    let names: Result<Vec<(Uuid, String)>, DbError> = async {
        each_engine!(read db, pool => sqlx::query_as(
        "select r.id, s.name from runs r join sites s on s.id = r.site_id").fetch_all(pool).await)
    }
    .await;
    let business_of: BTreeMap<Uuid, String> = names.unwrap().into_iter().collect();
    let mut stored = BTreeMap::new();
    for row in stages {
        assert!(!row.provider.is_empty(), "the built-in writer had to step in: {row:?}");
        let part = (row.stage.clone(), row.part.clone());
        stored.insert((business_of[&row.run_id].clone(), part), row.created_at_ms);
    }
    let log = storm.model.log();
    summary.asked = log.len();
    let mut asked: BTreeMap<(String, (String, String)), Vec<i64>> = BTreeMap::new();
    for Asked { business, part, at_ms } in log {
        asked.entry((business, part)).or_default().push(at_ms);
    }
    let (in_log, in_store): (BTreeSet<_>, BTreeSet<_>) =
        (asked.keys().collect(), stored.keys().collect());
    assert_eq!(in_log, in_store, "what was asked and what was stored");
    for (part, times) in &asked {
        let stored_at_ms = stored[part];
        assert!(
            times.iter().all(|at| *at <= stored_at_ms),
            "{part:?} was asked after it was stored"
        );
        for pair in times.windows(2) {
            let between = |kill: &&(i64, i64)| pair[0] <= kill.1 && kill.0 <= pair[1];
            assert!(
                kills.iter().any(|kill| between(&kill)),
                "{part:?} was asked twice in one life"
            );
        }
        summary.asked_again += times.len() - 1;
    }
}
