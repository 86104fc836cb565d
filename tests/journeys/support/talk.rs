//! A talk without a channel of others: the terminal's, straight into the inbox.

use std::sync::atomic::{AtomicI64, Ordering};

use sitespark_bot::message::{Channel, Content, Inbound, Sender};
use sitespark_bot::store::{self, Line};

use super::{CAFE, Running};

/// Counts messages of all talks of a test.
static SAID: AtomicI64 = AtomicI64::new(0);

/// Somebody at the terminal.
pub(crate) struct Talk<'a> {
    house: &'a Running,
    user: &'a str,
}

impl<'a> Talk<'a> {
    pub(crate) fn new(house: &'a Running, user: &'a str) -> Self {
        Self { house, user }
    }

    /// Everything about the café but the yes.
    pub(crate) async fn tell_everything(&self) {
        for line in CAFE {
            self.say(line).await;
        }
    }

    /// Everything about the café and the yes; gives what the bot said to it.
    pub(crate) async fn go_live(&self) -> Vec<Line> {
        self.tell_everything().await;
        self.say("ya").await
    }

    /// Says something and waits for silence.
    pub(crate) async fn say(&self, text: &str) -> Vec<Line> {
        let before = self.lines().await.len();
        self.begin(text).await;
        self.house.settle().await;
        self.lines().await.split_off(before)
    }

    /// Says something and waits for nothing.
    pub(crate) async fn begin(&self, text: &str) {
        let said = Self::said(self.user, text);
        self.house.house.intake.receive(&[said]).await.expect("it can be stored");
    }

    /// What a user says at the terminal.
    pub(crate) fn said(user: &str, text: &str) -> Inbound {
        Inbound {
            channel: Channel::Terminal,
            chat: user.to_owned(),
            cause: format!("terminal:test-{}", SAID.fetch_add(1, Ordering::SeqCst)),
            sender: Sender { external_id: user.to_owned(), ..Sender::default() },
            sent_at_ms: 0,
            content: Content::Text { text: text.to_owned() },
            acknowledge: None,
            message_ref: None,
            edited: false,
        }
    }

    /// What the bot said so far.
    pub(crate) async fn lines(&self) -> Vec<Line> {
        let db = &self.house.house.db;
        let lines = store::lines_after(db, Channel::Terminal, self.user, 0, 1_000).await;
        lines
            .expect("the transcript can be read")
            .into_iter()
            .filter(|line| line.from_bot)
            .collect()
    }
}
