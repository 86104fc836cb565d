//! First stage: what kind of business this is, which sections its page has, and how it should
//! sound.
//!
//! What the owner decided stands, whatever a model thinks of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fault::none_of;
use super::{Breach, StageFault, facts, text};
use crate::brief::{Brief, Feature, Tone, Trade};
use crate::llm::{Head, LlmRequest, Prompt, Prompts, Question, default_angle};
use crate::site::document::SectionKind;
use crate::writer;

/// The plan of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The line of business.
    pub trade: Trade,
    /// From top to bottom; the hero first, the contact last.
    pub sections: Vec<SectionKind>,
    /// One plain sentence that guides writing; never shown.
    pub angle: String,
    /// How it sounds.
    pub tone: Tone,
}

/// Asks a model for the plan.
pub fn request(brief: &Brief, prompts: &Prompts) -> LlmRequest {
    let offered = offered(brief);
    let guidance = json!({
        "trade": facts::trade(brief).slug(),
        "trade_note": prompts.trade_note(facts::trade(brief)),
        "tone": facts::tone(brief).map(Tone::slug),
        "tones": Tone::ALL.map(|tone| (tone.slug(), prompts.tone_note(tone))),
        "sections": offered
            .iter()
            .map(|kind| (kind.slug(), prompts.section_note(*kind)))
            .collect::<Vec<_>>(),
    });
    let offered = BTreeMap::from([
        ("trades", Trade::ALL.map(Trade::slug).to_vec()),
        ("sections", offered.iter().map(|kind| kind.slug()).collect()),
        ("tones", Tone::ALL.map(Tone::slug).to_vec()),
    ]);
    let question = Question {
        language: brief.language,
        guidance: &guidance,
        data: &facts::of(brief),
        schema_name: "intent".to_owned(),
        schema: Head::of(Prompt::Intent).schema(&offered),
    };
    prompts.request(Prompt::Intent, question)
}

/// Takes a plan from a model's answer. The trade and tone the owner told are kept, sections the
/// owner asked for are put in, sections there is nothing for are left out.
///
/// # Errors
/// When a field is missing, unknown or breaks a rule.
pub fn parse(answer: &Value, brief: &Brief) -> Result<Intent, StageFault> {
    let mut breaches = Vec::new();
    let trade = pick(answer, "trade", Trade::from_slug, &mut breaches);
    let tone = pick(answer, "tone", Tone::from_slug, &mut breaches);
    let sections = read_sections(answer, &mut breaches);
    let angle = text::read(answer, "angle");
    match angle.as_deref() {
        None => breaches.push(Breach::Missing("angle".to_owned())),
        Some("") => breaches.push(Breach::Empty("angle".to_owned())),
        Some(angle) => {
            let most = Head::of(Prompt::Intent).most_chars("angle");
            text::check("angle", angle, most, &mut breaches);
        }
    }
    none_of(breaches)?;
    let told = facts::trade(brief);
    Ok(Intent {
        trade: if told == Trade::Other { trade.unwrap_or(told) } else { told },
        sections: arrange(&sections, brief),
        angle: angle.unwrap_or_default(),
        tone: facts::tone(brief).or(tone).unwrap_or_else(|| default_tone(told)),
    })
}

/// The plan without a model.
pub fn built_in(brief: &Brief) -> Intent {
    let trade = facts::trade(brief);
    Intent {
        trade,
        sections: arrange(&usual(), brief),
        angle: default_angle(),
        tone: facts::tone(brief).unwrap_or_else(|| default_tone(trade)),
    }
}

fn pick<T>(
    answer: &Value,
    name: &str,
    from_slug: impl Fn(&str) -> Option<T>,
    breaches: &mut Vec<Breach>,
) -> Option<T> {
    let Some(slug) = answer.get(name).and_then(Value::as_str) else {
        breaches.push(Breach::Missing(name.to_owned()));
        return None;
    };
    let picked = from_slug(slug);
    if picked.is_none() {
        breaches.push(Breach::NotOffered(name.to_owned()));
    }
    picked
}

fn read_sections(answer: &Value, breaches: &mut Vec<Breach>) -> Vec<SectionKind> {
    let Some(list) = answer.get("sections").and_then(Value::as_array) else {
        breaches.push(Breach::Missing("sections".to_owned()));
        return Vec::new();
    };
    // A list longer than there are families holds repeats; the surplus says nothing new.
    let slugs = list.iter().take(SectionKind::ALL.len() * 2).map(Value::as_str);
    let kinds: Option<Vec<_>> = slugs.map(|slug| slug.and_then(SectionKind::from_slug)).collect();
    if kinds.is_none() {
        breaches.push(Breach::NotOffered("sections".to_owned()));
    }
    kinds.unwrap_or_default()
}

/// The order without any better idea.
fn usual() -> Vec<SectionKind> {
    use SectionKind::{
        About, Catalogue, Contact, Cta, Features, Gallery, Hero, Prices, Steps, Visit,
    };
    vec![Hero, Catalogue, Prices, Features, Gallery, About, Steps, Visit, Cta, Contact]
}

