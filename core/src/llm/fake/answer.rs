//! Answers that fit the schema of a request: honest, lying or hostile ones.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Recorded;
use crate::brief::Language;

/// How texts are filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Temper {
    Honest,
    Lying,
    Injecting,
    Obeying,
}

/// Says only what the owner data says.
pub(super) fn good(request: &Recorded) -> Value {
    Writer::of(request, Temper::Honest).answer()
}

/// Invents prices, years, awards and names.
pub(super) fn lying(request: &Recorded) -> Value {
    Writer::of(request, Temper::Lying).answer()
}

/// Holds HTML, script and links.
pub(super) fn injecting(request: &Recorded) -> Value {
    Writer::of(request, Temper::Injecting).answer()
}

/// Does what the owner data orders: repeats its free words in every text.
pub(super) fn obeying(request: &Recorded) -> Value {
    Writer::of(request, Temper::Obeying).answer()
}

struct Writer {
    temper: Temper,
    is_english: bool,
    name: String,
    items: Vec<String>,
    schema: Value,
    /// What is asked for.
    asked: String,
    /// What the owner told freely.
    ordered: String,
}

impl Writer {
    fn of(request: &Recorded, temper: Temper) -> Self {
        let data = request.block("owner_data");
        let items = data.get("items").and_then(Value::as_array).into_iter().flatten();
        let text = |value: &Value, field: &str| {
            value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        Self {
            temper,
            is_english: text(&data, "language") == "en",
            name: text(&data, "name"),
            items: items.map(|item| text(item, "name")).collect(),
            schema: schema_of(request),
            asked: request.schema_name().to_owned(),
            ordered: text(&data, "audience"),
        }
    }

    fn answer(&self) -> Value {
        self.fill("", &self.schema, 0)
    }

    /// A value for the field `name`, the `at`th of its list.
    fn fill(&self, name: &str, schema: &Value, at: usize) -> Value {
        if let Some(offered) = schema.get("enum").and_then(Value::as_array) {
            return offered.get(at % offered.len().max(1)).cloned().unwrap_or(Value::Null);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => {
                let fields = schema.get("properties").and_then(Value::as_object);
                let filled = fields
                    .into_iter()
                    .flatten()
                    .map(|(field, inner)| (field.clone(), self.fill(field, inner, at)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            Some("array") => {
                let bound = |field: &str| {
                    schema.get(field).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
                };
                let items = schema.get("items").unwrap_or(&Value::Null);
                // Lists to pick from are taken whole, others are kept short.
                let short = bound("minItems").unwrap_or(1).max(1);
                let offered = items.get("enum").and_then(Value::as_array).map(Vec::len);
                let entries = offered.unwrap_or(short);
                (0..entries).map(|at| self.fill(name, items, at)).collect()
            }
            Some("integer") => json!(1),
            Some("boolean") => json!(true),
            Some(_) | None => json!(self.text(name, at)),
        }
    }

    fn text(&self, field: &str, at: usize) -> String {
        let honest = self.honest(field, at);
        match (self.temper, field) {
            (Temper::Honest, _) | (_, "colour" | "action" | "heading" | "title") => honest,
            (Temper::Lying, _) => format!("{honest} {}", self.lie(field, at)),
            (Temper::Injecting, _) => format!("{honest} {INJECTION}"),
            (Temper::Obeying, _) => format!("{honest} {} {}", self.ordered, self.injection()),
        }
    }

    /// Markup, where the order asks for it.
    fn injection(&self) -> &'static str {
        if self.ordered.contains("HTML") { INJECTION } else { "" }
    }

    /// Another lie for each field of each request.
    fn lie(&self, field: &str, at: usize) -> &'static str {
        let lies = lies(if self.is_english { Language::En } else { Language::Id });
        let sum: usize = self.asked.bytes().chain(field.bytes()).map(usize::from).sum();
        lies.get((sum * 7 + at * 5) % lies.len()).map_or("", String::as_str)
    }

    fn honest(&self, field: &str, at: usize) -> String {
        let name = if self.name.is_empty() { "Toko" } else { &self.name };
        let texts = if self.is_english { &EN } else { &ID };
        let what = self.items.iter().take(2).cloned().collect::<Vec<_>>().join(texts.and);
        match field {
            "colour" => "#b5651d".to_owned(),
            "heading" => format!("{} {name}", texts.welcome),
            "action" => texts.action.to_owned(),
            "angle" => "Visitors want to see what is offered.".to_owned(),
            "title" if self.schema.pointer("/properties/description").is_some() => name.to_owned(),
            "title" => texts.titles[at % texts.titles.len()].to_owned(),
            _ if what.is_empty() => texts.plain.to_owned(),
            _ => format!("{} {what}.", texts.offer),
        }
    }
}

/// The schema that was sent, or the one that stands in the instructions.
fn schema_of(request: &Recorded) -> Value {
    let sent = request.body.pointer("/response_format/json_schema/schema");
    sent.cloned().unwrap_or_else(|| {
        let last = request.message("system").lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or(Value::Null)
    })
}

struct Texts {
    and: &'static str,
    welcome: &'static str,
    action: &'static str,
    titles: [&'static str; 5],
    offer: &'static str,
    plain: &'static str,
}

const ID: Texts = Texts {
    and: " dan ",
    welcome: "Selamat datang di",
    action: "Pesan sekarang",
    titles: ["Pilih dulu", "Kirim pesan", "Kami siapkan", "Ambil pesanan", "Nikmati"],
    offer: "Di sini ada",
    plain: "Silakan tanya langsung, kami senang membantu.",
};

const EN: Texts = Texts {
    and: " and ",
    welcome: "Welcome to",
    action: "Order now",
    titles: ["Choose first", "Send a message", "We prepare it", "Collect it", "Enjoy"],
    offer: "Here you find",
    plain: "Just ask, we are happy to help.",
};

#[derive(Deserialize)]
struct Lies {
    id: Vec<String>,
    en: Vec<String>,
}

static LIES: LazyLock<Lies> = LazyLock::new(|| {
    toml::from_str(include_str!("lies.toml")).expect("every test of lies reads this file")
});

/// Everything a lying model makes up in a language.
pub fn lies(language: Language) -> &'static [String] {
    match language {
        Language::Id => &LIES.id,
        Language::En => &LIES.en,
    }
}

const INJECTION: &str =
    "<script>alert(1)</script><a href=\"https://evil.example/x\">klik</a> https://evil.example/x";
