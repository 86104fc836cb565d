//! What belongs to a person: versions, files, data, and themselves on several channels.

use sitespark_core::sites::{Traffic, VersionLine};
use sitespark_core::users::normal_code;

use super::effect::{Deed, Effect};
use super::event::{Done, ExportFile, NoPicture};
use super::state::{Complete, Pending, State, Talk};
use super::turn::Turn;
use super::understand::command::{Command, Mine};
use super::understand::tap::{LiveTap, Tap};
use super::understand::words::cut_prefix;
use super::{confirming, general, generating, live, questions, said_back};
use crate::exports::Takeaway;
use crate::message::{Choice, Message, OutFile, Picture};

/// Versions offered to go back to.
const MAX_VERSIONS: usize = 8;

/// A link code in a message: alone as it was shown, or after a word that announces it.
pub(crate) fn code_in(text: &str) -> Option<String> {
    if let Some(rest) = cut_prefix("link-words", text) {
        return normal_code(rest);
    }
    let shouted = !text.chars().any(char::is_lowercase);
    if shouted { normal_code(text) } else { None }
}

/// A wish about what is theirs, in any state.
pub(crate) fn commanded(state: State, mine: Mine, turn: &mut Turn<'_>) -> State {
    let site = || state.live().cloned().or_else(|| general::first_site(turn));
    match (mine, site()) {
        (Mine::Link, _) => turn.wish(Effect::Do(Deed::MakeLinkCode)),
        (Mine::Forget, _) => return asked(state, Pending::Forget, turn),
        (Mine::Redo, Some(live)) => turn.wish(Effect::Do(Deed::Redo(live.site))),
        (Mine::Versions, Some(live)) => turn.wish(Effect::Do(Deed::ListVersions(live.site))),
        (Mine::Export, Some(live)) => {
            turn.say("say-export-begun", &[]);
            turn.wish(Effect::Do(Deed::Export(live.site, Takeaway::Site)));
        }
        (Mine::Poster, Some(live)) => {
            turn.say("say-poster-begun", &[]);
            turn.wish(Effect::Do(Deed::Export(live.site, Takeaway::Poster)));
        }
        (Mine::Compare, Some(live)) => turn.wish(Effect::Do(Deed::Compare(live.site))),
        (Mine::DeleteSite, Some(live)) => {
            let named = turn.facts.sites.iter().find(|site| site.id == live.site);
            let name = named.map_or_else(|| live.url.clone(), |site| site.name.clone());
            return asked(state, Pending::DeleteSite { site: live.site, name }, turn);
        }
        (Mine::Versions, None) => return general::inform(state, Command::History, turn),
        (Mine::Redo | Mine::Export | Mine::Poster | Mine::Compare | Mine::DeleteSite, None) => {
            turn.note("say-sites-none", &[]);
            general::resume_again(&state, turn);
        }
    }
    state
}

/// Asks before anything is taken away.
fn asked(state: State, pending: Pending, turn: &mut Turn<'_>) -> State {
    let mut state = match state {
        State::Welcome => State::Complete(Complete { live: None, talk: Talk::default() }),
        other => other,
    };
    general::ask_pending(&pending, turn);
    if let Some(talk) = state.talk_mut() {
        talk.pending = Some(pending);
    }
    state
}

/// How a deed came out.
pub(crate) fn did(state: State, done: Done, turn: &mut Turn<'_>) -> State {
    match done {
        Done::Redone { version } => return live::undone(state, version, turn),
        Done::NothingToRedo => turn.say("say-nothing-to-redo", &[]),
        Done::Versions(lines) => versions(&lines, turn),
        Done::Visitors { name, traffic } => visitors(&name, traffic, turn),
        Done::RewriteBegun => return live::rewrite_begun(state, turn),
        Done::Picturing => turn.say("say-picturing", &[]),
        Done::NoPictures => see_yourself(&state, "say-no-pictures", turn),
        Done::SiteDeleted { name } => return site_deleted(&name, turn),
        Done::Forgotten => {
            turn.say("say-forgotten", &[]);
            return State::Welcome;
        }
        Done::LinkCode { code, minutes } => {
            let code = match code.split_at_checked(4) {
                Some((front, back)) => format!("{front}-{back}"),
                None => code,
            };
            turn.say("say-link-code", &[("code", code.into()), ("minutes", minutes.into())]);
        }
        Done::TooManyCodes => turn.say("say-link-too-many-codes", &[]),
        Done::Linked { state: there, moved } => {
            return linked(there.map_or(state, |there| *there), moved.0, turn);
        }
        Done::LinkedBefore => turn.say("say-link-before", &[]),
        Done::LinkWrong => turn.say("say-link-wrong", &[]),
        Done::LinkTooMany => turn.say("say-link-too-many", &[]),
    }
    state
}

