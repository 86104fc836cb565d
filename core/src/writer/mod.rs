//! The built-in writer: a site's words from the facts of a brief alone, in two languages and many
//! voices, with no network and at once.
//!
//! Must never claim what the brief does not say. All sentences live in `phrases/`; code only
//! chooses and fills.

mod document;
mod facts;
mod order;
mod phrases;
mod revise;
mod slots;
mod translate;

use std::collections::BTreeSet;

use crate::brief::{Brief, Feature, Trade};
use crate::site::document::{Meta, Point, SectionKind, Words};

pub use document::assemble;
pub use facts::unproven;
pub use revise::{brief_of, open_sections, other_voice, translated, with_words};
pub use translate::fill_languages;

use crate::site::choice::pick;

use phrases::{Slots, Voice};

/// Longest heading and point title, in characters.
pub const MAX_HEADING_CHARS: usize = 80;
/// Longest lead and point text, in characters.
pub const MAX_LEAD_CHARS: usize = 240;
/// Longest paragraph, in characters.
pub const MAX_PARAGRAPH_CHARS: usize = 600;
/// Longest button label, in characters.
pub const MAX_ACTION_CHARS: usize = 30;
/// Longest title for search results, in characters.
pub const MAX_TITLE_CHARS: usize = 60;
/// Longest description for search results, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 160;
/// Owner's sentences in the story.
const MAX_NOTES: usize = 4;
/// Points in the features section, and how many of them come from facts.
const FEATURE_POINTS: (usize, usize) = (4, 2);
/// Fewest answers that make a section of questions.
const MIN_ANSWERS: usize = 2;
/// Questions in the order they are answered.
const QUESTIONS: [&str; 5] = ["faq_what", "faq_price", "faq_order", "faq_where", "faq_when"];

/// Which sections a site of a brief has, and the trade whose words it speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The trade.
    pub trade: Trade,
    /// From top to bottom.
    pub sections: Vec<SectionKind>,
}

/// The sections the facts of a brief can fill, in page order.
pub fn plan(brief: &Brief) -> Plan {
    let trade = brief.trade.as_ref().map_or(Trade::Other, |answer| answer.value);
    let none = BTreeSet::new();
    let features = brief.features.as_ref().map_or(&none, |answer| &answer.value);
    let contact = brief.contact.as_ref().map(|answer| &answer.value);
    let has_phone = contact.is_some_and(|contact| contact.phone.is_some());
    // A town alone stands in the first view and in the contact already.
    let has_visit = contact.is_some_and(|contact| {
        let asked = contact.city.is_some() && features.contains(&Feature::Visit);
        contact.address.is_some() || contact.hours.is_some() || asked
    });
    let has_story = !brief.notes.is_empty()
        || brief.audience.as_ref().is_some_and(|audience| !audience.value.trim().is_empty());
    let ordering = [Feature::Order, Feature::Booking].iter().any(|f| features.contains(f));
    let writing = Writing::of(brief, trade, 0);
    let has = |kind: &SectionKind| match kind {
        SectionKind::Hero | SectionKind::Features | SectionKind::Cta | SectionKind::Contact => true,
        SectionKind::Catalogue | SectionKind::Prices => list_of(brief) == Some(*kind),
        // A brief names neither people nor what customers said; owners add them to the live site.
        SectionKind::Team | SectionKind::Testimonials => false,
        SectionKind::Gallery => brief.photos.iter().any(|photo| !photo.is_qris()),
        SectionKind::About => has_story || features.contains(&Feature::About),
        SectionKind::Steps => ordering || (features.is_empty() && has_phone),
        SectionKind::Faq => writing.answers().len() >= MIN_ANSWERS,
        SectionKind::Visit => has_visit,
    };
    let name = brief.name.as_ref().map_or("", |answer| answer.value.as_str());
    let order = order::of(trade, name).iter().copied();
    Plan { trade, sections: order.filter(has).collect() }
}

/// How the items of a brief are listed: services whose prices are all known and that have no photos
/// are a price list, anything else is a catalogue; `None` without items.
pub fn list_of(brief: &Brief) -> Option<SectionKind> {
    let services = brief.trade.as_ref().is_some_and(|trade| match trade.value {
        Trade::Salon
        | Trade::Laundry
        | Trade::Workshop
        | Trade::Clinic
        | Trade::Tutoring
        | Trade::Photography
        | Trade::Events
        | Trade::Contractor
        | Trade::Technology => true,
        Trade::Food | Trade::Bakery | Trade::Fashion | Trade::Shop | Trade::Other => false,
    });
    let plain = brief.items.iter().all(|item| item.price.is_some() && item.photo.is_none());
    let kind = if services && plain { SectionKind::Prices } else { SectionKind::Catalogue };
    (!brief.items.is_empty()).then_some(kind)
}

