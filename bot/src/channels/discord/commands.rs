//! The commands Discord shows behind `/`, and the form of one of them, in both languages.

use serde_json::{Value, json};

use crate::channels::words::{Command, words};

/// What the form is called by when it comes back.
pub(super) const FORM_ID: &str = "tell";
/// The field that holds the business's name.
const NAME_FIELD: &str = "name";
/// Longest title of a form and label of a field.
const MAX_LABEL_CHARS: usize = 45;

/// Every command, for one bulk registration: descriptions in Indonesian for everybody else too,
/// and in English for who has their app in it.
pub(super) fn commands() -> Value {
    let menus = &words().commands;
    let discord = &words().discord;
    let described = |name: &str, id: &str, en: &str| {
        json!({ "name": name, "type": 1, "description": id, "contexts": [0, 1, 2],
            "integration_types": [0, 1],
            "description_localizations": { "id": id, "en-US": en, "en-GB": en } })
    };
    let english = |name: &str| menus.en.iter().find(|command| command.command == name);
    let plain = menus.id.iter().map(|Command { command, description }| {
        let en = english(command).map_or(description, |command| &command.description);
        let mut shown = described(command, description, en);
        if command == "start" {
            let code = &discord.code;
            shown["options"] = json!([{ "type": 3, "name": "kode", "required": false,
                "description": code.id,
                "description_localizations": { "id": code.id, "en-US": code.en, "en-GB": code.en } }]);
        }
        shown
    });
    let form = described(&discord.form.command, &discord.form.about.id, &discord.form.about.en);
    Value::Array(plain.chain([form]).collect())
}

/// Whether a command opens the form.
pub(super) fn is_form_command(name: Option<&str>) -> bool {
    name == Some(words().discord.form.command.as_str())
}

/// The form, in the language of the person's app.
pub(super) fn form(locale: Option<&str>) -> Value {
    let english = locale.is_some_and(|locale| locale.starts_with("en"));
    let form = &words().discord.form;
    let rows: Vec<Value> = form
        .fields
        .iter()
        .map(|field| {
            json!({ "type": 1, "components": [{
                "type": 4, "custom_id": field.id, "style": if field.long { 2 } else { 1 },
                "label": field.label.of(english), "placeholder": field.example.of(english),
                "required": field.required, "max_length": field.max_chars,
            }] })
        })
        .collect();
    debug_assert!(form.title.of(english).chars().count() <= MAX_LABEL_CHARS, "tested below");
    json!({ "type": 9, "data": { "custom_id": FORM_ID, "title": form.title.of(english),
        "components": rows } })
}

/// What was filled in, as a person would have written it. Fields come in rows or in labels.
pub(super) fn sentences_of(components: &[Value]) -> String {
    let inputs = components.iter().flat_map(|component| match component.get("component") {
        Some(input) => std::slice::from_ref(input).iter(),
        None => component
            .get("components")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
            .iter(),
    });
    let lines = inputs.filter_map(|input| {
        let value = input.get("value").and_then(Value::as_str)?.trim();
        let is_name = input.get("custom_id").and_then(Value::as_str) == Some(NAME_FIELD);
        let line = if is_name {
            words().discord.form.named.replace("{name}", value)
        } else {
            value.to_owned()
        };
        (!value.is_empty()).then_some(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_within_the_limits() {
        let commands = commands();
        for command in commands.as_array().unwrap() {
            let name = command["name"].as_str().unwrap();
            assert!((1..=32).contains(&name.len()) && name.chars().all(|c| c.is_ascii_lowercase()));
            for text in [&command["description"], &command["description_localizations"]["en-US"]] {
                assert!((1..=100).contains(&text.as_str().unwrap().chars().count()), "{name}");
            }
        }
        assert!(commands.as_array().unwrap().len() <= 100);
    }

    #[test]
    fn the_form_is_within_the_limits_in_both_languages() {
        for locale in [Some("id"), Some("en-US"), None] {
            let form = form(locale);
            assert!(form["data"]["title"].as_str().unwrap().chars().count() <= MAX_LABEL_CHARS);
            let rows = form["data"]["components"].as_array().unwrap();
            assert!((1..=5).contains(&rows.len()));
            for row in rows {
                let input = &row["components"][0];
                assert!(input["label"].as_str().unwrap().chars().count() <= MAX_LABEL_CHARS);
                assert!(input["placeholder"].as_str().unwrap().chars().count() <= 100);
                assert!(input["max_length"].as_u64().unwrap() <= 4_000);
            }
        }
    }
}
