//! The conversation as a pure function: `step(state, event, facts, now) -> (state, effects)`.
//!
//! No IO, no clock, no randomness: what happened and what is known come in, the new state and the
//! wishes go out. Total: every state answers every event.

mod absorb;
mod address;
mod amending;
mod answers;
mod closed;
mod collecting;
mod confirming;
pub(crate) mod convert;
mod correcting;
mod deferring;
mod edited;
mod effect;
mod event;
mod forms;
mod general;
mod generating;
mod live;
mod media;
mod menus;
mod mine;
mod names;
mod outcomes;
mod pending;
mod questions;
mod reacted;
mod said_back;
mod state;
mod stored;
mod summary;
mod turn;
mod understand;
mod welcome;

pub use edited::{remember, told};
pub use effect::{Deed, Effect};
pub use event::{
    Done, EditRefusal, Event, ExportFile, Facts, HistoryLine, NoPicture, Objection, Outcome,
    PhotoRefusal, PhotoReport, RunFailure, RunReport, SiteFacts,
};
pub use state::{
    Collecting, Complete, Confirming, Generating, Live, Pending, PickOption, Refining, Reviewing,
    Slot, State, Step, Talk, Told, WordPart,
};
pub use stored::{StoredError, from_stored, to_stored};

use sitespark_core::brief::Trade;

use crate::message::{Choice, Content, MAX_TEXT_CHARS, Reaction};
use crate::texts::Texts;
use summary::is_worth_seeing;
use turn::Turn;
use understand::Meaning;
use understand::command::Command;
use understand::consent;
use understand::correction;
use understand::gather::gather;
use understand::haste;
use understand::logo;
use understand::mood::{self, Mood};
use understand::pause;
use understand::question::Question;
use understand::tap::{Audience, Tap};
use understand::words::{cut_prefix, is_in, mentions, normalise};

/// One step of a conversation. Total: it answers every event in every state and never panics.
///
/// Effects are to be carried out in order; what [`Event::Came`] reports of them is fed back with
/// the state returned here.
pub fn step(
    state: State,
    event: Event,
    facts: &Facts,
    now_ms: i64,
    texts: &Texts,
) -> (State, Vec<Effect>) {
    let mut turn = Turn::new(&state, facts, now_ms, texts);
    let seen = is_worth_seeing(&state);
    let mut heard = state.talk().map(|talk| talk.told.clone()).unwrap_or_default();
    if let Event::Edited { message, text } = &event {
        edited::reword(&mut heard, message, text);
    }
    let before = state.brief().map(|brief| brief.items.clone());
    let mut state = match event {
        Event::Said(content) => said(state, content, &mut turn),
        Event::Edited { message, text } => edited::edited(state, &message, &text, &mut turn),
        Event::Reacted { emoji, latest } => reacted::reacted(state, &emoji, latest, &mut turn),
        Event::Came(outcome) => outcomes::came(state, outcome, &mut turn),
        Event::Run { run, report } => generating::report(state, run, report, &mut turn),
        Event::Photo(report) => match state {
            State::Generating(open) if open.live => {
                let put = |state, turn: &mut Turn<'_>| media::report(state, report, turn);
                generating::beside(open, &mut turn, put)
            }
            state => media::report(state, report, &mut turn),
        },
        Event::Menu { photo, items } => match state {
            State::Generating(open) if open.live => {
                let put = |state, turn: &mut Turn<'_>| menus::report(state, photo, items, turn);
                generating::beside(open, &mut turn, put)
            }
            state => menus::report(state, photo, items, &mut turn),
        },
        Event::Visitor { name, contact, message } => {
            live::visitor(&[name, contact, message], &mut turn);
            state
        }
        Event::Edit { site: _, result } => live::edit_report(state, result, &mut turn),
        Event::Rewritten { site: _, captured } => live::rewritten(state, captured, &mut turn),
        Event::Exported { site: _, file } => {
            mine::exported(file, &mut turn);
            state
        }
        Event::Compared { site: _, picture } => {
            mine::compared(&state, picture, &mut turn);
            state
        }
        Event::Silence => mine::silence(state, &mut turn),
        Event::LinkedElsewhere => {
            turn.say("say-linked-elsewhere", &[]);
            state
        }
    };
    if !seen && is_worth_seeing(&state) {
        turn.offer_preview();
    }
    if let (Some(offered), Some(talk)) = (turn.offered(), state.talk_mut()) {
        talk.offered = offered;
    }
    let after = state.brief().map(|brief| brief.items.as_slice()).unwrap_or_default();
    // Where several changed, none of them is the one that was spoken of.
    let told = before.filter(|before| before != after);
    let spoken = told.map(|before| amending::spoken_of(&before, after));
    if let (Some(spoken), Some(talk)) = (spoken, state.talk_mut()) {
        talk.spoken = spoken;
    }
    edited::keep(&mut state, heard);
    (state, turn.finish())
}

