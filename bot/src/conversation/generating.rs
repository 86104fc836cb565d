//! Generating: one bubble until the site is live, one that tells how far its words are, and answers
//! meanwhile.

use sitespark_core::brief::Brief;
use sitespark_core::ids::{RunId, SiteId};

use super::effect::Effect;
use super::event::{Objection, RunFailure, RunReport};
use super::state::{Confirming, Generating, Live, Pending, Reviewing, State, Talk};
use super::turn::{Args, Turn};
use super::understand::command::Command;
use super::understand::question;
use super::understand::tap::{Field, Tap};
use super::{general, live, media, mine, names};
use crate::message::{Body, Choice, Message, Picture, Progress};

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
        live: false,
        talk: Talk::default(),
    };
    progress(&state, bubble(run), "say-begun", turn);
    State::Generating(state)
}

/// The words of a live site are tried once more.
pub(crate) fn enter_again(
    from: State,
    brief: Box<Brief>,
    (run, site): (RunId, SiteId),
    (url, preview_url): (String, String),
    turn: &mut Turn<'_>,
) -> State {
    let talk = from.talk().cloned().unwrap_or_default();
    let talk = Talk { pending: None, ..talk };
    let state =
        Generating { brief, subdomain: None, run, site, url, preview_url, live: true, talk };
    progress(&state, words_bubble(run), "say-writing-again", turn);
    State::Generating(state)
}

/// A bubble of the run with another line.
fn progress(state: &Generating, key: String, line: &str, turn: &mut Turn<'_>) {
    let name = state.brief.name.as_ref().map_or("", |answer| &answer.value);
    let body = turn.body(line, &[("name", name.into())]);
    let links = vec![general::link(turn, "label-watch", &state.preview_url)];
    let progress = Some(Progress { key, done: false });
    turn.send(Message { body, links, progress, ..Message::default() });
}

fn bubble(run: RunId) -> String {
    format!("run:{run}")
}

/// The bubble of the words that follow once the site is live.
fn words_bubble(run: RunId) -> String {
    format!("words:{run}")
}

