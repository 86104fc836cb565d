//! Changes of a live site in words, so that the owner sees what was understood.

use sitespark_core::brief::{
    CertificateKind, Hours, LinkKind, OpenSpan, Phone, Rupiah, TimeZone, Tone,
};
use sitespark_core::site::document::{
    DocumentCertificate, DocumentHours, DocumentSpan, SectionKind,
};
use sitespark_core::site::{Edit, HoursEdit, Part};

use super::names;
use super::summary;
use super::turn::Turn;

/// Most lines of a list.
const MAX_LINES: usize = 8;
/// Most parts of a version that are named.
const MAX_PARTS: usize = 3;

/// The changes, a line each.
pub(crate) fn edits(edits: &[Edit], turn: &Turn<'_>) -> String {
    let mut lines: Vec<String> =
        edits.iter().take(MAX_LINES).map(|edit| format!("• {}", line(edit, turn))).collect();
    if edits.len() > MAX_LINES {
        let more = i64::try_from(edits.len() - MAX_LINES).unwrap_or(i64::MAX);
        lines.push(turn.plain("word-and-more", &[("count", more.into())]));
    }
    lines.join("\n")
}

/// Names of items, cut to a readable number.
pub(crate) fn names(items: &[String], turn: &Turn<'_>) -> String {
    let mut named: Vec<String> = items.iter().take(MAX_LINES).cloned().collect();
    if items.len() > MAX_LINES {
        let more = i64::try_from(items.len() - MAX_LINES).unwrap_or(i64::MAX);
        named.push(turn.plain("word-and-more", &[("count", more.into())]));
    }
    named.join(", ")
}

