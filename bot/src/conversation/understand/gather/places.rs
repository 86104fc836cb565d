//! Streets, districts and towns among the pieces of a message.

use super::hours::begins_with_day;
use super::people::says_nobody;
use super::{Found, is_price_list, only_noise};
use crate::conversation::state::Step;
use crate::conversation::understand::naming::title_case;
use crate::conversation::understand::towns::unlisted_town;
use crate::conversation::understand::words::{
    canonical, cut_all, cut_end, cut_prefix, has_figures, is_in, is_large, knows, mentions,
    normalise,
};

/// Most words in the name of a village or district.
pub(super) const MAX_DISTRICT_WORDS: usize = 3;

/// Most villages and districts between a street and its town.
const MAX_DISTRICTS: usize = 3;

/// Most words in the name of a town.
const MAX_TOWN_WORDS: usize = 3;

/// Longest street address, in characters.
pub(super) const MAX_ADDRESS_CHARS: usize = 200;

/// "lokasi ganti oli 55rb": the place is a part of the site, what follows is sold.
pub(super) fn priced_place(piece: &str) -> Option<&str> {
    // "city bike 60k" is sold.
    let first_word = normalise(piece).split(' ').next().unwrap_or("").to_owned();
    if matches!(first_word.as_str(), "city" | "kota") {
        return None;
    }
    cut_prefix("address-label", piece).filter(|rest| {
        let first = normalise(rest).split(' ').next().unwrap_or("").to_owned();
        is_price_list(rest) && !is_in("address-words", &first)
    })
}

pub(super) fn take_address(
    piece: &str,
    asked: Option<Step>,
    continues: bool,
    found: &mut Found,
) -> bool {
    let normal = normalise(piece);
    let first = normal.split(' ').next().unwrap_or("");
    let street = is_in("address-words", first) || tells_neighbourhood(&normal);
    // A street with its number is no name, even where one is asked.
    let numbered = is_in("street-words", first) && has_figures(piece);
    // "city bike 60k" is rented out, and so is "kavling tenda 50rb/malam".
    if asked == Some(Step::Items) && is_price_list(piece) {
        return false;
    }
    let labelled = cut_prefix("address-label", piece);
    let told_anywhere = match asked {
        Some(Step::Name) => false,
        Some(Step::Audience) => has_figures(piece) || is_in("street-words", first),
        // "pasar sepi bana" tells how trade goes.
        Some(Step::Items) => {
            has_figures(piece) || is_in("street-words", first) || piece.contains(char::is_uppercase)
        }
        None | Some(Step::Trade | Step::Features | Step::Style) => true,
        Some(Step::Colour | Step::Contact | Step::Phone) => true,
    };
    let contact = matches!(asked, Some(Step::Contact | Step::Phone));
    let housed = begins_with_number(piece) || ends_with_number(piece);
    let street = street || contact && housed;
    // "0812 8870 1145, depok": a town beside a number.
    let reached = found.phone.is_some() && asked != Some(Step::Name);
    // "kasi jalan" lets us go ahead.
    let place = contact && mentions("address-words", &normal) && !says_nobody(piece);
    let spot = normal.strip_prefix("di ").unwrap_or(&normal);
    let city = is_in("cities", spot)
        || spot
            .rsplit_once(' ')
            .is_some_and(|(city, last)| is_in("cities", city) && is_in("city-tail", last));
    let address = found.address.as_deref();
    match (labelled, address) {
        (Some(rest), None) if !normalise(rest).is_empty() && !only_noise(rest) => {
            set_address(rest, found);
            true
        }
        // "perumahan, ruko, pabrik" are customers where those are asked for.
        (None, None) if (street || place) && told_anywhere || numbered => {
            set_address(piece, found);
            true
        }
        (None, Some(before)) if continues && (city || street || place) => {
            found.address = Some(format!("{before}, {}", cut_end("name-tail", piece)));
            found.city = city_in(piece).or(found.city.take());
            true
        }
        // "daerah Cimanggis Depok": where goods are sent to is no address, but tells the town.
        (None, None) if contact && is_in("in-place", first) && ends_in_city(&normal) => {
            found.city = city_in(piece).or(found.city.take());
            true
        }
        // "alun alun kidul yogyakarta": a place that ends with its city needs no word for a street.
        (None, None) if contact && !city && ends_with_city(&normal) => {
            set_address(piece, found);
            true
        }
        (None, None)
            if city && (contact || reached || matches!(asked, None | Some(Step::Trade))) =>
        {
            let name = piece.strip_prefix("di ").unwrap_or(piece);
            let name = cut_end("area-tail", name);
            // "Coffee roaster, Bajawa, Flores": the town was told before its island.
            if found.city.is_some() && is_in("islands", spot) {
                return true;
            }
            found.city = Some(title_case(name.trim_matches(|c: char| !c.is_alphanumeric())));
            true
        }
        (Some(_) | None, Some(_) | None) => false,
    }
}

