//! From an inbox row to a new state and its consequences: one inbound message, one transaction.
//!
//! The driver decides nothing: `step` does. Here its wishes are carried out through core, their
//! outcomes are fed back, and everything commits together. No network call is made in here.

mod bursts;
mod deeds;
mod effects;
mod facts;
mod heard;
mod reports;
mod tiers;

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use sitespark_core::brief::Language;
use sitespark_core::causes::with_causes;
use sitespark_core::clock::SharedClock;
use sitespark_core::db::{Db, Tx};
use sitespark_core::ids::{ConversationId, Tokens};
use sitespark_core::live::{Limit, Live, News};
use sitespark_core::queue::{self, Claimed, Handler, Lane, NewRow, QueueError, Verdict};
use sitespark_core::sites::Publisher;
use sitespark_core::users::{self, Tier, User, Welcome};
use sitespark_core::wallet::Account;
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

use crate::channels::Ports;
use crate::conversation::{
    Effect, Event, Facts, State, StoredError, from_stored, not_understood, open_question, remember,
    step, to_stored,
};
use crate::deliveries::HOLD_MS;
use crate::hearing::Ear;
use crate::inbox::{InboxRow, chat_key, chat_of_key};
use crate::interpreter::{Heard, Interpreter};
use crate::message::{Channel, Content, Inbound, Message, Sender};
use crate::outbox::OutboxRow;
use crate::reminders::remind_at;
use crate::store::{self, Conversation};
use crate::texts::Texts;

use bursts::{Burst, MOST_JOINED, MOST_TEXTS};
use heard::Written;
use tiers::Tiers;

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
    interpreter: Option<Arc<dyn Interpreter>>,
    ear: Option<Arc<Ear>>,
}

/// Texts of one turn that an interpreter is asked about; the person waits for each.
const MOST_ASKED: usize = 3;
/// Effects of one turn, all texts of a burst included, before something must be wrong.
const MOST_WISHES: usize = 1_000;
/// Signs of attention under way at once; more are left out.
const MOST_ATTENTION: usize = 32;
/// An answer within this time needs no sign that it is being written.
const TYPING_AFTER: Duration = Duration::from_millis(300);
/// How many messages may come at once before the steady rate applies.
const BURST_SHARE: u32 = 2;

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

/// Everything one turn works with inside its transaction.
struct Turn<'a> {
    tx: &'a mut Tx,
    user: User,
    conversation: ConversationId,
    channel: Channel,
    chat: &'a str,
    external_id: &'a str,
    name: Option<String>,
    /// What the channel wants named in the answer.
    reply_to: Option<String>,
    /// When the person wrote, if it was them.
    heard_at_ms: Option<i64>,
    /// What was heard in their voice note.
    heard: Option<String>,
    /// As it stood before the first step.
    glance: Option<Glance>,
    cause: &'a str,
    now_ms: i64,
    /// The texts, by place in the turn, that an interpreter is asked about if they are not
    /// understood.
    asking: BTreeSet<usize>,
    /// The place of the one that is being worked.
    place: usize,
    /// The person has just been erased: nothing of this turn is kept.
    forgotten: bool,
    /// This conversation, when its draft looks different after this turn.
    grown: Option<ConversationId>,
}

/// What the look at who writes told besides: a turn need not ask for it again.
#[derive(Debug, Clone, Copy)]
struct Glance {
    wallet: Account,
    has_sites: bool,
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

