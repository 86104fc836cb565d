//! The front matter of the prompt files: what is asked of which model, and what its answer must be.
//!
//! Read once and held for ever, so that a stage that checks an answer needs nothing but its name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Tier;
use super::prompts::{Prompt, PromptError};
use crate::site::document::SectionKind;

/// Encloses the front matter of a prompt file.
pub(super) const FENCE: &str = "+++\n";
/// Most tokens any answer may have.
const MAX_TOKENS: u32 = 4_000;

/// The front matter of one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    stage: String,
    pub(super) version: u32,
    tier: TierName,
    pub(super) temperature: f32,
    pub(super) max_tokens: u32,
    /// Whether a faulty answer is sent back once.
    #[serde(default)]
    pub(crate) repair: bool,
    #[serde(default)]
    schema: BTreeMap<String, Field>,
    #[serde(default)]
    section: BTreeMap<String, Shape>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TierName {
    Fast,
    Strong,
}

/// One field of an answer.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Field {
    /// A text of at most so many characters.
    Text { text: usize, remark: Option<String> },
    /// One of a list that the stage offers.
    OneOf { one_of: String },
    /// Some of a list that the stage offers, at least so many.
    ListOf { list_of: String, least: usize },
}

/// Which words a family of sections has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shape {
    fields: Vec<String>,
    /// The fewest and the most.
    #[serde(default)]
    pub(crate) points: (usize, usize),
    /// The fewest and the most.
    #[serde(default)]
    pub(crate) paragraphs: (usize, usize),
}

impl Shape {
    /// Whether the family has this text.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name == field)
    }
}

static HEADS: LazyLock<BTreeMap<Prompt, Head>> = LazyLock::new(|| {
    let read = |prompt: Prompt| {
        let head =
            Head::parse(prompt).expect("every prompt file is read by a test and at the start");
        (prompt, head)
    };
    Prompt::ALL.into_iter().map(read).collect()
});

impl Head {
    /// The front matter of a prompt.
    pub(crate) fn of(prompt: Prompt) -> &'static Self {
        &HEADS[&prompt]
    }

    /// Reads and checks the front matter of a prompt file.
    pub(super) fn parse(prompt: Prompt) -> Result<Self, PromptError> {
        let name = prompt.slug();
        let form = || PromptError::Form(name);
        let rest = prompt.text().strip_prefix(FENCE).ok_or_else(form)?;
        let (head, _) = rest.split_once(FENCE).ok_or_else(form)?;
        let head: Self = toml::from_str(head).map_err(|error| PromptError::Head(name, error))?;
        if head.is_sane(prompt) { Ok(head) } else { Err(form()) }
    }

    fn is_sane(&self, prompt: Prompt) -> bool {
        let shaped = |kind: &SectionKind| {
            self.section.get(kind.slug()).is_some_and(|shape| {
                shape.fields.iter().all(|field| self.schema.contains_key(field))
                    && [shape.points, shape.paragraphs].iter().all(|(least, most)| least <= most)
            })
        };
        self.stage == prompt.slug()
            && self.version > 0
            && (0.0..=1.0).contains(&self.temperature)
            && (1..=MAX_TOKENS).contains(&self.max_tokens)
            && (prompt != Prompt::Content || SectionKind::ALL.iter().all(shaped))
    }

    pub(super) const fn tier(&self) -> Tier {
        match self.tier {
            TierName::Fast => Tier::Fast,
            TierName::Strong => Tier::Strong,
        }
    }

    /// Most characters of a text; none where the field is no text.
    pub(crate) fn most_chars(&self, field: &str) -> usize {
        match self.schema.get(field) {
            Some(Field::Text { text, .. }) => *text,
            Some(Field::OneOf { .. } | Field::ListOf { .. }) | None => 0,
        }
    }

    /// The words of a family of sections.
    pub(crate) fn shape(&self, kind: SectionKind) -> &Shape {
        self.section.get(kind.slug()).expect("every kind was looked up when the file was read")
    }

    /// The schema of an answer; `offered` holds the lists by name.
    pub(crate) fn schema(&self, offered: &BTreeMap<&str, Vec<&str>>) -> Value {
        let field = |name: &String| (name.clone(), self.field(name, offered));
        closed(self.schema.keys().map(field).collect())
    }

    /// The schema of the words of one family of sections.
    pub(crate) fn section_schema(&self, kind: SectionKind) -> Value {
        let shape = self.shape(kind);
        let none = BTreeMap::new();
        let field = |name: &str| self.field(name, &none);
        let mut fields: Map<String, Value> =
            shape.fields.iter().map(|name| (name.clone(), field(name))).collect();
        if shape.points.1 > 0 {
            let point = ["title", "text"].map(|name| (name.to_owned(), field(name)));
            let point = closed(point.into_iter().collect());
            fields.insert("points".to_owned(), list(point, shape.points));
        }
        if shape.paragraphs.1 > 0 {
            fields.insert("paragraphs".to_owned(), list(field("paragraph"), shape.paragraphs));
        }
        closed(fields)
    }

    fn field(&self, name: &str, offered: &BTreeMap<&str, Vec<&str>>) -> Value {
        let values = |list: &str| offered.get(list).cloned().unwrap_or_default();
        match self.schema.get(name) {
            Some(Field::Text { text, remark }) => {
                let remark =
                    remark.as_ref().map(|remark| format!("{remark}, ")).unwrap_or_default();
                json!({ "type": "string", "description": format!("{remark}at most {text} characters") })
            }
            Some(Field::OneOf { one_of }) => json!({ "type": "string", "enum": values(one_of) }),
            Some(Field::ListOf { list_of, least }) => {
                let values = values(list_of);
                let bounds = ((*least).min(values.len()), values.len());
                list(json!({ "type": "string", "enum": values }), bounds)
            }
            None => Value::Null,
        }
    }
}

/// An object with exactly these properties.
fn closed(properties: Map<String, Value>) -> Value {
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn list(items: Value, (least, most): (usize, usize)) -> Value {
    json!({ "type": "array", "items": items, "minItems": least, "maxItems": most })
}
