//! Second stage: which theme, in which colour.
//!
//! A theme comes from the list that was offered and nowhere else; the owner's colour stands.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fault::none_of;
use super::images::{self, HeroImage};
use super::intent::Intent;
use super::{Breach, StageFault, facts, schema};
use crate::brief::{Brief, Rgb};
use crate::llm::{LlmRequest, Prompt, Prompts, Question};
use crate::site::default_colour;
use crate::site::palette::accent;

/// Most themes that are offered to a model.
pub const MAX_THEMES: usize = 8;

/// A theme to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeOption {
    /// The theme file's id.
    pub id: String,
    /// One line on what it looks like and whom it suits.
    pub summary: String,
}

/// How a site looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesignChoice {
    /// A theme's id from the list.
    pub theme: String,
    /// The colour all others are derived from, `#rrggbb` in lower case.
    pub colour: String,
    /// The same for the same business, different for its neighbour.
    pub seed: u32,
}

/// Asks a model for the look. Only the first [`MAX_THEMES`] themes are offered.
pub fn request(
    brief: &Brief,
    intent: &Intent,
    themes: &[ThemeOption],
    prompts: &Prompts,
) -> LlmRequest {
    let themes = offered(themes);
    let guidance = json!({
        "trade": intent.trade.slug(),
        "trade_note": prompts.trade_note(intent.trade),
        "tone": intent.tone.slug(),
        "tone_note": prompts.tone_note(intent.tone),
        "angle": intent.angle,
        "owner_colour": owner_colour(brief),
        "themes": themes.iter().map(|t| json!({"id": t.id, "summary": t.summary})).collect::<Vec<_>>(),
    });
    let schema = schema::object([
        ("theme", schema::one_of(themes.iter().map(|theme| theme.id.as_str()))),
        ("colour", json!({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})),
    ]);
    let question = Question {
        language: brief.language,
        guidance: &guidance,
        data: &facts::of(brief),
        schema_name: "design".to_owned(),
        schema,
    };
    prompts.request(Prompt::Design, question)
}

/// Takes a look from a model's answer.
///
/// # Errors
/// When the theme was not offered or the colour is none.
pub fn parse(
    answer: &Value,
    themes: &[ThemeOption],
    brief: &Brief,
) -> Result<DesignChoice, StageFault> {
    let mut breaches = Vec::new();
    let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let theme = offered(themes).iter().find(|theme| theme.id == said("theme"));
    if theme.is_none() {
        breaches.push(Breach::NotOffered("theme".to_owned()));
    }
    let colour = owner_colour(brief).or_else(|| hex_colour(said("colour")));
    if colour.is_none() {
        breaches.push(Breach::Missing("colour".to_owned()));
    }
    none_of(breaches)?;
    Ok(DesignChoice {
        theme: theme.map(|theme| theme.id.clone()).unwrap_or_default(),
        colour: colour.unwrap_or_default(),
        seed: seed(brief),
    })
}

/// The look without a model: the first theme offered; `None` when none is.
pub fn built_in(brief: &Brief, intent: &Intent, themes: &[ThemeOption]) -> Option<DesignChoice> {
    let theme = themes.first()?.id.clone();
    Some(DesignChoice { theme, colour: own_colour(brief, intent), seed: seed(brief) })
}

/// The owner's colour, else that of a photo, else one that people expect of the trade.
pub(crate) fn own_colour(brief: &Brief, intent: &Intent) -> String {
    let expected = || default_colour(intent.trade.slug(), Some(intent.tone), seed(brief));
    wished_colour(brief).unwrap_or_else(expected).to_hex()
}

fn offered(themes: &[ThemeOption]) -> &[ThemeOption] {
    &themes[..themes.len().min(MAX_THEMES)]
}

fn owner_colour(brief: &Brief) -> Option<String> {
    let Rgb { r, g, b } = brief.style.as_ref()?.value.colour?;
    Some(format!("#{r:02x}{g:02x}{b:02x}"))
}

