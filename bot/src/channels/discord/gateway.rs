//! Plain messages come only over Discord's gateway, a WebSocket that serenity keeps up.
//!
//! It runs on a thread of its own with one task at a time, because it hands every event to a new
//! task: so they stay in the order they came in. What is heard goes into a bounded line; nothing
//! is decided here.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;
use serenity::all::{
    ClientBuilder, Context, Event, GatewayIntents, HttpBuilder, Interaction, RawEventHandler,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::channels::SendError;

use super::Discord;
use super::api::Cargo;

/// Events that wait to be stored; beyond that the gateway waits.
const MOST_WAITING: usize = 1_024;
/// How long the connection may take to be let go of.
const CLOSING: Duration = Duration::from_secs(2);

/// Something that came over the gateway, as JSON for the parsers of this module.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// For [`parse_letter`](super::parse_letter).
    Letter(Vec<u8>),
    /// For [`parse_interaction`](super::parse_interaction).
    Interaction(Vec<u8>),
}

struct Listener {
    line: mpsc::Sender<Heard>,
}

#[async_trait]
impl RawEventHandler for Listener {
    async fn raw_event(&self, _ctx: Context, event: Event) {
        let heard = match event {
            Event::MessageCreate(letter) => serde_json::to_vec(&letter.message).map(Heard::Letter),
            Event::MessageUpdate(change) if change.content.is_some() => {
                serde_json::to_vec(&change).map(Heard::Letter)
            }
            Event::InteractionCreate(asked) => interaction_json(&asked.interaction),
            _ => return,
        };
        match heard {
            // Nobody listens any more when the program ends.
            Ok(heard) => drop(self.line.send(heard).await),
            Err(error) => tracing::warn!(%error, "an event of the gateway was passed over"),
        }
    }
}

/// An interaction as it came, with its kind, which the library keeps to itself.
fn interaction_json(interaction: &Interaction) -> Result<Heard, serde_json::Error> {
    let kind = match interaction {
        Interaction::Command(_) => 2,
        Interaction::Component(_) => 3,
        Interaction::Autocomplete(_) => 4,
        Interaction::Modal(_) => 5,
        // The gateway is not pinged that way, and what is new is answered with silence.
        _ => 0,
    };
    let mut told = serde_json::to_value(interaction)?;
    told["type"] = Value::from(kind);
    serde_json::to_vec(&told).map(Heard::Interaction)
}

/// Connects to the gateway and gives what comes over it until `stop`. The line ends when the
/// connection cannot be kept: then it is time to connect again.
pub async fn listen(
    discord: &Arc<Discord>,
    stop: &CancellationToken,
) -> Result<mpsc::Receiver<Heard>, SendError> {
    let told = discord.api.call(Method::GET, "gateway/bot", Cargo::Nothing).await?;
    let url = told.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    let shards = told.get("shards").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let (line, heard) = mpsc::channel(MOST_WAITING);
    let connection = Connection {
        token: discord.token.expose_secret().to_owned(),
        origin: discord.origin.clone(),
        url,
        shards: shards.unwrap_or(1).max(1),
        line,
        stop: stop.clone(),
    };
    let thread = std::thread::Builder::new().name("discord-gateway".to_owned());
    let started = thread.spawn(move || connection.run());
    started.map_err(|error| SendError::Transient(error.to_string()))?;
    Ok(heard)
}

struct Connection {
    token: String,
    origin: String,
    url: String,
    shards: u32,
    line: mpsc::Sender<Heard>,
    stop: CancellationToken,
}

impl Connection {
    fn run(self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        match runtime {
            Ok(runtime) => {
                runtime.block_on(self.keep());
                runtime.shutdown_timeout(CLOSING);
            }
            Err(error) => tracing::error!(%error, "the gateway has no thread to run on"),
        }
    }

    async fn keep(self) {
        let intents = GatewayIntents::DIRECT_MESSAGES | GatewayIntents::GUILD_MESSAGES;
        let http = HttpBuilder::new(&self.token).proxy(self.origin).ratelimiter_disabled(true);
        let listener = Listener { line: self.line };
        let client =
            ClientBuilder::new_with_http(http.build(), intents).raw_event_handler(listener).await;
        let mut client = match client {
            Ok(client) => client,
            Err(error) => return tracing::error!(%error, "the gateway cannot be reached"),
        };
        // Where we were told to go, never a place the library makes up.
        *client.ws_url.lock().await = self.url;
        let manager = Arc::clone(&client.shard_manager);
        tokio::select! {
            () = self.stop.cancelled() => manager.shutdown_all().await,
            ended = client.start_shards(self.shards) => {
                if let Err(error) = ended {
                    tracing::warn!(%error, "the gateway's connection ended");
                }
            }
        }
    }
}
