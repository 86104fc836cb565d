//! Generating: one bubble that tells how far the site is, and answers meanwhile.

use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::site::{Refusal, RefusalKind};

use super::effect::Effect;
use super::event::{RunFailure, RunReport};
use super::state::{Confirming, Generating, Live, Reviewing, State, Talk};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::question;
use super::understand::tap::{Field, Tap};
use super::{general, names};
use crate::message::{Choice, Message, Picture, Progress};

/// The run has begun.
pub(crate) fn enter(
    from: Confirming,
    (run, site): (RunId, SiteId),
    (url, preview_url): (String, String),
    turn: &mut Turn<'_>,
) -> State {
    let state = Generating {
        brief: from.brief,
        subdomain: from.subdomain,
        run,
        site,
        url,
        preview_url,
        talk: Talk::default(),
    };
    progress(&state, "say-begun", turn);
    State::Generating(state)
}

/// The bubble of the run with another line.
fn progress(state: &Generating, key: &str, turn: &mut Turn<'_>) {
    let name = state.brief.name.as_ref().map_or("", |answer| &answer.value);
    let body = turn.body(key, &[("name", name.into())]);
    let links = vec![general::link(turn, "label-watch", &state.preview_url)];
    let progress = Some(Progress { key: bubble(state.run), done: false });
    turn.send(Message { body, links, progress, ..Message::default() });
}

fn bubble(run: RunId) -> String {
    format!("run:{run}")
}

/// Anything said while the site is being made.
pub(crate) fn free(state: Generating, text: &str, turn: &mut Turn<'_>) -> State {
    if let Some(question) = question::read(text)
        && question != question::Question::Other
    {
        general::answer_question(question, turn);
    }
    wait(state, turn)
}

fn wait(mut state: Generating, turn: &mut Turn<'_>) -> State {
    turn.oops(&mut state.talk, ["say-wait-1", "say-wait-2"], &[]);
    State::Generating(state)
}

/// Reminds that the site is being made.
pub(crate) fn still_working(state: &Generating, turn: &mut Turn<'_>) {
    let body = turn.body("say-still-working", &[]);
    let links = vec![general::link(turn, "label-watch", &state.preview_url)];
    let choices = choices(turn);
    turn.send(Message { body, links, choices, ..Message::default() });
}

pub(crate) fn choices(turn: &Turn<'_>) -> Vec<Choice> {
    vec![turn.button(Command::Cancel, "label-cancel")]
}

/// A command whose meaning depends on this state.
pub(crate) fn commanded(state: Generating, command: Command, turn: &mut Turn<'_>) -> State {
    match command {
        Command::Cancel => {
            turn.wish(Effect::CancelRun(state.run));
            State::Generating(state)
        }
        Command::New | Command::Restart | Command::Undo | Command::Back => {
            turn.note("say-not-while-working", &[]);
            still_working(&state, turn);
            State::Generating(state)
        }
        Command::Yes | Command::No | Command::Skip | Command::Done | Command::Any => {
            wait(state, turn)
        }
        Command::Thanks | Command::Greet => wait(state, turn),
        Command::Start | Command::Help | Command::Status | Command::Balance => {
            general::inform(State::Generating(state), command, turn)
        }
        Command::History | Command::Claim | Command::Invite | Command::Language(_) => {
            general::inform(State::Generating(state), command, turn)
        }
        Command::Sites | Command::Repeat => {
            general::inform(State::Generating(state), command, turn)
        }
    }
}

/// A tapped choice.
pub(crate) fn tapped(state: Generating, tap: Tap, turn: &mut Turn<'_>) -> State {
    match tap {
        Tap::Command(command) => commanded(state, command, turn),
        Tap::Trade(_) | Tap::Audience(_) | Tap::Feature(_) | Tap::Tone(_) | Tap::Colour(_) => {
            wait(state, turn)
        }
        Tap::Change(_) | Tap::Site(_) | Tap::SuggestedName | Tap::Sure | Tap::Keep => {
            wait(state, turn)
        }
        Tap::ChangeSite => wait(state, turn),
    }
}

