//! The brief: what an owner said, as typed values, and the parsers that read Indonesian and English ways of saying them.
//!
//! Pure. It must never guess: a parser answers `None` or an error rather than a value that was not said.

mod colour;
mod hours;
mod link;
mod model;
mod money;
mod phone;

pub use colour::Rgb;
pub use hours::{Hours, OpenSpan};
pub use link::{Email, Link, LinkKind};
pub use model::{
    Answer, Brief, Contact, Feature, Item, Language, Photo, PhotoId, Style, Tone, Trade,
};
pub use money::{Price, Rupiah};
pub use phone::{Phone, PhoneError};
