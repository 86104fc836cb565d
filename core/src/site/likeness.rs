//! How alike two sites look: one number for the distance of their designs, from what a visitor sees.
//!
//! Words, facts and photos do not count: two shops of one trade may say the same things.

use super::compile::{cut_of, palette_of, theme_of};
use super::document::{Document, Section, SectionKind};
use super::letters::Letters;
use super::palette::difference;
use super::sections;
use super::shop;
use super::theme::{Cut, Theme};

/// What each part weighs; together 1.
const FRAME: f32 = 0.25;
const SECTIONS: f32 = 0.30;
const COLOURS: f32 = 0.20;
const LETTERS: f32 = 0.15;
const DRAWING: f32 = 0.10;
/// Colours that are this far apart in OKLab are nothing alike.
const FAR_COLOURS: f32 = 0.3;

/// The distance of two designs: 0 when they look the same, 1 when nothing is shared.
pub fn distance(one: &Document, other: &Document) -> f32 {
    let (left, right) = (Look::of(one), Look::of(other));
    FRAME * frame(&left, &right)
        + SECTIONS * sections(&left, &right)
        + COLOURS * colours(one, other)
        + LETTERS * letters(left.cut.letters, right.cut.letters)
        + DRAWING * drawing(&left, &right)
}

struct Look<'a> {
    theme: &'static Theme,
    cut: Cut,
    seed: u32,
    /// Shown sections of the home page with their looks, from the top.
    sections: Vec<(SectionKind, &'a str)>,
}

impl<'a> Look<'a> {
    fn of(document: &'a Document) -> Self {
        let theme = theme_of(document);
        let shown = |section: &&Section| shop::has_content(document, section);
        let home = document.pages.first().map_or(&[][..], |page| page.sections.as_slice());
        let sections = home.iter().filter(shown);
        Self {
            theme,
            cut: cut_of(document, theme),
            seed: document.design.seed,
            sections: sections.map(|one| (one.kind, sections::variant(one, theme))).collect(),
        }
    }

    fn variant(&self, kind: SectionKind) -> Option<&str> {
        self.sections.iter().find(|one| one.0 == kind).map(|one| one.1)
    }
}

/// The share of weights whose choices differ.
fn share(choices: &[(f32, bool)]) -> f32 {
    let all: f32 = choices.iter().map(|one| one.0).sum();
    let differing: f32 = choices.iter().filter(|one| one.1).map(|one| one.0).sum();
    if all > 0.0 { differing / all } else { 0.0 }
}

/// Top, foot, grounds, shapes: what runs through the page.
fn frame(one: &Look<'_>, other: &Look<'_>) -> f32 {
    let (a, b) = (one.theme, other.theme);
    share(&[
        (3.0, one.cut.header != other.cut.header),
        (2.0, one.cut.footer != other.cut.footer),
        (3.0, a.scheme.ground != b.scheme.ground),
        (3.0, a.scheme.hero != b.scheme.hero),
        (2.0, a.rhythm != b.rhythm),
        (2.0, a.heads != b.heads),
        (2.0, a.shape.corners != b.shape.corners),
        (1.0, a.shape.shadow != b.shape.shadow),
        (1.0, a.shape.border != b.shape.border),
        (1.0, a.shape.buttons != b.shape.buttons),
        (1.0, a.shape.space != b.shape.space),
        (1.0, a.centred != b.centred),
        (1.0, a.texture != b.texture),
    ])
}

