//! Signs that a message was seen, emoji on it, and the pace at which a person's messages are taken.

use std::sync::Arc;
use std::time::Duration;

use sitespark_core::live::Limit;
use sitespark_core::users::Tier;
use tokio_util::task::AbortOnDropHandle;

use super::Driver;
use crate::message::{Channel, Content, Inbound, Reaction};
use crate::store;

/// Signs of attention under way at once; more are left out.
pub(super) const MOST_ATTENTION: usize = 32;
/// An answer within this time needs no sign that it is being written.
const TYPING_AFTER: Duration = Duration::from_millis(300);
/// How many messages may come at once before the steady rate applies.
const BURST_SHARE: u32 = 2;

/// An emoji that is to be put on a message once its turn is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wished {
    pub(super) channel: Channel,
    pub(super) chat: String,
    /// What the channel calls the message, and what it wants named of it.
    pub(super) message: String,
    pub(super) seen: Option<String>,
    pub(super) reaction: Reaction,
}

impl Driver {
    /// Puts an emoji on a message. Nobody waits for it, it may fail, and it is tried once.
    pub(super) fn put_on(&self, wished: Wished) {
        let Some(port) = self.ports.get(wished.channel).cloned() else { return };
        self.aside(async move {
            let Wished { chat, message, seen, reaction, .. } = wished;
            port.react(&chat, &message, seen.as_deref(), reaction).await;
        });
    }

    /// Answers a tap, and shows that an answer is coming where it does not come at once: until what
    /// is given back is dropped. Nobody waits for it, and it may fail.
    pub(super) fn show_attention(&self, inbound: &Inbound) -> Option<AbortOnDropHandle<()>> {
        // What is mostly taken in silence must not look as if an answer were written.
        if inbound.edited || matches!(inbound.content, Content::Reaction { .. }) {
            return None;
        }
        let port = self.ports.get(inbound.channel).cloned()?;
        let (chat, seen) = (inbound.chat.clone(), inbound.acknowledge.clone());
        // A tap may carry nothing; it waits for an answer all the same.
        let is_tap = matches!(inbound.content, Content::Choice { .. } | Content::Unsupported);
        if let (true, Some(tap)) = (is_tap, seen.clone()) {
            let port = Arc::clone(&port);
            self.aside(async move { port.acknowledge(&tap).await });
        }
        if port.typing_is_receipt() {
            self.aside(async move { port.show_typing(&chat, seen.as_deref()).await });
            return None;
        }
        let attention = Arc::clone(&self.attention);
        Some(AbortOnDropHandle::new(tokio::spawn(async move {
            tokio::time::sleep(TYPING_AFTER).await;
            if let Ok(_place) = attention.try_acquire_owned() {
                port.show_typing(&chat, seen.as_deref()).await;
            }
        })))
    }

    /// Lets a sign of attention go its own way, unless too many do.
    fn aside(&self, sign: impl Future<Output = ()> + Send + 'static) {
        if let Ok(place) = Arc::clone(&self.attention).try_acquire_owned() {
            tokio::spawn(async move {
                sign.await;
                drop(place);
            });
        }
    }

    /// Slows down whoever writes faster than their tier allows; nothing is lost, it waits.
    pub(super) async fn must_wait(&self, inbound: &Inbound) -> Result<Option<i64>, sqlx::Error> {
        // The operator's own script is no flood.
        if inbound.channel == Channel::Terminal {
            return Ok(None);
        }
        let external_id = &inbound.sender.external_id;
        let now_ms = self.clock.now_ms();
        let person = format!("{}:{external_id}", inbound.channel.slug());
        let tier = match self.tiers.get(&person, now_ms) {
            Some(tier) => tier,
            None => {
                let reach = store::reach_of(&self.db, inbound.channel, external_id).await?;
                let tier = reach.map_or(Tier::Free, |(tier, _)| Tier::from_slug(&tier));
                self.tiers.note(&person, tier, now_ms);
                tier
            }
        };
        let per_minute = tier.messages_per_minute();
        let limit = Limit { per_minute, burst: per_minute / BURST_SHARE };
        Ok(self.live.limiter.take(&format!("say:{person}"), limit, now_ms).await.err())
    }
}
