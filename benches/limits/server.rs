//! The whole program, put together as `sitespark serve` does, on a loopback port and a throw-away
//! folder, speaking to the load generator's Bot API at no more than its own pace.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use metrics_exporter_prometheus::PrometheusBuilder;
use sitespark::config::Settings;
use sitespark::house::House;
use sitespark::http::run_http;
use sitespark::serve::{ALL_ROLES, build_front};
use sitespark_bot::channels::telegram::Telegram;
use sitespark_bot::channels::{ChannelPort, FetchError, Pace, Ports, SendError, Sent};
use sitespark_bot::message::{Channel, FileRef, Message, Reaction};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The token the fake Bot API is spoken to with, and the secret of the webhook.
pub(crate) const SECRET: &str = "bench-secret";
/// A pace that never slows anything down.
const UNPACED: Pace =
    Pace { per_chat_interval_ms: 1, burst: 100_000, per_second_total: 1_000_000, edits: true };

/// A running house.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

/// Telegram without the pace Telegram asks for: the limit to be found is ours.
struct Unpaced(Arc<Telegram>);

#[async_trait]
impl ChannelPort for Unpaced {
    fn channel(&self) -> Channel {
        self.0.channel()
    }
    fn split(&self, message: Message) -> Vec<Message> {
        self.0.split(message)
    }
    fn shows_numbers(&self, message: &Message) -> bool {
        self.0.shows_numbers(message)
    }
    async fn send(
        &self,
        chat: &str,
        piece: &Message,
        edit: Option<&str>,
    ) -> Result<Sent, SendError> {
        self.0.send(chat, piece, edit).await
    }
    async fn show_typing(&self, chat: &str, inbound_ref: Option<&str>) {
        self.0.show_typing(chat, inbound_ref).await;
    }
    async fn acknowledge(&self, inbound_ref: &str) {
        self.0.acknowledge(inbound_ref).await;
    }
    async fn react(
        &self,
        chat: &str,
        message: &str,
        inbound_ref: Option<&str>,
        reaction: Reaction,
    ) {
        self.0.react(chat, message, inbound_ref, reaction).await;
    }
    async fn fetch(&self, file: &FileRef, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
        self.0.fetch(file, max_bytes).await
    }
    fn pace(&self) -> Pace {
        UNPACED
    }
}

/// A house in this folder; with a Bot API if one is told.
pub(crate) async fn open_house(
    folder: &Path,
    database_url: Option<&str>,
    bot_api: Option<SocketAddr>,
) -> anyhow::Result<House> {
    open_house_with(folder, database_url, bot_api, &[]).await
}

/// The same with more settings.
pub(crate) async fn open_house_with(
    folder: &Path,
    database_url: Option<&str>,
    bot_api: Option<SocketAddr>,
    more: &[(&'static str, String)],
) -> anyhow::Result<House> {
    let mut told: HashMap<&str, String> = more.iter().cloned().collect();
    told.insert("DATA_DIR", folder.display().to_string());
    told.insert("LOG", "error".to_owned());
    // Updates are delivered, not polled.
    told.insert("PUBLIC_URL", "https://bench.test".to_owned());
    told.insert("SITES_DOMAIN", "sites.test".to_owned());
    if let Some(url) = database_url {
        told.insert("DATABASE_URL", url.to_owned());
    }
    if let Some(api) = bot_api {
        told.insert("TELEGRAM_BOT_TOKEN", "1:bench".to_owned());
        told.insert("TELEGRAM_WEBHOOK_SECRET", SECRET.to_owned());
        told.insert("TELEGRAM_API_URL", format!("http://{api}"));
    }
    let settings = Settings::read(&|name| told.get(name).cloned())?;
    let mut house = House::open(settings).await?;
    if let Some(telegram) = &house.telegram {
        house.ports = Arc::new(Ports::new().with(Arc::new(Unpaced(Arc::clone(telegram)))));
    }
    Ok(house)
}

impl Server {
    /// Starts every role of a house behind a free port.
    pub(crate) async fn start(house: &House) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no port is free")?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let front = build_front(house, &ALL_ROLES, metrics, &stop, &mut tasks).await?;
        house.start(&ALL_ROLES, &stop, &mut tasks)?;
        let token = stop.clone();
        tasks.spawn(async move {
            run_http(listener, front, &token).await;
        });
        Ok(Self { address, stop, tasks })
    }

    /// Stops it and waits for its workers.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}
