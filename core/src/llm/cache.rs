//! Answers that are given again to an equal request, by its hash: in the database, and in Redis in
//! front of it where there is one.
//!
//! A shelf that fails is no failure: the model is asked then. An answer that its asker could not use
//! is forgotten, so that it is never given twice.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store;
use crate::db::Db;
use crate::live::Shelf;

/// How long an answer is given again: a brief is made into a site within days or not at all.
pub(super) const KEEP_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// In front of every key in Redis.
const PREFIX: &str = "sitespark:answer:";

/// An answer on the shelf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptAnswer {
    pub(super) json: Value,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) expires_at_ms: i64,
}

/// The shelves of one house.
#[derive(Debug, Clone)]
pub struct AnswerCache {
    db: Db,
    shelf: Shelf,
}

impl AnswerCache {
    /// Shelves in this database, and in front of them this one.
    pub fn new(db: Db, shelf: Shelf) -> Self {
        Self { db, shelf }
    }

    /// A good answer to an equal request, if there is one.
    pub(super) async fn find(&self, input_hash: &str, now_ms: i64) -> Option<KeptAnswer> {
        let near = self.shelf.get(&key(input_hash)).await;
        let near: Option<KeptAnswer> = near.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(kept) = near.filter(|kept| kept.expires_at_ms > now_ms) {
            return Some(kept);
        }
        match store::find_answer(&self.db, input_hash, now_ms).await {
            Ok(Some(kept)) => {
                self.lay_near(input_hash, &kept, now_ms).await;
                Some(kept)
            }
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "kept answers could not be read");
                None
            }
        }
    }

    /// Keeps an answer.
    pub(super) async fn keep(&self, input_hash: &str, kept: &KeptAnswer, now_ms: i64) {
        if let Err(error) = self.save(input_hash, kept, now_ms).await {
            tracing::warn!(%error, "an answer could not be kept");
        }
        self.lay_near(input_hash, kept, now_ms).await;
    }

    /// Forgets an answer.
    pub(super) async fn forget(&self, input_hash: &str) {
        self.shelf.remove(&key(input_hash)).await;
        if let Err(error) = self.delete(input_hash).await {
            tracing::warn!(%error, "a kept answer could not be forgotten");
        }
    }

    async fn save(&self, hash: &str, kept: &KeptAnswer, now_ms: i64) -> Result<(), sqlx::Error> {
        let mut tx = self.db.begin().await?;
        store::save_answer(&mut tx, hash, kept, now_ms).await?;
        tx.commit().await
    }

    async fn delete(&self, hash: &str) -> Result<(), sqlx::Error> {
        let mut tx = self.db.begin().await?;
        store::delete_answer(&mut tx, hash).await?;
        tx.commit().await
    }

    async fn lay_near(&self, input_hash: &str, kept: &KeptAnswer, now_ms: i64) {
        let text = serde_json::to_string(kept).expect("plain data is always JSON");
        self.shelf.put(&key(input_hash), &text, kept.expires_at_ms - now_ms).await;
    }
}

fn key(input_hash: &str) -> String {
    format!("{PREFIX}{input_hash}")
}
