//! Second stage: which theme, in which colour.
//!
//! A theme comes from the list that was offered and nowhere else; the owner's colour stands.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::fault::none_of;
use super::images::{self, HeroImage};
use super::intent::Intent;
use super::{Breach, StageFault, facts, schema};
use crate::brief::{Brief, Rgb, Trade};
use crate::llm::{LlmRequest, Prompt, Prompts, Question};
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
    let colour =
        wished_colour(brief).map_or_else(|| trade_colour(intent.trade).to_owned(), Rgb::to_hex);
    Some(DesignChoice { theme, colour, seed: seed(brief) })
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

/// A colour that people expect of a trade.
const fn trade_colour(trade: Trade) -> &'static str {
    match trade {
        Trade::Food => "#b5482f",
        Trade::Bakery => "#a8643c",
        Trade::Fashion => "#8a3b5c",
        Trade::Salon => "#9a4f76",
        Trade::Laundry => "#1f78a8",
        Trade::Workshop => "#b3541e",
        Trade::Clinic => "#16808a",
        Trade::Tutoring => "#3d5fb8",
        Trade::Photography => "#4a4e69",
        Trade::Events => "#7a4e9c",
        Trade::Contractor => "#8c6a1f",
        Trade::Shop => "#2f7d4f",
        Trade::Technology => "#2f5bd0",
        Trade::Other => "#33708f",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn a_photo_gives_the_colour_when_the_owner_gave_none() {
        let mut brief = sample::bakery();
        assert_eq!(wished_colour(&brief).map(Rgb::to_hex).as_deref(), Some("#e891b2"));
        brief.style = None;
        let from_photo = wished_colour(&brief).expect("the sample has a photo in colour");
        let choice = built_in(&brief, &intent::built_in(&brief), &themes(1)).unwrap();
        assert_eq!(choice.colour, from_photo.to_hex());
        for photo in &mut brief.photos {
            photo.colour = Rgb { r: 120, g: 121, b: 122 };
        }
        assert_eq!(wished_colour(&brief), None);
        let choice = built_in(&brief, &intent::built_in(&brief), &themes(1)).unwrap();
        assert_eq!(choice.colour, trade_colour(Trade::Bakery));
    }

    #[test]
    fn every_trade_has_a_colour() {
        for trade in Trade::ALL {
            assert!(hex_colour(trade_colour(trade)).is_some(), "{trade:?}");
        }
    }
}
