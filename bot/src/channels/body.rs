//! Marked-up text as graphemes in one weight each, and cutting it to a channel's limit.
//!
//! Cutting never loses or changes a character: the pieces joined are the text. It never parts a
//! grapheme unless a single one is larger than the limit.

use unicode_segmentation::UnicodeSegmentation;

use crate::message::{Body, Span};

/// A grapheme and how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph<'a> {
    /// The grapheme.
    pub(crate) text: &'a str,
    /// How it is shown.
    pub(crate) style: Style,
}

/// How a run of text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Style {
    /// Bold.
    pub(crate) bold: bool,
    /// In italics.
    pub(crate) italic: bool,
}

/// How much of a channel's limit a glyph takes; `opens` is told for the first of a run of one style
/// on one line.
pub(crate) type Weigh = fn(glyph: &Glyph<'_>, opens: bool) -> usize;

/// Telegram's measure: UTF-16 code units after its markup is parsed.
pub(crate) fn weigh_utf16(glyph: &Glyph<'_>, _opens: bool) -> usize {
    glyph.text.chars().map(char::len_utf16).sum()
}

/// What a whole body weighs.
pub(crate) fn weigh_body(body: &Body, weigh: Weigh) -> usize {
    let plain = body.to_plain();
    let glyphs = glyphs(body, &plain, usize::MAX, weigh);
    (0..glyphs.len()).map(|index| weigh_at(&glyphs, 0, index, weigh)).sum()
}

/// The body with neighbouring spans of one style joined and no grapheme across two styles.
pub(crate) fn normalise(body: &Body) -> Body {
    let plain = body.to_plain();
    rebuild(&glyphs(body, &plain, usize::MAX, |_, _| 1))
}

/// The body in pieces of at most `limit`, cut at the best place in the second half of each:
/// between paragraphs, lines, sentences, words, graphemes, in this order.
pub(crate) fn cut(body: &Body, limit: usize, weigh: Weigh) -> Vec<Body> {
    let plain = body.to_plain();
    let glyphs = glyphs(body, &plain, limit, weigh);
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < glyphs.len() {
        let fits = start + fitting(&glyphs, start, limit, weigh);
        let end = if fits == glyphs.len() { fits } else { best_end(&glyphs, start, fits) };
        pieces.push(rebuild(&glyphs[start..end]));
        start = end;
    }
    pieces
}

/// How many glyphs from `start` fit the limit; at least one.
fn fitting(glyphs: &[Glyph<'_>], start: usize, limit: usize, weigh: Weigh) -> usize {
    let mut weight = 0;
    for index in start..glyphs.len() {
        weight += weigh_at(glyphs, start, index, weigh);
        if weight > limit {
            return (index - start).max(1);
        }
    }
    glyphs.len() - start
}

fn weigh_at(glyphs: &[Glyph<'_>], start: usize, index: usize, weigh: Weigh) -> usize {
    let opens = index == start
        || glyphs[index - 1].style != glyphs[index].style
        || glyphs[index - 1].text.contains('\n');
    weigh(&glyphs[index], opens)
}

/// Where to end a piece that begins at `start` and may not go beyond `fits`.
fn best_end(glyphs: &[Glyph<'_>], start: usize, fits: usize) -> usize {
    let half = start + (fits - start) / 2;
    let mut best = (Place::Grapheme, fits);
    for end in (half.max(start + 1)..=fits).rev() {
        let place = place_before(glyphs, end);
        if place > best.0 {
            best = (place, end);
        }
    }
    best.1
}

/// How good a place to cut is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Grapheme,
    Word,
    Sentence,
    Line,
    Paragraph,
}

/// What a cut right before the glyph `end` would part. Blanks stay with what they follow.
fn place_before(glyphs: &[Glyph<'_>], end: usize) -> Place {
    let is_blank = |glyph: &Glyph<'_>| glyph.text.chars().all(char::is_whitespace);
    if !is_blank(&glyphs[end - 1]) || glyphs.get(end).is_some_and(is_blank) {
        return Place::Grapheme;
    }
    let blanks = glyphs[..end].iter().rev().take_while(|glyph| is_blank(glyph)).count();
    let lines = glyphs[end - blanks..end].iter().filter(|glyph| glyph.text.contains('\n')).count();
    let ends_sentence = (end - blanks)
        .checked_sub(1)
        .is_some_and(|last| matches!(glyphs[last].text, "." | "!" | "?" | "…" | ":" | "。"));
    match lines {
        2.. => Place::Paragraph,
        1 => Place::Line,
        0 if ends_sentence => Place::Sentence,
        0 => Place::Word,
    }
}

/// The graphemes of the joined text; one that begins in a span has the span's style to its end.
/// Those heavier than `limit` are parted into characters.
fn glyphs<'a>(body: &Body, plain: &'a str, limit: usize, weigh: Weigh) -> Vec<Glyph<'a>> {
    let mut spans = body.0.iter();
    let mut style = Style::default();
    let mut span_end = 0;
    let mut glyphs = Vec::new();
    for (at, text) in plain.grapheme_indices(true) {
        while at >= span_end {
            let Some(span) = spans.next() else { break };
            span_end += span.text.len();
            style = Style { bold: span.bold, italic: span.italic };
        }
        let glyph = Glyph { text, style };
        if weigh(&glyph, true) <= limit {
            glyphs.push(glyph);
        } else {
            let chars = text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]);
            glyphs.extend(chars.map(|text| Glyph { text, style }));
        }
    }
    glyphs
}

