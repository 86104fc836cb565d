//! A Bot API update into [`Inbound`]s. Pure; whatever it carries, it is read or skipped.

use sitespark_core::plain::from_json;

use crate::channels::ParseError;
use crate::channels::lenient::cut_chars;
use crate::message::{Channel, Content, FileRef, Inbound, MAX_TEXT_CHARS, Sender};

use super::group::{Call, called};
use super::wire::{Card, Chat, File, Letter, Membership, Person, ReactionChange, Tap, Update};

/// Largest file Telegram hands to bots.
pub const MAX_FILE_BYTES: i64 = 20 * 1024 * 1024;
/// Longest payload of a deep link.
const MAX_PAYLOAD_CHARS: usize = 64;
/// Longest data of a button, in bytes.
pub(super) const MAX_DATA_BYTES: usize = 64;
/// Longest name or label that is looked at.
const MAX_NAME_CHARS: usize = 200;

/// An update and what it means to us.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedUpdate {
    /// Telegram's number of the update.
    pub update_id: i64,
    /// What the person did: one thing at most, none for kinds that concern nobody.
    pub inbounds: Vec<Inbound>,
    /// Whether more pictures of the same album may follow at once.
    pub is_of_album: bool,
}

/// Reads the body of one update. Unknown kinds give no inbound; only what has no `update_id` is an
/// error. A tap tells no time: its [`Inbound::sent_at_ms`] is 0 (Telegram drops taps older than
/// 150 seconds). `own_name` is the bot's, once it is known: in groups only who says it is heard.
pub fn parse_update(body: &[u8], own_name: Option<&str>) -> Result<ParsedUpdate, ParseError> {
    let update: Update = from_json(body).map_err(|_| ParseError::Malformed)?;
    let update_id = update.update_id;
    let is_of_album = update.message.as_ref().is_some_and(|letter| letter.media_group_id.is_some());
    let inbound = if let Some(letter) = update.message {
        if is_private(&letter.chat) {
            letter_inbound(update_id, letter, false)
        } else {
            own_name.and_then(|name| called_inbound(update_id, &letter, name))
        }
    } else if let Some(letter) = update.edited_message {
        letter_inbound(update_id, letter, true)
    } else if let Some(tap) = update.callback_query {
        tap_inbound(update_id, tap)
    } else if let Some(change) = update.message_reaction {
        reaction_inbound(update_id, &change)
    } else {
        update.my_chat_member.and_then(|change| membership_inbound(update_id, &change))
    };
    let inbounds: Vec<Inbound> = inbound.into_iter().collect();
    let is_of_album = is_of_album && !inbounds.is_empty();
    Ok(ParsedUpdate { update_id, inbounds, is_of_album })
}

/// Who calls us in a group is heard as if in private, which is where we answer.
fn called_inbound(update_id: i64, letter: &Letter, own_name: &str) -> Option<Inbound> {
    let from = letter.from.as_ref().filter(|from| !from.is_bot)?;
    let said = called(letter, own_name)?;
    let own = Chat { id: from.id, kind: "private".to_owned() };
    let content = text_content(&said).unwrap_or(Content::Start { payload: None });
    let mut inbound = inbound(update_id, &own, from, content);
    inbound.sent_at_ms = letter.date.saturating_mul(1_000);
    let call = Call { chat: letter.chat.id, message: letter.message_id };
    inbound.acknowledge = Some(call.to_word());
    Some(inbound)
}

/// The words without the name that called us; `None` if it is not among them.
pub(super) fn cut_mention(text: &str, own_name: &str) -> Option<String> {
    let name = format!("@{}", own_name.to_ascii_lowercase());
    let at = text.to_ascii_lowercase().find(&name)?;
    let after = &text[at + name.len()..];
    let is_whole = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    is_whole.then(|| format!("{}{after}", &text[..at]).trim().to_owned())
}

fn cause(update_id: i64) -> String {
    format!("telegram:{update_id}")
}

