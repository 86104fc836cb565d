//! What can be asked for at any time, and how the talk goes on after it.

use sitespark_core::brief::Language;
use sitespark_core::ids::SiteId;

use super::effect::{Deed, Effect};
use super::event::SiteFacts;
use super::state::{Collecting, Complete, Confirming, Live, Pending, Reviewing, State, Talk};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::mood::Mood;
use super::understand::question::Question;
use super::understand::tap::{LiveTap, Tap};
use super::{confirming, generating, live, names, questions};
use crate::message::{Choice, LinkButton, Message};

/// Longest label of a link button, in characters.
const MAX_LINK_LABEL_CHARS: usize = 20;
/// Most sites of a list.
const MAX_SITES: usize = 8;
/// Milliseconds of a minute and minutes of a day.
const MINUTE_MS: i64 = 60_000;
const DAY_MIN: i64 = 24 * 60;

/// Answers a command that means the same everywhere and goes on with what was open.
pub(crate) fn inform(mut state: State, command: Command, turn: &mut Turn<'_>) -> State {
    match command {
        Command::Help => help(&state, turn),
        Command::Status => status(&state, turn),
        Command::Balance => balance(turn),
        Command::History => history(turn),
        Command::Claim => {
            turn.wish(Effect::ClaimDaily);
            return state;
        }
        Command::Invite => invite(turn),
        Command::Language(None) => {
            let choices = Language::ALL.map(|language| {
                let label = match language {
                    Language::Id => "label-language-id",
                    Language::En => "label-language-en",
                };
                turn.button(Command::Language(Some(language)), label)
            });
            turn.ask("ask-language", &[], choices.to_vec());
            return state;
        }
        Command::Language(Some(language)) => {
            turn.set_language(language);
            set_brief_language(&mut state, language);
            turn.note("say-language-set", &[]);
        }
        Command::Sites => {
            sites(&state, turn);
            return state;
        }
        Command::Repeat => {}
        Command::Thanks => turn.note("say-welcome-thanks", &[]),
        Command::Start | Command::Greet => turn.note("say-hello-again", &[]),
        Command::Mine(mine) => return super::mine::commanded(state, mine, turn),
        Command::Back | Command::Cancel | Command::New | Command::Undo | Command::Restart => {}
        Command::Yes | Command::No | Command::Skip | Command::Done | Command::Any => {}
    }
    resume_again(&state, turn);
    state
}

pub(crate) fn set_brief_language(state: &mut State, language: Language) {
    match state {
        State::Collecting(state) => state.brief.language = language,
        State::Confirming(state) => state.brief.language = language,
        State::Welcome | State::Generating(_) => {}
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {}
    }
}

/// Says again what is open, after an answer to something else.
pub(crate) fn resume_again(state: &State, turn: &mut Turn<'_>) {
    if let Some(pending @ Pending::Menu { .. }) =
        state.talk().and_then(|talk| talk.pending.as_ref())
    {
        return ask_pending(pending, turn);
    }
    match state {
        State::Welcome => {}
        State::Collecting(state) => questions::ask_again(state, turn),
        State::Confirming(state) => confirming::ask_again(state, turn),
        State::Generating(state) => generating::still_working(state, turn),
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => live::resume(state, turn),
    }
}

fn help(state: &State, turn: &mut Turn<'_>) {
    match state {
        State::Welcome | State::Collecting(_) => turn.note("say-help-questions", &[]),
        State::Confirming(_) => turn.note("say-help-confirm", &[]),
        State::Generating(open) if open.live => turn.note("say-help-live", &[]),
        State::Generating(_) => turn.note("say-help-generating", &[]),
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            turn.note("say-help-live", &[]);
        }
    }
}

fn status(state: &State, turn: &mut Turn<'_>) {
    match state {
        State::Welcome => {}
        State::Collecting(collecting) => {
            let open = questions::open_steps(collecting).max(1);
            turn.note("say-status-questions", &[("open", open.into())]);
        }
        State::Confirming(_) => turn.note("say-status-confirm", &[]),
        State::Generating(_) => {}
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => match state.live() {
            Some(live) => turn.note("say-status-live", &[("url", live.url.clone().into())]),
            None => turn.note("say-status-nothing", &[]),
        },
    }
}

fn balance(turn: &mut Turn<'_>) {
    let facts = turn.facts;
    turn.note(
        "say-balance",
        &[("balance", facts.available.into()), ("price", facts.price_generate.into())],
    );
}

