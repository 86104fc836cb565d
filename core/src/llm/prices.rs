//! What tokens cost, by a dated table kept as data.
//!
//! Money is integers: billionths of a US dollar. A model that is not in the table is charged as dear as
//! the dearest that is, so that a budget holds whatever it really costs; a server of one's own, that
//! wants no key, bills nobody and costs nothing.

use std::sync::LazyLock;

use secrecy::ExposeSecret;
use serde::Deserialize;
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

use super::ProviderConfig;
pub use super::reply::Usage;

/// One row: what one token costs, in billionths of a US dollar.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    model: String,
    /// The first day of this price, such as `2026-11-20`.
    valid_from: String,
    input: i64,
    cached: i64,
    /// Writing to the provider's cache; the price of reading where none is named.
    write: Option<i64>,
    output: i64,
}

/// One row of pictures: what a token costs, or a whole picture, in billionths of a US dollar.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct PicturePrice {
    model: String,
    /// The first day of this price.
    valid_from: String,
    #[serde(default)]
    input: i64,
    #[serde(default)]
    output: i64,
    /// For vendors that count pictures and no tokens.
    #[serde(default)]
    each: i64,
}

/// What one painted picture used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PictureUsage {
    /// Tokens of the request.
    pub input_tokens: i64,
    /// Tokens of the picture.
    pub output_tokens: i64,
}

#[derive(Deserialize)]
struct Table {
    price: Vec<Price>,
    picture: Vec<PicturePrice>,
}

/// A row with its first day.
trait Dated {
    fn model(&self) -> &str;
    fn valid_from(&self) -> &str;
}

impl Dated for Price {
    fn model(&self) -> &str {
        &self.model
    }

    fn valid_from(&self) -> &str {
        &self.valid_from
    }
}

impl Dated for PicturePrice {
    fn model(&self) -> &str {
        &self.model
    }

    fn valid_from(&self) -> &str {
        &self.valid_from
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("prices.toml"))
        .expect("the table is compiled in and read by a test")
});

/// How requests to one model are charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    model: String,
    /// Whether anybody bills them: a server that wants no key does not.
    billed: bool,
}

impl Tariff {
    /// The tariff of a provider.
    pub fn of(config: &ProviderConfig) -> Self {
        let billed = !config.api_key.expose_secret().is_empty();
        Self { model: config.model.clone(), billed }
    }

    /// What a call cost at `at_ms`, in billionths of a US dollar.
    pub fn nano_usd(&self, usage: &Usage, at_ms: i64) -> i64 {
        let day = iso_day(at_ms);
        match price_of(&TABLE.price, &self.model, &day) {
            Some(price) => price.of(usage),
            None if self.billed => dearest(&TABLE.price, &day, |price| price.of(usage)),
            None => 0,
        }
    }

    /// What a painted picture cost at `at_ms`, in billionths of a US dollar.
    pub fn picture_nano_usd(&self, usage: &PictureUsage, at_ms: i64) -> i64 {
        let day = iso_day(at_ms);
        match price_of(&TABLE.picture, &self.model, &day) {
            Some(price) => price.of(usage),
            None if self.billed => dearest(&TABLE.picture, &day, |price| price.of(usage)),
            None => 0,
        }
    }

    /// Says once, where a model is set up, that its price is not known and what is reckoned instead.
    pub fn warn_of_guess(&self, provider: &str, pictures: bool) {
        let known = match pictures {
            true => TABLE.picture.iter().any(|row| row.model == bare_id(&self.model)),
            false => TABLE.price.iter().any(|row| row.model == bare_id(&self.model)),
        };
        if self.billed && !known {
            let model = &self.model;
            tracing::warn!(
                provider,
                model,
                "the price of this model is not known; it counts as the dearest in the budgets"
            );
        }
    }
}

/// The most that this use costs at any model of the table.
fn dearest<Row: Dated>(table: &[Row], day: &str, cost: impl Fn(&Row) -> i64) -> i64 {
    let valid = table.iter().filter_map(|row| price_of(table, row.model(), day));
    valid.map(cost).max().unwrap_or(0)
}

