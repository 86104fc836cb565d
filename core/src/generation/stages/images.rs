//! Beside the words: which photo stands where. No model is needed.

use crate::brief::{Brief, Photo, PhotoId};

/// Most photos in the gallery.
pub const MAX_GALLERY: usize = 12;
/// A photo narrower than this is no hero, in pixels.
const MIN_HERO_WIDTH_PX: u32 = 600;

/// What stands in the first view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeroImage {
    /// One of the owner's photos.
    Photo(PhotoId),
    /// Art that the theme draws; the place for a picture from an image provider.
    Art,
}

/// Which photo stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImagePlan {
    /// In the first view.
    pub hero: HeroImage,
    /// In the gallery, in order, each once; the hero is not among them.
    pub gallery: Vec<PhotoId>,
}

/// Plans the pictures. Photos of single items stay with their items as long as there are others.
pub fn plan(brief: &Brief) -> ImagePlan {
    let is_item =
        |photo: &Photo| brief.items.iter().any(|item| item.photo.as_ref() == Some(&photo.id));
    let shown = brief.photos.iter().filter(|photo| !photo.is_qris());
    let (items, free): (Vec<_>, Vec<_>) = shown.partition(|photo| is_item(photo));
    let hero = best_hero(&free).or_else(|| best_hero(&items));
    let gallery = if free.iter().any(|photo| Some(&photo.id) != hero) { free } else { items };
    let mut places: Vec<PhotoId> = Vec::new();
    for photo in gallery {
        if places.len() < MAX_GALLERY && Some(&photo.id) != hero && !places.contains(&photo.id) {
            places.push(photo.id.clone());
        }
    }
    ImagePlan { hero: hero.cloned().map_or(HeroImage::Art, HeroImage::Photo), gallery: places }
}

/// The widest landscape photo, else the widest of any shape; the first of equals.
fn best_hero<'a>(photos: &[&'a Photo]) -> Option<&'a PhotoId> {
    let wide_enough = photos.iter().filter(|photo| photo.width_px >= MIN_HERO_WIDTH_PX);
    wide_enough
        .rev()
        .max_by_key(|photo| (photo.width_px > photo.height_px, photo.width_px))
        .map(|photo| &photo.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::{Focus, Item, Rgb};

    fn photo(id: &str, width_px: u32, height_px: u32) -> Photo {
        let colour = Rgb { r: 1, g: 2, b: 3 };
        let (id, focus) = (PhotoId(id.to_owned()), Focus::default());
        Photo { id, width_px, height_px, caption: None, colour, focus }
    }

    fn brief(photos: Vec<Photo>, item_photos: &[&str]) -> Brief {
        let item = |id: &&str| Item {
            name: "roti".to_owned(),
            price: None,
            note: None,
            photo: Some(PhotoId((*id).to_owned())),
        };
        Brief { photos, items: item_photos.iter().map(item).collect(), ..Brief::default() }
    }

    fn ids(plan: &ImagePlan) -> Vec<&str> {
        plan.gallery.iter().map(|id| id.0.as_str()).collect()
    }

    #[test]
    fn the_widest_landscape_leads_and_the_rest_hang() {
        let photos = vec![photo("a", 900, 1600), photo("b", 1200, 800), photo("c", 1000, 700)];
        let plan = plan(&brief(photos, &[]));
        assert_eq!(plan.hero, HeroImage::Photo(PhotoId("b".to_owned())));
        assert_eq!(ids(&plan), ["a", "c"]);
    }

    #[test]
    fn photos_of_items_stay_with_them_while_there_are_others() {
        let photos = vec![photo("a", 2000, 1000), photo("b", 800, 600), photo("c", 700, 500)];
        let plan = plan(&brief(photos, &["a"]));
        assert_eq!(plan.hero, HeroImage::Photo(PhotoId("b".to_owned())));
        assert_eq!(ids(&plan), ["c"]);
    }

    #[test]
    fn photos_of_items_hang_when_there_are_no_others() {
        let photos = vec![photo("a", 2000, 1000), photo("b", 800, 600)];
        let plan = plan(&brief(photos, &["a", "b"]));
        assert_eq!(plan.hero, HeroImage::Photo(PhotoId("a".to_owned())));
        assert_eq!(ids(&plan), ["b"]);
    }

    #[test]
    fn without_a_fitting_photo_there_is_art() {
        assert_eq!(plan(&Brief::default()).hero, HeroImage::Art);
        assert_eq!(plan(&brief(vec![photo("a", 320, 240)], &[])).hero, HeroImage::Art);
    }

    #[test]
    fn the_gallery_is_bounded_and_holds_no_photo_twice() {
        let mut photos: Vec<_> = (0..30).map(|n| photo(&n.to_string(), 800, 600)).collect();
        photos.push(photo("5", 800, 600));
        assert_eq!(plan(&brief(photos, &[])).gallery.len(), MAX_GALLERY);
        let twice = vec![photo("h", 900, 600), photo("a", 800, 600), photo("a", 800, 600)];
        assert_eq!(ids(&plan(&brief(twice, &[]))), ["a"]);
    }
}
