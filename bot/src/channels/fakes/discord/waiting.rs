//! Interactions: three seconds for the first answer, a quarter of an hour for the rest.

use serde_json::Value;
use sitespark_core::clock::Clock;

use super::checks::{self, Refused};
use super::{Seen, State};

/// How long an interaction can be answered for the first time, and after that.
const FIRST_ANSWER_MS: i64 = 3_000;
const TOKEN_LIFE_MS: i64 = 15 * 60 * 1_000;

/// An interaction that waits to be answered.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) channel: String,
    pub(super) asked_at_ms: i64,
    /// The message that stands for the answer, once the first answer put it off.
    pub(super) message: Option<String>,
    pub(super) answered: bool,
}

impl State {
    pub(super) fn first_answer(&mut self, token: &str, answer: &Value) -> Result<(), Refused> {
        checks::first_answer(answer)?;
        let now_ms = self.clock.now_ms();
        let id = self.fresh_id();
        let Some(waiting) = self.waiting.get_mut(token) else {
            return Err(Refused::new(404, 10_062, "Unknown interaction"));
        };
        if waiting.answered {
            return Err(Refused::new(400, 40_060, "already acknowledged"));
        }
        if now_ms - waiting.asked_at_ms > FIRST_ANSWER_MS {
            return Err(Refused::new(404, 10_062, "Unknown interaction"));
        }
        waiting.answered = true;
        if answer["type"] == 5 {
            waiting.message = Some(id.clone());
            let seen = Seen {
                id,
                content: String::new(),
                text: String::new(),
                components: Value::Null,
                files: Vec::new(),
                thinking: true,
            };
            self.seen.entry(waiting.channel.clone()).or_default().push(seen);
        }
        Ok(())
    }

    pub(super) fn ticket(&self, token: &str) -> Result<Waiting, Refused> {
        let waiting = self.waiting.get(token).filter(|waiting| waiting.answered);
        let waiting = waiting.ok_or_else(|| Refused::new(404, 10_015, "Unknown Webhook"))?;
        if self.clock.now_ms() - waiting.asked_at_ms > TOKEN_LIFE_MS {
            return Err(Refused::new(401, 50_027, "Invalid Webhook Token"));
        }
        debug_assert!(!waiting.id.is_empty(), "an interaction has an id");
        Ok(waiting.clone())
    }
}
