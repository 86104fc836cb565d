//! What is to be said: rows of the outbox, one request each.

use serde::{Deserialize, Serialize};
use sitespark_core::ids::ConversationId;

use crate::message::{Channel, Message};

/// A row of the outbox. Its JSON form is stored; fields are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboxRow {
    /// Where to.
    pub channel: Channel,
    /// In which chat.
    pub chat: String,
    /// To whom.
    pub external_id: String,
    /// In which conversation.
    pub conversation: ConversationId,
    /// The conversation's state after the step that says this.
    pub state: String,
    /// What this answers, as its channel named it; with the first piece of the answer only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// How often it failed on the way after the channel had taken it.
    #[serde(default)]
    pub tries: u32,
    /// One piece, ready for one request.
    pub piece: Message,
}

/// States whose questions want an answer in words: an emoji on them is no yes.
const WORDY: [&str; 2] = ["welcome", "collecting"];

impl OutboxRow {
    /// Whether what the channel calls this message is ever asked for: to edit it, or to know whether an
    /// emoji was put on the newest question.
    pub fn is_looked_up(&self) -> bool {
        self.piece.progress.is_some() || !WORDY.contains(&self.state.as_str())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_stored_before_there_were_voice_notes_loads() {
        let stored = json!({ "channel": "telegram", "chat": "7", "external_id": "7",
            "conversation": "01930000-0000-7000-8000-000000000001", "state": "collecting",
            "piece": { "body": [{ "text": "Halo" }] } });
        let row: OutboxRow = serde_json::from_value(stored).unwrap();
        assert_eq!((row.piece.body.to_plain().as_str(), row.piece.voice), ("Halo", None));
    }
}