fn rebuild(glyphs: &[Glyph<'_>]) -> Body {
    let mut spans: Vec<Span> = Vec::new();
    for Glyph { text, style } in glyphs {
        match spans.last_mut() {
            Some(last) if last.bold == style.bold && last.italic == style.italic => {
                last.text.push_str(text);
            }
            Some(_) | None => spans.push(Span {
                text: (*text).to_owned(),
                bold: style.bold,
                italic: style.italic,
            }),
        }
    }
    Body(spans)
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bodies as hostile as an owner can make them.
    pub(crate) fn any_body() -> impl Strategy<Value = Body> {
        let text = prop_oneof![
            "[a-c *_~`>\n.]{0,40}",
            "\\PC{0,30}",
            "(😀|👨‍👩‍👧|é|\u{301}|🇮🇩|&|<b>|</i>|&lt;|https://a.id/_x_|\r\n|\\*\\*| ){0,20}",
        ];
        let span = (text, any::<bool>(), any::<bool>()).prop_map(|(text, bold, italic)| Span {
            text,
            bold,
            italic,
        });
        proptest::collection::vec(span, 0..8).prop_map(Body)
    }

    fn joined(pieces: &[Body]) -> String {
        pieces.iter().map(Body::to_plain).collect()
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text_and_fit(body in any_body(), limit in 8usize..60) {
            let pieces = cut(&body, limit, weigh_utf16);
            prop_assert_eq!(joined(&pieces), body.to_plain());
            for piece in &pieces {
                prop_assert!(piece.to_plain().encode_utf16().count() <= limit);
                prop_assert!(!piece.to_plain().is_empty());
            }
        }

        #[test]
        fn styles_survive_cutting(body in any_body(), limit in 8usize..60) {
            let chars = |bodies: &[Body]| -> Vec<(char, bool, bool)> {
                bodies.iter().flat_map(|body| &body.0)
                    .flat_map(|span| span.text.chars().map(|c| (c, span.bold, span.italic)))
                    .collect()
            };
            let whole = normalise(&body);
            prop_assert_eq!(chars(&cut(&whole, limit, weigh_utf16)), chars(&[whole]));
        }

        #[test]
        fn no_cut_parts_a_grapheme(body in any_body(), limit in 60usize..90) {
            let plain = body.to_plain();
            let largest = plain.graphemes(true)
                .map(|grapheme| grapheme.encode_utf16().count()).max().unwrap_or(0);
            prop_assume!(largest <= limit);
            let bounds: Vec<usize> =
                plain.grapheme_indices(true).map(|(at, _)| at).chain([plain.len()]).collect();
            let mut at = 0;
            for piece in cut(&body, limit, weigh_utf16) {
                at += piece.to_plain().len();
                prop_assert!(bounds.contains(&at));
            }
        }
    }

    #[test]
    fn cuts_prefer_paragraphs_then_lines_then_sentences_then_words() {
        let ends = |text: &str| {
            let pieces = cut(&Body::plain(text), 20, weigh_utf16);
            pieces[0].to_plain()
        };
        assert_eq!(ends("satu dua. tiga\n\nempat lima enam"), "satu dua. tiga\n\n");
        assert_eq!(ends("satu dua. tiga\nempat lima enam"), "satu dua. tiga\n");
        assert_eq!(ends("satu dua tiga. empat lima enam"), "satu dua tiga. ");
        assert_eq!(ends("satudua tigaempat limaenam"), "satudua tigaempat ");
        assert_eq!(ends("satuduatigaempatlimaenam"), "satuduatigaempatlima");
    }

    #[test]
    fn a_grapheme_above_the_limit_is_parted_into_characters() {
        let tower = format!("a{}", "\u{301}".repeat(100));
        let pieces = cut(&Body::plain(tower.clone()), 40, weigh_utf16);
        assert_eq!(joined(&pieces), tower);
        assert_eq!(pieces.len(), 3);
    }

    #[test]
    fn a_grapheme_across_spans_gets_the_style_it_begins_with() {
        let body = Body(vec![
            Span { text: "e".into(), bold: true, italic: false },
            Span { text: "\u{301}x".into(), bold: false, italic: false },
        ]);
        let spans = normalise(&body).0;
        assert_eq!(spans[0].text, "e\u{301}");
        assert_eq!(spans[1].text, "x");
    }
}