    /// One row, one transaction. With `asking`, a message that is not understood undoes it.
    async fn attempt(
        &self,
        row: &Claimed,
        payload: InboxRow,
        told: (Option<String>, Burst),
        asking: bool,
    ) -> Result<(), DriverError> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.db.begin().await?;
        queue::finish(&mut tx, row, now_ms).await?;
        let mut grown = None;
        match payload {
            InboxRow::Channel(inbound) => {
                grown = self.hear(&mut tx, row, inbound, told, (now_ms, asking)).await?;
            }
            InboxRow::House(report) => {
                let Some((channel, chat)) = chat_of_key(&row.key) else {
                    return Err(DriverError::Malformed(format!("key {}", row.key)));
                };
                let event = reports::event_of(report, &self.rules.public_url);
                let moved = store::moved_to(&mut tx, channel, chat).await?;
                let chat = moved.as_deref().unwrap_or(chat);
                let found = store::find_conversation(&mut tx, channel, chat).await?;
                // Its owner may have asked to be forgotten meanwhile.
                if let (Some(conversation), Some(event)) = (found, event) {
                    let who =
                        users::find_identity(&mut tx, channel.slug(), &conversation.external_id);
                    if let Some(user) = who.await? {
                        let external_id = conversation.external_id.clone();
                        let mut turn = Turn {
                            tx: &mut tx,
                            user,
                            conversation: conversation.id,
                            channel,
                            chat,
                            external_id: &external_id,
                            name: None,
                            reply_to: None,
                            heard_at_ms: None,
                            heard: None,
                            glance: None,
                            cause: &row.cause,
                            now_ms,
                            asking: BTreeSet::new(),
                            place: 0,
                            forgotten: false,
                            grown: None,
                        };
                        self.turn(&mut turn, conversation, vec![(event, None)]).await?;
                        grown = turn.grown;
                    }
                }
            }
        }
        tx.commit().await?;
        if let Some(conversation) = grown {
            self.live.bus.publish(News::Preview { run: conversation.to_string() }).await;
        }
        Ok(())
    }

    /// Answers the conversation when its draft looks different now.
    async fn hear(
        &self,
        tx: &mut Tx,
        row: &Claimed,
        inbound: Inbound,
        (heard, burst): (Option<String>, Burst),
        (now_ms, asking): (i64, bool),
    ) -> Result<Option<ConversationId>, DriverError> {
        let Inbound { channel, chat, sender, content, acknowledge, sent_at_ms, .. } = inbound;
        let Inbound { message_ref, edited, .. } = inbound;
        // The key goes with the chat when it moves to another name; what was told does not.
        let chat = chat_of_key(&row.key).map_or(chat, |(_, chat)| chat.to_owned());
        let heard_at_ms = Some(if sent_at_ms > 0 { sent_at_ms.min(now_ms) } else { now_ms });
        let blocked = matches!(content, Content::Blocked);
        // Neither is a first hello.
        let silent = blocked || matches!(content, Content::Reaction { .. });
        let (user, glance, found) =
            match store::find_known(tx, channel, &sender.external_id, &chat).await? {
                Some(known) => {
                    if known.muted && !blocked {
                        users::mark_muted(tx, channel.slug(), &sender.external_id, false).await?;
                    }
                    let glance = Glance { wallet: known.wallet, has_sites: known.has_sites };
                    (known.user, Some(glance), known.conversation)
                }
                // Somebody else may have begun the conversation of this chat.
                None => match store::find_conversation(tx, channel, &chat).await? {
                    None if silent => return Ok(None),
                    found => (self.welcome(tx, channel, &sender, now_ms).await?, None, found),
                },
            };
        let conversation = match found {
            Some(conversation) => conversation,
            None if silent => return Ok(None),
            None => {
                let begun = self.begin_conversation(&user, &sender.external_id);
                // The row must exist before anything can point at it.
                store::save_conversation(tx, channel, &chat, &begun, heard_at_ms, now_ms).await?;
                begun
            }
        };
        let external_id = sender.external_id.clone();
        let open = (0..MOST_TEXTS).filter(|place| asking && !burst.was_asked(*place)).collect();
        let place = (channel, conversation.id);
        let (events, told) =
            match heard::event_of(tx, place, (&content, &message_ref, edited)).await? {
                Some(event) => (vec![(event, None)], Vec::new()),
                None => {
                    let written = burst.written(&content, message_ref);
                    let (contents, told) = burst.gather(content, &conversation.offered);
                    (contents.into_iter().map(Event::Said).zip(written).collect(), told)
                }
            };
        queue::finish_behind(tx, row, &told, now_ms).await?;
        let mut turn = Turn {
            tx,
            user,
            conversation: conversation.id,
            channel,
            chat: &chat,
            external_id: &external_id,
            name: sender.name,
            reply_to: acknowledge,
            heard_at_ms,
            heard,
            glance,
            cause: &row.cause,
            now_ms,
            asking: open,
            place: 0,
            forgotten: false,
            grown: None,
        };
        self.turn(&mut turn, conversation, events).await?;
        self.let_go(&mut turn).await?;
        Ok(turn.grown)
    }

    /// What waited for the person to write may be said now.
    async fn let_go(&self, turn: &mut Turn<'_>) -> Result<(), DriverError> {
        let free = self.ports.get(turn.channel).and_then(|port| port.free_ms());
        if free.is_some() {
            let key = chat_key(turn.channel, turn.chat);
            let waiting_ms = turn.now_ms + HOLD_MS / 2;
            queue::hasten(turn.tx, Lane::Outbox, &key, waiting_ms, turn.now_ms).await?;
        }
        Ok(())
    }

    async fn welcome(
        &self,
        tx: &mut Tx,
        channel: Channel,
        sender: &Sender,
        now_ms: i64,
    ) -> Result<User, DriverError> {
        let told = sender.language.as_deref().and_then(Language::from_tag);
        let welcome = Welcome {
            channel: channel.slug(),
            external_id: &sender.external_id,
            name: sender.name.as_deref(),
            phone: sender.phone.as_deref(),
            language: told.unwrap_or(self.rules.language),
        };
        // Whoever asked to be forgotten was welcomed once.
        let again = users::is_forgotten(tx, channel.slug(), &sender.external_id).await?;
        let bonus = if again { Tokens(0) } else { self.rules.signup };
        Ok(users::welcome(tx, &welcome, bonus, now_ms).await?)
    }

    fn begin_conversation(&self, user: &User, external_id: &str) -> Conversation {
        Conversation {
            id: ConversationId::fresh(),
            user: user.id,
            workspace: user.workspace,
            external_id: external_id.to_owned(),
            state: to_stored(&State::Welcome),
            offered: Vec::new(),
            remind_at_ms: None,
        }
    }

    /// Steps until every outcome is told, then keeps the state and puts the replies in the outbox.
    async fn turn(
        &self,
        turn: &mut Turn<'_>,
        mut conversation: Conversation,
        events: Vec<(Event, Option<Written>)>,
    ) -> Result<(), DriverError> {
        let mut state = from_stored(&conversation.state)?;
        let told = state.brief().cloned();
        let mut said: Vec<Message> = Vec::new();
        if let Some(words) = turn.heard.take() {
            let body = self.texts.say(turn.user.language, "say-heard", &[("words", words.into())]);
            said.push(Message { body, ..Message::default() });
        }
        let last = events.len().saturating_sub(1);
        let mut done = 0;
        for (number, (event, written)) in events.into_iter().enumerate() {
            let before = said.len();
            turn.place = number;
            let told = written.and_then(|written| written.told(&state));
            state = self.advance(turn, state, event, (&mut said, &mut done)).await?;
            if let Some(told) = told {
                remember(&mut state, told);
            }
            // The next message has answered what would be asked now.
            if number < last && matches!(state, State::Collecting(_)) {
                said.truncate(before);
            }
        }
        // A picture comes between what was offered and what is answered, and offers nothing itself.
        let is_aside = |message: &&Message| message.progress.is_some() || message.is_aside();
        if let Some(last) = said.iter().rev().find(|message| !is_aside(message)) {
            conversation.offered.clone_from(&last.choices);
        }
        if state.brief().is_some_and(|brief| Some(brief) != told.as_ref()) {
            turn.grown = Some(turn.conversation);
        }
        conversation.state = to_stored(&state);
        conversation.remind_at_ms = remind_at(turn.channel, &state, turn.now_ms);
        let heard_at_ms = turn.heard_at_ms;
        if !turn.forgotten {
            store::save_conversation(
                turn.tx,
                turn.channel,
                turn.chat,
                &conversation,
                heard_at_ms,
                turn.now_ms,
            )
            .await?;
        }
        self.say_all(turn, said, state.name()).await
    }

    /// Steps over one event and everything it leads to. `done` counts what was carried out in this
    /// turn.
    async fn advance(
        &self,
        turn: &mut Turn<'_>,
        state: State,
        event: Event,
        (said, done): (&mut Vec<Message>, &mut usize),
    ) -> Result<State, DriverError> {
        let asking = turn.asking.contains(&turn.place);
        let asked = asking.then(|| (state.clone(), event.clone()));
        let facts = self.facts(turn).await?;
        let language = facts.language;
        let (mut state, effects) = self.step(turn, state, event, facts).await?;
        if let Some((before, Event::Said(Content::Text { text }))) = asked
            && not_understood(&before, &state)
        {
            let open = open_question(&before);
            let heard = Box::new(Heard { text, language, open });
            return Err(DriverError::NotUnderstood { place: turn.place, heard });
        }
        let mut wishes = VecDeque::from(effects);
        while let Some(wish) = wishes.pop_front() {
            *done += 1;
            if *done > MOST_WISHES {
                return Err(DriverError::Malformed("a step goes in circles".to_owned()));
            }
            if let Effect::Say(message) = wish {
                said.push(message);
            } else if let Some(outcome) = self.carry_out(turn, wish, *done).await? {
                let facts = self.facts(turn).await?;
                let (next, effects) = self.step(turn, state, Event::Came(outcome), facts).await?;
                state = next;
                // What the outcome leads to comes before what was wished for after it.
                for effect in effects.into_iter().rev() {
                    wishes.push_front(effect);
                }
            }
        }
        Ok(state)
    }

    /// One step; once more with the wallet's movements when it is they that are asked for.
    async fn step(
        &self,
        turn: &mut Turn<'_>,
        state: State,
        event: Event,
        mut facts: Facts,
    ) -> Result<(State, Vec<Effect>), DriverError> {
        let before = (state.clone(), event.clone());
        let stepped = step(state, event, &facts, turn.now_ms, &self.texts);
        if !stepped.1.contains(&Effect::RecallMovements) {
            return Ok(stepped);
        }
        facts.history = Some(self.movements(turn).await?);
        Ok(step(before.0, before.1, &facts, turn.now_ms, &self.texts))
    }

    async fn say_all(
        &self,
        turn: &mut Turn<'_>,
        said: Vec<Message>,
        state: &str,
    ) -> Result<(), DriverError> {
        let pieces = said.into_iter().flat_map(|message| self.ports.split(turn.channel, message));
        for (number, piece) in pieces.enumerate() {
            let row = OutboxRow {
                channel: turn.channel,
                chat: turn.chat.to_owned(),
                external_id: turn.external_id.to_owned(),
                conversation: turn.conversation,
                state: state.to_owned(),
                reply_to: if number == 0 { turn.reply_to.take() } else { None },
                tries: 0,
                piece,
            };
            let row = NewRow {
                lane: Lane::Outbox,
                key: chat_key(turn.channel, turn.chat),
                cause: format!("{}:say:{number}", turn.cause),
                payload: serde_json::to_value(row).unwrap_or_default(),
                run_at_ms: turn.now_ms,
            };
            queue::push(turn.tx, &row, turn.now_ms).await?;
        }
        Ok(())
    }

    /// Answers a tap, and shows that an answer is coming where it does not come at once: until what
    /// is given back is dropped. Nobody waits for it, and it may fail.
    fn show_attention(&self, inbound: &Inbound) -> Option<AbortOnDropHandle<()>> {
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
    async fn must_wait(&self, inbound: &Inbound) -> Result<Option<i64>, sqlx::Error> {
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
}
