//! What a site is, apart from its content. Pure.

use crate::ids::{SiteId, VersionId, WorkspaceId};
use crate::site::document::Document;

use super::Manifest;

/// Whether visitors see a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteStatus {
    /// Named, not yet built.
    Draft,
    /// Seen.
    Live,
    /// Taken off by the operator.
    Suspended,
    /// Gone.
    Deleted,
}

impl SiteStatus {
    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Live => "live",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }

    /// The status of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Draft, Self::Live, Self::Suspended, Self::Deleted]
            .into_iter()
            .find(|status| status.slug() == slug)
    }
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Which.
    pub id: SiteId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The business's name.
    pub name: String,
    /// The name below the sites' domain.
    pub subdomain: String,
    /// Whether visitors see it.
    pub status: SiteStatus,
    /// What they see.
    pub version: Option<VersionId>,
    /// When it was named, epoch milliseconds.
    pub created_at_ms: i64,
}

/// A site as its owner's talk knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnedSite {
    /// The site.
    pub site: Site,
    /// Its items as they stand in the document.
    pub items: serde_json::Value,
    /// Its number as E.164.
    pub phone: Option<String>,
}

/// A frozen document with its built files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub id: VersionId,
    /// Whose.
    pub site: SiteId,
    /// Counted from 1 within the site.
    pub number: i64,
    /// The version that was live when this one was made.
    pub parent: Option<VersionId>,
    /// SHA-256 of the packed files, in hex.
    pub digest: String,
    /// The site as data.
    pub document: Document,
    /// Where each file lies in the pack.
    pub manifest: Manifest,
}

/// What a host needs to serve a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSite {
    /// Which.
    pub id: SiteId,
    /// Whether visitors see it.
    pub status: SiteStatus,
    /// SHA-256 of the pack; empty for a draft.
    pub digest: String,
    /// Where each file lies in the pack.
    pub manifest: Manifest,
}

/// Where a name leads that a site gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerName {
    /// The name the site has now.
    pub now: String,
    /// Until when, epoch milliseconds.
    pub until_ms: i64,
}

/// How often a site's pages were viewed on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageViews {
    /// The site.
    pub site: SiteId,
    /// In days since the epoch.
    pub day: i64,
    /// How often.
    pub views: i64,
}

/// A line of the feed of site changes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChangeLine {
    /// Its number.
    pub seq: i64,
    /// The name that shows something else now.
    pub subdomain: String,
    /// When, epoch milliseconds.
    pub at_ms: i64,
}

/// The cause of a version that says in other words what the last of `versions` said. What made the site
/// (`first`) rewords it; `versions` leads from what was live then to what is reworded.
pub fn reworded(first: &str, versions: &[VersionId]) -> String {
    versions.iter().fold(first.to_owned(), |cause, version| format!("{cause}:{version}"))
}

/// Which version the version of this cause says in other words: the reverse of [`reworded`].
pub(super) fn rewords(cause: &str) -> Option<VersionId> {
    let (first, version) = cause.rsplit_once(':')?;
    first.starts_with("run:").then(|| version.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_tells_which_version_it_rewords() {
        let [run, base, old] = [VersionId::fresh(), VersionId::fresh(), VersionId::fresh()];
        let first = format!("run:{run}");
        assert_eq!(rewords(&reworded(&first, &[base])), Some(base));
        assert_eq!(rewords(&reworded(&first, &[base, old])), Some(old));
        for other in [first, format!("job:{base}"), format!("job:turn:{base}"), String::new()] {
            assert_eq!(rewords(&other), None, "{other}");
        }
    }
}
