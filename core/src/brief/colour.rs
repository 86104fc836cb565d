//! Colours as owners name them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::phrase::{Hit, Lexicon, Word, words};

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

#[derive(Clone, Deserialize)]
struct Table {
    named: BTreeMap<String, String>,
    neutral: BTreeMap<String, String>,
}

/// A colour, and whether it is a neutral one.
type Meaning = (Rgb, bool);

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("words/colours.toml")).expect("a test reads this file")
});

static LEXICON: LazyLock<Lexicon<Meaning>> = LazyLock::new(|| {
    let table = TABLE.clone();
    let named = table.named.into_iter().map(|(name, hex)| (name, hex, false));
    let neutral = table.neutral.into_iter().map(|(name, hex)| (name, hex, true));
    Lexicon::new(named.chain(neutral).map(|(name, hex, is_neutral)| {
        (name, (Rgb::from_hex(&hex).expect("a test reads this file"), is_neutral))
    }))
});

/// Names of whole families of colours.
const HUES: [&str; 24] = [
    "merah", "biru", "hijau", "ijo", "kuning", "ungu", "coklat", "cokelat", "pink", "orange",
    "oranye", "red", "blue", "green", "yellow", "purple", "brown", "abang", "emas", "gold", "oren",
    "jingga", "perak", "silver",
];
const LIGHTER: [&str; 9] =
    ["muda", "pastel", "terang", "light", "soft", "pale", "enom", "nom", "ngora"];
const DARKER: [&str; 7] = ["tua", "gelap", "dark", "deep", "pekat", "tuwo", "kolot"];

impl Rgb {
    /// Reads `#rrggbb` or `#rgb`, in either case.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.strip_prefix('#')?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |range| u8::from_str_radix(digits.get(range)?, 16).ok();
        match digits.len() {
            6 => Some(Self { r: part(0..2)?, g: part(2..4)?, b: part(4..6)? }),
            3 => Some(Self { r: part(0..1)? * 17, g: part(1..2)? * 17, b: part(2..3)? * 17 }),
            _ => None,
        }
    }

    /// `#rrggbb` in lower case.
    pub fn to_hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }

    /// The colour a text asks for: a hex value, else the first named colour, where white, black,
    /// grey and the like give way to any other ("hitam emas" is gold).
    pub fn parse_name(text: &str) -> Option<Self> {
        if let Some(hex) = find_hex(text) {
            return Some(hex);
        }
        let words = words(text);
        let hits = LEXICON.hits(&words);
        let at = hits.iter().position(|hit| !hit.value.1).unwrap_or(0);
        let hit = hits.get(at)?;
        // "hijau toska", "biru navy": the hue, and behind it which one of it.
        let closer = hits.get(at + 1).filter(|next| {
            let touches = next.at == hit.at + hit.len;
            let is_hue =
                |hit: &Hit<Meaning>| hit.len == 1 && HUES.contains(&words[hit.at].text.as_str());
            touches && is_hue(hit) && !is_hue(next) && !next.value.1
        });
        Some(shaded(&words, closer.unwrap_or(hit)))
    }

    /// The colour a text asks for with a slip of the finger: two letters the wrong way round, one
    /// left out or one too many ("merha", "blu").
    pub fn parse_mistyped(text: &str) -> Option<Self> {
        let names = || TABLE.named.keys().chain(TABLE.neutral.keys());
        let meant = words(text).into_iter().find_map(|word| {
            let slip = |name: &&String| is_slip(&word.text, name);
            names().find(slip).map(|name| (word.range, name))
        });
        let (range, name) = meant?;
        Self::parse_name(&format!("{}{name}{}", &text[..range.start], &text[range.end..]))
    }

    fn mixed(self, other: Self, percent: u16) -> Self {
        let mix = |a: u8, b: u8| {
            let sum = u16::from(a) * (100 - percent) + u16::from(b) * percent;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self { r: mix(self.r, other.r), g: mix(self.g, other.g), b: mix(self.b, other.b) }
    }
}

/// Shortest name in which a slip of the finger is forgiven.
const MIN_SLIP_CHARS: usize = 4;

