//! Cuts a message into the pieces that can each be one answer.

use sitespark_core::brief::Hours;

use super::words::{canonical, cut_prefix, is_in, knows, mentions, normalise, respelled};

/// Most pieces of one message that are looked at.
const MAX_SEGMENTS: usize = 80;
/// Longest word that a full stop abbreviates rather than ends a sentence.
const MAX_ABBREVIATION_CHARS: usize = 3;

/// Longest part of an abbreviation with dots between.
const MAX_INITIAL_CHARS: usize = 2;

/// Pieces between line breaks, commas, semicolons and sentence ends; with `inline`, also before a
/// label in the middle of a sentence ("toko kue warna pink").
pub(crate) fn split(text: &str, inline: bool) -> Vec<String> {
    let mut out = Vec::new();
    let mut current = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if ends_piece(&chars, at, &current) {
            out.push(std::mem::take(&mut current));
        } else {
            current.push(*c);
        }
    }
    out.push(current);
    let pieces = out.into_iter().flat_map(|piece| match inline {
        true => split_at_labels(&piece),
        false => vec![piece],
    });
    pieces
        .map(|piece| without_sign(&piece).to_owned())
        .filter(|piece| !normalise(piece).is_empty())
        .take(MAX_SEGMENTS)
        .collect()
}

/// "📍 Jl. Melati": without the sign before it.
fn without_sign(piece: &str) -> &str {
    let sign = |c: char| !c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '“' | '‘' | '’');
    piece.trim().trim_start_matches(|c: char| sign(c) || c.is_whitespace())
}

fn ends_piece(chars: &[char], at: usize, before: &str) -> bool {
    let digit = |found: Option<&char>| found.is_some_and(char::is_ascii_digit);
    match chars[at] {
        '\n' | ';' | '!' | '•' | '|' => true,
        ',' => !(at > 0 && digit(chars.get(at - 1)) && digit(chars.get(at + 1))),
        '.' if leads_to_price(chars, at) => false,
        '?' => chars.get(at + 1).is_none_or(|next| next.is_whitespace()),
        '.' => {
            let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
            let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            let long = word.chars().count() > MAX_ABBREVIATION_CHARS
                || is_in("short-ends", &bare.to_lowercase())
                || bare.chars().count() == MAX_ABBREVIATION_CHARS
                    && bare.chars().all(char::is_alphabetic)
                    && !is_in("abbreviations", &normalise(bare));
            // "Jl. H.E.A. Mokodompit", "Senin s.d. Jumat": letters with dots between.
            let lettered = bare.contains('.')
                && bare.split('.').all(|part| part.chars().count() <= MAX_INITIAL_CHARS)
                && bare.chars().all(|c| c.is_alphabetic() || c == '.');
            let long = long && !lettered;
            // "5rb." ends a sentence; "1." counts a line.
            let counted = before.trim().len() == word.len() && digit(word.chars().last().as_ref());
            let figures = word.bytes().any(|b| b.is_ascii_digit()) && !counted;
            chars.get(at + 1).is_none_or(|next| next.is_whitespace()) && (long || figures)
        }
        _ => false,
    }
}

/// "Kopi hitam ........ 8.000": dots between a name and its price.
fn leads_to_price(chars: &[char], at: usize) -> bool {
    let behind = chars[at..].iter().skip_while(|c| matches!(c, '.' | ' ')).take(2);
    let price: String = behind.flat_map(|c| c.to_lowercase()).collect();
    let dotted = at > 0 && chars[at - 1] == '.' || chars.get(at + 1) == Some(&'.');
    dotted && (price.starts_with(|c: char| c.is_ascii_digit()) || price == "rp")
}

fn split_at_labels(piece: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut blocked_until = 0;
    for word in piece.split_inclusive(char::is_whitespace) {
        let rest = &piece[at..];
        if at >= blocked_until
            && let Some(after) = label_at(&piece[start..at], rest)
        {
            if at > start && !denies(&piece[start..at]) {
                out.push(piece[start..at].to_owned());
                start = at;
            }
            blocked_until = piece.len() - after.len();
        }
        at += word.len();
    }
    out.push(piece[start..].to_owned());
    out
}

