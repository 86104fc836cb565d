//! The turn there is most of: somebody says hello or answers, and all that follows is what they are told.
//!
//! It is thought out on what is read beside the writer, and what it leaves is kept together with that
//! of others who answer in the same moment. Whatever else a message leads to is not for here.

use std::sync::Arc;

use sitespark_core::db::{Db, Tx};
use sitespark_core::queue::{self, Claimed, Errand, Gathering, Held, Lane, NewRow, QueueError};
use sitespark_core::users::{self, Newcomer, User};
use sitespark_core::wallet::Account;

use super::bursts::Burst;
use super::heard::Names;
use super::turn::{After, Who, begin_conversation, grown, heard_at, keep, puzzle};
use super::{Driver, DriverError};
use crate::conversation::{Effect, Event, from_stored, remember, step};
use crate::inbox::chat_of_key;
use crate::message::{Content, Inbound, Message};
use crate::store::{self, Conversation, Kept, Known, Met, Writer};

/// What such a turn leaves, to be kept as a whole or not at all.
#[derive(Debug)]
pub(super) struct TalkTurn {
    row: Held,
    /// Who says hello for the first time.
    newcomer: Option<Newcomer>,
    kept: Kept,
    replies: Vec<NewRow>,
    /// Answers of its chat that were to wait until after this time are due.
    let_go_after_ms: Option<i64>,
}

/// A turn as it was thought out.
struct Thought {
    turn: TalkTurn,
    after: After,
}

/// With whom such a turn is, and how their conversation stands before it.
struct Opened {
    user: User,
    wallet: Account,
    talk: Conversation,
    newcomer: Option<Newcomer>,
}

impl Errand for TalkTurn {
    type Means = Tx;
    /// Whether its row was still held.
    type Answer = bool;

    async fn run(tx: &mut Tx, errands: &[Arc<Self>]) -> Result<Vec<bool>, sqlx::Error> {
        let rows: Vec<&Held> = errands.iter().map(|turn| &turn.row).collect();
        let now_ms = errands.iter().map(|turn| turn.kept.now_ms).max().unwrap_or_default();
        let finished = queue::finish_many(tx, &rows, now_ms).await?;
        let is_held = |turn: &&Arc<Self>| finished.contains(&turn.row.seq);
        // In one order, so that two processes never wait for each other in a ring.
        let by_chat = |turn: &&Arc<Self>| (turn.kept.channel.slug(), turn.kept.chat.clone());
        let mut held: Vec<_> = errands.iter().filter(is_held).collect();
        held.sort_by_key(by_chat);
        let newcomers: Vec<_> = held.iter().filter_map(|turn| turn.newcomer.as_ref()).collect();
        users::take_in(tx, &newcomers).await?;
        let kept_of = |is_new: bool| -> Vec<&Kept> {
            let turns = held.iter().filter(|turn| turn.newcomer.is_some() == is_new);
            turns.map(|turn| &turn.kept).collect()
        };
        store::begin_many(tx, &kept_of(true)).await?;
        store::keep_many(tx, &kept_of(false)).await?;
        let replies = held.iter().flat_map(|turn| &turn.replies);
        let replies: Vec<_> = replies.map(|row| (row, row.run_at_ms)).collect();
        queue::push_many(tx, &replies).await?;
        for turn in &held {
            if let Some(waiting_ms) = turn.let_go_after_ms {
                let (key, now_ms) = (turn.kept.key(), turn.kept.now_ms);
                queue::hasten(tx, Lane::Outbox, &key, waiting_ms, now_ms).await?;
            }
        }
        Ok(errands.iter().map(|turn| is_held(&turn)).collect())
    }
}

impl Errand for Writer {
    type Means = Db;
    type Answer = Met;

    async fn run(db: &mut Db, writers: &[Arc<Self>]) -> Result<Vec<Met>, sqlx::Error> {
        let writers: Vec<&Self> = writers.iter().map(AsRef::as_ref).collect();
        store::look_up(db, &writers).await
    }
}

/// Those whose turns are gathered.
pub(super) struct Talks {
    writers: Arc<Gathering<Writer>>,
    turns: Arc<Gathering<TalkTurn>>,
}

impl Talks {
    pub(super) fn new() -> Self {
        Self { writers: Gathering::new(), turns: Gathering::new() }
    }
}

