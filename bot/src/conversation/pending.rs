//! Answers to our own yes-or-no questions, which come before everything else.

use super::effect::{Deed, Effect};
use super::state::{Pending, State};
use super::turn::Turn;
use super::understand::command::{Command, Mine};
use super::understand::tap::{Field, LiveTap, Tap};
use super::{confirming, general, live, menus, welcome};

/// What was answered.
enum Answer {
    Yes,
    No,
    /// One of several, from 0.
    Picked(u8),
    /// The other way that was offered.
    Other,
    Else,
}

/// A tap while a question of ours is open; gives the state back when it is none of its answers.
pub(crate) fn tapped(state: State, tap: Tap, turn: &mut Turn<'_>) -> Result<State, Box<State>> {
    let answer = match tap {
        Tap::Sure => Answer::Yes,
        Tap::Keep | Tap::ChangeSite => Answer::No,
        Tap::Trade(_) | Tap::Audience(_) | Tap::Feature(_) | Tap::Tone(_) => Answer::Else,
        Tap::Colour(_) | Tap::Change(_) | Tap::Command(_) | Tap::Site(_) => Answer::Else,
        Tap::SuggestedName => Answer::Else,
        Tap::Live(LiveTap::Pick(at)) => Answer::Picked(at),
        Tap::Live(LiveTap::OwnWriter) => Answer::Other,
        Tap::Live(LiveTap::Version(_) | LiveTap::Look) => Answer::Else,
    };
    settle(state, answer, turn)
}

/// A command while a question of ours is open.
pub(crate) fn commanded(
    state: State,
    command: Command,
    turn: &mut Turn<'_>,
) -> Result<State, Box<State>> {
    let pending = state.talk().and_then(|talk| talk.pending.as_ref());
    let answer = match (command, pending) {
        (Command::Done, Some(Pending::WriteAgain { .. })) => Answer::Else,
        // "lanjut" goes on with the questions, not with throwing them away.
        (Command::Done, Some(Pending::Cancel | Pending::Restart)) => Answer::No,
        (Command::Yes | Command::Done, _) => Answer::Yes,
        (Command::New, Some(Pending::NewOrChange { .. })) => Answer::Yes,
        (Command::Cancel, Some(Pending::Cancel)) => Answer::Yes,
        (Command::Restart, Some(Pending::Restart)) => Answer::Yes,
        (Command::No | Command::Back | Command::Skip | Command::Cancel, _) => Answer::No,
        (Command::Start | Command::Help | Command::Status | Command::Balance, _) => Answer::Else,
        (Command::History | Command::Claim | Command::Invite | Command::Language(_), _) => {
            Answer::Else
        }
        (Command::New | Command::Sites | Command::Undo | Command::Restart, _) => Answer::Else,
        (Command::Repeat | Command::Any | Command::Thanks | Command::Greet, _) => Answer::Else,
        (Command::Mine(Mine::DeleteSite), Some(Pending::DeleteSite { .. })) => Answer::Yes,
        (Command::Mine(Mine::Forget), Some(Pending::Forget)) => Answer::Yes,
        (Command::Mine(_), _) => Answer::Else,
    };
    settle(state, answer, turn)
}

fn settle(mut state: State, answer: Answer, turn: &mut Turn<'_>) -> Result<State, Box<State>> {
    let Some(pending) = state.talk_mut().and_then(|talk| talk.pending.take()) else {
        return Err(Box::new(state));
    };
    match (answer, pending) {
        (Answer::Yes, Pending::Menu { items }) => Ok(menus::accept(state, items, turn)),
        (Answer::No, Pending::Menu { .. }) => Ok(menus::refuse(state, turn)),
        // Whatever else is said, the list waits for its answer.
        (Answer::Else | Answer::Picked(_) | Answer::Other, open @ Pending::Menu { .. }) => {
            if let Some(talk) = state.talk_mut() {
                talk.pending = Some(open);
            }
            Err(Box::new(state))
        }
        (Answer::Else, _) => Err(Box::new(state)),
        // There is nothing to change yet.
        (Answer::Yes | Answer::Picked(_), Pending::Pick { .. } | Pending::Rewrite { .. })
            if state.live().is_none() =>
        {
            Ok(resumed(state, turn))
        }
        (Answer::Picked(at), Pending::Pick { options }) => {
            Ok(live::picked(state, options, usize::from(at), turn))
        }
        (Answer::Yes, Pending::Pick { options }) => Ok(live::picked(state, options, 0, turn)),
        (Answer::Other, Pending::Rewrite { section, .. }) => {
            Ok(live::other_voice(state, section, turn))
        }
        (Answer::Yes, Pending::Rewrite { section, said }) => {
            Ok(live::rewrite(state, section, said, turn))
        }
        (Answer::Yes, Pending::DeleteSite { site, .. }) => {
            turn.wish(Effect::Do(Deed::DeleteSite(site)));
            Ok(state)
        }
        (Answer::Yes, Pending::Forget) => {
            turn.wish(Effect::Do(Deed::Forget));
            Ok(state)
        }
        (Answer::No, Pending::Pick { .. } | Pending::Rewrite { .. }) => {
            let choices = super::generating::live_choices(turn);
            turn.ask("say-change-dropped", &[], choices);
            Ok(state)
        }
        (Answer::No, Pending::DeleteSite { .. } | Pending::Forget) => {
            turn.note("say-nothing-deleted", &[]);
            Ok(resumed(state, turn))
        }
        (Answer::Picked(_) | Answer::Other, _) => {
            turn.note("say-old-button", &[]);
            Ok(resumed(state, turn))
        }
        (Answer::Yes, Pending::Cancel) => Ok(general::cancelled(turn)),
        (Answer::Yes, Pending::Restart) => Ok(general::begin(turn)),
        (Answer::Yes, Pending::NewOrChange { said }) => Ok(welcome::begin_with(&said, turn)),
        (Answer::Yes, Pending::TakeName { name }) => Ok(take_name(state, name, turn)),
        (Answer::Yes | Answer::No, Pending::Address) => Ok(resumed(state, turn)),
        (Answer::No, Pending::Cancel | Pending::Restart) => {
            turn.note("say-kept", &[]);
            Ok(resumed(state, turn))
        }
        (Answer::No, Pending::NewOrChange { .. }) => {
            let choices = super::generating::live_choices(turn);
            turn.ask("ask-what-to-change", &[], choices);
            Ok(state)
        }
        (Answer::No, Pending::TakeName { .. }) => Ok(other_name(state, turn)),
        (Answer::Yes, Pending::WriteAgain { run }) => {
            turn.wish(Effect::WriteAgain(run));
            Ok(state)
        }
        (Answer::No, Pending::WriteAgain { .. }) => Ok(resumed(state, turn)),
    }
}

fn resumed(state: State, turn: &mut Turn<'_>) -> State {
    general::resume_again(&state, turn);
    state
}

fn take_name(state: State, name: String, turn: &mut Turn<'_>) -> State {
    match state {
        State::Confirming(mut open) => {
            open.subdomain = Some(name);
            confirming::start(open, turn)
        }
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            live::take_name(state, name, turn)
        }
        State::Welcome | State::Collecting(_) | State::Generating(_) => resumed(state, turn),
    }
}

fn other_name(state: State, turn: &mut Turn<'_>) -> State {
    match state {
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            live::tapped(state, Tap::Change(Some(Field::Subdomain)), turn)
        }
        State::Welcome | State::Collecting(_) | State::Confirming(_) | State::Generating(_) => {
            confirming::change_address(state, "", turn)
        }
    }
}