/// Whether the turn between two states ended in "I did not get that": what a model may be asked
/// about, where there is one.
pub fn not_understood(before: &State, after: &State) -> bool {
    let error = |state: &State| state.talk().and_then(|talk| talk.last_error.clone());
    let said = error(after).filter(|key| key.starts_with(turn::NOT_UNDERSTOOD));
    said.is_some() && said != error(before)
}

/// The question that is open, or else the state, by its stable name.
pub fn open_question(state: &State) -> &'static str {
    match state {
        State::Collecting(state) => state.step.slug(),
        State::Welcome | State::Confirming(_) | State::Generating(_) => state.name(),
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => state.name(),
    }
}

fn said(state: State, content: Content, turn: &mut Turn<'_>) -> State {
    if let Content::Text { text } = &content
        && let Some(code) = mine::code_in(text)
    {
        turn.wish(Effect::Do(Deed::EnterLinkCode { code }));
        return state;
    }
    let state = match (state, &content) {
        (state, Content::Blocked) => {
            turn.wish(Effect::Mute);
            return state;
        }
        (State::Welcome, Content::Text { text: words }) => {
            return welcome::text(&cut(words), turn);
        }
        (State::Welcome, Content::Start { payload }) => {
            welcome::accept_referral(payload.as_deref(), turn);
            return welcome::greet(turn);
        }
        (State::Welcome, _) => welcome::open(turn),
        (State::Generating(open), Content::Photo { .. } | Content::Location { .. })
            if open.live =>
        {
            return generating::beside(open, turn, |state, turn| said(state, content, turn));
        }
        (State::Generating(open), Content::Contact { .. }) if open.live => {
            return generating::beside(open, turn, |state, turn| said(state, content, turn));
        }
        (state, _) => match closed::told(state, &content, turn) {
            Ok(state) => return state,
            Err(state) => *state,
        },
    };
    match content {
        Content::Text { text: words } => text(state, &cut(&words), turn),
        Content::Choice { id } => choice(state, &id, turn),
        Content::Start { payload } => {
            welcome::accept_referral(payload.as_deref(), turn);
            command(state, Command::Start, turn)
        }
        Content::Photo { file, caption } => media::photo(state, file, caption, turn),
        Content::Location { latitude, longitude, label } => {
            media::location(state, (latitude, longitude), label, turn)
        }
        Content::Contact { name: _, phone } => media::contact_card(state, &phone, turn),
        Content::Voice { .. } => media::voice(state, turn),
        Content::Document { file, name: _, caption } => media::document(state, file, caption, turn),
        Content::Sticker { emoji } => {
            if emoji.as_deref().is_some_and(mood::is_kind) {
                turn.react(Reaction::Heart);
            }
            match emoji.as_deref().and_then(|emoji| Command::read(emoji, true)) {
                Some(found) => command(state, found, turn),
                None => resumed(state, "say-sticker", turn),
            }
        }
        // Whether it is an answer, only who knows what was said last can tell.
        Content::Reaction { .. } => state,
        Content::Unsupported | Content::Blocked => resumed(state, "say-unsupported", turn),
    }
}

