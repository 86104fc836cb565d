//! E-mail addresses.

use super::link::is_public_name;

/// A well-formed e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// The first e-mail address in a text, its domain in lower case.
    pub fn parse(text: &str) -> Option<Self> {
        text.split(|c: char| c.is_whitespace() || "<>(),;:\"'[]{}|".contains(c))
            .find_map(|word| Self::from_word(word.trim_matches(['.', '!', '?', '/'])))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_word(word: &str) -> Option<Self> {
        let (local, domain) = word.split_once('@')?;
        let domain = domain.to_ascii_lowercase();
        let local_char = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let local_fits = (1..=64).contains(&local.len())
            && local.chars().all(local_char)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let fits = local_fits && is_public_name(&domain) && word.len() <= 254;
        fits.then(|| Self(format!("{local}@{domain}")))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("email ani@Gmail.com ya", Some("ani@gmail.com"))]
    #[case("<ani.kue+order@toko.co.id>", Some("ani.kue+order@toko.co.id"))]
    #[case("ig @ani.kue", None)]
    #[case("ani@localhost", None)]
    #[case("a..b@toko.id", None)]
    #[case("ani@toko", None)]
    fn an_email_is_read_or_refused(#[case] text: &str, #[case] email: Option<&str>) {
        assert_eq!(Email::parse(text).as_ref().map(Email::as_str), email);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-z.+-]{0,9}@?\\PC ?){0,10}") {
            // Whatever comes of it.
            let _ = Email::parse(&text);
        }
    }
}
