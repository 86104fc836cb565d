//! The third layer of understanding: a model takes a message apart that nobody understood.
//!
//! It decides nothing. Its statements are put into plain words, and the parsers that read the
//! owner's words read them; what the owner did not write is thrown away. It is asked outside of any
//! transaction and may fail at any time: the conversation goes on without it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use sitespark_core::brief::Language;
use sitespark_core::llm::{Llm, Prompt, Prompts, Question};

/// How long a person waits for a model before the answer goes out without it.
const PATIENCE: Duration = Duration::from_secs(6);
/// Longest message a model is asked about, in characters.
const MAX_ASKED_CHARS: usize = 600;
/// Most statements that are taken from one answer, and the longest of them in characters.
const MAX_STATEMENTS: usize = 8;
const MAX_VALUE_CHARS: usize = 160;
/// Answers that are remembered; at that many the memory begins anew.
const MAX_REMEMBERED: usize = 500;

/// A message nobody understood, and what it was to answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Heard {
    /// The message.
    pub text: String,
    /// The language of the conversation.
    pub language: Language,
    /// The state of the conversation or the question that is open, by its stable name.
    pub open: &'static str,
}

/// Puts what was not understood into words that are.
#[async_trait]
pub trait Interpreter: Send + Sync {
    /// The message in plain words; `None` when there are none, or none in time.
    async fn plainly(&self, heard: &Heard) -> Option<String>;
}

/// Asks a language model.
pub struct ModelInterpreter {
    llm: Arc<dyn Llm>,
    prompts: Arc<Prompts>,
    remembered: Mutex<HashMap<Heard, Option<String>>>,
}

/// What a statement can be about, and the words before its value that the parsers know.
const ABOUT: [(&str, &str, Source); 18] = [
    ("trade", "", Source::Copied),
    ("name", "namanya ", Source::Copied),
    ("audience", "untuk ", Source::Copied),
    ("item", "", Source::Copied),
    ("phone", "wa ", Source::Copied),
    ("address", "alamat ", Source::Copied),
    ("hours", "buka ", Source::Copied),
    ("link", "", Source::Copied),
    ("tone", "gaya ", Source::Chosen),
    ("colour", "warna ", Source::Chosen),
    ("section", "", Source::Chosen),
    ("yes", "ya", Source::Fixed),
    ("no", "tidak", Source::Fixed),
    ("skip", "lewati", Source::Fixed),
    ("any", "terserah", Source::Fixed),
    ("back", "kembali", Source::Fixed),
    ("cancel", "batal", Source::Fixed),
    ("help", "bantuan", Source::Fixed),
];

/// Where the words of a statement come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Every word stands in the message.
    Copied,
    /// A word of the same meaning, without figures; the parsers know it or drop it.
    Chosen,
    /// Ours alone.
    Fixed,
}

#[derive(Deserialize)]
struct Answer {
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    about: String,
    value: String,
}

impl ModelInterpreter {
    /// An interpreter on a model.
    pub fn new(llm: Arc<dyn Llm>, prompts: Arc<Prompts>) -> Self {
        Self { llm, prompts, remembered: Mutex::default() }
    }

    /// The model's answer; `None` when none came in time.
    async fn ask(&self, heard: &Heard) -> Option<Value> {
        let abouts: Vec<&str> = ABOUT.iter().map(|(about, _, _)| *about).collect();
        let guidance = json!({ "open_question": heard.open, "about": abouts });
        let data = json!({ "message": heard.text });
        let question = Question {
            language: heard.language,
            guidance: &guidance,
            data: &data,
            schema_name: "understand".to_owned(),
            schema: schema(&abouts),
        };
        let request = self.prompts.request(Prompt::Understand, question);
        let answer = tokio::time::timeout(PATIENCE, self.llm.ask(&request)).await.ok()?;
        match answer {
            Ok(answer) => Some(answer.json),
            Err(error) => {
                tracing::info!(%error, "no model could be asked what a message means");
                None
            }
        }
    }
}

#[async_trait]
impl Interpreter for ModelInterpreter {
    async fn plainly(&self, heard: &Heard) -> Option<String> {
        if heard.text.chars().count() > MAX_ASKED_CHARS {
            return None;
        }
        let memory = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory().get(heard).cloned() {
            return known;
        }
        let said = plain_words(&heard.text, self.ask(heard).await?);
        let mut memory = memory();
        if memory.len() >= MAX_REMEMBERED {
            memory.clear();
        }
        memory.insert(heard.clone(), said.clone());
        said
    }
}

fn schema(abouts: &[&str]) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["statements"],
        "properties": { "statements": { "type": "array", "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["about", "value"],
            "properties": {
                "about": { "type": "string", "enum": abouts },
                "value": { "type": "string" },
            },
        } } },
    })
}

/// The statements as lines the parsers know; those that are not borne out by the message are left out.
fn plain_words(message: &str, answer: Value) -> Option<String> {
    let answer = Answer::deserialize(answer).ok()?;
    let said = words(message);
    let lines: Vec<String> = answer
        .statements
        .iter()
        .take(MAX_STATEMENTS)
        .filter_map(|statement| {
            let (_, lead, source) = ABOUT.iter().find(|(about, _, _)| *about == statement.about)?;
            let value: String = statement.value.trim().chars().take(MAX_VALUE_CHARS).collect();
            let told = words(&value);
            let sound = match source {
                Source::Copied => !told.is_empty() && told.iter().all(|word| said.contains(word)),
                Source::Chosen => !told.is_empty() && !value.contains(|c: char| c.is_ascii_digit()),
                Source::Fixed => return Some((*lead).to_owned()),
            };
            sound.then(|| format!("{lead}{}", value.replace('\n', " ")))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(message: &str, statements: Value) -> Option<String> {
        plain_words(message, json!({ "statements": statements }))
    }

    #[test]
    fn statements_become_words_the_parsers_know() {
        let said = read(
            "tulisin aja gerai si Ani itu loh, kontaknya 0812-3456-7890, nuansa laut",
            json!([
                { "about": "name", "value": "gerai si Ani" },
                { "about": "phone", "value": "0812-3456-7890" },
                { "about": "colour", "value": "biru laut" },
            ]),
        );
        let expected = "namanya gerai si Ani\nwa 0812-3456-7890\nwarna biru laut";
        assert_eq!(said.as_deref(), Some(expected));
    }

    #[test]
    fn what_the_owner_did_not_write_is_thrown_away() {
        let made_up = [
            json!([{ "about": "phone", "value": "0899 9999 9999" }]),
            json!([{ "about": "item", "value": "nastar 85rb" }]),
            json!([{ "about": "colour", "value": "#ff0000 1" }]),
            json!([{ "about": "discount", "value": "toko" }]),
            json!("toko"),
        ];
        for statements in made_up {
            assert_eq!(read("toko kue, nastar enak", statements.clone()), None, "{statements}");
        }
    }

    #[test]
    fn a_command_carries_none_of_the_models_words() {
        let said = read("ywdh skuy", json!([{ "about": "yes", "value": "<b>buy</b>" }]));
        assert_eq!(said.as_deref(), Some("ya"));
    }
}
