//! Emoji on people's messages: which may be put where, and how fast.

use std::collections::{HashMap, HashSet};

use axum::http::HeaderMap;
use serde_json::Value;

use super::checks::Refused;

/// One in so long to a channel.
const INTERVAL_MS: i64 = 250;
/// What the names of private channels begin with; everywhere else it would have to be allowed.
const PRIVATE: &str = "7";

/// Messages of people and what the bot put on them.
#[derive(Debug, Default)]
pub(super) struct Reactions {
    /// By channel and id.
    letters: HashSet<(String, String)>,
    /// Channel, message and emoji, in order.
    put: Vec<(String, String, String)>,
    /// When the next may be put in a channel.
    open_ms: HashMap<String, i64>,
}

impl Reactions {
    pub(super) fn expect(&mut self, channel: &str, id: &str) {
        self.letters.insert((channel.to_owned(), id.to_owned()));
    }

    pub(super) fn of(&self, channel: &str) -> Vec<(String, String)> {
        let there = self.put.iter().filter(|(of, ..)| of == channel);
        there.map(|(_, message, emoji)| (message.clone(), emoji.clone())).collect()
    }

    /// The same again is there once.
    pub(super) fn put(
        &mut self,
        (channel, id): (&str, &str),
        emoji: &str,
        now_ms: i64,
    ) -> Result<Value, Refused> {
        if !channel.starts_with(PRIVATE) {
            return Err(Refused::wrong("50013: ADD_REACTIONS is missing"));
        }
        if !self.letters.contains(&(channel.to_owned(), id.to_owned())) {
            return Err(Refused::wrong("10008: Unknown Message"));
        }
        let emoji = one_emoji(emoji).ok_or_else(|| Refused::wrong("10014: Unknown Emoji"))?;
        let open_ms = self.open_ms.entry(channel.to_owned()).or_insert(now_ms);
        if *open_ms > now_ms {
            return Err(Refused::limited(*open_ms - now_ms));
        }
        *open_ms = now_ms + INTERVAL_MS;
        let put = (channel.to_owned(), id.to_owned(), emoji);
        if !self.put.contains(&put) {
            self.put.push(put);
        }
        Ok(Value::Null)
    }
}

/// Says that this was the one for now, as the real server does.
pub(super) fn with_limit(headers: &mut HeaderMap) {
    for (name, value) in [
        ("x-ratelimit-limit", "1"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset-after", "0.250"),
    ] {
        headers.insert(name, value.parse().expect("digits are a header value"));
    }
}

/// The emoji a part of a path stands for, each of its bytes as `%` and two digits.
fn one_emoji(part: &str) -> Option<String> {
    let mut bytes = Vec::new();
    for byte in part.strip_prefix('%')?.split('%') {
        let is_byte = byte.len() == 2;
        bytes.push(u8::from_str_radix(byte, 16).ok().filter(|_| is_byte)?);
    }
    let emoji = String::from_utf8(bytes).ok()?;
    let mut signs = emoji.chars().filter(|sign| *sign != '\u{fe0f}');
    let is_one =
        signs.next().is_some_and(|sign| u32::from(sign) >= 0x2190) && signs.next().is_none();
    is_one.then_some(emoji)
}
