//! Photos out, and the one that comes first.

use super::super::document::Document;
use super::super::edit::{EditError, PhotoPick};

/// Where a photo stands among those of the site.
pub(super) fn find(document: &Document, pick: &PhotoPick) -> Result<usize, EditError> {
    let photos = &document.business.photos;
    let (found, said) = match pick {
        PhotoPick::Id { id } => (photos.iter().position(|one| one.id == *id), id.clone()),
        PhotoPick::Number { number } => {
            let at = usize::try_from(*number).ok().and_then(|number| number.checked_sub(1));
            (at.filter(|at| *at < photos.len()), number.to_string())
        }
        PhotoPick::Last => (photos.len().checked_sub(1), String::new()),
    };
    found.ok_or(EditError::NotFound(said))
}

/// Takes a photo out of the gallery, the first view and the items.
pub(super) fn remove(document: &mut Document, pick: &PhotoPick) -> Result<(), EditError> {
    let at = find(document, pick)?;
    let gone = document.business.photos.remove(at);
    for item in &mut document.business.items {
        if item.photo.as_deref() == Some(gone.id.as_str()) {
            item.photo = None;
        }
    }
    Ok(())
}

/// The first photo is the one of the first view.
pub(super) fn show_first(document: &mut Document, pick: &PhotoPick) -> Result<(), EditError> {
    let at = find(document, pick)?;
    document.business.photos[..=at].rotate_right(1);
    Ok(())
}
