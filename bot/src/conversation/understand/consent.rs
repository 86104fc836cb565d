//! A yes to the summary, in whatever words it is said: its words are weighed, none is required.

use sitespark_core::brief::Style;

use super::change;
use super::gather::gather;
use super::question;
use super::words::{canonical, cut_all, is_in, is_laughter, knows, mentions, normalise};
use crate::conversation::state::Step;

/// Most words of a message that is a yes.
const MAX_WORDS: usize = 40;
/// Words nobody knows that one yes outweighs, and those that are let pass besides.
const STRANGERS_A_YES: usize = 2;
const STRANGERS_LET_PASS: usize = 1;

/// "iya bener pak itu", "Sudah sesuai, silakan diproses.", "no changes, ship it": agrees, and neither
/// asks, nor refuses, nor tells anything that the summary does not have.
pub(crate) fn is_given(text: &str) -> bool {
    let text = without_full_marks(without_vocative(text));
    let mut weight = Weight::default();
    for clause in text.split([',', '.', ';', '!', '\n', '(', ')']) {
        match weigh(clause) {
            Some(more) => weight.add(more),
            None => return false,
        }
    }
    let bears = weight.agreeing * STRANGERS_A_YES + STRANGERS_LET_PASS;
    weight.agreeing > 0
        && weight.strange <= bears
        && weight.words <= MAX_WORDS
        && !(weight.strange > 0 && is_written_large(&text))
        && !text.contains('?')
        && !text.chars().any(|c| c.is_ascii_digit())
        && question::read(&text).is_none()
        && change::read(&text).is_none()
        && !tells_more(&text, weight.strange == 0)
}

/// Whether the summary is told something. Where each word belongs to a yes, one that is a tone besides
/// ("keren", "happy") praises.
fn tells_more(text: &str, only_agrees: bool) -> bool {
    let mut found = gather(text, Some(Step::Contact));
    if only_agrees && found.style.colour.is_none() {
        found.style = Style::default();
        found.style_said.clear();
    }
    found.is_telling()
}

/// "sudah betul semua", "looks good, do it": a yes that judges what was told, and nothing besides.
pub(crate) fn is_verdict(text: &str) -> bool {
    let plain = canonical(&normalise(text));
    let words: Vec<&str> = plain.split(' ').collect();
    // "yang cocok aja" leaves a choice to us.
    let chosen = words.windows(2).any(|pair| pair[0] == "yang" && is_of(&["verdict"], pair[1]));
    let known = |word: &&str| agrees(word) || is_beside(word);
    words.iter().any(|word| is_of(&["verdict"], word))
        && words.iter().all(known)
        && !chosen
        && is_given(text)
}

/// "Alright. Yes, please build it": a yes, and a word for beginning.
pub(crate) fn begins_all(text: &str) -> bool {
    let plain = canonical(&normalise(text));
    let any = |list| plain.split(' ').any(|word| is_of(&[list], word));
    any("plain-yes") && any("make-now") && is_given(text)
}

/// What the words of a message weigh.
#[derive(Debug, Default)]
struct Weight {
    agreeing: usize,
    strange: usize,
    words: usize,
}

impl Weight {
    fn add(&mut self, more: Self) {
        self.agreeing += more.agreeing;
        self.strange += more.strange;
        self.words += more.words;
    }
}

/// The weight of one clause; `None` when it refuses, holds back or wishes for something else.
fn weigh(clause: &str) -> Option<Weight> {
    let plain = canonical(&normalise(cut_all("interjection", clause)));
    if plain.is_empty() {
        return Some(Weight::default());
    }
    let mut words: Vec<&str> = plain.split(' ').collect();
    let count = words.len();
    if finds_no_fault(&words) {
        return Some(Weight { agreeing: 1, strange: 0, words: count });
    }
    // "make it" puts a word right elsewhere.
    let makes = |word: &&str| is_of(&["make-now", "make-now-more"], word);
    if words.iter().all(makes) && words.iter().any(|word| is_of(&["make-now"], word)) {
        return Some(Weight { agreeing: 1, strange: 0, words: count });
    }
    let sure = take_phrases(&mut words);
    let rest = words.join(" ");
    if can_come_later(&words) {
        return Some(Weight { agreeing: sure, strange: 0, words: count });
    }
    if HOLDS_BACK.iter().any(|list| mentions(list, &rest)) {
        return None;
    }
    let agreeing = sure + words.iter().filter(|word| agrees(word)).count();
    let strange = words.iter().filter(|word| !agrees(word) && !is_beside(word)).count();
    Some(Weight { agreeing, strange, words: count })
}

