//! Discord: its commands are registered at the start, its gateway is listened to. What is heard is
//! stored before the next thing is taken from the line.

use std::sync::Arc;
use std::time::Duration;

use sitespark_bot::channels::discord::Discord;
#[cfg(feature = "discord")]
use sitespark_bot::channels::discord::{Heard, listen, parse_interaction, parse_letter};
#[cfg(feature = "discord")]
use sitespark_bot::inbox::Intake;
#[cfg(feature = "discord")]
use sitespark_bot::message::Inbound;
#[cfg(feature = "discord")]
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// Rest after the connection or the set-up failed.
const REST: Duration = Duration::from_secs(5);
/// How long what was heard before the stop may take to be stored.
#[cfg(feature = "discord")]
const DRAIN: Duration = Duration::from_secs(10);

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
        let Some(own_id) = self.stop.run_until_cancelled(self.set_up()).await else { return };
        #[cfg(feature = "discord")]
        while let Some(rest) = self.listen(&own_id).await {
            if self.stop.run_until_cancelled(tokio::time::sleep(rest)).await.is_none() {
                return;
            }
        }
        #[cfg(not(feature = "discord"))]
        tracing::info!(own_id, "built without Discord's gateway: commands and buttons only");
    }

    /// Takes what the gateway says until the connection ends. Answers how long to rest before the next
    /// one, or nothing when it is time to stop.
    #[cfg(feature = "discord")]
    async fn listen(&self, own_id: &str) -> Option<Duration> {
        let connecting = listen(&self.discord, &self.stop);
        match self.stop.run_until_cancelled(connecting).await? {
            Ok(mut line) => {
                self.take_all(&mut line, own_id).await;
                if self.stop.is_cancelled() {
                    return None;
                }
                tracing::warn!("Discord's gateway let go of us; connecting again");
                Some(REST)
            }
            Err(error) => {
                tracing::warn!(%error, "Discord's gateway cannot be reached; trying again");
                Some(error.rest(REST))
            }
        }
    }

    /// Takes what is in the line until it ends. The stop ends the connection and with it the line, not what
    /// was heard before: the gateway does not say it again.
    #[cfg(feature = "discord")]
    async fn take_all(&self, line: &mut Receiver<Heard>, own_id: &str) {
        let all = async {
            while let Some(heard) = line.recv().await {
                self.take(heard, own_id).await;
            }
        };
        let too_long = async {
            self.stop.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            () = all => {}
            () = too_long => tracing::error!("what Discord said last could not be stored"),
        }
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
                    tokio::time::sleep(error.rest(REST)).await;
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

#[cfg(all(test, feature = "discord"))]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Settings;

    #[tokio::test]
    async fn what_was_heard_before_the_stop_is_stored() {
        crate::init_tls();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().display().to_string();
        let lookup = |name: &str| match name {
            "DATA_DIR" => Some(data.clone()),
            "DISCORD_BOT_TOKEN" => Some("x".to_owned()),
            _ => None,
        };
        let house = House::open(Settings::read(&lookup).unwrap()).await.unwrap();
        let listening = Listening {
            discord: house.discord.clone().unwrap(),
            intake: house.intake.clone(),
            public_key: None,
            stop: CancellationToken::new(),
        };
        let (heard, mut line) = tokio::sync::mpsc::channel(8);
        for number in 0..3 {
            let letter = json!({ "id": format!("100{number}"), "channel_id": "5", "type": 0,
                "author": { "id": "7", "username": "ani" }, "content": format!("halo {number}") });
            heard.send(Heard::Letter(serde_json::to_vec(&letter).unwrap())).await.unwrap();
        }
        drop(heard);
        listening.stop.cancel();
        listening.take_all(&mut line, "9").await;
        let depths = sitespark_core::queue::depths(&house.db).await.unwrap();
        assert_eq!(depths.iter().map(|depth| depth.open).sum::<i64>(), 3);
    }
}
