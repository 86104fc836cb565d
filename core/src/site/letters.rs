//! Pairings of typefaces: which letters a site is set in, as data in `templates/site/letters.toml`.
//!
//! System fonts alone, so that nothing is loaded. No pairing may look like another on a phone that has
//! only the fonts Android brings.

use std::fmt::Write;
use std::sync::LazyLock;

use serde::Deserialize;

/// Faces for headings and text, and how both are set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// The stable name.
    pub id: String,
    /// What it is like, in a sentence.
    pub idea: String,
    /// For headings.
    pub display: Face,
    /// For text.
    pub body: Face,
    /// Weight of headings, 100 to 900.
    pub weight: u16,
    /// Weight of the smallest headings.
    pub minor_weight: u16,
    /// Space between letters of headings, in thousandths of an em.
    pub tracking: i16,
    /// Height of a line of the largest heading, in percent of its size.
    pub leading: u16,
    /// How headings are written.
    pub capitals: Capitals,
    /// Headings in italics.
    pub italic: bool,
    /// How large headings are.
    pub scale: Scale,
    /// Size of running text, in hundredths of a rem.
    pub text_size: u16,
    /// Height of a line of running text, in percent of its size.
    pub text_leading: u16,
    /// How the small words above headings are set.
    pub label: Label,
}

/// A stack of system fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// Calm, pen-drawn sans.
    Humanist,
    /// Circles and straight lines.
    Geometric,
    /// The phone's own sans.
    Plain,
    /// Bookish serif.
    OldStyle,
    /// Sharp serif of newspapers.
    Transitional,
    /// Fine, high-contrast serif.
    Didone,
    /// Sturdy serif with square feet.
    Slab,
    /// Soft ends.
    Rounded,
    /// Narrow and strong.
    Condensed,
    /// Of programmers.
    Mono,
    /// Of letters on paper.
    Typewriter,
    /// Joined handwriting.
    Script,
    /// Printed handwriting.
    Hand,
}

impl Face {
    /// The CSS font stack; ends in families that Android knows by name.
    pub const fn stack(self) -> &'static str {
        match self {
            Self::Humanist => "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,\"Noto Sans\",sans-serif",
            Self::Geometric => "Avenir,Montserrat,\"Century Gothic\",\"URW Gothic\",sans-serif",
            Self::Plain => "system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif",
            Self::OldStyle => {
                "\"Iowan Old Style\",\"Palatino Linotype\",Palatino,\"Noto Serif\",serif"
            }
            Self::Transitional => "Charter,\"Bitstream Charter\",Cambria,\"Noto Serif\",serif",
            Self::Didone => "Didot,\"Bodoni MT\",\"Noto Serif Display\",\"Playfair Display\",serif",
            Self::Slab => "Rockwell,\"Rockwell Nova\",\"Roboto Slab\",\"Noto Serif\",serif",
            Self::Rounded => {
                "ui-rounded,\"Arial Rounded MT Bold\",Nunito,Quicksand,\"Google Sans\",sans-serif"
            }
            Self::Condensed => {
                "\"Avenir Next Condensed\",sans-serif-condensed,\"Roboto Condensed\",\"Arial Narrow\",sans-serif"
            }
            Self::Mono => "ui-monospace,Menlo,Consolas,\"Roboto Mono\",monospace",
            Self::Typewriter => {
                "\"American Typewriter\",serif-monospace,\"Cutive Mono\",\"Courier New\",monospace"
            }
            Self::Script => "\"Snell Roundhand\",\"Segoe Script\",\"Dancing Script\",cursive",
            Self::Hand => "\"Bradley Hand\",\"Ink Free\",casual,\"Coming Soon\",cursive",
        }
    }

    /// Whether it can be read at the size of text; others are for large headings alone.
    const fn reads_small(self) -> bool {
        match self {
            Self::Script | Self::Hand => false,
            Self::Humanist
            | Self::Geometric
            | Self::Plain
            | Self::OldStyle
            | Self::Transitional
            | Self::Didone
            | Self::Slab
            | Self::Rounded
            | Self::Condensed
            | Self::Mono
            | Self::Typewriter => true,
        }
    }

    /// The family an Android phone shows instead: what pairings may rely on to differ.
    pub const fn on_android(self) -> &'static str {
        match self {
            Self::Humanist | Self::Geometric | Self::Plain | Self::Rounded => "sans",
            Self::OldStyle | Self::Transitional | Self::Didone | Self::Slab => "serif",
            Self::Condensed => "condensed",
            Self::Mono => "mono",
            Self::Typewriter => "typewriter",
            Self::Script => "script",
            Self::Hand => "hand",
        }
    }
}

/// How headings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capitals {
    /// As typed.
    None,
    /// In capitals.
    Upper,
    /// In lower case.
    Lower,
    /// In small capitals.
    SmallCaps,
}

