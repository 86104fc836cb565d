//! Exports: a site's files as one `.zip`, or its poster as a `.pdf`, under a name nobody can guess, for some
//! days.

use rand::RngExt;
use sitespark_core::clock::DAY_MS;
use sitespark_core::db::Db;
use sitespark_core::ids::SiteId;
use sitespark_core::site::{POSTER, SHEET_TYPE, sheet};
use sitespark_core::sites::{self, ExportedFile, SitesError};
use sitespark_core::storage::{Bytes, Objects};

/// What the keys of exports begin with.
const EXPORTS: &str = "exports/";
/// Largest export, in bytes: what every channel still takes as one file.
const BYTES_AT_MOST: usize = 48 * 1_024 * 1_024;
/// How long an export can be fetched.
const KEPT_DAYS: i64 = 7;
/// Random bytes in a token.
const TOKEN_BYTES: usize = 16;

/// What can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takeaway {
    /// All files of a site.
    Site,
    /// Its poster, to be printed.
    Poster,
}

impl Takeaway {
    const ALL: [Self; 2] = [Self::Site, Self::Poster];

    /// What its key and its file's name end with.
    const fn ending(self) -> &'static str {
        match self {
            Self::Site => ".zip",
            Self::Poster => ".pdf",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Site => "application/zip",
            Self::Poster => SHEET_TYPE,
        }
    }

    /// What a key or a file's name speaks of.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| name.ends_with(what.ending()))
    }

    /// The token in a key, and what it is for.
    pub fn token_of(key: &str) -> Option<(Self, &str)> {
        let what = Self::of(key)?;
        Some((what, key.strip_prefix(EXPORTS)?.strip_suffix(what.ending())?))
    }

    fn key(self, token: &str) -> String {
        format!("{EXPORTS}{token}{}", self.ending())
    }
}

/// A stored export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Storage key.
    pub key: String,
    /// File name.
    pub name: String,
    /// Its size.
    pub size_bytes: i64,
}

/// Puts what is asked for of the live version of a site together and stores it.
///
/// # Errors
/// When the site was never live, or the store does not do it.
pub async fn store(
    db: &Db,
    objects: &Objects,
    (site, what): (SiteId, Takeaway),
    now_ms: i64,
) -> Result<Export, SitesError> {
    let found = sites::find_site(db, &site.to_string()).await?;
    let version = sites::version(db, found.version.ok_or(SitesError::Closed)?).await?;
    let files = sites::exported_files(objects, &version).await?;
    let put_together = move || match what {
        Takeaway::Site => sites::zip_of(&files),
        Takeaway::Poster => poster_of(&files),
    };
    let bytes = tokio::task::spawn_blocking(put_together)
        .await
        .map_err(|error| SitesError::Unbuildable(error.to_string()))??;
    if bytes.len() > BYTES_AT_MOST {
        return Err(SitesError::Unbuildable("the export is too large for one file".to_owned()));
    }
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let key = what.key(&token(now_ms, rand::rng().random()));
    objects.put(&key, Bytes::from(bytes)).await?;
    Ok(Export { key, name: format!("{}{}", found.subdomain, what.ending()), size_bytes })
}

fn poster_of(files: &[ExportedFile]) -> Result<Vec<u8>, SitesError> {
    let poster = files.iter().find(|file| POSTER.strip_prefix('/') == Some(file.name.as_str()));
    let drawing = poster.and_then(|file| std::str::from_utf8(&file.bytes).ok());
    drawing
        .and_then(sheet)
        .ok_or_else(|| SitesError::Unbuildable("the site has no poster".to_owned()))
}

/// The day it was made, and what cannot be guessed.
fn token(now_ms: i64, random: [u8; TOKEN_BYTES]) -> String {
    format!("{}-{}", now_ms.div_euclid(DAY_MS), hex::encode(random))
}

/// The bytes of an export that can still be fetched.
pub async fn fetch(objects: &Objects, what: Takeaway, token: &str, now_ms: i64) -> Option<Bytes> {
    if !is_fresh(token, now_ms) {
        return None;
    }
    objects.get(&what.key(token)).await.ok()
}

/// Removes exports whose days are over. Answers how many.
pub async fn sweep(objects: &Objects, now_ms: i64) -> Result<usize, SitesError> {
    let mut removed = 0;
    for (key, _) in objects.list_in(EXPORTS.trim_end_matches('/')).await? {
        if Takeaway::token_of(&key).is_some_and(|(_, token)| !is_fresh(token, now_ms)) {
            objects.delete(&key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// A token of ours that is not too old; nothing else can name an object.
fn is_fresh(token: &str, now_ms: i64) -> bool {
    let Some((day, random)) = token.split_once('-') else { return false };
    let sound = random.len() == 2 * TOKEN_BYTES && random.bytes().all(|b| b.is_ascii_hexdigit());
    let age = day.parse::<i64>().map(|day| now_ms.div_euclid(DAY_MS) - day);
    sound && age.is_ok_and(|age| (0..=KEPT_DAYS).contains(&age))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_works_for_a_week_and_names_nothing_else() {
        let made = token(20_000 * DAY_MS, [7; TOKEN_BYTES]);
        assert!(is_fresh(&made, 20_000 * DAY_MS));
        assert!(is_fresh(&made, 20_007 * DAY_MS));
        assert!(!is_fresh(&made, 20_008 * DAY_MS));
        for other in
            ["", "20000-", "20000-../../x", "20000-zz", "x-07070707070707070707070707070707"]
        {
            assert!(!is_fresh(other, 20_000 * DAY_MS), "{other}");
        }
    }
}
