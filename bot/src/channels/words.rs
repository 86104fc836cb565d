//! The few words that belong to a channel and not to the conversation: they are shown where the
//! language of the person is not known, so each is either wordless or in both languages.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// Words of the channels, from `words.json`.
#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    /// Stands where a channel wants a text above the choices and there is none.
    pub(crate) pick: String,
    /// On the button that opens a list; at most 20 characters.
    pub(crate) list_button: String,
    /// Under choices that became numbers.
    pub(crate) number_hint: String,
    /// Said before others: the talk goes on in private.
    pub(crate) pointer: String,
    /// On the button that leads there.
    pub(crate) open_chat: String,
    /// The command menu by language.
    pub(crate) commands: CommandMenus,
    /// What only Discord shows.
    pub(crate) discord: DiscordWords,
}

/// A word in both languages.
#[derive(Debug, Deserialize)]
pub(crate) struct Bilingual {
    /// Indonesian.
    pub(crate) id: String,
    /// English.
    pub(crate) en: String,
}

impl Bilingual {
    /// In English, or in Indonesian.
    pub(crate) fn of(&self, english: bool) -> &str {
        if english { &self.en } else { &self.id }
    }
}

/// What only Discord shows.
#[derive(Debug, Deserialize)]
pub(crate) struct DiscordWords {
    /// What the file of a voice note is called.
    pub(crate) voice_note: Bilingual,
    /// What the option of `/start` is for.
    pub(crate) code: Bilingual,
    /// Before others: the person's private messages are closed to us.
    pub(crate) closed: String,
    /// The form that tells everything at once.
    pub(crate) form: FormWords,
}

/// A form.
#[derive(Debug, Deserialize)]
pub(crate) struct FormWords {
    /// The command that opens it.
    pub(crate) command: String,
    /// What the command does.
    pub(crate) about: Bilingual,
    /// Above the form; at most 45 characters.
    pub(crate) title: Bilingual,
    /// How the name is told among the rest.
    pub(crate) named: String,
    /// One to five.
    pub(crate) fields: Vec<FieldWords>,
}

/// A field of a form.
#[derive(Debug, Deserialize)]
pub(crate) struct FieldWords {
    /// What it comes back as.
    pub(crate) id: String,
    /// Whether it has room for several lines.
    pub(crate) long: bool,
    /// Whether it must be filled in.
    pub(crate) required: bool,
    /// Most characters it takes.
    pub(crate) max_chars: u32,
    /// Above the field; at most 45 characters.
    pub(crate) label: Bilingual,
    /// Inside the empty field; at most 100 characters.
    pub(crate) example: Bilingual,
}

/// The command menu in both languages.
#[derive(Debug, Deserialize)]
pub(crate) struct CommandMenus {
    /// Indonesian, also for everybody else.
    pub(crate) id: Vec<Command>,
    /// English.
    pub(crate) en: Vec<Command>,
}

/// A line of the command menu.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Command {
    /// Without the slash.
    pub(crate) command: String,
    /// What it does.
    pub(crate) description: String,
}

/// The words.
pub(crate) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        serde_json::from_str(include_str!("words.json"))
            .expect("the file is part of the program and read by every test")
    });
    &WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_menus_have_the_same_commands() {
        let names =
            |menu: &[Command]| menu.iter().map(|line| line.command.clone()).collect::<Vec<_>>();
        assert_eq!(names(&words().commands.id), names(&words().commands.en));
        assert!(words().list_button.chars().count() <= 20);
    }
}
