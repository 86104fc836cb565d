//! Every state answers every event, says something to whoever spoke, and survives storage.

#[path = "support/everything.rs"]
mod everything;
#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use everything::{TEXTS, all_facts, contents, reports, states};
use proptest::prelude::*;
use sitespark_bot::conversation::{
    Deed, Effect, Event, Facts, State, from_stored, step, to_stored,
};
use sitespark_bot::message::{Content, Message};
use sitespark_bot::texts::Texts;
use sitespark_core::brief::Language;

/// Whether an effect brings an answer, at once or as an outcome or report.
fn answers(effect: &Effect) -> bool {
    match effect {
        Effect::Say(_) | Effect::StartRun { .. } | Effect::CancelRun(_) | Effect::Undo(_) => true,
        Effect::Rename { .. } | Effect::ClaimDaily | Effect::FetchPhoto { .. } => true,
        Effect::SetLanguage(_) | Effect::ApplyEdits { .. } => false,
        Effect::WriteAgain(_) | Effect::RecallMovements => true,
        Effect::AcceptReferral { .. } | Effect::Mute => false,
        Effect::ReadMenu { .. } => true,
        // Never in place of an answer.
        Effect::React(_) => false,
        Effect::Do(deed) => match deed {
            Deed::Redo(_) | Deed::ListVersions(_) | Deed::DeleteSite(_) | Deed::Forget => true,
            Deed::Rewrite { .. } | Deed::MakeLinkCode | Deed::EnterLinkCode { .. } => true,
            Deed::Compare(_) | Deed::CountVisitors(_) => true,
            Deed::Refine { .. } | Deed::Export(..) => false,
        },
    }
}

/// The bounds every message keeps.
fn check(message: &Message) {
    let text = message.body.to_plain();
    assert!(!text.trim().is_empty(), "an empty message");
    assert!(text.chars().count() < 1_000, "too long: {text}");
    let hole = |part: &str| ["kak", "anda", "name", "url"].iter().any(|arg| part.starts_with(arg));
    assert!(!text.split("{$").skip(1).any(hole), "a hole: {text}");
    let key = |word: &str| {
        ["ask-", "say-", "oops-", "label-", "word-", "stage-"].iter().any(|p| word.starts_with(p))
    };
    assert!(!text.split_whitespace().any(key), "a bare key: {text}");
    assert!(message.choices.len() <= 10, "{text}");
    for choice in &message.choices {
        assert!(choice.id.is_ascii() && choice.id.len() <= 40, "{}", choice.id);
        let length = choice.label.chars().count();
        assert!((1..=24).contains(&length), "{}", choice.label);
    }
    for link in &message.links {
        assert!(link.label.chars().count() <= 20, "{}", link.label);
    }
}

fn run(state: &State, event: Event, facts: &Facts, texts: &Texts) -> (State, Vec<Effect>) {
    let (next, effects) = step(state.clone(), event, facts, support::NOW_MS, texts);
    let emoji = effects.iter().filter(|effect| matches!(effect, Effect::React(_))).count();
    assert!(emoji == 0 || emoji == 1 && effects.iter().any(answers), "{effects:?}");
    for effect in &effects {
        if let Effect::Say(message) = effect {
            check(message);
        }
    }
    let loaded = from_stored(&to_stored(&next)).expect("every state loads again");
    assert_eq!(loaded, next);
    (next, effects)
}

#[test]
fn every_state_answers_everything_a_person_does() {
    let texts = Texts::load();
    for facts in all_facts() {
        for state in states() {
            for content in contents() {
                let (_, effects) = run(&state, Event::Said(content.clone()), &facts, &texts);
                assert!(effects.iter().any(answers), "silence: {state:?} {content:?}");
            }
        }
    }
}

#[test]
fn every_state_takes_every_report() {
    let texts = Texts::load();
    for facts in all_facts() {
        for state in states() {
            for event in reports() {
                run(&state, event, &facts, &texts);
            }
        }
    }
}

