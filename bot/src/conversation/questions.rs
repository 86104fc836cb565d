//! The questions with their choices, and which of them is still open.

use std::collections::BTreeSet;

use sitespark_core::brief::{Brief, Contact, Feature, Language, Tone, Trade};

use super::state::{Collecting, Pending, State, Step, Talk};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::tap::{Audience, Swatch, Tap};
use super::{address, confirming, general, names};
use crate::message::{Choice, Message, Request};

/// Most choices of one message.
const MAX_CHOICES: usize = 10;

/// A fresh set of questions.
pub(crate) fn fresh(language: Language) -> Collecting {
    Collecting {
        brief: Box::new(Brief { language, ..Brief::default() }),
        step: Step::Trade,
        settled: BTreeSet::new(),
        picked: BTreeSet::new(),
        subdomain: None,
        talk: Talk::default(),
    }
}

/// The first question without an answer.
pub(crate) fn missing(state: &Collecting) -> Option<Step> {
    Step::ALL.into_iter().find(|step| is_open(*step, state))
}

fn is_open(step: Step, state: &Collecting) -> bool {
    let brief = &state.brief;
    let settled = state.settled.contains(&step);
    match step {
        Step::Trade => brief.trade.is_none(),
        Step::Name => brief.name.is_none(),
        Step::Audience => brief.audience.is_none(),
        Step::Features => brief.features.is_none(),
        Step::Items => {
            let catalogue = |features: &BTreeSet<Feature>| features.contains(&Feature::Catalogue);
            let wanted = brief.features.as_ref().is_some_and(|answer| catalogue(&answer.value));
            wanted && brief.items.is_empty() && !settled
        }
        Step::Style => brief.style.is_none(),
        Step::Colour => {
            brief.style.as_ref().is_some_and(|answer| answer.value.colour.is_none()) && !settled
        }
        Step::Contact => {
            brief.contact.as_ref().is_none_or(|answer| town_only(&answer.value)) && !settled
        }
        Step::Phone => {
            brief.contact.as_ref().is_some_and(|answer| answer.value.phone.is_none()) && !settled
        }
    }
}

/// Whether nothing but a town is known: nobody can be reached by that.
fn town_only(contact: &Contact) -> bool {
    contact.city.is_some()
        && *contact == Contact { city: contact.city.clone(), ..Contact::default() }
}

/// Whether nothing else is open; the colour goes with the style, the number with the contact.
pub(crate) fn is_last(state: &Collecting) -> bool {
    let mut open = Step::ALL.into_iter().filter(|step| is_open(*step, state));
    open.next() == Some(state.step) && open.next().is_none()
}

/// How many of the six steps are still open.
pub(crate) fn open_steps(state: &Collecting) -> i64 {
    let main =
        [Step::Trade, Step::Name, Step::Audience, Step::Features, Step::Style, Step::Contact];
    main.iter().filter(|step| is_open(**step, state)).map(|_| 1).sum()
}

/// Goes on: the next open question, or the summary when all is answered.
pub(crate) fn advance(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    state.talk.last_error = None;
    turn.set_formal(address::is_formal(&state.brief));
    if !is_open(state.step, &state) {
        state.talk.answered = Some(state.step);
    }
    match missing(&state) {
        Some(step) => {
            state.step = step;
            ask(&state, turn);
            State::Collecting(state)
        }
        // A list by photo is answered before the summary shows what there is.
        None if matches!(state.talk.pending, Some(Pending::Menu { .. })) => {
            ask(&state, turn);
            State::Collecting(state)
        }
        None => confirming::enter(state, turn),
    }
}

/// Asks the open question.
pub(crate) fn ask(state: &Collecting, turn: &mut Turn<'_>) {
    if let Some(pending) = &state.talk.pending {
        return general::ask_pending(pending, turn);
    }
    let choices = choices(state, turn);
    let name = state.brief.name.as_ref().map_or("", |answer| &answer.value);
    let key = match state.step {
        Step::Trade => "ask-trade",
        Step::Name => "ask-name",
        Step::Audience => "ask-audience",
        Step::Features if state.picked.is_empty() => "ask-features",
        Step::Features => "ask-features-more",
        Step::Items => return turn.ask(items_question(&state.brief), &[], choices),
        Step::Style => return turn.ask("ask-style", &[("name", name.into())], choices),
        Step::Colour => "ask-colour",
        Step::Contact => return ask_to_share("ask-contact", true, choices, turn),
        Step::Phone => return ask_to_share("ask-phone", false, choices, turn),
    };
    turn.ask(key, &[], choices);
}

/// Asks for what an app can share with one tap: the number, and perhaps the place.
fn ask_to_share(key: &str, with_place: bool, choices: Vec<Choice>, turn: &mut Turn<'_>) {
    let place = with_place.then(|| turn.plain("label-share-place", &[]));
    let request = Some(Request { number: Some(turn.plain("label-share-number", &[])), place });
    let body = turn.body(key, &[]);
    turn.send(Message { body, choices, request, ..Message::default() });
}

