//! A site that the operator has taken off, for a while or for good. Its owner is told so at once, whatever
//! they wanted of it; what is about something else goes on.

use sitespark_core::ids::SiteId;

use super::state::{Complete, Live, Pending, State, Talk};
use super::turn::Turn;
use super::understand::command::{Command, Mine};
use super::understand::question::{self, Question};
use super::understand::tap::Tap;
use super::understand::words::{mentions, normalise};
use super::understand::{self, Meaning};
use super::{general, generating};
use crate::message::{Choice, Content};

/// Other sites that are offered instead.
const MOST_OTHERS: usize = 3;

/// How the site a talk is about was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closure {
    /// For a while.
    Suspended,
    /// For good.
    Deleted,
}

fn closure_of(state: &State, turn: &Turn<'_>) -> Option<Closure> {
    let live = state.live()?;
    if turn.facts.gone == Some(live.site) {
        return Some(Closure::Deleted);
    }
    is_suspended(live.site, turn).then_some(Closure::Suspended)
}

fn is_suspended(site: SiteId, turn: &Turn<'_>) -> bool {
    turn.facts.sites.iter().any(|found| found.id == site && !found.live)
}

/// Tells the owner of a closed site so. `Err` gives the state back to go on with: it is about no site
/// that is closed, or the message is about something else.
pub(crate) fn told(
    state: State,
    content: &Content,
    turn: &mut Turn<'_>,
) -> Result<State, Box<State>> {
    let Some(closure) = closure_of(&state, turn) else { return Err(Box::new(state)) };
    let goes_on = is_about_else(&state, content, closure);
    match (closure, state.live().cloned()) {
        (Closure::Suspended, Some(live)) if !goes_on => {
            present(&live, turn);
            Ok(state)
        }
        (Closure::Deleted, Some(gone)) => {
            turn.note("say-site-gone", &[("url", gone.url.into())]);
            let (live, talk) = (general::first_site(turn), Talk::default());
            let state = State::Complete(Complete { live, talk });
            if goes_on {
                return Err(Box::new(state));
            }
            match state.live().cloned() {
                Some(other) => present(&other, turn),
                None => general::resume_again(&state, turn),
            }
            Ok(state)
        }
        (Closure::Suspended | Closure::Deleted, _) => Err(Box::new(state)),
    }
}

/// Says where a site is to be seen, or that it is not for now.
pub(crate) fn present(live: &Live, turn: &mut Turn<'_>) {
    if !say_if_suspended(live, turn) {
        let choices = generating::live_choices(turn);
        general::say_with_link(turn, "say-site-picked", &live.url, choices);
    }
}

/// Says that a site is off for a while, if it is.
pub(crate) fn say_if_suspended(live: &Live, turn: &mut Turn<'_>) -> bool {
    if !is_suspended(live.site, turn) {
        return false;
    }
    let others = turn.facts.sites.iter().filter(|site| site.live).take(MOST_OTHERS);
    let choices = others
        .map(|site| Choice { id: Tap::Site(site.id).id(), label: general::cut_label(&site.name) })
        .chain([turn.button(Command::New, "label-new-site")]);
    let choices = choices.collect();
    turn.ask("say-site-suspended", &[("url", live.url.clone().into())], choices);
    true
}

/// Whether a message is about something else than the site that is closed.
fn is_about_else(state: &State, content: &Content, closure: Closure) -> bool {
    let talk = state.talk();
    let pending = talk.and_then(|talk| talk.pending.as_ref());
    let is_leaving = matches!(pending, Some(Pending::DeleteSite { .. } | Pending::Forget));
    match content {
        Content::Text { .. } | Content::Choice { .. }
            if is_leaving && closure == Closure::Suspended =>
        {
            true
        }
        Content::Text { text } => {
            let offered = talk.map(|talk| talk.offered.as_slice()).unwrap_or_default();
            match understand::read(text, offered, false) {
                Meaning::Command(command) => is_command_elsewhere(command, closure),
                Meaning::Tap(tap) => is_tap_elsewhere(tap, closure),
                Meaning::Free => is_text_elsewhere(text),
            }
        }
        Content::Choice { id } => Tap::parse(id).is_some_and(|tap| is_tap_elsewhere(tap, closure)),
        Content::Reaction { .. } | Content::Blocked => true,
        Content::Start { .. } | Content::Photo { .. } | Content::Voice { .. } => false,
        Content::Location { .. } | Content::Contact { .. } | Content::Document { .. } => false,
        Content::Sticker { .. } | Content::Unsupported => false,
    }
}

fn is_command_elsewhere(command: Command, closure: Closure) -> bool {
    match command {
        Command::Help | Command::Balance | Command::History | Command::Claim => true,
        Command::Invite | Command::Language(_) | Command::Sites | Command::New => true,
        Command::Restart | Command::Mine(Mine::Link | Mine::Forget) => true,
        Command::Mine(Mine::DeleteSite) => closure == Closure::Suspended,
        Command::Mine(Mine::Redo | Mine::Versions | Mine::Export) => false,
        Command::Mine(Mine::Poster | Mine::Compare) => false,
        Command::Start | Command::Greet | Command::Status | Command::Undo => false,
        Command::Yes | Command::No | Command::Skip | Command::Done | Command::Any => false,
        Command::Thanks | Command::Back | Command::Cancel | Command::Repeat => false,
    }
}

fn is_tap_elsewhere(tap: Tap, closure: Closure) -> bool {
    match tap {
        Tap::Command(command) => is_command_elsewhere(command, closure),
        Tap::Site(_) => true,
        Tap::Trade(_) | Tap::Audience(_) | Tap::Feature(_) | Tap::SuggestedName => false,
        Tap::Colour(_) | Tap::Tone(_) | Tap::Change(_) | Tap::ChangeSite => false,
        Tap::Live(_) | Tap::Sure | Tap::Keep => false,
    }
}

/// Another site, or a question about the house.
fn is_text_elsewhere(text: &str) -> bool {
    let normal = normalise(text);
    let wants_another = mentions("another", &normal) && mentions("site-words", &normal);
    let asks = question::read(text).is_some_and(|asked| match asked {
        Question::Price | Question::Pay | Question::Token | Question::Person => true,
        Question::Robot | Question::Safe | Question::What => true,
        Question::Domain | Question::Can | Question::Change | Question::Delete => false,
        Question::Example | Question::Google | Question::Monthly | Question::Phone => false,
        Question::Parts
        | Question::Photo
        | Question::Selling
        | Question::Time
        | Question::Visitors => false,
        Question::Other => false,
    });
    wants_another || asks
}
