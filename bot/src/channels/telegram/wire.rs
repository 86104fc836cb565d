//! What Telegram sends, as far as we look at it. Everything else is skipped.

use serde::Deserialize;

use crate::channels::lenient::{lenient, lenient_list};

/// One update of the Bot API.
#[derive(Debug, Deserialize)]
pub(super) struct Update {
    pub(super) update_id: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message: Option<Letter>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) edited_message: Option<Letter>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) callback_query: Option<Tap>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) my_chat_member: Option<Membership>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message_reaction: Option<ReactionChange>,
}

/// What somebody has on a message now, instead of what they had.
#[derive(Debug, Deserialize)]
pub(super) struct ReactionChange {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    #[serde(default)]
    pub(super) date: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) user: Option<Person>,
    /// Those of other kinds have no emoji.
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) new_reaction: Vec<Emoji>,
}

/// A message of the Bot API.
#[derive(Debug, Deserialize)]
pub(super) struct Letter {
    #[serde(default)]
    pub(super) message_id: i64,
    #[serde(default)]
    pub(super) date: i64,
    #[serde(default)]
    pub(super) edit_date: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) media_group_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) reply_to_message: Option<Earlier>,
    pub(super) chat: Chat,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) caption: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) photo: Vec<File>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) voice: Option<File>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) audio: Option<File>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) document: Option<File>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) sticker: Option<Emoji>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) dice: Option<Emoji>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) location: Option<Location>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) venue: Option<Venue>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) contact: Option<Card>,
    // Kinds we cannot use but answer to, so that nobody talks to a wall.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) video: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) animation: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) video_note: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) poll: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) game: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) story: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) paid_media: Option<Anything>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) checklist: Option<Anything>,
}

/// A message that another answers.
#[derive(Debug, Deserialize)]
pub(super) struct Earlier {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) from: Option<Person>,
}

/// Whatever is in there, it is there.
#[derive(Debug, Deserialize)]
pub(super) struct Anything {}

#[derive(Debug, Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Person {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) is_bot: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) username: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) first_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) last_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) language_code: Option<String>,
}

/// Any kind of file, and one size of a photo.
#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub(super) file_id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) file_size: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) mime_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) file_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) width: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) height: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Emoji {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) emoji: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Location {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Venue {
    pub(super) location: Location,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) title: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Card {
    pub(super) phone_number: String,
    #[serde(default)]
    pub(super) first_name: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) last_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) user_id: Option<i64>,
}

/// A callback query.
#[derive(Debug, Deserialize)]
pub(super) struct Tap {
    pub(super) id: String,
    pub(super) from: Person,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) data: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) message: Option<TappedMessage>,
}

/// The message a button stood under; of an inaccessible one only the chat is told.
#[derive(Debug, Deserialize)]
pub(super) struct TappedMessage {
    pub(super) chat: Chat,
}

/// A change of our own membership in a chat.
#[derive(Debug, Deserialize)]
pub(super) struct Membership {
    #[serde(default)]
    pub(super) date: i64,
    pub(super) chat: Chat,
    pub(super) from: Person,
    pub(super) new_chat_member: Member,
}

#[derive(Debug, Deserialize)]
pub(super) struct Member {
    #[serde(default)]
    pub(super) status: String,
}
