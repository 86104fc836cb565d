//! Web addresses as owners write them, and how owners are addressed themselves.

use sitespark_core::brief::{Brief, Trade};
use sitespark_core::site::Subdomain;

use super::understand::words::{is_in, mentions, normalise};

/// Shortest and longest name of a site.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=40;

/// Whether the owner is addressed formally: clinics, and trades of the law.
pub(crate) fn is_formal(brief: &Brief) -> bool {
    brief.trade.as_ref().is_some_and(|told| {
        told.value == Trade::Clinic || mentions("formal", &normalise(&told.said))
    })
}

/// The name a site of this business would get, if nobody has it.
pub(crate) fn proposed(business: &str) -> String {
    Subdomain::propose(business).as_str().to_owned()
}

/// Reads "kopi-senja", "Kopi Senja" or the whole address; `None` when no name can be made of it.
pub(crate) fn read(text: &str, url_pattern: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let bare = lower.trim_start_matches("https://").trim_start_matches("http://");
    let ending = url_pattern.split_once("{name}").map_or("", |(_, after)| after);
    let ending = ending.trim_end_matches('/');
    let bare = bare.trim_end_matches(['/', '.', '!', ' ']);
    let name = if ending.is_empty() { bare } else { bare.strip_suffix(ending).unwrap_or(bare) };
    let name = name.split('.').next().unwrap_or(name);
    let slug = slug(name);
    NAME_CHARS.contains(&slug.len()).then_some(slug)
}

/// Whether "alamatnya X" speaks of the web and not of a street.
pub(crate) fn looks_like_name(value: &str) -> bool {
    let value = value.trim();
    let one_word = !value.contains(char::is_whitespace);
    let web = value.chars().all(|c| c.is_ascii_alphanumeric() || "-.:/".contains(c));
    one_word && web && !is_in("cities", &normalise(value)) && value.chars().count() >= 3
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = plain_letter(c);
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if !matches!(c, '\'' | '’' | '.') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(*NAME_CHARS.end());
    slug.trim_end_matches('-').to_owned()
}

fn plain_letter(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("Kopi Senja", Some("kopi-senja"))]
    #[case("http://kopi-senja.toko.test/", Some("kopi-senja"))]
    #[case("kopi-senja.toko.test", Some("kopi-senja"))]
    #[case("a", None)]
    #[case("☕☕☕", None)]
    fn addresses_are_read(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(read(text, "http://{name}.toko.test").as_deref(), expected);
    }

    #[test]
    fn every_business_gets_a_name() {
        for business in ["Café Ánis", "店", "A1", "", "☕☕☕", "Kopi Senja"] {
            let name = proposed(business);
            assert_eq!(read(&name, "http://{name}.toko.test"), Some(name.clone()), "{business}");
        }
        assert_eq!(proposed("Kopi Senja"), "kopi-senja");
    }

    #[test]
    fn a_street_is_no_web_name() {
        assert!(looks_like_name("kopi-senja") && !looks_like_name("Jl. Melati 5"));
        assert!(!looks_like_name("Bandung"));
    }
}
