//! The stages against a scripted model, over real HTTP.

use std::sync::Arc;

use proptest::prelude::*;
use rstest::rstest;
use secrecy::SecretString;
use serde_json::Value;

use super::design::ThemeOption;
use super::*;
use crate::clock::ManualClock;
use crate::llm::fake::{Behaviour, FAKE_KEY, FakeModel};
use crate::llm::{Llm, LlmRequest, OpenAiProvider, Prompts, ProviderConfig, strict};
use crate::site::document::SectionKind;

/// What a model that does `behaviour` says to `request`.
async fn say(behaviour: Behaviour, request: &LlmRequest) -> Value {
    // Another test may have been first.
    rustls::crypto::ring::default_provider().install_default().ok();
    let model = FakeModel::start(behaviour).await;
    let config = ProviderConfig {
        name: "fake".to_owned(),
        base_url: model.base_url(),
        model: "gpt-4o-mini".to_owned(),
        api_key: SecretString::from(FAKE_KEY.to_owned()),
        tier: None,
    };
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let clock = Arc::new(ManualClock::at(0));
    let provider = OpenAiProvider::with_http_client(config, http, clock).unwrap();
    let answer = provider.ask(request).await.unwrap();
    assert_eq!(model.violations(), Vec::<String>::new());
    answer.json
}

/// A request as a person reads it.
fn shown(request: &LlmRequest) -> String {
    let LlmRequest { prompt, tier, temperature, max_tokens, schema_name, .. } = request;
    let schema = serde_json::to_string_pretty(&request.schema).unwrap();
    format!(
        "{prompt}, {tier:?}, {temperature}, {max_tokens} tokens, {schema_name}\n\n{}\n\n=====\n\n{}\n\n=====\n\n{schema}\n",
        request.system, request.user
    )
}

#[test]
fn the_prompts_read_as_they_were_reviewed() {
    let (brief, prompts) = (sample::bakery(), Prompts::load().unwrap());
    let mut english = brief.clone();
    english.language = crate::brief::Language::En;
    let plan = intent::built_in(&brief);
    let faults = ["lead holds a link or an account name".to_owned()];
    let earlier = serde_json::json!({"heading": "Sejak 1987", "lead": "lihat kueani.com"});
    let failed = content::FailedAnswer { answer: &earlier, faults: &faults };
    let kind = SectionKind::Features;
    let requests = [
        ("intent", intent::request(&brief, &prompts)),
        ("content_id", content::request(&brief, &plan, SectionKind::Hero, &prompts)),
        ("content_en", content::request(&english, &plan, SectionKind::Faq, &prompts)),
        ("meta", meta::request(&brief, &plan, &prompts)),
        ("repair", content::repair_request(&brief, &plan, kind, failed, &prompts)),
    ];
    for (name, request) in requests {
        insta::assert_snapshot!(format!("prompt_{name}"), shown(&request));
    }
    let colour = crate::brief::Rgb { r: 0xe8, g: 0x91, b: 0xb2 };
    let picture = prompts.illustration(plan.trade, plan.tone, colour, 1);
    insta::assert_snapshot!("prompt_illustration", picture.text);
    let small = prompts.small_illustration(plan.trade, plan.tone, colour, 2);
    assert_eq!((small.size.as_str(), small.quality.as_str()), ("1024x1024", "low"));
    insta::assert_snapshot!("prompt_illustration_small", small.text);
}

#[tokio::test]
async fn a_good_model_passes_every_stage() {
    let (brief, prompts) = (sample::bakery(), Prompts::load().unwrap());
    let request = intent::request(&brief, &prompts);
    let said = say(Behaviour::Good, &request).await;
    assert_eq!(strict::mismatches(&said, &request.schema), Vec::<String>::new());
    let intent = intent::parse(&said, &brief).unwrap();
    let themes = [ThemeOption { id: "calm".to_owned(), summary: "quiet".to_owned() }];
    let said = say(Behaviour::Good, &design::request(&brief, &intent, &themes, &prompts)).await;
    assert_eq!(design::parse(&said, &themes, &brief).unwrap().theme, "calm");
    let said = say(Behaviour::Good, &meta::request(&brief, &intent, &prompts)).await;
    assert_eq!(meta::parse(&said, &brief).unwrap().title, "Kue Ani");
    for kind in SectionKind::ALL {
        let request = content::request(&brief, &intent, kind, &prompts);
        let said = say(Behaviour::Good, &request).await;
        let words = content::parse(&said, kind, &brief).unwrap();
        assert!(words.heading.contains("Kue Ani"), "{kind:?}");
    }
}

