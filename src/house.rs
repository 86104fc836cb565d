//! The house put together: every part built from the settings, and its workers started.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, bail};
use async_trait::async_trait;
use secrecy::ExposeSecret;
use sitespark_bot::channels::discord::{Discord, DiscordConfig};
use sitespark_bot::channels::telegram::{Telegram, TelegramConfig};
use sitespark_bot::channels::whatsapp::{Whatsapp, WhatsappConfig};
use sitespark_bot::channels::{PictureSource, Ports};
use sitespark_bot::comparisons::Comparisons;
use sitespark_bot::driver::{Driver, HouseRules};
use sitespark_bot::hearing::Ear;
use sitespark_bot::inbox::Intake;
use sitespark_bot::interpreter::{Interpreter, ModelInterpreter};
use sitespark_bot::jobs::Jobs;
use sitespark_bot::sender::Sender;
use sitespark_bot::speaking::Mouth;
use sitespark_bot::texts::Texts;
use sitespark_core::camera::{Chromium, PageCamera};
use sitespark_core::clock::{SharedClock, SystemClock};
use sitespark_core::db::{Db, forward_wakes};
use sitespark_core::generation::{Illustrator, MenuReader, Pipeline};
use sitespark_core::live::Live;
use sitespark_core::llm::speech::Speech;
use sitespark_core::llm::voice::Voice;
use sitespark_core::llm::{
    AnswerCache, CallLimits, DbCallLog, Llm, LlmStack, Moderator, OpenAiProvider, Painter, Prompts,
    Records, StackConfig,
};
use sitespark_core::queue::{Backoff, Handler, Lane, Worker, WorkerSettings};
use sitespark_core::sites::Publisher;
use sitespark_core::storage::Objects;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::Role;
use crate::config::Settings;
use crate::keeper;

/// The name in the footer of sites and on the page.
pub const OPERATOR: &str = "SiteSpark";
/// To open a connection to anybody outside.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For one exchange with a channel; long polling stays below it.
const CHANNEL_TIMEOUT: Duration = Duration::from_secs(60);

/// Everything built, nothing started.
pub struct House {
    /// What the program was told.
    pub settings: Settings,
    /// The database, migrated.
    pub db: Db,
    /// The time.
    pub clock: SharedClock,
    /// News and rate limits.
    pub live: Live,
    /// Stored files.
    pub objects: Objects,
    /// Makes sites live.
    pub publisher: Publisher,
    /// Outside channels that are on.
    pub ports: Arc<Ports>,
    /// Telegram, for set-up and polling.
    pub telegram: Option<Arc<Telegram>>,
    /// Discord, for set-up and its gateway.
    pub discord: Option<Arc<Discord>>,
    /// The bot's name on Telegram, once it is known.
    pub telegram_name: Arc<OnceLock<String>>,
    /// WhatsApp, for its number.
    pub whatsapp: Option<Arc<Whatsapp>>,
    /// The number people write to, in digits, once it is known.
    pub whatsapp_number: Arc<OnceLock<String>>,
    /// Models, if any are configured.
    pub llm: Option<Arc<dyn Llm>>,
    /// Takes pictures of pages, if a browser is there.
    pub camera: Option<Arc<dyn PageCamera>>,
    /// Takes what channels bring.
    pub intake: Intake,
}

/// Pictures the bot shows, from storage.
struct StoredPictures(Objects);

#[async_trait]
impl PictureSource for StoredPictures {
    async fn bytes(&self, key: &str) -> Option<Vec<u8>> {
        self.0.get(key).await.ok().map(|bytes| bytes.to_vec())
    }
}

/// The database of the settings, brought up to date.
pub async fn open_db(settings: &Settings) -> anyhow::Result<Db> {
    let db = Db::open(settings.database_url.expose_secret())
        .await
        .context("the database cannot be opened")?;
    db.try_write().await.context("the database cannot be written")?;
    db.migrate().await?;
    Ok(db)
}

/// The same for whoever looks after a house that is there: none is made.
pub async fn open_db_that_is(settings: &Settings) -> anyhow::Result<Db> {
    if let Some(file) = missing_database(settings) {
        bail!("there is no house: {} is not there, and the first start makes it", file.display());
    }
    open_db(settings).await
}

