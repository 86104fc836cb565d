//! Telegram without a webhook: long polling. An update is confirmed only after it is committed.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sitespark_bot::channels::telegram::{Telegram, parse_update};
use sitespark_bot::inbox::Intake;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::house::House;

/// How long Telegram holds a poll open.
const HOLD_S: u64 = 25;
/// Rest after a poll or set-up failed.
const REST: Duration = Duration::from_secs(3);

/// Sets Telegram up and, where there is no public https address, starts polling.
pub fn start(
    house: &House,
    takes_updates: bool,
    stop: &CancellationToken,
    tasks: &mut JoinSet<()>,
) {
    let (Some(telegram), Some(settings)) = (&house.telegram, &house.settings.telegram) else {
        return;
    };
    let poll = Poll {
        telegram: Arc::clone(telegram),
        intake: house.intake.clone(),
        name: Arc::clone(&house.telegram_name),
        webhook: (!settings.polling)
            .then(|| format!("{}/webhook/telegram", house.settings.public_url)),
        takes_updates,
        stop: stop.clone(),
    };
    tasks.spawn(poll.run());
}

struct Poll {
    telegram: Arc<Telegram>,
    intake: Intake,
    name: Arc<OnceLock<String>>,
    webhook: Option<String>,
    /// Otherwise only the bot's name is wanted, for invitation links.
    takes_updates: bool,
    stop: CancellationToken,
}

impl Poll {
    async fn run(self) {
        let stop = self.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.work() => {}
        }
    }

    async fn work(&self) {
        loop {
            match self.telegram.setup(self.webhook.as_deref()).await {
                Ok(account) => {
                    tracing::info!(bot = account.username, "Telegram is set up");
                    // Set once; a second set-up tells the same.
                    let _same = self.name.set(account.username);
                    break;
                }
                Err(error) => {
                    tracing::error!(%error, "Telegram could not be set up; trying again");
                    tokio::time::sleep(error.rest(REST)).await;
                }
            }
        }
        if self.webhook.is_none() && self.takes_updates {
            self.poll().await;
        }
    }

    async fn poll(&self) {
        let mut offset = 0;
        loop {
            match self.telegram.poll(offset, HOLD_S).await {
                Ok(updates) => {
                    let bodies = updates.iter().map(|(_, body)| body.as_slice());
                    self.take(bodies).await;
                    offset = updates.last().map_or(offset, |(id, _)| id + 1);
                }
                Err(error) => {
                    tracing::warn!(%error, "polling Telegram failed; trying again");
                    tokio::time::sleep(error.rest(REST)).await;
                }
            }
        }
    }

    /// Returns only when the updates are durable, or can never be read. Together, so that what
    /// somebody wrote in one moment is seen as one turn.
    async fn take(&self, bodies: impl Iterator<Item = &[u8]>) {
        let name = self.name.get().map(String::as_str);
        let read = bodies.filter_map(|body| {
            parse_update(body, name)
                .inspect_err(|error| {
                    tracing::warn!(%error, size_bytes = body.len(), "an update was passed over unread");
                })
                .ok()
        });
        let updates: Vec<_> = read.collect();
        while let Err(error) = self.intake.receive_updates(&updates).await {
            tracing::error!(%error, "updates could not be stored; trying again");
            tokio::time::sleep(REST).await;
        }
    }
}
