//! Spans into a channel's own marks. Whatever an owner wrote stays text: it can neither open nor
//! close a style.

use crate::message::Body;

use super::body::{Glyph, Style, normalise};

/// Telegram's HTML: only `b`, `i` and three entities are ever written.
pub(crate) fn telegram_html(body: &Body) -> String {
    let mut html = String::new();
    for span in normalise(body).0 {
        let tags = [(span.bold, "b"), (span.italic, "i")];
        for (_, tag) in tags.iter().filter(|(on, _)| *on) {
            html.push_str(&format!("<{tag}>"));
        }
        for c in span.text.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                _ => html.push(c),
            }
        }
        for (_, tag) in tags.iter().rev().filter(|(on, _)| *on) {
            html.push_str(&format!("</{tag}>"));
        }
    }
    html
}

/// WhatsApp's marks. A style is only opened where WhatsApp would honour it: around words, on one
/// line; elsewhere the text stands bare. Marks of the owner are replaced by signs that look alike,
/// and percent-encoded inside addresses.
pub(crate) fn whatsapp_text(body: &Body) -> String {
    let body = normalise(body);
    let plain = body.to_plain();
    let links = link_ranges(&plain);
    let mut written = String::with_capacity(plain.len());
    let mut at = 0;
    for span in &body.0 {
        let style = Style { bold: span.bold, italic: span.italic };
        for line in span.text.split_inclusive('\n') {
            write_run(&mut written, &plain, &links, at, line, style);
            at += line.len();
        }
    }
    written
}

/// WhatsApp's measure, never less than what [`whatsapp_text`] writes: characters with all marks.
pub(crate) fn weigh_whatsapp(glyph: &Glyph<'_>, opens: bool) -> usize {
    let marks = usize::from(glyph.style.bold) + usize::from(glyph.style.italic);
    let text: usize = glyph.text.chars().map(|c| if is_mark(c) { 3 } else { 1 }).sum();
    text + if opens { 2 * marks } else { 0 }
}

/// Writes one run of one style on one line; `at` is where it begins in `plain`.
fn write_run(
    written: &mut String,
    plain: &str,
    links: &[(usize, usize)],
    at: usize,
    run: &str,
    style: Style,
) {
    let core_start = at + (run.len() - run.trim_start().len());
    let core_end = (at + run.trim_end().len()).max(core_start);
    let marks = if core_start < core_end && is_free_standing(plain, core_start, core_end) {
        marks_of(style)
    } else {
        ""
    };
    let styled = !marks.is_empty();
    for (index, c) in run.char_indices().map(|(offset, c)| (at + offset, c)) {
        if styled && index == core_start {
            written.push_str(marks);
        }
        match replacement(plain, links, index, c, styled) {
            Some(sign) => written.push_str(sign),
            None => written.push(c),
        }
        if styled && index + c.len_utf8() == core_end {
            written.extend(marks.chars().rev());
        }
    }
}

const fn marks_of(style: Style) -> &'static str {
    match (style.bold, style.italic) {
        (true, true) => "*_",
        (true, false) => "*",
        (false, true) => "_",
        (false, false) => "",
    }
}

const fn is_mark(c: char) -> bool {
    matches!(c, '*' | '_' | '~' | '`' | '>')
}

/// Whether marks around `start..end` would stand between words.
fn is_free_standing(plain: &str, start: usize, end: usize) -> bool {
    let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !is_mark(c));
    free(plain[..start].chars().next_back()) && free(plain[end..].chars().next())
}

/// What stands for a character of the owner that could be a mark, if anything must.
fn replacement(
    plain: &str,
    links: &[(usize, usize)],
    at: usize,
    c: char,
    styled: bool,
) -> Option<&'static str> {
    if !is_mark(c) {
        return None;
    }
    let before = plain[..at].chars().next_back();
    let after = plain[at + c.len_utf8()..].chars().next();
    let at_line_start = plain[..at]
        .lines()
        .next_back()
        .is_none_or(|line| plain[..at].ends_with('\n') || line.trim().is_empty());
    let within_word =
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    let alone = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
    let harmless = match c {
        '`' => false,
        '>' => !at_line_start,
        _ => !styled && (within_word || alone) && !at_line_start,
    };
    if harmless {
        return None;
    }
    let in_link = links.iter().any(|(start, end)| (*start..*end).contains(&at));
    Some(match (c, in_link) {
        ('*', false) => "\u{2217}",
        ('*', true) => "%2A",
        ('_', false) => "\u{2cd}",
        ('_', true) => "%5F",
        ('~', false) => "\u{223c}",
        ('~', true) => "%7E",
        ('`', false) => "\u{2018}",
        ('`', true) => "%60",
        (_, false) => "\u{203a}",
        (_, true) => "%3E",
    })
}

