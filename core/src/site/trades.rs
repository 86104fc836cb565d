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

/// How many of [`motifs`], from the first, may stand beside single items: those its words called for,
/// or all when none were.
pub(super) fn fitting(business: &Business) -> usize {
    let said = spoken(business);
    let all = motifs(business);
    let called = |motif: &&&Motif| motif.words.iter().any(|word| said.contains(word));
    match all.iter().filter(called).count() {
        0 => all.len(),
        some => some,
    }
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
}
