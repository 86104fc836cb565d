//! States as they are stored: versioned JSON, apart from the types the conversation works with.
//!
//! Every version ever written still loads; fixtures prove it.

mod talk;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sitespark_core::brief::{Brief, Feature, StoredBrief};
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::site::document::SectionKind;

use super::state::{
    Collecting, Complete, Confirming, Generating, Live, Refining, Reviewing, Slot, State, Step,
    WordPart,
};
use talk::StoredTalk;

/// The version written today.
const VERSION: u64 = 1;

/// Why a stored state does not load.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Written by a program newer than this one, or by none.
    #[error("unknown version {0} of a stored state")]
    Version(u64),
    /// Not the shape of its version.
    #[error("stored state is malformed")]
    Malformed(#[from] serde_json::Error),
    /// The brief in it does not load.
    #[error("brief in a stored state does not load: {0}")]
    Brief(String),
    /// A stable name nobody knows.
    #[error("unknown name {0} in a stored state")]
    Name(String),
}

/// A state as JSON: an object with its `version`.
pub fn to_stored(state: &State) -> Value {
    let stored = StoredState::from(state);
    match serde_json::to_value(&stored) {
        Ok(Value::Object(mut object)) => {
            object.insert("version".to_owned(), json!(VERSION));
            Value::Object(object)
        }
        // Only maps with keys that are no text fail or come out otherwise; there are none.
        Ok(_) | Err(_) => json!({ "version": VERSION, "state": "welcome" }),
    }
}

