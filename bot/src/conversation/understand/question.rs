//! Questions people ask back.

use sitespark_core::brief::Rgb;

use super::words::{is_in, mentions, normalise};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    Can,
    Change,
    Delete,
    Domain,
    Example,
    Google,
    Monthly,
    Pay,
    Person,
    Phone,
    Photo,
    Price,
    Robot,
    Safe,
    Selling,
    Time,
    Token,
    Visitors,
    What,
    Parts,
    Other,
}

/// Topics and their word lists; of several the first counts.
const TOPICS: [(&str, Question); 19] = [
    ("topic-can", Question::Can),
    ("topic-delete", Question::Delete),
    ("topic-token", Question::Token),
    ("topic-monthly", Question::Monthly),
    ("topic-selling", Question::Selling),
    ("topic-pay", Question::Pay),
    ("topic-visitors", Question::Visitors),
    ("topic-time", Question::Time),
    ("topic-domain", Question::Domain),
    ("topic-robot", Question::Robot),
    ("topic-safe", Question::Safe),
    ("topic-change", Question::Change),
    ("topic-google", Question::Google),
    ("topic-person", Question::Person),
    ("topic-phone-only", Question::Phone),
    ("topic-photo", Question::Photo),
    ("topic-price", Question::Price),
    ("topic-example", Question::Example),
    ("topic-what", Question::What),
];

/// Most words of a question without a question mark that ends in "gak" or the like.
const MAX_BARE_WORDS: usize = 7;

/// Reads a question; `None` for what is none.
pub(crate) fn read(text: &str) -> Option<Question> {
    let normal = normalise(text);
    let marked = text.contains('?');
    // "tanya jawab" is a part of a site.
    let part = !marked && is_in("feature-faq", &normal);
    if part || !marked && !is_asked(&normal) {
        return None;
    }
    topic(&normal).or((marked && !normal.is_empty()).then_some(Question::Other))
}

fn topic(normal: &str) -> Option<Question> {
    // "pengunjungnya" asks what "pengunjung" asks.
    let bare: Vec<&str> =
        normal.split(' ').map(|word| word.strip_suffix("nya").unwrap_or(word)).collect();
    let bare = bare.join(" ");
    let about = |(list, _): &(&str, Question)| mentions(list, normal) || mentions(list, &bare);
    TOPICS.into_iter().find(about).map(|(_, question)| question)
}

/// A question by its words: "bayarnya gimana", "ini gratis gak sih".
fn is_asked(normal: &str) -> bool {
    let words: Vec<&str> = normal.split(' ').filter(|word| !is_in("courtesy", word)).collect();
    let edge = |word: Option<&&str>| word.is_some_and(|word| is_in("question-words", word));
    let last = normal.split(' ').next_back();
    let tail = |word: &&str| is_in("question-marks", word) || word.ends_with("kah");
    edge(words.first())
        || edge(words.last())
        || (2..=MAX_BARE_WORDS).contains(&words.len()) && words.last().is_some_and(tail)
        || words.len() <= MAX_BARE_WORDS
            && words.len() > 1
            && last.is_some_and(|word| word == "kan")
}

/// Takes the questions about us out of a message: what is asked, and what is left to be read as an
/// answer. A question nobody knows the topic of stays where it is.
pub(crate) fn take(text: &str) -> (Option<Question>, String) {
    let mut asked = None;
    let mut kept = String::new();
    for sentence in text.split_inclusive(['?', '!', '\n', '.', ',']) {
        // "can it be turquoise?" wishes for what it asks.
        let wish =
            mentions("wish-asked", &normalise(sentence)) && Rgb::parse_name(sentence).is_some();
        match read(sentence).filter(|question| *question != Question::Other && !wish) {
            Some(question) => {
                asked = asked.or(Some(question));
                // "bisa bikin web buat salon?" tells the trade as well.
                if question == Question::Can {
                    kept.push_str(sentence);
                }
            }
            None => kept.push_str(sentence),
        }
    }
    match asked {
        Some(_) => (asked, kept.trim_matches([' ', ',', '.']).to_owned()),
        None => (read(text), text.to_owned()),
    }
}

/// "galeri itu buat apa?", "what do most shops pick?", where the parts of a site are asked for: the
/// question, and what is told besides.
pub(crate) fn about_parts(text: &str) -> Option<(Option<Question>, String)> {
    let (asking, told): (Vec<&str>, Vec<&str>) = text
        .split_inclusive(['?', '!', '\n', '.'])
        .filter(|sentence| !normalise(sentence).is_empty())
        .partition(|sentence| asks_about_parts(sentence));
    if asking.is_empty() {
        return None;
    }
    let example = asking.iter().any(|sentence| mentions("example-asked", &normalise(sentence)));
    let question = if example { Question::Example } else { Question::Parts };
    // "ada contoh webnya ngga kak? kepriwe bentuknya": one more question without its mark.
    let told: String =
        told.into_iter().filter(|sentence| !is_asked(&normalise(sentence))).collect();
    Some((Some(question), told.trim().to_owned()))
}

