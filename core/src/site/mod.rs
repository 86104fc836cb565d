//! The site as data and its way to pages.
//!
//! Pure: no IO, no clock, no network. Only this context writes markup.

mod apply;
mod art;
mod brands;
pub(crate) mod choice;
mod comparison;
mod compile;
pub mod document;
mod edit;
mod fixed;
pub mod gate;
mod labels;
mod languages;
mod lettering;
pub mod letters;
pub mod likeness;
mod logo;
mod marks;
mod markup;
mod order;
pub mod palette;
mod photo;
mod pictures;
mod poster;
mod proofs;
mod restore;
#[cfg(test)]
mod sample;
mod sections;
mod shop;
mod structured;
mod style;
pub mod subdomain;
pub mod theme;
mod trades;
mod worn;

pub(crate) use apply::retell;
pub use apply::{apply, check_bounds};
pub use comparison::compare_pages;
pub use compile::{
    BuiltFile, BuiltSite, CompileError, Pixels, Place, compile, compile_pages, compile_with,
    lead_photo, logo_photo,
};
pub use edit::{Edit, EditError, HoursEdit, ItemPlace, PhotoPick, SectionPlace};
pub use gate::{Fault, FaultKind};
pub(crate) use languages::{translated, translation_of};
pub use logo::logo_files_of;
pub use order::{
    Chosen, NAME_CHARS_AT_MOST, NOTE_CHARS_AT_MOST, ORDER_FORM, ORDER_SHEET, OrderFault,
    OrderSheet, without_order_list,
};
pub use photo::{ILLUSTRATED, ILLUSTRATED_LOOK, PHOTO_WIDTHS, PhotoUse, files_of};
pub use pictures::{og_png, pictures};
pub use poster::{POSTER, SHEET_TYPE, sheet};
pub use proofs::WHOLE_PHOTO;
pub use restore::{Part, changed_parts, is_same_part, restore_section};
pub use subdomain::{Subdomain, SubdomainError};
pub use theme::{Theme, default_colour, match_theme, themes};