/// The same edit is one thing, under whatever number it is told.
fn edit_cause(letter: &Letter) -> String {
    let Letter { chat, message_id, edit_date, .. } = letter;
    format!("telegram:edit:{}:{message_id}:{edit_date}", chat.id)
}

fn is_private(chat: &Chat) -> bool {
    chat.kind == "private"
}

fn inbound(update_id: i64, chat: &Chat, from: &Person, content: Content) -> Inbound {
    let name = [from.first_name.as_deref(), from.last_name.as_deref()];
    let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = cut_chars(name.trim(), MAX_NAME_CHARS);
    Inbound {
        channel: Channel::Telegram,
        chat: chat.id.to_string(),
        cause: cause(update_id),
        sender: Sender {
            external_id: from.id.to_string(),
            name: (!name.is_empty()).then_some(name),
            phone: None,
            language: from.language_code.clone(),
        },
        sent_at_ms: 0,
        content,
        acknowledge: None,
        message_ref: None,
        edited: false,
    }
}

/// A message; of an edited one only its words count.
fn letter_inbound(update_id: i64, letter: Letter, edited: bool) -> Option<Inbound> {
    let from = letter.from.as_ref().filter(|from| !from.is_bot)?;
    if !is_private(&letter.chat) {
        return None;
    }
    let content = if edited {
        text_content(letter.text.as_deref().or(letter.caption.as_deref())?)?
    } else {
        letter_content(&letter)?
    };
    let mut inbound = inbound(update_id, &letter.chat, from, content);
    let at_s = if edited { letter.edit_date.max(letter.date) } else { letter.date };
    inbound.sent_at_ms = at_s.saturating_mul(1_000);
    inbound.message_ref = Some(letter.message_id.to_string());
    inbound.edited = edited;
    if edited {
        inbound.cause = edit_cause(&letter);
    }
    inbound.sender.phone = letter.contact.as_ref().and_then(|card| own_phone(card, from));
    Some(inbound)
}

/// The person's own number, when it is their own card that they sent.
fn own_phone(card: &Card, from: &Person) -> Option<String> {
    let digits: String = card.phone_number.chars().filter(char::is_ascii_digit).collect();
    (card.user_id == Some(from.id) && !digits.is_empty()).then(|| format!("+{digits}"))
}

fn letter_content(letter: &Letter) -> Option<Content> {
    if let Some(text) = &letter.text {
        return text_content(text);
    }
    let caption = letter.caption.as_deref().map(|caption| cut_chars(caption, MAX_TEXT_CHARS));
    if let Some(photo) = largest(&letter.photo) {
        return Some(Content::Photo { file: file_ref(photo, Some("image/jpeg")), caption });
    }
    let place = letter.venue.as_ref().map(|venue| (&venue.location, venue.title.as_deref()));
    if let Some((location, title)) = place.or(letter.location.as_ref().map(|at| (at, None))) {
        return Some(Content::Location {
            latitude: location.latitude,
            longitude: location.longitude,
            label: title.map(|title| cut_chars(title, MAX_NAME_CHARS)),
        });
    }
    if let Some(file) = letter.voice.as_ref().or(letter.audio.as_ref()) {
        return Some(Content::Voice { file: file_ref(file, None) });
    }
    if let Some(card) = &letter.contact {
        let name = format!("{} {}", card.first_name, card.last_name.as_deref().unwrap_or_default());
        return Some(Content::Contact {
            name: cut_chars(name.trim(), MAX_NAME_CHARS),
            phone: cut_chars(&card.phone_number, MAX_NAME_CHARS),
        });
    }
    if let Some(emoji) = letter.sticker.as_ref().or(letter.dice.as_ref()) {
        return Some(Content::Sticker { emoji: emoji.emoji.clone() });
    }
    // An animation also comes as a document; it is no use as one.
    match &letter.document {
        Some(document) if letter.animation.is_none() => Some(document_content(document, caption)),
        Some(_) | None => is_unusable(letter).then_some(Content::Unsupported),
    }
}