/// The run reports.
pub(crate) fn report(state: State, run: RunId, report: RunReport, turn: &mut Turn<'_>) -> State {
    match (state, report) {
        (State::Generating(state), RunReport::Stage(stage)) if state.run == run => {
            progress(&state, names::stage_line(stage), turn);
            State::Generating(state)
        }
        (State::Generating(state), RunReport::Live { url, picture_key, picture_url, captured })
            if state.run == run =>
        {
            let picture = Picture {
                key: picture_key,
                url: Some(picture_url),
                media_type: "image/png".to_owned(),
            };
            live(state, url, picture, captured.0, turn)
        }
        (State::Generating(state), RunReport::Failed { reason, released }) if state.run == run => {
            failed(state, reason, released.0, turn)
        }
        (state, RunReport::Live { url, .. }) => {
            general::say_with_link(turn, "say-other-site-live", &url, Vec::new());
            state
        }
        (state, RunReport::Stage(_) | RunReport::Failed { .. }) => state,
    }
}

fn live(state: Generating, url: String, picture: Picture, cost: i64, turn: &mut Turn<'_>) -> State {
    let formal = State::Generating(state.clone()).formal();
    let args = [
        ("url", url.clone().into()),
        ("cost", cost.into()),
        ("balance", turn.facts.available.into()),
    ];
    let message = Message {
        body: turn.body("say-live", &args),
        choices: live_choices(turn),
        links: vec![general::link(turn, "label-open-site", &url)],
        picture: Some(picture),
        progress: Some(Progress { key: bubble(state.run), done: true }),
    };
    turn.send(message);
    let live = Live { site: state.site, url, formal };
    State::Reviewing(Reviewing { live, talk: Talk::default() })
}

/// What is tapped most after a site is live.
pub(crate) fn live_choices(turn: &Turn<'_>) -> Vec<Choice> {
    vec![
        turn.choice(Tap::Change(Some(Field::Colour)), "label-change-colour"),
        turn.choice(Tap::Change(Some(Field::Items)), "label-add-item"),
        turn.button(Command::Done, "label-finished"),
    ]
}

fn failed(state: Generating, reason: RunFailure, released: i64, turn: &mut Turn<'_>) -> State {
    let (key, about) = match reason {
        RunFailure::Gate(refusal) => (refused_key(refusal), refusal.about),
        RunFailure::Refused => ("say-failed-refused", ""),
        RunFailure::Internal => ("say-failed-internal", ""),
    };
    let choices = vec![
        turn.button(Command::Yes, "label-try-again"),
        turn.choice(Tap::Change(None), "label-change"),
    ];
    let body = turn.body(key, &[("released", released.into()), ("about", about.into())]);
    let progress = Some(Progress { key: bubble(state.run), done: true });
    turn.send(Message { body, choices, progress, ..Message::default() });
    reopened(state)
}

/// What is said about a site that the gate refused.
const fn refused_key(refusal: Refusal) -> &'static str {
    match refusal.kind {
        RefusalKind::Impersonation => "say-failed-impersonation",
        RefusalKind::AsksSecrets => "say-failed-secrets",
        RefusalKind::LinkLookAlike => "say-failed-link",
        RefusalKind::Ours => "say-failed-internal",
    }
}

/// The owner stopped the run in time.
pub(crate) fn cancelled(state: Generating, released: i64, turn: &mut Turn<'_>) -> State {
    let body = turn.body("say-run-cancelled", &[("released", released.into())]);
    let progress = Some(Progress { key: bubble(state.run), done: true });
    let choices = vec![
        turn.button(Command::Yes, "label-yes-make"),
        turn.choice(Tap::Change(None), "label-change"),
        turn.button(Command::Cancel, "label-cancel"),
    ];
    turn.send(Message { body, choices, progress, ..Message::default() });
    reopened(state)
}

fn reopened(state: Generating) -> State {
    let Generating { brief, subdomain, .. } = state;
    State::Confirming(Confirming { brief, subdomain, talk: Talk::default() })
}
