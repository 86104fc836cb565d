//! An emoji put on a message of ours: a nod to the question that is open, or nothing to speak of.

use super::command;
use super::state::{Pending, State};
use super::turn::Turn;
use super::understand::command::Command;

/// A thumbs-up or a heart on the open question is a yes; anything else is seen and left at that.
pub(crate) fn reacted(state: State, emoji: &str, latest: bool, turn: &mut Turn<'_>) -> State {
    let nods = matches!(Command::read(emoji, true), Some(Command::Yes | Command::Thanks));
    if latest && nods && waits_for_a_nod(&state) {
        return command(state, Command::Yes, turn);
    }
    state
}

/// Whether a yes is waited for that takes nothing away.
fn waits_for_a_nod(state: &State) -> bool {
    match state.talk().and_then(|talk| talk.pending.as_ref()) {
        Some(Pending::TakeName { .. } | Pending::WriteAgain { .. } | Pending::Menu { .. }) => true,
        Some(Pending::Cancel | Pending::Restart | Pending::NewOrChange { .. }) => false,
        Some(Pending::Address | Pending::Pick { .. } | Pending::DeleteSite { .. }) => false,
        Some(Pending::Forget | Pending::Rewrite { .. }) => false,
        None => matches!(state, State::Confirming(_)),
    }
}
