//! The first hello.

use super::absorb::{absorb, noted};
use super::answers;
use super::closed;
use super::effect::Effect;
use super::mine;
use super::state::{Reviewing, State, Talk};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::gather::{Found, gather};
use super::understand::words::normalise;
use super::understand::{self, Meaning, language, proofs, question};
use super::{forms, general, questions};

/// What the payload of an invitation link begins with.
const REFERRAL_PREFIX: &str = "ref_";
/// Longest invitation code.
const MAX_CODE_CHARS: usize = 32;

/// Greets and asks the first open question.
pub(crate) fn greet(turn: &mut Turn<'_>) -> State {
    hello(false, turn);
    match general::first_site(turn) {
        Some(live) => State::Reviewing(Reviewing { live, talk: Talk::default() }),
        None => {
            let state = questions::fresh(turn.language);
            questions::ask(&state, turn);
            State::Collecting(state)
        }
    }
}

/// Greets somebody whose first message is no text, and leaves the answer to what follows.
pub(crate) fn open(turn: &mut Turn<'_>) -> State {
    match general::first_site(turn) {
        Some(live) => State::Reviewing(Reviewing { live, talk: Talk::default() }),
        None => {
            hello(false, turn);
            State::Collecting(questions::fresh(turn.language))
        }
    }
}

/// `heard` when the first message holds answers already: then the questions are not announced.
fn hello(heard: bool, turn: &mut Turn<'_>) {
    let name = turn.facts.name.as_deref().and_then(|name| name.split_whitespace().next());
    let name = name.unwrap_or("").to_owned();
    if let Some(live) = general::first_site(turn) {
        match name.is_empty() {
            true => turn.note("say-hello-back-nameless", &[]),
            false => turn.note("say-hello-back", &[("name", name.into())]),
        }
        return closed::present(&live, turn);
    }
    let (price, balance) = (turn.facts.price_generate, turn.facts.available);
    let key = match (name.is_empty(), balance >= price) {
        (false, true) if heard => "say-hello-heard",
        (true, true) if heard => "say-hello-nameless-heard",
        (false, true) => "say-hello",
        (true, true) => "say-hello-nameless",
        (false, false) => "say-hello-short",
        (true, false) => "say-hello-nameless-short",
    };
    let mut args = vec![("price", price.into()), ("balance", balance.into())];
    if !name.is_empty() {
        args.push(("name", name.into()));
    }
    turn.note(key, &args);
}

/// The first text: a greeting, a command, or already an answer.
pub(crate) fn text(text: &str, turn: &mut Turn<'_>) -> State {
    if let Some(language) = language::clearly(text).or_else(|| language::of_greeting(text)) {
        turn.set_language(language);
    }
    match understand::read(text, &[], false) {
        Meaning::Command(Command::Language(Some(language))) => {
            turn.set_language(language);
            greet(turn)
        }
        Meaning::Command(command) if informs(command) => {
            let state = greet_silently(turn);
            general::inform(state, command, turn)
        }
        Meaning::Command(Command::Mine(mine)) => {
            let state = greet_silently(turn);
            mine::commanded(state, mine, turn)
        }
        Meaning::Command(_) | Meaning::Tap(_) => greet(turn),
        Meaning::Free if normalise(text).is_empty() || general::first_site(turn).is_some() => {
            greet(turn)
        }
        Meaning::Free => answered(text, true, turn),
    }
}

fn informs(command: Command) -> bool {
    match command {
        Command::Help | Command::Balance | Command::History | Command::Claim => true,
        Command::Invite | Command::Language(None) | Command::Sites => true,
        Command::Start | Command::Back | Command::Cancel | Command::Status | Command::New => false,
        Command::Language(Some(_)) | Command::Undo | Command::Restart | Command::Repeat => false,
        Command::Yes | Command::No | Command::Skip | Command::Done | Command::Any => false,
        Command::Thanks | Command::Greet | Command::Mine(_) => false,
    }
}

fn greet_silently(turn: &Turn<'_>) -> State {
    State::Collecting(questions::fresh(turn.language))
}

/// Begins a new site with a message that may already hold answers.
pub(crate) fn begin_with(text: &str, turn: &mut Turn<'_>) -> State {
    turn.set_formal(false);
    answered(text, false, turn)
}

fn answered(text: &str, first: bool, turn: &mut Turn<'_>) -> State {
    let mut state = questions::fresh(turn.language);
    let before = state.brief.clone();
    let (asked, rest) = question::take(text);
    let form = forms::take(&mut state, text, turn);
    let found = if form { Found::default() } else { gather(&rest, None) };
    absorb(&mut state, &found, &rest, None);
    if state.brief.trade.is_none() {
        state.brief.trade = match asked {
            None => answers::unknown_trade(&found),
            Some(_) => answers::told_trade(&found),
        };
    }
    if first {
        hello(state.brief != before, turn);
    } else {
        turn.note("say-new-begun", &[]);
    }
    if let Some(kind) = found.certificate_fault {
        turn.note(proofs::fault(kind), &[]);
    }
    if let Some(question) = asked
        && (question != question::Question::Other || state.brief == before)
    {
        general::answer_question(question, turn);
    }
    let lines = noted(&before, &state.brief, turn);
    if !lines.is_empty() {
        let list = lines.iter().map(|line| format!("• {line}")).collect::<Vec<_>>().join("\n");
        turn.note("say-noted", &[("list", list.into())]);
    }
    questions::advance(state, turn)
}

/// `/start`, with or without an invitation.
pub(crate) fn accept_referral(payload: Option<&str>, turn: &mut Turn<'_>) {
    let code = payload.and_then(|payload| payload.strip_prefix(REFERRAL_PREFIX));
    let sound = |code: &&str| {
        (1..=MAX_CODE_CHARS).contains(&code.len())
            && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    if let Some(code) = code.filter(sound) {
        turn.wish(Effect::AcceptReferral { code: code.to_owned() });
    }
}
