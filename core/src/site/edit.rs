//! Typed changes to a document.

use serde::{Deserialize, Serialize};

use super::document::{
    DocumentCertificate, DocumentHours, DocumentItem, DocumentLink, DocumentPerson, DocumentPhoto,
    DocumentTestimonial, SectionKind, SectionStyle,
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
}
