//! Typed changes to a document.

use serde::{Deserialize, Serialize};

use super::document::{
    DocumentCertificate, DocumentHours, DocumentItem, DocumentLink, DocumentPerson, DocumentPhoto,
    DocumentSpan, DocumentTestimonial, Meta, Point, SectionKind, SectionStyle, Words,
};

/// One change. Facts edits need no model and no tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// The name on the sign, everywhere it stands.
    SetName {
        /// 2 to 60 characters.
        name: String,
    },
    /// The phone, as E.164; `None` takes it away.
    SetPhone {
        /// The number.
        phone: Option<String>,
    },
    /// Street address and town.
    SetAddress {
        /// Street address.
        address: Option<String>,
        /// Town.
        city: Option<String>,
    },
    /// Opening hours.
    SetHours {
        /// The hours.
        hours: Option<DocumentHours>,
    },
    /// Opening hours of some days, or one end of them; what is not named stays.
    ChangeHours {
        /// The change.
        change: HoursEdit,
    },
    /// Put an item in; an item of the same name (ignoring case) is replaced.
    PutItem {
        /// The item.
        item: DocumentItem,
    },
    /// Change an item's price.
    SetPrice {
        /// The item's name, compared without case and spaces.
        item: String,
        /// Lowest price in Rupiah.
        price_rupiah: i64,
    },
    /// Take an item out.
    RemoveItem {
        /// The item's name.
        item: String,
    },
    /// Mark an item sold out or back.
    SetSoldOut {
        /// The item's name.
        item: String,
        /// Whether it is sold out.
        sold_out: bool,
    },
    /// The colour all others come from, `#rrggbb`.
    Recolour {
        /// The colour.
        colour: String,
    },
    /// Another theme with the same content.
    SetTheme {
        /// A theme id.
        theme: String,
    },
    /// A section's heading on the home page.
    SetHeading {
        /// Which family.
        section: SectionKind,
        /// The new heading, at most 80 characters.
        heading: String,
    },
    /// Show or hide a family of sections.
    SetHidden {
        /// Which family.
        section: SectionKind,
        /// Whether it is hidden.
        hidden: bool,
    },
    /// Add a photo to the gallery (and the first view when there was none).
    AddPhoto {
        /// The photo.
        photo: DocumentPhoto,
    },
    /// Add or replace someone who works here, as the owner named them.
    PutPerson {
        /// The person.
        person: DocumentPerson,
    },
    /// Take a person out.
    RemovePerson {
        /// The name.
        name: String,
    },
    /// Add or replace what a customer said, as the owner passed it on.
    PutTestimonial {
        /// The words and who said them.
        testimonial: DocumentTestimonial,
    },
    /// Take a customer's words out.
    RemoveTestimonial {
        /// How they begin, or who said them.
        text: String,
    },
    /// Another look for a family of sections.
    SetLook {
        /// Which family.
        section: SectionKind,
        /// One of its variants; `None` leaves it.
        variant: Option<String>,
        /// How it departs from the theme; `None` leaves that.
        style: Option<SectionStyle>,
    },
    /// Add or replace a page elsewhere.
    PutLink {
        /// The link.
        link: DocumentLink,
    },
    /// Put a certificate in; one of the same kind is replaced.
    SetCertificate {
        /// The certificate.
        certificate: DocumentCertificate,
    },
    /// Take the certificates of a kind off.
    RemoveCertificate {
        /// A [`crate::brief::CertificateKind`] slug.
        kind: String,
    },
    /// The owner's picture of their QRIS code; `None` takes it away.
    SetQris {
        /// The picture.
        photo: Option<DocumentPhoto>,
    },
    /// The owner's logo; `None` takes it away.
    SetLogo {
        /// The picture.
        photo: Option<DocumentPhoto>,
    },
    /// The time zone, `wib`, `wita` or `wit`; with `None` the town tells it.
    SetTimeZone {
        /// The zone.
        zone: Option<String>,
    },
    /// The other languages the site is in as well; none leaves one language.
    SetLanguages {
        /// Tags, `id` or `en`; the document's own is left out.
        languages: Vec<String>,
    },
    /// Take the pages of one service out.
    RemoveLink {
        /// A [`crate::brief::LinkKind`] slug.
        kind: String,
    },
    /// The e-mail address; `None` takes it away.
    SetEmail {
        /// The address.
        email: Option<String>,
    },
    /// Change an item's price to a range, or keep it one price when there is no upper end.
    SetPriceRange {
        /// The item's name.
        item: String,
        /// Lowest price in Rupiah.
        price_rupiah: i64,
        /// Highest price in Rupiah.
        price_to_rupiah: Option<i64>,
    },
    /// Call an item something else.
    RenameItem {
        /// Its name now.
        item: String,
        /// Its new name.
        name: String,
    },
    /// Move an item within the list.
    MoveItem {
        /// The item's name.
        item: String,
        /// Where to.
        place: ItemPlace,
    },
    /// The remark beside an item; `None` takes it away.
    SetItemNote {
        /// The item's name.
        item: String,
        /// At most 160 characters.
        note: Option<String>,
    },
    /// The photo beside an item; `None` takes it away.
    SetItemPhoto {
        /// The item's name.
        item: String,
        /// Which photo of the site.
        photo: Option<PhotoPick>,
    },
    /// The line of business.
    SetTrade {
        /// A [`crate::brief::Trade`] slug.
        trade: String,
        /// The owner's own words for it.
        said: String,
    },
    /// Another theme that fits, never the one there is.
    Retheme {
        /// A [`crate::brief::Tone`] slug, when one was asked for.
        tone: Option<String>,
    },
    /// The sentences under a section's heading; empty for none.
    SetLead {
        /// Which family.
        section: SectionKind,
        /// At most 240 characters.
        lead: String,
    },
    /// The label of a section's button; empty for the default.
    SetAction {
        /// Which family.
        section: SectionKind,
        /// At most 30 characters.
        action: String,
    },
    /// One paragraph of a section; the one after the last is added, an empty one is taken out.
    SetParagraph {
        /// Which family.
        section: SectionKind,
        /// Counted from 1.
        number: u32,
        /// At most 600 characters.
        text: String,
    },
    /// One titled text of a section; the one after the last is added.
    SetPoint {
        /// Which family.
        section: SectionKind,
        /// Counted from 1.
        number: u32,
        /// The title and the text.
        point: Point,
    },
    /// One more titled text at the end; one of the same title is replaced.
    PutPoint {
        /// Which family.
        section: SectionKind,
        /// The title and the text.
        point: Point,
    },
    /// Take a titled text out.
    RemovePoint {
        /// Which family.
        section: SectionKind,
        /// Counted from 1.
        number: u32,
    },
    /// All words of a section.
    SetWords {
        /// Which family.
        section: SectionKind,
        /// The words.
        words: Words,
    },
    /// Put a section in, or show it again.
    AddSection {
        /// Which family.
        section: SectionKind,
        /// Its words; without any it gets the heading of its family.
        words: Option<Words>,
    },
    /// Take a family of sections out for good.
    RemoveSection {
        /// Which family.
        section: SectionKind,
    },
    /// Move a section; the first view stays where it is.
    MoveSection {
        /// Which family.
        section: SectionKind,
        /// Where to.
        place: SectionPlace,
    },
    /// Keep a section as it is, or open it again.
    SetLocked {
        /// Which family.
        section: SectionKind,
        /// Whether it is kept as it is.
        locked: bool,
    },
    /// Take a photo out, wherever it is shown.
    RemovePhoto {
        /// Which photo of the site.
        photo: PhotoPick,
    },
    /// The photo of the first view.
    SetHeroPhoto {
        /// Which photo of the site.
        photo: PhotoPick,
    },
    /// `id` or `en`: the labels and the menu; words stay as they are.
    SetLanguage {
        /// The language.
        language: String,
    },
    /// Title and description for search and sharing.
    SetMeta {
        /// The new ones.
        meta: Meta,
    },
    /// The title for search and sharing.
    SetTitle {
        /// At most 60 characters.
        title: String,
    },
    /// The description for search and sharing.
    SetDescription {
        /// At most 160 characters.
        description: String,
    },
}

