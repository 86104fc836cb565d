//! Photos in storage: the master and every width a page may offer, under the master's hash.

use super::{PhotoFault, PreparedPhoto, prepare, render};
use crate::site::{PHOTO_WIDTHS, PhotoUse, WHOLE_PHOTO};
use crate::storage::{Bytes, Objects, StorageError};

/// Why a photo was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// The photo will not do.
    #[error(transparent)]
    Photo(#[from] PhotoFault),
    /// The store did not do it; trying again may help.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Cleans a photo and stores it with every width pages offer. The same photo again changes nothing.
pub async fn store(objects: &Objects, bytes: Vec<u8>) -> Result<PreparedPhoto, StoreFault> {
    let (photo, files) = tokio::task::spawn_blocking(move || prepare_all(&bytes))
        .await
        .map_err(|_| PhotoFault::Damaged)??;
    for (key, bytes) in files {
        objects.put(&key, bytes).await?;
    }
    Ok(photo)
}

fn prepare_all(bytes: &[u8]) -> Result<(PreparedPhoto, Vec<(String, Bytes)>), PhotoFault> {
    let photo = prepare(bytes)?;
    let mut files = Vec::new();
    // A master narrower than every width is offered in its own.
    let offered = PHOTO_WIDTHS.into_iter().filter(|width| *width <= photo.width_px);
    let widths: Vec<u32> = offered.chain([photo.width_px]).collect();
    for width in widths {
        let rendered = render(&photo.jpeg, width)?;
        files.push((key(&photo.id.0, width, "webp"), Bytes::from(rendered.webp)));
        files.push((key(&photo.id.0, width, "jpg"), Bytes::from(rendered.jpeg)));
    }
    files.push((master_key(&photo.id.0), Bytes::from(photo.jpeg.clone())));
    Ok((photo, files))
}

fn key(id: &str, width_px: u32, ending: &str) -> String {
    format!("photos/{id}/{width_px}.{ending}")
}

fn master_key(id: &str) -> String {
    format!("photos/{id}/master.jpg")
}

/// The storage key of a file a page uses: a rendition, or the master where a photo is shown whole.
pub fn rendition_key(file: &PhotoUse) -> String {
    if file.path.ends_with(WHOLE_PHOTO) {
        return master_key(&file.photo);
    }
    key(&file.photo, file.width_px, ending_of(&file.path))
}

/// The media type of a file a page uses.
pub fn media_type(file: &PhotoUse) -> &'static str {
    if ending_of(&file.path) == "webp" { "image/webp" } else { "image/jpeg" }
}

fn ending_of(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}