fn document_content(document: &File, caption: Option<String>) -> Content {
    let file = file_ref(document, None);
    let is_picture = file.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/"));
    if is_picture {
        return Content::Photo { file, caption };
    }
    let name = document.file_name.as_deref().map(|name| cut_chars(name, MAX_NAME_CHARS));
    Content::Document { file, name, caption }
}

fn is_unusable(letter: &Letter) -> bool {
    [
        &letter.video,
        &letter.animation,
        &letter.video_note,
        &letter.poll,
        &letter.game,
        &letter.story,
        &letter.paid_media,
        &letter.checklist,
    ]
    .into_iter()
    .any(Option::is_some)
}

/// The largest size that can be downloaded.
fn largest(sizes: &[File]) -> Option<&File> {
    sizes
        .iter()
        .filter(|size| size.file_size.is_none_or(|bytes| bytes <= MAX_FILE_BYTES))
        .max_by_key(|size| size.width.unwrap_or(0).saturating_mul(size.height.unwrap_or(0)))
}

fn file_ref(file: &File, media_type: Option<&str>) -> FileRef {
    FileRef {
        id: file.file_id.clone(),
        media_type: file.mime_type.clone().or(media_type.map(str::to_owned)),
        size_bytes: file.file_size,
    }
}

/// Words; `/start` begins, and other commands lose the name of the bot.
fn text_content(text: &str) -> Option<Content> {
    let text = cut_chars(text, MAX_TEXT_CHARS);
    if text.trim().is_empty() {
        return None;
    }
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((&text, ""));
    if !first.starts_with('/') {
        return Some(Content::Text { text });
    }
    let command = first.split('@').next().unwrap_or(first);
    if command.eq_ignore_ascii_case("/start") {
        return Some(Content::Start { payload: payload(rest.trim()) });
    }
    let text = if command == first { text } else { format!("{command} {rest}").trim().to_owned() };
    Some(Content::Text { text })
}

/// What a deep link may carry; anything else was typed by hand.
fn payload(rest: &str) -> Option<String> {
    let fits = !rest.is_empty()
        && rest.len() <= MAX_PAYLOAD_CHARS
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    fits.then(|| rest.to_owned())
}

/// A tap. Its data is whatever the person's app claims.
fn tap_inbound(update_id: i64, tap: Tap) -> Option<Inbound> {
    let own = Chat { id: tap.from.id, kind: "private".to_owned() };
    let chat = tap.message.map_or(own, |message| message.chat);
    if !is_private(&chat) {
        return None;
    }
    let content = match tap.data {
        Some(id) if (1..=MAX_DATA_BYTES).contains(&id.len()) => Content::Choice { id },
        Some(_) | None => Content::Unsupported,
    };
    let mut inbound = inbound(update_id, &chat, &tap.from, content);
    inbound.acknowledge = Some(tap.id);
    Some(inbound)
}

/// An emoji on a message of ours; the newest of several.
fn reaction_inbound(update_id: i64, change: &ReactionChange) -> Option<Inbound> {
    let from = change.user.as_ref().filter(|from| !from.is_bot && is_private(&change.chat))?;
    let emoji = change.new_reaction.iter().rev().find_map(|reaction| reaction.emoji.clone())?;
    let content = Content::Reaction {
        emoji: cut_chars(&emoji, MAX_NAME_CHARS),
        to: change.message_id.to_string(),
    };
    let mut inbound = inbound(update_id, &change.chat, from, content);
    inbound.sent_at_ms = change.date.saturating_mul(1_000);
    Some(inbound)
}

/// Blocked in private; who lets us in again says so by writing. In groups we wait to be called.
fn membership_inbound(update_id: i64, change: &Membership) -> Option<Inbound> {
    if !is_private(&change.chat) || is_inside(&change.new_chat_member.status) {
        return None;
    }
    let mut inbound = inbound(update_id, &change.chat, &change.from, Content::Blocked);
    inbound.sent_at_ms = change.date.saturating_mul(1_000);
    Some(inbound)
}

fn is_inside(status: &str) -> bool {
    matches!(status, "member" | "administrator" | "creator")
}

#[cfg(test)]
#[path = "update_tests.rs"]
mod tests;