/// Whether a text can be told together with others of the same moment: it is no command, no choice,
/// no code. A greeting is: it often comes alone before what it greets with.
pub fn is_joinable(text: &str, offered: &[Choice]) -> bool {
    if mine::code_in(text).is_some() || text.trim().parse::<u32>().is_ok() {
        return false;
    }
    match understand::read(text, offered, true) {
        Meaning::Free | Meaning::Command(Command::Greet) => true,
        Meaning::Tap(_) | Meaning::Command(_) => false,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

fn resumed(state: State, key: &str, turn: &mut Turn<'_>) -> State {
    turn.note(key, &[]);
    general::resume_again(&state, turn);
    state
}

fn text(state: State, text: &str, turn: &mut Turn<'_>) -> State {
    if cut_prefix("never-mind", text).is_some() && asks_to_delete(&state) {
        return tapped(state, Tap::Keep, turn);
    }
    if let Some(wish) = logo::wish(text) {
        return media::logo_wished(state, wish, turn);
    }
    let offered = state.talk().map(|talk| talk.offered.clone()).unwrap_or_default();
    let read = understand::read(text, &offered, expects_free_text(&state));
    // "salah, mulai dari awal": a command behind the word for a mistake.
    let read = match (read, correction::read(text).and_then(|rest| Command::read(rest, true))) {
        (Meaning::Free, Some(found @ (Command::Restart | Command::Cancel | Command::Undo))) => {
            Meaning::Command(found)
        }
        (read, _) => read,
    };
    // "mangga" is a yes in Sunda and a fruit elsewhere.
    let agrees = matches!(&state, State::Confirming(open) if open.talk.pending.is_none())
        && (is_in("summary-yes", &normalise(text)) || consent::is_given(text));
    let read = match read {
        // Who praises the summary agrees to it, and who has nothing to add.
        Meaning::Free | Meaning::Command(Command::Thanks | Command::Skip | Command::Any)
            if agrees =>
        {
            Meaning::Command(Command::Yes)
        }
        read => read,
    };
    let read = match read {
        Meaning::Free if deferring::leaves_it_to_us(&state, text) => Meaning::Command(Command::Any),
        read => read,
    };
    let state = match (state, &read) {
        // "looks good, do it": a verdict on all that was told is the yes to it.
        (
            State::Collecting(open),
            Meaning::Free | Meaning::Command(Command::Yes | Command::Done | Command::Thanks),
        ) if open.talk.pending.is_none()
            && deferring::is_nearly_told(&open)
            && (consent::is_verdict(text) || consent::begins_all(text)) =>
        {
            return match deferring::make_now(open, turn) {
                State::Confirming(open) => confirming::start(open, turn),
                state => state,
            };
        }
        (State::Collecting(open), Meaning::Free | Meaning::Command(Command::Yes))
            if haste::wants_it_now(text) && deferring::can_be_made(&open) =>
        {
            let make = |state, turn: &mut Turn<'_>| match state {
                State::Collecting(open) => deferring::make_now(open, turn),
                state => state,
            };
            return menus::beside(State::Collecting(open), turn, make);
        }
        (
            State::Collecting(open),
            Meaning::Free | Meaning::Tap(Tap::Feature(_)) | Meaning::Command(Command::Any),
        ) if open.step == Step::Features => match collecting::listed_features(open, text, turn) {
            Ok(state) => return state,
            Err(open) => State::Collecting(*open),
        },
        (
            State::Collecting(open),
            Meaning::Command(Command::Any) | Meaning::Tap(Tap::Audience(Audience::Everyone)),
        ) if open.step == Step::Audience && is_in("everybody", &normalise(text)) => {
            return collecting::for_everybody(open, text, turn);
        }
        (state, _) => state,
    };
    if read == Meaning::Command(Command::Thanks) && mood::is_warm(text) {
        turn.react(Reaction::Heart);
    }
    match read {
        Meaning::Tap(tap) => tapped(state, tap, turn),
        Meaning::Command(found) => command(state, found, turn),
        Meaning::Free => match menus::corrected(state, text, turn) {
            Ok(state) => state,
            Err(state) => menus::beside(*state, turn, |state, turn| free(state, text, turn)),
        },
    }
}

/// A text that is no choice and no command.
fn free(state: State, text: &str, turn: &mut Turn<'_>) -> State {
    if mentions("wish-delete", &normalise(text)) {
        return unwanted(state, turn);
    }
    let waits = match &state {
        State::Collecting(open) => pause::waits_a_moment(text, open.step),
        _ => false,
    };
    if waits || pause::asks_to_wait(text) {
        turn.say("say-take-your-time", &[]);
        return state;
    }
    match mood_of(&state, text) {
        Some(mood) => general::answer_mood(state, mood, turn),
        None => match state {
            State::Welcome => welcome::text(text, turn),
            State::Collecting(mut state) => {
                state.talk.pending = None;
                collecting::free(state, text, turn)
            }
            State::Confirming(state) => confirming::free(state, text, turn),
            State::Generating(state) => generating::free(state, text, turn),
            State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
                live::free(state, text, turn)
            }
        },
    }
}

