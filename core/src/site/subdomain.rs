//! The first label of a site's address: well-formed, free for customers, posing as nobody.

use std::fmt;

use super::brands::brands;

/// A label that may become an address: 3 to 40 of `a-z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subdomain(String);

/// Why a text cannot be an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubdomainError {
    /// Not 3 to 40 of `a-z`, `0-9` and `-`, or hyphens where none may be.
    #[error("not a well-formed address")]
    Malformed,
    /// Means something to browsers, mail or the operator.
    #[error("the address is reserved")]
    Reserved,
    /// Looks like a bank, wallet, marketplace or office.
    #[error("the address looks like another's name")]
    LookAlike,
}

/// Shortest label.
pub const CHARS_AT_LEAST: usize = 3;
/// Longest label.
pub const CHARS_AT_MOST: usize = 40;

impl Subdomain {
    /// Reads a label; case is ignored.
    pub fn parse(text: &str) -> Result<Self, SubdomainError> {
        let label = text.trim().to_ascii_lowercase();
        if !is_label(&label) {
            return Err(SubdomainError::Malformed);
        }
        if brands().reserved.contains(&label) {
            return Err(SubdomainError::Reserved);
        }
        let words: Vec<&str> = label.split('-').filter(|word| !word.is_empty()).collect();
        if brands().poses(&words) {
            return Err(SubdomainError::LookAlike);
        }
        Ok(Self(label))
    }

    /// A label for a business name; always one that [`Self::parse`] takes.
    pub fn propose(business_name: &str) -> Self {
        let words = words(business_name);
        let short: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| !is_noise(word)).collect();
        let all: Vec<&str> = words.iter().map(String::as_str).collect();
        let tries = [joined(&short), joined(&all), format!("toko-{}", joined(&short))];
        tries
            .iter()
            .find_map(|label| Self::parse(label).ok())
            .unwrap_or_else(|| Self("situs-usaha".to_owned()))
    }

    /// The same label with a number, for when it is taken; shortened to fit.
    pub fn numbered(&self, n: u32) -> Self {
        let number = format!("-{n}");
        let mut stem = self.0.clone();
        stem.truncate(CHARS_AT_MOST - number.len());
        let label = format!("{}{number}", stem.trim_end_matches('-'));
        Self::parse(&label).unwrap_or_else(|_| Self(format!("situs-usaha{number}")))
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subdomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    (CHARS_AT_LEAST..=CHARS_AT_MOST).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
        && bytes.get(2..4) != Some(b"--")
}

/// Latin words of a name.
fn words(name: &str) -> Vec<String> {
    const NAME_CHARS_AT_MOST: usize = 200;
    let start: String = name.chars().take(NAME_CHARS_AT_MOST).collect();
    let latin = deunicode::deunicode(&start).to_lowercase().replace('\'', "").replace('&', " ");
    latin
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Legal forms and fillers that only make an address longer.
fn is_noise(word: &str) -> bool {
    matches!(
        word,
        "pt" | "cv"
            | "ud"
            | "tbk"
            | "umkm"
            | "dan"
            | "and"
            | "the"
            | "di"
            | "official"
            | "resmi"
            | "store"
            | "indonesia"
    )
}

/// Words joined by hyphens, as many whole ones as fit.
fn joined(words: &[&str]) -> String {
    const ROOM: usize = CHARS_AT_MOST - 5;
    let mut label = String::new();
    for word in words {
        if label.is_empty() {
            label.push_str(&word[..word.len().min(ROOM)]);
        } else if label.len() + 1 + word.len() <= ROOM {
            label.push('-');
            label.push_str(word);
        } else {
            break;
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,60}") {
            // Whatever it answers: it must not panic.
            let _ = Subdomain::parse(&text);
        }

        #[test]
        fn proposals_can_always_be_read(name in "\\PC{0,80}", n: u32) {
            let label = Subdomain::propose(&name);
            prop_assert_eq!(Subdomain::parse(label.as_str()), Ok(label.clone()));
            let next = label.numbered(n);
            prop_assert_eq!(Subdomain::parse(next.as_str()), Ok(next.clone()));
        }

        #[test]
        fn what_is_read_is_a_label(text in "[a-zA-Z0-9-]{1,50}") {
            if let Ok(label) = Subdomain::parse(&text) {
                prop_assert!(is_label(label.as_str()));
            }
        }
    }

    #[rstest]
    #[case("Kedai Kopi Senja", "kedai-kopi-senja")]
    #[case("Toko Kue Bu Ani", "toko-kue-bu-ani")]
    #[case("CV. Maju Jaya Indonesia", "maju-jaya")]
    #[case("Café D'Amour", "cafe-damour")]
    #[case("Bakso & Mie 88", "bakso-mie-88")]
    #[case("BCA", "situs-usaha")]
    #[case("Toko Mandiri Jaya", "toko-mandiri-jaya")]
    #[case("Salon Permata", "salon-permata")]
    #[case("Dana", "toko-dana")]
    #[case("Bank Sampah Melati", "bank-sampah-melati")]
    #[case("🎉", "tada")]
    #[case("!!!", "situs-usaha")]
    fn names_become_addresses(#[case] name: &str, #[case] label: &str) {
        assert_eq!(Subdomain::propose(name).as_str(), label);
    }

    #[rstest]
    #[case("ab", SubdomainError::Malformed)]
    #[case("-abc", SubdomainError::Malformed)]
    #[case("abc-", SubdomainError::Malformed)]
    #[case("xn--abc", SubdomainError::Malformed)]
    #[case("a_b_c", SubdomainError::Malformed)]
    #[case("www", SubdomainError::Reserved)]
    #[case("Admin", SubdomainError::Reserved)]
    #[case("klikbca", SubdomainError::LookAlike)]
    #[case("kl1k-bca", SubdomainError::LookAlike)]
    #[case("bank-mandiri", SubdomainError::LookAlike)]
    #[case("t0kopedia-promo", SubdomainError::LookAlike)]
    #[case("0vo-resmi", SubdomainError::LookAlike)]
    fn bad_addresses_are_refused(#[case] text: &str, #[case] why: SubdomainError) {
        assert_eq!(Subdomain::parse(text), Err(why));
    }

    #[test]
    fn a_number_fits_under_the_bound() {
        let long = Subdomain::parse(&"a".repeat(CHARS_AT_MOST)).expect("a label");
        assert_eq!(long.numbered(12).as_str().len(), CHARS_AT_MOST);
    }
}
