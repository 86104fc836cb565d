//! Conversations as previews see them: how far each has come, and no word of what was said.

use async_trait::async_trait;
use sitespark_bot::conversation::{State, from_stored};
use sitespark_bot::store;
use sitespark_core::db::Db;
use sitespark_core::ids::ConversationId;
use sitespark_site_host::{Sketch, SketchFault, Sketches};
use uuid::Uuid;

/// The conversations of this database.
pub(crate) struct Conversations(pub(crate) Db);

#[async_trait]
impl Sketches for Conversations {
    async fn sketch(&self, conversation: Uuid) -> Result<Option<Sketch>, SketchFault> {
        let stored = store::state_of(&self.0, ConversationId(conversation)).await?;
        let Some(stored) = stored else { return Ok(None) };
        Ok(match from_stored(&stored)? {
            State::Welcome => None,
            State::Collecting(open) => Some(Sketch::Told(open.brief)),
            State::Confirming(open) => Some(Sketch::Told(open.brief)),
            State::Generating(open) => Some(Sketch::Making(open.run)),
            State::Reviewing(open) => Some(Sketch::Made(open.live.site)),
            State::Refining(open) => Some(Sketch::Made(open.live.site)),
            State::Complete(open) => open.live.map(|live| Sketch::Made(live.site)),
        })
    }
}
