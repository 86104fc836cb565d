//! What became of changes, and news of a live site.

use sitespark_core::ids::Tokens;

use super::{Review, resume};
use crate::conversation::effect::Effect;
use crate::conversation::event::EditRefusal;
use crate::conversation::state::{Complete, Refining, State};
use crate::conversation::turn::Turn;
use crate::conversation::{general, mine};

/// A visitor has written: the owner is told, whatever they are talking about.
pub(crate) fn visitor(told: &[String; 3], turn: &mut Turn<'_>) {
    /// Longest of a visitor's words that is passed on in chat.
    const MOST_CHARS: usize = 600;
    let unsaid = turn.plain("word-unsaid", &[]);
    let said = told.each_ref().map(|text| match text.trim() {
        "" => unsaid.clone(),
        text => text.chars().take(MOST_CHARS).collect(),
    });
    let [name, contact, message] = said;
    let args = [("name", name.into()), ("contact", contact.into()), ("message", message.into())];
    turn.say("say-visitor", &args);
}

/// A change was carried out, or could not be.
pub(crate) fn edit_report(
    state: State,
    result: Result<(), EditRefusal>,
    turn: &mut Turn<'_>,
) -> State {
    let looks = matches!(&state, State::Refining(Refining { looks: true, .. }));
    let url = state.live().map(|live| live.url.clone());
    let (key, kind) = match result {
        Ok(()) => ("say-edit-live", ""),
        Err(EditRefusal::NotFound) => ("say-edit-not-found", ""),
        Err(EditRefusal::Refused) => ("say-edit-refused", ""),
        Err(EditRefusal::Forbidden(kind)) => ("say-edit-forbidden", kind.slug()),
        Err(EditRefusal::Locked) => ("say-edit-locked", ""),
        Err(EditRefusal::Closed) => ("say-edit-closed", ""),
        Err(EditRefusal::Nothing) => ("say-edit-nothing", ""),
        Err(EditRefusal::Internal) => ("say-edit-internal", ""),
    };
    if let (Some(url), true, Err(EditRefusal::Closed)) = (&url, turn.facts.gone.is_some(), &result)
    {
        turn.say("say-site-gone", &[("url", url.clone().into())]);
        return arrived(state);
    }
    match url {
        Some(url) if result.is_ok() => {
            general::say_with_link(turn, key, &url, mine::after_change(looks, turn));
        }
        Some(_) | None if result.is_ok() => turn.say("say-edit-live-elsewhere", &[]),
        Some(_) | None => turn.say(key, &[("kind", kind.into())]),
    }
    arrived(state)
}

/// A change that was paid for is live.
pub(crate) fn rewritten(state: State, captured: Tokens, turn: &mut Turn<'_>) -> State {
    let args = [("cost", captured.into()), ("balance", turn.facts.available.into())];
    turn.note("say-rewritten", &args);
    edit_report(state, Ok(()), turn)
}

/// One change less is waited for.
pub(super) fn arrived(state: State) -> State {
    match state {
        State::Refining(state) => {
            let Refining { live, slot, waiting, looks, talk } = state;
            let waiting = waiting.saturating_sub(1);
            Review { live, slot, waiting, looks: looks && waiting > 0, talk }.into_state()
        }
        State::Welcome | State::Collecting(_) | State::Confirming(_) => state,
        State::Generating(_) | State::Reviewing(_) | State::Complete(_) => state,
    }
}

/// The site has another address now.
pub(crate) fn renamed(mut state: State, url: String, turn: &mut Turn<'_>) -> State {
    general::say_with_link(turn, "say-renamed", &url, Vec::new());
    match &mut state {
        State::Reviewing(state) => state.live.url = url,
        State::Refining(state) => state.live.url = url,
        State::Complete(Complete { live: Some(live), .. }) => live.url = url,
        State::Complete(Complete { live: None, .. }) | State::Welcome => {}
        State::Collecting(_) | State::Confirming(_) | State::Generating(_) => {}
    }
    state
}

/// The version before is live again.
pub(crate) fn undone(state: State, version: i64, turn: &mut Turn<'_>) -> State {
    turn.note("say-undone", &[("version", version.into())]);
    resume(&state, turn);
    state
}

/// Takes the free name that was offered.
pub(crate) fn take_name(state: State, name: String, turn: &mut Turn<'_>) -> State {
    match Review::of(state, turn) {
        Ok(mut review) => {
            review.talk.pending = None;
            turn.wish(Effect::Rename { site: review.live.site, subdomain: name });
            review.into_state()
        }
        Err(state) => {
            resume(&state, turn);
            *state
        }
    }
}
