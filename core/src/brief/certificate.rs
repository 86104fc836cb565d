//! Numbers of certificates and licences an owner gives: halal, BPOM, P-IRT, NIB.
//!
//! A certificate is its number. The bare word "halal" or "BPOM" never becomes one, and a number of
//! another form is told as a fault, never shown.

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::phrase::folded_words;

/// Certificates read from one text.
const MOST_FOUND: usize = 8;
/// Longest text between the name of a certificate and its number, in bytes.
const MOST_GAP_BYTES: usize = 40;
/// Fewest digits by which something was meant as a number.
const FEWEST_DIGITS: usize = 6;
/// Words that may stand between the name of a certificate and its number.
const FILLERS: [&str; 28] = [
    "no",
    "nomor",
    "nomer",
    "nmr",
    "number",
    "num",
    "sertifikat",
    "certificate",
    "izin",
    "ijin",
    "edar",
    "reg",
    "registrasi",
    "kode",
    "code",
    "ri",
    "is",
    "nya",
    "kami",
    "saya",
    "mui",
    "bpjph",
    "kemenag",
    "lppom",
    "dinkes",
    "usaha",
    "adalah",
    "pom",
];

/// What a number certifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CertificateKind {
    /// Halal certificate of BPJPH (before 2019: of MUI).
    Halal,
    /// Distribution permit of BPOM for food, cosmetics, herbal medicine and supplements.
    Bpom,
    /// Permit for food of a home industry.
    Pirt,
    /// Business identification number of OSS.
    Nib,
}

impl CertificateKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Halal, Self::Bpom, Self::Pirt, Self::Nib];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Halal => "halal",
            Self::Bpom => "bpom",
            Self::Pirt => "pirt",
            Self::Nib => "nib",
        }
    }

    /// The kind of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// How it is written on a page, in every language.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Halal => "Halal",
            Self::Bpom => "BPOM",
            Self::Pirt => "P-IRT",
            Self::Nib => "NIB",
        }
    }
}

/// A number of the right form. Whether the office knows it, only the office can say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Certificate {
    kind: CertificateKind,
    number: String,
}

/// A number that cannot be one of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a number of {}", .kind.slug())]
pub struct CertificateFault {
    /// What it was said to be.
    pub kind: CertificateKind,
    /// As written.
    pub said: String,
}

impl Certificate {
    /// Reads a number of a kind; spaces, dots and hyphens do not matter. Accepted are
    ///
    /// - halal: `ID` and 17 digits (BPJPH), or the 14 digits of MUI's certificates before it;
    /// - BPOM: `MD` or `ML` and 12 or 15 digits (food), `NA` to `NE` and 11 digits (cosmetics),
    ///   `TR`, `TI`, `TL`, `HT`, `FF`, `SD`, `SI`, `SL`, `QD`, `QI` or `QL` and 9 digits (herbal
    ///   medicine, supplements);
    /// - P-IRT: 15 digits, of which the last two are the year it ends (`2013471010123-25`);
    /// - NIB: 13 digits.
    ///
    /// Where that is from: the 13 digits of the NIB stand in Peraturan Pemerintah 24/2018; the
    /// letters of BPOM with 12 digits for food (15 since permits go by risk), 11 for cosmetics and 9
    /// for herbal medicine and supplements agree with what the Perl module `Business::ID::POM` 0.006
    /// reads and with numbers on packages. For the lengths of halal and P-IRT numbers no public text
    /// was at hand to compare with: they follow numbers as they are printed.
    pub fn parse(kind: CertificateKind, text: &str) -> Result<Self, CertificateFault> {
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '.' | '-' | '–' | '/' | ':' | '\u{a0}'))
            .flat_map(char::to_uppercase)
            .collect();
        let number = shaped(kind, &plain);
        number
            .map(|number| Self { kind, number })
            .ok_or_else(|| CertificateFault { kind, said: text.trim().to_owned() })
    }

    /// What it certifies.
    pub fn kind(&self) -> CertificateKind {
        self.kind
    }

    /// The number as its office writes it.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Every certificate a text tells with a number, of the right form or not. Names without a
    /// number tell nothing.
    pub fn find_all(text: &str) -> Vec<Found<Result<Self, CertificateFault>>> {
        let mut found: Vec<Found<Result<Self, CertificateFault>>> = Vec::new();
        let mut from = 0;
        while let Some(named) = NAMED.captures(&text[from..]).filter(|_| found.len() < MOST_FOUND) {
            let name = named.get(1).map_or(0..0, |name| from + name.start()..from + name.end());
            let end = name.end;
            match number_behind(text, &name) {
                Some((kind, range)) => {
                    let value = Self::parse(kind, &text[range.clone()]);
                    from = range.end;
                    found.push(Found { value, range: name.start..range.end });
                }
                None => from = end,
            }
        }
        found
    }
}

