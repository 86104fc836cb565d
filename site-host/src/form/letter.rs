//! What a visitor writes to the owner: read from the form, and looked at before it is kept. Who sends a
//! form without the page it stands on gets the same answer as who left something out.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use serde_json::{Map, Value};
use sitespark_core::brief::Phone;
use sitespark_core::plain::plain;

/// Longest field.
const MAX_FIELD_CHARS: usize = 2_000;
/// Longest name and number, as the page has them.
const MAX_NAME_CHARS: usize = 80;
const MAX_PHONE_CHARS: usize = 24;
/// Most fields that are kept.
const MAX_FIELDS: usize = 12;
const MAX_FIELD_NAME_BYTES: usize = 40;
/// A field people do not see: whoever fills it is a program.
const TRAP: &str = "website";
/// What stands between the digits of a number.
const PHONE_SIGNS: &str = "+-.()/ ";

/// Named, filled fields, cut to their bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter(Map<String, Value>);

/// What keeps a letter from being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    /// Nobody's name.
    Name,
    /// No number.
    Phone,
    /// A number nobody can be reached at.
    NoSuchPhone,
    /// No word.
    Message,
    /// No consent to its use.
    Consent,
}

impl Letter {
    /// Reads the body of a form.
    pub(super) fn read(body: &[u8]) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        let fields = pairs
            .into_iter()
            .take(MAX_FIELDS)
            .map(|(name, value)| (plain(&name).into_owned(), plain(&value).trim().to_owned()))
            .filter(|(name, value)| name.len() <= MAX_FIELD_NAME_BYTES && !value.is_empty())
            .map(|(name, value)| {
                let cut: String = value.chars().take(most_chars(&name)).collect();
                (name, Value::String(cut))
            });
        Self(fields.collect())
    }

    /// A field; empty if it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether a program wrote it.
    pub(super) fn is_trapped(&self) -> bool {
        self.0.contains_key(TRAP)
    }

    /// What is missing or wrong, in the order of the page.
    pub(super) fn lacks(&self) -> Vec<Lack> {
        let phone = match self.field("phone") {
            "" => Some(Lack::Phone),
            phone => (!is_number(phone)).then_some(Lack::NoSuchPhone),
        };
        let missing = |field: &str, lack: Lack| self.field(field).is_empty().then_some(lack);
        let lacks = [
            missing("name", Lack::Name),
            phone,
            missing("message", Lack::Message),
            missing("consent", Lack::Consent),
        ];
        lacks.into_iter().flatten().collect()
    }

    /// As it is kept.
    pub(super) fn into_fields(self) -> Map<String, Value> {
        self.0
    }
}

fn most_chars(field: &str) -> usize {
    match field {
        "name" => MAX_NAME_CHARS,
        // One more than fits is no number.
        "phone" => MAX_PHONE_CHARS + 1,
        _ => MAX_FIELD_CHARS,
    }
}

fn is_number(text: &str) -> bool {
    let is_of_number = |sign: char| sign.is_ascii_digit() || PHONE_SIGNS.contains(sign);
    text.chars().count() <= MAX_PHONE_CHARS
        && text.chars().all(is_of_number)
        && Phone::parse(text).is_ok()
}

/// Whether a form was sent from a page of the host it is for. Browsers say where a form stands; what
/// is no browser says nothing and could say anything.
pub(super) fn is_from_here(headers: &HeaderMap, host: &str) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let told = origin.to_str().ok().and_then(|origin| origin.parse::<axum::http::Uri>().ok());
    // The proxy in front may have left the port out of the host.
    told.and_then(|origin| origin.host().map(|told| told.eq_ignore_ascii_case(host)))
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "name=Budi+S&phone=0812-3456-7890&message=Halo%2C%20kak&consent=yes";

    #[test]
    fn fields_are_decoded_trimmed_and_bounded() {
        let letter = Letter::read("name=Budi+S&message=Halo%2C%20kak&empty=+".as_bytes());
        assert_eq!((letter.field("name"), letter.field("message")), ("Budi S", "Halo, kak"));
        assert!(!letter.into_fields().contains_key("empty"));
        let long = format!("m={}", "x".repeat(5_000));
        assert_eq!(Letter::read(long.as_bytes()).field("m").len(), MAX_FIELD_CHARS);
    }

    #[test]
    fn what_no_database_takes_is_left_out() {
        let letter = Letter::read(b"na%00me=%00Bu%00di%ff&message=a%0d%0ab%00&x%00y=%01");
        assert_eq!(letter.field("name"), "Budi\u{fffd}");
        assert_eq!(letter.field("message"), "a\nb");
        assert_eq!(letter.into_fields().len(), 2);
    }

    #[test]
    fn what_is_missing_or_wrong_is_told() {
        let lacks = |body: &str| Letter::read(body.as_bytes()).lacks();
        assert_eq!(lacks(WHOLE), []);
        assert_eq!(lacks(""), [Lack::Name, Lack::Phone, Lack::Message, Lack::Consent]);
        assert_eq!(lacks(&WHOLE.replace("Budi+S", "+%00")), [Lack::Name]);
        assert_eq!(lacks(&WHOLE.replace("&consent=yes", "")), [Lack::Consent]);
        for wrong in ["08123", "tidak+ada", "0812-3456-7890+ya", "1", "081234567890123456789012345"]
        {
            let lacks = lacks(&WHOLE.replace("0812-3456-7890", wrong));
            assert_eq!(lacks, [Lack::NoSuchPhone], "{wrong}");
        }
        for right in ["%2B62+812+3456+7890", "%28021%29+555-0123", "%2B65+8123+4567"] {
            assert_eq!(lacks(&WHOLE.replace("0812-3456-7890", right)), [], "{right}");
        }
    }

    #[test]
    fn only_a_page_of_the_same_host_sends_forms() {
        let from = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, axum::http::HeaderValue::from_static(origin));
            is_from_here(&headers, "kopi.situs.id")
        };
        assert!(is_from_here(&HeaderMap::new(), "kopi.situs.id"));
        assert!(from("https://kopi.situs.id") && from("http://Kopi.situs.id:8443"));
        for foreign in
            ["null", "https://evil.id", "https://situs.id", "https://a.kopi.situs.id", ""]
        {
            assert!(!from(foreign), "{foreign}");
        }
    }
}
