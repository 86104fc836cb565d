//! Exports: a site's files as one `.zip` under a name nobody can guess, for some days.

use rand::RngExt;
use sitespark_core::clock::DAY_MS;
use sitespark_core::db::Db;
use sitespark_core::ids::SiteId;
use sitespark_core::sites::{self, SitesError};
use sitespark_core::storage::{Bytes, Objects};

/// What the keys of exports begin and end with.
pub const EXPORTS: &str = "exports/";
/// See [`EXPORTS`].
pub const ZIP: &str = ".zip";
/// Largest export, in bytes: what every channel still takes as one file.
const BYTES_AT_MOST: usize = 48 * 1_024 * 1_024;
/// How long an export can be fetched.
const KEPT_DAYS: i64 = 7;
/// Random bytes in a token.
const TOKEN_BYTES: usize = 16;

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

/// Puts the live version of a site together and stores it.
///
/// # Errors
/// When the site was never live, or the store does not do it.
pub async fn store(
    db: &Db,
    objects: &Objects,
    site: SiteId,
    now_ms: i64,
) -> Result<Export, SitesError> {
    let found = sites::find_site(db, &site.to_string()).await?;
    let version = sites::version(db, found.version.ok_or(SitesError::Closed)?).await?;
    let files = sites::exported_files(objects, &version).await?;
    let bytes = tokio::task::spawn_blocking(move || sites::zip_of(&files))
        .await
        .map_err(|error| SitesError::Unbuildable(error.to_string()))??;
    if bytes.len() > BYTES_AT_MOST {
        return Err(SitesError::Unbuildable("the export is too large for one file".to_owned()));
    }
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let token = token(now_ms, rand::rng().random());
    let key = key_of(&token);
    objects.put(&key, Bytes::from(bytes)).await?;
    Ok(Export { key, name: format!("{}{ZIP}", found.subdomain), size_bytes })
}

/// The day it was made, and what cannot be guessed.
fn token(now_ms: i64, random: [u8; TOKEN_BYTES]) -> String {
    format!("{}-{}", now_ms.div_euclid(DAY_MS), hex::encode(random))
}

fn key_of(token: &str) -> String {
    format!("{EXPORTS}{token}{ZIP}")
}

/// The bytes of an export that can still be fetched.
pub async fn fetch(objects: &Objects, token: &str, now_ms: i64) -> Option<Bytes> {
    if !is_fresh(token, now_ms) {
        return None;
    }
    objects.get(&key_of(token)).await.ok()
}

/// Removes exports whose days are over. Answers how many.
pub async fn sweep(objects: &Objects, now_ms: i64) -> Result<usize, SitesError> {
    let mut removed = 0;
    for (key, _) in objects.list_in(EXPORTS.trim_end_matches('/')).await? {
        let token = key.strip_prefix(EXPORTS).and_then(|key| key.strip_suffix(ZIP));
        if token.is_some_and(|token| !is_fresh(token, now_ms)) {
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
