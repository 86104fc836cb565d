//! Third stage: the words of each section.
//!
//! Shape, length and plain text are enforced here; whether the words are true is the fact check's
//! question. Nothing is cut or mended: what breaks a rule goes back once and is then replaced.

use serde_json::{Map, Value, json};

use super::fault::none_of;
use super::intent::Intent;
use super::{Breach, StageFault, facts, text};
use crate::brief::Brief;
use crate::llm::{Head, LlmRequest, Prompt, Prompts, Question, Shape};
use crate::site::document::{Point, SectionKind, Words};

/// Asks a model for the words of one section.
pub fn request(brief: &Brief, intent: &Intent, kind: SectionKind, prompts: &Prompts) -> LlmRequest {
    let question = Question {
        language: brief.language,
        guidance: &Value::Object(guidance(intent, kind, prompts)),
        data: &facts::of(brief),
        schema_name: format!("content_{}", kind.slug()),
        schema: Head::of(Prompt::Content).section_schema(kind),
    };
    prompts.request(Prompt::Content, question)
}

/// Asks a model to write one section again without the faults found: those of [`parse`] or of the
/// fact check.
pub fn repair_request(
    brief: &Brief,
    intent: &Intent,
    kind: SectionKind,
    failed: FailedAnswer<'_>,
    prompts: &Prompts,
) -> LlmRequest {
    let mut guidance = guidance(intent, kind, prompts);
    failed.add_to(&mut guidance);
    let question = Question {
        language: brief.language,
        guidance: &Value::Object(guidance),
        data: &facts::of(brief),
        schema_name: format!("content_{}", kind.slug()),
        schema: Head::of(Prompt::Content).section_schema(kind),
    };
    prompts.request(Prompt::Repair, question)
}

/// Asks a model to write the words a section has in another manner, as its owner wishes.
pub fn rewrite_request(
    brief: &Brief,
    intent: &Intent,
    kind: SectionKind,
    (now, wish): (&Words, &str),
    prompts: &Prompts,
) -> LlmRequest {
    let mut guidance = guidance(intent, kind, prompts);
    guidance.insert("words_now".to_owned(), json!(now));
    guidance.insert("owner_wish".to_owned(), json!(wish));
    let question = Question {
        language: brief.language,
        guidance: &Value::Object(guidance),
        data: &facts::of(brief),
        schema_name: format!("rewrite_{}", kind.slug()),
        schema: Head::of(Prompt::Content).section_schema(kind),
    };
    prompts.request(Prompt::Rewrite, question)
}

/// An answer that was not taken, and why.
#[derive(Debug, Clone, Copy)]
pub struct FailedAnswer<'a> {
    /// What the model said.
    pub answer: &'a Value,
    /// What is wrong with it, in words.
    pub faults: &'a [String],
}

impl FailedAnswer<'_> {
    /// Most faults that are told.
    const MAX_FAULTS: usize = 20;
    /// Most characters of an earlier answer that are shown.
    const MAX_ANSWER_CHARS: usize = 8_000;

    pub(super) fn add_to(self, guidance: &mut Map<String, Value>) {
        let answer = self.answer.to_string();
        let answer: String = answer.chars().take(Self::MAX_ANSWER_CHARS).collect();
        let faults: Vec<_> = self.faults.iter().take(Self::MAX_FAULTS).collect();
        guidance.insert("earlier_answer".to_owned(), json!(answer));
        guidance.insert("faults".to_owned(), json!(faults));
    }
}

fn guidance(intent: &Intent, kind: SectionKind, prompts: &Prompts) -> Map<String, Value> {
    let notes = [
        ("section", kind.slug()),
        ("section_note", prompts.section_note(kind)),
        ("trade_note", prompts.trade_note(intent.trade)),
        ("tone_note", prompts.tone_note(intent.tone)),
        ("angle", &intent.angle),
    ];
    notes.into_iter().map(|(name, note)| (name.to_owned(), json!(note))).collect()
}

/// Takes the words of one section from a model's answer. Fields that the family does not show stay
/// empty, whatever was said in them.
///
/// # Errors
/// With every rule that is broken.
pub fn parse(answer: &Value, kind: SectionKind, brief: &Brief) -> Result<Words, StageFault> {
    let head = Head::of(Prompt::Content);
    let shape = head.shape(kind);
    let mut reader = Reader { answer, head, breaches: Vec::new() };
    let words = Words {
        heading: reader.text(shape, "heading"),
        lead: reader.text(shape, "lead"),
        points: reader.points(shape.points),
        paragraphs: reader.paragraphs(shape.paragraphs),
        action: reader.text(shape, "action"),
    };
    reader.refuse_bare_name(&words, kind, brief);
    none_of(reader.breaches)?;
    Ok(words)
}

struct Reader<'a> {
    answer: &'a Value,
    head: &'static Head,
    breaches: Vec<Breach>,
}

impl Reader<'_> {
    /// A text of the section; empty where its family has none.
    fn text(&mut self, shape: &Shape, name: &str) -> String {
        if !shape.has(name) {
            return String::new();
        }
        self.checked(name, text::read(self.answer, name), self.head.most_chars(name))
    }

    fn checked(&mut self, field: &str, read: Option<String>, most: usize) -> String {
        match read {
            None => self.breaches.push(Breach::Missing(field.to_owned())),
            Some(said) if said.is_empty() => self.breaches.push(Breach::Empty(field.to_owned())),
            Some(said) => {
                text::check(field, &said, most, &mut self.breaches);
                return said;
            }
        }
        String::new()
    }

    /// The entries of a list; none when their number is wrong.
    fn list(&mut self, name: &str, (least, most): (usize, usize)) -> &[Value] {
        if most == 0 {
            return &[];
        }
        let Some(list) = self.answer.get(name).and_then(Value::as_array) else {
            self.breaches.push(Breach::Missing(name.to_owned()));
            return &[];
        };
        let entries = list.len();
        if !(least..=most).contains(&entries) {
            self.breaches.push(Breach::Count { field: name.to_owned(), entries, least, most });
            return &[];
        }
        list
    }

    fn points(&mut self, bounds: (usize, usize)) -> Vec<Point> {
        let list = self.list("points", bounds).to_vec();
        let (most_title, most_text) = (self.head.most_chars("title"), self.head.most_chars("text"));
        let mut points: Vec<Point> = Vec::new();
        for (at, entry) in list.iter().enumerate() {
            let field = |part: &str| format!("points[{at}].{part}");
            let title = self.checked(&field("title"), text::read(entry, "title"), most_title);
            let told = self.checked(&field("text"), text::read(entry, "text"), most_text);
            if points.iter().any(|point| point.title.to_lowercase() == title.to_lowercase()) {
                self.breaches.push(Breach::Repeated(field("title")));
            }
            points.push(Point { title, text: told });
        }
        points
    }

    fn paragraphs(&mut self, bounds: (usize, usize)) -> Vec<String> {
        let list = self.list("paragraphs", bounds).to_vec();
        let most = self.head.most_chars("paragraph");
        list.iter()
            .enumerate()
            .map(|(at, entry)| {
                let field = format!("paragraphs[{at}]");
                self.checked(&field, entry.as_str().map(text::even), most)
            })
            .collect()
    }

    /// Below the first view, a heading that is only the name says nothing.
    fn refuse_bare_name(&mut self, words: &Words, kind: SectionKind, brief: &Brief) {
        let name = facts::name(brief).to_lowercase();
        if kind != SectionKind::Hero && !name.is_empty() && words.heading.to_lowercase() == name {
            self.breaches.push(Breach::Repeated("heading".to_owned()));
        }
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