/// What an owner does to a site that is live while its words are still being written. Only words come
/// back to the run; whoever begins a change has the site in hand, and the words fit themselves in.
pub(crate) fn beside(
    open: Generating,
    turn: &mut Turn<'_>,
    act: impl FnOnce(State, &mut Turn<'_>) -> State,
) -> State {
    let deeds = turn.deeds();
    let formal = State::Generating(open.clone()).formal();
    let live = Live { site: open.site, url: open.url.clone(), formal };
    match act(State::Reviewing(Reviewing { live, talk: open.talk.clone() }), turn) {
        State::Reviewing(Reviewing { talk, .. }) if turn.deeds() == deeds => {
            State::Generating(Generating { talk, ..open })
        }
        other => other,
    }
}

/// Anything said while the site is being made.
pub(crate) fn free(state: Generating, text: &str, turn: &mut Turn<'_>) -> State {
    if state.live {
        return beside(state, turn, |state, turn| live::free(state, text, turn));
    }
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
    if state.live {
        return general::say_with_link(turn, "say-words-follow", &state.url, choices(turn));
    }
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
        Command::New | Command::Restart | Command::Undo | Command::Back if state.live => {
            beside(state, turn, |state, turn| live::commanded(state, command, turn))
        }
        Command::Yes | Command::No | Command::Skip | Command::Done | Command::Any if state.live => {
            beside(state, turn, |state, turn| live::commanded(state, command, turn))
        }
        Command::Thanks | Command::Greet if state.live => {
            beside(state, turn, |state, turn| live::commanded(state, command, turn))
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
        Command::Mine(mine) => mine::commanded(State::Generating(state), mine, turn),
    }
}

/// A tapped choice.
pub(crate) fn tapped(state: Generating, tap: Tap, turn: &mut Turn<'_>) -> State {
    match tap {
        Tap::Command(command) => commanded(state, command, turn),
        other if state.live => beside(state, turn, |state, turn| live::tapped(state, other, turn)),
        Tap::Trade(_) | Tap::Audience(_) | Tap::Feature(_) | Tap::Tone(_) | Tap::Colour(_) => {
            wait(state, turn)
        }
        Tap::Change(_) | Tap::Site(_) | Tap::SuggestedName | Tap::Sure | Tap::Keep => {
            wait(state, turn)
        }
        Tap::ChangeSite | Tap::Live(_) => wait(state, turn),
    }
}

/// The run reports.
pub(crate) fn report(state: State, run: RunId, report: RunReport, turn: &mut Turn<'_>) -> State {
    match (state, report) {
        (State::Generating(state), report) if state.run == run => of_this(state, report, turn),
        (state, RunReport::Live { url, .. } | RunReport::Shown { url, .. }) => {
            general::say_with_link(turn, "say-other-site-live", &url, Vec::new());
            state
        }
        (state, RunReport::Written { url, captured }) => {
            written(run, &url, captured.0, turn);
            state
        }
        (state, RunReport::Unwritten { url, released }) => {
            unwritten(state, run, &url, released.0, turn)
        }
        (state, RunReport::Stage(_) | RunReport::Failed { .. }) => state,
    }
}

/// The run whose end the conversation waits for.
fn of_this(state: Generating, report: RunReport, turn: &mut Turn<'_>) -> State {
    match report {
        RunReport::Stage(stage) => {
            let key = if state.live { words_bubble(state.run) } else { bubble(state.run) };
            progress(&state, key, names::stage_line(stage), turn);
            State::Generating(state)
        }
        RunReport::Live { url, picture_key, picture_url, captured } => {
            let cost = ("cost", captured.0.into());
            let balance = ("balance", turn.facts.available.into());
            shown(&state, "say-live", &[("url", url.clone().into()), cost, balance], turn, {
                picture_of(picture_key, picture_url)
            });
            reviewing(state, url, turn)
        }
        RunReport::Shown { url, picture_key, picture_url } => {
            shown(&state, "say-shown", &[("url", url.clone().into())], turn, {
                picture_of(picture_key, picture_url)
            });
            if state.talk.late_photos > 0 || state.talk.late_logo {
                return reviewing(state, url, turn);
            }
            State::Generating(Generating { url, live: true, ..state })
        }
        RunReport::Written { url, captured } => {
            written(state.run, &url, captured.0, turn);
            reviewing(state, url, turn)
        }
        RunReport::Unwritten { url, released } => {
            let run = state.run;
            let state = reviewing(state, url.clone(), turn);
            unwritten(state, run, &url, released.0, turn)
        }
        RunReport::Failed { reason, released } => failed(state, reason, released.0, turn),
    }
}

fn picture_of(key: String, url: String) -> Picture {
    Picture { key, url: Some(url), media_type: "image/png".to_owned() }
}

/// Shows the site that is live, with its link.
fn shown(state: &Generating, line: &str, args: Args<'_>, turn: &mut Turn<'_>, picture: Picture) {
    let message = Message {
        body: turn.body(line, args),
        choices: live_choices(turn),
        links: vec![general::link(turn, "label-open-site", &state.url)],
        picture: Some(picture),
        progress: Some(Progress { key: bubble(state.run), done: true }),
        ..Message::default()
    };
    turn.send(message);
}

fn reviewing(state: Generating, url: String, turn: &mut Turn<'_>) -> State {
    let formal = State::Generating(state.clone()).formal();
    let live = Live { site: state.site, url, formal };
    let talk = Talk { late_photos: 0, late_logo: false, ..state.talk.clone() };
    media::put_late(State::Reviewing(Reviewing { live, talk }), &state, turn)
}

/// The last word of a run: in the place of its bubble where the channel can edit.
fn last_word(run: RunId, body: Body, url: &str, choices: Vec<Choice>, turn: &mut Turn<'_>) {
    let links = vec![general::link(turn, "label-open-site", url)];
    let progress = Some(Progress { key: words_bubble(run), done: true });
    turn.send(Message { body, links, choices, progress, ..Message::default() });
}

fn written(run: RunId, url: &str, cost: i64, turn: &mut Turn<'_>) {
    let balance = turn.facts.available.into();
    let args = [("url", url.into()), ("cost", cost.into()), ("balance", balance)];
    last_word(run, turn.body("say-written", &args), url, live_choices(turn), turn);
}

/// The site is live as it was at first; once more may be tried, unless something else is being asked.
fn unwritten(mut state: State, run: RunId, url: &str, released: i64, turn: &mut Turn<'_>) -> State {
    let body = turn.body("say-unwritten", &[("url", url.into()), ("released", released.into())]);
    let again = Pending::WriteAgain { run };
    let free = matches!(&state, State::Reviewing(open) if open.talk.pending.is_none());
    let choices = if free { general::pending_choices(&again, turn) } else { Vec::new() };
    last_word(run, body, url, choices, turn);
    if let Some(talk) = state.talk_mut().filter(|_| free) {
        talk.pending = Some(again);
    }
    state
}

/// What is tapped most after a site is live.
pub(crate) fn live_choices(turn: &Turn<'_>) -> Vec<Choice> {
    vec![
        turn.choice(Tap::Change(Some(Field::Colour)), "label-change-colour"),
        turn.choice(Tap::Change(Some(Field::Items)), "label-add-item"),
        turn.button(Command::Done, "label-finished"),
    ]
}

/// What ends the talk about changes.
pub(crate) fn done_choice(turn: &Turn<'_>) -> Choice {
    turn.button(Command::Done, "label-finished")
}

fn failed(state: Generating, reason: RunFailure, released: i64, turn: &mut Turn<'_>) -> State {
    let kind = match reason {
        RunFailure::Forbidden(kind) => kind.slug(),
        RunFailure::Refused(_) | RunFailure::Internal => "",
    };
    let (key, why) = match reason {
        RunFailure::Forbidden(_) => ("say-failed-forbidden", "why-unnamed"),
        RunFailure::Refused(Objection::Impersonation) => ("say-failed-refused", "why-poses"),
        RunFailure::Refused(Objection::AsksSecrets) => ("say-failed-refused", "why-secrets"),
        RunFailure::Refused(Objection::LinkLookAlike) => ("say-failed-refused", "why-link"),
        RunFailure::Refused(Objection::Unnamed) => ("say-failed-refused", "why-unnamed"),
        RunFailure::Internal => ("say-failed-internal", "why-unnamed"),
    };
    let choices = vec![
        turn.button(Command::Yes, "label-try-again"),
        turn.choice(Tap::Change(None), "label-change"),
    ];
    let why = turn.plain(why, &[]);
    let body = turn
        .body(key, &[("released", released.into()), ("why", why.into()), ("kind", kind.into())]);
    let progress = Some(Progress { key: bubble(state.run), done: true });
    turn.send(Message { body, choices, progress, ..Message::default() });
    reopened(state)
}

/// The owner stopped the run in time.
pub(crate) fn cancelled(state: Generating, released: i64, turn: &mut Turn<'_>) -> State {
    let args = [("released", released.into())];
    if turn.facts.sites.iter().any(|site| site.id == state.site && site.live) {
        let (run, url) = (state.run, state.url.clone());
        let body = turn.body("say-writing-stopped", &args);
        last_word(run, body, &url, live_choices(turn), turn);
        return reviewing(state, url, turn);
    }
    let (line, key) = if state.live {
        ("say-writing-cancelled", words_bubble(state.run))
    } else {
        ("say-run-cancelled", bubble(state.run))
    };
    let body = turn.body(line, &args);
    let progress = Some(Progress { key, done: true });
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
