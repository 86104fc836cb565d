//! What the Cloud API delivers, as far as we look at it. Everything else is skipped, entry by
//! entry, so that one odd message never takes its batch along.

use serde::Deserialize;
use serde_json::Value;

use crate::channels::lenient::{lenient, lenient_list, text_or_number};

/// One delivery.
#[derive(Debug, Deserialize)]
pub(super) struct Delivery {
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) entry: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    pub(super) field: String,
    pub(super) value: News,
}

#[derive(Debug, Deserialize)]
pub(super) struct News {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) contacts: Vec<Person>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) messages: Vec<Letter>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) statuses: Vec<Status>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) phone_number_id: Option<String>,
}

/// A person as told beside the messages; the number may be hidden.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Person {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) profile: Option<Profile>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) wa_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) user_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Profile {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) name: Option<String>,
}

/// A message; `kind` tells which of the others is there.
#[derive(Debug, Deserialize)]
pub(super) struct Letter {
    pub(super) id: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) timestamp: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) from: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) from_user_id: Option<String>,
    /// There in groups, where we do not talk.
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) group_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) text: Option<Text>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) image: Option<Media>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) document: Option<Media>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) audio: Option<Media>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) interactive: Option<Interactive>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) button: Option<TemplateButton>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) location: Option<Location>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) contacts: Vec<Card>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) reaction: Option<Reaction>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) edit: Option<Edit>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) system: Option<System>,
}

/// An earlier message in its new words.
#[derive(Debug, Deserialize)]
pub(super) struct Edit {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) original_message_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message: Option<EditedLetter>,
}

/// What may be changed in a message: its text, or what stands under a picture or with a file.
#[derive(Debug, Deserialize)]
pub(super) struct EditedLetter {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) text: Option<Text>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) image: Option<Media>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) document: Option<Media>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Text {
    pub(super) body: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Media {
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) mime_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) file_size: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) caption: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) filename: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Interactive {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) button_reply: Option<Reply>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) list_reply: Option<Reply>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reply {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct TemplateButton {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) payload: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) text: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Location {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) address: Option<String>,
}

/// A contact card; answers to a request for one can lack the name.
#[derive(Debug, Deserialize)]
pub(super) struct Card {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) name: Option<CardName>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) phones: Vec<CardPhone>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CardName {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) formatted_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) first_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CardPhone {
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) phone: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) wa_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) emoji: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct System {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) wa_id: Option<String>,
    #[serde(default, alias = "new_user_id", deserialize_with = "text_or_number")]
    pub(super) user_id: Option<String>,
}

/// What became of a message of ours.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) id: String,
    pub(super) status: String,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) timestamp: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) recipient_id: Option<String>,
    #[serde(default, alias = "recipient_user_id", deserialize_with = "text_or_number")]
    pub(super) user_id: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) errors: Vec<Value>,
}
