//! Towns at the end of what is said: those of the lists, and such as are written large where a place is
//! told.

use super::naming::title_case;
use super::words::{is_in, mentions, normalise};

/// "warung kopi di Bandung" → "warung kopi", Bandung.
pub(crate) fn cut_city(text: &str) -> (&str, Option<String>) {
    cut_city_behind("in-place", text)
}

pub(super) fn cut_city_behind<'a>(lead: &str, text: &'a str) -> (&'a str, Option<String>) {
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let after = at + word.len();
        // What is longer than a village and its town is no place, however often "di" stands in it.
        let rest = text[after..].split_whitespace();
        let short = rest.take(MAX_PLACE_WORDS + 1).count() <= MAX_PLACE_WORDS;
        if at > 0 && short && is_in(lead, &normalise(word)) {
            let place = normalise(&text[after..]);
            if is_in("cities", &place) || is_in("cities-placed", &place) {
                return (text[..at].trim_end(), Some(title_case(&place)));
            }
            // "di kaligesing purworejo": the village before the town.
            if let Some(town) = last_town(&place) {
                return (text[..at].trim_end(), Some(title_case(town)));
            }
            // A part of a town is not the town, and no part of a name either.
            if is_in("districts", &place) {
                return (text[..at].trim_end(), None);
            }
        }
        at = after;
    }
    (text, None)
}

/// Most words of a village before its town.
const MAX_VILLAGE_WORDS: usize = 2;

/// Most words of a village and its town, a short word between the names counted.
const MAX_PLACE_WORDS: usize = 6;

/// The known town that a place of several words ends with.
fn last_town(place: &str) -> Option<&str> {
    let ends = place.match_indices(' ').map(|(at, _)| &place[at + 1..]);
    let mut ends = ends;
    let town = ends.find(|end| is_in("cities", end))?;
    let village = place[..place.len() - town.len()].split_whitespace();
    let other = ["no-town", "part-join", "people-words"];
    let plain = village.clone().all(|word| !other.iter().any(|list| is_in(list, word)));
    (plain && village.count() <= MAX_VILLAGE_WORDS).then_some(town)
}

/// Most words of a town that no list knows.
const MAX_TOWN_WORDS: usize = 2;

/// "jual dodol di Tanjung Pura" → "jual dodol", Tanjung Pura: a place written large behind small words
/// that say where, though no list knows it.
pub(crate) fn cut_unlisted_town(text: &str) -> Option<(&str, String)> {
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let after = at + word.len();
        let small = at > 0 && text[..at].contains(char::is_lowercase);
        // "specialising in Weddings" tells no place.
        let doing = text[..at].trim_end().ends_with("ing") || text[..at].trim_end().ends_with("ed");
        let placed = match word.trim_end() {
            "di" => true,
            "in" => !doing,
            _ => false,
        };
        if small && placed {
            return unlisted_town(&text[after..]).map(|town| (text[..at].trim_end(), town));
        }
        at = after;
    }
    None
}

/// One or two words written large that can be nothing but a place.
pub(crate) fn unlisted_town(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let large = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().skip(1).any(char::is_lowercase)
            && word.chars().all(char::is_alphabetic)
    };
    let other = ["no-town", "address-words", "districts", "days", "people-words", "generic-words"];
    let plain = normalise(text);
    let sound = (1..=MAX_TOWN_WORDS).contains(&words.len())
        && words.iter().all(large)
        && !other.iter().any(|list| mentions(list, &plain))
        && !is_in("person-words", &normalise(words[0]));
    // "Malalayang Manado" is a part of a town that a list knows.
    sound.then(|| last_town(&plain).map_or_else(|| words.join(" "), title_case))
}

/// "rental mobil lombok" → "rental mobil", Lombok: a city behind words that are no name. Dishes are
/// called by cities, so food is not read like this.
pub(super) fn cut_last_city(text: &str) -> (&str, Option<String>) {
    let Some((before, last)) = text.rsplit_once(char::is_whitespace) else { return (text, None) };
    let plain = before.split_whitespace().all(|word| is_in("generic-words", &normalise(word)));
    // In small letters several words before a city are hardly a name.
    let next = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let small = before.contains(' ') && next.starts_with(char::is_lowercase);
    if (plain || small) && is_in("cities", &normalise(last)) {
        (before, Some(title_case(last)))
    } else {
        (text, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("jual dodol di Tanjung Pura", Some("Tanjung Pura"))]
    #[case("lawn mowing business in Bendigo", Some("Bendigo"))]
    #[case("jualan di Instagram", None)]
    #[case("les musik di Rumah Sendiri", None)]
    #[case("buka di Pasar Baru", None)]
    #[case("melayani di Hari Minggu", None)]
    #[case("warung di Pak Budi", None)]
    #[case("WARUNG DI SILUNGKANG", None)]
    #[case("lessons in English", None)]
    #[case("jual dodol di pasar", None)]
    fn a_town_that_no_list_knows_is_written_large(#[case] text: &str, #[case] town: Option<&str>) {
        assert_eq!(cut_unlisted_town(text).map(|(_, town)| town).as_deref(), town);
    }
}