/// The file of the embedded database, if nobody has made it yet.
pub(crate) fn missing_database(settings: &Settings) -> Option<PathBuf> {
    let rest = settings.database_url.expose_secret().strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = PathBuf::from(path.split('?').next().unwrap_or_default());
    (!path.exists()).then_some(path)
}

/// The objects of the settings.
pub fn open_objects(settings: &Settings) -> anyhow::Result<Objects> {
    let env = |name: &str| std::env::var(name).ok();
    Objects::open(&settings.storage_url, &env).context("the storage cannot be opened")
}

/// How sites are published with these settings.
pub fn publisher(settings: &Settings, objects: &Objects) -> Publisher {
    Publisher::new(objects.clone(), &settings.scheme, &settings.sites_domain, OPERATOR)
}

impl House {
    /// Opens database, storage, Redis, models and channels. No outside channel is spoken to yet.
    pub async fn open(settings: Settings) -> anyhow::Result<Self> {
        Self::open_with_clock(settings, Arc::new(SystemClock)).await
    }

    /// The same under another clock.
    pub async fn open_with_clock(settings: Settings, clock: SharedClock) -> anyhow::Result<Self> {
        let db = open_db(&settings).await?;
        let objects = open_objects(&settings)?;
        let live = match &settings.redis_url {
            Some(url) => {
                Live::redis(url.expose_secret()).await.context("Redis cannot be reached")?
            }
            None => Live::in_process(),
        };
        let http = http_client()?;
        let telegram = open_telegram(&settings, &http, &objects);
        let discord = open_discord(&settings, &http, &objects, &clock);
        let whatsapp = open_whatsapp(&settings, &http, &objects);
        let mut ports = Ports::new();
        if let Some(telegram) = &telegram {
            ports = ports.with(Arc::clone(telegram) as _);
        }
        if let Some(whatsapp) = &whatsapp {
            ports = ports.with(Arc::clone(whatsapp) as _);
        }
        if let Some(discord) = &discord {
            ports = ports.with(Arc::clone(discord) as _);
        }
        let camera = settings.chromium.clone().map(|program| {
            Arc::new(Chromium::new(program, objects.clone())) as Arc<dyn PageCamera>
        });
        Ok(Self {
            camera,
            publisher: publisher(&settings, &objects),
            llm: open_models(&settings, &db, &live, &clock)?,
            intake: Intake::new(db.clone(), clock.clone()),
            telegram_name: Arc::new(OnceLock::new()),
            ports: Arc::new(ports),
            settings,
            db,
            clock,
            live,
            objects,
            telegram,
            discord,
            whatsapp,
            whatsapp_number: Arc::new(OnceLock::new()),
        })
    }

    /// Starts the workers of these roles; they end soon after `stop`.
    pub fn start(
        &self,
        roles: &[Role],
        stop: &CancellationToken,
        tasks: &mut JoinSet<()>,
    ) -> anyhow::Result<()> {
        let (db, live) = (self.db.clone(), self.live.clone());
        let token = stop.clone();
        tasks.spawn(async move { forward_wakes(&db, token).await });
        let token = stop.clone();
        tasks.spawn(async move { live.bus.forward(token).await });
        if roles.contains(&Role::Bot) {
            let driver = Arc::new(self.driver()?);
            self.work(Lane::Inbox, INBOX, driver, stop, tasks);
            self.work(Lane::Outbox, OUTBOX, Arc::new(self.sender()?), stop, tasks);
        }
        if roles.contains(&Role::Worker) {
            self.work(Lane::Jobs, JOBS, Arc::new(self.jobs()?), stop, tasks);
            let keeper =
                keeper::Keeper::new(self.db.clone(), self.clock.clone(), self.publisher.clone());
            tasks.spawn(keeper.run(stop.clone()));
        }
        Ok(())
    }

    fn work(
        &self,
        lane: Lane,
        bounds: Bounds,
        handler: Arc<dyn Handler>,
        stop: &CancellationToken,
        tasks: &mut JoinSet<()>,
    ) {
        let settings = WorkerSettings {
            concurrency: bounds.concurrency,
            lease_ms: self.settings.lease_ms,
            row_timeout: bounds.row_timeout,
            backoff: bounds.backoff,
        };
        let worker = Worker::new(self.db.clone(), self.clock.clone(), lane, settings, handler);
        tasks.spawn(worker.run(stop.clone()));
    }

