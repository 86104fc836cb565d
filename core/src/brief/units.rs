//! What prices are counted by: "/kg", "per porsi", "sekilo", "80k a jar".

use std::ops::Range;

use super::amount::{is_unit_word, magnitude};

/// Longest unit that is kept, in characters.
const MAX_UNIT_CHARS: usize = 20;
/// Units that are written together with "se": "sekilo".
const SE_UNITS: [(&str, &str); 26] = [
    ("kilo", "kg"),
    ("kg", "kg"),
    ("potong", "potong"),
    ("porsi", "porsi"),
    ("loyang", "loyang"),
    ("toples", "toples"),
    ("lusin", "lusin"),
    ("kotak", "kotak"),
    ("dus", "dus"),
    ("pak", "pak"),
    ("bungkus", "bungkus"),
    ("gelas", "gelas"),
    ("cup", "cup"),
    ("botol", "botol"),
    ("ikat", "ikat"),
    ("meter", "meter"),
    ("jam", "jam"),
    ("hari", "hari"),
    ("malam", "malam"),
    ("minggu", "minggu"),
    ("bulan", "bulan"),
    ("tahun", "tahun"),
    ("orang", "orang"),
    ("pasang", "pasang"),
    ("biji", "biji"),
    ("lembar", "lembar"),
];

/// What English counts by: "80k a jar".
const ENGLISH_UNITS: [&str; 32] = [
    "jar", "day", "night", "week", "month", "year", "session", "class", "lesson", "piece", "slice",
    "glass", "bottle", "dozen", "set", "pair", "bag", "pack", "plate", "portion", "head", "room",
    "page", "photo", "metre", "meter", "loaf", "tray", "bunch", "bowl", "seat", "trip",
];

/// The unit behind or before a price, and the range with it.
pub(super) fn with_unit(
    lower: &str,
    range: Range<usize>,
    floor: usize,
) -> (Option<String>, Range<usize>) {
    if let Some((unit, len)) = unit_behind(&lower[range.end..]) {
        return (Some(unit), range.start..range.end + len);
    }
    match unit_before(&lower[floor..range.start]) {
        Some((unit, len)) => (Some(unit), range.start - len..range.end),
        None => (None, range),
    }
}

/// Reads "/kg", "per porsi", "sekilo", "/3 jam" at the start; the unit and its bytes.
pub(super) fn unit_behind(rest: &str) -> Option<(String, usize)> {
    // "130.000,-/kg": the dash stands for no cents.
    let whole = rest.strip_prefix(",-").filter(|behind| behind.trim_start().starts_with('/'));
    let trimmed = whole.unwrap_or(rest).trim_start_matches(' ');
    let skipped = rest.len() - trimmed.len();
    let marked = trimmed.strip_prefix('/').or_else(|| trimmed.strip_prefix("per "));
    if let Some(after) = marked {
        let unit = after.trim_start_matches(' ');
        let len = unit_len(unit)?;
        let spaced = skipped > 0 && unit.len() < after.len();
        if spaced && trimmed.starts_with('/') && !is_known_unit(&unit[..len]) {
            return None; // "18rb / Americano 15rb": the slash parts two items.
        }
        return Some((unit_name(&unit[..len]), rest.len() - unit.len() + len));
    }
    if let Some(after) = trimmed.strip_prefix("a ").or_else(|| trimmed.strip_prefix("an ")) {
        let word: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
        let known = is_known_unit(&word) || ENGLISH_UNITS.contains(&word.as_str());
        return known.then(|| (unit_name(&word), rest.len() - after.len() + word.len()));
    }
    let word: String = trimmed.chars().take_while(char::is_ascii_alphanumeric).collect();
    Some((se_unit(&word)?.to_owned(), skipped + word.len()))
}

/// Bytes of a unit such as "kg", "100 gr", "3 jam".
fn unit_len(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let space = usize::from(digits > 0 && text[digits..].starts_with(' '));
    let letters = text[digits + space..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let end = digits + space + letters;
    let word = &text[digits + space..end];
    let square = matches!(word, "m" | "cm") && text[end..].starts_with(['2', '3', '²', '³']);
    let len = end + if square { text[end..].chars().next().map_or(0, char::len_utf8) } else { 0 };
    let bounded = !text[len..].starts_with(|c: char| c.is_alphanumeric());
    let fits = letters > 0 && digits <= 4 && len <= MAX_UNIT_CHARS;
    (fits && bounded && magnitude(word).is_none()).then_some(len)
}

/// Reads "per kg 85rb", "sekilo 85rb", "/gelas: 5rb" backwards; the unit and the bytes before the price.
fn unit_before(before: &str) -> Option<(String, usize)> {
    let head = before.trim_end_matches([' ', ':', '=', '@', '-', '–']);
    let start = head.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    let start = (start..=head.len()).find(|at| head.is_char_boundary(*at))?;
    let word = &head[start..];
    if let Some(unit) = se_unit(word) {
        return Some((unit.to_owned(), before.len() - start));
    }
    let lead = head[..start].trim_end_matches(' ');
    let spaced = lead.len() < start;
    let sign = if lead.ends_with('/') && (!spaced || is_known_unit(word)) {
        lead.len() - 1
    } else if lead == "per" || lead.ends_with(" per") {
        lead.len() - 3
    } else {
        return None;
    };
    let fits = !word.is_empty() && word.len() <= MAX_UNIT_CHARS && magnitude(word).is_none();
    fits.then(|| (unit_name(word), before.len() - sign))
}

pub(super) fn is_known_unit(unit: &str) -> bool {
    let word = unit.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    is_unit_word(word)
        || ENGLISH_UNITS.contains(&word)
        || SE_UNITS.into_iter().any(|(known, _)| known == word)
}

/// What is sold by the hundred.
pub(super) fn is_small_piece(unit: &str) -> bool {
    matches!(
        unit,
        "ekor"
            | "lembar"
            | "lbr"
            | "biji"
            | "pcs"
            | "butir"
            | "batang"
            | "tusuk"
            | "tangkai"
            | "halaman"
            | "hal"
            | "kata"
            | "word"
            | "page"
            | "sheet"
            | "menit"
            | "keping"
    )
}

fn se_unit(word: &str) -> Option<&'static str> {
    let rest = word.strip_prefix("se")?;
    SE_UNITS.into_iter().find(|(unit, _)| *unit == rest).map(|(_, name)| name)
}

fn unit_name(word: &str) -> String {
    match word {
        "kilo" | "kilogram" | "kgs" => "kg".to_owned(),
        "pc" => "pcs".to_owned(),
        "pieces" => "piece".to_owned(),
        "bln" => "bulan".to_owned(),
        "thn" => "tahun".to_owned(),
        "mgg" => "minggu".to_owned(),
        "org" => "orang".to_owned(),
        "m2" => "m²".to_owned(),
        "m3" => "m³".to_owned(),
        other => other.to_owned(),
    }
}
