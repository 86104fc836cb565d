//! Finds numbers, links, handles and e-mail addresses and takes them out of the text.

use std::cmp::Reverse;
use std::ops::Range;

use sitespark_core::brief::{Email, Hours, Link, Phone, find_prices};

use super::gather::Found;
use super::words::{cut_prefix, is_in, normalise};
use crate::conversation::state::Step;

/// Digits from which a number in a contact answer was meant as a phone number.
const MIN_PHONE_DIGITS: usize = 4;

/// Moves what it finds into `found`; answers the text without it.
pub(crate) fn take_reach(text: &str, asked: Option<Step>, found: &mut Found) -> String {
    let lines: Vec<String> = text.lines().map(|line| take_words(line, asked, found)).collect();
    let mut text = lines.join("\n");
    let numbers = Phone::find_all(&text);
    if numbers.is_empty() {
        note_bad_number(&text, asked, found);
    }
    let labelled = |range: &Range<usize>| {
        let before = normalise(&text[..range.start]);
        before.rsplit(' ').next().is_some_and(|word| is_in("whatsapp-words", word))
    };
    // Of several, the one that WhatsApp reaches.
    let best = numbers
        .iter()
        .max_by_key(|(phone, range)| (labelled(range), phone.is_mobile(), Reverse(range.start)));
    found.phone = best.map(|(phone, _)| phone.clone());
    for (_, range) in numbers.into_iter().rev() {
        text.replace_range(range, ", ");
    }
    text
}

/// Reads links, e-mail addresses and handles word by word.
fn take_words(line: &str, asked: Option<Step>, found: &mut Found) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let words: Vec<&str> = line.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| ",;()<>\"'".contains(c)).trim_end_matches('.');
        let page = page_before(&kept);
        let last = word.ends_with([',', ';']) || at + 1 == words.len();
        if let Some(email) = bare.contains('@').then(|| Email::parse(bare)).flatten() {
            found.email = Some(email);
        } else if let Some(link) = handle_link(bare, page, last) {
            found.links.push(link);
        } else if let Some(link) = page_link(bare, &kept, asked) {
            found.links.push(link);
        } else {
            kept.push(word);
            continue;
        }
        if word.ends_with([',', ';', '.']) {
            kept.push(",");
        }
    }
    kept.join(" ")
}

/// Services by the list of their names, and what stands before a handle there.
const PAGES: [(&str, &str); 6] = [
    ("page-instagram", "https://www.instagram.com/"),
    ("page-tiktok", "https://www.tiktok.com/@"),
    ("page-facebook", "https://www.facebook.com/"),
    ("page-shopee", "https://shopee.co.id/"),
    ("page-tokopedia", "https://www.tokopedia.com/"),
    ("page-youtube", "https://www.youtube.com/@"),
];

/// The service named in the last words before a handle: "ig @nama", "ignya: nama", "ig saya nama".
fn page_before(kept: &[&str]) -> Option<&'static str> {
    let filler = |word: &&&str| is_in("handle-filler", &normalise(word));
    let named = kept.iter().rev().find(|word| !filler(word))?;
    if kept.last().is_some_and(|last| last.ends_with([',', ';'])) {
        return None;
    }
    let normal = normalise(named);
    PAGES.iter().find(|(list, _)| is_in(list, &normal)).map(|(_, page)| *page)
}

/// A page, unless it stands where a name is: "namanya Hijabies.id".
fn page_link(word: &str, kept: &[&str], asked: Option<Step>) -> Option<Link> {
    let named = kept.last().is_some_and(|last| is_in("name-label", &normalise(last)))
        || asked == Some(Step::Name) && kept.is_empty();
    let plain = !word.contains('/') && !word.starts_with("www.");
    if named && plain || !looks_like_link(word) {
        return None;
    }
    Link::parse(word)
}

fn looks_like_link(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://") || {
        let host = lower.split('/').next().unwrap_or("");
        host.contains('.')
            && host.chars().any(|c| c.is_ascii_alphabetic())
            && !host.ends_with('.')
            && host
                .rsplit('.')
                .next()
                .is_some_and(|end| end.len() >= 2 && end.chars().all(|c| c.is_ascii_alphabetic()))
    }
}

/// A handle marked by "@", or one that follows the name of a service and looks like one.
fn handle_link(word: &str, page: Option<&str>, last: bool) -> Option<Link> {
    let marked = word.strip_prefix('@');
    let handle = marked.unwrap_or(word);
    let sound = (2..=30).contains(&handle.len())
        && handle.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_')
        && handle.chars().any(|c| c.is_ascii_alphabetic())
        && !handle.ends_with('.')
        // "Nugget tahu @20rb"
        && find_prices(handle).is_empty();
    let told = marked.is_some()
        || page.is_some()
            && !is_in("no-handle", &normalise(handle))
            && (last || handle.contains(['.', '_']) || handle.bytes().any(|b| b.is_ascii_digit()));
    let page = page.unwrap_or(PAGES[0].1);
    (sound && told).then(|| Link::parse(&format!("{page}{handle}"))).flatten()
}

/// Remembers why a number that was meant as a phone number is none.
fn note_bad_number(text: &str, asked: Option<Step>, found: &mut Found) {
    let contact = matches!(asked, Some(Step::Contact | Step::Phone));
    for line in text.split(['\n', ',']) {
        let labelled = cut_prefix("phone-label", line);
        let number = labelled.unwrap_or(line).trim();
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let only_number = number.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
        // "11-22" are hours.
        let clock = labelled.is_none() && Hours::parse(number).is_some();
        let meant =
            digits >= MIN_PHONE_DIGITS && only_number && !clock && (contact || labelled.is_some());
        if meant && let Err(error) = Phone::parse(number) {
            found.phone_error = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("telp 0711-355-111, wa 0811 7171 888", "+628117171888")]
    #[case("0751-7055-123 / 0812-6677-8899", "+6281266778899")]
    #[case("0811 1111 2222 atau 0822 1111 3333", "+6281111112222")]
    #[case("wa 0822 1111 3333, telp 0811 1111 2222", "+6282211113333")]
    fn of_several_numbers_the_one_of_whatsapp_counts(#[case] text: &str, #[case] e164: &str) {
        let mut found = Found::default();
        take_reach(text, Some(Step::Contact), &mut found);
        assert_eq!(found.phone.as_ref().map(Phone::as_e164), Some(e164));
    }

    #[rstest::rstest]
    #[case("ig @kopi.senja", &["https://www.instagram.com/kopi.senja"])]
    #[case("ig: taskirana.id, wa 0812", &["https://www.instagram.com/taskirana.id"])]
    #[case("ignya kopisenja", &["https://www.instagram.com/kopisenja"])]
    #[case("tiktok @kopi_senja", &["https://www.tiktok.com/@kopi_senja"])]
    #[case("shopee: tas_kirana", &["https://shopee.co.id/tas_kirana"])]
    #[case("menu sama ig feed foto2", &[])]
    #[case("ig @moody.id. aq di cilacap, cod", &["https://www.instagram.com/moody.id"])]
    #[case("ig gak ada", &[])]
    #[case("instagram dan wa", &[])]
    fn pages_are_read(#[case] text: &str, #[case] expected: &[&str]) {
        let mut found = Found::default();
        take_reach(text, Some(Step::Contact), &mut found);
        assert_eq!(found.links.iter().map(|link| link.url.as_str()).collect::<Vec<_>>(), expected);
    }
}