    fn driver(&self) -> anyhow::Result<Driver> {
        let prices = self.settings.prices;
        let rules = HouseRules {
            signup: prices.signup,
            daily: prices.daily,
            generate: prices.generate,
            refine: self.llm.as_ref().and(Some(prices.refine).filter(|price| price.0 > 0)),
            reads_menus: self.llm.is_some(),
            speaks: self.settings.speech.is_some(),
            referral: prices.referral,
            pictures: self.camera.is_some(),
            public_url: self.settings.public_url.clone(),
            telegram_name: Arc::clone(&self.telegram_name),
            language: self.settings.language,
        };
        Ok(Driver::new(
            self.db.clone(),
            self.clock.clone(),
            self.live.clone(),
            Arc::clone(&self.ports),
            self.publisher.clone(),
            Arc::new(Texts::load()),
            rules,
        )
        .with_ear(self.ear()?)
        .with_interpreter(self.interpreter()?))
    }

    fn interpreter(&self) -> anyhow::Result<Option<Arc<dyn Interpreter>>> {
        let Some(llm) = &self.llm else { return Ok(None) };
        let prompts = Arc::new(Prompts::load()?);
        Ok(Some(Arc::new(ModelInterpreter::new(Arc::clone(llm), prompts))))
    }

    fn ear(&self) -> anyhow::Result<Option<Arc<Ear>>> {
        let Some(audio) = &self.settings.audio else { return Ok(None) };
        let log = Arc::new(DbCallLog::new(self.db.clone()));
        let speech = Speech::new(audio.clone(), http_client()?, log, self.clock.clone());
        Ok(Some(Arc::new(Ear::new(speech, Arc::clone(&self.ports), self.objects.clone()))))
    }

    fn mouth(&self) -> anyhow::Result<Option<Arc<Mouth>>> {
        let Some(speech) = &self.settings.speech else { return Ok(None) };
        let log = Arc::new(DbCallLog::new(self.db.clone()));
        let voice = Voice::new(speech.clone(), http_client()?, log, self.clock.clone());
        Ok(Some(Arc::new(Mouth::new(voice, self.objects.clone()))))
    }

    /// Who paints pictures, if anybody may.
    fn illustrator(&self, prompts: Arc<Prompts>) -> anyhow::Result<Option<Illustrator>> {
        let spend = self.settings.spend;
        let painters = self.settings.painters.iter().map(|config| {
            let log = Arc::new(DbCallLog::new(self.db.clone()));
            let (config, clock) = (config.clone(), self.clock.clone());
            Painter::new(config, CallLimits::default(), spend, log, clock)
        });
        let painters = painters
            .collect::<Result<Vec<_>, _>>()
            .context("a model for pictures cannot be set up")?;
        let objects = self.objects.clone();
        Ok((!painters.is_empty()).then(|| Illustrator::new(painters, prompts, objects)))
    }

    /// Who judges briefs, if anybody may.
    fn moderator(&self) -> anyhow::Result<Option<Arc<Moderator>>> {
        if !self.settings.moderation {
            return Ok(None);
        }
        let (log, clock) = (DbCallLog::new(self.db.clone()), self.clock.clone());
        let providers = &self.settings.providers;
        let moderator = Moderator::of(providers, http_client()?, Some(Arc::new(log)), clock);
        Ok(moderator.map(Arc::new))
    }

    fn sender(&self) -> anyhow::Result<Sender> {
        let (db, clock) = (self.db.clone(), self.clock.clone());
        let sender = Sender::new(db, clock, self.live.clone(), Arc::clone(&self.ports));
        Ok(sender.with_mouth(self.mouth()?))
    }

    fn jobs(&self) -> anyhow::Result<Jobs> {
        let prompts = Arc::new(Prompts::load()?);
        let pipeline = Pipeline::new(
            self.db.clone(),
            self.clock.clone(),
            self.live.clone(),
            self.publisher.clone(),
            self.llm.clone(),
            Arc::clone(&prompts),
        )
        .with_moderator(self.moderator()?)
        .with_illustrator(self.illustrator(Arc::clone(&prompts))?);
        let reader =
            self.llm.clone().map(|llm| MenuReader::new(llm, prompts, self.objects.clone()));
        let (db, objects) = (self.db.clone(), self.objects.clone());
        let camera = self.camera.clone();
        let comparisons = Comparisons::new(db.clone(), self.live.clone(), objects.clone(), camera);
        let (clock, ports) = (self.clock.clone(), Arc::clone(&self.ports));
        let jobs = Jobs::new(db, clock, Arc::new(pipeline), ports, objects, comparisons);
        Ok(jobs.with_reader(reader))
    }
}

