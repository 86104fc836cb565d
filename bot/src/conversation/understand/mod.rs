//! Understanding what a person said, in layers: exact choice, then command, then parser.
//!
//! Needs no network and never guesses: what it does not understand stays free text.

pub(crate) mod change;
pub(crate) mod command;
pub(crate) mod edits;
pub(crate) mod gather;
pub(crate) mod language;
pub(crate) mod naming;
pub(crate) mod proofs;
pub(crate) mod question;
mod reach;
mod segments;
pub(crate) mod tap;
pub(crate) mod words;

use crate::message::Choice;

use command::Command;
use tap::Tap;
use words::normalise;

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

/// A choice typed out: its label, or its number in the list.
fn offered_choice(text: &str, offered: &[Choice]) -> Option<Tap> {
    let typed = normalise(text);
    if typed.is_empty() {
        return None;
    }
    let by_number =
        typed.parse::<usize>().ok().and_then(|number| offered.get(number.checked_sub(1)?));
    let by_label = || offered.iter().find(|choice| normalise(&choice.label) == typed);
    by_number.or_else(by_label).and_then(|choice| Tap::parse(&choice.id))
}