fn history(turn: &mut Turn<'_>) {
    let offset_min = turn.facts.utc_offset_min;
    let Some(movements) = &turn.facts.history else {
        return turn.wish(Effect::RecallMovements);
    };
    let lines: Vec<String> = movements
        .iter()
        .map(|line| {
            let sign = if line.amount.0 > 0 { "+" } else { "" };
            let kind = turn.plain(names::transfer(&line.kind), &[]);
            format!("{}  {sign}{}  {kind}", date(line.at_ms, offset_min), line.amount.0)
        })
        .collect();
    if lines.is_empty() {
        turn.note("say-history-empty", &[]);
    } else {
        let balance = turn.facts.available.into();
        turn.note("say-history", &[("lines", lines.join("\n").into()), ("balance", balance)]);
    }
}

fn invite(turn: &mut Turn<'_>) {
    let bonus = turn.facts.referral.into();
    let code = turn.facts.referral_code.clone();
    match turn.facts.referral_url.clone() {
        Some(url) => turn.note("say-invite-link", &[("bonus", bonus), ("url", url.into())]),
        None => turn.note("say-invite-code", &[("bonus", bonus), ("code", code.into())]),
    }
}

fn sites(state: &State, turn: &mut Turn<'_>) {
    let sites = turn.facts.sites.iter().take(MAX_SITES);
    let off = turn.plain("word-site-off", &[]);
    let (lines, choices): (Vec<String>, Vec<Choice>) = sites
        .map(|site| {
            let choice = Choice { id: Tap::Site(site.id).id(), label: cut_label(&site.name) };
            let off = if site.live { String::new() } else { format!(" ({off})") };
            (format!("• {}: {}{off}", site.name, site.url), choice)
        })
        .unzip();
    if lines.is_empty() {
        turn.note("say-sites-none", &[]);
        return resume_again(state, turn);
    }
    match state {
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            let mut choices = if choices.len() > 1 { choices } else { Vec::new() };
            choices.push(turn.button(Command::New, "label-new-site"));
            turn.ask("say-sites", &[("sites", lines.join("\n").into())], choices);
        }
        State::Welcome | State::Collecting(_) | State::Confirming(_) | State::Generating(_) => {
            turn.note("say-sites", &[("sites", lines.join("\n").into())]);
            resume_again(state, turn);
        }
    }
}

pub(crate) fn cut_label(name: &str) -> String {
    name.chars().take(MAX_LINK_LABEL_CHARS).collect()
}

/// A button that opens a page.
pub(crate) fn link(turn: &Turn<'_>, label: &str, url: &str) -> LinkButton {
    LinkButton { label: turn.plain(label, &[]), url: url.to_owned() }
}

/// Says something with one link button.
pub(crate) fn say_with_link(turn: &mut Turn<'_>, key: &str, url: &str, choices: Vec<Choice>) {
    let body = turn.body(key, &[("url", url.into())]);
    let links = vec![link(turn, "label-open-site", url)];
    turn.send(Message { body, links, choices, ..Message::default() });
}

/// Answers a question of the person in a sentence or two.
pub(crate) fn answer_question(question: Question, turn: &mut Turn<'_>) {
    let (price, balance) = (turn.facts.price_generate, turn.facts.available);
    let (daily, bonus) = (turn.facts.daily, turn.facts.referral);
    let example = turn.facts.site_url_pattern.replace("{name}", "kopi-senja");
    match question {
        Question::Price => {
            turn.note("say-answer-price", &[("price", price.into()), ("balance", balance.into())]);
        }
        Question::Pay => {
            turn.note("say-answer-pay", &[("daily", daily.into()), ("bonus", bonus.into())]);
        }
        Question::Token => {
            turn.note("say-answer-token", &[("price", price.into()), ("daily", daily.into())]);
        }
        Question::Domain => turn.note("say-answer-domain", &[("example", example.into())]),
        Question::Can => turn.note("say-answer-can", &[]),
        Question::Change => turn.note("say-answer-change", &[]),
        Question::Delete => turn.note("say-answer-delete", &[]),
        Question::Example => turn.note("say-answer-example", &[]),
        Question::Google => turn.note("say-answer-google", &[]),
        Question::Monthly => turn.note("say-answer-monthly", &[]),
        Question::Parts => turn.note("say-answer-parts", &[]),
        Question::Person => turn.note("say-answer-person", &[]),
        Question::Phone => turn.note("say-answer-phone", &[]),
        Question::Photo => turn.note("say-answer-photo", &[]),
        Question::Robot => turn.note("say-answer-robot", &[]),
        Question::Safe => turn.note("say-answer-safe", &[]),
        Question::Selling => turn.note("say-answer-selling", &[]),
        Question::Time => turn.note("say-answer-time", &[]),
        Question::Visitors => visitors(None, turn),
        Question::What => turn.note("say-answer-what", &[]),
        Question::Other => turn.note("say-answer-other", &[]),
    }
}

