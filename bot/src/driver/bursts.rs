//! Several messages of one person in a moment are one turn.
//!
//! A single message is never held up. When a second one waits behind it already, somebody is writing
//! on: the turn waits until a second after the last, bounded, and takes them all at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use sitespark_core::queue::{Claimed, Waiting};

use super::heard::{Names, Written};
use crate::conversation::is_joinable;
use crate::inbox::InboxRow;
use crate::message::{Choice, Content, Inbound};

/// How long after the last message a burst is held to be over.
const SILENCE_MS: i64 = 1_000;
/// Longest the first message of a burst waits for the others.
const MOST_HELD_MS: i64 = 4_000;
/// Most messages that join the first of a turn.
pub(super) const MOST_JOINED: i64 = 20;
/// Most texts of one turn.
pub(super) const MOST_TEXTS: usize = 21;

/// Texts that follow a text without anything else between, by the same person.
#[derive(Debug, Clone, Default)]
pub(super) struct Burst {
    /// Each with its row's number.
    texts: Vec<(i64, String)>,
    /// What the channel calls each.
    names: Vec<Names>,
    newest_ms: i64,
    /// What an interpreter was asked about, by place in the turn, and the plain words it had.
    asked: BTreeMap<usize, Option<String>>,
}

impl Burst {
    /// The burst a message begins, among what waits behind it.
    pub(super) fn of(first: &Inbound, behind: &[Waiting], now_ms: i64) -> Self {
        let mut burst = Self::default();
        let is_text = matches!(&first.content, Content::Text { text } if is_joinable(text, &[]));
        if first.edited || !is_text {
            return burst;
        }
        for waiting in behind.iter().take_while(|waiting| waiting.run_at_ms <= now_ms) {
            let Ok(InboxRow::Channel(inbound)) = InboxRow::deserialize(&waiting.payload) else {
                break;
            };
            let names = Names::of(&inbound);
            match inbound.content {
                Content::Text { text }
                    if !inbound.edited
                        && inbound.sender.external_id == first.sender.external_id
                        && is_joinable(&text, &[]) =>
                {
                    burst.newest_ms = waiting.created_at_ms;
                    burst.texts.push((waiting.seq, text));
                    burst.names.push(names);
                }
                _ => break,
            }
        }
        burst
    }

    /// How much longer the turn waits for what may still come; `None` when it need not.
    pub(super) fn wait_ms(&self, row: &Claimed, now_ms: i64) -> Option<i64> {
        if self.texts.is_empty() {
            return None;
        }
        let quiet_at_ms = (self.newest_ms + SILENCE_MS).min(row.created_at_ms + MOST_HELD_MS);
        (quiet_at_ms > now_ms).then_some(quiet_at_ms - now_ms)
    }

    /// The same burst with the text at a place said in plain words, where there are any.
    #[must_use]
    pub(super) fn in_words(mut self, place: usize, plain: Option<String>) -> Self {
        self.asked.insert(place, plain);
        self
    }

    /// Whether an interpreter was asked about the text at a place already.
    pub(super) fn was_asked(&self, place: usize) -> bool {
        self.asked.contains_key(&place)
    }

    /// Each message of the turn as it was written, the first before the others.
    pub(super) fn written(&self, first: &Content, names: Names) -> Vec<Option<Written>> {
        let texts = self.texts.iter().map(|(_, text)| Content::Text { text: text.clone() });
        let all = std::iter::once((first.clone(), names)).chain(texts.zip(self.names.clone()));
        all.map(|(content, names)| Written::new(content, names)).collect()
    }

    /// Whether nothing was said with the first message.
    pub(super) fn is_single(&self) -> bool {
        self.texts.is_empty()
    }

    /// What the first message says, in plain words where an interpreter had any.
    pub(super) fn first(&self, content: Content) -> Content {
        match (content, self.asked.get(&0)) {
            (Content::Text { .. }, Some(Some(plain))) => Content::Text { text: plain.clone() },
            (content, _) => content,
        }
    }

    /// The first text and those told with it, and their rows. A text that is one of the choices
    /// offered ends the burst.
    pub(super) fn gather(self, content: Content, offered: &[Choice]) -> (Vec<Content>, Vec<i64>) {
        let Content::Text { text } = content else { return (vec![content], Vec::new()) };
        let (mut texts, mut rows) = (Vec::new(), Vec::new());
        if is_joinable(&text, offered) {
            let more = self.texts.into_iter().take_while(|(_, more)| is_joinable(more, offered));
            (rows, texts) = more.unzip();
        }
        texts.insert(0, text);
        for (place, plain) in self.asked {
            if let (Some(text), Some(plain)) = (texts.get_mut(place), plain) {
                *text = plain;
            }
        }
        (texts.into_iter().map(|text| Content::Text { text }).collect(), rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_of_a_burst_keeps_its_own_name() {
        let texts = vec![(7, "namanya Kopi".to_owned()), (8, "warna pink".to_owned())];
        let names = vec![Names::default(), Names::called("12")];
        let burst = Burst { texts, names, ..Burst::default() };
        let first = Content::Text { text: "kedai kopi".to_owned() };
        let written = burst.written(&first, Names::called("10"));
        let names: Vec<_> = written.iter().map(|written| written.as_ref()?.message()).collect();
        assert_eq!(names, [Some("10"), None, Some("12")]);
    }

    #[test]
    fn plain_words_take_the_place_of_the_text_they_are_for() {
        let texts = [(7, "zzz qqq"), (8, "warna pink")].map(|(seq, text)| (seq, text.to_owned()));
        let burst = Burst { texts: texts.into(), ..Burst::default() };
        let burst = burst.in_words(1, Some("namanya Kopi".to_owned())).in_words(2, None);
        assert!(burst.was_asked(1) && burst.was_asked(2) && !burst.was_asked(0));
        let first = Content::Text { text: "kedai kopi".to_owned() };
        let (contents, rows) = burst.gather(first, &[]);
        let expected = ["kedai kopi", "namanya Kopi", "warna pink"];
        assert_eq!(contents, expected.map(|text| Content::Text { text: text.to_owned() }));
        assert_eq!(rows, [7, 8]);
    }
}