/// Whether a word is a name but for one slip; another letter in a place makes another word.
fn is_slip(word: &str, name: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    name.chars().count() >= MIN_SLIP_CHARS
        && !name.contains(' ')
        && word.chars().next() == name.chars().next()
        && strsim::osa_distance(word, name) == 1
        && (word.len() != name.len() || sorted(word) == sorted(name))
}

/// The colour of a hit, lighter or darker as the words beside it say.
fn shaded(words: &[Word], hit: &Hit<Meaning>) -> Rgb {
    let after = words.get(hit.at + hit.len);
    let before = hit.at.checked_sub(1).and_then(|at| words.get(at));
    let beside = |list: &[&str]| {
        [before, after].into_iter().flatten().any(|word| list.contains(&word.text.as_str()))
    };
    let colour = hit.value.0;
    if beside(&LIGHTER) {
        colour.mixed(Rgb { r: 255, g: 255, b: 255 }, 45)
    } else if beside(&DARKER) {
        colour.mixed(Rgb { r: 0, g: 0, b: 0 }, 40)
    } else {
        colour
    }
}

fn find_hex(text: &str) -> Option<Rgb> {
    text.match_indices('#').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let len = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        Rgb::from_hex(&text[at..at + 1 + len])
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("#ff8800", "#ff8800")]
    #[case("warnanya #F80 ya", "#ff8800")]
    #[case("merah bata", "#a9503a")]
    #[case("Biru dongker aja kak", "#1b2a4e")]
    #[case("navy", "#1b2a4e")]
    #[case("biru dongker/navy", "#1b2a4e")]
    #[case("hijau sage", "#8a9f7f")]
    #[case("ijo toska", "#1fa295")]
    #[case("blue navy please", "#1b2a4e")]
    #[case("ungu lilac", "#b497cf")]
    #[case("krem", "#d9c3a0")]
    #[case("tosca", "#1fa295")]
    #[case("pink muda", "#f2a7c0")]
    #[case("maroon", "#7b1e2b")]
    #[case("hitam emas", "#b8902f")]
    #[case("hijau emas elegan", "#2e8b46")]
    #[case("putih", "#f5f5f5")]
    #[case("jangan merah, hijau", "#2e8b46")]
    #[case("abu-abu", "#7c8288")]
    #[case("hijau tua", "#1b532a")]
    fn a_colour_is_read_from_its_name(#[case] text: &str, #[case] hex: &str) {
        assert_eq!(Rgb::parse_name(text).map(Rgb::to_hex).as_deref(), Some(hex));
    }

    #[rstest]
    #[case("terserah")]
    #[case("#ff88")]
    #[case("#ggg")]
    #[case("merahan dikit")]
    #[case("no. #1 di kota")]
    fn a_text_without_a_colour_has_none(#[case] text: &str) {
        assert_eq!(Rgb::parse_name(text), None);
    }

    #[rstest]
    #[case("merha aja", Some("merah"))]
    #[case("biur muda", Some("biru muda"))]
    #[case("kunng", Some("kuning"))]
    #[case("hijab syari", None)]
    #[case("terserah", None)]
    fn slips_of_the_finger_are_forgiven(#[case] text: &str, #[case] meant: Option<&str>) {
        assert_eq!(Rgb::parse_mistyped(text), meant.and_then(Rgb::parse_name));
    }

    #[test]
    fn light_green_is_lighter_than_green() {
        let green = Rgb::parse_name("hijau").unwrap();
        let light = Rgb::parse_name("hijau muda").unwrap();
        assert!(light.r > green.r && light.g > green.g && light.b > green.b);
    }

    proptest::proptest! {
        #[test]
        fn hex_goes_there_and_back(r: u8, g: u8, b: u8) {
            let colour = Rgb { r, g, b };
            proptest::prop_assert_eq!(Rgb::from_hex(&colour.to_hex()), Some(colour));
        }

        #[test]
        fn no_text_upsets_it(text in "\\PC{0,80}") {
            // Whatever it answers: it must not panic.
            let _ = Rgb::parse_name(&text);
        }
    }
}
