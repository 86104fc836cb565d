//! The message catalogue: everything the bot says, in Indonesian and English.
//!
//! A message of the catalogue may carry `<b>` and `<i>`; an argument never does: it is escaped
//! before it is put in, so that no owner's text can become markup.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use sitespark_core::brief::Language;
use sitespark_core::ids::Tokens;
use unic_langid::LanguageIdentifier;

use crate::message::{Body, Span};

const INDONESIAN: [&str; 7] = [
    include_str!("../locales/id/questions.ftl"),
    include_str!("../locales/id/replies.ftl"),
    include_str!("../locales/id/live.ftl"),
    include_str!("../locales/id/labels.ftl"),
    include_str!("../locales/id/words.ftl"),
    include_str!("../locales/id/refine.ftl"),
    include_str!("../locales/id/later.ftl"),
];

const ENGLISH: [&str; 7] = [
    include_str!("../locales/en/questions.ftl"),
    include_str!("../locales/en/replies.ftl"),
    include_str!("../locales/en/live.ftl"),
    include_str!("../locales/en/labels.ftl"),
    include_str!("../locales/en/words.ftl"),
    include_str!("../locales/en/refine.ftl"),
    include_str!("../locales/en/later.ftl"),
];

/// The catalogue in every language, read once.
pub struct Texts {
    id: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

/// What is put into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// Plain text; whatever looks like markup in it stays text.
    Text(String),
    /// A whole number, for plurals.
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Tokens> for Arg {
    fn from(tokens: Tokens) -> Self {
        Self::Number(tokens.0)
    }
}

impl Texts {
    /// Reads the catalogue that is part of the program.
    pub fn load() -> Self {
        Self { id: bundle(Language::Id, &INDONESIAN), en: bundle(Language::En, &ENGLISH) }
    }

    /// A message as marked-up spans. An unknown key comes out as the key itself.
    pub fn say(&self, language: Language, key: &str, args: &[(&'static str, Arg)]) -> Body {
        parse_markup(&self.format(language, key, args))
    }

    /// A message without marks, for labels.
    pub fn plain(&self, language: Language, key: &str, args: &[(&'static str, Arg)]) -> String {
        self.say(language, key, args).to_plain()
    }

    fn format(&self, language: Language, key: &str, args: &[(&'static str, Arg)]) -> String {
        let bundle = match language {
            Language::Id => &self.id,
            Language::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            values.set(*name, value_of(arg));
        }
        bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

fn value_of(arg: &Arg) -> FluentValue<'static> {
    match arg {
        Arg::Text(text) => FluentValue::from(escape(text)),
        Arg::Number(number) => FluentValue::from(*number),
    }
}

fn bundle(language: Language, sources: &[&str]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = language.tag().parse().expect("both tags are well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for source in sources {
        // A faulty entry is left out and the rest is kept; the catalogue's tests name it.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Reads `<b>`, `</b>`, `<i>`, `</i>`; anything else is text.
fn parse_markup(source: &str) -> Body {
    const TAGS: [(&str, bool, bool); 4] =
        [("<b>", true, true), ("</b>", true, false), ("<i>", false, true), ("</i>", false, false)];
    let mut body = Body::default();
    let (mut bold, mut italic) = (false, false);
    let mut rest = source;
    loop {
        let next = TAGS
            .iter()
            .filter_map(|tag| rest.find(tag.0).map(|at| (at, *tag)))
            .min_by_key(|(at, _)| *at);
        let until = next.map_or(rest.len(), |(at, _)| at);
        if until > 0 {
            body.0.push(Span { text: unescape(&rest[..until]), bold, italic });
        }
        let Some((at, (tag, is_bold, on))) = next else { return body };
        if is_bold {
            bold = on;
        } else {
            italic = on;
        }
        rest = &rest[at + tag.len()..];
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn markup_of_the_catalogue_becomes_spans() {
        let body = parse_markup("a <b>b</b> &lt;i&gt;");
        assert_eq!(body.to_plain(), "a b <i>");
        assert!(body.0[1].bold && !body.0[2].bold && !body.0[2].italic);
    }

    #[test]
    fn owner_text_never_becomes_markup() {
        let texts = Texts::load();
        for language in Language::ALL {
            let args = [("name", Arg::from("<b>x</b> &lt;i&gt;"))];
            let body = texts.say(language, "say-name-noted", &args);
            assert!(body.to_plain().contains("<b>x</b> &lt;i&gt;"), "{body:?}");
        }
    }

    /// Key → the arguments its message takes. The forms of address come by themselves.
    fn arguments(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let key = regex::Regex::new(r"^([a-z][a-z0-9-]*) *=").unwrap();
        let arg = regex::Regex::new(r"\{ *\$([a-z_]+)").unwrap();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in sources.iter().flat_map(|source| source.lines()) {
            if let Some(start) = key.captures(line) {
                current = start[1].to_owned();
                assert!(!found.contains_key(&current), "{current} stands twice");
                found.insert(current.clone(), BTreeSet::new());
            }
            for name in arg.captures_iter(line).map(|found| found[1].to_owned()) {
                if !["kak", "anda"].contains(&name.as_str()) {
                    found.get_mut(&current).unwrap().insert(name);
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_keys_and_arguments() {
        let (id, en) = (arguments(&INDONESIAN), arguments(&ENGLISH));
        let only_id: Vec<_> = id.keys().filter(|key| !en.contains_key(*key)).collect();
        let only_en: Vec<_> = en.keys().filter(|key| !id.contains_key(*key)).collect();
        assert!(only_id.is_empty() && only_en.is_empty(), "id {only_id:?}, en {only_en:?}");
        assert_eq!(id, en);
    }

    #[test]
    fn every_source_is_sound_fluent() {
        for source in INDONESIAN.iter().chain(&ENGLISH) {
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{errors:?}");
            }
        }
    }

    fn code() -> String {
        let mut text = String::new();
        let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![sources.join("conversation"), sources.join("driver")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    text.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        text
    }

    #[test]
    fn every_key_used_exists_and_no_key_is_unused() {
        let literal =
            regex::Regex::new(r#""((?:ask|say|oops|label|word|stage|why)-[a-z0-9-]+)""#).unwrap();
        let code = code();
        let used: BTreeSet<String> =
            literal.captures_iter(&code).map(|found| found[1].to_owned()).collect();
        let known: BTreeSet<String> = arguments(&INDONESIAN).into_keys().collect();
        let missing: Vec<_> = used.difference(&known).collect();
        let unused: Vec<_> = known.difference(&used).collect();
        assert!(missing.is_empty() && unused.is_empty(), "missing {missing:?}, unused {unused:?}");
    }

    #[test]
    fn labels_fit_a_button() {
        let texts = Texts::load();
        for key in arguments(&INDONESIAN).into_keys().filter(|key| key.starts_with("label-")) {
            for language in Language::ALL {
                let label = texts.plain(language, &key, &[]);
                assert!(label.chars().count() <= 24, "{key}: {label}");
            }
        }
    }
}
