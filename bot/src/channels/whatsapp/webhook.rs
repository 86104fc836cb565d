//! A delivery of the Cloud API into [`Inbound`]s and [`DeliveryStatus`]es. Pure; a delivery is a
//! batch, and every part of it is read on its own.

use serde_json::Value;
use sitespark_core::plain::from_json;

use crate::channels::ParseError;
use crate::channels::lenient::cut_chars;
use crate::message::{Channel, Content, FileRef, Inbound, MAX_TEXT_CHARS, Sender};

use super::BSUID_PREFIX;
use super::wire::{Card, Delivery, Edit, Interactive, Letter, Media, News, Person, Status};

/// Longest name or label that is looked at.
const MAX_NAME_CHARS: usize = 200;
/// Longest id of a tapped choice that is looked at, in bytes; ours are far shorter.
const MAX_CHOICE_BYTES: usize = 256;

/// What one delivery tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedWebhook {
    /// What people did, in the order told.
    pub inbounds: Vec<Inbound>,
    /// What became of our messages.
    pub statuses: Vec<DeliveryStatus>,
    /// Who is reached under another number from now on.
    pub moves: Vec<NumberChange>,
}

/// What became of a message we sent. May come twice and out of order: the higher
/// [`DeliveryState::rank`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryStatus {
    /// [`Sent::message_ref`](crate::channels::Sent::message_ref) of the message.
    pub message_ref: String,
    /// How far it came.
    pub status: DeliveryState,
    /// Of a failure: for [`send_error_of`](super::send_error_of).
    pub error_code: Option<i64>,
    /// The chat it went to, if told.
    pub recipient: Option<String>,
    /// When, by WhatsApp's clock, in epoch milliseconds.
    pub at_ms: i64,
}

/// How far a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// WhatsApp has it.
    Sent,
    /// The person's phone has it.
    Delivered,
    /// It was looked at.
    Read,
    /// It was listened to.
    Played,
    /// It will never arrive.
    Failed,
    /// A word we do not know.
    Unknown,
}

impl DeliveryState {
    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a stable name.
    pub fn from_slug(slug: &str) -> Self {
        let known =
            [Self::Sent, Self::Delivered, Self::Read, Self::Played, Self::Failed, Self::Unknown];
        known.into_iter().find(|state| state.slug() == slug).unwrap_or(Self::Unknown)
    }

    /// Later states have higher ranks; a failure is final.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Sent => 1,
            Self::Delivered => 2,
            Self::Read => 3,
            Self::Played => 4,
            Self::Failed => 5,
        }
    }
}

/// A person has a new number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberChange {
    /// Unique per change.
    pub cause: String,
    /// The chat so far.
    pub old_chat: String,
    /// The chat from now on.
    pub new_chat: String,
    /// The external id so far.
    pub old_external_id: String,
    /// The external id from now on; WhatsApp may give a new one with the number.
    pub new_external_id: String,
}

/// Reads the body of one delivery. What is for another `phone_number_id` on the same webhook is
/// left out; unknown fields and types give nothing; only what is no JSON object is an error.
pub fn parse_webhook(body: &[u8], phone_number_id: &str) -> Result<ParsedWebhook, ParseError> {
    let delivery: Delivery = from_json(body).map_err(|_| ParseError::Malformed)?;
    let mut parsed = ParsedWebhook::default();
    let changes = delivery.entry.into_iter().flat_map(|entry| entry.changes);
    for change in changes.filter(|change| change.field == "messages") {
        let number = change.value.metadata.as_ref().and_then(|m| m.phone_number_id.as_deref());
        if number == Some(phone_number_id) {
            read_news(&change.value, &mut parsed);
        }
    }
    Ok(parsed)
}

fn read_news(news: &News, parsed: &mut ParsedWebhook) {
    for letter in news.messages.iter().filter(|letter| letter.group_id.is_none()) {
        let Some(who) = who_wrote(letter, &news.contacts) else {
            continue;
        };
        if letter.kind == "system" {
            parsed.moves.extend(number_change(letter, &who));
        } else if let Some(content) = content_of(letter) {
            parsed.inbounds.push(inbound(letter, who, content));
        }
    }
    parsed.statuses.extend(news.statuses.iter().map(delivery_status));
}

