//! One program, many talkers, and somebody who kills it.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sitespark_bot::channels::fakes::FakeTelegram;
use sitespark_core::db::Db;
use tokio::sync::{Notify, RwLock, RwLockReadGuard};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::evidence::{self, Kept, StageRow};
use crate::model::Model;
use crate::people::{Account, Door, Person};
use crate::program::{LOOK_AGAIN, Program};

/// People who talk at once in the web chat; one more does on Telegram.
const TALKERS: usize = 3;
/// Longest the program is let live once it answers: in tenths of the longest generation in peace, so
/// that on any machine some are cut and some come to their end.
const LONGEST_LIFE_TENTHS: u64 = 15;
/// How early it may be killed after its start, before it answers, milliseconds.
const YOUNGEST_MS: u64 = 500;
/// How often it is.
const NEWBORN: f64 = 0.1;
/// A kill that waits for something to happen waits for so many things.
const MOMENTS: Range<u64> = 3..40;
/// And then so long, milliseconds.
const AFTER_A_MOMENT_MS: u64 = 40;

/// The time as the program under test has it.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    i64::try_from(since.as_millis()).expect("it is not yet the far future")
}

/// Counts things that happen, for a kill to strike beside them.
#[derive(Default)]
pub(crate) struct Moments {
    count: AtomicU64,
    bell: Notify,
}

impl Moments {
    /// Something happened.
    pub(crate) fn note(&self) {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.bell.notify_waiters();
    }

    async fn wait(&self, more: u64) {
        let goal = self.count.load(Ordering::SeqCst) + more;
        loop {
            let rung = self.bell.notified();
            if self.count.load(Ordering::SeqCst) >= goal {
                return;
            }
            rung.await;
        }
    }
}

/// What everybody in a storm shares.
pub(crate) struct Storm {
    /// Asks the program.
    pub(crate) http: reqwest::Client,
    /// What happens.
    pub(crate) moments: Arc<Moments>,
    /// Outside of the program.
    pub(crate) telegram: FakeTelegram,
    /// Outside of the program.
    pub(crate) model: Model,
    /// Open only while the program runs: a killed program's files are recovered by the next one.
    window: RwLock<Option<Db>>,
    database_url: String,
    port: u16,
    people: AtomicUsize,
    run_ms: AtomicU64,
}

/// What a storm left to be judged.
pub(crate) struct Aftermath {
    /// People who talked in peace, one a script and door, for comparison.
    pub(crate) calm: Vec<Account>,
    /// People who talked while it stormed.
    pub(crate) stormy: Vec<Account>,
    /// When each kill struck: the moment before and the moment after, epoch milliseconds.
    pub(crate) kills: Vec<(i64, i64)>,
    /// Kills that struck before the program answered.
    pub(crate) newborn: usize,
    /// Stages as they were seen first.
    pub(crate) kept: Kept,
}