impl Edit {
    /// Whether a picture of the page shows what it changed better than words: not where one line of
    /// facts or what only machines read is another.
    pub const fn shows(&self) -> bool {
        match self {
            Self::SetName { .. } | Self::SetHeading { .. } | Self::SetLead { .. } => true,
            Self::SetAction { .. } | Self::SetParagraph { .. } | Self::SetWords { .. } => true,
            Self::SetPoint { .. } | Self::PutPoint { .. } | Self::RemovePoint { .. } => true,
            Self::PutItem { .. } | Self::RemoveItem { .. } | Self::MoveItem { .. } => true,
            Self::SetPrice { .. } | Self::SetPriceRange { .. } | Self::RenameItem { .. } => true,
            Self::SetSoldOut { .. } | Self::SetItemNote { .. } => true,
            Self::SetItemPhoto { .. } | Self::AddPhoto { .. } | Self::RemovePhoto { .. } => true,
            Self::SetHeroPhoto { .. } | Self::SetQris { .. } | Self::SetLogo { .. } => true,
            Self::Recolour { .. } | Self::SetTheme { .. } | Self::Retheme { .. } => true,
            Self::SetLook { .. } | Self::SetHidden { .. } | Self::SetTrade { .. } => true,
            Self::AddSection { .. } | Self::RemoveSection { .. } => true,
            Self::MoveSection { .. } | Self::SetLanguage { .. } => true,
            Self::PutPerson { .. } | Self::RemovePerson { .. } => true,
            Self::PutTestimonial { .. } | Self::RemoveTestimonial { .. } => true,
            Self::SetPhone { .. } | Self::SetEmail { .. } | Self::SetAddress { .. } => false,
            Self::SetHours { .. } | Self::ChangeHours { .. } => false,
            Self::SetTimeZone { .. } => false,
            Self::PutLink { .. } | Self::RemoveLink { .. } => false,
            Self::SetCertificate { .. } | Self::RemoveCertificate { .. } => false,
            Self::SetLanguages { .. } | Self::SetLocked { .. } => false,
            Self::SetMeta { .. } | Self::SetTitle { .. } | Self::SetDescription { .. } => false,
        }
    }
}

