//! What the house tells a conversation: rows of the inbox that no person wrote.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::brief::StoredPhoto;
use crate::ids::{ConversationId, RunId, SiteId, Tokens, VersionId};
use crate::queue::{self, Lane, NewRow};
use crate::site::document::DocumentItem;

/// The job that lets the models write a run's words, beside the work of its conversation. Once a run.
/// An `early` one begins before the site is up.
pub(super) fn write_job(run: RunId, early: bool, key: &str, now_ms: i64) -> NewRow {
    NewRow {
        lane: Lane::Jobs,
        key: queue::beside(key),
        cause: format!("run:{run}:write"),
        payload: json!({ "job": "write", "run": run, "early": early }),
        run_at_ms: now_ms,
    }
}

/// How long a picture of a change waits for what else the same turn changes.
const SETTLE_MS: i64 = 1_500;

/// The wish to see what a change did to the page. Its JSON form is stored in jobs; fields are only ever
/// added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureWish {
    /// The cause of the turn that changes something: there is one picture of all its changes.
    pub turn: String,
    /// Who is shown it.
    pub conversation: ConversationId,
    /// `id` or `en`: the language of its labels.
    pub language: String,
    /// The owner asked for it: they hear of it also when there is nothing to see.
    #[serde(default)]
    pub asked: bool,
}

impl PictureWish {
    /// The job that compares what is live with `before`, apart from the work of the conversation. Once a
    /// turn.
    pub fn job(&self, site: SiteId, before: Option<VersionId>, key: &str, now_ms: i64) -> NewRow {
        NewRow {
            lane: Lane::Jobs,
            key: queue::apart(queue::own_key(key)),
            cause: format!("picture:{}", self.turn),
            payload: json!({ "job": "picture", "site": site, "before": before, "wish": self }),
            run_at_ms: if self.asked { now_ms } else { now_ms + SETTLE_MS },
        }
    }

    /// Whether a version was made by this wish's turn.
    pub fn made(&self, version_cause: &str) -> bool {
        version_cause
            .strip_prefix("job:")
            .and_then(|cause| cause.strip_prefix(&self.turn))
            .is_some_and(|rest| rest.starts_with(':'))
    }
}

/// One report. Its JSON form is stored in the inbox; variants are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Report {
    /// A stage of a run has begun.
    Stage {
        /// Which run.
        run: RunId,
        /// A [`super::Stage`] slug.
        stage: String,
    },
    /// A run's site is live and paid.
    Live {
        /// Which run.
        run: RunId,
        /// The site's address.
        url: String,
        /// Storage key of its picture.
        picture_key: String,
        /// Public address of its picture.
        picture_url: String,
        /// What it cost.
        captured: Tokens,
    },
    /// A run's site is live in built-in words; a model's follow, and it is paid then.
    Shown {
        /// Which run.
        run: RunId,
        /// The site's address.
        url: String,
        /// Storage key of its picture.
        picture_key: String,
        /// Public address of its picture.
        picture_url: String,
    },
    /// A model's words are all in place, and the run is paid.
    Written {
        /// Which run.
        run: RunId,
        /// The site's address.
        url: String,
        /// What it cost.
        captured: Tokens,
    },
    /// No model had anything to say: the site stays live as it is; its tokens are back.
    Unwritten {
        /// Which run.
        run: RunId,
        /// The site's address.
        url: String,
        /// What came back.
        released: Tokens,
    },
    /// A run ended in vain; its tokens are back.
    Failed {
        /// Which run.
        run: RunId,
        /// A [`super::FailureReason`] slug, or the gate's [`crate::site::Refusal`].
        reason: String,
        /// What came back.
        released: Tokens,
        /// What the publish gate refused: [`crate::site::FaultKind`] slugs.
        #[serde(default)]
        why: Vec<String>,
    },
    /// An owner's photo is stored.
    PhotoReady {
        /// SHA-256 of the master, hex.
        id: String,
        /// Width of the master in pixels.
        width_px: u32,
        /// Height of the master in pixels.
        height_px: u32,
        /// What was written with it.
        caption: Option<String>,
        /// Dominant colour, `#rrggbb`.
        colour: String,
        /// What frames of another shape keep in sight; the middle when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        focus: Option<[u8; 2]>,
        /// What it was sent for, a [`crate::brief::PhotoRole`] slug; among the photos when absent.
        #[serde(default)]
        role: String,
    },
    /// An owner's photo cannot be used.
    PhotoRefused {
        /// `too_large`, `unreadable` or `gone`.
        reason: String,
    },
    /// A photo was read as a list of what is sold.
    MenuRead {
        /// Which.
        photo: StoredPhoto,
        /// What stands in it; empty when nothing of the kind can be read.
        items: Vec<DocumentItem>,
    },
    /// A photo could not be read by anybody.
    MenuUnread {
        /// Which.
        photo: StoredPhoto,
    },
    /// Edits of a site are live.
    Edited {
        /// Which site.
        site: SiteId,
    },
    /// A visitor of a site has written in its form.
    Visitor {
        /// Which site.
        site: SiteId,
        /// Who, as they wrote it; empty when they did not.
        name: String,
        /// How to reach them, as they wrote it; empty when they did not.
        contact: String,
        /// What they wrote; empty when they did not.
        message: String,
    },
    /// A site is live in words that were paid for.
    Rewritten {
        /// Which site.
        site: SiteId,
        /// What it cost.
        captured: Tokens,
    },
    /// What a change did to a page is there to be seen, or cannot be shown to who asked.
    Compared {
        /// Which site.
        site: SiteId,
        /// Storage key of the picture (JPEG); empty when there is none.
        picture_key: String,
        /// Without a picture: `same` when nothing differs, else `failed`.
        reason: String,
    },
    /// A site's files are ready to be taken away.
    Exported {
        /// Which site.
        site: SiteId,
        /// Storage key of the `.zip`.
        key: String,
        /// Its file name.
        name: String,
        /// Its size.
        size_bytes: i64,
    },
    /// A site's files could not be put together.
    ExportFailed {
        /// Which site.
        site: SiteId,
    },
    /// The person has said nothing for long, in the middle of something.
    Silence {},
    /// Another channel was linked to this person by a code made in this conversation.
    LinkedElsewhere {},
    /// Edits of a site could not be made.
    EditRefused {
        /// Which site.
        site: SiteId,
        /// `not_found`, `refused`, `locked`, `nothing` or `internal`.
        reason: String,
    },
}

impl Report {
    /// The inbox row that tells a conversation (`key` is its ordering key); once per cause.
    pub fn into_row(self, key: &str, cause: String, now_ms: i64) -> NewRow {
        let report: Value = serde_json::to_value(self).unwrap_or(Value::Null);
        NewRow {
            lane: Lane::Inbox,
            key: key.to_owned(),
            cause,
            payload: json!({ "from": "house", "body": report }),
            run_at_ms: now_ms,
        }
    }
}