#[rstest]
#[case(SectionKind::Hero)]
#[case(SectionKind::About)]
#[case(SectionKind::Faq)]
#[tokio::test]
async fn markup_and_links_of_a_model_never_pass(#[case] kind: SectionKind) {
    let (brief, prompts) = (sample::bakery(), Prompts::load().unwrap());
    let request = content::request(&brief, &intent::built_in(&brief), kind, &prompts);
    let said = say(Behaviour::Injecting, &request).await;
    let fault = content::parse(&said, kind, &brief).unwrap_err();
    let has = |wanted: fn(&Breach) -> bool| fault.0.iter().any(wanted);
    assert!(has(|breach| matches!(breach, Breach::Markup(_))), "{fault}");
    assert!(has(|breach| matches!(breach, Breach::Link(_))), "{fault}");
}

#[tokio::test]
async fn an_answer_of_another_shape_is_told_apart() {
    let (brief, prompts) = (sample::bakery(), Prompts::load().unwrap());
    let kind = SectionKind::Hero;
    let request = content::request(&brief, &intent::built_in(&brief), kind, &prompts);
    let said = say(Behaviour::WrongSchema, &request).await;
    let fault = content::parse(&said, kind, &brief).unwrap_err();
    assert!(fault.0.iter().all(|breach| matches!(breach, Breach::Missing(_))), "{fault}");
}

#[tokio::test]
async fn a_lie_has_good_form_and_is_left_to_the_fact_check() {
    let (brief, prompts) = (sample::bakery(), Prompts::load().unwrap());
    let kind = SectionKind::Hero;
    let request = content::request(&brief, &intent::built_in(&brief), kind, &prompts);
    let said = say(Behaviour::Lying, &request).await;
    let words = content::parse(&said, kind, &brief).unwrap();
    let lies = crate::llm::fake::lies(brief.language);
    assert!(lies.iter().any(|lie| words.lead.contains(lie)), "{}", words.lead);
    assert_ne!(crate::writer::unproven(&words, &brief), Vec::<String>::new());
}

#[tokio::test]
async fn an_english_site_is_asked_for_and_written_in_english() {
    let mut brief = sample::bakery();
    brief.language = crate::brief::Language::En;
    let prompts = Prompts::load().unwrap();
    let kind = SectionKind::Hero;
    let request = content::request(&brief, &intent::built_in(&brief), kind, &prompts);
    assert!(request.system.contains("Write in plain international English."), "{}", request.system);
    let said = say(Behaviour::Good, &request).await;
    assert_eq!(content::parse(&said, kind, &brief).unwrap().heading, "Welcome to Kue Ani");
}

/// Any JSON that a confused model may say.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,300}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("heading"),
        Just("lead"),
        Just("points"),
        Just("title"),
        Just("text"),
        Just("paragraphs"),
        Just("action"),
        Just("sections"),
        Just("colour"),
    ];
    leaf.prop_recursive(3, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_passes_keeps_every_limit(said in any_json()) {
        let brief = sample::bakery();
        // Neither may panic, whatever was said.
        intent::parse(&said, &brief).ok();
        meta::parse(&said, &brief).ok();
        for kind in SectionKind::ALL {
            if let Ok(words) = content::parse(&said, kind, &brief) {
                prop_assert!((1..=80).contains(&words.heading.chars().count()));
                prop_assert!(words.lead.chars().count() <= 240);
                prop_assert!(words.action.chars().count() <= 30);
                prop_assert!(!words.heading.contains(['<', '>']) && !words.lead.contains(['<', '>']));
            }
        }
    }
}