/// A change of opening hours; the fields are those of [`crate::brief::HoursChange`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HoursEdit {
    /// Days with hours of their own.
    #[serde(default)]
    pub spans: Vec<DocumentSpan>,
    /// ISO weekdays that are closed.
    #[serde(default)]
    pub closed: Vec<u8>,
    /// ISO weekdays that are open as the others are.
    #[serde(default)]
    pub usual: Vec<u8>,
    /// Breaks, each on its days.
    #[serde(default)]
    pub breaks: Vec<DocumentSpan>,
    /// Opens at this minute, on `days`.
    #[serde(default)]
    pub opens_min: Option<u16>,
    /// Closes at this minute, on `days`.
    #[serde(default)]
    pub closes_min: Option<u16>,
    /// The days of another opening or closing time.
    #[serde(default)]
    pub days: Vec<u8>,
}

/// Where an item goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum ItemPlace {
    /// To the top of the list.
    First,
    /// To its end.
    Last,
    /// Right before another.
    Before {
        /// The other item's name.
        item: String,
    },
    /// Right after another.
    After {
        /// The other item's name.
        item: String,
    },
}

/// Where a section goes on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum SectionPlace {
    /// Right under the first view.
    First,
    /// To the end of the page.
    Last,
    /// One up.
    Up,
    /// One down.
    Down,
    /// Right above another.
    Before {
        /// The other family.
        section: SectionKind,
    },
    /// Right under another.
    After {
        /// The other family.
        section: SectionKind,
    },
}

/// A photo of the site as an owner points at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pick", rename_all = "snake_case")]
pub enum PhotoPick {
    /// By its hash.
    Id {
        /// SHA-256 of the master in hex.
        id: String,
    },
    /// By its place.
    Number {
        /// Counted from 1.
        number: u32,
    },
    /// The one that came last.
    Last,
}

/// Why an edit cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The named thing is not in the document.
    #[error("{0} is not on the site")]
    NotFound(String),
    /// A value is out of bounds.
    #[error("{0}")]
    Invalid(String),
    /// The owner has locked the section.
    #[error("{0} is locked")]
    Locked(String),
}