/// Has the visitors of a site counted: of this one, or of the newest that is live.
pub(crate) fn visitors(site: Option<SiteId>, turn: &mut Turn<'_>) {
    let newest = || turn.facts.sites.iter().find(|site| site.live).map(|site| site.id);
    match site.or_else(newest) {
        Some(site) => turn.wish(Effect::Do(Deed::CountVisitors(site))),
        None => turn.note("say-answer-visitors", &[]),
    }
}

/// Stays calm and kind whatever the mood, and goes on with what was open.
pub(crate) fn answer_mood(mut state: State, mood: Mood, turn: &mut Turn<'_>) -> State {
    let variants = match mood {
        Mood::Laughs => ["say-laugh-1", "say-laugh-2"],
        Mood::Scolds => ["say-calm-1", "say-calm-2"],
        Mood::Hurries => ["say-hurry-1", "say-hurry-2"],
        Mood::Strays => ["say-stray-1", "say-stray-2"],
    };
    if let Some(talk) = state.talk_mut() {
        turn.oops(talk, variants, &[]);
    }
    resume_again(&state, turn);
    state
}

/// Asks a question of ours that waits for yes or no.
pub(crate) fn ask_pending(pending: &Pending, turn: &mut Turn<'_>) {
    let choices = pending_choices(pending, turn);
    match pending {
        Pending::Cancel => turn.ask("ask-cancel", &[], choices),
        Pending::Restart => turn.ask("ask-restart", &[], choices),
        Pending::NewOrChange { .. } => turn.ask("ask-new-or-change", &[], choices),
        Pending::TakeName { name } => {
            let url = turn.facts.site_url_pattern.replace("{name}", name);
            turn.ask("ask-take-name", &[("url", url.into())], choices);
        }
        Pending::Pick { .. } => turn.ask("ask-pick", &[], choices),
        Pending::DeleteSite { name, .. } => {
            turn.ask("ask-delete-site", &[("name", name.as_str().into())], choices);
        }
        Pending::Forget => turn.ask("ask-forget", &[], choices),
        Pending::Rewrite { .. } => {
            let price = turn.facts.price_refine.unwrap_or_default();
            let args = [("price", price.into()), ("balance", turn.facts.available.into())];
            turn.ask("ask-rewrite", &args, choices);
        }
        Pending::Address => {
            let example = turn.facts.site_url_pattern.replace("{name}", "kopi-senja");
            turn.ask("ask-address", &[("example", example.into())], choices);
        }
        Pending::WriteAgain { .. } => turn.ask("ask-write-again", &[], choices),
        Pending::Menu { items } => {
            let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
            turn.ask("ask-menu", &[("count", count.into())], choices);
        }
    }
}

pub(crate) fn pending_choices(pending: &Pending, turn: &Turn<'_>) -> Vec<Choice> {
    match pending {
        Pending::Cancel => {
            vec![turn.choice(Tap::Sure, "label-cancel-sure"), turn.choice(Tap::Keep, "label-keep")]
        }
        Pending::Restart => {
            vec![turn.choice(Tap::Sure, "label-restart-sure"), turn.choice(Tap::Keep, "label-keep")]
        }
        Pending::NewOrChange { .. } => vec![
            turn.button(Command::New, "label-new-site"),
            turn.choice(Tap::ChangeSite, "label-change-site"),
        ],
        Pending::TakeName { .. } => vec![
            turn.button(Command::Yes, "label-take-name"),
            turn.choice(Tap::Keep, "label-other-name"),
        ],
        Pending::Address => vec![turn.choice(Tap::Keep, "label-keep-address")],
        Pending::Pick { options } => {
            let numbered = options.iter().zip(0_u8..).map(|(option, at)| Choice {
                id: Tap::Live(LiveTap::Pick(at)).id(),
                label: option.label.clone(),
            });
            numbered.chain([turn.choice(Tap::Keep, "label-none-of-these")]).collect()
        }
        Pending::DeleteSite { .. } => vec![
            turn.choice(Tap::Sure, "label-delete-site-sure"),
            turn.choice(Tap::Keep, "label-keep-it"),
        ],
        Pending::Forget => vec![
            turn.choice(Tap::Sure, "label-forget-sure"),
            turn.choice(Tap::Keep, "label-keep-it"),
        ],
        Pending::Rewrite { .. } => vec![
            turn.choice(Tap::Sure, "label-rewrite-sure"),
            turn.choice(Tap::Live(LiveTap::OwnWriter), "label-own-writer"),
            turn.choice(Tap::Keep, "label-cancel"),
        ],
        Pending::Menu { .. } => {
            vec![turn.choice(Tap::Sure, "label-menu-yes"), turn.choice(Tap::Keep, "label-menu-no")]
        }
        Pending::WriteAgain { .. } => {
            vec![
                turn.button(Command::Yes, "label-try-again"),
                turn.choice(Tap::Keep, "label-as-it-is"),
            ]
        }
    }
}

