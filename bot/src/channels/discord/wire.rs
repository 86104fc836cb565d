//! What Discord sends, as far as we look at it: messages of its gateway and interactions of its
//! endpoint. Everything else is skipped.

use serde::Deserialize;
use serde_json::Value;

use crate::channels::lenient::{lenient, lenient_list, text_or_number};

/// A message of the gateway.
#[derive(Debug, Deserialize)]
pub(super) struct Letter {
    pub(super) id: String,
    pub(super) channel_id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) guild_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) webhook_id: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub(super) kind: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) flags: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) author: Option<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) content: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) edited_timestamp: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) mentions: Vec<Person>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) sticker_items: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Person {
    pub(super) id: String,
    #[serde(default)]
    pub(super) bot: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) username: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) global_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    pub(super) url: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) filename: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) content_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) size: Option<i64>,
}

/// A command, a tap, a form that was filled in, or a ping.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: u64,
    #[serde(default)]
    pub(super) application_id: String,
    #[serde(default)]
    pub(super) token: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) guild_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) context: Option<u64>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) channel_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) user: Option<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) member: Option<Member>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) locale: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) data: Option<AskedData>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) user: Person,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct AskedData {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) options: Vec<GivenOption>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) custom_id: Option<String>,
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) values: Vec<String>,
    /// Rows around text inputs, or labels around one each.
    #[serde(default, deserialize_with = "lenient_list")]
    pub(super) components: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct GivenOption {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) value: Option<String>,
}
