//! What a turn says, as rows of the outbox.

use sitespark_core::queue::{self, Lane, NewRow};

use super::turn::Who;
use super::{Driver, aloud};
use crate::inbox::chat_key;
use crate::message::{Message, VoiceNote};
use crate::outbox::OutboxRow;

impl Driver {
    /// Tells what was heard in a voice note, before what it is answered.
    pub(super) fn heard_as(&self, who: &Who<'_>) -> Vec<Message> {
        let Some(words) = who.heard.clone() else { return Vec::new() };
        let body = self.texts.say(who.user.language, "say-heard", &[("words", words.into())]);
        vec![Message { body, ..Message::default() }]
    }

    /// The outbox rows of what is said, in the pieces its channel takes; where a voice note was heard,
    /// one behind them that is read aloud.
    pub(super) fn replies(
        &self,
        who: &mut Who<'_>,
        said: Vec<Message>,
        state: &str,
    ) -> Vec<NewRow> {
        let aloud = self.aloud(who, &said);
        let pieces = said.into_iter().flat_map(|message| self.ports.split(who.channel, message));
        let pieces: Vec<Message> = pieces.collect();
        let mut rows = Vec::new();
        for (number, piece) in pieces.into_iter().enumerate() {
            let cause = format!("{}:say:{number}", who.cause);
            rows.push(row_of(who, piece, state, (chat_key(who.channel, who.chat), cause)));
        }
        // Apart from the others, so that a slow voice holds up no words.
        let apart = queue::apart(&chat_key(who.channel, who.chat));
        let cause = format!("{}:aloud", who.cause);
        rows.extend(aloud.map(|note| row_of(who, note, state, (apart, cause))));
        rows
    }

    /// The answer to a voice note as one. What was heard in it stands first, and is not repeated.
    fn aloud(&self, who: &Who<'_>, said: &[Message]) -> Option<Message> {
        let answer = said.get(1..).filter(|_| self.rules.speaks && who.heard.is_some())?;
        let language = who.user.language;
        let words = aloud::words_of(answer, language, &self.texts)?;
        let voice = VoiceNote { words, language: language.tag().to_owned(), key: None };
        Some(Message { voice: Some(voice), ..Message::default() })
    }
}

/// A piece as a row of the outbox. What the channel wants named goes with the first.
fn row_of(
    who: &mut Who<'_>,
    piece: Message,
    state: &str,
    (key, cause): (String, String),
) -> NewRow {
    let row = OutboxRow {
        channel: who.channel,
        chat: who.chat.to_owned(),
        external_id: who.external_id.to_owned(),
        conversation: who.conversation,
        state: state.to_owned(),
        reply_to: who.reply_to.take(),
        tries: 0,
        piece,
    };
    NewRow {
        lane: Lane::Outbox,
        key,
        cause,
        payload: serde_json::to_value(row).expect("plain data is always JSON"),
        run_at_ms: who.now_ms,
    }
}
