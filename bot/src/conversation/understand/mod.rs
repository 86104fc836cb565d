//! Understanding what a person said, in layers: exact choice, then command, then parser.
//!
//! Needs no network and never guesses: what it does not understand stays free text.

pub(crate) mod change;
pub(crate) mod command;
pub(crate) mod consent;
pub(crate) mod correction;
pub(crate) mod denial;
pub(crate) mod edits;
mod figures;
pub(crate) mod gather;
pub(crate) mod haste;
mod hours_talk;
mod introduced;
pub(crate) mod language;
pub(crate) mod listing;
pub(crate) mod livelihood;
pub(crate) mod logo;
pub(crate) mod mood;
pub(crate) mod naming;
pub(crate) mod number;
pub(crate) mod pause;
pub(crate) mod phone_end;
pub(crate) mod proofs;
pub(crate) mod question;
mod reach;
pub(crate) mod reason;
pub(crate) mod segments;
mod spellings;
pub(crate) mod tap;
pub(crate) mod thousands;
pub(crate) mod towns;
pub(crate) mod words;

use sitespark_core::brief::slips;

use crate::message::Choice;

use command::Command;
use tap::Tap;
use words::{canonical, normalise};

/// What a text is before any parser of answers looks at it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Tap(Tap),
    Command(Command),
    Free,
}

/// Reads a text against what was offered, then as a command. `exact` as in [`Command::read`].
pub(crate) fn read(text: &str, offered: &[Choice], exact: bool) -> Meaning {
    if let Some(tap) = offered_choice(text, offered) {
        return match tap {
            Tap::Command(command) => Meaning::Command(command),
            other => Meaning::Tap(other),
        };
    }
    Command::read(text, exact).map_or(Meaning::Free, Meaning::Command)
}

/// A choice typed out: its label, mistyped or not, or its number in the list.
pub(crate) fn offered_choice(text: &str, offered: &[Choice]) -> Option<Tap> {
    let typed = canonical(&normalise(text));
    if typed.is_empty() {
        return None;
    }
    let at = number::place(&typed, offered.len());
    let by_label = || {
        let labels = offered.iter().map(|choice| canonical(&normalise(&choice.label)));
        let near = |label: &String| *label == typed || is_mistyped(&typed, label);
        labels.enumerate().find(|(_, label)| near(label)).map(|(at, _)| at)
    };
    let choice = offered.get(at.or_else(by_label)?)?;
    Tap::parse(&choice.id)
}

/// Shortest label in which slips of the finger are forgiven, and characters for each slip.
const MIN_FUZZY_CHARS: usize = 6;
const CHARS_A_SLIP: usize = 6;

fn is_mistyped(typed: &str, label: &str) -> bool {
    let count = label.chars().count();
    let near = || slips(typed, label, count / CHARS_A_SLIP).is_some();
    count >= MIN_FUZZY_CHARS && typed.chars().next() == label.chars().next() && near()
}