/// How much of a lane is worked at once, and how patiently.
#[derive(Clone, Copy)]
struct Bounds {
    concurrency: usize,
    row_timeout: Duration,
    backoff: Backoff,
}

const INBOX: Bounds = Bounds {
    concurrency: 64,
    // A voice note may be listened to, and then somebody asked what it means.
    row_timeout: Duration::from_secs(60),
    backoff: Backoff { base_ms: 200, cap_ms: 60_000, max_attempts: 10 },
};
const OUTBOX: Bounds = Bounds {
    concurrency: 64,
    // More than a slow upload and the message after it take together.
    row_timeout: Duration::from_secs(150),
    backoff: Backoff { base_ms: 500, cap_ms: 300_000, max_attempts: 14 },
};
// Most of them wait for a model; how many do is bounded by the pipeline, so that a place is left for
// whoever said yes.
const JOBS: Bounds = Bounds {
    concurrency: 64,
    row_timeout: Duration::from_secs(15 * 60),
    backoff: Backoff { base_ms: 500, cap_ms: 60_000, max_attempts: 8 },
};

fn http_client() -> anyhow::Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CHANNEL_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    client.context("no HTTP client can be made")
}

fn open_telegram(
    settings: &Settings,
    http: &reqwest::Client,
    objects: &Objects,
) -> Option<Arc<Telegram>> {
    let telegram = settings.telegram.as_ref()?;
    let config = TelegramConfig {
        token: telegram.token.clone(),
        api_url: telegram.api_url.clone(),
        webhook_secret: telegram.webhook_secret.clone(),
    };
    let pictures = Arc::new(StoredPictures(objects.clone()));
    Some(Arc::new(Telegram::new(config, http.clone(), pictures)))
}

fn open_discord(
    settings: &Settings,
    http: &reqwest::Client,
    objects: &Objects,
    clock: &SharedClock,
) -> Option<Arc<Discord>> {
    let discord = settings.discord.as_ref()?;
    let config = DiscordConfig {
        token: discord.token.clone(),
        api_url: discord.api_url.clone(),
        public_url: settings.public_url.clone(),
    };
    let pictures = Arc::new(StoredPictures(objects.clone()));
    Some(Arc::new(Discord::new(config, http.clone(), pictures, clock.clone())))
}

fn open_whatsapp(
    settings: &Settings,
    http: &reqwest::Client,
    objects: &Objects,
) -> Option<Arc<Whatsapp>> {
    let whatsapp = settings.whatsapp.as_ref()?;
    let config = WhatsappConfig {
        access_token: whatsapp.access_token.clone(),
        phone_number_id: whatsapp.phone_number_id.clone(),
        app_secret: whatsapp.app_secret.clone(),
        verify_token: whatsapp.verify_token.clone(),
        api_url: whatsapp.api_url.clone(),
        template: whatsapp.template.clone(),
    };
    let pictures = Arc::new(StoredPictures(objects.clone()));
    Some(Arc::new(Whatsapp::new(config, http.clone(), pictures)))
}

fn open_models(
    settings: &Settings,
    db: &Db,
    live: &Live,
    clock: &SharedClock,
) -> anyhow::Result<Option<Arc<dyn Llm>>> {
    let providers = settings
        .providers
        .iter()
        .map(|config| OpenAiProvider::new(config.clone(), CallLimits::default(), clock.clone()))
        .collect::<Result<Vec<_>, _>>()
        .context("a model cannot be set up")?;
    if providers.is_empty() {
        return Ok(None);
    }
    let records = Records {
        cache: Some(AnswerCache::new(db.clone(), live.shelf.clone())),
        log: Some(Arc::new(DbCallLog::new(db.clone()))),
    };
    let config = StackConfig { spend: settings.spend, ..StackConfig::default() };
    Ok(Some(Arc::new(LlmStack::with_records(providers, config, clock.clone(), records))))
}
