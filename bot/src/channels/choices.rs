//! Choices where nothing can be tapped: numbers in the text, and numbers back into choices.

use crate::message::{Body, Choice, LinkButton, Span};

use super::words::words;

/// Longest answer that is looked at for a number, in characters.
const MAX_NUMBER_CHARS: usize = 8;

/// The choice a person means by its number in the list: "2", "2.", "#2", "2️⃣".
pub fn numbered_choice(choices: &[Choice], text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > MAX_NUMBER_CHARS {
        return None;
    }
    let bare = text.trim_start_matches('#').trim_end_matches(['.', ')', '\u{fe0f}', '\u{20e3}']);
    if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: usize = bare.parse().ok()?;
    let choice = choices.get(number.checked_sub(1)?)?;
    Some(choice.id.clone())
}

/// The body with the choices as a numbered list under it.
pub(crate) fn with_numbers(body: Body, choices: &[Choice]) -> Body {
    if choices.is_empty() {
        return body;
    }
    let mut spans = below(body);
    let list: Vec<String> = choices
        .iter()
        .enumerate()
        .map(|(index, choice)| format!("{}. {}", index + 1, choice.label))
        .collect();
    spans.push(plain(format!("{}\n\n", list.join("\n"))));
    spans.push(Span { text: words().number_hint.clone(), bold: false, italic: true });
    Body(spans)
}

/// The body with pages to open as lines under it.
pub(crate) fn with_links(body: Body, links: &[LinkButton]) -> Body {
    if links.is_empty() {
        return body;
    }
    let mut spans = below(body);
    let lines: Vec<String> =
        links.iter().map(|link| format!("{}: {}", link.label, link.url)).collect();
    spans.push(plain(lines.join("\n")));
    Body(spans)
}

/// Whether a body shows nothing at all.
pub(crate) fn is_blank(body: &Body) -> bool {
    body.0.iter().all(|span| span.text.chars().all(is_invisible))
}

/// The body, or the wordless pointer where there is none.
pub(crate) fn or_pointer(body: Body) -> Body {
    if is_blank(&body) { Body::plain(words().pick.clone()) } else { body }
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe0e}' | '\u{fe0f}')
}

fn below(body: Body) -> Vec<Span> {
    if is_blank(&body) {
        return Vec::new();
    }
    let mut spans = body.0;
    spans.push(plain("\n\n".to_owned()));
    spans
}

fn plain(text: String) -> Span {
    Span { text, bold: false, italic: false }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn three() -> Vec<Choice> {
        ["a", "b", "c"].map(|id| Choice { id: id.into(), label: id.to_uppercase() }).to_vec()
    }

    #[rstest]
    #[case("2", Some("b"))]
    #[case(" 2. ", Some("b"))]
    #[case("3)", Some("c"))]
    #[case("#1", Some("a"))]
    #[case("1\u{fe0f}\u{20e3}", Some("a"))]
    #[case("0", None)]
    #[case("4", None)]
    #[case("2 kue", None)]
    #[case("-1", None)]
    #[case("99999999999999999999", None)]
    #[case("", None)]
    fn numbers_mean_their_choice(#[case] text: &str, #[case] id: Option<&str>) {
        assert_eq!(numbered_choice(&three(), text).as_deref(), id);
    }

    #[test]
    fn a_list_stands_under_the_text() {
        let text = with_numbers(Body::plain("Pilih"), &three()).to_plain();
        assert!(text.starts_with("Pilih\n\n1. A\n2. B\n3. C\n\n"), "{text}");
    }

    #[test]
    fn an_invisible_body_is_blank() {
        assert!(is_blank(&Body::plain("\u{200b} \n\u{feff}")));
        assert!(!is_blank(&Body::plain("😀")));
    }
}
