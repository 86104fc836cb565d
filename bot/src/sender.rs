//! From an outbox row to the channel: one row, one request, at the channel's pace.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use sitespark_core::clock::SharedClock;
use sitespark_core::db::Db;
use sitespark_core::live::{Limit, Live, News};
use sitespark_core::queue::{self, Claimed, Handler, QueueError, Verdict};
use sitespark_core::users;

use crate::channels::{ChannelPort, Errand, Pace, Ports, SendError, Sent};
use crate::deliveries::{self, HOLD_AT_MOST_MS, HOLD_MS, Taken};
use crate::outbox::OutboxRow;
use crate::speaking::{Mouth, Read};
use crate::store::{self, Line, Whereabouts};

/// Works the outbox.
pub struct Sender {
    db: Db,
    clock: SharedClock,
    live: Live,
    ports: Arc<Ports>,
    mouth: Option<Arc<Mouth>>,
}

/// How long a voice note may be on its way; later the talk has gone on without it.
const VOICE_FRESH_MS: i64 = 5 * 60 * 1_000;
/// How soon it is looked again whether a voice note's turn has come.
const VOICE_REST_MS: i64 = 500;
/// How long a row rests when the channel's account needs an operator.
const MISCONFIGURED_REST_MS: i64 = 60_000;
/// Over how long those are spread who are more than a channel takes in all.
const CROWD_SPREAD_MS: i64 = 1_000;
/// Milliseconds of a minute, for paces told per message.
const MINUTE_MS: u64 = 60_000;

impl Sender {
    /// A sender over these channels.
    pub fn new(db: Db, clock: SharedClock, live: Live, ports: Arc<Ports>) -> Self {
        Self { db, clock, live, ports, mouth: None }
    }

    /// A sender that has words read aloud.
    #[must_use]
    pub fn with_mouth(mut self, mouth: Option<Arc<Mouth>>) -> Self {
        self.mouth = mouth;
        self
    }

    /// Has the words of a voice note read, and lets the words it repeats go before it. A verdict where
    /// it is not to be sent now, or at all: what is not to be had is left out.
    async fn prepare_voice(&self, row: &Claimed, out: &mut OutboxRow) -> Result<(), Verdict> {
        let Some(note) = &mut out.piece.voice else { return Ok(()) };
        let now_ms = self.clock.now_ms();
        let is_fresh = now_ms - row.created_at_ms < VOICE_FRESH_MS;
        let Some(mouth) = self.mouth.as_ref().filter(|_| is_fresh) else {
            return Err(Verdict::Done);
        };
        let retry = |error: sqlx::Error| Verdict::Retry(error.to_string());
        // Who is gone or wants nothing from us is read nothing, and nothing of it is kept.
        match store::whereabouts(&self.db, out.conversation).await.map_err(retry)? {
            Some(place) if !place.muted => {}
            Some(_) | None => return Err(Verdict::Done),
        }
        match mouth.read(&note.words, out.conversation, now_ms).await {
            Read::Kept(key) => {
                // Reading takes a while: whoever was forgotten meanwhile leaves nothing here.
                if store::whereabouts(&self.db, out.conversation).await.map_err(retry)?.is_none() {
                    mouth.forget(&key, out.conversation).await;
                    return Err(Verdict::Done);
                }
                note.key = Some(key);
            }
            Read::Busy => return Err(Verdict::Later(VOICE_REST_MS)),
            Read::Silent => return Err(Verdict::Done),
        }
        match queue::has_elders(&self.db, row).await.map_err(retry)? {
            true => Err(Verdict::Later(VOICE_REST_MS)),
            false => Ok(()),
        }
    }

    /// What is said on a channel of our own goes into its transcript, exactly once.
    async fn write_down(&self, row: &Claimed, out: OutboxRow) -> Result<(), QueueError> {
        let now_ms = self.clock.now_ms();
        let line = Line {
            seq: 0,
            cause: row.cause.clone(),
            from_bot: true,
            message: out.piece,
            state: out.state,
            at_ms: now_ms,
        };
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        store::append_line(&mut tx, out.channel, &out.chat, &line).await?;
        tx.commit().await?;
        let channel = out.channel.slug().to_owned();
        self.live.bus.publish(News::Chat { channel, chat: out.chat }).await;
        Ok(())
    }