/// "hapus website saya": answers can be thrown away here, a live site cannot.
fn unwanted(state: State, turn: &mut Turn<'_>) -> State {
    match state {
        State::Collecting(_) | State::Confirming(_) | State::Generating(_) => {
            command(state, Command::Cancel, turn)
        }
        State::Welcome => welcome::greet(turn),
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            general::answer_question(Question::Delete, turn);
            general::resume_again(&state, turn);
            state
        }
    }
}

/// The mood of a message that holds no answer; where any words can be one, only a plain mood counts.
fn mood_of(state: &State, text: &str) -> Option<Mood> {
    let strict = match state {
        State::Welcome | State::Generating(_) => return None,
        State::Confirming(_) => false,
        State::Collecting(_) | State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            expects_free_text(state) || state.live().is_some()
        }
    };
    // A sentence in small letters is no name, unless it is of the kitchen: "mie setan pak min".
    let sentence = text.split_whitespace().count() >= mood::MIN_SENTENCE_WORDS
        && !text.chars().any(char::is_uppercase)
        && Trade::parse(text).is_none();
    let asked = matches!(state, State::Collecting(open) if open.step == Step::Name);
    let mood = mood::read(text, strict && !(asked && sentence))?;
    (!gather(text, None).is_telling()).then_some(mood)
}

/// Whether our own open question is about throwing answers away: "never mind" keeps them then.
fn asks_to_delete(state: &State) -> bool {
    match state.talk().and_then(|talk| talk.pending.as_ref()) {
        Some(Pending::Cancel | Pending::Restart) => true,
        Some(Pending::DeleteSite { .. } | Pending::Forget | Pending::Rewrite { .. }) => true,
        Some(Pending::NewOrChange { .. } | Pending::TakeName { .. } | Pending::Address) => false,
        Some(Pending::Pick { .. }) => true,
        Some(Pending::WriteAgain { .. } | Pending::Menu { .. }) | None => false,
    }
}

/// Where any words can be the answer, a mistyped command is not looked for.
fn expects_free_text(state: &State) -> bool {
    match state {
        State::Collecting(state) => match state.step {
            Step::Name | Step::Audience | Step::Items | Step::Contact => true,
            Step::Trade | Step::Features | Step::Style | Step::Colour | Step::Phone => false,
        },
        State::Refining(state) => state.slot.is_some(),
        State::Welcome | State::Confirming(_) | State::Generating(_) => false,
        State::Reviewing(_) | State::Complete(_) => false,
    }
}

fn choice(state: State, id: &str, turn: &mut Turn<'_>) -> State {
    match Tap::parse(id) {
        Some(Tap::Command(found)) => command(state, found, turn),
        Some(tap) => tapped(state, tap, turn),
        None => resumed(state, "say-old-button", turn),
    }
}

fn tapped(state: State, tap: Tap, turn: &mut Turn<'_>) -> State {
    let state = match pending::tapped(state, tap, turn) {
        Ok(state) => return state,
        Err(state) => *state,
    };
    menus::beside(state, turn, |state, turn| tapped_on(state, tap, turn))
}

fn tapped_on(state: State, tap: Tap, turn: &mut Turn<'_>) -> State {
    match state {
        State::Welcome => welcome::greet(turn),
        State::Collecting(state) => collecting::tapped(state, tap, turn),
        State::Confirming(state) => confirming::tapped(state, tap, turn),
        State::Generating(state) => generating::tapped(state, tap, turn),
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            live::tapped(state, tap, turn)
        }
    }
}

fn command(state: State, command: Command, turn: &mut Turn<'_>) -> State {
    let state = match pending::commanded(state, command, turn) {
        Ok(state) => return state,
        Err(state) => *state,
    };
    menus::beside(state, turn, |state, turn| commanded(state, command, turn))
}

fn commanded(state: State, command: Command, turn: &mut Turn<'_>) -> State {
    if let Command::Mine(mine) = command {
        return mine::commanded(state, mine, turn);
    }
    match state {
        State::Welcome => welcome::greet(turn),
        State::Collecting(state) => collecting::commanded(state, command, turn),
        State::Confirming(state) => confirming::commanded(state, command, turn),
        State::Generating(state) => generating::commanded(state, command, turn),
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            live::commanded(state, command, turn)
        }
    }
}
