//! Which providers there are and what each can do, read from the settings.
//!
//! Pure: the environment comes in as a function. A fault names the setting, never a key.

use secrecy::SecretString;
use url::Url;

use super::Tier;

/// Most providers in one list.
pub(super) const MAX_PROVIDERS: usize = 8;
/// Most characters of a provider's name.
pub(super) const MAX_NAME_CHARS: usize = 32;

/// One OpenAI-compatible server, one model on it.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// Name in logs and stored runs.
    pub name: String,
    /// Address up to and without `/chat/completions`, without a slash at the end.
    pub base_url: String,
    /// Model id as the server knows it.
    pub model: String,
    /// The bearer key; empty for servers that want none.
    pub api_key: SecretString,
    /// What the model is fit for; absent when for everything.
    pub tier: Option<Tier>,
}

/// How an answer is forced into shape, from strongest to weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerFormat {
    /// `response_format` with a strict JSON schema.
    JsonSchema,
    /// `response_format` with `json_object`; the schema stands in the instructions.
    JsonObject,
    /// No `response_format`; the schema stands in the instructions.
    Plain,
}

impl AnswerFormat {
    /// The next weaker way, when the server does not take this one.
    pub const fn weaker(self) -> Self {
        match self {
            Self::JsonSchema => Self::JsonObject,
            Self::JsonObject | Self::Plain => Self::Plain,
        }
    }
}

/// The field that bounds the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MaxTokensField {
    /// `max_completion_tokens`
    MaxCompletionTokens,
    /// `max_tokens`
    MaxTokens,
}

impl MaxTokensField {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MaxCompletionTokens => "max_completion_tokens",
            Self::MaxTokens => "max_tokens",
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::MaxCompletionTokens => Self::MaxTokens,
            Self::MaxTokens => Self::MaxCompletionTokens,
        }
    }
}

/// What a server does with `temperature`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Temperature {
    /// Only this value is taken.
    Fixed(f32),
    /// Values from the first to the second are taken.
    Range(f32, f32),
    /// The field is refused.
    Unsupported,
}

/// What a provider can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capabilities {
    /// How answers are shaped.
    pub answer_format: AnswerFormat,
    /// How answers are bounded.
    pub max_tokens_field: MaxTokensField,
    /// How `temperature` is taken.
    pub temperature: Temperature,
    /// Tokens a reasoning model thinks with before it writes; added to the bound.
    pub reasoning_tokens: u32,
}

impl Capabilities {
    /// What is known of the server at `base_url` and of `model`.
    pub fn guess(base_url: &str, model: &str) -> Self {
        use AnswerFormat::{JsonSchema, Plain};
        use MaxTokensField::{MaxCompletionTokens, MaxTokens};
        let host = Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_default();
        let id = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
        let model = ModelTraits::of(&id);
        let (answer_format, max_tokens_field, top) = match host.as_str() {
            "api.openai.com" | "api.moonshot.ai" | "api.moonshot.cn" | "api.x.ai" => {
                (JsonSchema, MaxCompletionTokens, 2.0)
            }
            // Their compatible endpoint drops the field without a word.
            "api.anthropic.com" => (Plain, MaxTokens, 1.0),
            _ => (JsonSchema, MaxTokens, 2.0),
        };
        let temperature = model.temperature.unwrap_or(Temperature::Range(0.0, top));
        let reasoning_tokens = model.reasoning_tokens;
        Self { answer_format, max_tokens_field, temperature, reasoning_tokens }
    }
}

/// What a model's id tells, wherever it is served.
struct ModelTraits {
    temperature: Option<Temperature>,
    reasoning_tokens: u32,
}

impl ModelTraits {
    fn of(id: &str) -> Self {
        const FIXED_AT_ONE: [&str; 4] = ["kimi-k2.6", "kimi-k2.7", "kimi-k3", "kimi-k4"];
        const REASONING: [&str; 6] = ["gpt-5", "gpt-6", "gpt-7", "o1", "o3", "o4"];
        let starts = |heads: &[&str]| heads.iter().any(|head| id.starts_with(head));
        if starts(&FIXED_AT_ONE) {
            Self { temperature: Some(Temperature::Fixed(1.0)), reasoning_tokens: 32_768 }
        } else if starts(&REASONING) {
            Self { temperature: Some(Temperature::Unsupported), reasoning_tokens: 8_192 }
        } else if id.starts_with("grok") {
            Self { temperature: None, reasoning_tokens: 8_192 }
        } else {
            Self { temperature: None, reasoning_tokens: 0 }
        }
    }
}

/// Reads a variable of the environment; `None` when it is absent.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A key alone, which stands for a whole provider.
struct Shorthand {
    name: &'static str,
    key_env: &'static str,
    base_env: &'static str,
    base_url: &'static str,
    model: &'static str,
}

const SHORTHANDS: [Shorthand; 2] = [
    Shorthand {
        name: "openai",
        key_env: "OPENAI_API_KEY",
        base_env: "OPENAI_BASE_URL",
        base_url: "https://api.openai.com/v1",
        model: "gpt-4o-mini",
    },
    Shorthand {
        name: "kimi",
        key_env: "KIMI_API_KEY",
        base_env: "KIMI_BASE_URL",
        base_url: "https://api.moonshot.ai/v1",
        model: "kimi-k3.1-pro",
    },
];