/// Changes and reactions are no messages: there is nothing to mark as read.
fn inbound(letter: &Letter, who: Who, content: Content) -> Inbound {
    let is_reaction = matches!(content, Content::Reaction { .. });
    let original = letter.edit.as_ref().and_then(|edit| edit.original_message_id.clone());
    let is_message = !is_reaction && original.is_none();
    Inbound {
        channel: Channel::Whatsapp,
        chat: who.chat,
        cause: format!("whatsapp:{}", letter.id),
        sender: who.sender,
        sent_at_ms: milliseconds(letter.timestamp.as_deref()),
        content,
        acknowledge: is_message.then(|| letter.id.clone()),
        edited: original.is_some(),
        message_ref: original.or_else(|| is_message.then(|| letter.id.clone())),
    }
}

struct Who {
    chat: String,
    sender: Sender,
}

/// Who wrote a message. The people told beside the messages do not line up with them: they are
/// found by id, and alone only when the message names nobody.
fn who_wrote(letter: &Letter, people: &[Person]) -> Option<Who> {
    let number = filled(letter.from.as_deref());
    let user_id = filled(letter.from_user_id.as_deref());
    let is_writer = |person: &&Person| {
        let same = |a: Option<&str>, b: Option<&str>| a.is_some() && filled(a) == b;
        same(person.user_id.as_deref(), user_id) || same(person.wa_id.as_deref(), number)
    };
    let alone = (people.len() == 1 && number.is_none() && user_id.is_none()).then(|| &people[0]);
    let nobody = Person::default();
    let person = people.iter().find(is_writer).or(alone).unwrap_or(&nobody);
    let number = number.or(filled(person.wa_id.as_deref()));
    let user_id = user_id.or(filled(person.user_id.as_deref()));
    let chat = number
        .map(str::to_owned)
        .or_else(|| user_id.map(|user_id| format!("{BSUID_PREFIX}{user_id}")))?;
    let name = person.profile.as_ref().and_then(|profile| filled(profile.name.as_deref()));
    let sender = Sender {
        external_id: user_id.or(number)?.to_owned(),
        name: name.map(|name| cut_chars(name, MAX_NAME_CHARS)),
        phone: number.filter(|number| is_digits(number)).map(|number| format!("+{number}")),
        language: None,
    };
    Some(Who { chat, sender })
}

fn content_of(letter: &Letter) -> Option<Content> {
    match letter.kind.as_str() {
        "text" => letter.text.as_ref().and_then(|text| text_content(&text.body)),
        "image" => Some(letter.image.as_ref().and_then(photo).unwrap_or(Content::Unsupported)),
        "document" => {
            Some(letter.document.as_ref().and_then(document).unwrap_or(Content::Unsupported))
        }
        "audio" => {
            let file = letter.audio.as_ref().and_then(file_ref);
            Some(file.map_or(Content::Unsupported, |file| Content::Voice { file }))
        }
        "sticker" => Some(Content::Sticker { emoji: None }),
        "interactive" => Some(letter.interactive.as_ref().map_or(Content::Unsupported, reply)),
        "button" => letter.button.as_ref().and_then(|button| match &button.payload {
            Some(payload) => Some(choice(payload)),
            None => text_content(button.text.as_deref()?),
        }),
        "location" => Some(location(letter)),
        "contacts" => {
            Some(letter.contacts.iter().find_map(contact).unwrap_or(Content::Unsupported))
        }
        "reaction" => {
            let reaction = letter.reaction.as_ref()?;
            let emoji = cut_chars(filled(reaction.emoji.as_deref())?, MAX_NAME_CHARS);
            let to = reaction.message_id.clone().unwrap_or_default();
            Some(Content::Reaction { emoji, to })
        }
        "edit" => letter.edit.as_ref().and_then(new_words),
        // What was said stays said when its message is taken away.
        "revoke" => None,
        "request_welcome" => Some(Content::Start { payload: None }),
        "video" | "order" | "unsupported" => Some(Content::Unsupported),
        _ => None,
    }
}

/// The new words of a message that is known by its name.
fn new_words(edit: &Edit) -> Option<Content> {
    edit.original_message_id.as_ref()?;
    let message = edit.message.as_ref()?;
    let media = message.image.as_ref().or(message.document.as_ref());
    let text = message.text.as_ref().map(|text| text.body.clone());
    text_content(&text.or_else(|| media.and_then(caption))?)
}

fn text_content(text: &str) -> Option<Content> {
    let text = cut_chars(text, MAX_TEXT_CHARS);
    (!text.trim().is_empty()).then_some(Content::Text { text })
}

