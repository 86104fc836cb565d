//! The picture of the first view where the owner gave no photo: painted once for each kind of shop,
//! found again by what was asked, and the built-in art on any trouble.
//!
//! It is an illustration and is labelled as one; it never shows anything that is for sale.

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
use crate::llm::{Painter, Picture, PictureRequest, Prompts};
use crate::photos::{self, PreparedPhoto};
use crate::site::document::{DocumentPhoto, SectionKind};
use crate::site::theme::theme;
use crate::storage::{Bytes, Objects};

/// The part of the stage under which a painted picture is kept.
pub(super) const PART: &str = "hero";

/// Variants of the first view that have no room for a picture.
const WITHOUT_PICTURE: [&str; 2] = ["type", "board"];

/// Has pictures painted and stores them.
pub struct Illustrator {
    painter: Painter,
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
    /// An illustrator of this house.
    pub fn new(painter: Painter, prompts: Arc<Prompts>, objects: Objects) -> Self {
        Self { painter, prompts, objects }
    }

    /// What a run's picture stage leaves; `None` where a photo stands in the first view.
    pub(super) async fn illustrate(
        &self,
        run: &Run,
        intent: &Intent,
        choice: &DesignChoice,
    ) -> Option<StageRecord> {
        let variant = theme(&choice.theme)
            .map_or("", |theme| theme.variant_for(SectionKind::Hero, choice.seed));
        if images::plan(&run.brief).hero != HeroImage::Art || WITHOUT_PICTURE.contains(&variant) {
            return None;
        }
        let colour = Rgb::from_hex(&choice.colour)?;
        let request = self.prompts.illustration(intent.trade, intent.tone, colour, choice.seed);
        let request = PictureRequest { run: Some(run.id), ..request };
        let hash = self.hash_of(&request);
        let mut record = blank(&request, &hash);
        if let Some(kept) = self.find(&hash).await {
            record.output = json!({ "photo": kept });
            return Some(record);
        }
        match self.painter.paint(&request).await {
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

    fn hash_of(&self, request: &PictureRequest) -> String {
        let parts =
            [self.painter.model(), &request.prompt, &request.text, &request.size, &request.quality];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }

    async fn find(&self, hash: &str) -> Option<Kept> {
        let bytes = self.objects.get(&key(hash)).await.ok()?;
        serde_json::from_slice(&bytes).ok()
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

/// The picture in what the stage has left.
pub(super) fn picture_of(record: &StageRecord) -> Option<DocumentPhoto> {
    let kept: Kept = serde_json::from_value(record.output.get("photo")?.clone()).ok()?;
    let Kept { id, width_px, height_px, colour } = kept;
    // The label of the page stands in for a description.
    Some(DocumentPhoto { id, width_px, height_px, alt: String::new(), colour, focus: None })
}

fn blank(request: &PictureRequest, hash: &str) -> StageRecord {
    StageRecord {
        stage: Stage::Images.slug().to_owned(),
        part: PART.to_owned(),
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
