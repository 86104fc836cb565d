//! What the sections show of a business: ways to reach it, prices, hours, photos, ready for templates.

use super::document::{
    Business, Document, DocumentHours, DocumentItem, DocumentPhoto, SectionKind,
};
use super::labels::{Labels, fill};
use super::markup::Markup;
use crate::brief::{Language, Price, Rupiah, TimeZone};

use super::compile::CompileError;

pub(super) use super::photo::{illustrated, illustration, is_photo, picture, small_illustration};

/// How much a page says twice; raised step by step until the page is small enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thrift {
    /// Everything.
    None,
    /// Order links without their polite words.
    TerseLinks,
    /// No offers in structured data: they say to search what the page says to everybody.
    Unlisted,
    /// The plainest drawings.
    Sketched,
    /// No order link for each item: the button that stays in sight orders as well.
    Bare,
    /// The trade's sign stands for every drawing, and nothing is shown before its own section.
    Plain,
}

impl Thrift {
    /// From lavish to bare.
    pub(super) const ALL: [Self; 6] =
        [Self::None, Self::TerseLinks, Self::Unlisted, Self::Sketched, Self::Bare, Self::Plain];
}

/// A button or a line with a small picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    /// `chat`, `call`, `mail`, `pin`, `clock` or `down`.
    pub(super) icon: &'static str,
    /// Where it leads; empty when nowhere.
    pub(super) href: String,
    /// What it says.
    pub(super) label: String,
    /// What kind of way this is, where that is shown.
    pub(super) name: String,
}

/// An item as it is shown.
pub(super) struct ItemView {
    pub(super) name: String,
    pub(super) note: String,
    pub(super) price: Option<String>,
    pub(super) sold_out: bool,
    pub(super) ask: Option<Ask>,
    pub(super) picture: Option<Markup>,
    /// The symbol that stands for it where there is no photo; empty until it has one.
    pub(super) mark: String,
}

/// The order link of an item.
pub(super) struct Ask {
    pub(super) href: String,
    pub(super) label: String,
    /// Names the item for those who hear the page; left out where the page must be small.
    pub(super) full: Option<String>,
}

/// Days with the same hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HoursRow {
    pub(super) days: String,
    pub(super) spans: Vec<String>,
}

impl HoursRow {
    /// Whether the shop is open on these days.
    pub(super) fn is_open(&self, labels: &Labels) -> bool {
        self.spans.iter().all(|span| *span != labels.closed)
    }
}

