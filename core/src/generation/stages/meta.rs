//! Beside the words of the sections: title and description for search and sharing.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::content::FailedAnswer;
use super::fault::none_of;
use super::intent::Intent;
use super::{Breach, StageFault, facts, text};
use crate::brief::Brief;
use crate::llm::{Head, LlmRequest, Prompt, Prompts, Question};
use crate::site::document::Meta;

/// Asks a model for title and description.
pub fn request(brief: &Brief, intent: &Intent, prompts: &Prompts) -> LlmRequest {
    ask(Prompt::Meta, brief, guidance(intent, prompts), prompts)
}

/// Asks a model to write them again without the faults found.
pub fn repair_request(
    brief: &Brief,
    intent: &Intent,
    failed: FailedAnswer<'_>,
    prompts: &Prompts,
) -> LlmRequest {
    let mut guidance = guidance(intent, prompts);
    failed.add_to(&mut guidance);
    ask(Prompt::Repair, brief, guidance, prompts)
}

/// Takes title and description from a model's answer.
///
/// # Errors
/// With every rule that is broken.
pub fn parse(answer: &Value, brief: &Brief) -> Result<Meta, StageFault> {
    let mut breaches = Vec::new();
    let mut read = |name: &str| match text::read(answer, name) {
        None => {
            breaches.push(Breach::Missing(name.to_owned()));
            String::new()
        }
        Some(said) => {
            if said.is_empty() {
                breaches.push(Breach::Empty(name.to_owned()));
            }
            text::check(name, &said, Head::of(Prompt::Meta).most_chars(name), &mut breaches);
            said
        }
    };
    let title = read("title");
    let description = read("description");
    let name = facts::name(brief).to_lowercase();
    if !title.is_empty() && !title.to_lowercase().contains(&name) {
        breaches.push(Breach::NameMissing("title".to_owned()));
    }
    none_of(breaches)?;
    Ok(Meta { title, description })
}

fn guidance(intent: &Intent, prompts: &Prompts) -> Map<String, Value> {
    let notes = [
        ("part", "meta"),
        ("trade_note", prompts.trade_note(intent.trade)),
        ("tone_note", prompts.tone_note(intent.tone)),
        ("angle", &intent.angle),
    ];
    notes.into_iter().map(|(name, note)| (name.to_owned(), json!(note))).collect()
}

fn ask(
    prompt: Prompt,
    brief: &Brief,
    guidance: Map<String, Value>,
    prompts: &Prompts,
) -> LlmRequest {
    let question = Question {
        language: brief.language,
        guidance: &Value::Object(guidance),
        data: &facts::of(brief),
        schema_name: "meta".to_owned(),
        schema: Head::of(Prompt::Meta).schema(&BTreeMap::new()),
    };
    prompts.request(prompt, question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::stages::{intent, sample};
    use crate::llm::strict;

    #[test]
    fn the_schema_is_strict() {
        let brief = sample::bakery();
        let request = request(&brief, &intent::built_in(&brief), &Prompts::load().unwrap());
        assert_eq!(strict::violations(&request.schema), Vec::<String>::new());
    }

    #[test]
    fn a_title_with_the_name_is_taken() {
        let answer = json!({"title": "KUE ANI, roti di Bandung", "description": "Roti dan kue."});
        assert_eq!(parse(&answer, &sample::bakery()).unwrap().description, "Roti dan kue.");
    }

    #[test]
    fn every_rule_is_told() {
        let answer = json!({"title": "x".repeat(61), "description": "lihat kueani.com"});
        let fault = parse(&answer, &sample::bakery()).unwrap_err();
        assert_eq!(fault.0.len(), 3, "{fault}");
    }
}
