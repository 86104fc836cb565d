//! Confirming: all answers at a glance, the address, the price.

use sitespark_core::brief::Brief;
use sitespark_core::ids::Tokens;

use super::absorb::{self, absorb};
use super::effect::Effect;
use super::state::{Collecting, Confirming, Pending, State, Step, Talk};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::gather::gather;
use super::understand::question::Question;
use super::understand::tap::{Field, Tap};
use super::understand::words::{cut_all, normalise};
use super::understand::{change, correction, denial, question};
use super::{address, amending, collecting, correcting, general, mine, questions, summary};
use crate::message::Choice;

/// Shows the summary and asks for a yes.
pub(crate) fn enter(from: Collecting, turn: &mut Turn<'_>) -> State {
    let talk = Talk { answered: from.talk.answered, ..Talk::default() };
    let state = Confirming { brief: from.brief, subdomain: from.subdomain, talk };
    ask(&state, turn);
    State::Confirming(state)
}

/// The whole summary.
pub(crate) fn ask(state: &Confirming, turn: &mut Turn<'_>) {
    let facts = turn.facts;
    let url = facts.site_url_pattern.replace("{name}", &proposed(state));
    let price = facts.price_generate;
    let after = Tokens(facts.available.0 - price.0);
    let lines = summary::lines(&state.brief, turn);
    turn.note("say-summary", &[("lines", lines.into()), ("url", url.into())]);
    if let Some(key) = gap(&state.brief) {
        turn.note(key, &[]);
    }
    let balance = facts.available.into();
    if after.0 >= 0 {
        turn.note(
            "say-summary-price",
            &[("price", price.into()), ("balance", balance), ("after", after.into())],
        );
    } else {
        turn.note("say-summary-price-short", &[("price", price.into()), ("balance", balance)]);
    }
    turn.ask("ask-confirm", &[], choices(state, turn));
}

/// What the site would be the better for.
fn gap(brief: &Brief) -> Option<&'static str> {
    let contact = &brief.contact.as_ref()?.value;
    match (contact.phone.is_some(), contact.address.is_some() || contact.hours.is_some()) {
        (false, _) => Some("say-gap-phone"),
        (true, false) => Some("say-gap-visit"),
        (true, true) => None,
    }
}

/// The name the site will live under as far as it is known now.
pub(crate) fn proposed(state: &Confirming) -> String {
    let business = state.brief.name.as_ref().map_or("", |answer| &answer.value);
    state.subdomain.clone().unwrap_or_else(|| address::proposed(business))
}

/// A short reminder that a yes is awaited.
pub(crate) fn ask_again(state: &Confirming, turn: &mut Turn<'_>) {
    match &state.talk.pending {
        Some(pending) => general::ask_pending(pending, turn),
        None => turn.ask("ask-confirm-again", &[], choices(state, turn)),
    }
}

pub(crate) fn choices(state: &Confirming, turn: &Turn<'_>) -> Vec<Choice> {
    match &state.talk.pending {
        Some(pending) => general::pending_choices(pending, turn),
        None => vec![
            turn.button(Command::Yes, "label-yes-make"),
            turn.choice(Tap::Change(None), "label-change"),
            turn.button(Command::Cancel, "label-cancel"),
        ],
    }
}

/// Free text.
pub(crate) fn free(mut state: Confirming, text: &str, turn: &mut Turn<'_>) -> State {
    if state.talk.pending == Some(Pending::Address) {
        state.talk.pending = None;
        return change_address(State::Confirming(state), text, turn);
    }
    state.talk.pending = None;
    if question::is_about_later(text) {
        general::answer_question(Question::Change, turn);
        ask_again(&state, turn);
        return State::Confirming(state);
    }
    let spoken = state.talk.spoken.as_deref();
    if let Some(amended) = amending::amend(&mut state.brief, spoken, text, turn) {
        amending::note(&amended, turn);
        if amended.gone.is_empty() {
            turn.note("say-added", &[]);
        }
        ask(&state, turn);
        return State::Confirming(state);
    }
    if let Some(gone) = absorb::remove(&mut state.brief, text) {
        turn.note("say-removed", &[("what", gone.into())]);
        ask(&state, turn);
        return State::Confirming(state);
    }
    if let Some(rest) = correction::read(text) {
        return correcting::correct(reopened(state), rest, turn);
    }
    if denial::is_all(text) {
        ask_again(&state, turn);
        return State::Confirming(state);
    }
    let wish = change::read(cut_all("interjection", text));
    if let Some(change::Change { field: None, .. }) = wish {
        return collecting::ask_which(State::Confirming(state), turn);
    }
    let plain = cut_all("politeness", cut_all("interjection", text));
    let stated = change::field_at_front(plain)
        .map(|(field, value)| (field, cut_all("connectors", value)))
        .filter(|(_, value)| !value.is_empty() && question::read(text).is_none());
    let named = wish.and_then(|wish| wish.field.map(|field| (field, wish.value))).or(stated);
    if let Some((field, value)) = named {
        if field == Field::Address && address::looks_like_name(value) {
            return change_address(State::Confirming(state), value, turn);
        }
        return collecting::change_field(reopened(state), field, value, turn);
    }
    if let (Some(asked), rest) = question::take(text) {
        general::answer_question(asked, turn);
        // "galungan harganya naik, nanti bisa diubah?": what the question is about tells nothing.
        let tells = rest != text && gather(&rest, Some(Step::Contact)).is_telling();
        if !tells {
            ask_again(&state, turn);
            return State::Confirming(state);
        }
        return take_more(state, &rest, turn);
    }
    take_more(state, text, turn)
}