/// What the brief has something for.
fn offered(brief: &Brief) -> Vec<SectionKind> {
    SectionKind::ALL.into_iter().filter(|kind| has_matter(*kind, brief)).collect()
}

fn has_matter(kind: SectionKind, brief: &Brief) -> bool {
    let contact = brief.contact.as_ref().map(|answer| &answer.value);
    match kind {
        SectionKind::Hero | SectionKind::Contact | SectionKind::Cta => true,
        SectionKind::Catalogue | SectionKind::Prices => writer::list_of(brief) == Some(kind),
        SectionKind::Team | SectionKind::Testimonials => false,
        SectionKind::Gallery => brief.photos.len() > 1,
        SectionKind::Visit => {
            contact.is_some_and(|c| c.address.is_some() || c.city.is_some() || c.hours.is_some())
        }
        SectionKind::Features | SectionKind::About => true,
        SectionKind::Steps | SectionKind::Faq => true,
    }
}

/// The section that shows a feature.
fn section_of(feature: Feature, brief: &Brief) -> SectionKind {
    match feature {
        Feature::Catalogue => writer::list_of(brief).unwrap_or(SectionKind::Catalogue),
        Feature::Gallery => SectionKind::Gallery,
        Feature::Order => SectionKind::Steps,
        Feature::Booking => SectionKind::Contact,
        Feature::Visit => SectionKind::Visit,
        Feature::About => SectionKind::About,
        Feature::Faq => SectionKind::Faq,
    }
}

/// Puts the hero first and the contact last, adds what the owner wants and drops repeats and what
/// there is nothing for.
fn arrange(wished: &[SectionKind], brief: &Brief) -> Vec<SectionKind> {
    let features = brief.features.iter().flat_map(|answer| answer.value.iter());
    let wanted = features.map(|feature| section_of(*feature, brief));
    let middle = wished.iter().copied().chain(wanted);
    let mut sections = vec![SectionKind::Hero];
    for kind in middle {
        let is_edge = matches!(kind, SectionKind::Hero | SectionKind::Contact);
        if !is_edge && !sections.contains(&kind) && has_matter(kind, brief) {
            sections.push(kind);
        }
    }
    sections.push(SectionKind::Contact);
    sections
}

const fn default_tone(trade: Trade) -> Tone {
    match trade {
        Trade::Food | Trade::Bakery | Trade::Laundry | Trade::Shop | Trade::Other => Tone::Warm,
        Trade::Fashion | Trade::Technology => Tone::Modern,
        Trade::Salon | Trade::Photography | Trade::Events => Tone::Elegant,
        Trade::Tutoring => Tone::Cheerful,
        Trade::Workshop | Trade::Clinic | Trade::Contractor => Tone::Professional,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::stages::sample;
    use crate::llm::strict;

    fn answer(sections: &[&str]) -> Value {
        json!({"trade": "food", "sections": sections, "angle": "Fresh every day.", "tone": "modern"})
    }

    #[test]
    fn the_schema_is_strict() {
        let request = request(&sample::bakery(), &Prompts::load().unwrap());
        assert_eq!(strict::violations(&request.schema), Vec::<String>::new());
    }

    #[test]
    fn what_the_owner_decided_stands() {
        let intent = parse(&answer(&["hero", "faq", "contact"]), &sample::bakery()).unwrap();
        assert_eq!((intent.trade, intent.tone), (Trade::Bakery, Tone::Warm));
        for kind in [SectionKind::Catalogue, SectionKind::Steps] {
            assert!(intent.sections.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn a_model_names_the_trade_where_the_owner_did_not() {
        let mut brief = sample::bakery();
        brief.trade = None;
        brief.style = None;
        let intent = parse(&answer(&["hero"]), &brief).unwrap();
        assert_eq!((intent.trade, intent.tone), (Trade::Food, Tone::Modern));
    }

    #[test]
    fn the_edges_stand_and_repeats_and_empty_sections_go() {
        let wished = ["contact", "gallery", "faq", "hero", "faq", "visit"];
        let mut brief = sample::bakery();
        brief.features = None;
        brief.photos.truncate(1);
        let intent = parse(&answer(&wished), &brief).unwrap();
        use SectionKind::{Contact, Faq, Hero, Visit};
        assert_eq!(intent.sections, [Hero, Faq, Visit, Contact]);
    }

    #[test]
    fn a_faulty_answer_is_told_whole() {
        let faulty = json!({"trade": "banking", "sections": ["blog"], "angle": "see www.x.com"});
        let fault = parse(&faulty, &sample::bakery()).unwrap_err();
        assert_eq!(fault.0.len(), 4, "{fault}");
    }

    #[test]
    fn an_empty_brief_still_has_a_plan() {
        let intent = built_in(&Brief::default());
        assert_eq!(intent.sections.first(), Some(&SectionKind::Hero));
        assert_eq!(intent.sections.last(), Some(&SectionKind::Contact));
        assert!(!intent.sections.contains(&SectionKind::Catalogue));
        assert!(!intent.angle.is_empty());
    }
}
