//! Messages in both directions, as no channel in particular would have them.
//!
//! Channels turn their own shapes into [`Inbound`] and [`Message`] into their own shapes; the
//! conversation sees nothing else.

use serde::{Deserialize, Serialize};

/// Where people write from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Telegram Bot API.
    Telegram,
    /// WhatsApp Cloud API.
    Whatsapp,
    /// Discord: private messages, commands and mentions.
    Discord,
    /// The chat on the operator's own page.
    Web,
    /// `sitespark chat`.
    Terminal,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 5] =
        [Self::Telegram, Self::Whatsapp, Self::Discord, Self::Web, Self::Terminal];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Whatsapp => "whatsapp",
            Self::Discord => "discord",
            Self::Web => "web",
            Self::Terminal => "terminal",
        }
    }

    /// The channel of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.slug() == slug)
    }
}

/// Something a person did, from any channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inbound {
    /// Where it came from.
    pub channel: Channel,
    /// The chat to answer in, in the channel's own words.
    pub chat: String,
    /// Unique per update of the channel: the same cause again changes nothing.
    pub cause: String,
    /// Who.
    pub sender: Sender,
    /// When it was sent, by the channel's clock, in epoch milliseconds.
    pub sent_at_ms: i64,
    /// What.
    pub content: Content,
    /// What the channel wants named when it is told that this was seen, if it wants that.
    #[serde(default)]
    pub acknowledge: Option<String>,
    /// What the channel calls the message, where people can change it later or we can put an emoji
    /// on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_ref: Option<String>,
    /// Whether this is an earlier message, the one of [`Inbound::message_ref`], in its new words.
    #[serde(default)]
    pub edited: bool,
}

/// A person as a channel knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sender {
    /// The channel's stable id of the person.
    pub external_id: String,
    /// A name to greet with.
    pub name: Option<String>,
    /// Telephone number as E.164, when the channel tells it.
    pub phone: Option<String>,
    /// IETF language tag of the person's app: a hint, no more.
    pub language: Option<String>,
}

/// What a person sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Free text, at most [`MAX_TEXT_CHARS`] after the channel cut it.
    Text {
        /// As written.
        text: String,
    },
    /// A tapped choice.
    Choice {
        /// The [`Choice::id`] that was offered; whoever sends it may have made it up.
        id: String,
    },
    /// The first word of a conversation, perhaps through a link with a payload.
    Start {
        /// What the link carried, such as a referral code.
        payload: Option<String>,
    },
    /// A picture.
    Photo {
        /// Where its bytes are.
        file: FileRef,
        /// What was written with it.
        caption: Option<String>,
    },
    /// A voice note.
    Voice {
        /// Where its bytes are.
        file: FileRef,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What the place is called, if told.
        label: Option<String>,
    },
    /// A contact card.
    Contact {
        /// Whose.
        name: String,
        /// As on the card.
        phone: String,
    },
    /// A file that is not a picture.
    Document {
        /// Where its bytes are.
        file: FileRef,
        /// File name.
        name: Option<String>,
        /// What was written with it.
        caption: Option<String>,
    },
    /// A sticker.
    Sticker {
        /// The emoji it stands for.
        emoji: Option<String>,
    },
    /// An emoji put on a message. One that is taken away again is never told.
    Reaction {
        /// The emoji.
        emoji: String,
        /// What the channel calls the message.
        to: String,
    },
    /// The person blocked us: nothing may be sent until they write again.
    Blocked,
    /// A kind we do not know.
    Unsupported,
}

/// An emoji that we put on a person's message, beside the words that answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Warmth: for a thank-you.
    Heart,
    /// It was taken: for a photo, a pin, a contact card.
    Taken,
    /// Something begins: for the yes to a site.
    Party,
}

impl Reaction {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Heart, Self::Taken, Self::Party];
}

/// Longest inbound text that is looked at; the rest is cut.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// Bytes that live at the channel or with us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The channel's id of the file, or the storage key of an upload.
    pub id: String,
    /// The media type as told by the channel.
    pub media_type: Option<String>,
    /// Its size as told by the channel.
    pub size_bytes: Option<i64>,
}