/// Where addresses stand in a text, as byte ranges.
fn link_ranges(plain: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for word in plain.split_inclusive(char::is_whitespace) {
        let is_link = ["http://", "https://"].iter().any(|scheme| word.starts_with(scheme));
        if is_link {
            ranges.push((at, at + word.len()));
        }
        at += word.len();
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::channels::body::tests::any_body;
    use crate::channels::body::{cut, weigh_body};
    use crate::channels::fakes::html::parse_html;
    use crate::message::Span;

    fn span(text: &str, bold: bool, italic: bool) -> Span {
        Span { text: text.into(), bold, italic }
    }

    /// Every stretch WhatsApp could show in a style, read as greedily as it might be: a mark after
    /// no letter and before no blank, up to the next same mark on the line.
    fn styled_stretches(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for line in text.lines() {
            let chars: Vec<char> = line.chars().collect();
            for (index, mark) in chars.iter().enumerate() {
                let opens = matches!(mark, '*' | '_' | '~' | '`')
                    && (index == 0 || !chars[index - 1].is_alphanumeric())
                    && chars.get(index + 1).is_some_and(|c| !c.is_whitespace());
                let close = chars.iter().skip(index + 2).position(|c| c == mark);
                if let (true, Some(length)) = (opens, close) {
                    found.push(chars[index + 1..index + 2 + length].iter().collect());
                }
            }
        }
        found
    }

    /// The stretches as WhatsApp reads them from left to right: a mark that closed opens nothing.
    fn read_stretches(line: &[char], found: &mut Vec<String>) {
        let mut index = 0;
        while index < line.len() {
            let mark = line[index];
            let opens = matches!(mark, '*' | '_' | '~' | '`')
                && (index == 0 || !line[index - 1].is_alphanumeric())
                && line.get(index + 1).is_some_and(|c| !c.is_whitespace());
            let close = line.iter().skip(index + 2).position(|c| *c == mark);
            if let (true, Some(length)) = (opens, close) {
                let inside = &line[index + 1..index + 2 + length];
                found.push(inside.iter().collect());
                read_stretches(inside, found);
                index += length + 2;
            }
            index += 1;
        }
    }

    proptest! {
        #[test]
        fn no_plain_text_falls_into_a_style_on_whatsapp(
            parts in proptest::collection::vec(("[p *_~`>\n.]{0,6}", "[s *_~`\n.]{0,6}", 1u8..4), 0..5),
        ) {
            let spans = parts.iter().flat_map(|(plain, styled, style)| [
                span(plain, false, false),
                span(styled, style & 1 != 0, style & 2 != 0),
            ]);
            let written = whatsapp_text(&Body(spans.collect()));
            let mut found = Vec::new();
            for line in written.lines() {
                read_stretches(&line.chars().collect::<Vec<_>>(), &mut found);
            }
            prop_assert!(found.iter().all(|stretch| !stretch.contains('p')), "{written:?} {found:?}");
        }

        #[test]
        fn telegram_html_says_exactly_the_text(body in any_body()) {
            let parsed = parse_html(&telegram_html(&body)).unwrap();
            prop_assert_eq!(parsed, body.to_plain());
        }

        #[test]
        fn plain_text_never_gets_a_style_on_whatsapp(text in "[ab *_~`>\n.]{0,30}|\\PC{0,30}") {
            let written = whatsapp_text(&Body::plain(text));
            prop_assert_eq!(styled_stretches(&written), Vec::<String>::new());
            prop_assert!(!written.lines().any(|line| line.trim_start().starts_with('>')));
        }

        #[test]
        fn the_measure_never_flatters(body in any_body()) {
            let written = whatsapp_text(&body).chars().count();
            prop_assert!(written <= weigh_body(&body, weigh_whatsapp));
        }

        #[test]
        fn pieces_for_whatsapp_fit_with_all_marks(body in any_body(), limit in 12usize..60) {
            for piece in cut(&body, limit, weigh_whatsapp) {
                prop_assert!(whatsapp_text(&piece).chars().count() <= limit);
            }
        }

        #[test]
        fn letters_are_never_lost_on_whatsapp(body in any_body()) {
            let letters = |text: &str| {
                text.chars().filter(|c| c.is_alphabetic() && *c != '\u{2cd}').collect::<String>()
            };
            let without_links = body.to_plain().replace("https://", "");
            let written = whatsapp_text(&body).replace("https://", "")
                .replace("%5F", "").replace("%2A", "").replace("%7E", "")
                .replace("%60", "").replace("%3E", "");
            prop_assume!(!body.to_plain().contains('%'));
            prop_assert_eq!(letters(&written), letters(&without_links));
        }
    }

    #[rstest]
    #[case("*promo*", "\u{2217}promo\u{2217}")]
    #[case("kue_ani_enak", "kue_ani_enak")]
    #[case("5 * 3", "5 * 3")]
    #[case("> kutip", "\u{203a} kutip")]
    #[case("a > b", "a > b")]
    #[case("* butir\n* lagi", "\u{2217} butir\n\u{2217} lagi")]
    #[case("```x```", "\u{2018}\u{2018}\u{2018}x\u{2018}\u{2018}\u{2018}")]
    #[case("https://a.id/_x_ _y_", "https://a.id/%5Fx%5F \u{2cd}y\u{2cd}")]
    fn stray_marks_are_neutralised(#[case] text: &str, #[case] written: &str) {
        assert_eq!(whatsapp_text(&Body::plain(text)), written);
    }

    #[test]
    fn whatsapp_styles_hug_words_and_end_with_the_line() {
        let body = Body(vec![
            span("Halo ", false, false),
            span("Kak Ani \nToko *Kue*", true, false),
            span("!", false, false),
            span("\nya", true, true),
        ]);
        assert_eq!(whatsapp_text(&body), "Halo *Kak Ani* \n*Toko \u{2217}Kue\u{2217}*!\n*_ya_*");
    }

    #[test]
    fn an_owners_mark_never_ends_a_style_early() {
        let body = Body(vec![span("5*3 kue_ani", true, false)]);
        assert_eq!(whatsapp_text(&body), "*5\u{2217}3 kue\u{2cd}ani*");
    }

    #[test]
    fn a_style_inside_a_word_is_left_out_on_whatsapp() {
        let body = Body(vec![span("Ani", true, false), span("ku", false, false)]);
        assert_eq!(whatsapp_text(&body), "Aniku");
    }

    #[test]
    fn telegram_html_nests_and_escapes() {
        let body = Body(vec![span("a<b&", true, true), span("</b>", false, false)]);
        assert_eq!(telegram_html(&body), "<b><i>a&lt;b&amp;</i></b>&lt;/b&gt;");
    }
}
