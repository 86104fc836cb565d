//! Which objects the rows of a backup name, and whether they are there as they were.

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::BackupError;
use crate::sites::{Manifest, Pack};

/// The table whose rows name objects.
const NAMING: &str = "versions";
/// Most keys that a sentence names.
const MOST_TOLD: usize = 10;

/// Objects that rows name and that are not there, or not what they were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gaps {
    /// Keys of those that are not there.
    pub missing: Vec<String>,
    /// Keys of those whose bytes are not those of their name.
    pub damaged: Vec<String>,
}

impl Gaps {
    /// Whether nothing is missing or damaged.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.damaged.is_empty()
    }

    /// What is missing and what is damaged, the first of each by name.
    pub fn sentence(&self) -> String {
        let told = |keys: &[String], what: &str| {
            let first =
                keys.iter().take(MOST_TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = match keys.len().saturating_sub(MOST_TOLD) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let (files, are) = if keys.len() == 1 { ("file", "is") } else { ("files", "are") };
            format!("{} {files} that the database names {are} {what}: {first}{more}", keys.len())
        };
        let parts = [(&self.missing, "missing"), (&self.damaged, "damaged")];
        let parts = parts.into_iter().filter(|(keys, _)| !keys.is_empty());
        parts.map(|(keys, what)| told(keys, what)).collect::<Vec<_>>().join("; ")
    }
}

/// What is named, what was found, and what of it is not what it was.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    named: BTreeSet<String>,
    found: BTreeSet<String>,
    damaged: BTreeSet<String>,
}

impl Inventory {
    /// Notes what the rows of a table name, each a line of JSON.
    pub(super) fn name_all(&mut self, table: &str, lines: &[String]) {
        if table == NAMING {
            for line in lines {
                self.name(table, &serde_json::from_str(line).unwrap_or_default());
            }
        }
    }

    /// Notes what one row names.
    pub(super) fn name(&mut self, table: &str, row: &Value) {
        let digest = row["digest"].as_str().filter(|_| table == NAMING);
        let manifest = serde_json::from_value::<Manifest>(row["manifest"].clone());
        if let (Some(digest), Ok(manifest)) = (digest, manifest) {
            self.named.extend(manifest.objects(digest));
        }
    }

    /// Notes an object that is there, and whether it is what its name says.
    pub(super) fn found(&mut self, key: &str, bytes: &[u8]) {
        self.found.insert(key.to_owned());
        if Pack::digest_of(key).is_some_and(|digest| digest != hex::encode(Sha256::digest(bytes))) {
            self.damaged.insert(key.to_owned());
        }
    }

    /// What is named and is not there as it was; an error unless that is allowed.
    pub(super) fn close(self, allow_missing: bool) -> Result<Gaps, BackupError> {
        let gaps = Gaps {
            missing: self.named.difference(&self.found).cloned().collect(),
            damaged: self.named.intersection(&self.damaged).cloned().collect(),
        };
        if gaps.is_empty() || allow_missing { Ok(gaps) } else { Err(BackupError::Incomplete(gaps)) }
    }
}