/// The words of one section. The same brief, plan, kind and seed always give the same words.
pub fn write(brief: &Brief, plan: &Plan, kind: SectionKind, seed: u32) -> Words {
    let writing = Writing::of(brief, plan.trade, seed);
    match kind {
        SectionKind::Hero => writing.section("hero", "hero_lead", "action_order"),
        SectionKind::Catalogue | SectionKind::Prices => {
            writing.section("catalogue", "catalogue_lead", "action_order")
        }
        SectionKind::Team => writing.section("team", "", ""),
        SectionKind::Testimonials => writing.section("testimonials", "", ""),
        SectionKind::Gallery => writing.section("gallery", "gallery_lead", ""),
        SectionKind::Visit => writing.section("visit", "visit_lead", ""),
        SectionKind::Cta => writing.section("cta", "cta_lead", "action_order"),
        SectionKind::Contact => writing.section("contact", "contact_lead", "action_message"),
        SectionKind::Features => Words {
            points: writing.feature_points(),
            ..writing.section("features", "features_lead", "")
        },
        SectionKind::Steps => Words {
            points: writing.points(writing.voice.own, "steps"),
            ..writing.section("steps", "steps_lead", "action_order")
        },
        SectionKind::Faq => {
            Words { points: writing.answers(), ..writing.section("faq", "faq_lead", "") }
        }
        SectionKind::About => {
            Words { paragraphs: writing.story(brief), ..writing.section("about", "", "") }
        }
    }
}

/// Title and description for search results and shared links.
pub fn meta(brief: &Brief, plan: &Plan, seed: u32) -> Meta {
    let writing = Writing::of(brief, plan.trade, seed);
    let told = |key, max_chars| writing.voice.told_line(key, &writing.slots, max_chars, seed);
    Meta {
        title: told("meta_title", MAX_TITLE_CHARS),
        description: told("meta_description", MAX_DESCRIPTION_CHARS),
    }
}

/// A brief's facts, the voice for them, and the seed that chooses.
struct Writing {
    voice: Voice,
    slots: Slots,
    seed: u32,
}

impl Writing {
    fn of(brief: &Brief, trade: Trade, seed: u32) -> Self {
        let voice = Voice::of(trade, brief.language);
        Self { voice, slots: slots::slots(brief, voice, trade, seed), seed }
    }

    fn line(&self, key: &str, max_chars: usize) -> String {
        self.voice.line(key, &self.slots, max_chars, self.seed)
    }

    /// Heading, lead and button; an empty key leaves its field empty.
    fn section(&self, heading: &str, lead: &str, action: &str) -> Words {
        Words {
            heading: self.line(heading, MAX_HEADING_CHARS),
            lead: self.line(lead, MAX_LEAD_CHARS),
            action: self.line(action, MAX_ACTION_CHARS),
            ..Words::default()
        }
    }

    fn points(&self, book: &phrases::Book, key: &str) -> Vec<Point> {
        let points = Voice::points(book, key, &self.slots).into_iter();
        points.map(|(title, text)| Point { title, text }).collect()
    }

    /// Reasons from facts first, then from the trade; which ones, the seed says.
    fn feature_points(&self) -> Vec<Point> {
        let (most, from_facts) = FEATURE_POINTS;
        let mut facts = self.points(self.voice.common, "features");
        let mut own = self.points(self.voice.own, "features");
        let turn = |points: &mut Vec<Point>, name: &str| {
            let by = pick(self.seed, name, points.len());
            points.rotate_left(by);
        };
        turn(&mut facts, "features_facts");
        turn(&mut own, "features_own");
        facts.truncate(from_facts);
        own.truncate(if facts.is_empty() { most - 1 } else { most - facts.len() });
        facts.into_iter().chain(own).collect()
    }

    /// Questions whose answers the brief holds.
    fn answers(&self) -> Vec<Point> {
        let one = |key: &&str| {
            let mut points = self.points(self.voice.common, key);
            let at = pick(self.seed, key, points.len());
            (!points.is_empty()).then(|| points.swap_remove(at))
        };
        QUESTIONS.iter().filter_map(one).collect()
    }

    /// The story: an opening, for whom and where, what the owner told, an invitation.
    fn story(&self, brief: &Brief) -> Vec<String> {
        let part = |key: &str| self.line(key, MAX_LEAD_CHARS);
        let middle = format!("{} {}", part("about_audience"), part("about_place"));
        let told = slots::notes(brief, MAX_NOTES, MAX_PARAGRAPH_CHARS);
        let parts = [part("about_open"), middle.trim().to_owned()];
        let all = parts.into_iter().chain(told).chain([part("about_close")]);
        all.filter(|paragraph| !paragraph.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests;
