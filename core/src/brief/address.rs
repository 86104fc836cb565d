//! The spelling of addresses that were typed without capitals.

/// Short forms that are written in capitals.
const CAPITALS: [&str; 22] = [
    "rt", "rw", "dki", "diy", "km", "bsd", "itc", "ntb", "ntt", "tni", "sd", "smp", "sma", "smk",
    "spbu", "bri", "bca", "bni", "pgc", "ui", "ugm", "itb",
];
/// Small words inside a name.
const SMALL: [&str; 5] = ["dan", "di", "dekat", "depan", "belakang"];

/// An address typed all in lower case with capitals where names have them: "jl. merdeka no. 5 rt 02/rw 03"
/// becomes "Jl. Merdeka No. 5 RT 02/RW 03". What has a capital anywhere was written with care and stays.
pub(crate) fn spelled_place(text: &str) -> String {
    if text.chars().any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut spelled = String::with_capacity(text.len());
    let mut word = String::new();
    let mut first = true;
    for c in text.chars().chain([' ']) {
        if c.is_alphabetic()
            || (c.is_numeric() && !word.is_empty())
            || (c == '\'' && !word.is_empty())
        {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            spelled.push_str(&spelled_word(&word, first));
            first = false;
            word.clear();
        }
        spelled.push(c);
    }
    spelled.pop();
    spelled
}

fn spelled_word(word: &str, first: bool) -> String {
    let letters: &str = word.trim_end_matches(char::is_numeric);
    if CAPITALS.contains(&letters) || is_roman(word) || word.chars().count() == 1 {
        return word.to_uppercase();
    }
    if !first && SMALL.contains(&word) {
        return word.to_owned();
    }
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |head| head.to_uppercase().chain(chars).collect())
}

/// "ii", "iv", "xii": the number of an alley or a block.
fn is_roman(word: &str) -> bool {
    matches!(
        word,
        "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix" | "xi" | "xii" | "xiii" | "xiv" | "xv"
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("jl. merdeka no. 5 rt 02/rw 03, bandung", "Jl. Merdeka No. 5 RT 02/RW 03, Bandung")]
    #[case("jalan raya bogor km 27 ciracas", "Jalan Raya Bogor KM 27 Ciracas")]
    #[case("gang mawar iii no 4a dekat spbu", "Gang Mawar III No 4A dekat SPBU")]
    #[case("perum griya asri blok b2 no 7", "Perum Griya Asri Blok B2 No 7")]
    #[case("rt02/rw05 desa sukamaju", "RT02/RW05 Desa Sukamaju")]
    #[case("Jl. merdeka 5", "Jl. merdeka 5")]
    #[case("", "")]
    fn lower_case_addresses_get_their_capitals(#[case] typed: &str, #[case] spelled: &str) {
        assert_eq!(spelled_place(typed), spelled);
    }

    proptest::proptest! {
        #[test]
        fn only_the_case_changes(text in "\\PC{0,60}") {
            let folded = |text: &str| text.to_lowercase().to_uppercase();
            proptest::prop_assert_eq!(folded(&spelled_place(&text)), folded(&text));
        }
    }
}