/// Reads a stored state of any version.
///
/// # Errors
/// When the version is unknown or the value is not of its shape.
pub fn from_stored(value: &Value) -> Result<State, StoredError> {
    match value.get("version").and_then(Value::as_u64) {
        Some(VERSION) => StoredState::deserialize(value)?.try_into(),
        other => Err(StoredError::Version(other.unwrap_or(0))),
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum StoredState {
    Welcome,
    Collecting {
        brief: Box<StoredBrief>,
        step: String,
        #[serde(default)]
        settled: Vec<String>,
        #[serde(default)]
        picked: Vec<String>,
        #[serde(default)]
        subdomain: Option<String>,
        #[serde(default)]
        talk: StoredTalk,
    },
    Confirming {
        brief: Box<StoredBrief>,
        #[serde(default)]
        subdomain: Option<String>,
        #[serde(default)]
        talk: StoredTalk,
    },
    Generating {
        brief: Box<StoredBrief>,
        #[serde(default)]
        subdomain: Option<String>,
        run: RunId,
        site: SiteId,
        url: String,
        preview_url: String,
        #[serde(default)]
        live: bool,
        #[serde(default)]
        talk: StoredTalk,
    },
    Reviewing {
        live: StoredLive,
        #[serde(default)]
        talk: StoredTalk,
    },
    Refining {
        live: StoredLive,
        #[serde(default)]
        slot: Option<StoredSlot>,
        #[serde(default)]
        waiting: u8,
        #[serde(default)]
        looks: bool,
        #[serde(default)]
        talk: StoredTalk,
    },
    Complete {
        #[serde(default)]
        live: Option<StoredLive>,
        #[serde(default)]
        talk: StoredTalk,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredLive {
    site: SiteId,
    url: String,
    #[serde(default)]
    formal: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredSlot {
    Name,
    Phone,
    Address,
    Hours,
    Colour,
    Heading,
    NewItem,
    RemoveItem,
    Price {
        #[serde(default)]
        item: Option<String>,
    },
    Subdomain,
    RemovePhoto,
    Words {
        section: String,
        part: String,
        #[serde(default)]
        number: u32,
    },
}

impl From<&State> for StoredState {
    fn from(state: &State) -> Self {
        match state {
            State::Welcome => Self::Welcome,
            State::Collecting(state) => Self::Collecting {
                brief: stored_brief(&state.brief),
                step: state.step.slug().to_owned(),
                settled: state.settled.iter().map(|step| step.slug().to_owned()).collect(),
                picked: state.picked.iter().map(|feature| feature.slug().to_owned()).collect(),
                subdomain: state.subdomain.clone(),
                talk: (&state.talk).into(),
            },
            State::Confirming(state) => Self::Confirming {
                brief: stored_brief(&state.brief),
                subdomain: state.subdomain.clone(),
                talk: (&state.talk).into(),
            },
            State::Generating(state) => Self::Generating {
                brief: stored_brief(&state.brief),
                subdomain: state.subdomain.clone(),
                run: state.run,
                site: state.site,
                url: state.url.clone(),
                preview_url: state.preview_url.clone(),
                live: state.live,
                talk: (&state.talk).into(),
            },
            State::Reviewing(state) => {
                Self::Reviewing { live: (&state.live).into(), talk: (&state.talk).into() }
            }
            State::Refining(state) => Self::Refining {
                live: (&state.live).into(),
                slot: state.slot.as_ref().map(StoredSlot::from),
                waiting: state.waiting,
                looks: state.looks,
                talk: (&state.talk).into(),
            },
            State::Complete(state) => Self::Complete {
                live: state.live.as_ref().map(StoredLive::from),
                talk: (&state.talk).into(),
            },
        }
    }
}

impl TryFrom<StoredState> for State {
    type Error = StoredError;

    fn try_from(stored: StoredState) -> Result<Self, StoredError> {
        Ok(match stored {
            StoredState::Welcome => Self::Welcome,
            StoredState::Collecting { brief, step, settled, picked, subdomain, talk } => {
                Self::Collecting(Collecting {
                    brief: loaded_brief(*brief)?,
                    step: loaded_step(&step)?,
                    settled: settled
                        .iter()
                        .map(|slug| loaded_step(slug))
                        .collect::<Result<_, _>>()?,
                    picked: loaded_features(&picked)?,
                    subdomain,
                    talk: talk.into(),
                })
            }
            StoredState::Confirming { brief, subdomain, talk } => Self::Confirming(Confirming {
                brief: loaded_brief(*brief)?,
                subdomain,
                talk: talk.into(),
            }),
            StoredState::Generating {
                brief,
                subdomain,
                run,
                site,
                url,
                preview_url,
                live,
                talk,
            } => Self::Generating(Generating {
                brief: loaded_brief(*brief)?,
                subdomain,
                run,
                site,
                url,
                preview_url,
                live,
                talk: talk.into(),
            }),
            StoredState::Reviewing { live, talk } => {
                Self::Reviewing(Reviewing { live: live.into(), talk: talk.into() })
            }
            StoredState::Refining { live, slot, waiting, looks, talk } => {
                Self::Refining(Refining {
                    live: live.into(),
                    slot: slot.map(Slot::from),
                    waiting,
                    looks,
                    talk: talk.into(),
                })
            }
            StoredState::Complete { live, talk } => {
                Self::Complete(Complete { live: live.map(Live::from), talk: talk.into() })
            }
        })
    }
}

fn stored_brief(brief: &Brief) -> Box<StoredBrief> {
    Box::new(StoredBrief::from(brief))
}

fn loaded_brief(stored: StoredBrief) -> Result<Box<Brief>, StoredError> {
    Brief::try_from(stored).map(Box::new).map_err(|error| StoredError::Brief(error.to_string()))
}

fn loaded_step(slug: &str) -> Result<Step, StoredError> {
    Step::from_slug(slug).ok_or_else(|| StoredError::Name(slug.to_owned()))
}

fn loaded_features(slugs: &[String]) -> Result<BTreeSet<Feature>, StoredError> {
    slugs
        .iter()
        .map(|slug| Feature::from_slug(slug).ok_or_else(|| StoredError::Name(slug.clone())))
        .collect()
}

impl From<&Live> for StoredLive {
    fn from(live: &Live) -> Self {
        Self { site: live.site, url: live.url.clone(), formal: live.formal }
    }
}

impl From<StoredLive> for Live {
    fn from(stored: StoredLive) -> Self {
        Self { site: stored.site, url: stored.url, formal: stored.formal }
    }
}

impl From<&Slot> for StoredSlot {
    fn from(slot: &Slot) -> Self {
        match slot {
            Slot::Name => Self::Name,
            Slot::Phone => Self::Phone,
            Slot::Address => Self::Address,
            Slot::Hours => Self::Hours,
            Slot::Colour => Self::Colour,
            Slot::Heading => Self::Heading,
            Slot::NewItem => Self::NewItem,
            Slot::RemoveItem => Self::RemoveItem,
            Slot::Price { item } => Self::Price { item: item.clone() },
            Slot::Subdomain => Self::Subdomain,
            Slot::RemovePhoto => Self::RemovePhoto,
            Slot::Words { section, part } => {
                let (part, number) = match part {
                    WordPart::Heading => ("heading", 0),
                    WordPart::Lead => ("lead", 0),
                    WordPart::Paragraph(number) => ("paragraph", *number),
                    WordPart::Action => ("action", 0),
                };
                Self::Words { section: section.slug().to_owned(), part: part.to_owned(), number }
            }
        }
    }
}

impl From<StoredSlot> for Slot {
    fn from(stored: StoredSlot) -> Self {
        match stored {
            StoredSlot::Name => Self::Name,
            StoredSlot::Phone => Self::Phone,
            StoredSlot::Address => Self::Address,
            StoredSlot::Hours => Self::Hours,
            StoredSlot::Colour => Self::Colour,
            StoredSlot::Heading => Self::Heading,
            StoredSlot::NewItem => Self::NewItem,
            StoredSlot::RemoveItem => Self::RemoveItem,
            StoredSlot::Price { item } => Self::Price { item },
            StoredSlot::Subdomain => Self::Subdomain,
            StoredSlot::RemovePhoto => Self::RemovePhoto,
            StoredSlot::Words { section, part, number } => {
                let section = SectionKind::from_slug(&section).unwrap_or(SectionKind::Hero);
                let part = match part.as_str() {
                    "lead" => WordPart::Lead,
                    "paragraph" => WordPart::Paragraph(number),
                    "action" => WordPart::Action,
                    _ => WordPart::Heading,
                };
                Self::Words { section, part }
            }
        }
    }
}