impl ProviderConfig {
    /// Reads `LLM_PROVIDERS`, or else the keys that stand alone. No setting at all is an empty
    /// list: the built-in writer does the work then.
    ///
    /// # Errors
    /// Every fault of the settings, in words.
    pub fn from_settings(lookup: Lookup<'_>) -> Result<Vec<Self>, Vec<String>> {
        let said = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        if let Some(list) = said("LLM_PROVIDERS") {
            return Self::parse_list(&list, lookup);
        }
        let (mut providers, mut faults) = (Vec::new(), Vec::new());
        for short in SHORTHANDS.iter().filter(|short| said(short.key_env).is_some()) {
            let base = said(short.base_env).unwrap_or_else(|| short.base_url.to_owned());
            let entry = format!("{}={base}|{}|{}", short.name, short.model, short.key_env);
            match Self::parse_entry(&entry, lookup) {
                Ok(one) => providers.push(one),
                Err(found) => {
                    let names = format!("{}, {}", short.key_env, short.base_env);
                    faults.extend(found.iter().map(|fault| format!("{names}: {fault}")));
                }
            }
        }
        if faults.is_empty() { Ok(providers) } else { Err(faults) }
    }

    /// Reads `name=base_url|model|key_env|tier` entries parted by commas, semicolons or lines.
    /// `key_env` may be empty for servers without a key; `tier` may be absent.
    ///
    /// # Errors
    /// Every fault of the list, in words.
    pub fn parse_list(text: &str, lookup: Lookup<'_>) -> Result<Vec<Self>, Vec<String>> {
        Self::parse_list_of("LLM_PROVIDERS", text, lookup)
    }

    /// The same for the setting `name`.
    ///
    /// # Errors
    /// Every fault of the list, in words.
    pub fn parse_list_of(
        name: &str,
        text: &str,
        lookup: Lookup<'_>,
    ) -> Result<Vec<Self>, Vec<String>> {
        let entries = text.split([',', ';', '\n']).map(str::trim).filter(|entry| !entry.is_empty());
        let mut providers: Vec<Self> = Vec::new();
        let mut faults = Vec::new();
        for (at, entry) in entries.enumerate() {
            match Self::parse_entry(entry, lookup) {
                Ok(one) if providers.iter().any(|other| other.name == one.name) => {
                    faults.push(format!("{name}: the name `{}` stands twice", one.name));
                }
                Ok(one) => providers.push(one),
                Err(found) => {
                    let nth = at + 1;
                    faults
                        .extend(found.iter().map(|fault| format!("{name}: entry {nth}: {fault}")));
                }
            }
        }
        if providers.len() > MAX_PROVIDERS {
            faults.push(format!("{name}: more than {MAX_PROVIDERS} providers"));
        }
        if faults.is_empty() { Ok(providers) } else { Err(faults) }
    }

    /// Reads one such entry, for the setting `name`.
    ///
    /// # Errors
    /// Every fault of it, in words.
    pub fn parse_one(name: &str, entry: &str, lookup: Lookup<'_>) -> Result<Self, Vec<String>> {
        Self::parse_entry(entry, lookup)
            .map_err(|found| found.iter().map(|fault| format!("{name}: {fault}")).collect())
    }

    fn parse_entry(entry: &str, lookup: Lookup<'_>) -> Result<Self, Vec<String>> {
        let Some((name, rest)) = entry.split_once('=') else {
            return Err(vec!["not of the form name=base_url|model|key_env|tier".to_owned()]);
        };
        let name = name.trim().to_owned();
        let mut fields = rest.split('|').map(str::trim);
        let mut field = || fields.next().unwrap_or_default();
        let (base, model, key_env, tier) = (field(), field(), field(), field());
        let mut faults = Vec::new();
        if fields.next().is_some() {
            faults.push("more than four fields".to_owned());
        }
        if !is_name(&name) {
            faults.push(format!("the name must be 1 to {MAX_NAME_CHARS} of a-z, 0-9, - and _"));
        }
        if model.is_empty() || model.chars().any(char::is_whitespace) {
            faults.push("the model is missing or holds a blank".to_owned());
        }
        let base_url = keep(parse_base_url(base), &mut faults);
        let api_key = keep(read_key(key_env, lookup), &mut faults);
        let tier = keep(parse_tier(tier), &mut faults);
        match (base_url, api_key, tier) {
            (Some(base_url), Some(api_key), Some(tier)) if faults.is_empty() => {
                Ok(Self { name, base_url, model: model.to_owned(), api_key, tier })
            }
            _ => Err(faults),
        }
    }
}

fn keep<T>(read: Result<T, String>, faults: &mut Vec<String>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    (1..=MAX_NAME_CHARS).contains(&name.len()) && name.chars().all(fits)
}

fn parse_base_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err("the base URL must begin with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL must not hold a user or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL must end with its path".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn read_key(key_env: &str, lookup: Lookup<'_>) -> Result<SecretString, String> {
    if key_env.is_empty() {
        return Ok(SecretString::from(String::new()));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !key_env.chars().all(fits) {
        return Err("the third field must be the name of a variable, not a key".to_owned());
    }
    let key = lookup(key_env).map(|key| key.trim().to_owned()).unwrap_or_default();
    if key.is_empty() {
        return Err(format!("{key_env} is not set"));
    }
    if !key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(format!("{key_env} holds a character that no key has"));
    }
    Ok(SecretString::from(key))
}

fn parse_tier(text: &str) -> Result<Option<Tier>, String> {
    match text.to_ascii_lowercase().as_str() {
        "" | "any" => Ok(None),
        "fast" => Ok(Some(Tier::Fast)),
        "strong" => Ok(Some(Tier::Strong)),
        _ => Err("the tier must be fast or strong, or be left out".to_owned()),
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
