//! Questions people ask back.

use super::words::{is_in, mentions, normalise};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    Price,
    Pay,
    What,
    Time,
    Domain,
    Other,
}

/// Reads a question; `None` for what is none.
pub(crate) fn read(text: &str) -> Option<Question> {
    let normal = normalise(text);
    let edge = |word: Option<&str>| word.is_some_and(|word| is_in("question-words", word));
    let marked = text.contains('?');
    if !marked && !edge(normal.split(' ').next()) && !edge(normal.split(' ').next_back()) {
        return None;
    }
    const TOPICS: [(&str, Question); 5] = [
        ("topic-pay", Question::Pay),
        ("topic-time", Question::Time),
        ("topic-domain", Question::Domain),
        ("topic-what", Question::What),
        ("topic-price", Question::Price),
    ];
    TOPICS
        .into_iter()
        .find(|(list, _)| mentions(list, &normal))
        .map(|(_, question)| question)
        .or((marked && !normal.is_empty()).then_some(Question::Other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("bayarnya gimana?", Some(Question::Pay))]
    #[case("berapa harganya", Some(Question::Price))]
    #[case("ini apa?", Some(Question::What))]
    #[case("how long does it take", Some(Question::Time))]
    #[case("bisa buat gofood?", Some(Question::Other))]
    #[case("Kopi Senja", None)]
    #[case("harga kopi jadi 20rb", None)]
    fn questions_are_told_from_answers(#[case] text: &str, #[case] expected: Option<Question>) {
        assert_eq!(read(text), expected);
    }
}