/// What follows the label at the front of `rest`, `before` it the piece so far.
fn label_at<'a>(before: &str, rest: &'a str) -> Option<&'a str> {
    if cut_prefix("hours-label", rest).is_some() && tells_days(before) {
        return None;
    }
    // "jam 8-12 terus 13-16": a second shift.
    if let Some(after) = cut_prefix("clause-words", rest)
        && begins_with_clock(after)
        && Hours::parse(&respelled(before)).is_some()
    {
        return None;
    }
    let named = cut_prefix("name-label", before).is_some_and(|name| !normalise(name).is_empty());
    // "nama usahanya Lancar Terus Sedot WC": what is written large goes on with the name.
    let large = named && rest.starts_with(char::is_uppercase);
    if large && cut_prefix("clause-words", rest).is_some() {
        return None;
    }
    if let Some(after) = cut_prefix("inline-labels", rest) {
        // "hair color 100rb" and "print warna Rp1.000" are sold.
        let money = after.trim_start_matches(['R', 'r', 'P', 'p', '.', ' ']);
        let priced = money.starts_with(|c: char| c.is_ascii_digit());
        let look = cut_prefix("style-label", rest) == Some(after);
        return (!(priced && look)).then_some(after);
    }
    // "nama Kopi Senja" names a business, "nama saya" somebody.
    if let Some(after) = cut_prefix("inline-names", rest) {
        return after.starts_with(char::is_uppercase).then_some(after);
    }
    if named
        && !large
        && let Some(after) = cut_prefix("name-ends", rest)
    {
        return Some(after);
    }
    let first = |text: &str| normalise(text).split(' ').next().unwrap_or("").to_owned();
    if let Some(after) = cut_prefix("inline-hours", rest) {
        let next = first(after);
        let clock = next.starts_with(|c: char| c.is_ascii_digit())
            || is_in("days", &next)
            || is_in("clock-lead", &next);
        return clock.then_some(after);
    }
    // "Jl. Melati 5 senin-sabtu 8-17": hours behind an address need no label.
    let begins = is_in("days", &first(rest)) || is_in("clock-lead", &first(rest));
    let address = mentions("address-words", &normalise(before));
    (begins && address && Hours::parse(&respelled(rest)).is_some()).then_some("")
}

/// "13-16", "jam 1 siang".
fn begins_with_clock(text: &str) -> bool {
    let text = cut_prefix("clock-lead", text).unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// "eh jum'at mah" before "buka jam 1": the days of what follows, and nothing else.
fn tells_days(before: &str) -> bool {
    let plain = canonical(&normalise(before));
    let beside = |word: &str| {
        ["days", "day-joins", "courtesy", "interjection", "hours-beside", "hours-more"]
            .iter()
            .any(|list| knows(list, word))
    };
    mentions("days", &plain) && plain.split(' ').all(beside)
}

/// "tidak ada" before "alamat" belongs to it.
fn denies(before: &str) -> bool {
    let part = |word: &str| is_in("denial", word) || is_in("denial-more", word);
    normalise(before).split(' ').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_numbers_and_abbreviations_do_not_cut() {
        assert_eq!(
            split("Kopi 1,5jt, roti. Jl. Melati No. 5\nbuka 8.30", false),
            ["Kopi 1,5jt", "roti", "Jl. Melati No. 5", "buka 8.30"]
        );
        assert_eq!(split("Warungnya kecil. Jl. Mawar", false), ["Warungnya kecil", "Jl. Mawar"]);
        assert_eq!(
            split("cek tensi 5rb. warnanya hijau", false),
            ["cek tensi 5rb", "warnanya hijau"]
        );
        assert_eq!(split("1. Cuci 5rb\n📍 Jl. Mawar 2", false), ["1. Cuci 5rb", "Jl. Mawar 2"]);
    }

    #[test]
    fn labels_inside_a_sentence_cut() {
        assert_eq!(
            split("bikin web toko kue Ani warna pink WA 0812", true),
            ["bikin web toko kue Ani", "warna pink", "WA 0812"]
        );
        assert_eq!(split("jam buka 8-17", true), ["jam buka 8-17"]);
        assert_eq!(split("tidak ada alamat", true), ["tidak ada alamat"]);
        assert_eq!(
            split("jl. selaparang no.70 mataram buka senin-sabtu 07.30-17.30", true),
            ["jl. selaparang no.70 mataram", "buka senin-sabtu 07.30-17.30"]
        );
        assert_eq!(
            split("jl melati 5 setiap hari jam 8-17", true),
            ["jl melati 5", "setiap hari jam 8-17"]
        );
        assert_eq!(
            split("les privat nama Kak Ayu buat sd", true),
            ["les privat", "nama Kak Ayu buat sd"]
        );
        assert_eq!(
            split("namanya Kak Ayu untuk anak sd harga 75rb", true),
            ["namanya Kak Ayu", "untuk anak sd harga 75rb"]
        );
        assert_eq!(split("nama saya ani", true), ["nama saya ani"]);
        assert_eq!(
            split("eh jum'at mah buka jam 1 siang", true),
            ["eh jum'at mah buka jam 1 siang"]
        );
    }

    #[test]
    fn dots_and_colours_before_a_price_do_not_cut() {
        assert_eq!(
            split("Kopi sanger ........ 12.000\nRoti … Rp5.000", false),
            ["Kopi sanger ........ 12.000", "Roti … Rp5.000"]
        );
        assert_eq!(split("print warna Rp1.000/lembar", true), ["print warna Rp1.000/lembar"]);
    }
}
