//! What a trade brings along: colours, a type for structured data, drawings. Data, read once.

use std::sync::LazyLock;

use serde::Deserialize;

use super::document::Business;
use super::palette::parse_hex;
use crate::brief::Rgb;

/// What one trade brings along.
pub(super) struct TradeFacts {
    /// Colours offered when the owner named none; never empty.
    pub(super) colours: Vec<Rgb>,
    /// The schema.org type.
    schema: String,
    /// Words in the owner's own trade that tell a closer type.
    closer: Vec<Closer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TradeRow {
    slug: String,
    schema: String,
    colours: Vec<String>,
    #[serde(default)]
    closer: Vec<Closer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closer {
    words: Vec<String>,
    schema: String,
    /// A type that tells more and is none of a LocalBusiness.
    #[serde(default)]
    also: Option<String>,
}

#[derive(Deserialize)]
struct TradeFile {
    trade: Vec<TradeRow>,
}

/// A small drawing on a square of 100 by 100.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Motif {
    /// Trades it belongs to.
    trades: Vec<String>,
    /// Words that call for it.
    words: Vec<String>,
    /// Whole words in the name of something for sale that it shows.
    #[serde(default)]
    items: Vec<String>,
    /// SVG shapes whose classes a, b, c, d, e and s name roles of colour.
    pub(super) svg: String,
}

#[derive(Deserialize)]
struct MotifFile {
    motif: Vec<Motif>,
}

static TRADES: LazyLock<Vec<(String, TradeFacts)>> = LazyLock::new(|| {
    let file: TradeFile = toml::from_str(include_str!("../../templates/site/trades.toml"))
        .expect("the embedded trades are tested");
    file.trade
        .into_iter()
        .map(|row| {
            let colours = row.colours.iter().filter_map(|text| parse_hex(text)).collect();
            (row.slug, TradeFacts { colours, schema: row.schema, closer: row.closer })
        })
        .collect()
});

static MOTIFS: LazyLock<Vec<Motif>> = LazyLock::new(|| {
    let file: MotifFile = toml::from_str(include_str!("../../templates/site/motifs.toml"))
        .expect("the embedded motifs are tested");
    file.motif
});

/// The facts of a trade; those of `other` for unknown ones.
pub(super) fn of(trade: &str) -> &'static TradeFacts {
    let find = |slug: &str| TRADES.iter().find(|(one, _)| one == slug).map(|(_, facts)| facts);
    find(trade).or_else(|| find("other")).expect("the embedded list holds 'other'")
}

/// The schema.org type that fits a business, a kind of LocalBusiness, and one beside it.
pub(super) fn schema_type(business: &Business) -> (&'static str, Option<&'static str>) {
    let facts = of(&business.trade);
    let said = spoken(business);
    facts
        .closer
        .iter()
        .find(|closer| closer.words.iter().any(|word| said.contains(word)))
        .map_or((facts.schema.as_str(), None), |one| (one.schema.as_str(), one.also.as_deref()))
}

/// Three to four drawings for a business: called for by its words first, then by its trade.
pub(super) fn motifs(business: &Business) -> Vec<&'static Motif> {
    const MOST: usize = 4;
    let said = spoken(business);
    let called = |motif: &&Motif| motif.words.iter().any(|word| said.contains(word));
    let of_trade = |motif: &&Motif| motif.trades.contains(&business.trade);
    let spare = |motif: &&Motif| motif.trades.iter().any(|one| one == "other");
    let mut chosen: Vec<&Motif> = MOTIFS.iter().filter(|m| of_trade(m) && called(m)).collect();
    let rest = MOTIFS.iter().filter(of_trade).chain(MOTIFS.iter().filter(spare));
    for motif in rest {
        if chosen.len() < MOST && !chosen.iter().any(|one| std::ptr::eq(*one, motif)) {
            chosen.push(motif);
        }
    }
    chosen.truncate(MOST);
    chosen
}

/// The drawing that the name of something for sale calls for; one of its trade before others.
pub(super) fn of_item(trade: &str, name: &str) -> Option<&'static Motif> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    // Who sells it says what it is, and the first word that is known most of it.
    let named =
        |motif: &&Motif| words.iter().position(|word| motif.items.iter().any(|one| one == word));
    let own = MOTIFS.iter().filter(|motif| motif.trades.iter().any(|one| one == trade));
    let of = |motifs: &mut dyn Iterator<Item = &'static Motif>| {
        motifs.filter_map(|one| named(&one).map(|at| (at, one))).min_by_key(|found| found.0)
    };
    of(&mut own.into_iter()).or_else(|| of(&mut MOTIFS.iter())).map(|found| found.1)
}

fn spoken(business: &Business) -> String {
    format!("{} {}", business.trade_said, business.name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::Trade;

    #[test]
    fn every_trade_has_colours_and_drawings_of_its_own() {
        for trade in Trade::ALL {
            assert!(TRADES.iter().any(|(slug, _)| slug == trade.slug()), "{}", trade.slug());
            assert!(of(trade.slug()).colours.len() >= 4, "{}", trade.slug());
            let drawn = MOTIFS.iter().filter(|one| one.trades.iter().any(|t| t == trade.slug()));
            assert!(drawn.count() >= 3, "{}", trade.slug());
        }
    }

    /// Those of schema.org's many that are used here. Search takes hours, a map and prices from these.
    const LOCAL_BUSINESSES: [&str; 27] = [
        "AutoRepair",
        "Bakery",
        "BeautySalon",
        "BookStore",
        "CafeOrCoffeeShop",
        "ClothingStore",
        "ComputerStore",
        "DaySpa",
        "Dentist",
        "DryCleaningOrLaundry",
        "ElectronicsStore",
        "Florist",
        "FurnitureStore",
        "GeneralContractor",
        "GroceryStore",
        "HairSalon",
        "IceCreamShop",
        "LocalBusiness",
        "MedicalClinic",
        "MotorcycleRepair",
        "NailSalon",
        "PetStore",
        "Pharmacy",
        "ProfessionalService",
        "Restaurant",
        "ShoeStore",
        "Store",
    ];

    #[test]
    fn every_type_is_a_kind_of_local_business() {
        for (slug, facts) in TRADES.iter() {
            let closer = facts.closer.iter().map(|one| &one.schema);
            for schema in [&facts.schema].into_iter().chain(closer) {
                assert!(LOCAL_BUSINESSES.contains(&schema.as_str()), "{slug}: {schema}");
            }
        }
    }

    #[test]
    fn a_thing_is_drawn_by_its_name_and_by_who_sells_it() {
        let drawn = |trade, name| of_item(trade, name).map(|motif| motif.svg.as_str());
        assert_ne!(drawn("food", "Es teh manis"), drawn("food", "Nasi rames"));
        assert_eq!(drawn("food", "Soto ayam"), drawn("food", "Mie kuah"));
        assert_ne!(drawn("bakery", "Birthday cake"), drawn("events", "Birthday decor"));
        assert_eq!(drawn("bakery", "Resep"), None);
        assert_eq!(drawn("other", "Gamis harian"), drawn("fashion", "Gamis"));
    }

    #[test]
    fn drawings_of_things_are_small_and_say_only_roles() {
        for motif in MOTIFS.iter() {
            assert!(motif.svg.len() < 520, "{} {}", motif.svg.len(), motif.svg);
            assert!(!motif.svg.contains("fill="), "{}", motif.svg);
            assert!(motif.items.iter().all(|word| *word == word.to_lowercase()));
        }
    }
}
