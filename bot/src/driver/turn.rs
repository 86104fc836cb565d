//! One turn: steps over what came in and all it leads to, inside a transaction.

use std::collections::{BTreeSet, VecDeque};

use sitespark_core::brief::{Brief, Language};
use sitespark_core::db::Tx;
use sitespark_core::generation::Report;
use sitespark_core::ids::{ConversationId, Tokens};
use sitespark_core::queue::{self, Claimed, Lane};
use sitespark_core::users::{self, Newcomer, User, Welcome};
use sitespark_core::wallet::Account;

use super::attention::Wished;
use super::bursts::{Burst, MOST_TEXTS};
use super::heard::{self, Names, Written};
use super::{Driver, DriverError, reports};
use crate::conversation::{
    Effect, Event, Facts, State, from_stored, not_understood, open_question, remember, step,
    to_stored,
};
use crate::deliveries::HOLD_MS;
use crate::inbox::{chat_key, chat_of_key};
use crate::interpreter::Heard;
use crate::message::{Channel, Content, Inbound, Message, Reaction, Sender};
use crate::reminders::remind_at;
use crate::store::{self, Conversation, Known};

/// Effects of one turn, all texts of a burst included, before something must be wrong.
const MOST_WISHES: usize = 1_000;

/// With whom a turn is, and when.
pub(super) struct Who<'a> {
    pub(super) user: User,
    pub(super) conversation: ConversationId,
    pub(super) channel: Channel,
    pub(super) chat: &'a str,
    pub(super) external_id: &'a str,
    pub(super) name: Option<String>,
    /// What the channel wants named in the answer.
    pub(super) reply_to: Option<String>,
    /// When the person wrote, if it was them.
    pub(super) heard_at_ms: Option<i64>,
    /// What was heard in their voice note.
    pub(super) heard: Option<String>,
    pub(super) cause: &'a str,
    pub(super) now_ms: i64,
}

/// Everything one turn works with inside its transaction.
pub(super) struct Turn<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) who: Who<'a>,
    /// As it stood before the first step.
    pub(super) glance: Option<Glance>,
    /// The texts, by place in the turn, that an interpreter is asked about if they are not
    /// understood.
    asking: BTreeSet<usize>,
    /// The place of the one that is being worked.
    place: usize,
    /// The emoji it has earned so far.
    earned: Option<Reaction>,
    /// The person has just been erased: nothing of this turn is kept.
    pub(super) forgotten: bool,
}

/// What is left to be done once a turn is committed.
#[derive(Debug, Default)]
pub(super) struct After {
    /// The conversation whose draft looks different now, if it does.
    pub(super) grown: Option<ConversationId>,
    /// An emoji for a message of the turn.
    pub(super) wished: Option<Wished>,
}

/// What the look at who writes told besides: a turn need not ask for it again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    pub(super) wallet: Account,
    pub(super) has_sites: bool,
}

/// Who wrote, and their conversation in the chat if there is one.
struct Acquaintance {
    user: User,
    glance: Glance,
    conversation: Option<Conversation>,
}

impl<'a> Turn<'a> {
    fn new(tx: &'a mut Tx, who: Who<'a>) -> Self {
        let (glance, asking) = (None, BTreeSet::new());
        Self { tx, who, glance, asking, place: 0, earned: None, forgotten: false }
    }
}

