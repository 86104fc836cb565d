//! What of an answer is read aloud: the words alone, as one would say them. Pure.
//!
//! Emoji, bullets and addresses are for the eye. A few choices are told in a sentence, many are not.

use sitespark_core::brief::Language;
use sitespark_core::llm::voice::MAX_WORDS_CHARS;

use crate::message::{Body, Choice, Message};
use crate::texts::{Arg, Texts};

/// Most choices that are told: nobody keeps more of them in mind.
const MOST_CHOICES: usize = 5;
/// What a line of a list begins with.
const BULLETS: [char; 5] = ['•', '·', '‣', '-', '–'];
/// What ends a sentence.
const ENDS: [char; 4] = ['.', '!', '?', '…'];
/// What may stand behind the end of a sentence.
const CLOSERS: [char; 4] = ['"', '”', '’', ')'];

/// The words of what was said; `None` where there are none, or all of it only shows something in
/// between. What is too long is cut at the end of a sentence, but the last of it, where the question
/// is, stays whole as far as it can.
pub(super) fn words_of(said: &[Message], language: Language, texts: &Texts) -> Option<String> {
    let speech = Speech { language, texts };
    let is_answer = |message: &&Message| message.progress.is_none() && !message.is_aside();
    let mut answer: Vec<&Message> = said.iter().filter(is_answer).collect();
    let last = answer.pop()?;
    let first = answer.into_iter().map(|message| speech.sentences(&message.body));
    let first = joined(first.collect());
    let choices = speech.choices(&last.choices).unwrap_or_default();
    let last = cut(&joined(vec![speech.sentences(&last.body), choices]), MAX_WORDS_CHARS);
    let room = MAX_WORDS_CHARS.saturating_sub(last.chars().count() + 1);
    let words = joined(vec![cut(&first, room), last]);
    is_said(&words).then_some(words)
}

/// How things are said in one language.
struct Speech<'a> {
    language: Language,
    texts: &'a Texts,
}

impl Speech<'_> {
    fn text(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        self.texts.plain(self.language, key, args)
    }

    /// The lines of a body as sentences.
    fn sentences(&self, body: &Body) -> String {
        let spans = body.0.iter().map(|span| match step_of(&span.text).filter(|_| span.bold) {
            Some((step, steps)) => {
                let (step, steps) = (step.into(), steps.into());
                self.text("say-aloud-step", &[("step", step), ("steps", steps)])
            }
            None => span.text.clone(),
        });
        let text: String = spans.collect();
        let lines = text.lines().map(|line| closed(&self.line(line)));
        let told = joined(lines.collect());
        match told.strip_suffix(':') {
            // What it led to was for the eye.
            Some(told) => format!("{told}."),
            None => told,
        }
    }

    /// A line without what is for the eye; empty where nothing is left.
    fn line(&self, line: &str) -> String {
        let line = without_signs(line);
        let line = line.trim().trim_start_matches(BULLETS).trim_start();
        let written = self.text("word-aloud-address", &[]);
        let mut words: Vec<String> = Vec::new();
        for word in line.split_whitespace() {
            let Some(end) = end_of_address(word) else {
                words.push(self.amount(word));
                continue;
            };
            match words.last() {
                None if line.split_whitespace().count() == 1 => return String::new(),
                Some(before) if before.ends_with(':') => drop_clause(&mut words),
                _ => {
                    while words.last().is_some_and(|word| names(&written, word)) {
                        words.pop();
                    }
                    words.push(format!("{written}{end}"));
                }
            }
        }
        let told = words.join(" ");
        if is_said(&told) { told } else { String::new() }
    }

    /// "18rb" and "1,5jt" as they are spoken.
    fn amount(&self, word: &str) -> String {
        let is_figure = |figure: &str| {
            figure.ends_with(|c: char| c.is_ascii_digit())
                && figure.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
        };
        let bare = word.trim_end_matches([',', '.', ';', ':', '!', '?', ')']);
        let units = [("rb", "word-aloud-thousand"), ("jt", "word-aloud-million")];
        for (short, key) in units {
            if let Some(figure) = bare.strip_suffix(short).filter(|figure| is_figure(figure)) {
                return format!("{figure} {}{}", self.text(key, &[]), &word[bare.len()..]);
            }
        }
        word.to_owned()
    }

    /// A few choices in a sentence.
    fn choices(&self, choices: &[Choice]) -> Option<String> {
        let labels = choices.iter().map(|choice| without_signs(&choice.label).trim().to_owned());
        let labels: Vec<String> = labels.collect();
        if !(2..=MOST_CHOICES).contains(&labels.len()) || !labels.iter().all(|label| is_said(label))
        {
            return None;
        }
        let (last, first) = labels.split_last()?;
        let list = format!("{} {} {last}", first.join(", "), self.text("word-aloud-or", &[]));
        Some(self.text("say-aloud-choices", &[("choices", list.into())]))
    }
}

