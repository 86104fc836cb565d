//! The three time zones of Indonesia, as said or as a town tells them.
//!
//! It never guesses: a street named after a town says nothing, and an unknown town has no zone.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::phrase::words;

/// Longest name of a town or province, in words.
const MOST_NAME_WORDS: usize = 3;
/// Words by which a part of an address is a street.
const STREETS: [&str; 8] = ["jl", "jln", "jalan", "gg", "gang", "jend", "komplek", "perumahan"];

/// A time zone of Indonesia.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeZone {
    /// Waktu Indonesia Barat, UTC+7.
    Wib,
    /// Waktu Indonesia Tengah, UTC+8.
    Wita,
    /// Waktu Indonesia Timur, UTC+9.
    Wit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    wib: Vec<String>,
    wita: Vec<String>,
    wit: Vec<String>,
}

static PLACES: LazyLock<HashMap<String, TimeZone>> = LazyLock::new(|| {
    let Places { wib, wita, wit } =
        toml::from_str(include_str!("words/zones.toml")).expect("a test reads this file");
    let zoned = [(wib, TimeZone::Wib), (wita, TimeZone::Wita), (wit, TimeZone::Wit)];
    zoned
        .into_iter()
        .flat_map(|(names, zone)| names.into_iter().map(move |name| (name, zone)))
        .collect()
});

impl TimeZone {
    /// All three, from west to east.
    pub const ALL: [Self; 3] = [Self::Wib, Self::Wita, Self::Wit];

    /// The stable name: in stored data and documents.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Wib => "wib",
            Self::Wita => "wita",
            Self::Wit => "wit",
        }
    }

    /// The zone of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zone| zone.slug() == slug)
    }

    /// How it is written, in every language: `WIB`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// Hours ahead of UTC.
    pub const fn utc_hours(self) -> i8 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }

    /// The zone a text names: "8-5 WITA", "waktu indonesia timur", "UTC+8". `None` when it names
    /// none or several.
    pub fn parse(text: &str) -> Option<Self> {
        let all: Vec<String> = words(text).into_iter().map(|word| word.text).collect();
        let long = |part: &str| {
            all.windows(3)
                .any(|three| three[0] == "waktu" && three[1] == "indonesia" && three[2] == part)
        };
        let offset = |hours: i8| {
            let digit = hours.to_string();
            all.windows(2).any(|two| matches!(&*two[0], "utc" | "gmt") && two[1] == digit)
        };
        let short = |zone: &Self| {
            all.iter().enumerate().any(|(at, word)| {
                word == zone.slug() && (all.len() == 1 || at > 0 && tells_time(&all[at - 1]))
            })
        };
        let mut named = Self::ALL.into_iter().filter(|zone| {
            let spelled = match zone {
                Self::Wib => "barat",
                Self::Wita => "tengah",
                Self::Wit => "timur",
            };
            short(zone) || long(spelled) || offset(zone.utc_hours())
        });
        named.next().filter(|_| named.next().is_none())
    }

    /// The zone of a town or province, which may stand at the end of an address.
    pub fn of_place(place: &str) -> Option<Self> {
        place.split([',', '\n', ';']).rev().find_map(in_part)
    }
}

/// Whether a word before "WITA" makes it a time zone: Wita is a name too.
fn tells_time(word: &str) -> bool {
    const LEADS: [&str; 14] = [
        "pagi", "siang", "sore", "malam", "petang", "am", "pm", "jam", "zona", "waktu", "zone",
        "pakai", "jadi", "ke",
    ];
    word.starts_with(|c: char| c.is_ascii_digit()) || LEADS.contains(&word)
}

/// The last place named in a part of an address; in a street only behind its number.
fn in_part(part: &str) -> Option<TimeZone> {
    let all: Vec<String> = words(part).into_iter().map(|word| word.text).collect();
    let street = all.iter().any(|word| STREETS.contains(&word.as_str()));
    let from = match street {
        false => 0,
        true => all.iter().position(|word| word.starts_with(|c: char| c.is_ascii_digit()))? + 1,
    };
    let named = |end: usize| {
        (1..=MOST_NAME_WORDS.min(end - from))
            .rev()
            .find_map(|count| PLACES.get(&all[end - count..end].join(" ")).copied())
    };
    (from + 1..=all.len()).rev().find_map(named)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn every_place_is_folded_and_stands_once() {
        let Places { wib, wita, wit } = toml::from_str(include_str!("words/zones.toml")).unwrap();
        let all: Vec<String> = [wib, wita, wit].concat();
        for name in &all {
            let folded: Vec<_> = words(name).into_iter().map(|word| word.text).collect();
            assert_eq!(&folded.join(" "), name);
            assert!(folded.len() <= MOST_NAME_WORDS, "{name}");
        }
        assert_eq!(PLACES.len(), all.len(), "a place stands twice");
    }

    #[rstest]
    #[case("senin-jumat 8-5 WITA", Some(TimeZone::Wita))]
    #[case("buka 08.00 wib", Some(TimeZone::Wib))]
    #[case("09.00-21.00 Wit", Some(TimeZone::Wit))]
    #[case("waktu Indonesia Timur", Some(TimeZone::Wit))]
    #[case("8-5 (GMT+8)", Some(TimeZone::Wita))]
    #[case("wita", Some(TimeZone::Wita))]
    #[case("zona waktu WIT", Some(TimeZone::Wit))]
    #[case("Salon Wita, buka 8-17", None)]
    #[case("8 WIB atau 9 WITA", None)]
    #[case("with love", None)]
    #[case("", None)]
    fn a_said_zone_is_read(#[case] text: &str, #[case] zone: Option<TimeZone>) {
        assert_eq!(TimeZone::parse(text), zone);
    }

    #[rstest]
    #[case("Denpasar", Some(TimeZone::Wita))]
    #[case("Jl. Sudirman 5, Makassar", Some(TimeZone::Wita))]
    #[case("jl ambon no 3, bandung", Some(TimeZone::Wib))]
    #[case("Jl. Kaliurang 21 Yogyakarta", Some(TimeZone::Wib))]
    #[case("Jl. Ambon No. 3", None)]
    #[case("Jl. Raya Denpasar", None)]
    #[case("Kota Jayapura, Papua", Some(TimeZone::Wit))]
    #[case("Sorong", Some(TimeZone::Wit))]
    #[case("Kab. Manggarai Barat", Some(TimeZone::Wita))]
    #[case("Ubud, Gianyar, Bali", Some(TimeZone::Wita))]
    #[case("Pontianak", Some(TimeZone::Wib))]
    #[case("Banjarbaru, Kalimantan Selatan", Some(TimeZone::Wita))]
    #[case("Palangka Raya", Some(TimeZone::Wib))]
    #[case("Singapore", None)]
    fn a_town_tells_its_zone(#[case] place: &str, #[case] zone: Option<TimeZone>) {
        assert_eq!(TimeZone::of_place(place), zone);
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_it(text in "\\PC{0,80}") {
            // Whatever it answers: it must not panic.
            let _ = (TimeZone::parse(&text), TimeZone::of_place(&text));
        }
    }
}