#[test]
fn who_blocked_us_hears_nothing() {
    let texts = Texts::load();
    for state in states() {
        let facts = support::facts(Language::Id);
        let (next, effects) = run(&state, Event::Said(Content::Blocked), &facts, &texts);
        assert_eq!((next, effects), (state, vec![Effect::Mute]));
    }
}

#[test]
fn the_same_error_sentence_never_comes_twice_in_a_row() {
    let texts = Texts::load();
    let facts = support::facts(Language::Id);
    for state in states().into_iter().filter(|state| !matches!(state, State::Welcome)) {
        let mut state = state;
        let mut last = String::new();
        for _ in 0..4 {
            let event = Event::Said(Content::Text { text: "08123".to_owned() });
            let (next, effects) = run(&state, event, &facts, &texts);
            let said: String = effects
                .iter()
                .filter_map(|effect| match effect {
                    Effect::Say(message) => Some(message.body.to_plain()),
                    Effect::SetLanguage(_)
                    | Effect::RecallMovements
                    | Effect::StartRun { .. }
                    | Effect::CancelRun(_) => None,
                    Effect::Undo(_) | Effect::ApplyEdits { .. } | Effect::Rename { .. } => None,
                    Effect::WriteAgain(_) => None,
                    Effect::ClaimDaily | Effect::AcceptReferral { .. } => None,
                    Effect::FetchPhoto { .. } | Effect::Mute | Effect::Do(_) => None,
                    Effect::ReadMenu { .. } | Effect::React(_) => None,
                })
                .collect();
            assert!(said.is_empty() || said != last, "twice: {said} in {next:?}");
            last = said;
            state = next;
        }
    }
}

#[test]
fn stored_states_of_version_one_load() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/state/v1");
    let mut names: Vec<&str> = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let text = std::fs::read_to_string(entry.expect("readable").path()).expect("text");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let state = from_stored(&value).expect("version one loads");
        names.push(state.name());
        assert_eq!(to_stored(&state)["state"], value["state"]);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn an_unknown_version_is_refused() {
    for value in ["{}", r#"{"version":2,"state":"welcome"}"#, r#"{"version":1,"state":"x"}"#] {
        let value: serde_json::Value = serde_json::from_str(value).expect("JSON");
        assert!(from_stored(&value).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_is_left_without_an_answer(text in "\\PC{0,200}", at in 0_usize..10_000) {
        let states = states();
        let state = &states[at % states.len()];
        let texts = Texts::load();
        let facts = support::facts(Language::Id);
        let event = Event::Said(Content::Text { text });
        let (_, effects) = run(state, event, &facts, &texts);
        prop_assert!(effects.iter().any(answers));
    }

    #[test]
    fn words_of_owners_never_break_a_conversation(
        words in proptest::collection::vec(0_usize..TEXTS.len(), 1..12),
        noise in "[a-z0-9 ,.?rbjt@/-]{0,30}",
    ) {
        let texts = Texts::load();
        let facts = support::facts(Language::Id);
        let mut state = State::Welcome;
        for word in words {
            let text = format!("{} {noise}", TEXTS[word]);
            let (next, effects) = run(&state, Event::Said(Content::Text { text }), &facts, &texts);
            prop_assert!(effects.iter().any(answers));
            state = next;
        }
    }
}

/// `WRITE_FIXTURES=1` writes them, for when a version is new; a landed version's never change.
#[test]
fn the_version_written_today_has_a_fixture_of_every_state() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/state/v1");
    let write = std::env::var_os("WRITE_FIXTURES").is_some();
    let mut written = std::collections::BTreeMap::new();
    for state in states().into_iter().rev() {
        written.insert(state.name(), to_stored(&state));
    }
    for (name, value) in written {
        let path = format!("{folder}/{name}.json");
        if write {
            let text = serde_json::to_string_pretty(&value).expect("JSON");
            std::fs::write(&path, text + "\n").expect("written");
        }
        let text = std::fs::read_to_string(&path).expect("a fixture of every state");
        let stored: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(stored["version"], value["version"], "{name}");
        assert_eq!(from_stored(&stored).expect("it loads").name(), name);
    }
}
