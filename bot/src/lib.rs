//! The conversation of SiteSpark and the channels it speaks on.

pub mod channels;
pub mod conversation;
pub mod message;
pub mod texts;
