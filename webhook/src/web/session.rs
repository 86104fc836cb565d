//! The cookie that lets a browser find its conversation again. It says nothing but who.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use super::page::PageSettings;

/// How long a conversation waits for its browser: 180 days.
const MAX_AGE_SECONDS: u32 = 180 * 24 * 60 * 60;
const ID_BYTES: usize = 32;

/// Cookies live under a prefix the browser guards wherever there is https.
fn cookie_name(page: &PageSettings) -> &'static str {
    if page.is_https() { "__Host-sitespark" } else { "sitespark" }
}

/// The session id a request carries, if it is one of ours in shape.
pub(crate) fn id_of(headers: &HeaderMap, page: &PageSettings) -> Option<String> {
    let name = cookie_name(page);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && is_id(value))
        .map(|(_, value)| value.to_owned())
}

/// A new id nobody can guess.
pub(crate) fn fresh_id() -> String {
    hex::encode(rand::random::<[u8; ID_BYTES]>())
}

/// The `Set-Cookie` of an id.
pub(crate) fn set_cookie(id: &str, page: &PageSettings) -> HeaderValue {
    let name = cookie_name(page);
    let secure = if page.is_https() { "; Secure" } else { "" };
    let line =
        format!("{name}={id}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&line).expect("an id is hex and the rest is fixed")
}

fn is_id(value: &str) -> bool {
    value.len() == ID_BYTES * 2
        && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_64_lower_case_hex_digits_are_an_id() {
        assert!(is_id(&fresh_id()));
        assert!(!is_id(&"A".repeat(64)));
        assert!(!is_id(&"a".repeat(63)));
        assert!(!is_id(&format!("{}\u{e9}", "a".repeat(62))));
    }

    #[test]
    fn two_ids_differ() {
        assert_ne!(fresh_id(), fresh_id());
    }
}