/// A well-formed E.164 number: a plus sign and 8 to 15 digits.
pub(super) fn is_e164(phone: &str) -> bool {
    phone.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

/// The business's own number, when it is well-formed.
pub(super) fn phone(business: &Business) -> Option<&str> {
    business.phone.as_deref().filter(|phone| is_e164(phone))
}

/// Whether WhatsApp may live on a number: Indonesian landlines are only called.
fn chats(phone: &str) -> bool {
    !phone.starts_with("+62") || phone.starts_with("+628")
}

/// The business's number, when WhatsApp may live on it.
pub(super) fn chat_phone(business: &Business) -> Option<&str> {
    phone(business).filter(|phone| chats(phone))
}

/// Whether what it offers is ordered by the piece.
pub(super) fn sells_goods(business: &Business) -> bool {
    matches!(business.trade.as_str(), "food" | "bakery" | "fashion" | "shop")
}

/// The zone its hours are told in: as said, else the one of its town.
pub(super) fn time_zone(business: &Business) -> Option<TimeZone> {
    let said = business.time_zone.as_deref().and_then(TimeZone::from_slug);
    let of = |place: &Option<String>| place.as_deref().and_then(TimeZone::of_place);
    said.or_else(|| of(&business.city)).or_else(|| of(&business.address))
}

/// A WhatsApp link with a text.
pub(super) fn chat_link(phone: &str, text: &str) -> String {
    let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    format!("https://wa.me/{}?text={}", &phone[1..], text.replace('+', "%20"))
}

/// The first way to reach the business: chat, else call.
pub(super) fn main_action(business: &Business, labels: &Labels) -> Option<Action> {
    let phone = phone(business)?;
    Some(if chats(phone) {
        let hello = fill(&labels.chat_hello, &[("name", &business.name)]);
        Action {
            icon: "chat",
            href: chat_link(phone, &hello),
            label: labels.chat.clone(),
            name: "WhatsApp".to_owned(),
        }
    } else {
        Action {
            icon: "call",
            href: format!("tel:{phone}"),
            label: labels.call.clone(),
            name: labels.call.clone(),
        }
    })
}

/// Every way to reach the business, for the contact section.
pub(super) fn ways(business: &Business, labels: &Labels) -> Vec<Action> {
    let mut ways = Vec::new();
    if let (Some(phone), Some(mut action)) = (phone(business), main_action(business, labels)) {
        action.label = spaced(phone);
        ways.push(action);
    }
    if let Some(email) = business.email.as_deref().filter(|email| email.contains('@')) {
        ways.push(Action {
            icon: "mail",
            href: format!("mailto:{email}"),
            label: email.to_owned(),
            name: labels.email.clone(),
        });
    }
    if let Some(place) = place(business) {
        ways.push(Action {
            icon: "pin",
            href: map_link(business).unwrap_or_default(),
            label: place,
            name: labels.address.clone(),
        });
    }
    ways
}

/// `+62 812-3456-7890`.
pub(super) fn spaced(phone: &str) -> String {
    let Some(local) = phone.strip_prefix("+62") else { return phone.to_owned() };
    let area = ["21", "22", "24", "31", "61"].iter().any(|area| local.starts_with(area));
    let parts: Vec<&str> = match local.len() {
        0..=6 => vec![local],
        7.. if area => return format!("+62 {} {}", &local[..2], &local[2..]),
        7..=10 => vec![&local[..3], &local[3..6], &local[6..]],
        _ => vec![&local[..3], &local[3..7], &local[7..]],
    };
    format!("+62 {}", parts.join("-"))
}

/// Address and town in one line.
pub(super) fn place(business: &Business) -> Option<String> {
    let parts: Vec<&str> = [&business.address, &business.city]
        .into_iter()
        .filter_map(|part| part.as_deref().map(str::trim).filter(|part| !part.is_empty()))
        .collect();
    match parts.as_slice() {
        [] => None,
        [address, city] if address.to_lowercase().contains(&city.to_lowercase()) => {
            Some((*address).to_owned())
        }
        _ => Some(parts.join(", ")),
    }
}

/// The owner's own map link, else a search for the address.
pub(super) fn map_link(business: &Business) -> Option<String> {
    let own = business.links.iter().find(|link| link.kind == "maps" && is_page(&link.url));
    if let Some(link) = own {
        return Some(link.url.clone());
    }
    let place = place(business)?;
    let mut url = url::Url::parse("https://www.google.com/maps/search/?api=1").ok()?;
    url.query_pairs_mut().append_pair("query", &format!("{}, {place}", business.name));
    Some(url.into())
}

/// An https page elsewhere.
pub(super) fn is_page(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}

/// `Rp25.000`, `Rp25.000–Rp40.000`, `mulai Rp8.000/kg`, as the language writes it.
pub(super) fn price(item: &DocumentItem, language: Language) -> Option<String> {
    let from = item.price_rupiah.filter(|price| *price >= 0)?;
    let price = Price {
        from: Rupiah(from),
        to: item.price_to_rupiah.filter(|to| *to > from).map(Rupiah),
        unit: item.unit.clone().filter(|unit| !unit.is_empty()),
        starts: item.price_starts,
    };
    Some(price.shown(language))
}

/// The items as shown; pictures only where a card has room for them.
pub(super) fn items(
    document: &Document,
    labels: &Labels,
    pictures: bool,
    thrift: Thrift,
) -> Result<Vec<ItemView>, CompileError> {
    let business = &document.business;
    let language = super::compile::language_of(document);
    let goods = sells_goods(business);
    let long = thrift != Thrift::None;
    let phone = chat_phone(business).filter(|_| thrift < Thrift::Bare);
    let view = |item: &DocumentItem| {
        let values = [("name", business.name.as_str()), ("item", item.name.as_str())];
        let (text, label, full) = if goods {
            (&labels.order_text, &labels.order, &labels.order_item)
        } else {
            (&labels.ask_text, &labels.ask, &labels.ask_item)
        };
        let ask = phone.map(|phone| Ask {
            href: chat_link(
                phone,
                &if long { format!("{label} {}", item.name) } else { fill(text, &values) },
            ),
            label: label.clone(),
            full: (!long).then(|| fill(full, &values)),
        });
        let photo =
            item.photo.as_ref().filter(|_| pictures).and_then(|id| {
                business.photos.iter().find(|photo| photo.id == *id && is_photo(photo))
            });
        let picture = photo
            .map(|photo| picture(photo, "(min-width:48rem) 22rem, 100vw", false, &item.name))
            .transpose()?;
        Ok(ItemView {
            name: item.name.clone(),
            note: item.note.clone().unwrap_or_default(),
            price: price(item, language),
            sold_out: item.sold_out,
            ask,
            picture,
            mark: String::new(),
        })
    };
    business.items.iter().map(view).collect()
}

/// Hours by days of the week, equal neighbours together; `None` when none were told, empty when always open.
pub(super) fn hours(business: &Business, labels: &Labels) -> Option<Vec<HoursRow>> {
    let hours = business.hours.as_ref()?;
    if hours.always {
        return Some(Vec::new());
    }
    let mut runs: Vec<(u8, u8, Vec<String>)> = Vec::new();
    for day in 1..=7 {
        let spans = spans_of(hours, day, labels);
        match runs.last_mut() {
            Some((_, last, same)) if *same == spans => *last = day,
            _ => runs.push((day, day, spans)),
        }
    }
    if runs.iter().all(|(_, _, spans)| spans.is_empty()) {
        return None;
    }
    let name = |day: u8| labels.days[usize::from(day - 1)].as_str();
    let rows = runs.into_iter().map(|(first, last, spans)| {
        let days = match (first, last) {
            (1, 7) => labels.every_day.clone(),
            _ if first == last => name(first).to_owned(),
            _ => fill(&labels.day_range, &[("from", name(first)), ("to", name(last))]),
        };
        let spans = if spans.is_empty() { vec![labels.closed.clone()] } else { spans };
        HoursRow { days, spans }
    });
    Some(rows.collect())
}

fn spans_of(hours: &DocumentHours, day: u8, labels: &Labels) -> Vec<String> {
    let mut spans: Vec<_> = hours.spans.iter().filter(|span| span.days.contains(&day)).collect();
    spans.sort_by_key(|span| span.opens_min);
    let time =
        |minutes: u16| format!("{:02}{}{:02}", minutes / 60, labels.time_separator, minutes % 60);
    spans.iter().map(|span| format!("{}–{}", time(span.opens_min), time(span.closes_min))).collect()
}

/// The photos of the first view and of the gallery.
pub(super) fn shown_photos(business: &Business) -> (Option<&DocumentPhoto>, Vec<&DocumentPhoto>) {
    let of_item = |photo: &DocumentPhoto| {
        business.items.iter().any(|item| item.photo.as_deref() == Some(photo.id.as_str()))
    };
    let all = || business.photos.iter().filter(|photo| is_photo(photo));
    let first = all().find(|photo| !of_item(photo)).or_else(|| all().next());
    let mut gallery: Vec<_> = all().filter(|photo| !of_item(photo)).collect();
    if gallery.len() > 2 {
        gallery.remove(0);
    }
    (first, gallery)
}

/// Whether a section has anything to show.
pub(super) fn has_content(document: &Document, section: &super::document::Section) -> bool {
    let (business, words) = (&document.business, &section.words);
    !section.hidden
        && match section.kind {
            SectionKind::Hero => true,
            SectionKind::Features | SectionKind::Steps | SectionKind::Faq => {
                !words.points.is_empty()
            }
            SectionKind::Catalogue | SectionKind::Prices => !business.items.is_empty(),
            SectionKind::Team => !business.people.is_empty(),
            SectionKind::Testimonials => !business.testimonials.is_empty(),
            SectionKind::Gallery => !shown_photos(business).1.is_empty(),
            SectionKind::About => !words.paragraphs.is_empty() || !words.lead.is_empty(),
            SectionKind::Visit => place(business).is_some() || business.hours.is_some(),
            SectionKind::Cta => !words.heading.is_empty(),
            SectionKind::Contact => true,
        }
}