fn line(edit: &Edit, turn: &Turn<'_>) -> String {
    let with =
        |key: &str, value: String| turn.plain(key, &[("value", summary::short(&value).into())]);
    let gone = |key: &str| turn.plain(key, &[]);
    let rupiah = |amount: i64| Rupiah(amount).shown(turn.language);
    match edit {
        Edit::SetName { name } => with("word-edit-name", name.clone()),
        Edit::SetPhone { phone: Some(phone) } => with("word-edit-phone", national(phone)),
        Edit::SetPhone { phone: None } => gone("word-edit-phone-gone"),
        Edit::SetAddress { address: Some(address), .. } => {
            with("word-edit-address", address.clone())
        }
        Edit::SetAddress { address: None, city: Some(city) } => {
            with("word-edit-address", city.clone())
        }
        Edit::SetAddress { address: None, city: None } => gone("word-edit-address-gone"),
        Edit::SetHours { hours: Some(hours) } => {
            with("word-edit-hours", summary::hours(&as_said(hours), turn))
        }
        Edit::SetHours { hours: None } => gone("word-edit-hours-gone"),
        Edit::ChangeHours { change } => with("word-edit-days", changed_hours(change, turn)),
        Edit::PutItem { item } => {
            let price = item.price_rupiah.map(|price| format!(" {}", rupiah(price)));
            with("word-edit-item", format!("{}{}", item.name, price.unwrap_or_default()))
        }
        Edit::SetPrice { item, price_rupiah } => {
            with("word-edit-price", format!("{item} {}", rupiah(*price_rupiah)))
        }
        Edit::RemoveItem { item } => with("word-edit-item-gone", item.clone()),
        Edit::SetSoldOut { item, sold_out: true } => with("word-edit-sold-out", item.clone()),
        Edit::SetSoldOut { item, sold_out: false } => with("word-edit-back", item.clone()),
        Edit::Recolour { .. } => gone("word-edit-colour"),
        Edit::SetTheme { .. } => gone("word-edit-theme"),
        Edit::SetHeading { heading, .. } => with("word-edit-heading", heading.clone()),
        Edit::SetHidden { section, hidden: true } => {
            with("word-edit-hidden", gone(section_name(*section)))
        }
        Edit::SetHidden { section, hidden: false } => {
            with("word-edit-shown", gone(section_name(*section)))
        }
        Edit::AddPhoto { .. } => gone("word-edit-photo"),
        Edit::SetCertificate { certificate } => {
            with("word-edit-certificate", numbered(certificate))
        }
        Edit::RemoveCertificate { kind } => with("word-edit-certificate-gone", kind_label(kind)),
        Edit::SetQris { photo: Some(_) } => gone("word-edit-qris"),
        Edit::SetQris { photo: None } => gone("word-edit-qris-gone"),
        Edit::SetLogo { photo: Some(_) } => gone("word-edit-logo"),
        Edit::SetLogo { photo: None } => gone("word-edit-logo-gone"),
        Edit::SetTimeZone { zone } => {
            let zone = zone.as_deref().and_then(TimeZone::from_slug);
            zone.map_or_else(
                || gone("word-edit-zone-gone"),
                |zone| with("word-edit-zone", zone.label().to_owned()),
            )
        }
        Edit::SetLanguages { languages } if languages.is_empty() => gone("word-edit-language-one"),
        Edit::SetLanguages { .. } => gone("word-edit-language-two"),
        Edit::PutPerson { person } => with("word-edit-person", person.name.clone()),
        Edit::RemovePerson { name } => with("word-edit-person-gone", name.clone()),
        Edit::PutTestimonial { testimonial } => {
            with("word-edit-testimonial", testimonial.text.clone())
        }
        Edit::RemoveTestimonial { text } => with("word-edit-testimonial-gone", text.clone()),
        Edit::SetLook { section, .. } => with("word-edit-look", gone(section_name(*section))),
        Edit::PutLink { link } if link.kind == LinkKind::Maps.slug() => gone("word-edit-place"),
        Edit::PutLink { link } => with("word-edit-link", summary::page(&link.url)),
        Edit::RemoveLink { kind } => with("word-edit-link-gone", kind.clone()),
        Edit::SetEmail { email: Some(email) } => with("word-edit-email", email.clone()),
        Edit::SetEmail { email: None } => gone("word-edit-email-gone"),
        Edit::SetPriceRange { item, price_rupiah, price_to_rupiah } => {
            let to = price_to_rupiah.map(|to| format!("–{}", rupiah(to))).unwrap_or_default();
            with("word-edit-price", format!("{item} {}{to}", rupiah(*price_rupiah)))
        }
        Edit::RenameItem { item, name } => with("word-edit-renamed", format!("{item} → {name}")),
        Edit::MoveItem { item, .. } => with("word-edit-moved", item.clone()),
        Edit::SetItemNote { item, note: Some(note) } => {
            with("word-edit-note", format!("{item}: {note}"))
        }
        Edit::SetItemNote { item, note: None } => with("word-edit-note-gone", item.clone()),
        Edit::SetItemPhoto { item, photo: Some(_) } => with("word-edit-item-photo", item.clone()),
        Edit::SetItemPhoto { item, photo: None } => with("word-edit-item-photo-gone", item.clone()),
        Edit::SetTrade { said, .. } => with("word-edit-trade", said.clone()),
        Edit::Retheme { tone } => {
            let tone = tone.as_deref().and_then(Tone::from_slug);
            match tone {
                Some(tone) => with("word-edit-theme-tone", gone(names::tone_label(tone))),
                None => gone("word-edit-theme"),
            }
        }
        Edit::SetLead { section, lead } => {
            with("word-edit-words", format!("{}: {lead}", gone(section_name(*section))))
        }
        Edit::SetAction { action, .. } => with("word-edit-action", action.clone()),
        Edit::SetParagraph { section, text, .. } => {
            with("word-edit-words", format!("{}: {text}", gone(section_name(*section))))
        }
        Edit::SetPoint { section, point, .. } | Edit::PutPoint { section, point } => {
            with("word-edit-words", format!("{}: {}", gone(section_name(*section)), point.title))
        }
        Edit::RemovePoint { section, .. } | Edit::SetWords { section, .. } => {
            with("word-edit-section", gone(section_name(*section)))
        }
        Edit::AddSection { section, .. } => with("word-edit-shown", gone(section_name(*section))),
        Edit::RemoveSection { section } => {
            with("word-edit-section-gone", gone(section_name(*section)))
        }
        Edit::MoveSection { section, .. } => with("word-edit-moved", gone(section_name(*section))),
        Edit::SetLocked { section, locked: true } => {
            with("word-edit-locked", gone(section_name(*section)))
        }
        Edit::SetLocked { section, locked: false } => {
            with("word-edit-unlocked", gone(section_name(*section)))
        }
        Edit::RemovePhoto { .. } => gone("word-edit-photo-gone"),
        Edit::SetHeroPhoto { .. } => gone("word-edit-photo-first"),
        Edit::SetLanguage { language } => with("word-edit-language", language.clone()),
        Edit::SetMeta { meta } => with("word-edit-title", meta.title.clone()),
        Edit::SetTitle { title } => with("word-edit-title", title.clone()),
        Edit::SetDescription { description } => with("word-edit-description", description.clone()),
    }
}