/// Something the bot says. Channels degrade it by their own limits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Message {
    /// The text, as marked-up spans.
    pub body: Body,
    /// What may be tapped.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Pages to open.
    #[serde(default)]
    pub links: Vec<LinkButton>,
    /// A picture to show with the text.
    #[serde(default)]
    pub picture: Option<Picture>,
    /// Messages of one progress are one bubble, edited in place where the channel can; a message
    /// with `done` takes the bubble's place for good.
    #[serde(default)]
    pub progress: Option<Progress>,
    /// A file to take away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<OutFile>,
    /// What the person may share with one tap, where their app can do that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// A voice note; a message that is one has nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<VoiceNote>,
}

impl Message {
    /// Whether it only shows something, between what was asked and what is answered.
    pub fn is_aside(&self) -> bool {
        self.picture.is_some() && self.choices.is_empty() && self.links.is_empty()
    }
}

/// Words that are read aloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceNote {
    /// What is read.
    pub words: String,
    /// The language they are in, as its IETF tag.
    pub language: String,
    /// Storage key of the recording, an OGG Opus file, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What may be shared with one tap: the words on each button, at most 20 characters.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Request {
    /// The person's own number.
    #[serde(default)]
    pub number: Option<String>,
    /// Where they are.
    #[serde(default)]
    pub place: Option<String>,
}

/// A file the bot hands over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutFile {
    /// Storage key of the bytes.
    pub key: String,
    /// File name.
    pub name: String,
    /// Such as `application/zip`.
    pub media_type: String,
    /// Where the same file can be fetched for some days, for channels that show a link instead.
    pub url: String,
    /// What stands on such a link; at most 20 characters.
    pub label: String,
}

impl OutFile {
    /// The file as a page to open, where a channel takes no files.
    pub fn link(&self) -> LinkButton {
        LinkButton { label: self.label.clone(), url: self.url.clone() }
    }
}

/// Text as spans: what is said and how strongly. Never markup of any channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(pub Vec<Span>);

/// A run of text in one weight. Line breaks are `\n` inside `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Plain text.
    pub text: String,
    /// Shown bold.
    #[serde(default)]
    pub bold: bool,
    /// Shown in italics.
    #[serde(default)]
    pub italic: bool,
}

impl Body {
    /// Text in plain weight.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Span { text: text.into(), bold: false, italic: false }])
    }

    /// The text without any marks.
    pub fn to_plain(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}

/// A tappable answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What comes back when it is tapped; at most 40 ASCII characters.
    pub id: String,
    /// What stands on it; at most 24 characters, at best 20.
    pub label: String,
}

/// A button that opens a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkButton {
    /// What stands on it; at most 20 characters.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// A picture the bot shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Storage key of the bytes.
    pub key: String,
    /// A public https address of the same picture, for channels that fetch it themselves.
    pub url: Option<String>,
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
}

/// Which bubble a progress message belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// One key per bubble.
    pub key: String,
    /// The last message of this bubble.
    pub done: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_stored_before_there_were_voice_notes_loads_and_stays_as_it_is() {
        let stored = json!({ "body": [{ "text": "Halo", "bold": false, "italic": false }],
            "choices": [{ "id": "yes", "label": "Ya" }], "links": [], "picture": null,
            "progress": null });
        let read: Message = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(read.voice, None);
        assert_eq!(serde_json::to_value(&read).unwrap(), stored);
    }

    #[test]
    fn a_voice_note_is_stored_with_and_without_its_recording() {
        for key in [None, Some("voices/1-a.ogg".to_owned())] {
            let voice = VoiceNote { words: "Halo".into(), language: "id".into(), key };
            let message = Message { voice: Some(voice), ..Message::default() };
            let stored = serde_json::to_value(&message).unwrap();
            assert_eq!(serde_json::from_value::<Message>(stored).unwrap(), message);
        }
    }
}
