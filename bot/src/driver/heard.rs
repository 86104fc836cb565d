//! What came in as the events of a turn, and what is remembered of it.

use sitespark_core::db::Tx;
use sitespark_core::ids::ConversationId;

use crate::conversation::{self, Event, State, Told};
use crate::deliveries;
use crate::message::{Channel, Content};

/// A message as it was written, and what its channel calls it.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) message: String,
    pub(super) content: Content,
}

impl Written {
    /// What is remembered of it; `before` is the state it meets.
    pub(super) fn told(&self, before: &State) -> Option<Told> {
        conversation::told(before, &self.content, &self.message)
    }
}

/// The event of what is about another message; `None` for a message of its own.
pub(super) async fn event_of(
    tx: &mut Tx,
    (channel, conversation): (Channel, ConversationId),
    (content, message_ref, edited): (&Content, &Option<String>, bool),
) -> Result<Option<Event>, sqlx::Error> {
    Ok(match (content, message_ref) {
        (Content::Reaction { emoji, to }, _) => {
            let latest = deliveries::is_latest(tx, channel, to, conversation).await?;
            Some(Event::Reacted { emoji: emoji.clone(), latest })
        }
        (Content::Text { text }, Some(message)) if edited => {
            Some(Event::Edited { message: message.clone(), text: text.clone() })
        }
        _ => None,
    })
}
