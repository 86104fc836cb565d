//! Spans into Discord's Markdown. Whatever an owner wrote stays text: it opens no style, heads no
//! list, names nobody and leads nowhere under another name.

use crate::channels::body::{Glyph, Style, normalise};
use crate::message::Body;

/// Characters that mean something anywhere on a line.
const MARKS: [char; 10] = ['\\', '*', '_', '~', '`', '|', '<', '>', '[', ']'];
/// Characters that mean something where a line begins.
const LINE_MARKS: [char; 2] = ['#', '-'];
/// Most characters that one character becomes: three of percent-encoding.
const WIDEST: usize = 3;

/// What is written so far, and which styles are open.
struct Writer {
    written: String,
    open: Style,
}

/// The body as Discord is told it. A style never crosses a line; italics are left out where Discord
/// would not see their end, before a letter.
pub(super) fn discord_text(body: &Body) -> String {
    let body = normalise(body);
    let plain = body.to_plain();
    let chars = styled_chars(&body);
    let mut writer = Writer { written: String::with_capacity(plain.len()), open: Style::default() };
    let (mut at_line_start, mut in_link) = (true, false);
    for (index, (at, c, style)) in chars.iter().enumerate() {
        if *c == '\n' {
            writer.shift(Style::default());
            writer.written.push('\n');
            (at_line_start, in_link) = (true, false);
            continue;
        }
        let rest = &plain[*at..];
        let touches_link = in_link;
        in_link = (in_link && !c.is_whitespace()) || is_address(rest);
        // An address is taken whole, with any mark that touches its end: a style that begins or
        // ends there waits for the first letter after the blank.
        if !touches_link {
            writer.shift(visible(&chars, index, *style));
        }
        writer.put(*c, at_line_start, in_link, rest);
        at_line_start = at_line_start && (c.is_whitespace() || c.is_ascii_digit());
    }
    writer.shift(Style::default());
    writer.written
}

/// Discord's measure, never less than what [`discord_text`] writes.
pub(super) fn weigh_discord(glyph: &Glyph<'_>, opens: bool) -> usize {
    let is_mark = |c: char| MARKS.contains(&c) || LINE_MARKS.contains(&c) || c == '.';
    let text: usize =
        glyph.text.chars().map(|c| if is_mark(c) { WIDEST } else { c.len_utf16() }).sum();
    let marks = 4 * usize::from(glyph.style.bold) + 2 * usize::from(glyph.style.italic);
    text + if opens { marks } else { 0 }
}

/// Every character with its place and its style.
fn styled_chars(body: &Body) -> Vec<(usize, char, Style)> {
    let mut at = 0;
    let mut chars = Vec::new();
    for span in &body.0 {
        let style = Style { bold: span.bold, italic: span.italic };
        for c in span.text.chars() {
            chars.push((at, c, style));
            at += c.len_utf8();
        }
    }
    chars
}

/// The style a character can be shown in: italics only if their run ends before no letter and holds no
/// address, which would swallow the sign of their end.
fn visible(chars: &[(usize, char, Style)], index: usize, style: Style) -> Style {
    if !style.italic {
        return style;
    }
    let rest = &chars[index..];
    let end = rest.iter().position(|(_, c, style)| !style.italic || *c == '\n');
    let next = end.and_then(|end| rest.get(end)).map(|(_, c, _)| *c);
    let ends_freely = next.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let start = chars[..index].iter().rev().position(|(_, c, style)| !style.italic || *c == '\n');
    let before = start.and_then(|back| chars.get(index - back - 1)).map(|(_, c, _)| *c);
    let begins_freely = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let run =
        &chars[start.map_or(0, |back| index - back)..end.map_or(chars.len(), |end| index + end)];
    let text: String = run.iter().map(|(_, c, _)| *c).collect();
    let leads = text.contains("http://") || text.contains("https://");
    Style { italic: ends_freely && begins_freely && !leads, ..style }
}

impl Writer {
    /// Closes and opens so that `wanted` is what is open, the inner style inside.
    fn shift(&mut self, wanted: Style) {
        if self.open == wanted {
            return;
        }
        if self.open.italic {
            self.written.push('_');
        }
        if self.open.bold != wanted.bold {
            self.written.push_str("**");
        }
        if wanted.italic {
            self.written.push('_');
        }
        self.open = wanted;
    }

