//! Reads menus and price lists out of owners' photos, by a model that looks at them.
//!
//! It asks once and once more for a faulty answer. An equal photo is answered from what was kept, so a job
//! that is taken up again pays nothing.

use std::sync::Arc;

use super::stages::menu;
use crate::brief::Item;
use crate::causes::with_causes;
use crate::llm::{AskedPicture, Llm, LlmRequest, Prompts};
use crate::photos::{self, StoreFault};
use crate::storage::{Objects, StorageError};

/// Reads photos.
pub struct MenuReader {
    llm: Arc<dyn Llm>,
    prompts: Arc<Prompts>,
    objects: Objects,
}

/// Why a photo was not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// No model answered with anything of use.
    #[error("no model read the photo")]
    Silent,
    /// The store did not hand the photo out; trying again may help.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl MenuReader {
    /// A reader of photos in `objects`.
    pub fn new(llm: Arc<dyn Llm>, prompts: Arc<Prompts>, objects: Objects) -> Self {
        Self { llm, prompts, objects }
    }

    /// The list in a stored photo; empty when there is none that can be read.
    pub async fn read(&self, photo: &str) -> Result<Vec<Item>, Unread> {
        let (jpeg, width_px, height_px) = match photos::legible(&self.objects, photo).await {
            Ok(picture) => picture,
            Err(StoreFault::Storage(error)) => return Err(error.into()),
            Err(StoreFault::Photo(_)) => return Err(Unread::Silent),
        };
        let picture = Some(AskedPicture { jpeg: Arc::new(jpeg), width_px, height_px });
        let request = |faults: &[String]| {
            let asked = menu::request(faults, &self.prompts);
            LlmRequest { picture: picture.clone(), ..asked }
        };
        match self.ask(&request(&[])).await? {
            Ok(items) => Ok(items),
            Err(faults) => self.ask(&request(&faults)).await?.map_err(|_| Unread::Silent),
        }
    }

    /// Asks once: the list, or what is wrong with the answer.
    async fn ask(&self, request: &LlmRequest) -> Result<Result<Vec<Item>, Vec<String>>, Unread> {
        let answer = self.llm.ask(request).await.map_err(|error| {
            tracing::warn!(error = with_causes(&error), "no model read a photo");
            Unread::Silent
        })?;
        let read = menu::parse(&answer.json);
        if let Err(faults) = &read {
            tracing::info!(faults = faults.len(), "what a model read in a photo cannot be used");
            self.llm.forget(request).await;
        }
        Ok(read)
    }
}
