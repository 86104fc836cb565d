//! A message that got other words later. What it answered is answered anew where that still can be;
//! where it cannot, that is said kindly. An edit that changes nothing has no effect at all.

use sitespark_core::brief::Brief;

use super::absorb::absorb;
use super::answers::Reply;
use super::state::{Collecting, State, Step, Told};
use super::turn::Turn;
use super::understand::change;
use super::understand::command::Command;
use super::understand::gather::{Found, gather};
use super::understand::question::{self, Question};
use super::{collecting, confirming, correcting, general, questions, said, welcome};
use crate::message::Content;

/// Messages that are remembered, and how many characters they may have together.
const MOST_TOLD: usize = 12;
const MOST_TOLD_CHARS: usize = 6_000;

/// What is worth remembering of a message; `before` is the state that it met.
pub fn told(before: &State, content: &Content, message: &str) -> Option<Told> {
    let (step, text) = match content {
        Content::Text { text } => (open_step(before), text),
        // Words under a picture are about the picture, whatever was asked.
        Content::Photo { caption: Some(caption), .. } => (None, caption),
        Content::Photo { .. } | Content::Choice { .. } | Content::Start { .. } => return None,
        Content::Voice { .. } | Content::Location { .. } | Content::Contact { .. } => return None,
        Content::Document { .. } | Content::Sticker { .. } | Content::Reaction { .. } => {
            return None;
        }
        Content::Blocked | Content::Unsupported => return None,
    };
    Some(Told { message: message.to_owned(), step, text: text.clone() })
}

/// Keeps a message in mind, at the cost of the oldest.
pub fn remember(state: &mut State, told: Told) {
    let Some(talk) = state.talk_mut() else { return };
    talk.told.retain(|other| other.message != told.message);
    talk.told.push(told);
    let length = |told: &Told| told.text.chars().count();
    while talk.told.len() > MOST_TOLD
        || talk.told.len() > 1 && talk.told.iter().map(length).sum::<usize>() > MOST_TOLD_CHARS
    {
        talk.told.remove(0);
    }
}

/// Carries what is remembered over a step; of another website's answers nothing is.
pub(crate) fn keep(state: &mut State, mut heard: Vec<Told>) {
    if matches!(&*state, State::Collecting(open) if !general::is_worth_keeping(open)) {
        heard.clear();
    }
    if let Some(talk) = state.talk_mut() {
        talk.told = heard;
    }
}

/// Puts the new words of a message in the place of the old ones.
pub(crate) fn reword(heard: &mut [Told], message: &str, text: &str) {
    if let Some(told) = heard.iter_mut().find(|told| told.message == message) {
        text.clone_into(&mut told.text);
    }
}

/// What a message answers; more about a finished brief is told as its last answer is.
fn open_step(state: &State) -> Option<Step> {
    match state {
        State::Collecting(open) => Some(open.step),
        State::Confirming(_) => Some(Step::Contact),
        State::Welcome | State::Generating(_) => None,
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => None,
    }
}

/// The message has these words now.
pub(crate) fn edited(state: State, message: &str, text: &str, turn: &mut Turn<'_>) -> State {
    let Some(talk) = state.talk() else { return welcome::text(text, turn) };
    let newest = talk.told.last().is_some_and(|told| told.message == message);
    let was_lost = talk.last_error.is_some() || is_still_open(&state, &talk.told);
    let Some(told) = talk.told.iter().find(|told| told.message == message).cloned() else {
        turn.note("say-edited-late", &[]);
        return state;
    };
    if told.text.trim() == text.trim() {
        return state;
    }
    // A question has no effect, and what answered nothing so far may be heard once more.
    let asks = question::read(text).is_some_and(|asked| asked != Question::Other);
    if asks || newest && was_lost {
        return said(state, Content::Text { text: text.to_owned() }, turn);
    }
    if let Some(command) = Command::read(text, true) {
        if Command::read(&told.text, true) != Some(command) {
            turn.note("say-edited-late", &[]);
        }
        return state;
    }
    match &state {
        State::Collecting(open) => answered_anew(open.clone(), &told, text, turn).unwrap_or(state),
        State::Confirming(open) => {
            let reopened = confirming::reopened(open.clone());
            answered_anew(reopened, &told, text, turn).unwrap_or(state)
        }
        State::Generating(_) | State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            turn.note("say-edited-live", &[]);
            state
        }
        State::Welcome => state,
    }
}

/// Whether the question that the newest message was to answer is open still.
fn is_still_open(state: &State, heard: &[Told]) -> bool {
    let asked = heard.last().and_then(|told| told.step);
    matches!(state, State::Collecting(open) if asked == Some(open.step))
}

/// Puts the answer in the place of the one it was; nothing where that changes nothing.
fn answered_anew(
    mut open: Collecting,
    told: &Told,
    text: &str,
    turn: &mut Turn<'_>,
) -> Option<State> {
    let (old, new) = (gather(&told.text, told.step), gather(text, told.step));
    let known = open.brief.clone();
    turn.note("say-edited", &[]);
    take_back(&mut open.brief, &old, &new);
    let wish = change::read(text).and_then(|wish| Some((wish.field?, wish.value)));
    let after = match (wish, told.step) {
        (Some((field, value)), _) if !value.is_empty() => {
            collecting::change_field(open, field, value, turn)
        }
        (_, Some(step)) => {
            open.talk.answered = Some(step);
            correcting::correct(open, text, turn)
        }
        (_, None) => {
            absorb(&mut open, &new, text, None);
            collecting::acknowledge(&known, &open, (open.step, &Reply::Stay), turn);
            questions::advance(open, turn)
        }
    };
    if after.brief() == Some(&*known) {
        turn.unsay();
        return None;
    }
    Some(after)
}

/// Lets go of what only the old words told, and of what the new ones tell otherwise.
fn take_back(brief: &mut Brief, old: &Found, new: &Found) {
    let stays = |name: &str| new.items.iter().any(|item| item.name.eq_ignore_ascii_case(name));
    brief.items.retain(|item| !old.items.contains(item) || stays(&item.name));
    brief.notes.retain(|note| !old.notes.contains(note) || new.notes.contains(note));
    if new.name.is_some() && old.name.is_some() && brief.name == old.name {
        brief.name = None;
    }
    if new.trade.is_some() && old.trade.is_some() && brief.trade == old.trade {
        brief.trade = None;
    }
    if let Some(contact) = &mut brief.contact {
        contact.value.links.retain(|link| !old.links.contains(link) || new.links.contains(link));
    }
}