/// Throws away what was being made; a site there already comes back into view.
pub(crate) fn cancelled(turn: &mut Turn<'_>) -> State {
    turn.set_formal(false);
    let begin = vec![turn.button(Command::New, "label-begin-again")];
    turn.ask("say-cancelled", &[], begin);
    match first_site(turn) {
        Some(live) => State::Reviewing(Reviewing { live, talk: Talk::default() }),
        None => State::Complete(Complete { live: None, talk: Talk::default() }),
    }
}

/// The newest site of the person that visitors see, or else the newest.
pub(crate) fn first_site(turn: &Turn<'_>) -> Option<Live> {
    let sites = &turn.facts.sites;
    let shown = sites.iter().find(|site| site.live).or(sites.first());
    shown.map(|site| live_of(site, false))
}

pub(crate) fn live_of(site: &SiteFacts, formal: bool) -> Live {
    Live { site: site.id, url: site.url.clone(), formal }
}

/// Begins a fresh brief.
pub(crate) fn begin(turn: &mut Turn<'_>) -> State {
    turn.set_formal(false);
    turn.note("say-new-begun", &[]);
    let state = questions::fresh(turn.language);
    questions::ask(&state, turn);
    State::Collecting(state)
}

/// Whether anything would be lost with this brief.
pub(crate) fn is_worth_keeping(state: &Collecting) -> bool {
    let empty = questions::fresh(state.brief.language);
    state.brief != empty.brief || !state.picked.is_empty()
}

/// A summary's state from a brief and an address.
pub(crate) fn confirming(state: Collecting) -> Confirming {
    Confirming { brief: state.brief, subdomain: state.subdomain, talk: state.talk }
}

/// "14.05" of an instant in the person's zone.
pub(crate) fn clock_time(at_ms: i64, offset_min: i32) -> String {
    let minute = local_minutes(at_ms, offset_min).rem_euclid(DAY_MIN);
    format!("{:02}.{:02}", minute / 60, minute % 60)
}

/// When the day of an instant began in the person's zone.
pub(crate) fn day_start_ms(at_ms: i64, offset_min: i32) -> i64 {
    let midnight = local_minutes(at_ms, offset_min).div_euclid(DAY_MIN).saturating_mul(DAY_MIN);
    midnight.saturating_sub(i64::from(offset_min)).saturating_mul(MINUTE_MS)
}

/// How many midnights lie between two instants in the person's zone.
pub(crate) fn days_between(from_ms: i64, to_ms: i64, offset_min: i32) -> i64 {
    let day = |at_ms| local_minutes(at_ms, offset_min).div_euclid(DAY_MIN);
    day(to_ms) - day(from_ms)
}

fn local_minutes(at_ms: i64, offset_min: i32) -> i64 {
    at_ms.div_euclid(MINUTE_MS).saturating_add(i64::from(offset_min))
}

/// "21/11 14.05" of an instant in the person's zone.
pub(crate) fn date_time(at_ms: i64, offset_min: i32) -> String {
    format!("{} {}", date(at_ms, offset_min), clock_time(at_ms, offset_min))
}

/// "21/11" of an instant in the person's zone; nothing for an instant no calendar has.
fn date(at_ms: i64, offset_min: i32) -> String {
    let seconds = local_minutes(at_ms, offset_min).saturating_mul(60);
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map(|date| format!("{:02}/{:02}", date.day(), u8::from(date.month())))
        .unwrap_or_default()
}