/// What the key of the second of two sentences ends with.
const SECOND: &str = "-2";

/// Asks the open question again in other words.
pub(crate) fn ask_again(state: &Collecting, turn: &mut Turn<'_>) {
    if let Some(pending) = &state.talk.pending {
        return general::ask_pending(pending, turn);
    }
    // The same sentence is not said twice in a row.
    if state.talk.last_error.as_deref().is_some_and(|key| key.ends_with(SECOND)) {
        return ask(state, turn);
    }
    let key = match state.step {
        Step::Trade => "ask-trade-again",
        Step::Name => "ask-name-again",
        Step::Audience => "ask-audience-again",
        Step::Features => "ask-features-again",
        Step::Items => "ask-items-again",
        Step::Style => "ask-style-again",
        Step::Colour => "ask-colour-again",
        Step::Contact => "ask-contact-again",
        Step::Phone => "ask-phone-again",
    };
    let choices = choices(state, turn);
    turn.ask(key, &[], choices);
}

fn items_question(brief: &Brief) -> &'static str {
    let eats = |trade| matches!(trade, Trade::Food | Trade::Bakery);
    let goods = |trade| matches!(trade, Trade::Fashion | Trade::Shop);
    match brief.trade.as_ref().map(|answer| answer.value) {
        Some(trade) if eats(trade) => "ask-items-food",
        Some(trade) if goods(trade) => "ask-items-goods",
        Some(_) | None => "ask-items-service",
    }
}

/// The choices of the open question.
pub(crate) fn choices(state: &Collecting, turn: &Turn<'_>) -> Vec<Choice> {
    if let Some(pending) = &state.talk.pending {
        return general::pending_choices(pending, turn);
    }
    let skip = || turn.button(Command::Skip, "label-skip");
    let mut choices: Vec<Choice> = match state.step {
        Step::Trade => offered_trades()
            .map(|trade| turn.choice(Tap::Trade(trade), names::trade_label(trade)))
            .collect(),
        Step::Name => suggested_name(state, turn)
            .map(|label| Choice { id: Tap::SuggestedName.id(), label })
            .into_iter()
            .collect(),
        Step::Audience => Audience::ALL
            .into_iter()
            .map(|audience| turn.choice(Tap::Audience(audience), audience.label()))
            .collect(),
        Step::Features => feature_choices(&state.picked, turn),
        Step::Items | Step::Contact | Step::Phone => vec![skip()],
        Step::Style => Tone::ALL
            .into_iter()
            .map(|tone| turn.choice(Tap::Tone(tone), names::tone_label(tone)))
            .chain([turn.button(Command::Any, "label-any")])
            .collect(),
        Step::Colour => Swatch::ALL
            .into_iter()
            .map(|swatch| turn.choice(Tap::Colour(swatch), swatch.label()))
            .chain([turn.button(Command::Any, "label-any")])
            .collect(),
    };
    choices.truncate(MAX_CHOICES);
    choices
}

/// Ten of the trades: the most frequent ones and "something else"; the others are typed.
fn offered_trades() -> impl Iterator<Item = Trade> {
    Trade::ALL.into_iter().filter(|trade| match trade {
        Trade::Food | Trade::Bakery | Trade::Fashion | Trade::Salon | Trade::Laundry => true,
        Trade::Workshop | Trade::Clinic | Trade::Tutoring | Trade::Shop | Trade::Other => true,
        Trade::Photography | Trade::Events | Trade::Contractor | Trade::Technology => false,
    })
}

fn feature_choices(picked: &BTreeSet<Feature>, turn: &Turn<'_>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Feature::ALL
        .into_iter()
        .map(|feature| {
            let mut choice = turn.choice(Tap::Feature(feature), names::feature_label(feature));
            if picked.contains(&feature) {
                choice.label.insert_str(0, "✓ ");
            }
            choice
        })
        .collect();
    let label = if picked.is_empty() { "label-any" } else { "label-go-on" };
    let command = if picked.is_empty() { Command::Any } else { Command::Done };
    choices.push(turn.button(command, label));
    choices
}

/// Longest owner's name that goes into a proposed name of a business, in characters.
const MAX_OWNER_CHARS: usize = 12;

/// A name proposed to somebody who has none yet: the trade's word and the owner's first name.
pub(crate) fn suggested_name(state: &Collecting, turn: &Turn<'_>) -> Option<String> {
    let owner = turn.facts.name.as_deref()?.split_whitespace().next()?;
    let owner: String = owner.chars().filter(|c| c.is_alphanumeric()).collect();
    let trade = state.brief.trade.as_ref().map_or(Trade::Other, |answer| answer.value);
    let fits = (2..=MAX_OWNER_CHARS).contains(&owner.chars().count());
    fits.then(|| format!("{} {owner}", turn.plain(names::trade_shop(trade), &[])))
}