impl Driver {
    /// Works a row that needs no more than this: what is left to be done after it. `None` when it
    /// takes a transaction of its own; nothing is done then.
    pub(super) async fn talk_only(
        &self,
        row: &Claimed,
        inbound: &Inbound,
        (heard, burst): &(Option<String>, Burst),
        asking: bool,
    ) -> Result<Option<After>, DriverError> {
        let is_talk = !matches!(inbound.content, Content::Blocked | Content::Reaction { .. });
        if !is_talk || inbound.edited || !burst.is_single() {
            return Ok(None);
        }
        let chat = chat_of_key(&row.key).map_or(inbound.chat.as_str(), |(_, chat)| chat);
        let external_id = inbound.sender.external_id.clone();
        let writer = Writer { channel: inbound.channel, external_id, chat: chat.to_owned() };
        let found = self.talks.writers.run(&self.db, Arc::new(writer)).await;
        let Some(opened) = found.and_then(|met| self.open(met, inbound)) else { return Ok(None) };
        let asking = asking && !burst.was_asked(0);
        let Some(thought) = self.think(row, inbound, (chat, opened), (heard, burst, asking))?
        else {
            return Ok(None);
        };
        let Thought { turn, after } = thought;
        match self.talks.turns.run(&self.db, Arc::new(turn)).await {
            Some(true) => Ok(Some(after)),
            Some(false) => Err(QueueError::LeaseLost(row.seq).into()),
            None => Ok(None),
        }
    }

    fn open(&self, met: Met, inbound: &Inbound) -> Option<Opened> {
        match met {
            Met::Known(known) => {
                // Their sites are read with the transaction that may change them.
                let Known { user, muted: false, wallet, has_sites: false, conversation } = *known
                else {
                    return None;
                };
                Some(Opened { user, wallet, talk: conversation?, newcomer: None })
            }
            Met::Nobody { is_forgotten } => {
                let (who, now_ms) = ((inbound.channel, &inbound.sender), self.clock.now_ms());
                let newcomer = self.newcomer(who, is_forgotten, now_ms);
                let (user, wallet) = (newcomer.user().clone(), newcomer.wallet());
                let talk = begin_conversation(&user, &inbound.sender.external_id);
                Some(Opened { user, wallet, talk, newcomer: Some(newcomer) })
            }
            Met::Elsewhere => None,
        }
    }

    fn think(
        &self,
        row: &Claimed,
        inbound: &Inbound,
        (chat, opened): (&str, Opened),
        (heard, burst, asking): (&Option<String>, &Burst, bool),
    ) -> Result<Option<Thought>, DriverError> {
        let Opened { user, wallet, mut talk, newcomer } = opened;
        let now_ms = self.clock.now_ms();
        let channel = inbound.channel;
        let heard_at_ms = heard_at(inbound.sent_at_ms, now_ms);
        let mut who = Who {
            user,
            conversation: talk.id,
            channel,
            chat,
            external_id: &inbound.sender.external_id,
            name: inbound.sender.name.clone(),
            reply_to: inbound.acknowledge.clone(),
            heard_at_ms: Some(heard_at_ms),
            heard: heard.clone(),
            cause: &row.cause,
            now_ms,
        };
        let state = from_stored(&talk.state)?;
        let before = state.brief().cloned();
        let written = burst.written(&inbound.content, Names::of(inbound)).into_iter().next();
        let written = written.flatten();
        let told = written.as_ref().and_then(|first| first.told(&state));
        let event = Event::Said(burst.first(inbound.content.clone()));
        let asked = asking.then(|| (state.clone(), event.clone()));
        let facts = self.facts_of(&who, wallet, Vec::new());
        let (mut state, effects) = step(state, event, &facts, now_ms, &self.texts);
        let mut said: Vec<Message> = self.heard_as(&who);
        let mut wished = None;
        for effect in effects {
            if let Effect::React(reaction) = effect {
                wished = written.as_ref().and_then(|first| first.with(reaction, &who));
                continue;
            }
            let Effect::Say(message) = effect else { return Ok(None) };
            said.push(message);
        }
        if let Some(heard) = puzzle(asked, &state, facts.language) {
            return Err(DriverError::NotUnderstood { place: 0, heard });
        }
        if let Some(told) = told {
            remember(&mut state, told);
        }
        let seen = talk.state.take();
        keep(&mut talk, &who, &state, &said);
        let after = After { grown: grown(before.as_ref(), &state, &who), wished };
        let replies = self.replies(&mut who, said, state.name());
        let kept = Kept { channel, chat: chat.to_owned(), seen, talk, heard_at_ms, now_ms };
        let let_go_after_ms = self.let_go_after(channel, now_ms);
        let turn = TalkTurn { row: row.held(), newcomer, kept, replies, let_go_after_ms };
        Ok(Some(Thought { turn, after }))
    }
}
