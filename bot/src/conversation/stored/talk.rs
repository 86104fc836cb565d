//! What was said and is waited for, beside the answers.

use serde::{Deserialize, Serialize};
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::site::Edit;
use sitespark_core::site::document::{DocumentItem, SectionKind};

use crate::conversation::state::{Pending, PickOption, Step, Talk, Told};
use crate::message::Choice;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct StoredTalk {
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    removed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spoken: Option<String>,
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
            missed: talk.missed.map(|step| step.slug().to_owned()),
            removed: talk.removed.clone(),
            spoken: talk.spoken.clone(),
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
            missed: stored.missed.as_deref().and_then(Step::from_slug),
            removed: stored.removed,
            spoken: stored.spoken,
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
