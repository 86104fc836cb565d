//! States as they are stored: versioned JSON, apart from the types the conversation works with.
//!
//! Every version ever written still loads; fixtures prove it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sitespark_core::brief::{Brief, Feature, StoredBrief};
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::site::Edit;
use sitespark_core::site::document::{DocumentItem, SectionKind};

use super::state::{
    Collecting, Complete, Confirming, Generating, Live, Pending, PickOption, Refining, Reviewing,
    Slot, State, Step, Talk, Told, WordPart,
};
use crate::message::Choice;

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

#[derive(Debug, Default, Serialize, Deserialize)]
struct StoredTalk {
    #[serde(default)]
    last_error: Option<String>,
    #[serde(default)]
    pending: Option<StoredPending>,
    #[serde(default)]
    photos_waiting: u8,
    #[serde(default)]
    offered: Vec<StoredChoice>,
    #[serde(default)]
    answered: Option<String>,
    #[serde(default)]
    late_photos: u8,
    #[serde(default)]
    menus_waiting: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    late_logo: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    told: Vec<StoredTold>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredTold {
    message: String,
    #[serde(default)]
    step: Option<String>,
    text: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredChoice {
    id: String,
    label: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredPending {
    Cancel,
    Restart,
    NewOrChange {
        said: String,
    },
    TakeName {
        name: String,
    },
    Address,
    Menu {
        items: Vec<DocumentItem>,
    },
    WriteAgain {
        run: RunId,
    },
    Pick {
        options: Vec<StoredOption>,
    },
    DeleteSite {
        site: SiteId,
        name: String,
    },
    Forget,
    Rewrite {
        #[serde(default)]
        section: Option<String>,
        said: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredOption {
    label: String,
    edits: Vec<Edit>,
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

impl From<&Talk> for StoredTalk {
    fn from(talk: &Talk) -> Self {
        Self {
            last_error: talk.last_error.clone(),
            pending: talk.pending.as_ref().map(StoredPending::from),
            photos_waiting: talk.photos_waiting,
            offered: talk
                .offered
                .iter()
                .map(|choice| StoredChoice { id: choice.id.clone(), label: choice.label.clone() })
                .collect(),
            answered: talk.answered.map(|step| step.slug().to_owned()),
            late_photos: talk.late_photos,
            menus_waiting: talk.menus_waiting,
            late_logo: talk.late_logo,
            told: talk.told.iter().map(StoredTold::from).collect(),
        }
    }
}

impl From<StoredTalk> for Talk {
    fn from(stored: StoredTalk) -> Self {
        Self {
            last_error: stored.last_error,
            pending: stored.pending.map(Pending::from),
            photos_waiting: stored.photos_waiting,
            offered: stored
                .offered
                .into_iter()
                .map(|choice| Choice { id: choice.id, label: choice.label })
                .collect(),
            answered: stored.answered.as_deref().and_then(Step::from_slug),
            late_photos: stored.late_photos,
            menus_waiting: stored.menus_waiting,
            late_logo: stored.late_logo,
            told: stored.told.into_iter().map(Told::from).collect(),
        }
    }
}

impl From<&Told> for StoredTold {
    fn from(told: &Told) -> Self {
        let step = told.step.map(|step| step.slug().to_owned());
        Self { message: told.message.clone(), step, text: told.text.clone() }
    }
}

impl From<StoredTold> for Told {
    fn from(stored: StoredTold) -> Self {
        let step = stored.step.as_deref().and_then(Step::from_slug);
        Self { message: stored.message, step, text: stored.text }
    }
}

impl From<&Pending> for StoredPending {
    fn from(pending: &Pending) -> Self {
        match pending {
            Pending::Cancel => Self::Cancel,
            Pending::Restart => Self::Restart,
            Pending::NewOrChange { said } => Self::NewOrChange { said: said.clone() },
            Pending::TakeName { name } => Self::TakeName { name: name.clone() },
            Pending::Address => Self::Address,
            Pending::Pick { options } => Self::Pick {
                options: options
                    .iter()
                    .map(|one| StoredOption { label: one.label.clone(), edits: one.edits.clone() })
                    .collect(),
            },
            Pending::DeleteSite { site, name } => {
                Self::DeleteSite { site: *site, name: name.clone() }
            }
            Pending::Forget => Self::Forget,
            Pending::Rewrite { section, said } => Self::Rewrite {
                section: section.map(|kind| kind.slug().to_owned()),
                said: said.clone(),
            },
            Pending::WriteAgain { run } => Self::WriteAgain { run: *run },
            Pending::Menu { items } => Self::Menu { items: items.clone() },
        }
    }
}

impl From<StoredPending> for Pending {
    fn from(stored: StoredPending) -> Self {
        match stored {
            StoredPending::Cancel => Self::Cancel,
            StoredPending::Restart => Self::Restart,
            StoredPending::NewOrChange { said } => Self::NewOrChange { said },
            StoredPending::TakeName { name } => Self::TakeName { name },
            StoredPending::Address => Self::Address,
            StoredPending::Pick { options } => Self::Pick {
                options: options
                    .into_iter()
                    .map(|one| PickOption { label: one.label, edits: one.edits })
                    .collect(),
            },
            StoredPending::DeleteSite { site, name } => Self::DeleteSite { site, name },
            StoredPending::Forget => Self::Forget,
            StoredPending::Rewrite { section, said } => {
                Self::Rewrite { section: section.as_deref().and_then(SectionKind::from_slug), said }
            }
            StoredPending::WriteAgain { run } => Self::WriteAgain { run },
            StoredPending::Menu { items } => Self::Menu { items },
        }
    }
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