/// How large headings are against the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Quiet.
    Small,
    /// Usual.
    Medium,
    /// Loud.
    Large,
    /// As large as the screen bears.
    Huge,
}

impl Scale {
    /// The largest heading of a poster, of a page, and of a section: least, fluid and most.
    const fn sizes(self) -> [&'static str; 3] {
        match self {
            Self::Small => [
                "2.2rem,1.6rem + 3.4vw,3.9rem",
                "1.9rem,1.5rem + 1.9vw,2.8rem",
                "1.5rem,1.35rem + .8vw,1.95rem",
            ],
            Self::Medium => [
                "2.6rem,1.6rem + 4.8vw,5.1rem",
                "2.2rem,1.55rem + 2.9vw,3.6rem",
                "1.7rem,1.4rem + 1.5vw,2.45rem",
            ],
            Self::Large => [
                "2.9rem,1.5rem + 6.2vw,6.6rem",
                "2.45rem,1.55rem + 3.9vw,4.5rem",
                "1.9rem,1.45rem + 2.1vw,3rem",
            ],
            Self::Huge => [
                "3.2rem,1.4rem + 7.8vw,8rem",
                "2.7rem,1.5rem + 5.2vw,5.6rem",
                "2.1rem,1.5rem + 2.7vw,3.6rem",
            ],
        }
    }
}

/// How the small words above headings are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// As text, in the colour of links.
    Plain,
    /// Small capitals close together.
    Upper,
    /// Small capitals far apart.
    Wide,
    /// Italics of the headings' face.
    Italic,
    /// Typed.
    Mono,
    /// On a filled pill.
    Pill,
}

impl Label {
    /// The name of its piece of style sheet.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Upper => "upper",
            Self::Wide => "wide",
            Self::Italic => "italic",
            Self::Mono => "mono",
            Self::Pill => "pill",
        }
    }
}

impl Letters {
    /// Writes the tokens of type into a rule.
    pub(super) fn write_tokens(&self, css: &mut String) {
        let [h0, h1, h2] = self.scale.sizes();
        let (case, caps) = match self.capitals {
            Capitals::None => ("none", "normal"),
            Capitals::Upper => ("uppercase", "normal"),
            Capitals::Lower => ("lowercase", "normal"),
            Capitals::SmallCaps => ("none", "small-caps"),
        };
        // A string takes all that is written to it.
        let _ = write!(
            css,
            "--fd:{};--fb:{};--f3:var({});--hw:{};--hw3:{};--ht:{:.3}em;--hc:{case};--hv:{caps};--hs:{};\
             --hl:{:.2};--h0:clamp({h0});--h1:clamp({h1});--h2:clamp({h2});--fs:{:.2}rem;--fl:{:.2};",
            self.display.stack(),
            self.body.stack(),
            if self.display.reads_small() { "--fd" } else { "--fb" },
            self.weight,
            self.minor_weight,
            f32::from(self.tracking) / 1000.0,
            if self.italic { "italic" } else { "normal" },
            f32::from(self.leading) / 100.0,
            f32::from(self.text_size) / 100.0,
            f32::from(self.text_leading) / 100.0,
        );
    }
}

#[derive(Deserialize)]
struct LettersFile {
    letters: Vec<Letters>,
}

static LETTERS: LazyLock<Vec<Letters>> = LazyLock::new(|| {
    let file: LettersFile = toml::from_str(include_str!("../../templates/site/letters.toml"))
        .expect("the embedded pairings are tested");
    file.letters
});

/// Every pairing.
pub fn all() -> &'static [Letters] {
    &LETTERS
}

/// The pairing of a stable name.
pub fn letters(id: &str) -> Option<&'static Letters> {
    LETTERS.iter().find(|letters| letters.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_pairings_look_alike_on_android() {
        assert!(all().len() >= 10);
        let seen = |one: &Letters| {
            let weight = if one.weight >= 600 { "bold" } else { "regular" };
            let spacing = one.tracking.div_euclid(25);
            format!(
                "{} {weight} {spacing} {:?} {} {:?} {}",
                one.display.on_android(),
                one.capitals,
                one.italic,
                one.scale,
                one.body.on_android()
            )
        };
        let looks: BTreeSet<_> = all().iter().map(seen).collect();
        assert_eq!(looks.len(), all().len(), "{looks:?}");
    }

    #[test]
    fn pairings_stay_in_bounds() {
        let ids: BTreeSet<_> = all().iter().map(|one| &one.id).collect();
        assert_eq!(ids.len(), all().len());
        for one in all() {
            assert!((100..=900).contains(&one.weight), "{}", one.id);
            assert!((500..=900).contains(&one.minor_weight), "{}", one.id);
            assert!((-60..=200).contains(&one.tracking), "{}", one.id);
            assert!((90..=130).contains(&one.leading), "{}", one.id);
            assert!((100..=125).contains(&one.text_size), "{}", one.id);
            assert!((150..=185).contains(&one.text_leading), "{}", one.id);
        }
    }
}
