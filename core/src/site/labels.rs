//! The fixed words of a site in both languages, from one data file.

use std::sync::LazyLock;

use serde::Deserialize;

use super::document::SectionKind;
use crate::brief::Language;

/// The fixed words in one language; what each says stands in `labels.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Labels {
    pub(super) locale: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) skip: String,
    pub(super) home: String,
    pub(super) nav: String,
    features: String,
    catalogue: String,
    catalogue_food: String,
    catalogue_goods: String,
    catalogue_services: String,
    gallery: String,
    about: String,
    steps: String,
    faq: String,
    visit: String,
    cta: String,
    contact: String,
    prices: String,
    team: String,
    pub(super) testimonials: String,
    pub(super) chat: String,
    pub(super) chat_hello: String,
    pub(super) order_text: String,
    pub(super) order: String,
    pub(super) order_item: String,
    pub(super) ask: String,
    pub(super) ask_text: String,
    pub(super) ask_item: String,
    pub(super) order_list: String,
    pub(super) order_slug: String,
    pub(super) order_lead: String,
    pub(super) order_hello: String,
    pub(super) order_subtotal: String,
    pub(super) order_note: String,
    pub(super) order_send: String,
    pub(super) order_kept: String,
    pub(super) certificates: String,
    pub(super) elsewhere: String,
    pub(super) qris: String,
    pub(super) qris_alt: String,
    pub(super) qris_hint: String,
    pub(super) logo_alt: String,
    pub(super) language: String,
    pub(super) call: String,
    pub(super) write: String,
    pub(super) email: String,
    pub(super) see_items: String,
    pub(super) sold_out: String,
    pub(super) hours: String,
    pub(super) always_open: String,
    pub(super) closed: String,
    pub(super) every_day: String,
    pub(super) days: [String; 7],
    pub(super) day_range: String,
    pub(super) time_separator: String,
    pub(super) address: String,
    pub(super) map: String,
    pub(super) form_heading: String,
    pub(super) form_name: String,
    pub(super) form_phone: String,
    pub(super) form_message: String,
    pub(super) form_trap: String,
    pub(super) form_consent: String,
    pub(super) form_send: String,
    pub(super) privacy: String,
    pub(super) privacy_slug: String,
    pub(super) thanks_slug: String,
    pub(super) thanks_heading: String,
    pub(super) thanks_text: String,
    pub(super) back_home: String,
    pub(super) lost_heading: String,
    pub(super) lost_text: String,
    pub(super) made_alone: String,
    pub(super) made_with: String,
    pub(super) updated: String,
    pub(super) months: [String; 12],
    pub(super) photo: String,
    pub(super) poster_order: String,
    pub(super) poster_ask: String,
    pub(super) poster_site: String,
    pub(super) illustration: String,
    pub(super) privacy_parts: Vec<PrivacyPart>,
}

/// One headed paragraph of the privacy note.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrivacyPart {
    pub(super) heading: String,
    pub(super) text: String,
}

#[derive(Deserialize)]
struct Both {
    id: Labels,
    en: Labels,
}

static LABELS: LazyLock<Both> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/site/labels.toml"))
        .expect("the embedded labels are tested")
});

/// The words in a language.
pub(super) fn labels(language: Language) -> &'static Labels {
    match language {
        Language::Id => &LABELS.id,
        Language::En => &LABELS.en,
    }
}

impl Labels {
    /// The short name of a section family, as in the navigation.
    pub(super) fn section(&self, kind: SectionKind, trade: &str) -> &str {
        match kind {
            SectionKind::Hero => &self.home,
            SectionKind::Features => &self.features,
            SectionKind::Catalogue => self.catalogue_of(trade),
            SectionKind::Gallery => &self.gallery,
            SectionKind::About => &self.about,
            SectionKind::Steps => &self.steps,
            SectionKind::Faq => &self.faq,
            SectionKind::Visit => &self.visit,
            SectionKind::Cta => &self.cta,
            SectionKind::Contact => &self.contact,
            SectionKind::Prices => &self.prices,
            SectionKind::Team => &self.team,
            SectionKind::Testimonials => &self.testimonials,
        }
    }

    /// What the list of items is called in a trade.
    pub(super) fn catalogue_of(&self, trade: &str) -> &str {
        match trade {
            "food" => &self.catalogue_food,
            "bakery" | "fashion" | "shop" => &self.catalogue_goods,
            "salon" | "laundry" | "workshop" | "clinic" | "tutoring" | "photography" | "events"
            | "contractor" | "technology" => &self.catalogue_services,
            _ => &self.catalogue,
        }
    }
}

/// Puts values into `{key}` places.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(key, tail)| {
            values.iter().find(|(name, _)| *name == key).map(|(_, value)| (value, tail))
        });
        match known {
            Some((value, tail)) => {
                filled.push_str(value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_load_and_differ() {
        assert_ne!(labels(Language::Id).hours, labels(Language::En).hours);
        assert_eq!(
            labels(Language::Id).privacy_parts.len(),
            labels(Language::En).privacy_parts.len()
        );
    }

    #[test]
    fn fill_never_fills_twice() {
        let filled = fill("{name}: {item} {other}", &[("name", "{item}"), ("item", "Kopi")]);
        assert_eq!(filled, "{item}: Kopi {other}");
    }
}