    async fn send(&self, row: &Claimed, mut out: OutboxRow, port: &dyn ChannelPort) -> Verdict {
        let place = match store::whereabouts(&self.db, out.conversation).await {
            Ok(place) => place,
            Err(error) => return Verdict::Retry(error.to_string()),
        };
        let is_remembered = place.is_some();
        if let Some(place) = place {
            if place.muted {
                return Verdict::Done;
            }
            if self.is_window_closed(&place, port) {
                return self.hold(row, &out, Some(&place), port).await;
            }
            // The chat may have another name since this was put in.
            out.chat = place.chat;
            out.external_id = place.external_id;
        }
        let edit = match &out.piece.progress {
            None => None,
            Some(bubble) => {
                match deliveries::bubble_ref(&self.db, out.conversation, &bubble.key).await {
                    Ok(found) => found,
                    Err(error) => return Verdict::Retry(error.to_string()),
                }
            }
        };
        if !port.pace().is_worth_sending(&out.piece, edit.as_deref()) {
            return Verdict::Done;
        }
        if let Err(wait_ms) = self.keep_pace(&out, port.pace()).await {
            return Verdict::Later(wait_ms);
        }
        match self.deliver(row, &out, edit.as_deref(), port).await {
            // An emoji is put on the words, and is looked up under their name.
            Ok(_) if out.piece.voice.is_some() => Verdict::Done,
            // Nothing is kept of what was said to somebody who was forgotten.
            Ok(_) if !is_remembered => Verdict::Done,
            // Of most that can neither fail later nor be edited nothing is ever looked up.
            Ok(_) if !out.is_looked_up() && !port.tells_failures_later() => Verdict::Done,
            Ok(sent) => match self.note(row, &out, &sent, port).await {
                Ok(()) => Verdict::Finished,
                Err(error) => Verdict::Retry(error.to_string()),
            },
            Err(SendError::WindowClosed) => self.hold(row, &out, None, port).await,
            Err(error) => self.judge(row, &out, error).await,
        }
    }

    async fn deliver(
        &self,
        row: &Claimed,
        out: &OutboxRow,
        edit: Option<&str>,
        port: &dyn ChannelPort,
    ) -> Result<Sent, SendError> {
        let errand = Errand {
            chat: &out.chat,
            piece: &out.piece,
            edit,
            reply_to: out.reply_to.as_deref(),
            once: &row.cause,
        };
        match port.deliver(errand).await {
            // What was sent before stays behind in the old chat: nothing can be edited in the new one.
            Err(SendError::Moved { chat }) => {
                port.deliver(Errand { chat: &chat, edit: None, ..errand }).await
            }
            other => other,
        }
    }

    /// Whether the person wrote too long ago for a free answer.
    fn is_window_closed(&self, place: &Whereabouts, port: &dyn ChannelPort) -> bool {
        let since_ms = self.clock.now_ms() - place.last_inbound_at_ms;
        port.free_ms().is_some_and(|free_ms| since_ms >= free_ms)
    }

    /// Keeps a row until the person writes again, and asks them to, once, where there is a way.
    async fn hold(
        &self,
        row: &Claimed,
        out: &OutboxRow,
        place: Option<&Whereabouts>,
        port: &dyn ChannelPort,
    ) -> Verdict {
        let why = SendError::WindowClosed.to_string();
        if out.piece.voice.is_some() {
            return Verdict::Done;
        }
        if self.clock.now_ms() - row.created_at_ms >= HOLD_AT_MOST_MS {
            return Verdict::Dead(why);
        }
        let nudged_at_ms = place.and_then(|place| place.nudged_at_ms).unwrap_or(0);
        if let Some(place) = place.filter(|place| nudged_at_ms <= place.last_inbound_at_ms) {
            match port.nudge(&place.chat, &place.language).await {
                Ok(false) => {}
                Ok(true) => {
                    if let Err(error) = self.note_nudge(out).await {
                        return Verdict::Retry(error.to_string());
                    }
                }
                Err(error) => tracing::warn!(%error, "nobody could be asked to write"),
            }
        }
        Verdict::RetryAfter(HOLD_MS, why)
    }

