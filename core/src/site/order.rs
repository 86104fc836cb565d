//! Orders by WhatsApp: the list a visitor fills on a page, and the one message it becomes.
//!
//! The sheet is a file of the site, so that whoever answers the form knows items and prices from the
//! version that is live, and nothing a visitor sends can become a price, an item or another number.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::compile::language_of;
use super::document::{Document, DocumentItem};
use super::labels::{fill, labels};
use super::{languages, shop};
use crate::brief::{Language, Rupiah};

/// The sheet's path on a site.
pub const ORDER_SHEET: &str = "/order.json";
/// The name of the form that is answered with it.
pub const ORDER_FORM: &str = "order";
/// Most of one item.
pub(super) const QUANTITY_AT_MOST: u16 = 99;
/// Most different items of one order; more make a message that no link carries.
pub(super) const LINES_AT_MOST: usize = 30;
/// Longest name of a visitor, in characters.
pub const NAME_CHARS_AT_MOST: usize = 60;
/// Longest note of a visitor, in characters.
pub const NOTE_CHARS_AT_MOST: usize = 300;
/// Most rows of a page; longer lists would outgrow it.
const ROWS_AT_MOST: usize = 100;
/// Fewest items from which a list is worth having: one is ordered by its own link.
const ITEMS_AT_LEAST: usize = 2;

/// What can be ordered from a site, and the words of the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSheet {
    /// WhatsApp, as E.164.
    phone: String,
    /// In the owner's order, without what is sold out.
    items: Vec<OrderItem>,
    /// By language tag.
    words: BTreeMap<String, OrderWords>,
}

/// An item that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OrderItem {
    key: String,
    name: String,
    /// What one costs, when that is exact.
    exact_rupiah: Option<i64>,
    /// The price as shown, by language tag; empty without one.
    prices: BTreeMap<String, String>,
}

/// The words of the message in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OrderWords {
    hello: String,
    subtotal: String,
    name: String,
    note: String,
}

/// What a visitor chose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// How many of which item, by its key.
    pub quantities: BTreeMap<String, u16>,
    /// The visitor's name; may be empty.
    pub name: String,
    /// Anything else; may be empty.
    pub note: String,
}

/// Why no message comes of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderFault {
    /// Nothing was chosen.
    #[error("nothing was chosen")]
    Empty,
    /// An item is not to be had any more.
    #[error("an item is gone")]
    Gone,
    /// More than 99 of one thing or more than 30 things.
    #[error("too much was chosen")]
    TooMuch,
}

/// One row of the list on a page.
pub(super) struct OrderRow {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) price: Option<String>,
}

impl OrderSheet {
    /// The sheet of a site whose visitors can order several things at once.
    pub fn of(document: &Document) -> Option<Self> {
        let business = &document.business;
        let phone = shop::chat_phone(business).filter(|_| shop::sells_goods(business))?;
        let own = language_of(document);
        let others = languages::shown(document);
        let spoken: Vec<Language> = std::iter::once(own)
            .chain(others.iter().filter_map(|one| Language::from_tag(&one.language)))
            .collect();
        let items: Vec<OrderItem> = keyed(&business.items)
            .into_iter()
            .filter(|(_, item)| !item.sold_out)
            .take(ROWS_AT_MOST)
            .map(|(key, item)| order_item(key, item, &spoken))
            .collect();
        let words = spoken.iter().map(|language| {
            let labels = labels(*language);
            let words = OrderWords {
                hello: fill(&labels.order_hello, &[("name", &business.name)]),
                subtotal: labels.order_subtotal.clone(),
                name: labels.form_name.clone(),
                note: labels.order_note.clone(),
            };
            (language.tag().to_owned(), words)
        });
        let words = words.collect();
        (items.len() >= ITEMS_AT_LEAST).then(|| Self { phone: phone.to_owned(), items, words })
    }

    /// The address that opens WhatsApp with the whole order in one message.
    pub fn link(&self, language: &str, chosen: &Chosen) -> Result<String, OrderFault> {
        Ok(shop::chat_link(&self.phone, &self.message(language, chosen)?))
    }

    /// The message: a line an item, a sum when every price is exact, name and note when given.
    pub fn message(&self, language: &str, chosen: &Chosen) -> Result<String, OrderFault> {
        let lines = self.lines(chosen)?;
        let (tag, words) = self
            .words
            .get_key_value(language)
            .or_else(|| self.words.iter().next())
            .ok_or(OrderFault::Gone)?;
        let shown = Language::from_tag(tag).unwrap_or_default();
        let mut text = format!("{}\n", words.hello);
        for (item, count) in &lines {
            text.push_str(&format!("\n{count} × {}", item.name));
            match (item.prices.get(tag), item.exact_rupiah) {
                (Some(price), Some(rupiah)) if *count > 1 => {
                    let sum = Rupiah(rupiah.saturating_mul(i64::from(*count))).shown(shown);
                    text.push_str(&format!(" ({price}) = {sum}"));
                }
                (Some(price), Some(_)) => text.push_str(&format!(" = {price}")),
                (Some(price), None) => text.push_str(&format!(" ({price})")),
                (None, _) => {}
            }
        }
        if let Some(sum) = subtotal(&lines) {
            text.push_str(&format!("\n\n{}: {}", words.subtotal, Rupiah(sum).shown(shown)));
        }
        let name = one_line(&chosen.name, NAME_CHARS_AT_MOST);
        let note = one_line(&chosen.note, NOTE_CHARS_AT_MOST);
        let told: Vec<String> = [(&words.name, name), (&words.note, note)]
            .into_iter()
            .filter(|(_, said)| !said.is_empty())
            .map(|(label, said)| format!("{label}: {said}"))
            .collect();
        if !told.is_empty() {
            text.push_str(&format!("\n\n{}", told.join("\n")));
        }
        Ok(text)
    }

