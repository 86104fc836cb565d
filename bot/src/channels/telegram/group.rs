//! Groups: we only talk in private. Who calls us by name among others is answered in their own
//! chat, and a pointer to it is left under their message.

use serde_json::{Value, json};

use crate::channels::words::words;

use super::update::cut_mention;
use super::wire::Letter;

/// Where somebody called us, as
/// [`Inbound::acknowledge`](crate::message::Inbound::acknowledge) carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) chat: i64,
    pub(super) message: i64,
}

impl Call {
    /// As one word.
    pub(super) fn to_word(self) -> String {
        format!("group/{}/{}", self.chat, self.message)
    }

    /// From such a word; the name of a tap is none.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let (chat, message) = word.strip_prefix("group/")?.split_once('/')?;
        Some(Self { chat: chat.parse().ok()?, message: message.parse().ok()? })
    }

    /// The pointer under the message, with a button to our private chat.
    pub(super) fn pointer(self, own_name: Option<&str>) -> Value {
        let mut params = json!({
            "chat_id": self.chat,
            "text": words().pointer,
            "reply_parameters": { "message_id": self.message, "allow_sending_without_reply": true },
            "disable_notification": true,
        });
        if let Some(name) = own_name {
            let url = format!("https://t.me/{name}?start=grup");
            params["reply_markup"] =
                json!({ "inline_keyboard": [[{ "text": words().open_chat, "url": url }]] });
        }
        params
    }
}

/// What somebody in a group said to us: words that name us, or an answer to something of ours.
pub(super) fn called(letter: &Letter, own_name: &str) -> Option<String> {
    let text = letter.text.as_deref().or(letter.caption.as_deref()).unwrap_or_default();
    let replied = letter.reply_to_message.as_ref().and_then(|earlier| earlier.from.as_ref());
    let is_reply = replied
        .and_then(|from| from.username.as_deref())
        .is_some_and(|name| name.eq_ignore_ascii_case(own_name));
    match cut_mention(text, own_name) {
        Some(rest) => Some(rest),
        None if is_reply => Some(text.to_owned()),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_comes_back_from_its_word() {
        let call = Call { chat: -1_005, message: 7 };
        assert_eq!(Call::from_word(&call.to_word()), Some(call));
        for other in ["4382", "group/x/1", "group/1", ""] {
            assert_eq!(Call::from_word(other), None, "{other}");
        }
    }
}
