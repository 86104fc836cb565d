//! The site as data and its way to pages.
//!
//! Pure: no IO, no clock, no network. Only this context writes markup.

mod apply;
mod art;
mod brands;
mod compile;
pub mod document;
mod edit;
mod fixed;
pub mod gate;
mod labels;
mod languages;
mod markup;
mod order;
pub mod palette;
mod pictures;
mod proofs;
#[cfg(test)]
mod sample;
mod sections;
mod shop;
mod structured;
mod style;
pub mod subdomain;
pub mod theme;
mod trades;

pub use apply::apply;
pub use compile::{BuiltFile, BuiltSite, CompileError, Place, compile, compile_pages};
pub use edit::{Edit, EditError};
pub use gate::{Fault, FaultKind, Refusal, RefusalKind};
pub(crate) use languages::{translated, translation_of};
pub use order::{
    Chosen, NAME_CHARS_AT_MOST, NOTE_CHARS_AT_MOST, ORDER_FORM, ORDER_SHEET, OrderFault,
    OrderSheet, without_order_list,
};
pub use pictures::{og_png, pictures};
pub use shop::{PHOTO_WIDTHS, PhotoUse, WHOLE_PHOTO};
pub use subdomain::{Subdomain, SubdomainError};
pub use theme::{Theme, default_colour, match_theme, themes};