impl Driver {
    /// What a person wrote.
    pub(super) async fn hear(
        &self,
        tx: &mut Tx,
        row: &Claimed,
        inbound: Inbound,
        (heard, burst): (Option<String>, Burst),
        (now_ms, asking): (i64, bool),
    ) -> Result<After, DriverError> {
        let names = Names::of(&inbound);
        let Inbound { channel, chat, sender, content, acknowledge, sent_at_ms, .. } = inbound;
        let Inbound { message_ref, edited, .. } = inbound;
        // The key goes with the chat when it moves to another name; what was told does not.
        let chat = chat_of_key(&row.key).map_or(chat, |(_, chat)| chat.to_owned());
        let (chat, sender) = today(tx, channel, (chat, sender), row.created_at_ms).await?;
        store::hold_conversation(tx, channel, &chat).await?;
        let heard_at_ms = Some(heard_at(sent_at_ms, now_ms));
        let blocked = matches!(content, Content::Blocked);
        // Neither is a first hello.
        let silent = blocked || matches!(content, Content::Reaction { .. });
        let at = (channel, chat.as_str());
        let Some(met) = self.meet(tx, at, &sender, (blocked, silent), now_ms).await? else {
            return Ok(After::default());
        };
        let Acquaintance { user, glance, conversation } = met;
        let conversation = match conversation {
            Some(conversation) => conversation,
            None if silent => return Ok(After::default()),
            None => {
                let begun = begin_conversation(&user, &sender.external_id);
                // The row must exist before anything can point at it.
                store::save_conversation(tx, channel, &chat, &begun, heard_at_ms, now_ms).await?;
                begun
            }
        };
        let open = (0..MOST_TEXTS).filter(|place| asking && !burst.was_asked(*place)).collect();
        let place = (channel, conversation.id);
        let (events, told) =
            match heard::event_of(tx, place, (&content, &message_ref, edited)).await? {
                // What changes a message, or is put on one, is none itself.
                Some(event) => (vec![(event, None)], Vec::new()),
                None => {
                    let written = burst.written(&content, names);
                    let (contents, told) = burst.gather(content, &conversation.offered);
                    (contents.into_iter().map(Event::Said).zip(written).collect(), told)
                }
            };
        queue::finish_behind(tx, row, &told, now_ms).await?;
        let who = Who {
            user,
            conversation: conversation.id,
            channel,
            chat: &chat,
            external_id: &sender.external_id,
            name: sender.name,
            reply_to: acknowledge,
            heard_at_ms,
            heard,
            cause: &row.cause,
            now_ms,
        };
        let mut turn = Turn { glance: Some(glance), asking: open, ..Turn::new(tx, who) };
        let after = self.turn(&mut turn, conversation, events).await?;
        if let Some(waiting_ms) = self.let_go_after(channel, now_ms) {
            let key = chat_key(channel, &chat);
            queue::hasten(turn.tx, Lane::Outbox, &key, waiting_ms, now_ms).await?;
        }
        Ok(after)
    }

    /// Who writes, made known if they are new; `None` when nobody new is greeted for this.
    async fn meet(
        &self,
        tx: &mut Tx,
        (channel, chat): (Channel, &str),
        sender: &Sender,
        (blocked, silent): (bool, bool),
        now_ms: i64,
    ) -> Result<Option<Acquaintance>, DriverError> {
        let external_id = sender.external_id.as_str();
        let mut known = store::find_known(tx, channel, external_id, chat).await?;
        // Somebody else may have begun the conversation of this chat.
        let conversation = match &known {
            Some(_) => None,
            None => store::find_conversation(tx, channel, chat).await?,
        };
        // Or it is theirs under the name they go by since this was said.
        if let Some(begun) = conversation.as_ref().filter(|_| external_id == chat) {
            known = store::find_known(tx, channel, &begun.external_id, chat).await?;
        }
        if let Some(known) = known {
            if known.muted && !blocked {
                users::mark_muted(tx, channel.slug(), external_id, false).await?;
            }
            let glance = Glance { wallet: known.wallet, has_sites: known.has_sites };
            let Known { user, conversation, .. } = known;
            return Ok(Some(Acquaintance { user, glance, conversation }));
        }
        if conversation.is_none() && silent {
            return Ok(None);
        }
        let again = users::is_forgotten(tx, channel.slug(), external_id).await?;
        let newcomer = self.newcomer((channel, sender), again, now_ms);
        users::take_in(tx, &[&newcomer]).await?;
        let glance = Glance { wallet: newcomer.wallet(), has_sites: false };
        Ok(Some(Acquaintance { user: newcomer.user().clone(), glance, conversation }))
    }

