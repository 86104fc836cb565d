//! One spelling for what people write in many ways: slang, endings of other languages, words without
//! their vowels. For comparison only; what is shown stays as it was written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::SOURCES;

/// Other spellings by word, from `spellings.txt`.
static SPELLINGS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/spellings.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(word, others)| {
            others.split(',').map(move |other| (squeezed(other.trim()).into_owned(), word.trim()))
        })
        .collect()
});

/// Every word of the lists, letters drawn together.
static VOCABULARY: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    SOURCES
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(_, phrases)| phrases.split([',', ' ']))
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| (squeezed(word).into_owned(), word))
        .collect()
});

/// What stands for "-nya" in Betawi, Minang, Sundanese and Javanese.
const ENDINGS: [&str; 6] = ["nye", "nyo", "na", "ne", "e", "ipun"];
/// Shortest word that takes such an ending.
const MIN_STEM_CHARS: usize = 3;

/// "liburnye", "hargane", "hrgnya" by the word of the lists that ends in "-nya".
static ENDED: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut ended = HashMap::new();
    let mut add = |stem: &str, ending: &str, word: &'static str| {
        let other = squeezed(&format!("{stem}{ending}")).into_owned();
        let known = VOCABULARY.contains_key(&other) || SPELLINGS.contains_key(&other);
        if !known && stem.chars().count() >= MIN_STEM_CHARS {
            ended.entry(other).or_insert(word);
        }
    };
    for (own, word) in sorted(&VOCABULARY) {
        let Some(stem) = own.strip_suffix("nya") else { continue };
        ENDINGS.into_iter().for_each(|ending| add(stem, ending, word));
    }
    for (other, word) in sorted(&SPELLINGS) {
        let Some(word) = VOCABULARY.get(&*squeezed(&format!("{word}nya"))) else { continue };
        ENDINGS.into_iter().chain(["nya"]).for_each(|ending| add(other, ending, word));
    }
    ended
});

/// By the alphabet, so that the first of two is the same at every start.
fn sorted<'a>(words: &'a HashMap<String, &'static str>) -> Vec<(&'a str, &'static str)> {
    let mut all: Vec<_> = words.iter().map(|(own, word)| (own.as_str(), *word)).collect();
    all.sort_unstable();
    all
}

/// Fewest consonants of a word that is written without vowels, and most letters left out.
const MIN_CONSONANTS: usize = 4;
const MOST_LEFT_OUT: usize = 4;

/// The words of the lists by their consonants.
static SKELETONS: LazyLock<HashMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_consonants: HashMap<String, Vec<&'static str>> = HashMap::new();
    for (own, word) in sorted(&VOCABULARY) {
        let bare = consonants(own);
        let known = SPELLINGS.contains_key(own) || !own.chars().all(char::is_alphabetic);
        if !known && bare.chars().count() >= MIN_CONSONANTS && bare.len() < own.len() {
            by_consonants.entry(bare).or_default().push(word);
        }
    }
    by_consonants
});

/// The spelling of the lists for a word; `None` where it is that already, or nobody knows it.
pub(super) fn usual(word: &str) -> Option<&'static str> {
    if let Some(usual) = SPELLINGS.get(word) {
        return Some(usual);
    }
    if VOCABULARY.contains_key(word) {
        return None;
    }
    ENDED.get(word).copied().or_else(|| without_particle(word)).or_else(|| shortened(word))
}

/// What Makassar and Bugis speech hangs on a word: "habismi", "bukaki".
const PARTICLES: [&str; 3] = ["mi", "ki", "ji"];
/// Shortest word that is told from such an ending.
const MIN_BARE_CHARS: usize = 4;

fn without_particle(word: &str) -> Option<&'static str> {
    let bare = |particle: &&str| {
        word.strip_suffix(*particle).filter(|bare| bare.chars().count() >= MIN_BARE_CHARS)
    };
    PARTICLES.iter().find_map(|particle| VOCABULARY.get(bare(particle)?).copied())
}

/// Whether a word is another spelling of one in the file.
pub(super) fn is_slang(word: &str) -> bool {
    SPELLINGS.contains_key(word)
}

/// "jdwl" for "jadwal", "pmesanan" for "pemesanan": the only word that has these letters in this
/// order, and none but vowels besides.
fn shortened(word: &str) -> Option<&'static str> {
    let bare = consonants(word);
    if bare.chars().count() < MIN_CONSONANTS || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let fits = |long: &&&str| {
        let mut letters = long.chars();
        long.len() > word.len()
            && long.len() - word.len() <= MOST_LEFT_OUT
            && word.chars().all(|c| letters.any(|letter| letter == c))
            && long.chars().next() == word.chars().next()
    };
    let mut found = SKELETONS.get(&bare)?.iter().filter(fits);
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// A word without its vowels, but for one it begins with.
fn consonants(word: &str) -> String {
    let kept = word.chars().enumerate().filter(|(at, c)| *at == 0 || !"aeiou".contains(*c));
    kept.map(|(_, c)| c).collect()
}

/// Words that are too short to be drawn out: "gg" is a lane and no long "g".
const MAX_SHORT_CHARS: usize = 2;

/// The same letter never twice in a row.
pub(super) fn squeezed(word: &str) -> Cow<'_, str> {
    let drawn = |(one, next): (char, char)| one == next && one.is_alphabetic();
    let is_drawn = word.chars().zip(word.chars().skip(1)).any(drawn);
    if !is_drawn || word.chars().count() <= MAX_SHORT_CHARS {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !(c.is_alphabetic() && out.ends_with(c)) {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[rstest::rstest]
    #[case("liburnye", Some("liburnya"))]
    #[case("haragonyo", Some("harganya"))]
    #[case("alamatna", Some("alamatnya"))]
    #[case("dftr", Some("daftar"))]
    #[case("jdwl", Some("jadwal"))]
    #[case("pmesanan", Some("pemesanan"))]
    #[case("daftar", None)]
    #[case("habismi", Some("habis"))]
    #[case("senja", None)]
    #[case("prmt", None)]
    fn a_word_is_known_by_its_letters(#[case] word: &str, #[case] expected: Option<&str>) {
        assert_eq!(usual(word), expected);
    }

    #[test]
    fn no_spelling_stands_for_two_words() {
        let mut seen = HashMap::new();
        let mut heads = HashSet::new();
        for line in include_str!("../../../data/spellings.txt").lines() {
            let Some((word, others)) = line.split_once(':').filter(|_| !line.starts_with('#'))
            else {
                continue;
            };
            heads.insert(squeezed(word).into_owned());
            for other in others.split(',') {
                let before = seen.insert(squeezed(other.trim()).into_owned(), word);
                assert!(before.is_none_or(|before| before == word), "{other} stands twice");
            }
        }
        for head in &heads {
            let other = seen.get(head).is_some_and(|word| squeezed(word) != head.as_str());
            assert!(!other, "{head} is another spelling itself");
        }
    }
}