    /// The chosen items in the sheet's order, whatever order they were sent in.
    fn lines(&self, chosen: &Chosen) -> Result<Vec<(&OrderItem, u16)>, OrderFault> {
        let wanted = || chosen.quantities.iter().filter(|(_, count)| **count > 0);
        let known: BTreeSet<&str> = self.items.iter().map(|item| item.key.as_str()).collect();
        if wanted().next().is_none() {
            return Err(OrderFault::Empty);
        }
        if wanted().any(|(key, _)| !known.contains(key.as_str())) {
            return Err(OrderFault::Gone);
        }
        if wanted().count() > LINES_AT_MOST || wanted().any(|(_, count)| *count > QUANTITY_AT_MOST)
        {
            return Err(OrderFault::TooMuch);
        }
        let count = |item: &OrderItem| chosen.quantities.get(&item.key).copied().unwrap_or(0);
        Ok(self.items.iter().map(|item| (item, count(item))).filter(|(_, n)| *n > 0).collect())
    }
}

/// The sum, when every line has an exact price.
fn subtotal(lines: &[(&OrderItem, u16)]) -> Option<i64> {
    lines.iter().try_fold(0_i64, |sum, (item, count)| {
        item.exact_rupiah?.checked_mul(i64::from(*count))?.checked_add(sum)
    })
}

/// Files of a site without the order list, for places where nobody answers a form: its page goes, and
/// so does the way to it. Each item's own link to WhatsApp stays.
pub fn without_order_list(path: &str, page: Vec<u8>) -> Option<Vec<u8>> {
    const LINK: &str = "<a class=\"btn ghost order-list\"";
    const ROW: &str = "<div class=\"acts";
    const END: &str = "</div>";
    let folder = path.trim_start_matches('/').trim_end_matches("index.html").trim_matches('/');
    let slug = folder.rsplit('/').next().unwrap_or_default();
    let list = Language::ALL.into_iter().any(|language| labels(language).order_slug == slug);
    if path == ORDER_SHEET || list {
        return None;
    }
    let Ok(mut text) = String::from_utf8(page.clone()) else { return Some(page) };
    while let Some(link) = text.find(LINK) {
        // Versions of other days may write the row around it differently.
        let Some(from) = text[..link].rfind(ROW) else { break };
        let Some(length) = text[from..].find(END) else { break };
        text.replace_range(from..from + length + END.len(), "");
    }
    Some(text.into_bytes())
}

/// The rows of the list on a page, in the same order as the sheet.
pub(super) fn rows(document: &Document, language: Language) -> Vec<OrderRow> {
    let items = keyed(&document.business.items).into_iter();
    items
        .filter(|(_, item)| !item.sold_out)
        .take(ROWS_AT_MOST)
        .map(|(key, item)| OrderRow {
            key,
            name: item.name.clone(),
            price: shop::price(item, language),
        })
        .collect()
}

fn order_item(key: String, item: &DocumentItem, spoken: &[Language]) -> OrderItem {
    let price =
        |language: &Language| Some((language.tag().to_owned(), shop::price(item, *language)?));
    let exact = item.price_to_rupiah.is_none() && !item.price_starts;
    OrderItem {
        key,
        name: item.name.clone(),
        exact_rupiah: item.price_rupiah.filter(|price| exact && *price >= 0),
        prices: spoken.iter().filter_map(price).collect(),
    }
}

/// Items with keys that stay the same while their names do, whatever is added around them.
fn keyed(items: &[DocumentItem]) -> Vec<(String, &DocumentItem)> {
    const KEY_BYTES: usize = 4;
    let mut taken = BTreeSet::new();
    let key = |item: &DocumentItem, again: u32| {
        let hash = Sha256::digest(format!("{}\n{again}", item.name.to_lowercase()));
        hex::encode(&hash[..KEY_BYTES])
    };
    items
        .iter()
        .map(|item| {
            let free =
                (0..=u32::MAX).map(|again| key(item, again)).find(|key| taken.insert(key.clone()));
            (free.expect("there are far fewer items than numbers"), item)
        })
        .collect()
}

