//! A message of the gateway into [`Inbound`]s. Pure; whatever it carries, it is read or skipped.

use sitespark_core::plain::from_json;

use crate::channels::ParseError;
use crate::channels::lenient::cut_chars;
use crate::message::{Channel, Content, FileRef, Inbound, MAX_TEXT_CHARS, Sender};

use super::reply_to::{ReplyTo, time_of};
use super::wire::{Attachment, Letter, Person};

/// Longest name that is looked at.
const MAX_NAME_CHARS: usize = 200;
/// Most files of one message that are looked at; Discord takes no more.
const MAX_FILES: usize = 10;
/// Plain messages and replies; the other kinds are Discord's own announcements.
const SPOKEN_KINDS: [u64; 2] = [0, 19];
/// The message is a voice note.
const IS_VOICE_NOTE: u64 = 1 << 13;

/// Reads one message, new or edited, as JSON. Of a message to many, only one that mentions
/// `own_id` concerns us. Several files are several things, in order, the caption with the first.
pub fn parse_letter(body: &[u8], own_id: &str) -> Result<Vec<Inbound>, ParseError> {
    let letter: Letter = from_json(body).map_err(|_| ParseError::Malformed)?;
    let Some(author) = letter.author.as_ref().filter(|author| !author.bot) else {
        return Ok(Vec::new());
    };
    let is_mention = letter.mentions.iter().any(|person| person.id == own_id);
    let is_for_us = letter.guild_id.is_none() || is_mention;
    if !is_for_us
        || letter.webhook_id.is_some()
        || !SPOKEN_KINDS.contains(&letter.kind.unwrap_or(0))
    {
        return Ok(Vec::new());
    }
    let said = without_mention(letter.content.as_deref().unwrap_or_default(), own_id);
    let contents = contents_of(&letter, &said);
    let several = contents.len() > 1;
    let inbounds = contents.into_iter().enumerate().map(|(number, content)| {
        let mut cause = cause_of(&letter);
        if several {
            cause = format!("{cause}:{number}");
        }
        Inbound {
            channel: Channel::Discord,
            chat: author.id.clone(),
            cause,
            sender: sender_of(author, None),
            sent_at_ms: time_of(&letter.id),
            content,
            acknowledge: Some(reply_to(&letter).to_word()),
            message_ref: Some(letter.id.clone()),
            edited: letter.edited_timestamp.is_some(),
        }
    });
    Ok(inbounds.collect())
}

fn cause_of(letter: &Letter) -> String {
    match &letter.edited_timestamp {
        Some(at) => format!("discord:{}:{at}", letter.id),
        None => format!("discord:{}", letter.id),
    }
}

fn reply_to(letter: &Letter) -> ReplyTo {
    let channel = letter.channel_id.clone();
    match letter.guild_id {
        None => ReplyTo::Private { channel },
        Some(_) => ReplyTo::Mention { channel, message: letter.id.clone() },
    }
}

/// A person as Discord knows them; `locale` is the language of their app, where it is told.
pub(super) fn sender_of(person: &Person, locale: Option<&str>) -> Sender {
    let name = person.global_name.as_deref().or(person.username.as_deref()).unwrap_or_default();
    let name = cut_chars(name.trim(), MAX_NAME_CHARS);
    Sender {
        external_id: person.id.clone(),
        name: (!name.is_empty()).then_some(name),
        phone: None,
        language: locale.map(str::to_owned),
    }
}

/// The words without the mention that called us.
fn without_mention(text: &str, own_id: &str) -> String {
    let spoken = text.replace(&format!("<@{own_id}>"), "").replace(&format!("<@!{own_id}>"), "");
    cut_chars(spoken.trim(), MAX_TEXT_CHARS)
}

fn contents_of(letter: &Letter, said: &str) -> Vec<Content> {
    let caption = (!said.is_empty()).then(|| said.to_owned());
    if letter.edited_timestamp.is_some() {
        // Of an edited message only its words count.
        return caption.into_iter().map(|text| Content::Text { text }).collect();
    }
    if !letter.attachments.is_empty() {
        let is_voice = letter.flags.unwrap_or(0) & IS_VOICE_NOTE != 0;
        let files = letter.attachments.iter().take(MAX_FILES).enumerate();
        return files
            .map(|(number, file)| {
                file_content(file, is_voice, caption.clone().filter(|_| number == 0))
            })
            .collect();
    }
    vec![match caption {
        Some(text) => Content::Text { text },
        // A mention without a word is a greeting.
        None if letter.guild_id.is_some() => Content::Start { payload: None },
        None if !letter.sticker_items.is_empty() => Content::Sticker { emoji: None },
        None => Content::Unsupported,
    }]
}

