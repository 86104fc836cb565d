//! What came in as the events of a turn, and what is remembered of it.

use sitespark_core::db::Tx;
use sitespark_core::ids::ConversationId;

use super::attention::Wished;
use super::turn::Who;
use crate::conversation::{self, Event, State, Told};
use crate::deliveries;
use crate::message::{Channel, Content, Inbound, Reaction};

/// What a channel calls a message, and what it wants named when it is told that it was seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    message: Option<String>,
    seen: Option<String>,
}

impl Names {
    pub(super) fn of(inbound: &Inbound) -> Self {
        Self { message: inbound.message_ref.clone(), seen: inbound.acknowledge.clone() }
    }

    #[cfg(test)]
    pub(super) fn called(message: &str) -> Self {
        Self { message: Some(message.to_owned()), seen: None }
    }
}

/// A message as it was written, and what its channel calls it.
#[derive(Debug, Clone)]
pub(super) struct Written {
    message: String,
    seen: Option<String>,
    content: Content,
}

impl Written {
    /// Nothing for a message that its channel gives no name.
    pub(super) fn new(content: Content, names: Names) -> Option<Self> {
        names.message.map(|message| Self { message, seen: names.seen, content })
    }

    #[cfg(test)]
    pub(super) fn message(&self) -> Option<&str> {
        Some(&self.message)
    }

    /// An emoji on it, where it is something a person sends and not what they tapped.
    pub(super) fn with(&self, reaction: Reaction, who: &Who<'_>) -> Option<Wished> {
        let is_sent = match &self.content {
            Content::Text { .. } | Content::Photo { .. } | Content::Voice { .. } => true,
            Content::Location { .. } | Content::Contact { .. } => true,
            Content::Document { .. } | Content::Sticker { .. } => true,
            Content::Choice { .. } | Content::Start { .. } | Content::Reaction { .. } => false,
            Content::Blocked | Content::Unsupported => false,
        };
        is_sent.then(|| Wished {
            channel: who.channel,
            chat: who.chat.to_owned(),
            message: self.message.clone(),
            seen: self.seen.clone(),
            reaction,
        })
    }

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