/// "2/6" as the question and how many there are.
fn step_of(text: &str) -> Option<(i64, i64)> {
    let (step, steps) = text.trim().split_once('/')?;
    let (step, steps) = (step.parse().ok()?, steps.parse().ok()?);
    (0 < step && step <= steps).then_some((step, steps))
}

/// The text without emoji, arrows and other drawings.
fn without_signs(text: &str) -> String {
    let is_sign = |c: char| {
        matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{20d0}'..='\u{20ff}' | '\u{2190}'..='\u{21ff}'
            | '\u{2300}'..='\u{23ff}' | '\u{2460}'..='\u{24ff}' | '\u{25a0}'..='\u{27bf}'
            | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{1f000}'..='\u{1faff}' | '\u{e0000}'..='\u{e007f}')
    };
    text.chars().filter(|c| !is_sign(*c)).collect()
}

/// The ends of addresses that are seen without their scheme: "jl.kenanga" and "dr.ani" are none.
const TOP_LEVELS: [&str; 14] = [
    "com", "id", "net", "org", "co", "me", "shop", "store", "site", "web", "app", "link", "biz",
    "test",
];

/// Where a word is the address of a page: what of the sentence stands behind it.
fn end_of_address(word: &str) -> Option<&str> {
    let bare = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '”', '"']);
    let address = bare.trim_start_matches(['(', '“', '"']);
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty() && label.bytes().all(fits)
    };
    let is_domain = labels.len() > 1
        && labels.iter().all(is_label)
        && labels.last().is_some_and(|top| TOP_LEVELS.contains(top));
    (address.contains("://") || is_domain).then(|| &word[bare.len()..])
}

/// Whether a phrase has this word in it.
fn names(phrase: &str, word: &str) -> bool {
    phrase.split(' ').any(|part| part.eq_ignore_ascii_case(word))
}

/// Takes back to the end of the last sentence what only led to an address.
fn drop_clause(words: &mut Vec<String>) {
    while words.last().is_some_and(|word| !word.ends_with(ENDS)) {
        words.pop();
    }
}

/// A line with an end that is heard.
fn closed(line: &str) -> String {
    let is_open =
        line.trim_end_matches(CLOSERS).ends_with(|c| !ENDS.contains(&c) && !":;,".contains(c));
    if is_open { format!("{line}.") } else { line.to_owned() }
}