/// Lists whose words say that it is not to begin, or not like this.
const HOLDS_BACK: [&str; 9] = [
    "denial",
    "refuse",
    "but-words",
    "correction",
    "wrong-words",
    "add-verbs",
    "remove-verbs",
    "hide-verbs",
    "show-verbs",
];
/// Lists whose words agree.
const AGREES: [&str; 3] = ["consent-core", "agree", "make-now"];
/// Lists whose words say nothing for themselves around a yes.
const BESIDE: [&str; 7] = [
    "courtesy",
    "agree-more",
    "make-now-more",
    "enough",
    "enough-more",
    "interjection",
    "consent-more",
];
/// Endings of a word: "bikinlah", "prosesin", "lanjutkeun".
const ENDINGS: [&str; 8] = ["keun", "kan", "ken", "lah", "nya", "ya", "in", "mi"];
/// Shortest word that is left without its ending.
const MIN_STEM_CHARS: usize = 3;

fn agrees(word: &str) -> bool {
    is_of(&AGREES, word)
}

fn is_beside(word: &str) -> bool {
    is_laughter(word) || is_of(&BESIDE, word)
}

fn is_of(lists: &[&str], word: &str) -> bool {
    let known = |word: &str| lists.iter().any(|list| knows(list, word));
    let stem = |ending: &&str| {
        word.strip_suffix(ending).filter(|stem| stem.chars().count() >= MIN_STEM_CHARS)
    };
    known(word) || ENDINGS.iter().filter_map(stem).any(known)
}

/// Takes out phrases that agree though a word of them would not, as "gak papa"; how many there were.
fn take_phrases(words: &mut Vec<&str>) -> usize {
    const LONGEST: usize = 4;
    let mut found = 0;
    let mut at = 0;
    while at < words.len() {
        let fits = (1..=LONGEST.min(words.len() - at))
            .rev()
            .find(|count| knows("consent-phrases", &words[at..at + count].join(" ")));
        match fits {
            Some(count) => {
                words.drain(at..at + count);
                found += 1;
            }
            None => at += 1,
        }
    }
    found
}

/// "gak ada yang salah", "nothing to change", "jangan diubah lagi": a denial of any fault.
fn finds_no_fault(words: &[&str]) -> bool {
    let denied = words.iter().enumerate().filter(|(_, word)| knows("fault-denial", word));
    denied.map(|(at, _)| at + 1).any(|from| {
        let between = words[from..]
            .iter()
            .take_while(|word| knows("fault-between", word) && !is_of(&["fault-words"], word));
        words.get(from + between.count()).is_some_and(|word| is_of(&["fault-words"], word))
    })
}

/// "fotonya nyusul": something is told later, and nobody has to wait for it.
fn can_come_later(words: &[&str]) -> bool {
    let later = |word: &&&str| knows("later-words", word);
    let something = words.iter().filter(|word| !later(word)).any(|word| !is_beside(word));
    words.iter().any(|word| later(&word))
        && something
        && !mentions("but-words-sure", &words.join(" "))
}

/// "sudah pas cek": in Palembang that is a friend, and no wish to look first.
fn without_vocative(text: &str) -> &str {
    let told = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let Some((before, last)) = told.rsplit_once(char::is_whitespace) else { return text };
    let last = normalise(last);
    let friend = is_in("but-words", &last) && is_in("vocative-tail", &last);
    if friend && before.contains(' ') { before } else { text }
}

/// "100% setuju": a share of everything is no fact.
fn without_full_marks(text: &str) -> String {
    text.replace("1000%", "").replace("100%", "").replace("100 persen", "")
}