/// What a call cost at `at_ms`, in billionths of a US dollar; 0 for an unknown model. Before the
/// first row of a model its first price counts.
pub fn cost_nano_usd(model: &str, usage: &Usage, at_ms: i64) -> i64 {
    price_of(&TABLE.price, model, &iso_day(at_ms)).map_or(0, |price| price.of(usage))
}

/// What a painted picture cost at `at_ms`, in billionths of a US dollar; 0 for an unknown model.
pub fn picture_nano_usd(model: &str, usage: &PictureUsage, at_ms: i64) -> i64 {
    price_of(&TABLE.picture, model, &iso_day(at_ms)).map_or(0, |price| price.of(usage))
}

impl PicturePrice {
    fn of(&self, usage: &PictureUsage) -> i64 {
        let read = usage.input_tokens.saturating_mul(self.input);
        let painted = usage.output_tokens.saturating_mul(self.output);
        self.each.saturating_add(read).saturating_add(painted)
    }
}

impl Price {
    fn of(&self, usage: &Usage) -> i64 {
        let cached = usage.cached_tokens;
        let written = usage.cache_write_tokens;
        let fresh = usage.prompt_tokens.saturating_sub(cached).saturating_sub(written).max(0);
        [
            (fresh, self.input),
            (cached, self.cached),
            (written, self.write.unwrap_or(self.input)),
            (usage.completion_tokens, self.output),
        ]
        .into_iter()
        .fold(0, |sum: i64, (tokens, price)| sum.saturating_add(tokens.saturating_mul(price)))
    }
}

fn price_of<'a, Row: Dated>(table: &'a [Row], model: &str, day: &str) -> Option<&'a Row> {
    let id = bare_id(model);
    let rows = || table.iter().filter(|row| row.model() == id);
    rows()
        .filter(|row| row.valid_from() <= day)
        .max_by(|a, b| a.valid_from().cmp(b.valid_from()))
        .or_else(|| rows().min_by(|a, b| a.valid_from().cmp(b.valid_from())))
}

/// The id without a router's vendor prefix and without the date of a snapshot.
fn bare_id(model: &str) -> String {
    let id = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
    let dated = id.len() > 11 && id.is_char_boundary(id.len() - 11) && {
        let (_, tail) = id.split_at(id.len() - 11);
        tail.starts_with('-') && Date::parse(&tail[1..], &Iso8601::DATE).is_ok()
    };
    if dated { id[..id.len() - 11].to_owned() } else { id }
}

