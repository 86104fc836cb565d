//! The twenty-four briefs of `core/briefs`, through the built-in writer to finished pages, held to what
//! every page must be. Snapshots show what a visitor reads.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod html;
mod judges;
mod outline;

use std::collections::BTreeMap;

use sitespark_core::generation;
use sitespark_core::photos;
use sitespark_core::site::document::Document;
use sitespark_core::site::{BuiltSite, Pixels, Place, compile_with, lead_photo};
use sitespark_core::testing::briefs::{self, Case};

/// A brief and all that came of it.
struct Made {
    case: Case,
    document: Document,
    site: BuiltSite,
}

fn place(name: &str) -> Place {
    Place {
        origin: format!("https://{name}.example.id"),
        operator: "SiteSpark".to_owned(),
        updated_at_ms: 1_820_000_000_000,
    }
}

fn make(name: &str) -> Made {
    let case = briefs::case(name);
    let document = generation::sketch(&case.brief);
    let lead = lead_photo(&document)
        .and_then(|lead| case.photos.iter().find(|photo| photo.id.0 == lead.id))
        .map(|photo| photos::read(&photo.jpeg).unwrap());
    let pixels = Pixels { lead, logo: None };
    let site = compile_with(&document, &place(name), &pixels).unwrap();
    Made { case, document, site }
}

impl Made {
    /// Its HTML pages by path.
    fn pages(&self) -> BTreeMap<&str, &str> {
        let pages = self.site.files.iter().filter(|file| file.path.ends_with(".html"));
        pages.map(|file| (file.path.as_str(), std::str::from_utf8(&file.bytes).unwrap())).collect()
    }
}

/// Photo ids by their place, so that snapshots do not hang on a coder's last bit.
fn with_named_photos(text: &str, case: &Case) -> String {
    case.photos.iter().enumerate().fold(text.to_owned(), |text, (at, photo)| {
        let name = format!("photo-{}", at + 1);
        text.replace(&photo.id.0, &name)
            .replace(&photo.id.0[..16], &name)
            .replace(&format!("x{}", &photo.id.0[..7]), &name)
    })
}

macro_rules! each_brief {
    ($($test:ident = $name:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                let made = make($name);
                judges::judge(&made);
                let mut document = made.document.clone();
                for photo in &mut document.business.photos {
                    // Kept out of the snapshot: a resizer's rounding may differ between machines.
                    (photo.focus, photo.colour) = (None, String::new());
                }
                let json = serde_json::to_string(&document).unwrap();
                let json = with_named_photos(&outline::lines_of(&json), &made.case);
                insta::assert_snapshot!(concat!($name, "-document"), json);
                let home = outline::of(made.pages()["/index.html"]);
                insta::assert_snapshot!(concat!($name, "-home"), with_named_photos(&home, &made.case));
            }
        )*

        #[test]
        fn no_brief_is_left_out() {
            assert_eq!(briefs::names().collect::<Vec<_>>(), [$($name),*]);
        }
    };
}

each_brief! {
    food_in_indonesian = "food-id",
    food_in_one_word_answers = "food-en",
    bakery_with_photos_and_no_colour = "bakery-id",
    bakery_in_long_answers = "bakery-en",
    fashion_without_prices = "fashion-id",
    fashion_in_english = "fashion-en",
    salon_in_long_answers = "salon-id",
    salon_in_english = "salon-en",
    laundry_in_indonesian = "laundry-id",
    laundry_full_of_markup = "laundry-en",
    workshop_in_indonesian = "workshop-id",
    workshop_in_one_word_answers = "workshop-en",
    clinic_with_a_landline = "clinic-id",
    clinic_that_never_closes = "clinic-en",
    tutoring_with_orders_to_a_model = "tutoring-id",
    tutoring_in_english = "tutoring-en",
    photography_with_many_photos = "photography-id",
    photography_in_english = "photography-en",
    events_without_items = "events-id",
    events_in_english = "events-en",
    contractor_in_long_answers = "contractor-id",
    contractor_in_english = "contractor-en",
    shop_with_a_long_list = "shop-id",
    shop_full_of_odd_signs = "shop-en",
}

#[test]
fn the_same_brief_gives_the_same_bytes() {
    for name in ["fashion-id", "laundry-en", "shop-id"] {
        assert_eq!(make(name).site, make(name).site, "{name}");
    }
}