/// A name rather than a sentence: several words, each written large.
fn is_written_large(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    let large =
        |word: &str| word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase);
    text.split_whitespace().count() > 1 && words.all(large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("looks good, do it")]
    #[case("Sudah sesuai, silakan diproses.")]
    #[case("sudah betul semua")]
    #[case("yes all good")]
    #[case("yep all good")]
    #[case("looks right, go")]
    #[case("all good now, make it")]
    #[case("sudah pas cek")]
    #[case("udah semua ya")]
    #[case("yess go")]
    #[case("leres pisan, mangga lajengkeun")]
    #[case("iyo la pas nian, lanjut")]
    #[case("yo lah batua sadonyo")]
    #[case("nggih sampun leres")]
    #[case("iyo wis bener")]
    #[case("nggih pun cocok mas")]
    #[case("udeh cocok bang, gas")]
    #[case("cocok lah itu, gaskan")]
    #[case("oke lae sudah mantap, bikinlah")]
    #[case("iye betul mi")]
    #[case("iya itu sudah benar")]
    #[case("ok gas literally perfect")]
    #[case("Yes, that is all correct, please go ahead.")]
    #[case("iya betul. cepat ya")]
    #[case("inggih, sampun beneh niki")]
    #[case("bujur sudah, gawi ja")]
    #[case("olo, toho do i lae")]
    #[case("engghi lerres, terros aghi")]
    #[case("so butul itu, gas jo")]
    #[case("beutoi nyan, peulanjut")]
    #[case("gak ada yang salah kok, bikin aja")]
    #[case("ga ada koreksi lagi dari saya")]
    #[case("nothing to change, ship it")]
    #[case("no changes from me")]
    #[case("gapapa segitu aja dulu, gas")]
    #[case("spot on, fire away")]
    #[case("good to go")]
    #[case("send it")]
    #[case("lgtm")]
    #[case("I'm happy with that, publish it please")]
    #[case("fotonya nyusul ya, lanjut aja")]
    #[case("100% setuju, terbitkan")]
    #[case("Setelah kami periksa, seluruh data telah sesuai. Mohon dapat diproses. Terima kasih.")]
    #[case("wah keren banget, langsung tayangin dong")]
    #[case("udah fix no debat, gaskeun")]
    #[case("chakep, cuss min")]
    #[case("pek lah, jadiin")]
    #[case("ayo jadiin aja bosku 🔥")]
    fn whoever_agrees_is_taken_at_their_word(#[case] text: &str) {
        assert!(is_given(text), "{text}");
    }

    #[rstest::rstest]
    #[case("looks good, do it", true)]
    #[case("yes all good", true)]
    #[case("udah bener kak, lanjut", true)]
    #[case("ya sudah betul semua", true)]
    #[case("yo lah batua sadonyo", true)]
    #[case("ya", false)]
    #[case("lanjut aja", false)]
    #[case("yang cocok aja", false)]
    #[case("yang pas buat anak muda", false)]
    fn a_verdict_is_more_than_a_yes(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_verdict(text), expected, "{text}");
    }

    #[rstest::rstest]
    #[case("belum sesuai")]
    #[case("oke tapi warnanya ganti")]
    #[case("nanti dulu ya saya tanya suami")]
    #[case("wait, not yet")]
    #[case("jangan dulu")]
    #[case("gak, ada yang salah")]
    #[case("ada yang kurang")]
    #[case("looks wrong")]
    #[case("bagus, tapi boleh lihat contohnya dulu?")]
    #[case("Mantap Jaya Laundry")]
    #[case("tambah foto dong")]
    #[case("hapus yang antar bandara")]
    #[case("wa 0812 3456 7890 ya")]
    #[case("hang on")]
    #[case("ok but change the name")]
    #[case("kurang cocok")]
    #[case("pikir pikir dulu")]
    #[case("oke, creambath 65rb")]
    #[case("ora cocok")]
    #[case("don't make it yet")]
    #[case("hmm")]
    #[case("halo")]
    fn whoever_does_not_agree_is_asked_on(#[case] text: &str) {
        assert!(!is_given(text), "{text}");
    }
}