fn iso_day(at_ms: i64) -> String {
    let seconds = at_ms.div_euclid(1000);
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|at| at.date().format(&Iso8601::DATE).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21.
    const NOW_MS: i64 = 1_795_219_200_000;

    fn usage(prompt: i64, cached: i64, written: i64, completion: i64) -> Usage {
        Usage {
            prompt_tokens: prompt,
            cached_tokens: cached,
            cache_write_tokens: written,
            completion_tokens: completion,
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert!(TABLE.price.len() > 20);
        for row in TABLE.price.iter() {
            assert!(Date::parse(&row.valid_from, &Iso8601::DATE).is_ok(), "{row:?}");
            assert!(row.input > 0 && row.cached > 0 && row.output >= row.input, "{row:?}");
            assert!(row.cached <= row.input, "{row:?}");
            assert_eq!(row.model, bare_id(&row.model), "{row:?}");
            let twins = TABLE
                .price
                .iter()
                .filter(|other| (&other.model, &other.valid_from) == (&row.model, &row.valid_from));
            assert_eq!(twins.count(), 1, "{row:?}");
        }
    }

    #[test]
    fn a_picture_costs_by_token_or_by_piece() {
        let usage = PictureUsage { input_tokens: 100, output_tokens: 1_000 };
        assert_eq!(picture_nano_usd("gpt-image-2", &usage, NOW_MS), 100 * 5_000 + 30_000_000);
        assert_eq!(picture_nano_usd("grok-imagine-image-2.0", &usage, NOW_MS), 60_000_000);
        assert_eq!(picture_nano_usd("unknown", &usage, NOW_MS), 0);
        for row in &TABLE.picture {
            assert!(Date::parse(&row.valid_from, &Iso8601::DATE).is_ok(), "{row:?}");
            assert!(row.each > 0 || (row.input > 0 && row.output > row.input), "{row:?}");
        }
    }

    #[test]
    fn every_kind_of_token_has_its_price() {
        // gpt-6-luna: 0.10 in, 0.01 cached, 0.125 write, 0.50 out per million.
        let million = 1_000_000;
        let cost = |usage| cost_nano_usd("gpt-6-luna", &usage, NOW_MS);
        assert_eq!(cost(usage(million, 0, 0, 0)), 100_000_000);
        assert_eq!(cost(usage(million, million, 0, 0)), 10_000_000);
        assert_eq!(cost(usage(million, 0, million, 0)), 125_000_000);
        assert_eq!(cost(usage(0, 0, 0, million)), 500_000_000);
        assert_eq!(cost(usage(1000, 400, 100, 50)), 500 * 100 + 400 * 10 + 100 * 125 + 50 * 500);
    }

    #[test]
    fn a_snapshot_or_routed_id_costs_what_its_model_costs() {
        let one = usage(1, 0, 0, 0);
        assert_eq!(cost_nano_usd("gpt-4o-mini-2024-07-18", &one, NOW_MS), 150);
        assert_eq!(cost_nano_usd("openai/gpt-4o-mini", &one, NOW_MS), 150);
        assert_eq!(cost_nano_usd("llama3", &one, NOW_MS), 0);
        assert_eq!(cost_nano_usd("é-aaaa-bb-cc", &one, NOW_MS), 0);
    }

    #[test]
    fn a_model_of_unknown_price_counts_as_the_dearest_unless_nobody_bills_it() {
        let tariff = |model: &str, billed| Tariff { model: model.to_owned(), billed };
        let used = usage(1_000, 0, 0, 1_000);
        let unknown = tariff("somebody/some-new-model", true).nano_usd(&used, NOW_MS);
        for row in &TABLE.price {
            let known = tariff(&row.model, true).nano_usd(&used, NOW_MS);
            assert!(known <= unknown, "{} is dearer", row.model);
            assert_eq!(known, cost_nano_usd(&row.model, &used, NOW_MS), "{}", row.model);
        }
        assert!(unknown > 0);
        assert_eq!(tariff("llama3", false).nano_usd(&used, NOW_MS), 0);
        let free = tariff("gpt-4o-mini", false).nano_usd(&used, NOW_MS);
        assert!(free > 0, "what has a price is charged");
        let picture = PictureUsage { input_tokens: 10, output_tokens: 10 };
        let unknown = tariff("a-new-painter", true).picture_nano_usd(&picture, NOW_MS);
        assert_eq!(unknown, 60_000_000, "the dearest by the piece");
        assert_eq!(tariff("sd", false).picture_nano_usd(&picture, NOW_MS), 0);
    }

    #[test]
    fn a_price_counts_from_its_day() {
        let row = |day: &str, input| Price {
            model: "m".to_owned(),
            valid_from: day.to_owned(),
            input,
            cached: 1,
            write: None,
            output: input,
        };
        let table = [row("2026-03-01", 20), row("2026-01-01", 10)];
        let input = |day: &str| price_of(&table, "m", day).unwrap().input;
        assert_eq!([input("2025-12-31"), input("2026-02-28"), input("2026-03-01")], [10, 10, 20]);
    }

    #[test]
    fn a_count_beyond_reason_does_not_overflow() {
        let cost = cost_nano_usd("gpt-5.5", &usage(i64::MAX, 0, 0, i64::MAX), NOW_MS);
        assert_eq!(cost, i64::MAX);
    }
}