    async fn note_nudge(&self, out: &OutboxRow) -> Result<(), sqlx::Error> {
        let mut tx = self.db.begin().await?;
        store::note_nudge(&mut tx, out.conversation, self.clock.now_ms()).await?;
        tx.commit().await
    }

    async fn keep_pace(&self, out: &OutboxRow, pace: Pace) -> Result<(), i64> {
        let now_ms = self.clock.now_ms();
        let per_minute = |interval_ms: u64| {
            u32::try_from(MINUTE_MS / interval_ms.max(1)).unwrap_or(u32::MAX).max(1)
        };
        let chat =
            Limit { per_minute: per_minute(pace.per_chat_interval_ms), burst: pace.burst.max(1) };
        let total = Limit {
            per_minute: pace.per_second_total.saturating_mul(60).max(1),
            burst: pace.per_second_total.max(1),
        };
        let channel = out.channel.slug();
        let limiter = &self.live.limiter;
        // The chat's own place last: who is refused for the crowd has not used it up.
        if let Err(wait_ms) = limiter.take(&format!("pace:{channel}"), total, now_ms).await {
            // Not all of a crowd at the same moment again.
            return Err(wait_ms + rand::random_range(0..CROWD_SPREAD_MS));
        }
        limiter.take(&format!("pace:{channel}:{}", out.chat), chat, now_ms).await
    }

    async fn note(
        &self,
        row: &Claimed,
        out: &OutboxRow,
        sent: &Sent,
        port: &dyn ChannelPort,
    ) -> Result<(), QueueError> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        if !sent.message_ref.is_empty() {
            let may_fail_later = port.tells_failures_later();
            let taken = Taken { row: out, message_ref: &sent.message_ref, may_fail_later };
            deliveries::note_taken(&mut tx, taken, now_ms).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Tries again once an operator may have acted; nobody wants to read it after a week.
    fn rest(&self, row: &Claimed, why: String) -> Verdict {
        let waited_ms = self.clock.now_ms() - row.created_at_ms;
        if waited_ms >= HOLD_AT_MOST_MS {
            return Verdict::Dead(why);
        }
        // Longer the longer it has waited already.
        Verdict::RetryAfter(MISCONFIGURED_REST_MS.max(waited_ms / 4), why)
    }

    async fn judge(&self, row: &Claimed, out: &OutboxRow, error: SendError) -> Verdict {
        let text = error.to_string();
        match error {
            SendError::RetryAfter { ms } => {
                Verdict::RetryAfter(i64::try_from(ms).unwrap_or(MISCONFIGURED_REST_MS), text)
            }
            SendError::Transient(_) => Verdict::Retry(text),
            SendError::Gone(_) => match self.mute(out).await {
                Ok(()) => Verdict::Done,
                Err(error) => Verdict::Retry(error.to_string()),
            },
            // The words are there; some people take no voice notes.
            SendError::Rejected(_) if out.piece.voice.is_some() => {
                tracing::warn!(
                    channel = out.channel.slug(),
                    error = text,
                    "a voice note is refused"
                );
                Verdict::Done
            }
            SendError::Moved { .. } | SendError::WindowClosed | SendError::Rejected(_) => {
                Verdict::Dead(text)
            }
            SendError::Misconfigured(_) => self.rest(row, text),
        }
    }

    async fn mute(&self, out: &OutboxRow) -> Result<(), sqlx::Error> {
        let mut tx = self.db.begin().await?;
        users::mark_muted(&mut tx, out.channel.slug(), &out.external_id, true).await?;
        tx.commit().await
    }
}

#[async_trait]
impl Handler for Sender {
    async fn handle(&self, row: &Claimed) -> Verdict {
        let mut out: OutboxRow = match OutboxRow::deserialize(&row.payload) {
            Ok(out) => out,
            Err(error) => return Verdict::Dead(format!("the row cannot be read: {error}")),
        };
        if let Err(verdict) = self.prepare_voice(row, &mut out).await {
            return verdict;
        }
        if Ports::is_local(out.channel) {
            return match self.write_down(row, out).await {
                Ok(()) => Verdict::Finished,
                Err(error) => Verdict::Retry(error.to_string()),
            };
        }
        match self.ports.get(out.channel).cloned() {
            Some(port) => self.send(row, out, port.as_ref()).await,
            None => self.rest(row, "the channel is off".to_owned()),
        }
    }
}
