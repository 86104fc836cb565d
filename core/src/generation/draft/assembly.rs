//! A document put together: a model's answers where there are any, the built-in writer's words elsewhere.

use std::collections::BTreeMap;

use super::super::illustrate;
use super::super::stages::design::{DesignChoice, ThemeOption};
use super::super::stages::intent::Intent;
use super::super::stages::{content, design, images, intent, meta};
use super::super::{Run, Stage, StageRecord};
use super::Kept;
use crate::brief::{Brief, Feature};
use crate::site::Theme;
use crate::site::document::{Design, Document, Meta, SectionKind, Words};
use crate::site::theme::{ranked, theme};
use crate::writer::{self, Plan};

/// A run's document as far as its stages have come: kept answers, and built-in words for the rest.
pub(in crate::generation) fn draft_so_far(run: &Run, records: Vec<StageRecord>) -> Document {
    let kept = Kept::of(records);
    let brief = &run.brief;
    let answer = |stage: Stage, part: &str| {
        kept.0.get(&(stage.slug().to_owned(), part.to_owned()))?.output.get("answer")
    };
    let intent = answer(Stage::Intent, "")
        .and_then(|answer| intent::parse(answer, brief).ok())
        .unwrap_or_else(|| intent::built_in(brief));
    let options = theme_options(brief, &intent);
    let choice = answer(Stage::Design, "")
        .and_then(|answer| design::parse(answer, &options, brief).ok())
        .unwrap_or_else(|| built_in_design(brief, &intent, &options));
    let plan = Plan { trade: intent.trade, sections: intent.sections.clone() };
    let words = intent.sections.iter().map(|kind| {
        let words = answer(Stage::Content, kind.slug())
            .and_then(|answer| content::parse(answer, *kind, brief).ok());
        (*kind, words)
    });
    let described =
        answer(Stage::Content, "meta").and_then(|answer| meta::parse(answer, brief).ok());
    let mut document = assemble(brief, &plan, choice, words.collect(), described);
    let painted = illustrate::PLACES.into_iter().filter_map(|place| {
        let part = (Stage::Images.slug().to_owned(), place.slug().to_owned());
        Some((place, illustrate::picture_of(kept.0.get(&part)?)?))
    });
    illustrate::hang(&mut document.business, painted.collect());
    document
}

/// The document in the built-in writer's words alone.
pub(in crate::generation) fn built_in_document(brief: &Brief) -> Document {
    let intent = intent::built_in(brief);
    let options = theme_options(brief, &intent);
    let choice = built_in_design(brief, &intent, &options);
    assemble(brief, &writer::plan(brief), choice, BTreeMap::new(), None)
}

pub(super) fn assemble(
    brief: &Brief,
    plan: &Plan,
    choice: DesignChoice,
    written: BTreeMap<SectionKind, Option<Words>>,
    described: Option<Meta>,
) -> Document {
    let words: BTreeMap<SectionKind, Words> = plan
        .sections
        .iter()
        .map(|kind| {
            let from_model = written.get(kind).cloned().flatten();
            (*kind, from_model.unwrap_or_else(|| writer::write(brief, plan, *kind, choice.seed)))
        })
        .collect();
    let described = described.unwrap_or_else(|| writer::meta(brief, plan, choice.seed));
    let (looks, seed) = (theme(&choice.theme), choice.seed);
    let pictured = brief.items.iter().any(|item| item.photo.is_some());
    let variant =
        |kind: SectionKind| looks.map_or("", |looks| looks.look(kind, seed, pictured)).to_owned();
    let design = Design { theme: choice.theme, colour: choice.colour, seed, ..Design::default() };
    let design = looks.map_or_else(|| design.clone(), |looks| looks.cut(seed).put_into(&design));
    let mut document = writer::assemble(brief, plan, &words, described, design, variant);
    // The first photo is the one of the first view.
    if let images::HeroImage::Photo(hero) = images::plan(brief).hero {
        document.business.photos.sort_by_key(|photo| photo.id != hero.0);
    }
    document
}

/// The themes that fit best, best first.
pub(super) fn theme_options(brief: &Brief, intent: &Intent) -> Vec<ThemeOption> {
    let colour = design::wished_colour(brief);
    let features: std::collections::BTreeSet<Feature> =
        brief.features.as_ref().map(|answer| answer.value.clone()).unwrap_or_default();
    let seed = design::seed(brief);
    let fitting = ranked(intent.trade.slug(), Some(intent.tone), colour, &features, seed);
    let options = fitting.into_iter().take(design::MAX_THEMES);
    options.map(|fit| ThemeOption { id: fit.id.clone(), summary: summary_of(fit) }).collect()
}

/// A theme in a line, as a model may read it.
fn summary_of(theme: &Theme) -> String {
    let (tones, trades) = (theme.tones.join(", "), theme.trades.join(", "));
    format!("{} Tones: {tones}; trades: {trades}", theme.idea)
}

pub(super) fn built_in_design(
    brief: &Brief,
    intent: &Intent,
    options: &[ThemeOption],
) -> DesignChoice {
    design::built_in(brief, intent, options).unwrap_or_else(|| DesignChoice {
        theme: String::new(),
        colour: design::own_colour(brief, intent),
        seed: design::seed(brief),
    })
}
