//! Letters in rendered pictures: how they are measured, broken into lines and drawn with the embedded
//! faces. Whatever an owner wrote is escaped here and nowhere else.

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use resvg::usvg::{Options, Tree, fontdb};

use super::compile::cut;

/// How a line of text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Where it begins, or its middle when `centred`.
    pub(super) x: f32,
    /// Its base line.
    pub(super) y: f32,
    /// In units of the picture.
    pub(super) size: f32,
    /// Bold or not.
    pub(super) bold: bool,
    /// Whether `x` is its middle.
    pub(super) centred: bool,
    /// `#rrggbb`.
    pub(super) colour: &'a str,
}

/// Writes a line of text.
pub(super) fn put(svg: &mut String, words: &str, line: Line<'_>) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let Line { x, y, size, bold, centred, colour } = line;
    let (weight, anchor) =
        (if bold { 700 } else { 400 }, if centred { " text-anchor=\"middle\"" } else { "" });
    // A string takes all that is written to it.
    let _ = write!(
        svg,
        "<text x=\"{x:.0}\" y=\"{y:.0}\" font-family=\"Noto Sans\" font-weight=\"{weight}\" font-size=\"{size:.0}\" fill=\"{colour}\"{anchor}>{words}</text>"
    );
}

/// A name's lines at the largest of `sizes` at which they stand in a room; cut where none does.
pub(super) fn fitted(name: &str, sizes: &[f32], (wide, tall): (f32, f32)) -> (Vec<String>, f32) {
    /// Bold letters stand wider than the measure.
    const BOLD: f32 = 1.06;
    const LETTERS_AT_WORST: usize = 24;
    for size in sizes {
        let rows = wrap(name, size * BOLD, wide);
        let fits = rows.iter().all(|row| width(row, size * BOLD) <= wide);
        let height = u16::try_from(rows.len()).map_or(f32::MAX, |rows| f32::from(rows) * size);
        if fits && height <= tall {
            return (rows, *size);
        }
    }
    let least = sizes.last().copied().unwrap_or(tall);
    (wrap(&cut(name, LETTERS_AT_WORST), least, wide), least)
}

/// Words in lines of at most `wide`.
pub(super) fn wrap(words: &str, size: f32, wide: f32) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match rows.last_mut() {
            Some(row) if width(&format!("{row} {word}"), size) <= wide => {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}

/// About how wide a text stands, from classes of letters.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | ' ' | '|' | '!' => 0.3,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        'f' | 't' | 'r' | '-' | '(' | ')' => 0.42,
        other if other.is_uppercase() => 0.68,
        _ => 0.59,
    };
    text.chars().map(letter).sum::<f32>() * size
}

/// What the embedded letters can draw; a name in another script is spelled in Latin ones.
pub(super) fn printable(text: &str) -> String {
    let drawn = |letter: char| matches!(letter, ' '..='\u{52f}' | '\u{1e00}'..='\u{1fff}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…' | '•');
    text.chars()
        .filter(|letter| !letter.is_control())
        .map(|letter| if drawn(letter) { letter.to_string() } else { spelled(letter) })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Emoji have long names in Latin letters; they are left out instead.
fn spelled(letter: char) -> String {
    if letter.is_alphanumeric() { deunicode::deunicode(&letter.to_string()) } else { String::new() }
}

/// A drawing with its letters; `None` when it is not well-formed.
pub(super) fn tree(svg: &str) -> Option<Tree> {
    let options = Options { fontdb: fonts(), ..Options::default() };
    Tree::from_str(svg, &options).ok()
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = fontdb::Database::new();
            fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
            fonts.load_font_data(notosans::BOLD_TTF.to_vec());
            Arc::new(fonts)
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [f32; 3] = [104.0, 64.0, 46.0];

    #[test]
    fn long_names_stay_within_their_room() {
        let name = "Laboratorium Kecantikan Internasional Nusantara Raya Abadi";
        let (rows, size) = fitted(name, &SIZES, (560.0, 235.0));
        assert!(rows.iter().all(|row| width(row, size) <= 560.0));
        assert!(rows.len() <= 5);
    }

    #[test]
    fn a_name_in_another_script_is_spelled_and_emoji_are_left_out() {
        assert_eq!(printable("咖啡 🎉 Kopi"), "KaPei Kopi");
        assert_eq!(printable("a\u{0}b\u{202e}c"), "abc");
    }
}