/// A visitor's words on one line, without control characters, cut to a bound.
fn one_line(text: &str, most_chars: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(most_chars).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::document::Translation;
    use super::super::sample;
    use super::*;

    fn sheet() -> OrderSheet {
        OrderSheet::of(&sample::coffee()).expect("a coffee shop takes orders")
    }

    fn key(name: &str) -> String {
        let sheet = sheet();
        let item = sheet.items.iter().find(|item| item.name == name);
        item.unwrap_or_else(|| panic!("{name} cannot be ordered")).key.clone()
    }

    fn chosen(lines: &[(&str, u16)]) -> Chosen {
        let quantities = lines.iter().map(|(name, count)| (key(name), *count)).collect();
        Chosen { quantities, ..Chosen::default() }
    }

    #[test]
    fn exact_prices_are_summed_in_one_message() {
        let mut order = chosen(&[("Kopi Tubruk", 1), ("Kopi Susu Gula Aren", 2)]);
        order.name = "  Budi\nSantoso ".to_owned();
        order.note = "tanpa gula".to_owned();
        assert_eq!(
            sheet().message("id", &order).unwrap(),
            "Halo Kedai Kopi Senja, saya mau pesan:\n\n\
             2 × Kopi Susu Gula Aren (Rp18.000) = Rp36.000\n1 × Kopi Tubruk = Rp10.000\n\n\
             Subtotal: Rp46.000\n\nNama: Budi Santoso\nCatatan: tanpa gula"
        );
    }

    #[test]
    fn a_range_gives_no_sum() {
        let text =
            sheet().message("id", &chosen(&[("Roti Bakar", 2), ("Kopi Tubruk", 1)])).unwrap();
        assert!(text.contains("2 × Roti Bakar (Rp15.000–Rp20.000)"), "{text}");
        assert!(!text.contains("Subtotal"), "{text}");
    }

    #[test]
    fn what_is_sold_out_unknown_or_nothing_is_no_order() {
        let sheet = sheet();
        assert!(sheet.items.iter().all(|item| item.name != "Pisang Goreng"));
        let of = |key: &str, count| Chosen {
            quantities: BTreeMap::from([(key.to_owned(), count)]),
            ..Chosen::default()
        };
        assert_eq!(sheet.message("id", &Chosen::default()), Err(OrderFault::Empty));
        assert_eq!(sheet.message("id", &of(&key("Kopi Tubruk"), 0)), Err(OrderFault::Empty));
        assert_eq!(sheet.message("id", &of("00", 1)), Err(OrderFault::Gone));
        assert_eq!(sheet.message("id", &of(&key("Kopi Tubruk"), 100)), Err(OrderFault::TooMuch));
    }

    #[test]
    fn an_english_page_writes_an_english_message() {
        let mut document = sample::coffee();
        document
            .translations
            .push(Translation { language: "en".to_owned(), ..Translation::default() });
        let sheet = OrderSheet::of(&document).unwrap();
        let text = sheet.message("en", &chosen(&[("Kopi Tubruk", 2)])).unwrap();
        assert!(text.contains("2 × Kopi Tubruk (Rp10,000) = Rp20,000"), "{text}");
        assert!(sheet.message("fr", &chosen(&[("Kopi Tubruk", 1)])).is_ok());
    }

    #[test]
    fn keys_stay_when_others_come_and_go_and_never_stand_twice() {
        let mut document = sample::coffee();
        let before: Vec<_> = keyed(&document.business.items).into_iter().map(|(k, _)| k).collect();
        let first = document.business.items[0].clone();
        document.business.items.push(first);
        let after: Vec<_> = keyed(&document.business.items).into_iter().map(|(k, _)| k).collect();
        assert_eq!(before[..], after[..before.len()]);
        assert_eq!(after.iter().collect::<BTreeSet<_>>().len(), after.len());
    }

    #[test]
    fn services_and_shops_without_whatsapp_have_no_list() {
        assert_eq!(OrderSheet::of(&sample::dentist()), None);
        let mut document = sample::coffee();
        document.business.phone = Some("+622112345678".to_owned());
        assert_eq!(OrderSheet::of(&document), None);
    }

    #[test]
    fn the_sheet_reads_back_as_written() {
        let json = serde_json::to_string(&sheet()).unwrap();
        assert_eq!(serde_json::from_str::<OrderSheet>(&json).unwrap(), sheet());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_the_link_is_the_owners_and_bounded(
            name in "\\PC{0,200}", note in "[\\PC\n\r&?#]{0,600}", counts in proptest::collection::vec(0_u16..200, 7)
        ) {
            let sheet = sheet();
            let quantities = sheet.items.iter().map(|item| item.key.clone()).zip(counts).collect();
            let chosen = Chosen { quantities, name, note };
            if let Ok(link) = sheet.link("id", &chosen) {
                let url = url::Url::parse(&link).unwrap();
                let phone = sheet.phone.trim_start_matches('+');
                prop_assert_eq!(url.host_str(), Some("wa.me"));
                prop_assert_eq!(url.path(), format!("/{phone}"));
                prop_assert_eq!(url.query_pairs().count(), 1);
                prop_assert!(url.fragment().is_none());
            }
        }
    }
}