/// "31 Lebuh Armenian": a house number before words written large.
fn begins_with_number(piece: &str) -> bool {
    let mut words = piece.split_whitespace();
    let number = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        (1..=MAX_HOUSE_DIGITS).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && word.len() <= digits.len() + 1
    };
    let numbered = words.next().is_some_and(number);
    let rest: Vec<&str> = words.collect();
    numbered
        && rest.len() >= 2
        && rest.iter().all(|word| is_large(word))
        && !mentions("no-streets", &normalise(piece))
        && !mentions("clock-parts", &normalise(piece))
        && !mentions("days", &normalise(piece))
}

/// "Amsterdamsestraatweg 212": a long word or several, written large, and a house number.
fn ends_with_number(piece: &str) -> bool {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let Some((number, street)) = words.split_last() else { return false };
    let numbered = (1..=MAX_HOUSE_DIGITS).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit());
    let plain = normalise(piece);
    let other = ["clock-parts", "days", "no-streets", "clock-lead", "months", "courtesy"];
    numbered
        && !street.is_empty()
        && street.iter().all(|word| is_large(word))
        && street.iter().any(|word| word.chars().count() >= MIN_STREET_CHARS)
        && !other.iter().any(|list| mentions(list, &plain))
}

/// Fewest letters of a word that can be a street by itself.
const MIN_STREET_CHARS: usize = 10;

/// Most digits of a house number.
const MAX_HOUSE_DIGITS: usize = 4;

/// "ngemplak rt 3 rw 1": nobody but an address counts neighbourhoods.
fn tells_neighbourhood(normal: &str) -> bool {
    let words: Vec<&str> = normal.split(' ').collect();
    let number =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'/');
    words.windows(2).any(|pair| matches!(pair[0], "rt" | "rw") && number(pair[1]))
}

/// "oh and we're in Surabaya", "ini di Balikpapan ya kak lokasinya": where it is, and nothing else.
pub(super) fn take_town(piece: &str, found: &mut Found) -> bool {
    let plain = canonical(&normalise(piece));
    let beside = |word: &str| {
        ["town-beside", "courtesy", "interjection", "in-place", "city-tail", "address-label"]
            .iter()
            .any(|list| knows(list, word))
    };
    let words: Vec<&str> = plain.split(' ').collect();
    let led = words.iter().position(|word| knows("town-lead", word));
    let Some(start) = led.filter(|lead| words[..*lead].iter().all(|word| beside(word))) else {
        return false;
    };
    let rest = &words[start + 1..];
    let town = (1..=rest.len().min(MAX_TOWN_WORDS)).rev().find_map(|count| {
        let name = rest[..count].join(" ");
        let alone = rest[count..].iter().all(|word| beside(word));
        let known = knows("cities", &name) || knows("cities-placed", &name);
        (alone && known).then_some(name)
    });
    let town = town.filter(|_| found.address.is_none());
    // "di Silungkang": written large, though no list knows it.
    let unlisted = || unlisted_town(piece.strip_prefix("di ").or(piece.strip_prefix("in "))?);
    let Some(town) = town else {
        let Some(town) = unlisted().filter(|_| found.city.is_none()) else { return false };
        found.city = Some(town);
        return true;
    };
    // As it was written: "kebumen" and not as it is looked up.
    let written = city_in(piece).unwrap_or_else(|| title_case(&town));
    found.city = found.city.take().or(Some(written));
    true
}

/// Several words, the last of them a city; where goods are sent is no place.
pub(super) fn ends_with_city(normal: &str) -> bool {
    ends_in_city(normal) && !mentions("no-address", normal)
}

pub(super) fn ends_in_city(normal: &str) -> bool {
    normal.rsplit_once(' ').is_some_and(|(_, last)| is_in("cities", last))
}

