//! Pictures where the owner gave no photo: a large one for the first view, and small, cheaper ones for the
//! few sections that have room. Each is painted once for each kind of shop and found again by what was
//! asked; on any trouble the built-in art stands there.
//!
//! They are illustrations and are labelled as such; they never show anything that is for sale.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::stages::design::DesignChoice;
use super::stages::images::{self, HeroImage};
use super::stages::intent::Intent;
use super::{Run, Stage, StageRecord};
use crate::brief::Rgb;
use crate::causes::with_causes;
use crate::llm::{Painter, Picture, PictureRequest, Prompts, Tier};
use crate::photos::{self, PreparedPhoto};
use crate::site::document::{Business, DocumentPhoto, SectionKind};
use crate::site::theme::theme;
use crate::site::{ILLUSTRATED, ILLUSTRATED_LOOK};
use crate::storage::{Bytes, Objects};

/// Which pictures may be painted: the large one first.
pub(super) const PLACES: [SectionKind; 1 + ILLUSTRATED.len()] =
    [SectionKind::Hero, ILLUSTRATED[0], ILLUSTRATED[1]];

/// Variants of the first view that have no room for a picture.
const WITHOUT_PICTURE: [&str; 2] = ["type", "board"];

/// Has pictures painted and stores them.
pub struct Illustrator {
    painters: Vec<Painter>,
    prompts: Arc<Prompts>,
    objects: Objects,
}

/// A painted picture as it is kept beside the photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    id: String,
    width_px: u32,
    height_px: u32,
    colour: String,
}

impl Illustrator {
    /// An illustrator of this house; painters in order of preference.
    pub fn new(painters: Vec<Painter>, prompts: Arc<Prompts>, objects: Objects) -> Self {
        Self { painters, prompts, objects }
    }

    /// Who paints the picture of a place: strong ones the first view alone, fast ones everything else,
    /// and whoever has no tier all of it.
    fn painter(&self, place: SectionKind) -> Option<&Painter> {
        let of = |tier: Tier| self.painters.iter().find(|one| one.tier().is_none_or(|t| t == tier));
        match place {
            SectionKind::Hero => of(Tier::Strong).or_else(|| of(Tier::Fast)),
            _ => of(Tier::Fast),
        }
    }

    /// What a run's picture stage leaves for a place; `None` where there is no room, or a photo.
    pub(super) async fn illustrate(
        &self,
        run: &Run,
        intent: &Intent,
        choice: &DesignChoice,
        place: SectionKind,
    ) -> Option<StageRecord> {
        if !has_room(run, intent, choice, place) {
            return None;
        }
        let painter = self.painter(place)?;
        let colour = Rgb::from_hex(&choice.colour)?;
        let (trade, tone) = (intent.trade, intent.tone);
        let request = match turn_of(place) {
            0 => self.prompts.illustration(trade, tone, colour, choice.seed),
            turn => {
                let seed = choice.seed.wrapping_add(turn);
                self.prompts.small_illustration(trade, tone, colour, seed)
            }
        };
        let request = PictureRequest { run: Some(run.id), ..request };
        let hash = hash_of(painter, &request);
        let mut record = blank(&request, &hash, place);
        if let Some(kept) = self.find(&hash).await {
            record.output = json!({ "photo": kept });
            return Some(record);
        }
        match painter.paint(&request).await {
            Ok(picture) => {
                record.provider.clone_from(&picture.provider);
                record.model.clone_from(&picture.model);
                record.cost_nano_usd = picture.cost_nano_usd;
                record.latency_ms = picture.latency_ms;
                record.output = match self.keep(&hash, picture).await {
                    Some(kept) => json!({ "photo": kept }),
                    None => json!({ "built_in": true }),
                };
            }
            Err(error) => {
                tracing::warn!(run.id = %run.id, error = with_causes(&error), "no picture was painted; the built-in art stands in");
            }
        }
        Some(record)
    }

    async fn find(&self, hash: &str) -> Option<Kept> {
        let bytes = self.objects.get(&key(hash)).await.ok()?;
        let kept: Kept = serde_json::from_slice(&bytes).ok()?;
        // Whoever showed it first may have been forgotten, and it with them.
        self.objects.size(&photos::master_key(&kept.id)).await.ok()?;
        Some(kept)
    }

    /// Cleans and stores a picture like a photo; `None` when it is none or the store does not do it.
    async fn keep(&self, hash: &str, picture: Picture) -> Option<Kept> {
        let stored = photos::store(&self.objects, picture.bytes).await;
        let PreparedPhoto { id, width_px, height_px, colour, .. } = stored
            .inspect_err(|error| tracing::warn!(%error, "a painted picture could not be kept"))
            .ok()?;
        let kept = Kept { id: id.0, width_px, height_px, colour: colour.to_hex() };
        let bytes = serde_json::to_vec(&kept).ok()?;
        if let Err(error) = self.objects.put(&key(hash), Bytes::from(bytes)).await {
            tracing::warn!(%error, "a painted picture will not be found again");
        }
        Some(kept)
    }
}

/// Whether a place is shown, has room for a picture, and no photo stands in it.
fn has_room(run: &Run, intent: &Intent, choice: &DesignChoice, place: SectionKind) -> bool {
    let Some(theme) = theme(&choice.theme) else { return place == SectionKind::Hero };
    let plan = images::plan(&run.brief);
    if plan.hero != HeroImage::Art || place != SectionKind::Hero && !run.brief.photos.is_empty() {
        return false;
    }
    match place {
        SectionKind::Hero => !WITHOUT_PICTURE.contains(&theme.variant_for(place, choice.seed)),
        _ => {
            let look = theme.look(place, choice.seed, false);
            intent.sections.contains(&place) && look == ILLUSTRATED_LOOK
        }
    }
}

/// Which of the pictures of one site it is: each is composed in another way.
fn turn_of(place: SectionKind) -> u32 {
    PLACES.iter().zip(0..).find(|(known, _)| **known == place).map_or(0, |(_, turn)| turn)
}

fn hash_of(painter: &Painter, request: &PictureRequest) -> String {
    let parts = [painter.model(), &request.prompt, &request.text, &request.size, &request.quality];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// Puts painted pictures where they belong.
pub(super) fn hang(business: &mut Business, painted: Vec<(SectionKind, DocumentPhoto)>) {
    for (place, picture) in painted {
        match place {
            SectionKind::Hero => business.illustration = Some(picture),
            other => {
                business.small_illustrations.insert(other.slug().to_owned(), picture);
            }
        }
    }
}

/// The picture in what the stage has left.
pub(super) fn picture_of(record: &StageRecord) -> Option<DocumentPhoto> {
    let kept: Kept = serde_json::from_value(record.output.get("photo")?.clone()).ok()?;
    let Kept { id, width_px, height_px, colour } = kept;
    // The label of the page stands in for a description.
    Some(DocumentPhoto { id, width_px, height_px, alt: String::new(), colour, focus: None })
}

fn blank(request: &PictureRequest, hash: &str, place: SectionKind) -> StageRecord {
    StageRecord {
        stage: Stage::Images.slug().to_owned(),
        part: place.slug().to_owned(),
        input_hash: hash.to_owned(),
        prompt: request.prompt.clone(),
        provider: String::new(),
        model: String::new(),
        prompt_tokens: 0,
        completion_tokens: 0,
        cost_nano_usd: 0,
        latency_ms: 0,
        output: json!({ "built_in": true }),
    }
}

fn key(hash: &str) -> String {
    format!("illustrations/{hash}.json")
}
