//! Discord: its commands are registered at the start, its gateway is listened to. What is heard is
//! stored before the next thing is taken from the line.

use std::sync::Arc;
use std::time::Duration;

use sitespark_bot::channels::SendError;
use sitespark_bot::channels::discord::Discord;
#[cfg(feature = "discord")]
use sitespark_bot::channels::discord::{Heard, listen, parse_interaction, parse_letter};
#[cfg(feature = "discord")]
use sitespark_bot::inbox::Intake;
#[cfg(feature = "discord")]
use sitespark_bot::message::Inbound;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// Rest after the connection or the set-up failed.
const REST: Duration = Duration::from_secs(5);

/// Sets Discord up and listens, where it is on.
pub fn start(house: &House, stop: &CancellationToken, tasks: &mut JoinSet<()>) {
    let Some(discord) = &house.discord else { return };
    let listening = Listening {
        discord: Arc::clone(discord),
        #[cfg(feature = "discord")]
        intake: house.intake.clone(),
        public_key: house.settings.discord_key.clone(),
        stop: stop.clone(),
    };
    tasks.spawn(listening.run());
}

struct Listening {
    discord: Arc<Discord>,
    #[cfg(feature = "discord")]
    intake: Intake,
    public_key: Option<String>,
    stop: CancellationToken,
}

impl Listening {
    async fn run(self) {
        let stop = self.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.work() => {}
        }
    }

    async fn work(&self) {
        let own_id = self.set_up().await;
        #[cfg(feature = "discord")]
        loop {
            match listen(&self.discord, &self.stop).await {
                Ok(mut line) => {
                    while let Some(heard) = line.recv().await {
                        self.take(heard, &own_id).await;
                    }
                    tracing::warn!("Discord's gateway let go of us; connecting again");
                    tokio::time::sleep(REST).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "Discord's gateway cannot be reached; trying again");
                    tokio::time::sleep(rest_of(&error)).await;
                }
            }
        }
        #[cfg(not(feature = "discord"))]
        tracing::info!(own_id, "built without Discord's gateway: commands and buttons only");
    }

    /// Registers the commands; gives who we are.
    async fn set_up(&self) -> String {
        loop {
            match self.discord.setup().await {
                Ok(account) => {
                    let differs = |key: &String| *key != account.public_key;
                    if self.public_key.as_ref().is_some_and(differs) {
                        tracing::error!("DISCORD_PUBLIC_KEY is not the key of this bot");
                    }
                    tracing::info!(
                        bot = account.name,
                        interactions_url = account.interactions_url,
                        "Discord is set up"
                    );
                    return account.id;
                }
                Err(error) => {
                    tracing::error!(%error, "Discord could not be set up; trying again");
                    tokio::time::sleep(rest_of(&error)).await;
                }
            }
        }
    }

    #[cfg(feature = "discord")]
    async fn take(&self, heard: Heard, own_id: &str) {
        match heard {
            Heard::Letter(body) => match parse_letter(&body, own_id) {
                Ok(inbounds) => self.store(&inbounds).await,
                Err(error) => tracing::warn!(%error, "a message was passed over unread"),
            },
            Heard::Interaction(body) => match parse_interaction(&body) {
                Ok(interaction) => {
                    let inbound = interaction.inbound.as_ref();
                    self.store(inbound.map(std::slice::from_ref).unwrap_or_default()).await;
                    let (callback, answer) = (&interaction.callback, &interaction.answer);
                    if let Err(error) = self.discord.answer(callback, answer).await {
                        tracing::warn!(%error, "an interaction got no first answer");
                    }
                }
                Err(error) => tracing::warn!(%error, "an interaction was passed over unread"),
            },
        }
    }

    /// Returns only when it is durable: the gateway does not say it again.
    #[cfg(feature = "discord")]
    async fn store(&self, inbounds: &[Inbound]) {
        while let Err(error) = self.intake.receive(inbounds).await {
            tracing::error!(%error, "a message could not be stored; trying again");
            tokio::time::sleep(REST).await;
        }
    }
}

fn rest_of(error: &SendError) -> Duration {
    match error {
        SendError::RetryAfter { ms } => Duration::from_millis(*ms),
        SendError::Transient(_)
        | SendError::Gone(_)
        | SendError::Moved { .. }
        | SendError::WindowClosed
        | SendError::Rejected(_)
        | SendError::Misconfigured(_) => REST,
    }
}