/// Whatever else was said: more answers, or something not understood.
fn take_more(state: Confirming, text: &str, turn: &mut Turn<'_>) -> State {
    let before = state.brief.clone();
    let found = gather(text, Some(Step::Contact));
    let mut open = reopened(state);
    absorb(&mut open, &found, text, Some(Step::Contact));
    if open.brief != before {
        turn.note("say-added", &[]);
        return questions::advance(open, turn);
    }
    let mut state = general::confirming(open);
    let variants = match found.phone_error {
        Some(error) => super::answers::phone_error(error),
        None => ["oops-confirm-1", "oops-confirm-2"],
    };
    turn.oops(&mut state.talk, variants, &[]);
    ask_again(&state, turn);
    State::Confirming(state)
}

/// The questions again, with everything answered.
pub(crate) fn reopened(state: Confirming) -> Collecting {
    Collecting {
        brief: state.brief,
        step: Step::Contact,
        settled: [Step::Items, Step::Colour, Step::Contact, Step::Phone].into(),
        picked: Default::default(),
        subdomain: state.subdomain,
        talk: state.talk,
    }
}

/// A command whose meaning depends on this state.
pub(crate) fn commanded(mut state: Confirming, command: Command, turn: &mut Turn<'_>) -> State {
    match command {
        Command::Yes | Command::Done => start(state, turn),
        Command::No => collecting::ask_which(State::Confirming(state), turn),
        Command::Back | Command::Undo => {
            let mut open = reopened(state);
            turn.note("say-back", &[]);
            open.step = Step::Contact;
            questions::ask(&open, turn);
            State::Collecting(open)
        }
        Command::Cancel => pend(state, Pending::Cancel, turn),
        Command::New | Command::Restart => pend(state, Pending::Restart, turn),
        Command::Skip | Command::Any => {
            turn.oops(&mut state.talk, ["oops-confirm-1", "oops-confirm-2"], &[]);
            ask_again(&state, turn);
            State::Confirming(state)
        }
        Command::Repeat => {
            ask(&state, turn);
            State::Confirming(state)
        }
        Command::Thanks | Command::Start | Command::Greet | Command::Help | Command::Status => {
            general::inform(State::Confirming(state), command, turn)
        }
        Command::Balance | Command::History | Command::Claim | Command::Invite => {
            general::inform(State::Confirming(state), command, turn)
        }
        Command::Language(_) | Command::Sites => {
            general::inform(State::Confirming(state), command, turn)
        }
        Command::Mine(mine) => mine::commanded(State::Confirming(state), mine, turn),
    }
}

fn pend(mut state: Confirming, pending: Pending, turn: &mut Turn<'_>) -> State {
    general::ask_pending(&pending, turn);
    state.talk.pending = Some(pending);
    State::Confirming(state)
}

/// Asks the driver to make the site.
pub(crate) fn start(mut state: Confirming, turn: &mut Turn<'_>) -> State {
    state.talk.last_error = None;
    turn.wish(Effect::StartRun { brief: state.brief.clone(), subdomain: state.subdomain.clone() });
    State::Confirming(state)
}

/// A tapped choice.
pub(crate) fn tapped(state: Confirming, tap: Tap, turn: &mut Turn<'_>) -> State {
    match tap {
        Tap::Command(command) => commanded(state, command, turn),
        Tap::Change(None) => collecting::ask_which(State::Confirming(state), turn),
        Tap::Change(Some(field)) => collecting::change_field(reopened(state), field, "", turn),
        Tap::Trade(_) | Tap::Audience(_) | Tap::Feature(_) | Tap::Tone(_) | Tap::Colour(_) => {
            collecting::tapped(reopened(state), tap, turn)
        }
        Tap::SuggestedName
        | Tap::Site(_)
        | Tap::Sure
        | Tap::Keep
        | Tap::ChangeSite
        | Tap::Live(_) => {
            ask_again(&state, turn);
            State::Confirming(state)
        }
    }
}

/// Takes another web address, or asks for one when none was said.
pub(crate) fn change_address(mut state: State, value: &str, turn: &mut Turn<'_>) -> State {
    let wanted = address::read(value, &turn.facts.site_url_pattern);
    let said_something = !normalise(value).is_empty();
    match (&mut state, wanted) {
        (State::Collecting(open), Some(name)) => {
            open.subdomain = Some(name.clone());
            note_address(&name, turn);
            let State::Collecting(open) = state else { return state };
            questions::advance(open, turn)
        }
        (State::Confirming(open), Some(name)) => {
            open.subdomain = Some(name.clone());
            note_address(&name, turn);
            ask(open, turn);
            state
        }
        (_, None) => {
            let talk = state.talk_mut();
            if let Some(talk) = talk {
                if said_something {
                    turn.oops(talk, ["oops-address-1", "oops-address-2"], &[]);
                }
                talk.pending = Some(Pending::Address);
            }
            general::ask_pending(&Pending::Address, turn);
            state
        }
        (_, Some(_)) => state,
    }
}

fn note_address(name: &str, turn: &mut Turn<'_>) {
    let url = turn.facts.site_url_pattern.replace("{name}", name);
    turn.note("say-address-noted", &[("url", url.into())]);
}

/// Forgets an address that was refused, so that the summary does not show it again.
pub(crate) fn forget_address(state: State) -> State {
    match state {
        State::Confirming(state) => State::Confirming(Confirming { subdomain: None, ..state }),
        State::Welcome | State::Collecting(_) | State::Generating(_) => state,
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => state,
    }
}
