//! The written conversations of `tests/conversations`, played through the pure step.
//!
//! `cargo test --workspace --test conversations -- --nocapture` prints the report: a line for each
//! conversation, then the totals. Set `SHOW` to a name to read that conversation in full, and
//! `CONVERSATIONS` to a folder to have others played, such as ones that nobody here has read.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sitespark_bot::conversation::{Effect, Event, PhotoReport, State, not_understood};
use sitespark_bot::message::Content;
use sitespark_bot::testing::{Conversation, Line, load_all, wrong_facts, wrong_live_facts};
use sitespark_core::brief::PhotoRole;
use support::Chat;

/// Fewest conversations there must be.
const FEWEST: usize = 60;

/// Most facts in a hundred that may be wrong: a few are kept that nobody understands yet.
const MOST_WRONG_PERCENT: usize = 1;

/// How a conversation went.
struct Played {
    name: String,
    /// The messages until the run started; `None` when none did.
    turns: Option<usize>,
    facts: usize,
    wrong: Vec<String>,
    texts: usize,
    puzzles: Vec<String>,
    steps: Vec<Duration>,
    log: String,
}

fn play(written: &Conversation) -> Played {
    let mut chat = Chat::new(written.language);
    let mut played = Played {
        name: written.name.clone(),
        turns: None,
        facts: written.facts.len() + written.live.len() + written.done.len(),
        wrong: Vec::new(),
        texts: 0,
        puzzles: Vec::new(),
        steps: Vec::new(),
        log: String::new(),
    };
    for (number, line) in written.lines.iter().enumerate() {
        match line {
            Line::Says(content) => say(&mut chat, content, &mut played),
            // One that never started counts as lost; the others are still played.
            Line::GoesLive if matches!(chat.state, State::Generating(_)) => {
                chat.go_live();
                chat.keep_site();
            }
            Line::GoesLive => {}
        }
        if chat.started.is_some() && played.turns.is_none() {
            played.turns = Some(number + 1);
        }
    }
    if matches!(chat.state, State::Generating(_)) {
        chat.go_live();
    }
    match &chat.started {
        Some(brief) => played.wrong = wrong_facts(brief, &written.facts),
        None => played.wrong = vec!["no run was started".to_owned(); written.facts.len()],
    }
    played.wrong.extend(wrong_at_the_end(&chat, written));
    let unsaid = written.says.iter().filter(|piece| !chat.log.contains(piece.as_str()));
    played.wrong.extend(unsaid.map(|piece| format!("never says {piece:?}")));
    played.log = chat.log;
    played
}

/// What the site does not show, and what was not done, after everything was said.
fn wrong_at_the_end(chat: &Chat, written: &Conversation) -> Vec<String> {
    let Some(site) = &chat.site else {
        let unmet = written.live.len() + written.done.len();
        return vec!["no site to look at".to_owned(); unmet];
    };
    let mut claims = written.live.clone();
    let address = claims.remove("web-address").filter(|claim| *claim != site.address);
    let mut wrong = wrong_live_facts(site.document(), &claims);
    wrong.extend(address.map(|claim| format!("it lives at {:?}, not {claim:?}", site.address)));
    let undone = written.done.iter().filter(|word| !site.done.contains(word));
    wrong.extend(undone.map(|word| format!("{word} was not done")));
    wrong
}

fn say(chat: &mut Chat, content: &Content, played: &mut Played) {
    let before = chat.state.clone();
    chat.heard(content);
    let start = Instant::now();
    chat.event(Event::Said(content.clone()));
    played.steps.push(start.elapsed());
    if let Content::Text { text } = content {
        played.texts += 1;
        if not_understood(&before, &chat.state) {
            played.puzzles.push(text.clone());
        }
    }
    if let Content::Photo { file, caption } = content {
        let role = chat.effects.iter().find_map(|effect| match effect {
            Effect::FetchPhoto { role, .. } => Some(*role),
            _ => None,
        });
        let photo = support::photo_of(&file.id, caption.as_deref());
        chat.event(Event::Photo(match role.unwrap_or_default() {
            PhotoRole::Shown => PhotoReport::Ready(photo),
            PhotoRole::Logo => PhotoReport::Logo(photo),
            PhotoRole::Menu => PhotoReport::Menu(photo),
        }));
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    let (part, whole) = (
        u32::try_from(part).expect("small counts"),
        u32::try_from(whole.max(1)).expect("small counts"),
    );
    f64::from(part) * 100.0 / f64::from(whole)
}

/// The value below which `share` percent of sorted values lie.
fn at_percent<T: Copy>(sorted: &[T], share: usize) -> T {
    sorted[(sorted.len() * share / 100).min(sorted.len() - 1)]
}

fn report(all: &[Played]) {
    let show = std::env::var("SHOW").unwrap_or_default();
    for one in all {
        let reached = one.turns.map_or("not reached".to_owned(), |turns| format!("{turns} turns"));
        let right = one.facts.saturating_sub(one.wrong.len());
        println!("{:32} {reached:12} facts {right}/{}", one.name, one.facts);
        for fault in &one.wrong {
            println!("    {fault}");
        }
        for text in &one.puzzles {
            println!("    not understood: {text}");
        }
        if show == one.name || show == "all" {
            println!("{}", one.log);
        }
    }
    let mut turns: Vec<usize> = all.iter().filter_map(|one| one.turns).collect();
    turns.sort_unstable();
    let mut steps: Vec<Duration> = all.iter().flat_map(|one| one.steps.clone()).collect();
    steps.sort_unstable();
    let sum = |count: fn(&Played) -> usize| all.iter().map(count).sum::<usize>();
    let (facts, wrong) = (sum(|one| one.facts), sum(|one| one.wrong.len()));
    let (texts, puzzles) = (sum(|one| one.texts), sum(|one| one.puzzles.len()));
    println!("conversations       {}", all.len());
    println!("reached the end     {:.1} %", percent(turns.len(), all.len()));
    println!("facts right         {:.1} % of {facts}", percent(facts - wrong.min(facts), facts));
    println!("median turns        {}", at_percent(&turns, 50));
    println!("understood locally  {:.1} % of {texts}", percent(texts - puzzles, texts));
    println!("a step takes        {:?} (99 %)", at_percent(&steps, 99));
}

#[test]
fn every_written_conversation_ends_in_a_live_site_with_its_facts() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations");
    let folder = std::env::var_os("CONVERSATIONS").map_or(own, PathBuf::from);
    let written = load_all(&folder).expect("every file is a conversation");
    let all: Vec<Played> = written.iter().map(play).collect();
    report(&all);
    let lost: Vec<_> = all.iter().filter(|one| one.turns.is_none()).map(|one| &one.name).collect();
    let facts: usize = all.iter().map(|one| one.facts).sum();
    let wrong: usize = all.iter().map(|one| one.wrong.len()).sum();
    assert!(all.len() >= FEWEST, "only {} conversations", all.len());
    assert!(lost.is_empty(), "{lost:?} never go live");
    assert!(wrong * 100 <= facts * MOST_WRONG_PERCENT, "{wrong} of {facts} facts are wrong");
}
