//! The brief: what an owner said, as typed values, and the parsers that read Indonesian and English ways of saying them.
//!
//! Pure. It must never guess: a parser answers `None` or an error rather than a value that was not said.

use std::ops::Range;

mod address;
mod amount;
mod certificate;
mod colour;
mod email;
mod hours;
mod hours_change;
mod hours_tokens;
mod hours_words;
mod items;
mod link;
mod model;
mod money;
mod phone;
mod phrase;
mod stored;
mod tone;
mod trade;
mod units;
mod zone;

pub(crate) use address::spelled_place;
pub use certificate::{Certificate, CertificateFault, CertificateKind};
pub use colour::Rgb;
pub use email::Email;
pub use hours::{Hours, OpenSpan};
pub use hours_change::HoursChange;
pub use items::{MAX_ITEMS, parse_items, parse_more_items};
pub use link::{Link, LinkKind};
pub use model::{
    Answer, Brief, Contact, Feature, Focus, Item, Language, Photo, PhotoId, PhotoRole, Style, Tone,
    Trade,
};
pub use money::{Price, Rupiah, find_prices};
pub use phone::{Phone, PhoneError};
pub(crate) use phrase::folded_words;
pub use phrase::slips;
pub use stored::{StoredBrief, StoredBriefError, StoredPhoto};
pub use zone::TimeZone;

/// A value found inside a text, and the bytes it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// What was understood.
    pub value: T,
    /// Where it stands in the text.
    pub range: Range<usize>,
}
