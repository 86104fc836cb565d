//! A conversation as a file: `about`, `language`, `messages`, `says`, the facts it ends with, what the
//! site shows after everything was said (`live`), and what was done besides (`done`).
//!
//! A message is plain text, or begins with `!`: `!photo FILE CAPTION`, `!voice`, `!sticker EMOJI`,
//! `!document FILE CAPTION`, `!location LAT,LON LABEL`, `!contact NAME PHONE`, `!choice ID`,
//! `!start PAYLOAD`. `!live` is nobody's message: the run is finished before what follows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sitespark_core::brief::Language;

use crate::message::{Content, FileRef};

/// A written conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// The name of its file, without the ending.
    pub name: String,
    /// Who writes, in a sentence.
    pub about: String,
    /// The language the channel tells of the person.
    pub language: Language,
    /// What happens, in order.
    pub lines: Vec<Line>,
    /// Pieces of text that must be among the answers.
    pub says: Vec<String>,
    /// What the brief must hold when the run starts; the keys are those of [`super::fact`].
    pub facts: BTreeMap<String, String>,
    /// What the site must show at the end; the keys are those of [`super::wrong_live_facts`].
    pub live: BTreeMap<String, String>,
    /// What must have been done besides changes, each by its word, in any order.
    pub done: Vec<String>,
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// The person sends something.
    Says(Content),
    /// The run that was started goes live.
    GoesLive,
}

/// Why a conversation cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The folder or a file in it is not there or is no text.
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// Not the shape of a conversation.
    #[error("{0} is no conversation")]
    Malformed(PathBuf, #[source] toml::de::Error),
    /// A line that is no message.
    #[error("{file}: {line:?} is no message")]
    Line {
        /// Where.
        file: PathBuf,
        /// The line.
        line: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    about: String,
    #[serde(default = "indonesian")]
    language: String,
    messages: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    #[serde(default)]
    live: BTreeMap<String, String>,
    #[serde(default)]
    done: Vec<String>,
}

fn indonesian() -> String {
    Language::Id.tag().to_owned()
}

/// Every conversation of a folder, by name.
///
/// # Errors
/// When a file cannot be read or is not of the form above.
pub fn load_all(folder: &Path) -> Result<Vec<Conversation>, ScriptError> {
    let unreadable = |path: &Path, error| ScriptError::Unreadable(path.to_owned(), error);
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            found.push(read(&path, &text)?);
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn read(path: &Path, text: &str) -> Result<Conversation, ScriptError> {
    let written: Written =
        toml::from_str(text).map_err(|error| ScriptError::Malformed(path.to_owned(), error))?;
    let lines = written.messages.into_iter().map(|message| {
        line(&message).ok_or_else(|| ScriptError::Line { file: path.to_owned(), line: message })
    });
    Ok(Conversation {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        about: written.about,
        language: Language::from_tag(&written.language).unwrap_or_default(),
        lines: lines.collect::<Result<_, _>>()?,
        says: written.says,
        facts: written.facts,
        live: written.live,
        done: written.done,
    })
}

fn line(message: &str) -> Option<Line> {
    let Some(command) = message.strip_prefix('!') else {
        return Some(Line::Says(Content::Text { text: message.to_owned() }));
    };
    let (kind, rest) = word(command);
    Some(Line::Says(match kind {
        "live" => return Some(Line::GoesLive),
        "photo" => {
            let (name, caption) = word(rest);
            Content::Photo { file: file(name, "image/jpeg"), caption: told(caption) }
        }
        "document" => {
            let (name, caption) = word(rest);
            let file = file(name, "application/pdf");
            Content::Document { file, name: told(name), caption: told(caption) }
        }
        "voice" => Content::Voice { file: file("voice.ogg", "audio/ogg") },
        "sticker" => Content::Sticker { emoji: told(rest) },
        "location" => {
            let (place, label) = word(rest);
            let (latitude, longitude) = place.split_once(',')?;
            let (latitude, longitude) = (latitude.parse().ok()?, longitude.parse().ok()?);
            Content::Location { latitude, longitude, label: told(label) }
        }
        "contact" => {
            let at = rest.find(|c: char| c == '+' || c.is_ascii_digit())?;
            let (name, phone) = rest.split_at(at);
            Content::Contact { name: name.trim().to_owned(), phone: phone.trim().to_owned() }
        }
        "choice" => Content::Choice { id: told(rest)? },
        "start" => Content::Start { payload: told(rest) },
        _ => return None,
    }))
}

fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(first, rest)| (first, rest.trim()))
}

fn told(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn file(name: &str, media_type: &str) -> FileRef {
    FileRef { id: name.to_owned(), media_type: Some(media_type.to_owned()), size_bytes: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(message: &str) -> Option<Content> {
        match line(message) {
            Some(Line::Says(content)) => Some(content),
            Some(Line::GoesLive) | None => None,
        }
    }

    #[test]
    fn every_kind_of_message_is_read() {
        assert_eq!(content("halo !"), Some(Content::Text { text: "halo !".to_owned() }));
        let Some(Content::Photo { file, caption }) = content("!photo a.jpg Nastar 85rb") else {
            panic!("no photo");
        };
        assert_eq!((file.id.as_str(), caption.as_deref()), ("a.jpg", Some("Nastar 85rb")));
        let place = content("!location -6.9,107.6 Toko Ani");
        let label = Some("Toko Ani".to_owned());
        assert_eq!(place, Some(Content::Location { latitude: -6.9, longitude: 107.6, label }));
        let card = content("!contact Bu Ani 0812 3456 7890");
        let (name, phone) = ("Bu Ani".to_owned(), "0812 3456 7890".to_owned());
        assert_eq!(card, Some(Content::Contact { name, phone }));
        assert_eq!(line("!live"), Some(Line::GoesLive));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for message in ["!foto a.jpg", "!location here", "!contact Bu Ani", "!choice"] {
            assert_eq!(line(message), None, "{message}");
        }
    }
}
