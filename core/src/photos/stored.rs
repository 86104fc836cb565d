//! Photos in storage, under their master's hash: the master at once, the files of pages when the first
//! page that shows them is built, or earlier where there is time.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt};
use image::RgbImage;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::{Format, PhotoFault, PreparedPhoto, for_reading, prepare, read, render};
use crate::site::{PhotoUse, WHOLE_PHOTO};
use crate::storage::{Bytes, Objects, StorageError};

/// Photos worked on at once: each may need a hundred megabytes and a core.
const AT_ONCE: usize = 2;
/// How a JPEG begins.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];
static ROOM: Semaphore = Semaphore::const_new(AT_ONCE);

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

/// Cleans a photo and stores its master. The same photo again changes nothing.
pub async fn store(objects: &Objects, bytes: Vec<u8>) -> Result<PreparedPhoto, StoreFault> {
    let photo = work(move || prepare(&bytes)).await?;
    objects.put(&master_key(&photo.id.0), Bytes::from(photo.jpeg.clone())).await?;
    Ok(photo)
}

/// What became of a photo that came from another house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// It is the very photo of this id.
    Same,
    /// Other bytes, cleaned like any photo: it has an id of its own.
    Other(PreparedPhoto),
}

/// Stores a photo that another house called `id`. Whether it is that photo, its bytes say.
pub async fn take_back(
    objects: &Objects,
    id: &str,
    bytes: Vec<u8>,
) -> Result<Returned, StoreFault> {
    let is_master = bytes.starts_with(&JPEG) && hex::encode(Sha256::digest(&bytes)) == id;
    if !is_master {
        return store(objects, bytes).await.map(Returned::Other);
    }
    let master = Bytes::from(bytes);
    let looked_at = master.clone();
    work(move || read(&looked_at).map(drop)).await?;
    objects.put(&master_key(id), master).await?;
    Ok(Returned::Same)
}

/// Whether this is a photo's id: a SHA-256 in hex.
pub fn is_photo_id(id: &str) -> bool {
    id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Cleans a photo that something other than a site keeps.
pub async fn clean(bytes: Vec<u8>) -> Result<PreparedPhoto, PhotoFault> {
    work(move || prepare(&bytes)).await
}

/// The pixels of a stored photo.
pub async fn master(objects: &Objects, photo: &str) -> Result<RgbImage, StoreFault> {
    let jpeg = objects.get(&master_key(photo)).await?;
    Ok(work(move || read(&jpeg)).await?)
}

/// A stored photo as a model is shown it, with its size.
pub async fn legible(objects: &Objects, photo: &str) -> Result<(Vec<u8>, u32, u32), StoreFault> {
    let jpeg = objects.get(&master_key(photo)).await?;
    Ok(work(move || for_reading(&jpeg)).await?)
}

/// Makes the files that are not there yet; answers the size of each in bytes, in order.
pub async fn complete(objects: &Objects, files: &[PhotoUse]) -> Result<Vec<u64>, StoreFault> {
    let mut by_photo: BTreeMap<String, Vec<PhotoUse>> = BTreeMap::new();
    for file in files {
        by_photo.entry(file.photo.clone()).or_default().push(file.clone());
    }
    let sizes: Vec<_> = futures::stream::iter(by_photo)
        .map(|(photo, files)| complete_one(objects.clone(), photo, files))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let sizes: BTreeMap<String, u64> = sizes.into_iter().flatten().collect();
    Ok(files.iter().map(|file| sizes.get(&rendition_key(file)).copied().unwrap_or(0)).collect())
}

async fn complete_one(
    objects: Objects,
    photo: String,
    files: Vec<PhotoUse>,
) -> Result<Vec<(String, u64)>, StoreFault> {
    let mut sizes = Vec::new();
    let mut missing = Vec::new();
    for file in files {
        let key = rendition_key(&file);
        match objects.size(&key).await {
            Ok(size) => sizes.push((key, size)),
            Err(StorageError::NotFound(_)) => missing.push((key, file.width_px)),
            Err(error) => return Err(error.into()),
        }
    }
    if missing.is_empty() {
        return Ok(sizes);
    }
    let jpeg = objects.get(&master_key(&photo)).await?;
    let made = work(move || render_all(&jpeg, missing)).await?;
    for (key, bytes) in made {
        sizes.push((key.clone(), bytes.len() as u64));
        objects.put(&key, Bytes::from(bytes)).await?;
    }
    Ok(sizes)
}

fn render_all(
    master: &[u8],
    wanted: Vec<(String, u32)>,
) -> Result<Vec<(String, Vec<u8>)>, PhotoFault> {
    let image = read(master)?;
    let one = |(key, width_px): (String, u32)| {
        let bytes = render(&image, width_px, Format::of_path(&key))?;
        Ok((key, bytes))
    };
    wanted.into_iter().map(one).collect()
}

/// Works on pixels apart from the threads that answer, when there is room.
async fn work<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, PhotoFault> + Send + 'static,
) -> Result<T, PhotoFault> {
    let _room = ROOM.acquire().await.map_err(|_| PhotoFault::Damaged)?;
    tokio::task::spawn_blocking(task).await.map_err(|_| PhotoFault::Damaged)?
}

/// The storage key of a master.
pub fn master_key(id: &str) -> String {
    format!("photos/{id}/master.jpg")
}

/// The storage key of a file a page uses: a rendition, or the master where a photo is shown whole.
pub fn rendition_key(file: &PhotoUse) -> String {
    if file.path.ends_with(WHOLE_PHOTO) {
        return master_key(&file.photo);
    }
    let ending = Format::of_path(&file.path).ending();
    format!("photos/{}/{}.{ending}", file.photo, file.width_px)
}

/// The media type of a file a page uses.
pub fn media_type(file: &PhotoUse) -> &'static str {
    Format::of_path(&file.path).media_type()
}