impl fmt::Display for Certificate {
    /// `P-IRT 2013471010123-25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.label(), self.number)
    }
}

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(halal|p\s?-?\s?irt|pirt|bpom|pom|nib|m[dl]|n[a-e]|t[ril])\b")
        .expect("our own pattern is well-formed")
});

/// A number: an office's letters, then digits with marks between them, the last group short or long.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[a-z]{2}[ .]?)?\d[\d .–/-]*\d").expect("our own pattern is well-formed")
});

/// The kind a name stands for and where the number behind it is.
fn number_behind(text: &str, name: &Range<usize>) -> Option<(CertificateKind, Range<usize>)> {
    let said = text[name.clone()].to_ascii_lowercase().replace([' ', '-'], "");
    let (kind, from) = match said.as_str() {
        "halal" => (CertificateKind::Halal, name.end),
        "pirt" => (CertificateKind::Pirt, name.end),
        "nib" => (CertificateKind::Nib, name.end),
        "bpom" | "pom" => (CertificateKind::Bpom, name.end),
        // The letters are a part of the number itself: "MD 867031001234".
        _ => (CertificateKind::Bpom, name.start),
    };
    let bare = from == name.start;
    // "wa na 0812 …" is a small word before a telephone.
    if bare && text[name.end..].trim_start().starts_with(['0', '+']) {
        return None;
    }
    let rest = &text[from..];
    let starts = rest.char_indices().map(|(at, _)| at).take_while(|at| *at <= MOST_GAP_BYTES);
    for at in starts {
        let joined = rest[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let Some(number) = NUMBER.find(&rest[at..]).filter(|_| !joined) else { continue };
        let letters: String =
            number.as_str().chars().take_while(char::is_ascii_alphabetic).collect();
        if FILLERS.contains(&letters.to_ascii_lowercase().as_str()) {
            continue;
        }
        let digits = number.as_str().chars().filter(char::is_ascii_digit).count();
        let gap = folded_words(&rest[..at]);
        let filled = gap.iter().all(|word| FILLERS.contains(&word.as_str()));
        let near = filled && !rest[..at].contains(['\n', ';']) && (!bare || at == 0);
        let meant = digits >= if bare { 9 } else { FEWEST_DIGITS } && is_of(kind, number.as_str());
        let whole = !rest[at + number.end()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        return (near && meant && whole).then(|| (kind, from + at..from + at + number.end()));
    }
    None
}

/// Whether the letters before the digits can be those of this kind, right or wrong.
fn is_of(kind: CertificateKind, number: &str) -> bool {
    let letters: String = number.chars().take_while(char::is_ascii_alphabetic).collect();
    match kind {
        CertificateKind::Bpom => true,
        CertificateKind::Halal => letters.is_empty() || letters.eq_ignore_ascii_case("id"),
        CertificateKind::Pirt | CertificateKind::Nib => letters.is_empty(),
    }
}

/// The number as its office writes it, when it has the form.
fn shaped(kind: CertificateKind, plain: &str) -> Option<String> {
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match kind {
        CertificateKind::Halal => {
            let of_bpjph = plain.strip_prefix("ID").is_some_and(|rest| digits(rest, 17));
            (of_bpjph || digits(plain, 14)).then(|| plain.to_owned())
        }
        CertificateKind::Pirt => {
            digits(plain, 15).then(|| format!("{}-{}", &plain[..13], &plain[13..]))
        }
        CertificateKind::Nib => digits(plain, 13).then(|| plain.to_owned()),
        CertificateKind::Bpom => {
            let (letters, number) = plain.split_at_checked(2)?;
            let fits = match letters {
                "MD" | "ML" => digits(number, 12) || digits(number, 15),
                "NA" | "NB" | "NC" | "ND" | "NE" => digits(number, 11),
                "TR" | "TI" | "TL" | "HT" | "FF" | "SD" | "SI" | "SL" | "QD" | "QI" | "QL" => {
                    digits(number, 9)
                }
                _ => false,
            };
            fits.then(|| format!("{letters} {number}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let tell = |found: Found<Result<Certificate, CertificateFault>>| match found.value {
            Ok(certificate) => certificate.to_string(),
            Err(fault) => format!("wrong {}: {}", fault.kind.slug(), fault.said),
        };
        Certificate::find_all(text).into_iter().map(tell).collect()
    }

    #[rstest]
    #[case("P-IRT 2013471010123-25", "P-IRT 2013471010123-25")]
    #[case("PIRT no. 201347101012325", "P-IRT 2013471010123-25")]
    #[case("pirt: 2 01 3471 01 0123-25", "P-IRT 2013471010123-25")]
    #[case("izin p irt nomor 2013471010123 - 25", "P-IRT 2013471010123-25")]
    #[case("NIB 1234567890123", "NIB 1234567890123")]
    #[case("nib kami: 1234 5678 90123", "NIB 1234567890123")]
    #[case("BPOM RI MD 867031001234", "BPOM MD 867031001234")]
    #[case("bpom md867031001234567", "BPOM MD 867031001234567")]
    #[case("ML 867031001234 ya kak", "BPOM ML 867031001234")]
    #[case("BPOM NA18201234567", "BPOM NA 18201234567")]
    #[case("POM TR 123 456 789", "BPOM TR 123456789")]
    #[case("halal ID00410000123450721", "Halal ID00410000123450721")]
    #[case("sertifikat halal no ID 00410 0001 2345 0721", "Halal ID00410000123450721")]
    #[case("Halal MUI 15100012340511", "Halal 15100012340511")]
    #[case("halal, MD 867031001234", "BPOM MD 867031001234")]
    fn a_number_of_the_right_form_is_read(#[case] text: &str, #[case] certificate: &str) {
        assert_eq!(shown(text), [certificate]);
    }

    #[rstest]
    #[case("halal no 12345678", "wrong halal: 12345678")]
    #[case("P-IRT 206320401012", "wrong pirt: 206320401012")]
    #[case("nib 12345678901234", "wrong nib: 12345678901234")]
    #[case("BPOM MD 8670310012", "wrong bpom: MD 8670310012")]
    #[case("bpom 867031001234", "wrong bpom: 867031001234")]
    fn a_number_of_another_form_is_a_fault(#[case] text: &str, #[case] fault: &str) {
        assert_eq!(shown(text), [fault]);
    }

    #[rstest]
    #[case("100% halal")]
    #[case("bahan kami halal dan enak")]
    #[case("sudah BPOM")]
    #[case("halal, WA 0812 3456 7890")]
    #[case("sudah halal kak\n081234567890")]
    #[case("halal food 081234567890")]
    #[case("ada PIRT, harga 25.000")]
    #[case("nib")]
    #[case("Toko MD Collection 0812")]
    #[case("na 5000")]
    #[case("")]
    fn the_word_alone_is_no_certificate(#[case] text: &str) {
        assert_eq!(shown(text), Vec::<String>::new());
    }

    #[test]
    fn several_are_read_in_order() {
        let text = "PIRT 2013471010123-25, NIB 1234567890123 dan halal ID00410000123450721";
        assert_eq!(
            shown(text),
            ["P-IRT 2013471010123-25", "NIB 1234567890123", "Halal ID00410000123450721"]
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_reads_the_same_again(
            text in "((halal|pirt|bpom|nib|MD|ID|no|,) ?[0-9 .-]{0,20}){0,5}"
        ) {
            for found in Certificate::find_all(&text) {
                proptest::prop_assert!(text.get(found.range).is_some());
                if let Ok(certificate) = found.value {
                    let again = Certificate::parse(certificate.kind(), certificate.number());
                    proptest::prop_assert_eq!(again, Ok(certificate));
                }
            }
        }

        #[test]
        fn no_text_upsets_it(text in "\\PC{0,120}") {
            for found in Certificate::find_all(&text) {
                proptest::prop_assert!(text.get(found.range).is_some());
            }
        }
    }
}
