//! From an inbox row to a new state and its consequences: one inbound message, one transaction.
//!
//! The driver decides nothing: `step` does. Here its wishes are carried out through core, their
//! outcomes are fed back, and everything commits together. No network call is made in here.

mod aloud;
mod attention;
mod bursts;
mod deeds;
mod effects;
mod facts;
mod heard;
mod lost;
mod replies;
mod reports;
mod talk_only;
mod tiers;
mod turn;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use serde::Deserialize;
use sitespark_core::brief::Language;
use sitespark_core::causes::with_causes;
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, Tx};
use sitespark_core::ids::Tokens;
use sitespark_core::live::{Live, News};
use sitespark_core::queue::{self, Burial, Claimed, Handler, QueueError, Verdict};
use sitespark_core::sites::Publisher;
use tokio::sync::Semaphore;

use crate::channels::Ports;
use crate::conversation::StoredError;
use crate::hearing::Ear;
use crate::inbox::InboxRow;
use crate::interpreter::{Heard, Interpreter};
use crate::message::{Content, Inbound};
use crate::store;
use crate::texts::Texts;

use attention::MOST_ATTENTION;
use bursts::{Burst, MOST_JOINED};
use talk_only::Talks;
use tiers::Tiers;
use turn::{After, Turn};

/// Prices and places a conversation speaks of.
#[derive(Debug, Clone)]
pub struct HouseRules {
    /// Given at the first hello.
    pub signup: Tokens,
    /// Given once a day.
    pub daily: Tokens,
    /// What a generation costs.
    pub generate: Tokens,
    /// What a change by a model costs; `None` where there is none to ask.
    pub refine: Option<Tokens>,
    /// Whether a model is there that may read photos.
    pub reads_menus: bool,
    /// Whether who sends a voice note is answered by one as well.
    pub speaks: bool,
    /// Given to both for an accepted invitation.
    pub referral: Tokens,
    /// Whether pictures of pages can be taken.
    pub pictures: bool,
    /// Where the chat and previews are reached, without a slash at the end.
    pub public_url: String,
    /// The bot's name on Telegram, once it is known, for invitation links.
    pub telegram_name: Arc<OnceLock<String>>,
    /// The language of a first hello that tells none.
    pub language: Language,
}

/// Works the inbox.
pub struct Driver {
    db: Db,
    clock: SharedClock,
    live: Live,
    ports: Arc<Ports>,
    publisher: Publisher,
    texts: Arc<Texts>,
    rules: HouseRules,
    attention: Arc<Semaphore>,
    tiers: Tiers,
    talks: Talks,
    interpreter: Option<Arc<dyn Interpreter>>,
    ear: Option<Arc<Ear>>,
}

/// Texts of one turn that an interpreter is asked about; the person waits for each.
const MOST_ASKED: usize = 3;