/// The colour a brief asks for: the owner's, else that of the photo that leads the site.
pub(crate) fn wished_colour(brief: &Brief) -> Option<Rgb> {
    let said = brief.style.as_ref().and_then(|style| style.value.colour);
    said.or_else(|| {
        let lead = match images::plan(brief).hero {
            HeroImage::Photo(id) => brief.photos.iter().find(|photo| photo.id == id),
            HeroImage::Art => None,
        };
        // A grey photo says nothing; the next one that does speaks for all.
        lead.into_iter().chain(&brief.photos).find_map(|photo| accent(photo.colour))
    })
}

fn hex_colour(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    let is_hex = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit());
    is_hex.then(|| text.to_ascii_lowercase())
}

/// From the name, so that a second run gives the same site.
pub(crate) fn seed(brief: &Brief) -> u32 {
    let digest = Sha256::digest(facts::name(brief).to_lowercase().as_bytes());
    digest.iter().take(4).fold(0, |seed, byte| seed << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::{Tone, Trade};
    use crate::generation::stages::{intent, sample};
    use crate::llm::strict;

    fn themes(count: usize) -> Vec<ThemeOption> {
        let theme = |n| ThemeOption { id: format!("t{n}"), summary: "calm".to_owned() };
        (0..count).map(theme).collect()
    }

    #[test]
    fn eight_themes_are_offered_and_the_schema_is_strict() {
        let brief = sample::bakery();
        let prompts = Prompts::load().unwrap();
        let request = request(&brief, &intent::built_in(&brief), &themes(12), &prompts);
        assert_eq!(strict::violations(&request.schema), Vec::<String>::new());
        let offered = request.schema.pointer("/properties/theme/enum").unwrap();
        assert_eq!(offered.as_array().unwrap().len(), MAX_THEMES);
    }

    #[test]
    fn a_theme_that_was_not_offered_is_refused() {
        let answer = json!({"theme": "t9", "colour": "#102030"});
        assert!(parse(&answer, &themes(12), &sample::bakery()).is_err());
    }

    #[test]
    fn the_owners_colour_stands() {
        let answer = json!({"theme": "t1", "colour": "#ABCDEF"});
        let mut brief = sample::bakery();
        assert_eq!(parse(&answer, &themes(2), &brief).unwrap().colour, "#e891b2");
        brief.style = None;
        assert_eq!(parse(&answer, &themes(2), &brief).unwrap().colour, "#abcdef");
    }

    #[test]
    fn a_colour_that_is_none_is_refused() {
        let mut brief = sample::bakery();
        brief.style = None;
        for colour in ["red", "#fff", "#12345g", "#1234567", ""] {
            let answer = json!({"theme": "t1", "colour": colour});
            assert!(parse(&answer, &themes(2), &brief).is_err(), "{colour}");
        }
    }

    #[test]
    fn neighbours_differ_and_a_second_run_does_not() {
        let ani = sample::bakery();
        let mut budi = ani.clone();
        budi.name = Some(crate::brief::Answer::new("Roti Budi".to_owned(), "Roti Budi"));
        assert_eq!(seed(&ani), seed(&ani.clone()));
        assert_ne!(seed(&ani), seed(&budi));
    }

    #[test]
    fn a_photo_gives_the_colour_when_the_owner_gave_none_and_then_the_trade() {
        let mut brief = sample::bakery();
        let intent = intent::built_in(&brief);
        assert_eq!(wished_colour(&brief).map(Rgb::to_hex).as_deref(), Some("#e891b2"));
        brief.style = None;
        let from_photo = wished_colour(&brief).expect("the sample has a photo in colour");
        assert_eq!(own_colour(&brief, &intent), from_photo.to_hex());
        for photo in &mut brief.photos {
            photo.colour = Rgb { r: 120, g: 121, b: 122 };
        }
        assert_eq!(wished_colour(&brief), None);
        let expected = own_colour(&brief, &intent);
        brief.photos.clear();
        assert_eq!(own_colour(&brief, &intent), expected);
    }

    #[test]
    fn every_trade_has_a_colour_and_neighbours_have_other_ones() {
        for trade in Trade::ALL {
            let colours: std::collections::BTreeSet<String> = (0..20)
                .map(|seed| default_colour(trade.slug(), Some(Tone::Warm), seed).to_hex())
                .collect();
            assert!(colours.len() >= 15, "{trade:?}: {colours:?}");
        }
    }
}