    /// What the house has to tell.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        row: &Claimed,
        report: Report,
        now_ms: i64,
    ) -> Result<After, DriverError> {
        let Some((channel, chat)) = chat_of_key(&row.key) else {
            return Err(DriverError::Malformed(format!("key {}", row.key)));
        };
        let event = reports::event_of(report, &self.rules.public_url);
        if event.is_none() {
            tracing::warn!(job.seq = row.seq, "a report says nothing that is known here");
        }
        store::hold_conversation(tx, channel, chat).await?;
        let mut found = store::find_conversation(tx, channel, chat).await?;
        let moved = match &found {
            Some(_) => None,
            None => store::moved_to(tx, channel, chat, 0).await?,
        };
        if let Some(moved) = &moved {
            store::hold_conversation(tx, channel, moved).await?;
            found = store::find_conversation(tx, channel, moved).await?;
        }
        let chat = moved.as_deref().unwrap_or(chat);
        let (Some(conversation), Some(event)) = (found, event) else {
            return Ok(After::default());
        };
        let external_id = conversation.external_id.clone();
        // Its owner may have asked to be forgotten meanwhile.
        let Some(user) = users::find_identity(tx, channel.slug(), &external_id).await? else {
            return Ok(After::default());
        };
        let who = Who {
            user,
            conversation: conversation.id,
            channel,
            chat,
            external_id: &external_id,
            name: None,
            reply_to: None,
            heard_at_ms: None,
            heard: None,
            cause: &row.cause,
            now_ms,
        };
        self.turn(&mut Turn::new(tx, who), conversation, vec![(event, None)]).await
    }

    /// Beyond what time an answer waits for the person to write, where a channel knows such waiting:
    /// now that they have, it may be said.
    pub(super) fn let_go_after(&self, channel: Channel, now_ms: i64) -> Option<i64> {
        let free = self.ports.get(channel).and_then(|port| port.free_ms());
        free.map(|_| now_ms + HOLD_MS / 2)
    }

    /// Somebody who was never heard of.
    pub(super) fn newcomer(
        &self,
        (channel, sender): (Channel, &Sender),
        is_forgotten: bool,
        now_ms: i64,
    ) -> Newcomer {
        let told = sender.language.as_deref().and_then(Language::from_tag);
        let welcome = Welcome {
            channel: channel.slug(),
            external_id: &sender.external_id,
            name: sender.name.as_deref(),
            phone: sender.phone.as_deref(),
            language: told.unwrap_or(self.rules.language),
        };
        // Whoever asked to be forgotten was welcomed once.
        let bonus = if is_forgotten { Tokens(0) } else { self.rules.signup };
        Newcomer::new(&welcome, bonus, now_ms)
    }

    /// Steps until every outcome is told, then keeps the state and puts the replies in the outbox.
    async fn turn(
        &self,
        turn: &mut Turn<'_>,
        mut conversation: Conversation,
        events: Vec<(Event, Option<Written>)>,
    ) -> Result<After, DriverError> {
        let mut state = from_stored(&conversation.state)?;
        let before = state.brief().cloned();
        let mut said = self.heard_as(&turn.who);
        let last = events.len().saturating_sub(1);
        let (mut done, mut wished) = (0, None);
        for (number, (event, written)) in events.into_iter().enumerate() {
            let before = said.len();
            turn.place = number;
            let told = written.as_ref().and_then(|written| written.told(&state));
            state = self.advance(turn, state, event, (&mut said, &mut done)).await?;
            // The last of a burst that earned one has it.
            if let (Some(earned), Some(written)) = (turn.earned.take(), &written) {
                wished = written.with(earned, &turn.who).or(wished);
            }
            if let Some(told) = told {
                remember(&mut state, told);
            }
            // The next message has answered what would be asked now.
            if number < last && matches!(state, State::Collecting(_)) {
                said.truncate(before);
            }
        }
        keep(&mut conversation, &turn.who, &state, &said);
        if !turn.forgotten {
            let (heard_at_ms, now_ms) = (turn.who.heard_at_ms, turn.who.now_ms);
            let (channel, chat) = (turn.who.channel, turn.who.chat);
            store::save_conversation(turn.tx, channel, chat, &conversation, heard_at_ms, now_ms)
                .await?;
        }
        if turn.forgotten {
            // Nothing is kept of them any more, recordings among it.
            turn.who.heard = None;
            wished = None;
        }
        for row in self.replies(&mut turn.who, said, state.name()) {
            queue::push(turn.tx, &row, turn.who.now_ms).await?;
        }
        Ok(After { grown: grown(before.as_ref(), &state, &turn.who), wished })
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
        let facts = self.facts(turn, &state).await?;
        let language = facts.language;
        let (mut state, effects) = self.step(turn, state, event, facts).await?;
        if let Some(heard) = puzzle(asked, &state, language) {
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
            } else if let Effect::React(reaction) = wish {
                turn.earned = Some(reaction);
            } else if let Some(outcome) = self.carry_out(turn, wish, *done).await? {
                let facts = self.facts(turn, &state).await?;
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
        let now_ms = turn.who.now_ms;
        let before = (state.clone(), event.clone());
        let stepped = step(state, event, &facts, now_ms, &self.texts);
        if !stepped.1.contains(&Effect::RecallMovements) {
            return Ok(stepped);
        }
        facts.history = Some(self.movements(turn).await?);
        Ok(step(before.0, before.1, &facts, now_ms, &self.texts))
    }
}

