//! How the effects of this turn came out.

use super::event::Outcome;
use super::state::{Pending, State};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::tap::Tap;
use super::{confirming, general, generating, live, mine};
use crate::message::Reaction;

/// Goes on after an outcome.
pub(crate) fn came(state: State, outcome: Outcome, turn: &mut Turn<'_>) -> State {
    match outcome {
        Outcome::RunStarted { run, site, url, preview_url } => match state {
            State::Confirming(from) => {
                turn.react(Reaction::Party);
                generating::enter(from, (run, site), (url, preview_url), turn)
            }
            State::Welcome | State::Collecting(_) | State::Generating(_) => state,
            State::Reviewing(_) | State::Refining(_) | State::Complete(_) => state,
        },
        Outcome::Forbidden(kind) => {
            let choices = vec![
                turn.choice(Tap::Change(None), "label-change"),
                turn.button(Command::Cancel, "label-cancel"),
            ];
            turn.ask("say-forbidden", &[("kind", kind.slug().into())], choices);
            state
        }
        Outcome::WritingAgain { run, site, url, preview_url, brief } => {
            generating::enter_again(state, brief, (run, site), (url, preview_url), turn)
        }
        Outcome::NothingToWrite => {
            turn.note("say-nothing-to-write", &[]);
            general::resume_again(&state, turn);
            state
        }
        Outcome::InsufficientTokens { available, price } => {
            let lack = price.0.saturating_sub(available.0);
            let args = [
                ("available", available.into()),
                ("price", price.into()),
                ("lack", lack.into()),
                ("daily", turn.facts.daily.into()),
                ("bonus", turn.facts.referral.into()),
            ];
            let choices = vec![
                turn.button(Command::Claim, "label-claim"),
                turn.button(Command::Invite, "label-invite"),
                turn.button(Command::Yes, "label-try-again"),
            ];
            turn.ask("say-insufficient", &args, choices);
            state
        }
        Outcome::GenerationsUsedUp { per_day } => {
            turn.say("say-used-up", &[("count", per_day.into())]);
            state
        }
        Outcome::SubdomainRefused { asked, taken, suggestion } => {
            refused(state, &asked, taken, suggestion, turn)
        }
        Outcome::Renamed { url } => live::renamed(state, url, turn),
        Outcome::RunCancelled { released } => match state {
            State::Generating(from) => generating::cancelled(from, released.0, turn),
            State::Welcome | State::Collecting(_) | State::Confirming(_) => state,
            State::Reviewing(_) | State::Refining(_) | State::Complete(_) => state,
        },
        Outcome::RunNotCancelled => {
            turn.say("say-run-not-cancelled", &[]);
            state
        }
        Outcome::Undone { version } => live::undone(state, version, turn),
        Outcome::NothingToUndo => {
            turn.say("say-nothing-to-undo", &[]);
            state
        }
        Outcome::DailyClaimed { amount, balance } => {
            let args = [("amount", amount.into()), ("balance", balance.into())];
            after_wallet(state, "say-claimed", &args, turn)
        }
        Outcome::DailyNotYet { next_at_ms } => not_yet(state, next_at_ms, turn),
        Outcome::ReferralAccepted { amount } => {
            turn.say("say-referral-accepted", &[("amount", amount.into())]);
            state
        }
        Outcome::ReferralIgnored => state,
        Outcome::Did(done) => mine::did(state, done, turn),
    }
}

/// Says something of the wallet and goes on with what was open.
fn after_wallet(
    state: State,
    key: &str,
    args: super::turn::Args<'_>,
    turn: &mut Turn<'_>,
) -> State {
    turn.note(key, args);
    general::resume_again(&state, turn);
    state
}

fn not_yet(state: State, next_at_ms: i64, turn: &mut Turn<'_>) -> State {
    let offset_min = turn.facts.utc_offset_min;
    let time = general::clock_time(next_at_ms, offset_min);
    let key = match general::days_between(turn.now_ms, next_at_ms, offset_min) {
        ..=0 => "say-claim-today",
        1.. => "say-claim-tomorrow",
    };
    after_wallet(state, key, &[("time", time.into())], turn)
}

/// Offers the free name instead.
fn refused(
    mut state: State,
    asked: &str,
    taken: bool,
    suggestion: String,
    turn: &mut Turn<'_>,
) -> State {
    let key = if taken { "say-name-taken" } else { "say-name-refused" };
    turn.note(key, &[("asked", asked.into())]);
    let pending = Pending::TakeName { name: suggestion };
    general::ask_pending(&pending, turn);
    if let Some(talk) = state.talk_mut() {
        talk.pending = Some(pending);
    }
    confirming::forget_address(state)
}