    fn put(&mut self, c: char, at_line_start: bool, in_link: bool, rest: &str) {
        if in_link && MARKS.contains(&c) {
            self.written.push_str(&format!("%{:02X}", u32::from(c)));
            return;
        }
        let counts = self.written.ends_with(is_digit) && rest.starts_with(". ");
        let heads = LINE_MARKS.contains(&c) || counts;
        if MARKS.contains(&c) || (at_line_start && heads) {
            self.written.push('\\');
        }
        self.written.push(c);
    }
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_address(rest: &str) -> bool {
    rest.starts_with("http://") || rest.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::channels::body::tests::any_body;
    use crate::channels::body::{cut, weigh_body};
    use crate::channels::fakes::markdown::read_markdown;
    use crate::message::Span;

    fn span(text: &str, bold: bool, italic: bool) -> Span {
        Span { text: text.into(), bold, italic }
    }

    /// What a percent-encoded address says.
    fn decoded(text: &str) -> String {
        MARKS.iter().fold(text.to_owned(), |text, mark| {
            text.replace(&format!("%{:02X}", u32::from(*mark)), &mark.to_string())
        })
    }

    proptest! {
        #[test]
        fn discord_reads_exactly_the_text(body in any_body()) {
            let is_odd = |c: char| c == '%' || c.is_control() && c != '\n';
            prop_assume!(!body.to_plain().contains(is_odd));
            let shown = read_markdown(&discord_text(&body));
            let text: String = shown.iter().map(|(c, _)| *c).collect();
            prop_assert_eq!(decoded(&text), body.to_plain());
        }

        #[test]
        fn no_plain_text_falls_into_a_style_on_discord(
            parts in proptest::collection::vec(
                ("[p *_~`|>\n.#-]{0,6}", "[s *_~`|\n.]{0,6}", 1u8..4), 0..5),
        ) {
            let spans = parts.iter().flat_map(|(plain, styled, style)| [
                span(plain, false, false),
                span(styled, style & 1 != 0, style & 2 != 0),
            ]);
            let written = discord_text(&Body(spans.collect()));
            let plain_in_style =
                read_markdown(&written).into_iter().any(|(c, styled)| styled && c == 'p');
            prop_assert!(!plain_in_style, "{written:?}");
        }

        #[test]
        fn the_measure_never_flatters_on_discord(body in any_body(), limit in 24usize..90) {
            let units = |text: &str| text.encode_utf16().count();
            prop_assert!(units(&discord_text(&body)) <= weigh_body(&body, weigh_discord));
            for piece in cut(&body, limit, weigh_discord) {
                prop_assert!(units(&discord_text(&piece)) <= limit);
            }
        }
    }

    #[rstest]
    #[case("*promo* __x__", "\\*promo\\* \\_\\_x\\_\\_")]
    #[case("# besar\n- satu\n1. dua\n-# kecil", "\\# besar\n\\- satu\n1\\. dua\n\\-# kecil")]
    #[case("> kutip", "\\> kutip")]
    #[case("<@123> <#9> <t:1>", "\\<@123\\> \\<#9\\> \\<t:1\\>")]
    #[case("[klik](https://a.id)", "\\[klik\\](https://a.id)")]
    #[case("||rahasia|| ~~x~~", "\\|\\|rahasia\\|\\| \\~\\~x\\~\\~")]
    #[case("`kode`", "\\`kode\\`")]
    #[case("https://a.id/_x_ _y_", "https://a.id/%5Fx%5F \\_y\\_")]
    #[case("harga 25.000 - 30.000", "harga 25.000 - 30.000")]
    fn an_owners_marks_stay_text(#[case] text: &str, #[case] written: &str) {
        assert_eq!(discord_text(&Body::plain(text)), written);
    }

    #[test]
    fn styles_nest_and_end_with_the_line() {
        let body = Body(vec![
            span("Halo ", false, false),
            span("Kak Ani\nToko", true, false),
            span(" kue", true, true),
            span("!", false, false),
        ]);
        assert_eq!(discord_text(&body), "Halo **Kak Ani**\n**Toko kue**!");
        let free = Body(vec![span("Toko: ", true, false), span("kue", true, true)]);
        assert_eq!(discord_text(&free), "**Toko: _kue_**");
    }
}