/// Why a row could not be worked.
#[derive(Debug, thiserror::Error)]
enum DriverError {
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Generation(#[from] sitespark_core::generation::GenerationError),
    #[error(transparent)]
    Wallet(#[from] sitespark_core::wallet::WalletError),
    #[error(transparent)]
    Sites(#[from] sitespark_core::sites::SitesError),
    #[error("the stored state cannot be read")]
    State(#[from] StoredError),
    #[error("the row cannot be read: {0}")]
    Malformed(String),
    #[error("a message was not understood")]
    NotUnderstood { place: usize, heard: Box<Heard> },
}

impl Driver {
    /// A driver of this house.
    pub fn new(
        db: Db,
        clock: SharedClock,
        live: Live,
        ports: Arc<Ports>,
        publisher: Publisher,
        texts: Arc<Texts>,
        rules: HouseRules,
    ) -> Self {
        Self {
            db,
            clock,
            live,
            ports,
            publisher,
            texts,
            rules,
            attention: Arc::new(Semaphore::new(MOST_ATTENTION)),
            tiers: Tiers::default(),
            talks: Talks::new(),
            interpreter: None,
            ear: None,
        }
    }

    /// A driver that hears voice notes.
    #[must_use]
    pub fn with_ear(mut self, ear: Option<Arc<Ear>>) -> Self {
        self.ear = ear;
        self
    }

    /// A voice note as the words that were heard in it, where somebody hears.
    async fn listen(&self, inbound: &mut Inbound) -> Result<Option<String>, sqlx::Error> {
        let Some(ear) =
            self.ear.as_ref().filter(|_| matches!(inbound.content, Content::Voice { .. }))
        else {
            return Ok(None);
        };
        let of = store::language_of(&self.db, inbound.channel, &inbound.sender.external_id).await?;
        let heard = ear.hear(inbound, of.unwrap_or(self.rules.language)).await;
        if let Some(text) = &heard {
            inbound.content = Content::Text { text: text.clone() };
        }
        Ok(heard)
    }

    /// A driver that lets an interpreter look at what nobody understood.
    #[must_use]
    pub fn with_interpreter(mut self, interpreter: Option<Arc<dyn Interpreter>>) -> Self {
        self.interpreter = interpreter;
        self
    }

    /// Works a row. A voice note is heard before, and each text that nobody understood is put into
    /// plain words after its transaction was undone: neither keeps one open.
    async fn work(
        &self,
        row: &Claimed,
        mut payload: InboxRow,
        mut burst: Burst,
    ) -> Result<(), DriverError> {
        let heard = match &mut payload {
            InboxRow::Channel(inbound) => self.listen(inbound).await?,
            InboxRow::House(_) => None,
        };
        let Some(interpreter) = &self.interpreter else {
            return self.attempt(row, payload, (heard, burst), false).await;
        };
        for _ in 0..MOST_ASKED {
            let told = (heard.clone(), burst.clone());
            match self.attempt(row, payload.clone(), told, true).await {
                Err(DriverError::NotUnderstood { place, heard: puzzle }) => {
                    let plain = interpreter.plainly(&puzzle).await;
                    burst = burst.in_words(place, plain);
                }
                result => return result,
            }
        }
        self.attempt(row, payload, (heard, burst), false).await
    }

    /// One row. With `asking`, a message that is not understood undoes what was done for it.
    async fn attempt(
        &self,
        row: &Claimed,
        payload: InboxRow,
        told: (Option<String>, Burst),
        asking: bool,
    ) -> Result<(), DriverError> {
        if let InboxRow::Channel(inbound) = &payload
            && let Some(after) = self.talk_only(row, inbound, &told, asking).await?
        {
            self.see_to(after).await;
            return Ok(());
        }
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        let after = match payload {
            InboxRow::Channel(inbound) => {
                self.hear(&mut tx, row, inbound, told, (now_ms, asking)).await?
            }
            InboxRow::House(report) => self.tell(&mut tx, row, report, now_ms).await?,
        };
        tx.commit().await?;
        self.see_to(after).await;
        Ok(())
    }

    /// What is for after a turn is committed. Whoever looks at the draft of a conversation sees it
    /// change.
    async fn see_to(&self, After { grown, wished }: After) {
        if let Some(wished) = wished {
            self.put_on(wished);
        }
        if let Some(conversation) = grown {
            self.live.bus.publish(News::Preview { run: conversation.to_string() }).await;
        }
    }
}

#[async_trait]
impl Handler for Driver {
    async fn handle(&self, row: &Claimed) -> Verdict {
        let payload = match InboxRow::deserialize(&row.payload) {
            Ok(payload) => payload,
            Err(error) => {
                return Verdict::Dead(DriverError::Malformed(error.to_string()).to_string());
            }
        };
        let mut burst = Burst::default();
        let _attention;
        if let InboxRow::Channel(inbound) = &payload {
            let now_ms = self.clock.now_ms();
            if row.is_followed {
                match queue::behind(&self.db, row, MOST_JOINED).await {
                    Ok(behind) => burst = Burst::of(inbound, &behind, now_ms),
                    Err(error) => return Verdict::Retry(error.to_string()),
                }
            }
            if let Some(wait_ms) = burst.wait_ms(row, now_ms) {
                return Verdict::Later(wait_ms);
            }
            match self.must_wait(inbound).await {
                Ok(None) => {}
                Ok(Some(wait_ms)) => return Verdict::Later(wait_ms),
                Err(error) => return Verdict::Retry(error.to_string()),
            }
            _attention = self.show_attention(inbound);
        }
        match self.work(row, payload, burst).await {
            Ok(()) => Verdict::Finished,
            Err(error @ (DriverError::Malformed(_) | DriverError::State(_))) => {
                Verdict::Dead(with_causes(&error))
            }
            Err(error) => Verdict::Retry(with_causes(&error)),
        }
    }

    /// Whoever waits for an answer is told that none comes, and under which number it can be found.
    async fn bury(&self, tx: &mut Tx, row: &Claimed, now_ms: i64) -> Result<(), Burial> {
        Ok(self.say_lost(tx, row, now_ms).await?)
    }
}