/// The names a chat and its person go by today, if they changed after the message came.
async fn today(
    tx: &mut Tx,
    channel: Channel,
    (chat, sender): (String, Sender),
    came_at_ms: i64,
) -> Result<(String, Sender), sqlx::Error> {
    let Some(moved) = store::moved_to(tx, channel, &chat, came_at_ms).await? else {
        return Ok((chat, sender));
    };
    // In a group the person keeps their name.
    let was_their_own = sender.external_id == chat;
    let found = store::find_conversation(tx, channel, &moved).await?;
    let external_id = match found.filter(|_| was_their_own) {
        Some(found) => found.external_id,
        None => sender.external_id,
    };
    Ok((moved, Sender { external_id, ..sender }))
}

/// When a person wrote, by the channel's clock, which is never ahead of ours.
pub(super) fn heard_at(sent_at_ms: i64, now_ms: i64) -> i64 {
    if sent_at_ms > 0 { sent_at_ms.min(now_ms) } else { now_ms }
}

pub(super) fn begin_conversation(user: &User, external_id: &str) -> Conversation {
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

/// What an interpreter is to be asked about: a text that met `asked` and was not understood.
pub(super) fn puzzle(
    asked: Option<(State, Event)>,
    after: &State,
    language: Language,
) -> Option<Box<Heard>> {
    let (before, Event::Said(Content::Text { text })) = asked? else { return None };
    let open = open_question(&before);
    not_understood(&before, after).then(|| Box::new(Heard { text, language, open }))
}

/// Notes in the conversation how it stands after a turn.
pub(super) fn keep(
    conversation: &mut Conversation,
    who: &Who<'_>,
    state: &State,
    said: &[Message],
) {
    // A picture comes between what was offered and what is answered, and offers nothing itself.
    let is_aside = |message: &&Message| message.progress.is_some() || message.is_aside();
    if let Some(last) = said.iter().rev().find(|message| !is_aside(message)) {
        conversation.offered.clone_from(&last.choices);
    }
    conversation.state = to_stored(state);
    conversation.remind_at_ms = remind_at(who.channel, state, who.now_ms);
}

/// The conversation, when its draft looks different after the turn.
pub(super) fn grown(
    before: Option<&Brief>,
    state: &State,
    who: &Who<'_>,
) -> Option<ConversationId> {
    state.brief().is_some_and(|brief| Some(brief) != before).then_some(who.conversation)
}
