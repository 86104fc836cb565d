//! Answers that are left to us, or to later.

use std::collections::BTreeSet;

use sitespark_core::brief::{Answer, Contact, Feature, Rgb, Style, Tone, Trade};

use super::collecting::{resume, take_suggested};
use super::state::{Collecting, State, Step};
use super::turn::Turn;
use super::understand::gather::{gather, is_looks_only};
use super::understand::naming::clean_name;
use super::understand::words::{cut_all, cut_prefix, mentions, normalise};
use super::{names, questions};

/// Most words of a name that was not taken at first.
const MAX_NAME_WORDS: usize = 8;

/// What features stand for "you choose".
const USUAL_FEATURES: [Feature; 3] = [Feature::Catalogue, Feature::Order, Feature::Visit];

/// Whether enough is told for a site: what it is and what it is called.
pub(crate) fn can_be_made(state: &Collecting) -> bool {
    state.brief.trade.is_some() && state.brief.name.is_some() && questions::missing(state).is_some()
}

/// Most of the six questions that may be open when everything is agreed to.
const MOST_OPEN: i64 = 2;

/// Whether so much is told that a verdict on it is a verdict on the whole.
pub(crate) fn is_nearly_told(state: &Collecting) -> bool {
    can_be_made(state) && questions::open_steps(state) <= MOST_OPEN
}

/// What is still open is left to us; the summary shows it before anything is made.
pub(crate) fn make_now(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    state.talk.pending = None;
    let said = turn.plain("label-any", &[]);
    let brief = &mut state.brief;
    brief.audience.get_or_insert_with(|| Answer::new(String::new(), said.clone()));
    if brief.features.is_none() {
        let picked = std::mem::take(&mut state.picked);
        let picked = if picked.is_empty() { BTreeSet::from(USUAL_FEATURES) } else { picked };
        brief.features = Some(Answer::new(picked, said.clone()));
    }
    brief.style.get_or_insert_with(|| Answer::new(Style::default(), said));
    brief.contact.get_or_insert_with(|| Answer::new(Contact::default(), ""));
    state.settled.extend([Step::Items, Step::Colour, Step::Contact, Step::Phone]);
    questions::advance(state, turn)
}

/// Whether a site can be made without this answer.
pub(crate) const fn can_wait(step: Step) -> bool {
    match step {
        Step::Trade | Step::Name => false,
        Step::Audience | Step::Features | Step::Items | Step::Style => true,
        Step::Colour | Step::Contact | Step::Phone => true,
    }
}

pub(crate) fn unclear(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    // "yes go" to the last question, or said again to any, where the answer can wait.
    let again = state.talk.last_error.is_some();
    if (again || questions::is_last(&state)) && can_wait(state.step) {
        return skip(state, turn);
    }
    turn.oops(&mut state.talk, ["oops-unclear-1", "oops-unclear-2"], &[]);
    resume(state, turn)
}

pub(crate) fn skip(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    match state.step {
        Step::Trade => state.brief.trade = Some(Answer::new(Trade::Other, "")),
        Step::Name => {
            turn.oops(&mut state.talk, ["oops-name-needed-1", "oops-name-needed-2"], &[]);
            return resume(state, turn);
        }
        Step::Audience | Step::Features | Step::Style => return any(state, turn),
        Step::Items | Step::Colour | Step::Phone => {
            state.settled.insert(state.step);
        }
        Step::Contact => {
            if state.brief.contact.is_none() {
                state.brief.contact = Some(Answer::new(Contact::default(), ""));
            }
            state.settled.extend([Step::Contact, Step::Phone]);
        }
    }
    questions::advance(state, turn)
}

/// Goes on after misses: what can wait is left open, a name is made of what there is. The summary
/// shows it before anything is made.
pub(crate) fn go_on_without(mut state: Collecting, text: &str, turn: &mut Turn<'_>) -> State {
    if state.step != Step::Name {
        return skip(state, turn);
    }
    let trade = state.brief.trade.as_ref();
    let shop = turn.plain(names::trade_shop(trade.map_or(Trade::Other, |told| told.value)), &[]);
    let name = clean_name(text)
        .filter(|_| text.split_whitespace().count() <= MAX_NAME_WORDS && !text.contains('?'))
        .or_else(|| questions::suggested_name(&state, turn))
        .or_else(|| clean_name(&trade?.said))
        .unwrap_or(shop);
    turn.note("say-name-noted", &[("name", name.clone().into())]);
    state.brief.name = Some(Answer::new(name, super::absorb::cut(text)));
    questions::advance(state, turn)
}

/// "You choose."
pub(crate) fn any(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    let said = turn.plain("label-any", &[]);
    match state.step {
        Step::Trade => return unclear(state, turn),
        Step::Name => return take_suggested(state, turn),
        Step::Audience => state.brief.audience = Some(Answer::new(String::new(), said)),
        Step::Features => {
            let picked = std::mem::take(&mut state.picked);
            let picked = if picked.is_empty() { BTreeSet::from(USUAL_FEATURES) } else { picked };
            state.brief.features = Some(Answer::new(picked, said));
        }
        Step::Style => {
            state.brief.style = Some(Answer::new(Style::default(), said));
            state.settled.insert(Step::Colour);
        }
        Step::Items | Step::Colour | Step::Contact | Step::Phone => return skip(state, turn),
    }
    questions::advance(state, turn)
}

pub(crate) fn done(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    match state.step {
        Step::Features if !state.picked.is_empty() => {
            let picked = std::mem::take(&mut state.picked);
            let said = super::summary::features(&picked, turn);
            state.brief.features = Some(Answer::new(picked, said));
            questions::advance(state, turn)
        }
        Step::Trade => unclear(state, turn),
        Step::Name if state.brief.name.is_some() => questions::advance(state, turn),
        Step::Name | Step::Audience | Step::Features | Step::Items => skip(state, turn),
        Step::Style | Step::Colour | Step::Contact | Step::Phone => skip(state, turn),
    }
}

/// Most words of a message that leaves an answer to us.
const MAX_LEFT_WORDS: usize = 7;

/// "terserah, yang penting cepet": tells nothing but that we may choose.
pub(crate) fn leaves_it_to_us(state: &State, text: &str) -> bool {
    let State::Collecting(open) = state else { return false };
    let normal = normalise(text);
    let asked = match open.step {
        Step::Audience | Step::Features | Step::Style | Step::Colour => true,
        Step::Trade | Step::Name | Step::Items | Step::Contact | Step::Phone => false,
    };
    // "up to you, I trust you on that": who begins so gives no tone by what follows.
    let led = cut_prefix("up-to-you", cut_all("answer-lead", text)).is_some_and(|rest| {
        let plain = normalise(rest);
        plain.is_empty()
            || Rgb::parse_name(rest).is_none()
                && !mentions("style-label", &plain)
                && (Tone::parse(rest).is_none()
                    || !["but-words", "which"].iter().any(|list| mentions(list, &plain))
                        && !rest.split([',', '.', ';']).any(names_a_look))
    });
    let style = matches!(open.step, Step::Style | Step::Colour);
    if style && led && !text.contains('?') && !gather(text, None).has_contact() {
        return true;
    }
    asked
        && mentions("up-to-you", &normal)
        && normal.split(' ').count() <= MAX_LEFT_WORDS
        && !text.contains('?')
        && !gather(text, Some(open.step)).is_telling()
}

/// "modern minimalis aja": a piece that is about nothing but how it looks.
fn names_a_look(piece: &str) -> bool {
    is_looks_only(piece) && Tone::parse(piece).is_some()
}