fn joined(parts: Vec<String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

fn is_said(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// At most so many characters: up to the end of a sentence, or of a word where there is none.
fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let fits = &text[..end];
    let is_end = |at: usize| fits[..at].trim_end_matches(CLOSERS).ends_with(ENDS);
    let blanks = || fits.char_indices().rev().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
    let at = blanks().find(|at| is_end(*at)).or_else(|| blanks().next());
    fits[..at.unwrap_or(0)].to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::message::{LinkButton, Picture, Progress, Span};

    fn said(text: &str) -> Message {
        Message { body: Body::plain(text), ..Message::default() }
    }

    fn choices(labels: &[&str]) -> Vec<Choice> {
        labels.iter().map(|label| Choice { id: "x".into(), label: (*label).into() }).collect()
    }

    fn read(said: &[Message]) -> Option<String> {
        words_of(said, Language::Id, &Texts::load())
    }

    #[rstest]
    #[case("Sip, saya catat: kedai kopi.", "Sip, saya catat: kedai kopi.")]
    #[case("Sudah tayang! 🎉\nhttps://kopi.situs.id/", "Sudah tayang!")]
    #[case("Sudah tayang! ✅\n    kopi-senja.situs.test", "Sudah tayang!")]
    #[case(
        "Sip, sudah saya catat:\n• Nama: Kopi Senja\n• Warna: hijau",
        "Sip, sudah saya catat: Nama: Kopi Senja. Warna: hijau."
    )]
    #[case(
        "Websitenya tayang di http://kopi.situs.id.",
        "Websitenya tayang di alamat yang tertulis."
    )]
    #[case("Alamat kopi.situs.id sudah dipakai.", "alamat yang tertulis sudah dipakai.")]
    #[case("Beres. Lihat di sini: http://a.id/x", "Beres.")]
    #[case("Ini tautannya:\nhttp://a.id/x", "Ini tautannya.")]
    #[case("Misalnya Kopi susu 18rb, sewa 1,5jt.", "Misalnya Kopi susu 18 ribu, sewa 1,5 juta.")]
    #[case("Harganya Rp18.000, jam 08.00", "Harganya Rp18.000, jam 08.00.")]
    #[case("Oleh Ani, S.Kom", "Oleh Ani, S.Kom.")]
    #[case("Pilih “Semua orang”\nya", "Pilih “Semua orang”. ya.")]
    #[case("1/2 kg nastar", "1/2 kg nastar.")]
    fn words_are_for_the_ear(#[case] written: &str, #[case] spoken: &str) {
        assert_eq!(read(&[said(written)]).as_deref(), Some(spoken));
    }

    #[test]
    fn the_number_of_a_question_is_spelled_out() {
        let span = |text: &str, bold| Span { text: text.into(), bold, italic: false };
        let body = Body(vec![span("2/6", true), span(" Nama usahanya apa, Kak?", false)]);
        let asked = [Message { body, ..Message::default() }];
        assert_eq!(read(&asked).unwrap(), "Pertanyaan 2 dari 6. Nama usahanya apa, Kak?");
        let english = words_of(&asked, Language::En, &Texts::load()).unwrap();
        assert!(english.starts_with("Question 2 of 6. "), "{english}");
    }

    #[test]
    fn few_choices_are_told_and_many_are_not() {
        let asked = |labels: &[&str]| Message { choices: choices(labels), ..said("Sudah pas?") };
        assert_eq!(
            read(&[asked(&["Ya, buat sekarang", "📍 Ubah jawaban", "Batal"])]).unwrap(),
            "Sudah pas? Pilihannya: Ya, buat sekarang, Ubah jawaban atau Batal."
        );
        for labels in [&["Lanjut ➜"][..], &["a", "b", "c", "d", "e", "f"], &["👍", "👎"]] {
            assert_eq!(read(&[asked(labels)]).unwrap(), "Sudah pas?", "{labels:?}");
        }
    }

    #[test]
    fn what_only_shows_something_is_not_read() {
        let progress = Some(Progress { key: "run".into(), done: true });
        let bubble = Message { progress, ..said("Menyusun halaman…") };
        let picture = Picture { key: "a".into(), url: None, media_type: "image/png".into() };
        let aside = Message { picture: Some(picture.clone()), ..said("Sebelum dan sesudah") };
        assert_eq!(read(&[bubble.clone(), aside.clone()]), None);
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[said("😄")]), None);
        let link = LinkButton { label: "Buka website".into(), url: "https://a.id/".into() };
        let live = Message { picture: Some(picture), links: vec![link], ..said("Sudah tayang!") };
        assert_eq!(read(&[bubble, aside, live]).as_deref(), Some("Sudah tayang!"));
    }

    #[test]
    fn what_is_too_long_ends_with_a_sentence_and_keeps_the_question() {
        let long = "Ini kalimat yang cukup panjang. ".repeat(60);
        let words = read(&[said(&long), said("Sudah pas?")]).unwrap();
        assert!(words.chars().count() <= MAX_WORDS_CHARS, "{}", words.len());
        assert!(words.ends_with("panjang. Sudah pas?"), "{words}");
        let alone = read(&[said(&long)]).unwrap();
        assert!(alone.chars().count() <= MAX_WORDS_CHARS && alone.ends_with("panjang."), "{alone}");
        let endless = read(&[said(&"kata ".repeat(400))]).unwrap();
        assert!(
            endless.chars().count() <= MAX_WORDS_CHARS && endless.ends_with("kata"),
            "{endless}"
        );
        assert_eq!(cut(&"é".repeat(MAX_WORDS_CHARS + 1), MAX_WORDS_CHARS), "");
    }
}