fn file_content(attachment: &Attachment, is_voice: bool, caption: Option<String>) -> Content {
    let kind = attachment.content_type.as_deref().and_then(|kind| kind.split(';').next());
    let file = FileRef {
        id: attachment.url.clone(),
        media_type: kind.map(|kind| kind.trim().to_owned()),
        size_bytes: attachment.size,
    };
    let starts = |what: &str| kind.is_some_and(|kind| kind.starts_with(what));
    if starts("image/") {
        return Content::Photo { file, caption };
    }
    if is_voice || starts("audio/") {
        return Content::Voice { file };
    }
    if starts("video/") {
        return Content::Unsupported;
    }
    let name = attachment.filename.as_deref().map(|name| cut_chars(name, MAX_NAME_CHARS));
    Content::Document { file, name, caption }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const US: &str = "9000";

    fn parse(more: Value) -> Vec<Inbound> {
        let mut letter = json!({ "id": "175928847299117063", "channel_id": "500", "type": 0,
            "author": { "id": "55", "username": "budi", "global_name": "Budi" }, "content": "",
            "mentions": [], "attachments": [], "field_of_tomorrow": [1] });
        let fields = more.as_object().unwrap().clone();
        letter.as_object_mut().unwrap().extend(fields);
        parse_letter(letter.to_string().as_bytes(), US).unwrap()
    }

    #[test]
    fn words_in_private_are_words() {
        let heard = parse(json!({ "content": "  halo kak " }));
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].content, Content::Text { text: "halo kak".into() });
        assert_eq!(
            (heard[0].chat.as_str(), heard[0].cause.as_str()),
            ("55", "discord:175928847299117063")
        );
        assert_eq!(heard[0].sent_at_ms, 1_462_015_105_796);
        assert_eq!(heard[0].sender.name.as_deref(), Some("Budi"));
        assert_eq!(heard[0].acknowledge.as_deref(), Some("private/500"));
    }

    #[test]
    fn control_characters_stay_outside() {
        let heard = parse(json!({ "content": "ha\u{0}lo",
            "author": { "id": "55", "username": "bu\u{0}di" } }));
        assert_eq!(heard[0].content, Content::Text { text: "halo".into() });
        assert_eq!(heard[0].sender.name.as_deref(), Some("budi"));
    }

    #[test]
    fn among_others_only_a_mention_is_heard() {
        let guild = json!({ "guild_id": "3", "content": "halo semua" });
        assert_eq!(parse(guild), []);
        let called = json!({ "guild_id": "3", "content": "<@9000> bikin web", "mentions": [{ "id": "9000" }] });
        let heard = parse(called);
        assert_eq!(heard[0].content, Content::Text { text: "bikin web".into() });
        assert_eq!(heard[0].acknowledge.as_deref(), Some("mention/500/175928847299117063"));
        let bare =
            json!({ "guild_id": "3", "content": "<@!9000>", "mentions": [{ "id": "9000" }] });
        assert_eq!(parse(bare)[0].content, Content::Start { payload: None });
    }

    #[test]
    fn machines_and_announcements_are_not_answered() {
        assert_eq!(parse(json!({ "author": { "id": "1", "bot": true }, "content": "x" })), []);
        assert_eq!(parse(json!({ "webhook_id": "1", "content": "x" })), []);
        assert_eq!(parse(json!({ "type": 6, "content": "x" })), []);
    }

    #[test]
    fn several_pictures_are_several_photos_with_one_caption() {
        let picture = |name: &str| {
            json!({ "url": format!("https://cdn.discordapp.com/{name}"),
            "filename": name, "content_type": "image/png", "size": 12 })
        };
        let heard =
            parse(json!({ "content": "Nastar 85rb", "attachments": [picture("a"), picture("b")] }));
        let captions: Vec<_> = heard
            .iter()
            .map(|inbound| match &inbound.content {
                Content::Photo { caption, .. } => caption.as_deref(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(captions, [Some("Nastar 85rb"), None]);
        assert_ne!(heard[0].cause, heard[1].cause);
    }

    #[test]
    fn other_files_are_told_apart() {
        let file = |kind: &str| json!([{ "url": "https://cdn.discordapp.com/x", "filename": "x", "content_type": kind }]);
        let content = |kind: &str, flags: u64| {
            parse(json!({ "attachments": file(kind), "flags": flags })).remove(0).content
        };
        assert!(matches!(content("audio/ogg", 8_192), Content::Voice { .. }));
        assert!(matches!(content("application/pdf", 0), Content::Document { .. }));
        assert_eq!(content("video/mp4", 0), Content::Unsupported);
        assert_eq!(
            parse(json!({ "sticker_items": [{ "id": "1" }] }))[0].content,
            Content::Sticker { emoji: None }
        );
        assert_eq!(parse(json!({ "poll": {} }))[0].content, Content::Unsupported);
    }

    #[test]
    fn an_edit_brings_the_new_words_of_its_message() {
        let heard =
            parse(json!({ "content": "Kue Ani", "edited_timestamp": "2026-11-01T05:00:00Z" }));
        assert_eq!(heard[0].content, Content::Text { text: "Kue Ani".into() });
        assert!(heard[0].cause.ends_with("2026-11-01T05:00:00Z"));
        let first = parse(json!({ "content": "Kue Ana" }));
        assert_eq!(heard[0].message_ref, first[0].message_ref);
        assert_eq!((first[0].edited, heard[0].edited), (false, true));
        assert!(parse_letter(b"[]", US).is_err());
    }
}
