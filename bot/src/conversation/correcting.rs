//! An answer taken back: the right one goes where the wrong one was.

use std::collections::BTreeSet;

use sitespark_core::brief::Answer;

use super::absorb::absorb;
use super::answers::{self, Reply};
use super::collecting::{self, acknowledge, change_field, settle_answer, tapped};
use super::questions;
use super::state::{Collecting, State, Step};
use super::turn::Turn;
use super::understand::gather::gather;
use super::understand::tap::Tap;
use super::understand::words::cut_all;
use super::understand::{self, change};

/// "salah, …", "bukan, yang nomor 2": puts the right answer in the place of the wrong one.
pub(crate) fn correct(mut state: Collecting, rest: &str, turn: &mut Turn<'_>) -> State {
    state.talk.pending = None;
    if let Some((field, value)) = change::field_at_front(rest) {
        let value = cut_all("connectors", value);
        if !value.is_empty() {
            return change_field(state, field, value, turn);
        }
    }
    // "actually change the name to Shaz Mowing"
    if let Some(change::Change { field: Some(field), value }) = change::read(rest)
        && !value.trim().is_empty()
    {
        return change_field(state, field, value, turn);
    }
    let open = state.step;
    let answered = state.talk.answered.unwrap_or(open);
    state.step = answered;
    let choices = questions::choices(&state, turn);
    if let Some(tap) = understand::offered_choice(rest, &choices) {
        let meant = choices.into_iter().find(|choice| choice.id == tap.id());
        let label = meant.map(|choice| choice.label).unwrap_or_default();
        turn.note("say-corrected", &[("what", label.into())]);
        return choose_instead(state, tap, turn);
    }
    let found = gather(rest, Some(answered));
    // "modern, hitam maksude" answers what is asked now, and is no goods.
    let looks = matches!(open, Step::Style | Step::Colour) && gather(rest, Some(open)).has_style();
    if answered == Step::Items && looks && !found.is_telling() {
        state.step = open;
        return collecting::free(state, rest, turn);
    }
    let before = state.brief.clone();
    if found.is_telling() {
        if found.trade.is_some() {
            state.brief.trade = None;
        }
        if answered == Step::Features {
            state.picked.clear();
        }
        absorb(&mut state, &found, rest, Some(answered));
        acknowledge(&before, &state, (answered, &Reply::Stay), turn);
        return questions::advance(state, turn);
    }
    if answered == Step::Trade && state.brief.trade.is_some() {
        answers::add_to_trade(&mut state.brief, rest);
        acknowledge(&before, &state, (answered, &Reply::Stay), turn);
        return questions::advance(state, turn);
    }
    forget(&mut state, answered);
    settle_answer(state, *before, rest, &found, turn)
}

/// The choice that was meant, in the place of the one that was made.
fn choose_instead(mut state: Collecting, tap: Tap, turn: &mut Turn<'_>) -> State {
    match tap {
        Tap::Feature(feature) => {
            let picked = BTreeSet::from([feature]);
            let said = super::summary::features(&picked, turn);
            state.picked.clear();
            state.brief.features = Some(Answer::new(picked, said));
            questions::advance(state, turn)
        }
        other => tapped(state, other, turn),
    }
}

/// Lets go of an answer that is about to be given anew.
fn forget(state: &mut Collecting, step: Step) {
    let brief = &mut state.brief;
    match step {
        Step::Trade => brief.trade = None,
        Step::Name => brief.name = None,
        Step::Audience => brief.audience = None,
        Step::Features => brief.features = None,
        Step::Items | Step::Style | Step::Colour | Step::Contact | Step::Phone => {}
    }
}