/// Which sections there are, in which order and looks. The first view weighs most.
fn sections(one: &Look<'_>, other: &Look<'_>) -> f32 {
    let looks: Vec<(f32, bool)> = SectionKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let weight = match kind {
                SectionKind::Hero => 4.0,
                SectionKind::Catalogue | SectionKind::Prices | SectionKind::Gallery => 2.0,
                SectionKind::Features
                | SectionKind::About
                | SectionKind::Steps
                | SectionKind::Faq
                | SectionKind::Visit
                | SectionKind::Cta
                | SectionKind::Contact
                | SectionKind::Team
                | SectionKind::Testimonials => 1.0,
            };
            match (one.variant(kind), other.variant(kind)) {
                (None, None) => None,
                (left, right) => Some((weight, left != right)),
            }
        })
        .collect();
    let most = one.sections.len().max(other.sections.len());
    let places: Vec<(f32, bool)> = (0..most)
        .map(|at| {
            let kind = |look: &Look<'_>| look.sections.get(at).map(|section| section.0);
            (1.0, kind(one) != kind(other))
        })
        .collect();
    0.75 * share(&looks) + 0.25 * share(&places)
}

/// The colours one remembers: the ground, the first view, buttons and the second colour.
fn colours(one: &Document, other: &Document) -> f32 {
    let (Some(one), Some(other)) = (palette_of(one), palette_of(other)) else { return 0.0 };
    let (a, b) = (one.light, other.light);
    let pairs = [
        (3.0, a.primary, b.primary),
        (2.0, a.hero, b.hero),
        (2.0, a.ground, b.ground),
        (1.0, a.deco, b.deco),
    ];
    let far = |(weight, left, right): &(f32, _, _)| {
        weight * (difference(*left, *right) / FAR_COLOURS).min(1.0)
    };
    pairs.iter().map(far).sum::<f32>() / pairs.iter().map(|pair| pair.0).sum::<f32>()
}

/// How headings and text are set, by what every phone can show.
fn letters(one: &Letters, other: &Letters) -> f32 {
    let away = |a: i32, b: i32, bound: i32| (a - b).abs() > bound;
    share(&[
        (3.0, one.display.on_android() != other.display.on_android()),
        (1.0, one.display != other.display),
        (1.0, one.body.on_android() != other.body.on_android()),
        (2.0, away(i32::from(one.weight), i32::from(other.weight), 150)),
        (1.0, away(i32::from(one.tracking), i32::from(other.tracking), 20)),
        (2.0, one.capitals != other.capitals),
        (1.0, one.italic != other.italic),
        (2.0, one.scale != other.scale),
        (1.0, one.label != other.label),
    ])
}

/// What is drawn where there are no photos.
fn drawing(one: &Look<'_>, other: &Look<'_>) -> f32 {
    let art = |look: &Look<'_>| look.theme.art_for(look.seed);
    match (art(one) == art(other), one.seed == other.seed) {
        (true, true) => 0.0,
        (true, false) => 0.5,
        (false, true | false) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::super::theme::themes;
    use super::*;

    #[test]
    fn a_site_is_no_distance_from_itself_and_distances_are_the_same_both_ways() {
        let (coffee, barber) = (sample::coffee(), sample::barber());
        assert!(distance(&coffee, &coffee) < 1e-6);
        let (there, back) = (distance(&coffee, &barber), distance(&barber, &coffee));
        assert!((there - back).abs() < 1e-6 && there > 0.3, "{there} {back}");
    }

    #[test]
    fn no_two_themes_dress_the_same_document_alike() {
        let dressed: Vec<Document> = themes()
            .iter()
            .map(|theme| {
                let mut document = sample::coffee();
                document.design.theme.clone_from(&theme.id);
                for section in &mut document.pages[0].sections {
                    section.variant.clear();
                }
                document
            })
            .collect();
        let mut near = Vec::new();
        for (at, one) in dressed.iter().enumerate() {
            for other in &dressed[at + 1..] {
                let far = distance(one, other);
                if far < 0.18 {
                    near.push((far, &one.design.theme, &other.design.theme));
                }
            }
        }
        assert!(near.is_empty(), "{near:?}");
    }

    #[test]
    fn another_colour_alone_is_seen() {
        let one = sample::coffee();
        let mut other = one.clone();
        other.design.colour = "#1d4ed8".to_owned();
        assert!(distance(&one, &other) > 0.05);
    }
}