/// What a version changed, in a few words.
pub(crate) fn parts(parts: &[Part], turn: &Turn<'_>) -> String {
    let mut named: Vec<String> =
        parts.iter().take(MAX_PARTS).map(|part| turn.plain(part_name(*part), &[])).collect();
    if parts.len() > MAX_PARTS {
        let more = i64::try_from(parts.len() - MAX_PARTS).unwrap_or(i64::MAX);
        named.push(turn.plain("word-and-more", &[("count", more.into())]));
    }
    named.join(", ")
}

const fn part_name(part: Part) -> &'static str {
    match part {
        Part::Name => "word-part-name",
        Part::Trade => "word-part-trade",
        Part::Items => "word-part-items",
        Part::Contact => "word-part-contact",
        Part::Links => "word-part-links",
        Part::Address => "word-part-address",
        Part::Hours => "word-part-hours",
        Part::Photos => "word-part-photos",
        Part::Logo => "word-part-logo",
        Part::People => section_name(SectionKind::Team),
        Part::Testimonials => section_name(SectionKind::Testimonials),
        Part::Colour => "word-part-colour",
        Part::Theme => "word-part-theme",
        Part::Language => "word-part-language",
        Part::Meta => "word-part-meta",
        Part::Order => "word-part-order",
        Part::Section(kind) => section_name(kind),
    }
}

fn numbered(certificate: &DocumentCertificate) -> String {
    format!("{} {}", kind_label(&certificate.kind), certificate.number)
}

fn kind_label(kind: &str) -> String {
    CertificateKind::from_slug(kind).map_or_else(|| kind.to_owned(), |kind| kind.label().to_owned())
}

fn national(e164: &str) -> String {
    Phone::parse(e164).map_or_else(|_| e164.to_owned(), |phone| phone.national())
}

fn as_said(hours: &DocumentHours) -> Hours {
    Hours { always: hours.always, spans: hours.spans.iter().map(span_said).collect() }
}

fn span_said(span: &DocumentSpan) -> OpenSpan {
    OpenSpan { days: span.days.clone(), opens_min: span.opens_min, closes_min: span.closes_min }
}

/// "Min libur", "Sab 09.00–12.00", "tutup jam 21.00".
fn changed_hours(change: &HoursEdit, turn: &Turn<'_>) -> String {
    let spans = change.spans.iter().map(span_said).collect();
    let mut parts = Vec::new();
    if !change.spans.is_empty() {
        parts.push(summary::hours(&Hours { always: false, spans }, turn));
    }
    let days =
        |key: &str, days: &[u8]| turn.plain(key, &[("days", summary::days(days, turn).into())]);
    if !change.closed.is_empty() {
        parts.push(days("word-days-closed", &change.closed));
    }
    if !change.usual.is_empty() {
        parts.push(days("word-days-usual", &change.usual));
    }
    for pause in &change.breaks {
        let pause = Hours { always: false, spans: vec![span_said(pause)] };
        let told = summary::hours(&pause, turn);
        parts.push(turn.plain("word-break", &[("hours", told.into())]));
    }
    for (key, minute) in
        [("word-opens-at", change.opens_min), ("word-closes-at", change.closes_min)]
    {
        if let Some(minute) = minute {
            let days = summary::days(&change.days, turn);
            let args = [("days", days.into()), ("time", summary::clock(minute).into())];
            parts.push(turn.plain(key, &args));
        }
    }
    parts.join(", ")
}

const fn section_name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Hero => "word-section-hero",
        SectionKind::Features => "word-section-features",
        SectionKind::Catalogue => "word-section-catalogue",
        SectionKind::Gallery => "word-section-gallery",
        SectionKind::About => "word-section-about",
        SectionKind::Steps => "word-section-steps",
        SectionKind::Faq => "word-section-faq",
        SectionKind::Visit => "word-section-visit",
        SectionKind::Cta => "word-section-cta",
        SectionKind::Contact => "word-section-contact",
        SectionKind::Prices => "word-section-prices",
        SectionKind::Team => "word-section-team",
        SectionKind::Testimonials => "word-section-testimonials",
    }
}