fn linked(state: State, moved: i64, turn: &mut Turn<'_>) -> State {
    turn.note("say-linked", &[]);
    if moved > 0 {
        turn.note("say-linked-tokens", &[("moved", moved.into())]);
    }
    let state = match state {
        State::Welcome => State::Complete(Complete { live: None, talk: Talk::default() }),
        other => other,
    };
    general::resume_again(&state, turn);
    state
}

/// How much a website is visited, and what came of it.
fn visitors(name: &str, traffic: Traffic, turn: &mut Turn<'_>) {
    let Traffic { today, week, month, letters } = traffic;
    if month == 0 {
        turn.note("say-visitors-none", &[("name", name.into())]);
    } else {
        let counts = [("today", today.into()), ("week", week.into()), ("month", month.into())];
        turn.note("say-visitors", &[&[("name", name.into())], counts.as_slice()].concat());
    }
    if letters > 0 {
        turn.note("say-visitors-letters", &[("letters", letters.into())]);
    }
    turn.note("say-visitors-how", &[]);
}

fn site_deleted(name: &str, turn: &mut Turn<'_>) -> State {
    turn.note("say-site-deleted", &[("name", name.into())]);
    let live = general::first_site(turn);
    let state = State::Complete(Complete { live, talk: Talk::default() });
    live::resume(&state, turn);
    state
}

/// The last changes, each with a way back to how the site was after it.
fn versions(lines: &[VersionLine], turn: &mut Turn<'_>) {
    let offset_min = turn.facts.utc_offset_min;
    let shown: Vec<&VersionLine> = lines.iter().take(MAX_VERSIONS).collect();
    let told: Vec<String> = shown
        .iter()
        .map(|line| {
            let when = general::date_time(line.at_ms, offset_min);
            let what = match line.changed.is_empty() {
                true => turn.plain("word-version-first", &[]),
                false => said_back::parts(&line.changed, turn),
            };
            let mark = if line.live { " ✅" } else { "" };
            format!("{}. {when} – {what}{mark}", line.number)
        })
        .collect();
    let choices: Vec<Choice> = shown
        .iter()
        .filter(|line| !line.live)
        .map(|line| Choice {
            id: Tap::Live(LiveTap::Version(line.number)).id(),
            label: turn.plain("label-version", &[("number", line.number.into())]),
        })
        .collect();
    turn.ask("say-versions", &[("lines", told.join("\n").into())], choices);
}

/// The files are ready, or could not be put together.
pub(crate) fn exported(file: Option<ExportFile>, turn: &mut Turn<'_>) {
    let Some(file) = file else { return turn.say("say-export-failed", &[]) };
    let document = OutFile {
        key: file.key,
        name: file.name,
        media_type: file.what.media_type().to_owned(),
        url: file.url,
        label: turn.plain("label-download", &[]),
    };
    let told = match file.what {
        Takeaway::Site => "say-exported",
        Takeaway::Poster => "say-poster",
    };
    let body = turn.body(told, &[]);
    turn.send(Message { body, document: Some(document), ..Message::default() });
}

/// How a page looked before a change and looks now, or why that cannot be shown.
pub(crate) fn compared(state: &State, picture: Result<String, NoPicture>, turn: &mut Turn<'_>) {
    let key = match picture {
        Ok(key) => {
            let body = turn.body("say-compared", &[]);
            let picture = Picture { key, url: None, media_type: "image/jpeg".to_owned() };
            return turn.send(Message { body, picture: Some(picture), ..Message::default() });
        }
        Err(NoPicture::Same) => "say-compared-same",
        Err(NoPicture::Failed) => "say-compared-failed",
    };
    see_yourself(state, key, turn);
}

/// Without a picture, the site itself.
fn see_yourself(state: &State, key: &str, turn: &mut Turn<'_>) {
    let site = state.live().cloned().or_else(|| general::first_site(turn));
    match site {
        Some(live) => general::say_with_link(turn, key, &live.url, Vec::new()),
        None => turn.say("say-sites-none", &[]),
    }
}

/// One gentle word to somebody who stopped halfway.
pub(crate) fn silence(state: State, turn: &mut Turn<'_>) -> State {
    match &state {
        State::Collecting(open) => {
            turn.note("say-still-there", &[]);
            questions::ask_again(open, turn);
        }
        State::Confirming(open) => {
            turn.note("say-still-there", &[]);
            confirming::ask_again(open, turn);
        }
        State::Welcome | State::Generating(_) => {}
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {}
    }
    state
}

/// What is tapped after a change: back, and another look where looks were changed.
pub(crate) fn after_change(looks: bool, turn: &Turn<'_>) -> Vec<Choice> {
    let undo = turn.button(Command::Undo, "label-undo");
    let look = looks.then(|| turn.choice(Tap::Live(LiveTap::Look), "label-other-look"));
    std::iter::once(undo).chain(look).chain([generating::done_choice(turn)]).collect()
}
