//! What an owner told us, as typed values, each beside the words it came from.
//!
//! Pure: no clock, no IO. Everything a site claims must trace back to a [`Brief`].

use std::collections::BTreeSet;

use super::{Certificate, Email, Hours, Link, Phone, Price, Rgb, TimeZone};

/// The two languages everything a person reads exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    /// Bahasa Indonesia.
    #[default]
    Id,
    /// English.
    En,
}

impl Language {
    /// Both, in order of preference.
    pub const ALL: [Self; 2] = [Self::Id, Self::En];

    /// The IETF tag: `id` or `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The other of the two.
    pub const fn other(self) -> Self {
        match self {
            Self::Id => Self::En,
            Self::En => Self::Id,
        }
    }

    /// Reads a tag such as `id`, `en-US`, `in`; `None` for other languages.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "id" | "in" | "ms" | "jv" | "su" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// A value together with what the owner literally said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What we understood.
    pub value: T,
    /// What was said.
    pub said: String,
}

impl<T> Answer<T> {
    /// An answer understood from `said`.
    pub fn new(value: T, said: impl Into<String>) -> Self {
        Self { value, said: said.into() }
    }
}

/// The line of business, as far as it changes words, looks and structured data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trade {
    /// Warung, café, restaurant, catering.
    Food,
    /// Bread, cakes, cookies.
    Bakery,
    /// Clothes, hijab, shoes, bags.
    Fashion,
    /// Salon, barber, nails, spa.
    Salon,
    /// Laundry and dry cleaning.
    Laundry,
    /// Motorbike, car and repair workshops.
    Workshop,
    /// Doctor, dentist, midwife, veterinarian, pharmacy.
    Clinic,
    /// Courses, tutors, training.
    Tutoring,
    /// Photo and video.
    Photography,
    /// Weddings, decoration, organisers.
    Events,
    /// Building, renovation, interior.
    Contractor,
    /// Retail of goods: grocery, crafts, plants, electronics.
    Shop,
    /// Software, computers, digital services.
    Technology,
    /// Anything else.
    Other,
}

impl Trade {
    /// Every trade, in the order they are offered.
    pub const ALL: [Self; 14] = [
        Self::Food,
        Self::Bakery,
        Self::Fashion,
        Self::Salon,
        Self::Laundry,
        Self::Workshop,
        Self::Clinic,
        Self::Tutoring,
        Self::Photography,
        Self::Events,
        Self::Contractor,
        Self::Shop,
        Self::Technology,
        Self::Other,
    ];

    /// The stable name: in choices, stored data, theme files and metrics.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Bakery => "bakery",
            Self::Fashion => "fashion",
            Self::Salon => "salon",
            Self::Laundry => "laundry",
            Self::Workshop => "workshop",
            Self::Clinic => "clinic",
            Self::Tutoring => "tutoring",
            Self::Photography => "photography",
            Self::Events => "events",
            Self::Contractor => "contractor",
            Self::Shop => "shop",
            Self::Technology => "technology",
            Self::Other => "other",
        }
    }

    /// The trade of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trade| trade.slug() == slug)
    }
}

/// What a visitor should find on the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    /// Products or services, with prices where given.
    Catalogue,
    /// Photos.
    Gallery,
    /// Ordering by WhatsApp.
    Order,
    /// Booking or asking by a form.
    Booking,
    /// Opening hours, address, map link.
    Visit,
    /// Who we are.
    About,
    /// Common questions.
    Faq,
}

impl Feature {
    /// Every feature, in the order they are offered.
    pub const ALL: [Self; 7] = [
        Self::Catalogue,
        Self::Order,
        Self::Gallery,
        Self::Visit,
        Self::Booking,
        Self::About,
        Self::Faq,
    ];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Gallery => "gallery",
            Self::Order => "order",
            Self::Booking => "booking",
            Self::Visit => "visit",
            Self::About => "about",
            Self::Faq => "faq",
        }
    }

    /// The feature of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.slug() == slug)
    }
}

/// How the site should feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tone {
    /// Friendly, homely.
    Warm,
    /// Clean, contemporary.
    Modern,
    /// Quiet, fine.
    Elegant,
    /// Playful, bright.
    Cheerful,
    /// Plain, trustworthy.
    Professional,
}

impl Tone {
    /// Every tone, in the order they are offered.
    pub const ALL: [Self; 5] =
        [Self::Warm, Self::Modern, Self::Elegant, Self::Cheerful, Self::Professional];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Warm => "warm",
            Self::Modern => "modern",
            Self::Elegant => "elegant",
            Self::Cheerful => "cheerful",
            Self::Professional => "professional",
        }
    }

    /// The tone of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.slug() == slug)
    }
}

/// Tone and colour, either left to us when absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// How it should feel.
    pub tone: Option<Tone>,
    /// The owner's colour.
    pub colour: Option<Rgb>,
}