fn asks_about_parts(sentence: &str) -> bool {
    let normal = normalise(sentence);
    let short = normal.split(' ').count() <= MAX_ASKED_WORDS;
    let asks = sentence.contains('?') || is_asked(&normal);
    short
        && (mentions("part-question", &normal) || mentions("example-asked", &normal))
        && (asks || mentions("part-question-bare", &normal))
}

/// "can I change the price later?": whether it asks what can be done one day, and wants nothing now.
pub(crate) fn is_about_later(text: &str) -> bool {
    let normal = normalise(text);
    let figures = normal.chars().any(|c| c.is_ascii_digit());
    let asks = text.contains('?') || is_asked(&normal);
    asks && !figures && mentions("topic-change", &normal) && mentions("later-asked", &normal)
}

/// Most words of a sentence that asks what to choose.
const MAX_ASKED_WORDS: usize = 14;

/// Fewest words of a question that is no name with a doubt behind it: "Kopi Senja?".
const MIN_ASKED_WORDS: usize = 4;

/// The sentences of a message that ask nothing, where some others do: "do I have to choose? divers
/// and families". With `named`, where a name is asked, nothing is left of questions alone.
pub(crate) fn without_asking(text: &str, named: bool) -> String {
    let sentences: Vec<&str> = text.split_inclusive(['?', '!', '\n']).collect();
    let asks = |sentence: &&str| {
        let normal = normalise(sentence);
        let long = sentences.len() > 1 || normal.split(' ').count() >= MIN_ASKED_WORDS;
        sentence.trim_end().ends_with('?') && (named && long || is_asked(&normal))
    };
    let kept: String = sentences.iter().filter(|sentence| !asks(sentence)).copied().collect();
    let told = !normalise(&kept).is_empty() && read(&kept).is_none();
    let nothing = normalise(&kept).is_empty();
    if told || named && nothing { kept.trim().to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("bayarnya gimana?", Some(Question::Pay))]
    #[case("berapa harganya", Some(Question::Price))]
    #[case("ini gratis gak sih", Some(Question::Price))]
    #[case("aman gak sih", Some(Question::Safe))]
    #[case("kamu robot ya?", Some(Question::Robot))]
    #[case("bisa pake domain sendiri?", Some(Question::Domain))]
    #[case("nanti bisa diubah lagi gak?", Some(Question::Change))]
    #[case("muncul di google ga", Some(Question::Google))]
    #[case("berapa pengunjung", Some(Question::Visitors))]
    #[case("berapa pengunjungnya?", Some(Question::Visitors))]
    #[case("ini apa?", Some(Question::What))]
    #[case("how long does it take", Some(Question::Time))]
    #[case("bisa buat gofood?", Some(Question::Other))]
    #[case("Kopi Senja", None)]
    #[case("tanya jawab", None)]
    #[case("harga kopi jadi 20rb", None)]
    fn questions_are_told_from_answers(#[case] text: &str, #[case] expected: Option<Question>) {
        assert_eq!(read(text), expected);
    }

    #[rstest::rstest]
    #[case("do I have to choose? divers and families", false, "divers and families")]
    #[case("namanya harus yang resmi ya? kalo belum ada PT gimana?", true, "")]
    #[case("bisa ya? nama cateringnya Sedap Rasa", true, "nama cateringnya Sedap Rasa")]
    #[case("Kopi Senja?", true, "Kopi Senja?")]
    #[case("orang kantoran?", false, "orang kantoran?")]
    fn what_is_told_beside_a_question_is_kept(
        #[case] text: &str,
        #[case] named: bool,
        #[case] rest: &str,
    ) {
        assert_eq!(without_asking(text, named), rest);
    }

    #[rstest::rstest]
    #[case("Kopi Senja. ini gratis kan?", Some(Question::Price), "Kopi Senja")]
    #[case("toko kue, bayarnya gimana?", Some(Question::Pay), "toko kue")]
    #[case("Kopi Senja", None, "Kopi Senja")]
    #[case("kopi 1,5jt", None, "kopi 1,5jt")]
    #[case("bisa bikin web buat salon?", Some(Question::Can), "bisa bikin web buat salon?")]
    fn questions_are_taken_out(
        #[case] text: &str,
        #[case] asked: Option<Question>,
        #[case] rest: &str,
    ) {
        assert_eq!(take(text), (asked, rest.to_owned()));
    }
}
