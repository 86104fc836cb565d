//! What a business shows beside its words: certificates, its QRIS picture, its pages elsewhere.
//!
//! Only what is of the right form is shown; nothing here is ever made up or drawn in an owner's name.

use super::compile::CompileError;
use super::document::{Business, DocumentPhoto};
use super::labels::{Labels, fill};
use super::logo;
use super::markup::Markup;
use super::photo::{self, PhotoUse};
use super::shop::{self, Action};
use crate::brief::{Certificate, CertificateKind, Link, LinkKind};

use askama::Template;

/// How the path of a photo ends that is shown whole, as its master is.
pub const WHOLE_PHOTO: &str = "-whole.jpg";
/// Most certificates that are shown.
const CERTIFICATES_AT_MOST: usize = 8;

/// The certificates of the right form, in the owner's order.
pub(super) fn certificates(business: &Business) -> Vec<Certificate> {
    let read = |one: &super::document::DocumentCertificate| {
        Certificate::parse(CertificateKind::from_slug(&one.kind)?, &one.number).ok()
    };
    business.certificates.iter().filter_map(read).take(CERTIFICATES_AT_MOST).collect()
}

/// Pages elsewhere with their names and marks; maps stand with the address. What a page is called is
/// told by its host alone, whatever it was stored as.
pub(super) fn elsewhere(business: &Business) -> Vec<Action> {
    let links = business.links.iter().filter_map(|link| Link::of_url(&link.url));
    links
        .filter(|link| link.kind != LinkKind::Maps)
        .map(|link| Action {
            icon: mark(link.kind),
            label: name(&link),
            href: link.url,
            name: String::new(),
        })
        .collect()
}

/// Proper names of services; the host for any other page.
fn name(link: &Link) -> String {
    link.kind.label().map(str::to_owned).unwrap_or_else(|| {
        let host =
            url::Url::parse(&link.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default().trim_start_matches("www.").to_owned()
    })
}

/// Our own mark for a service: what is found there, not its trademark.
const fn mark(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Instagram => "photo",
        LinkKind::Tiktok => "note",
        LinkKind::Youtube => "play",
        LinkKind::Facebook | LinkKind::X => "talk",
        LinkKind::Linkedin => "card",
        LinkKind::Tokopedia | LinkKind::Shopee | LinkKind::TiktokShop => "bag",
        LinkKind::Gofood | LinkKind::Grabfood => "meal",
        LinkKind::Maps => "pin",
        LinkKind::Website => "globe",
    }
}

/// The path of the QRIS picture: the master itself, whole.
pub(super) fn qris_path(photo: &DocumentPhoto) -> String {
    format!("/photos/{}{}", &photo.id[..16], WHOLE_PHOTO)
}

/// The files of all pictures that the pages of a business show.
pub(super) fn photo_uses(business: &Business) -> Vec<PhotoUse> {
    let whole = qris(business).map(|photo| PhotoUse {
        path: qris_path(photo),
        photo: photo.id.clone(),
        width_px: photo.width_px,
    });
    let mut uses: Vec<_> = photo::uses(business).into_iter().chain(whole).collect();
    for file in logo::uses(business) {
        // A small picture may be shown as a photo of the same width.
        if !uses.contains(&file) {
            uses.push(file);
        }
    }
    uses
}

/// The owner's QRIS picture, when there is one that can be shown.
pub(super) fn qris(business: &Business) -> Option<&DocumentPhoto> {
    business.qris.as_ref().filter(|photo| shop::is_photo(photo))
}

#[derive(Template)]
#[template(path = "site/sections/proofs.html")]
struct Proofs<'a> {
    labels: &'a Labels,
    certificates: Vec<Certificate>,
    links: Vec<Action>,
    qris: Option<Qris>,
}

struct Qris {
    src: String,
    width: u32,
    height: u32,
    alt: String,
}

/// Whether there is anything of all these.
pub(super) fn any(business: &Business) -> bool {
    qris(business).is_some()
        || !certificates(business).is_empty()
        || !elsewhere(business).is_empty()
}

/// The pieces of the style sheet that these need.
pub(super) fn styles(business: &Business) -> Vec<(&'static str, &'static str)> {
    let parts = [
        (any(business), ""),
        (qris(business).is_some(), "qris"),
        (!certificates(business).is_empty(), "permits"),
    ];
    parts.into_iter().filter(|(there, _)| *there).map(|(_, part)| ("proofs", part)).collect()
}

/// The part of the contact section that holds all of these; empty when there is none.
pub(super) fn part(business: &Business, labels: &Labels) -> Result<Markup, CompileError> {
    if !any(business) {
        return Ok(Markup::default());
    }
    let (certificates, links) = (certificates(business), elsewhere(business));
    let qris = qris(business).map(|photo| Qris {
        src: qris_path(photo),
        width: photo.width_px,
        height: photo.height_px,
        alt: fill(&labels.qris_alt, &[("name", &business.name)]),
    });
    Markup::of(&Proofs { labels, certificates, links, qris })
}
