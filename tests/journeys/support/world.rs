//! One house in a folder of its own, under a clock that the test moves.

use std::fmt::Debug;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sitespark::config::Settings;
use sitespark::gateway;
use sitespark::house::House;
use sitespark::http::run_http;
use sitespark::number;
use sitespark::polling;
use sitespark::serve::{ALL_ROLES, build_front};
use sitespark_bot::channels::fakes::FakeGraph;
use sitespark_core::camera::{PageCamera, ScriptedCamera};
use sitespark_core::clock::{Clock, ManualClock, SharedClock, SystemClock};
use sitespark_core::queue::{self, Lane};
use sitespark_core::users;
use sitespark_core::wallet;
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Noon of 1 November 2026 in Jakarta.
pub(crate) const START_MS: i64 = 1_793_509_200_000;
/// How long a condition is looked at before it counts as not met.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longest between two looks; a finished row ends it sooner.
const LOOK: Duration = Duration::from_millis(5);

/// Where houses stand: the data outlives each of them.
pub(crate) struct World {
    folder: TempDir,
    settings: Vec<(String, String)>,
    pub(crate) clock: ManualClock,
    graph: Option<Arc<FakeGraph>>,
    camera: Option<Arc<dyn PageCamera>>,
}

/// A house at work.
pub(crate) struct Running {
    pub(crate) house: House,
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    /// Connections for looking at the tables.
    pub(crate) pool: SqlitePool,
    clock: ManualClock,
    graph: Option<Arc<FakeGraph>>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl World {
    /// No settings but those that keep the test to itself.
    pub(crate) fn new() -> Self {
        sitespark::init_tls();
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (settings, graph, camera) = (Vec::new(), None, None);
        let mut world = Self { clock: ManualClock::at(START_MS), folder, settings, graph, camera };
        let data = world.data_dir().display().to_string();
        world.set("DATA_DIR", &data);
        world.set("LISTEN", "127.0.0.1:0");
        world.set("PUBLIC_URL", "http://chat.test");
        world.set("SITES_DOMAIN", "situs.test");
        world.set("CHROMIUM_PATH", "off");
        // The clock leaps; leases must outlast the leaps.
        world.set("QUEUE_LEASE_MS", "600000");
        world
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    /// Pages are pictured by this camera.
    pub(crate) fn picture_with(&mut self, camera: &Arc<ScriptedCamera>) {
        self.camera = Some(Arc::clone(camera) as _);
    }

    /// This Graph server's clock goes with ours.
    pub(crate) fn keep_time_with(&mut self, graph: &Arc<FakeGraph>) {
        self.graph = Some(Arc::clone(graph));
    }

    pub(crate) fn settings(&self) -> Settings {
        let lookup = |name: &str| {
            self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        Settings::read(&lookup).expect("the settings of the test are right")
    }

    /// Opens a house on the data and starts every role but long polling.
    pub(crate) async fn start(&self) -> Running {
        self.start_with(Arc::new(self.clock.clone()), |_, _, _| {}).await
    }

    /// The same, with Discord's gateway if the settings ask for it.
    pub(crate) async fn start_listening(&self) -> Running {
        let clock = Arc::new(self.clock.clone());
        self.start_with(clock, gateway::start).await
    }

    /// The same, with long polling if the settings ask for it.
    pub(crate) async fn start_polling(&self) -> Running {
        let clock = Arc::new(self.clock.clone());
        self.start_with(clock, |house, stop, tasks| polling::start(house, true, stop, tasks)).await
    }

    /// The same, with WhatsApp asked for its number if the settings have one.
    pub(crate) async fn start_asking_for_its_number(&self) -> Running {
        self.start_with(Arc::new(self.clock.clone()), number::start).await
    }

    /// The same in real time, beside other processes on the same data.
    pub(crate) async fn start_in_real_time(&self) -> Running {
        self.start_with(Arc::new(SystemClock), |_, _, _| {}).await
    }

    /// A house in real time with nothing started.
    pub(crate) async fn open_in_real_time(&self) -> House {
        self.open(Arc::new(SystemClock)).await
    }

    /// Connections that only read.
    async fn look(&self) -> SqlitePool {
        let file = self.data_dir().join("sitespark.db");
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        SqlitePool::connect_with(options).await.expect("the tables can be looked at")
    }

    async fn open(&self, time: SharedClock) -> House {
        let house = House::open_with_clock(self.settings(), time).await.expect("the house opens");
        let camera = self.camera.clone().or_else(|| house.camera.clone());
        House { camera, ..house }
    }

    async fn start_with(
        &self,
        time: SharedClock,
        more: impl FnOnce(&House, &CancellationToken, &mut JoinSet<()>),
    ) -> Running {
        let house = self.open(time).await;
        let listener = TcpListener::bind(house.settings.listen).await.expect("a port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
        let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let front = build_front(&house, &ALL_ROLES, metrics.handle(), &stop, &mut tasks)
            .await
            .expect("the front is built");
        house.start(&ALL_ROLES, &stop, &mut tasks).expect("the workers start");
        more(&house, &stop, &mut tasks);
        let token = stop.clone();
        tasks.spawn(async move {
            run_http(listener, front, &token).await;
        });
        let client = reqwest::Client::builder()
            .no_gzip()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client can be made");
        let (clock, graph) = (self.clock.clone(), self.graph.clone());
        Running { house, address, client, pool: self.look().await, clock, graph, stop, tasks }
    }
}

/// Rows that can be claimed now or later, and how many are being worked on.
#[derive(Debug)]
struct Open {
    running: i64,
    next_at_ms: Option<i64>,
}

impl Running {
    /// One number from the tables.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.expect("the query is right")
    }

    /// Works until no row is open, moving the clock over every wait.
    pub(crate) async fn settle(&self) {
        self.until("the house falls silent", async || !self.work_on().await).await;
    }

    /// Looks until the condition holds, moving the clock over every wait.
    pub(crate) async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let looking = async {
            while !holds().await {
                self.work_on().await;
                let finished = self.house.db.signals().finished();
                // Not every condition is about a row: look again soon.
                let _bounded = tokio::time::timeout(LOOK, finished).await;
            }
        };
        if tokio::time::timeout(PATIENCE, looking).await.is_err() {
            panic!("not in time: {what}; open rows: {:?}", self.open_rows().await);
        }
    }

    /// The same in real time, for promises that name one.
    pub(crate) async fn until_within(&self, ms: u64, what: &str, holds: impl AsyncFnMut() -> bool) {
        let waited = tokio::time::timeout(Duration::from_millis(ms), self.until(what, holds)).await;
        assert!(waited.is_ok(), "not within {ms} ms: {what}");
    }

    /// Moves the clock to the next row if nothing can be done before; whether any row is open.
    async fn work_on(&self) -> bool {
        let open: (i64, Option<i64>) = sqlx::query_as(
            "select coalesce(sum(state = 'running'), 0), min(case when state = 'ready' then run_at_ms end)
             from queue q where state in ('ready', 'running') and not exists (select 1 from queue e
             where e.lane = q.lane and e.key = q.key and e.seq < q.seq and e.state in ('ready', 'running'))",
        )
        .fetch_one(&self.pool)
        .await
        .expect("the queue can be read");
        let open = Open { running: open.0, next_at_ms: open.1 };
        let now_ms = self.clock.now_ms();
        if let Some(next_ms) =
            open.next_at_ms.filter(|next_ms| open.running == 0 && *next_ms > now_ms)
        {
            self.advance_ms(next_ms - now_ms);
        }
        open.running > 0 || open.next_at_ms.is_some()
    }

    /// Moves every clock and lets the lanes look.
    pub(crate) fn advance_ms(&self, by_ms: i64) {
        self.clock.advance_ms(by_ms);
        if let Some(graph) = &self.graph {
            graph.advance_ms(by_ms);
        }
        for lane in Lane::ALL {
            self.house.db.signals().wake(lane);
        }
    }

    async fn open_rows(&self) -> Vec<(String, String, String, Option<String>)> {
        sqlx::query_as(
            "select lane, cause, state, last_error from queue where state in ('ready', 'running')",
        )
        .fetch_all(&self.pool)
        .await
        .expect("the queue can be read")
    }

    /// What waits in the dead lane: cause and reason.
    pub(crate) async fn dead(&self) -> Vec<(String, String)> {
        let rows = queue::dead_rows(&self.house.db, 100).await.expect("the queue can be read");
        rows.into_iter().map(|row| (row.cause, row.last_error.unwrap_or_default())).collect()
    }

    /// Nothing open, nothing dead, books in order.
    pub(crate) async fn assert_tidy(&self) {
        assert_eq!(self.open_rows().await, [], "rows are left behind");
        assert_eq!(self.dead().await, [], "rows died");
        let audit = wallet::audit(&self.house.db).await.expect("the books can be read");
        assert!(audit.is_clean(), "{:?}", audit.differences);
        assert_eq!(audit.on_hold, 0, "tokens are still on hold");
    }

    /// Tokens a person can spend; `name` as operators name people, `telegram:7`.
    pub(crate) async fn tokens(&self, name: &str) -> i64 {
        let db = &self.house.db;
        let user = users::user_by_name(db, name).await.expect("people can be read");
        let user = user.unwrap_or_else(|| panic!("nobody is {name}"));
        let mut tx = db.begin().await.expect("a transaction begins");
        let account = wallet::balance(&mut tx, user.workspace).await.expect("there is a wallet");
        tx.roll_back();
        account.available().0
    }

    /// Drains, as SIGTERM does.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.expect("no task panics");
        }
        self.pool.close().await;
        self.house.db.close().await;
    }

    /// Ends everything where it stands, as a power cut does; what was not committed is lost.
    pub(crate) async fn kill(mut self) {
        self.tasks.shutdown().await;
    }
}
