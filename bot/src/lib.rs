//! The conversation of SiteSpark and the channels it speaks on.

pub mod channels;
pub mod conversation;
pub mod driver;
pub mod exports;
pub mod inbox;
pub mod jobs;
pub mod message;
pub mod outbox;
pub mod reminders;
pub mod sender;
pub mod store;
pub mod texts;