/// How customers reach the business.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// WhatsApp or telephone.
    pub phone: Option<Phone>,
    /// Street address, as said.
    pub address: Option<String>,
    /// Town or area, as said.
    pub city: Option<String>,
    /// Opening hours.
    pub hours: Option<Hours>,
    /// The time zone, when said; otherwise the town tells it.
    pub time_zone: Option<TimeZone>,
    /// E-mail.
    pub email: Option<Email>,
    /// Social and marketplace pages.
    pub links: Vec<Link>,
}

/// A product or service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub name: String,
    /// What it costs, if said.
    pub price: Option<Price>,
    /// A short remark, if said.
    pub note: Option<String>,
    /// Index-free reference to an owner's photo.
    pub photo: Option<PhotoId>,
}

/// The content hash (SHA-256, 64 lower-case hex digits) of a stored photo's master.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhotoId(pub String);

impl Photo {
    /// Whether the owner marked it as the picture of their QRIS code: a short caption that says so and
    /// names no price.
    pub fn is_qris(&self) -> bool {
        const MOST_WORDS: usize = 8;
        self.caption.as_deref().is_some_and(|caption| {
            let words = super::folded_words(caption);
            words.len() <= MOST_WORDS
                && words.iter().any(|word| word == "qris")
                && super::find_prices(caption).is_empty()
        })
    }
}

/// What an owner sent a photo for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PhotoRole {
    /// To be shown among the photos.
    #[default]
    Shown,
    /// It is the logo.
    Logo,
    /// To be read: it shows what is sold.
    Menu,
}

impl PhotoRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Shown, Self::Logo, Self::Menu];

    /// The stable name: in jobs and reports.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Logo => "logo",
            Self::Menu => "menu",
        }
    }

    /// The role of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }
}

/// A photo the owner sent, already cleaned and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Which stored picture.
    pub id: PhotoId,
    /// Width of the master in pixels.
    pub width_px: u32,
    /// Height of the master in pixels.
    pub height_px: u32,
    /// What the owner wrote with it.
    pub caption: Option<String>,
    /// Its dominant colour.
    pub colour: Rgb,
    /// What frames of another shape keep in sight.
    pub focus: Focus,
}

/// Where a frame of another shape lies over a photo, from 0 (its left, its top) to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Focus {
    /// Across.
    pub x_pct: u8,
    /// Down.
    pub y_pct: u8,
}

impl Default for Focus {
    fn default() -> Self {
        Self { x_pct: 50, y_pct: 50 }
    }
}

impl Focus {
    /// As it is stored: `None` for the middle.
    pub fn stored(self) -> Option<[u8; 2]> {
        (self != Self::default()).then_some([self.x_pct, self.y_pct])
    }

    /// From its stored form.
    pub fn from_stored(stored: Option<[u8; 2]>) -> Self {
        let within =
            |[x_pct, y_pct]: [u8; 2]| Self { x_pct: x_pct.min(100), y_pct: y_pct.min(100) };
        stored.map_or_else(Self::default, within)
    }
}

/// Everything an owner told us for one site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brief {
    /// The language of the site.
    pub language: Language,
    /// Step one.
    pub trade: Option<Answer<Trade>>,
    /// Step two: 2 to 60 characters.
    pub name: Option<Answer<String>>,
    /// Step three: for whom, in the owner's words; an empty value means "everyone".
    pub audience: Option<Answer<String>>,
    /// Step four.
    pub features: Option<Answer<BTreeSet<Feature>>>,
    /// Products or services, told at any time.
    pub items: Vec<Item>,
    /// Step five.
    pub style: Option<Answer<Style>>,
    /// Step six; present and empty when the owner skipped it.
    pub contact: Option<Answer<Contact>>,
    /// True sentences told about the business outside the six answers.
    pub notes: Vec<String>,
    /// Photos sent so far.
    pub photos: Vec<Photo>,
    /// The logo, when the owner sent one; never among the photos.
    pub logo: Option<Photo>,
    /// Certificates and licences, each with its number.
    pub certificates: Vec<Certificate>,
    /// A second language the site shall also be in.
    pub second_language: Option<Language>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("QRIS", true)]
    #[case("ini qris toko kami ya kak", true)]
    #[case("Nastar 85rb, bisa QRIS", false)]
    #[case("foto depan toko", false)]
    fn a_short_caption_marks_the_qris_picture(#[case] caption: &str, #[case] is_qris: bool) {
        let photo = Photo {
            id: PhotoId("aa".to_owned()),
            width_px: 8,
            height_px: 8,
            caption: Some(caption.to_owned()),
            colour: Rgb { r: 0, g: 0, b: 0 },
            focus: Focus::default(),
        };
        assert_eq!(photo.is_qris(), is_qris);
    }
}
