//! Finds numbers, links, handles and e-mail addresses and takes them out of the text.

use sitespark_core::brief::{Email, Link, Phone};

use super::gather::Found;
use super::words::{cut_prefix, normalise};
use crate::conversation::state::Step;

/// Digits from which a number in a contact answer was meant as a phone number.
const MIN_PHONE_DIGITS: usize = 4;

/// Moves what it finds into `found`; answers the text without it.
pub(crate) fn take_reach(text: &str, asked: Option<Step>, found: &mut Found) -> String {
    let lines: Vec<String> = text.lines().map(|line| take_words(line, found)).collect();
    let mut text = lines.join("\n");
    match Phone::find(&text) {
        Some((phone, range)) => {
            text.replace_range(range, ", ");
            found.phone = Some(phone);
        }
        None => note_bad_number(&text, asked, found),
    }
    text
}

/// Reads links, e-mail addresses and handles word by word.
fn take_words(line: &str, found: &mut Found) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        let bare = word.trim_matches(|c: char| ",;()<>\"'".contains(c)).trim_end_matches('.');
        let before = kept.last().map(|last| normalise(last)).unwrap_or_default();
        let handle = bare
            .strip_prefix('@')
            .or_else(|| matches!(before.as_str(), "ig" | "instagram").then_some(bare));
        if let Some(email) = bare.contains('@').then(|| Email::parse(bare)).flatten() {
            found.email = Some(email);
        } else if let Some(link) = looks_like_link(bare).then(|| Link::parse(bare)).flatten() {
            found.links.push(link);
        } else if let Some(link) = handle.and_then(|handle| handle_link(handle, &before)) {
            found.links.push(link);
        } else {
            kept.push(word);
            continue;
        }
        if word.ends_with([',', ';']) {
            kept.push(",");
        }
    }
    kept.join(" ")
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

fn handle_link(handle: &str, before: &str) -> Option<Link> {
    let sound = (2..=30).contains(&handle.len())
        && handle.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_')
        && handle.chars().any(|c| c.is_ascii_alphabetic());
    let host =
        if before == "tiktok" { "https://www.tiktok.com/@" } else { "https://www.instagram.com/" };
    sound.then(|| Link::parse(&format!("{host}{handle}"))).flatten()
}

/// Remembers why a number that was meant as a phone number is none.
fn note_bad_number(text: &str, asked: Option<Step>, found: &mut Found) {
    let contact = matches!(asked, Some(Step::Contact | Step::Phone));
    for line in text.split(['\n', ',']) {
        let labelled = cut_prefix("phone-label", line);
        let number = labelled.unwrap_or(line).trim();
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let only_number = number.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
        let meant = digits >= MIN_PHONE_DIGITS && only_number && (contact || labelled.is_some());
        if meant && let Err(error) = Phone::parse(number) {
            found.phone_error = Some(error);
        }
    }
}
