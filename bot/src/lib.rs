//! The conversation of SiteSpark and the channels it speaks on.

pub mod channels;
pub mod comparisons;
pub mod conversation;
pub mod deliveries;
pub mod driver;
pub mod exports;
pub mod hearing;
pub mod inbox;
pub mod interpreter;
pub mod jobs;
pub mod message;
pub mod outbox;
pub mod reminders;
pub mod sender;
pub mod speaking;
pub mod store;
#[cfg(any(test, feature = "fakes"))]
pub mod testing;
pub mod texts;
