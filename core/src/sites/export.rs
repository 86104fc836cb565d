//! A version as files to take away: its document, its pages, its pictures.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use super::{Pack, PackedFile, SitesError, Version};
use crate::photos::{is_photo_id, master_key};
use crate::site::document::{Document, DocumentPhoto};
use crate::site::{ORDER_SHEET, WHOLE_PHOTO, files_of, without_order_list};
use crate::storage::{Objects, StorageError};

/// The document's name beside the built files.
pub const DOCUMENT: &str = "document.json";
/// The folder of the photos' masters beside the built files.
const ORIGINALS: &str = "originals";

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its path without a slash in front; it never climbs.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files of a version: the document first.
pub async fn exported_files(
    objects: &Objects,
    version: &Version,
) -> Result<Vec<ExportedFile>, SitesError> {
    let document = serde_json::to_vec_pretty(&version.document)
        .map_err(|error| SitesError::Corrupt(error.to_string()))?;
    let mut files = vec![ExportedFile { name: DOCUMENT.to_owned(), bytes: document }];
    for (path, file) in &version.manifest.files {
        let bytes = read_file(objects, &version.digest, file).await?;
        // Nothing answers a form in a folder; the order link of each item stays.
        let is_page = file.media_type.starts_with("text/html") || path == ORDER_SHEET;
        let kept = if is_page { without_order_list(path, bytes) } else { Some(bytes) };
        files.extend(kept.map(|bytes| ExportedFile { name: file_name(path), bytes }));
    }
    Ok(files)
}

/// The masters of a document's photos, for another house to show them. One that is not in the store any
/// more is left out.
pub async fn exported_originals(
    objects: &Objects,
    document: &Document,
) -> Result<Vec<ExportedFile>, SitesError> {
    let photos = pictures(document).filter(|photo| is_photo_id(&photo.id));
    let once: BTreeMap<&str, _> = photos.map(|photo| (photo.id.as_str(), photo)).collect();
    let mut files = Vec::new();
    for photo in once.into_values() {
        match objects.get(&master_key(&photo.id)).await {
            Ok(bytes) => {
                files.push(ExportedFile { name: original_name(photo), bytes: bytes.to_vec() });
            }
            Err(StorageError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(files)
}

/// Every picture a document names.
pub fn pictures(document: &Document) -> impl Iterator<Item = &DocumentPhoto> {
    let business = &document.business;
    let painted = business.illustration.iter().chain(business.small_illustrations.values());
    business.photos.iter().chain(&business.logo).chain(&business.qris).chain(painted)
}

/// Names under which an export may hold a photo, the best first: its master, the whole picture, then what
/// pages show of it, the widest first.
pub fn names_of_photo(photo: &DocumentPhoto) -> Vec<String> {
    let mut files = files_of(&photo.id, photo.width_px);
    // Nobody reads AVIF back here.
    files.retain(|file| !file.path.ends_with(".avif"));
    files.sort_by_key(|file| std::cmp::Reverse(file.width_px));
    let stem = photo.id.get(..16).unwrap_or(&photo.id);
    let shown = files.iter().map(|file| file_name(&file.path));
    [original_name(photo), format!("photos/{stem}{WHOLE_PHOTO}")].into_iter().chain(shown).collect()
}

fn original_name(photo: &DocumentPhoto) -> String {
    format!("{ORIGINALS}/{}.jpg", photo.id)
}

/// The plain bytes of one file of a version whose pack has this digest.
pub(crate) async fn read_file(
    objects: &Objects,
    digest: &str,
    file: &PackedFile,
) -> Result<Vec<u8>, SitesError> {
    let key = file.object.clone().unwrap_or_else(|| Pack::key(digest));
    let (at, length) = file.plain;
    Ok(objects.get_range(&key, at..at + length).await?.to_vec())
}

/// `/` is `index.html`; paths come from our own manifest and never climb.
fn file_name(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

/// The files as one `.zip`.
///
/// # Errors
/// When they cannot be written as one.
pub fn zip_of(files: &[ExportedFile]) -> Result<Vec<u8>, SitesError> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let failed = |error: zip::result::ZipError| SitesError::Unbuildable(error.to_string());
    for file in files {
        zip.start_file(file.name.as_str(), zip::write::SimpleFileOptions::default())
            .map_err(failed)?;
        zip.write_all(&file.bytes).map_err(|error| SitesError::Unbuildable(error.to_string()))?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_become_files_that_a_browser_opens() {
        assert_eq!(file_name("/"), "index.html");
        assert_eq!(file_name("/tentang/"), "tentang/index.html");
        assert_eq!(file_name("/og.png"), "og.png");
    }

    #[test]
    fn a_zip_holds_every_file_as_it_was() {
        let files = [
            ExportedFile { name: "index.html".to_owned(), bytes: b"<p>halo".to_vec() },
            ExportedFile { name: "foto/a.webp".to_owned(), bytes: vec![0, 255, 7] },
        ];
        let mut archive =
            zip::ZipArchive::new(Cursor::new(zip_of(&files).expect("small"))).expect("a zip");
        for file in &files {
            let mut bytes = Vec::new();
            let mut entry = archive.by_name(&file.name).expect("it is there");
            std::io::Read::read_to_end(&mut entry, &mut bytes).expect("it can be read");
            assert_eq!(bytes, file.bytes);
        }
    }
}