impl Storm {
    /// Everything around a program; and the program, not started yet.
    pub(crate) async fn gather(
        folder: &std::path::Path,
        database_url: &str,
        seed: u64,
    ) -> (Arc<Self>, Program) {
        let moments = Arc::new(Moments::default());
        let telegram = FakeTelegram::start().await;
        let model = Model::start(seed, Arc::clone(&moments)).await;
        let mut settings = vec![
            ("TELEGRAM_BOT_TOKEN", telegram.token().to_owned()),
            ("TELEGRAM_API_URL", telegram.base_url()),
        ];
        settings.extend(model.settings());
        let program = Program::new(folder, database_url, &settings);
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(15));
        let storm = Self {
            http: http.build().expect("a plain client can be made"),
            moments,
            telegram,
            model,
            window: RwLock::new(None),
            database_url: database_url.to_owned(),
            port: program.address().port(),
            people: AtomicUsize::new(0),
            run_ms: AtomicU64::new(0),
        };
        (Arc::new(storm), program)
    }

    /// Where the program answers.
    pub(crate) fn house_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The database to look into while the program runs; waits while it does not. Nothing is killed
    /// as long as the guard is held.
    pub(crate) async fn db(&self) -> RwLockReadGuard<'_, Db> {
        loop {
            let window = self.window.read().await;
            if let Ok(db) = RwLockReadGuard::try_map(window, Option::as_ref) {
                return db;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn open_window(&self) {
        let db = Db::open(&self.database_url).await.expect("the database can be opened");
        *self.window.write().await = Some(db);
    }

    async fn close_window(&self) {
        let mut window = self.window.write().await;
        if let Some(db) = window.take() {
            db.close().await;
        }
    }

    fn next_person(&self, door: Door) -> Person {
        Person::new(self.people.fetch_add(1, Ordering::SeqCst), door)
    }

    /// Peace for comparison, then the storm, then peace again until every conversation has ended.
    pub(crate) async fn rage(
        self: Arc<Self>,
        program: &mut Program,
        kills: usize,
        seed: u64,
    ) -> Aftermath {
        program.start();
        program.wait_ready(&self.http).await;
        self.open_window().await;
        let begun = Instant::now();
        let calm = self.calm(seed).await;
        let run_ms = evidence::longest_run_ms(&*self.db().await).await;
        self.run_ms.store(run_ms, Ordering::SeqCst);
        let seconds = begun.elapsed().as_secs_f64();
        println!("in peace everybody is live after {seconds:.1} s; a generation took {run_ms} ms");
        let mut rng = StdRng::seed_from_u64(seed);
        let mut aftermath = Aftermath {
            calm,
            stormy: Vec::new(),
            kills: Vec::new(),
            newborn: 0,
            kept: Kept::default(),
        };
        let mut talking = JoinSet::new();
        for _ in 0..TALKERS {
            self.begin_talk(&mut talking, Door::Web, seed);
        }
        self.begin_talk(&mut talking, Door::Telegram, seed);
        for _ in 0..kills {
            self.live_a_while(program, &mut rng, &mut aftermath).await;
            while let Some(ended) = talking.try_join_next() {
                let account: Account = ended.expect("nobody gives up");
                self.begin_talk(&mut talking, account.person.door, seed);
                aftermath.stormy.push(account);
            }
        }
        program.wait_ready(&self.http).await;
        self.open_window().await;
        while let Some(ended) = talking.join_next().await {
            aftermath.stormy.push(ended.expect("nobody gives up"));
            program.assert_running();
        }
        aftermath
    }

    /// Each script through each door without a kill.
    async fn calm(self: &Arc<Self>, seed: u64) -> Vec<Account> {
        let mut talking = JoinSet::new();
        for door in [Door::Web, Door::Web, Door::Telegram, Door::Telegram] {
            let person = self.next_person(door);
            let rng = StdRng::seed_from_u64(seed);
            talking.spawn(person.talk(Arc::clone(self), rng, false));
        }
        talking.join_all().await
    }

    fn begin_talk(self: &Arc<Self>, talking: &mut JoinSet<Account>, door: Door, seed: u64) {
        let number = self.people.load(Ordering::SeqCst) as u64;
        let rng = StdRng::seed_from_u64(seed.wrapping_add(number));
        talking.spawn(self.next_person(door).talk(Arc::clone(self), rng, true));
    }

    /// From a running or starting program to a killed and starting one.
    async fn live_a_while(&self, program: &mut Program, rng: &mut StdRng, after: &mut Aftermath) {
        let is_first = after.kills.is_empty();
        if !is_first && rng.random_bool(NEWBORN) {
            let age = Duration::from_millis(rng.random_range(0..YOUNGEST_MS));
            tokio::time::sleep(age).await;
            after.newborn += 1;
        } else {
            program.wait_ready(&self.http).await;
            if !is_first {
                self.open_window().await;
            }
            let stages = StageRow::all(&*self.db().await).await.expect("stages can be read");
            stages.into_iter().for_each(|row| after.kept.see(row));
            self.wait_for_the_moment(rng).await;
        }
        self.close_window().await;
        let before_ms = now_ms();
        program.kill().await;
        after.kills.push((before_ms, now_ms()));
        program.start();
    }

    fn longest_life_ms(&self) -> u64 {
        (self.run_ms.load(Ordering::SeqCst) * LONGEST_LIFE_TENTHS / 10).max(1)
    }

    async fn wait_for_the_moment(&self, rng: &mut StdRng) {
        let life = Duration::from_millis(rng.random_range(0..self.longest_life_ms()));
        if rng.random_bool(0.5) {
            tokio::time::sleep(life).await;
            return;
        }
        let end = Instant::now() + life;
        // Nothing happening is an end, too.
        let _bounded =
            tokio::time::timeout_at(end, self.moments.wait(rng.random_range(MOMENTS))).await;
        let beside = Duration::from_millis(rng.random_range(0..AFTER_A_MOMENT_MS));
        tokio::time::sleep(beside).await;
    }
}
