//! What the models of one site cost, from the requests as they are really sent and the dated prices.
//!
//! Tokens are counted by the guess of `llm::tokens`, which errs on the high side; answers by what a
//! good model fills the schema with, twice as long for words. `cargo test -- --nocapture the_models_of_a_site`
//! prints the table.

use super::design::ThemeOption;
use super::*;
use crate::llm::{LlmRequest, Prompts, Tier, Usage, prices, tokens};

/// 2026-11-21.
const NOW_MS: i64 = 1_795_219_200_000;
/// A cent, in billionths of a US dollar: what a site's words may cost.
const MOST_NANO_USD: i64 = 10_000_000;
/// What a good answer has, in tokens, by its stage; measured on answers at their length limits.
const ANSWERS: [(&str, i64); 4] = [("intent", 120), ("design", 30), ("meta", 90), ("content", 320)];

/// The requests of a whole site with every section.
fn requests() -> Vec<LlmRequest> {
    let (brief, prompts) = (sample::bakery(), Prompts::load().unwrap());
    let plan = intent::built_in(&brief);
    let theme = |at: usize| ThemeOption {
        id: format!("theme-{at}"),
        summary: "tones: warm, cheerful; trades: bakery, food, shop".to_owned(),
    };
    let themes: Vec<_> = (0..6).map(theme).collect();
    let sections = crate::site::document::SectionKind::ALL
        .into_iter()
        .map(|kind| content::request(&brief, &plan, kind, &prompts));
    [
        intent::request(&brief, &prompts),
        design::request(&brief, &plan, &themes, &prompts),
        meta::request(&brief, &plan, &prompts),
    ]
    .into_iter()
    .chain(sections)
    .collect()
}

fn usage(request: &LlmRequest) -> Usage {
    let answer = ANSWERS.iter().find(|(stage, _)| *stage == request.stage).map_or(0, |one| one.1);
    Usage {
        prompt_tokens: tokens::estimate_prompt(request),
        completion_tokens: answer,
        ..Usage::default()
    }
}

/// Tokens read and written, and the price, with these two models.
fn site(fast: &str, strong: &str) -> (i64, i64, i64) {
    let requests = requests();
    let each = requests.iter().map(|request| {
        let model = match request.tier {
            Tier::Fast => fast,
            Tier::Strong => strong,
        };
        let usage = usage(request);
        let cost = prices::cost_nano_usd(model, &usage, NOW_MS);
        (usage.prompt_tokens, usage.completion_tokens, cost)
    });
    each.fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2))
}

#[test]
fn the_models_of_a_site_cost_less_than_a_cent() {
    for (fast, strong, within) in [
        ("gpt-6-luna", "gpt-6-luna", true),
        ("gpt-6-luna", "gpt-5.6-luna", true),
        ("gpt-6-luna", "gpt-4o-mini", true),
        ("gpt-6-luna", "gpt-4.1-mini", false),
        ("gpt-6-luna", "gpt-6.1-terra", false),
        ("gpt-6-luna", "kimi-k3.1-pro", false),
    ] {
        let (read, written, cost) = site(fast, strong);
        let usd = format!("{}.{:06}", cost / 1_000_000_000, cost % 1_000_000_000 / 1_000);
        println!("{fast} + {strong}: {read} tokens read, {written} written, USD {usd}");
        assert_eq!(cost <= MOST_NANO_USD, within, "{fast} + {strong}: USD {usd}");
    }
}