/// The village or district between a street and its city: "Jl. Raya Bogor KM 27, Ciracas, Depok".
pub(super) fn take_district(
    piece: &str,
    behind: &[String],
    asked: Option<Step>,
    found: &mut Found,
) -> bool {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let short = (1..=MAX_DISTRICT_WORDS).contains(&words.len());
    // "7 Ulu" is a part of Palembang.
    let counted = words.len() > 1 && piece.chars().filter(char::is_ascii_digit).count() <= 2;
    let letters = piece.chars().all(|c| {
        c.is_alphabetic() || matches!(c, ' ' | '.' | '-') || counted && c.is_ascii_digit()
    });
    let city = |next: &String| is_in("cities", &normalise(next));
    let before_city = behind.first().is_some_and(city);
    // "RT 02/05, Hegarmanah, Jatinangor, Sumedang": the town may stand further behind.
    let leads_to_city = behind.iter().take(MAX_DISTRICTS).any(city);
    let large = |word: &&str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let as_name = words.iter().all(|word| *word == "-" || large(word));
    let known = begins_with_day(&normalise(piece)) || only_noise(piece);
    let contact = matches!(asked, Some(Step::Contact | Step::Phone));
    // "name is Lantern Tailor, address 214 Tran Phu, Hoi An": the name is told already.
    let behind_name = found.name.is_some() && behind.is_empty();
    let told =
        contact || asked != Some(Step::Name) && as_name && leads_to_city || behind_name && as_name;
    let (true, Some(before)) = (told && short && letters && !known, &found.address) else {
        return false;
    };
    if !(before_city || as_name) {
        return false;
    }
    found.address = Some(format!("{before}, {piece}"));
    true
}

pub(super) fn set_address(text: &str, found: &mut Found) {
    // "alamatnya blm: Jl. Dermaga"
    let text = cut_all("address-lead", text);
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "/|-,".contains(c));
    if is_in("cities", &normalise(text)) {
        found.city = Some(title_case(text));
    } else {
        found.city = found.city.take().or_else(|| city_in(text));
        found.address = Some(text.chars().take(MAX_ADDRESS_CHARS).collect());
    }
}

/// "I teach here in Jakarta and I'd like …": a known town behind a word for where, inside a sentence.
pub(super) fn town_within(piece: &str) -> Option<String> {
    let plain = normalise(piece);
    let words: Vec<&str> = plain.split(' ').collect();
    let mut placed = (1..words.len()).filter(|at| is_in("town-preps", words[at - 1]));
    placed
        .find_map(|at| {
            let names = [at + 2, at + 1].into_iter().filter(|end| *end <= words.len());
            names.map(|end| words[at..end].join(" ")).find(|name| is_in("cities", name))
        })
        .map(|name| title_case(&name))
        .or_else(|| unlisted_within(piece))
}

/// "a physiotherapist in Nairobi doing home visits": one word written large among small ones.
fn unlisted_within(piece: &str) -> Option<String> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let small = |at: usize| words.get(at).is_none_or(|word| word.starts_with(char::is_lowercase));
    let mut placed = (2..words.len()).filter(|at| matches!(words[at - 1], "di" | "in"));
    placed.find_map(|at| {
        let alone = small(at - 2) && small(at + 1) && !words[at - 2].ends_with("ing");
        unlisted_town(words[at]).filter(|_| alone)
    })
}

/// "Jl. Khairil Anwar No. 16, Tanjung Pura": the town at the end of a street and its number.
pub(super) fn town_of(address: &str) -> Option<String> {
    let (before, last) = address.rsplit_once(", ")?;
    let first = normalise(before.split_whitespace().next()?);
    let street = is_in("street-words", &first) && has_figures(before);
    unlisted_town(last).filter(|_| street)
}

/// The last city an address names, but not one that a street is called by: "Jl. Raya Bogor".
pub(crate) fn city_in(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(normalise)
        .filter(|w| !w.is_empty())
        .collect();
    let city = |at: usize| {
        let long = (at + 1 < words.len()).then(|| format!("{} {}", words[at], words[at + 1]));
        long.filter(|name| is_in("cities", name))
            .or_else(|| Some(words[at].clone()).filter(|name| is_in("cities", name)))
    };
    // "Jl. Raya Bogor" is called by a city, "Jl. Kemang Raya Jakarta" is not.
    let names_street = |at: usize| {
        let raya = words[at] == "raya" && at > 0 && !is_in("street-words", &words[at - 1]);
        is_in("street-words", &words[at]) && !raya
    };
    let street = |at: usize| {
        let before = (0..at).rev().find(|at| !is_in("cities", &words[*at]));
        let touching = before.is_some_and(names_street);
        touching
            && (0..at)
                .rev()
                .take_while(|at| !names_street(*at))
                .all(|at| is_in("cities", &words[at]))
    };
    let mut named = (0..words.len()).rev().filter(|at| city(*at).is_some() && !street(*at));
    let last = named.next()?;
    // "Bajawa, Flores": the town, and not the island it is on.
    let parted = text.to_lowercase().contains(&format!(", {}", words[last]));
    let found = match parted && is_in("islands", &words[last]) {
        true => named.next().unwrap_or(last),
        false => last,
    };
    let whole = found.checked_sub(1).filter(|at| city(*at).is_some_and(|name| name.contains(' ')));
    city(whole.unwrap_or(found)).map(|name| title_case(&name))
}