fn reply(interactive: &Interactive) -> Content {
    let reply = interactive.button_reply.as_ref().or(interactive.list_reply.as_ref());
    reply.map_or(Content::Unsupported, |reply| choice(&reply.id))
}

fn choice(id: &str) -> Content {
    if (1..=MAX_CHOICE_BYTES).contains(&id.len()) {
        Content::Choice { id: id.to_owned() }
    } else {
        Content::Unsupported
    }
}

fn file_ref(media: &Media) -> Option<FileRef> {
    // "audio/ogg; codecs=opus" is of the type before the semicolon.
    let kind = media.mime_type.as_deref().and_then(|kind| kind.split(';').next());
    Some(FileRef {
        id: filled(media.id.as_deref())?.to_owned(),
        media_type: kind.map(|kind| kind.trim().to_owned()),
        size_bytes: media.file_size,
    })
}

fn caption(media: &Media) -> Option<String> {
    filled(media.caption.as_deref()).map(|caption| cut_chars(caption, MAX_TEXT_CHARS))
}

fn photo(media: &Media) -> Option<Content> {
    Some(Content::Photo { file: file_ref(media)?, caption: caption(media) })
}

fn document(media: &Media) -> Option<Content> {
    let file = file_ref(media)?;
    if file.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
        return photo(media);
    }
    let name = media.filename.as_deref().map(|name| cut_chars(name, MAX_NAME_CHARS));
    Some(Content::Document { file, name, caption: caption(media) })
}

fn location(letter: &Letter) -> Content {
    let Some(place) = &letter.location else {
        return Content::Unsupported;
    };
    let label = filled(place.name.as_deref()).or(filled(place.address.as_deref()));
    Content::Location {
        latitude: place.latitude,
        longitude: place.longitude,
        label: label.map(|label| cut_chars(label, MAX_NAME_CHARS)),
    }
}

fn contact(card: &Card) -> Option<Content> {
    let phone = card.phones.iter().find_map(|phone| {
        let number = filled(phone.wa_id.as_deref()).map(|number| format!("+{number}"));
        filled(phone.phone.as_deref()).map(str::to_owned).or(number)
    })?;
    let name = card.name.as_ref().and_then(|name| {
        filled(name.formatted_name.as_deref()).or(filled(name.first_name.as_deref()))
    });
    Some(Content::Contact {
        name: cut_chars(name.unwrap_or_default(), MAX_NAME_CHARS),
        phone: cut_chars(&phone, MAX_NAME_CHARS),
    })
}

fn number_change(letter: &Letter, who: &Who) -> Option<NumberChange> {
    let system = letter.system.as_ref().filter(|s| s.kind == "user_changed_number")?;
    let number = filled(system.wa_id.as_deref())?;
    let old_external_id = &who.sender.external_id;
    // Whoever was known by the number is known by the new one; a scoped id stays unless told.
    let by_number = *old_external_id == who.chat;
    let stays = if by_number { number } else { old_external_id.as_str() };
    Some(NumberChange {
        cause: format!("whatsapp:{}", letter.id),
        old_chat: who.chat.clone(),
        new_chat: number.to_owned(),
        old_external_id: old_external_id.clone(),
        new_external_id: filled(system.user_id.as_deref()).unwrap_or(stays).to_owned(),
    })
}

fn delivery_status(status: &Status) -> DeliveryStatus {
    let state = match status.status.as_str() {
        "sent" => DeliveryState::Sent,
        "delivered" => DeliveryState::Delivered,
        "read" => DeliveryState::Read,
        "played" => DeliveryState::Played,
        "failed" => DeliveryState::Failed,
        _ => DeliveryState::Unknown,
    };
    let number = filled(status.recipient_id.as_deref()).map(str::to_owned);
    let user_id = filled(status.user_id.as_deref()).map(|id| format!("{BSUID_PREFIX}{id}"));
    DeliveryStatus {
        message_ref: status.id.clone(),
        status: state,
        error_code: status
            .errors
            .iter()
            .find_map(|error| error.get("code").and_then(Value::as_i64)),
        recipient: number.or(user_id),
        at_ms: milliseconds(status.timestamp.as_deref()),
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn milliseconds(seconds: Option<&str>) -> i64 {
    seconds.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0).saturating_mul(1_000)
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
