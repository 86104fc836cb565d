//! The briefs of `core/briefs`: twelve trades in both languages, as owners tell them, from one word to
//! a flood, with photos and without, some of them hostile. Read by the parsers that read owners.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::scenes;
use crate::brief::{
    Answer, Brief, Contact, Email, Feature, Hours, Language, Link, Phone, Photo, PhotoId, Rgb,
    Style, Tone, Trade, parse_items,
};
use crate::photos::{self, PreparedPhoto};

/// One brief with its photos.
#[derive(Debug)]
pub struct Case {
    /// The file's name without its ending.
    pub name: &'static str,
    /// What the owner told.
    pub brief: Brief,
    /// The photos it refers to, in its order.
    pub photos: Vec<PreparedPhoto>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    language: String,
    trade: String,
    trade_said: String,
    name: String,
    audience: String,
    features: Option<Vec<String>>,
    #[serde(default)]
    items: String,
    tone: Option<String>,
    colour: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    city: Option<String>,
    hours: Option<String>,
    email: Option<String>,
    #[serde(default)]
    links: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    photos: Vec<Shot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shot {
    scene: String,
    size: (u32, u32),
    caption: Option<String>,
    item: Option<String>,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../briefs/", $name, ".toml")))),*]
    };
}

const FILES: [(&str, &str); 24] = files![
    "food-id",
    "food-en",
    "bakery-id",
    "bakery-en",
    "fashion-id",
    "fashion-en",
    "salon-id",
    "salon-en",
    "laundry-id",
    "laundry-en",
    "workshop-id",
    "workshop-en",
    "clinic-id",
    "clinic-en",
    "tutoring-id",
    "tutoring-en",
    "photography-id",
    "photography-en",
    "events-id",
    "events-en",
    "contractor-id",
    "contractor-en",
    "shop-id",
    "shop-en",
];

/// The names of all briefs.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// Reads a brief and draws its photos.
///
/// # Panics
/// When there is no brief of that name or it cannot be read.
pub fn case(name: &str) -> Case {
    let (name, text) =
        FILES.iter().find(|(one, _)| *one == name).expect("a name from the list of briefs");
    read(name, text)
}

/// Reads a brief that is told like those of `core/briefs`, and draws its photos.
///
/// # Panics
/// When it cannot be read.
pub fn read(name: &'static str, text: &str) -> Case {
    let told: Told = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut brief = told.brief();
    let photos: Vec<PreparedPhoto> = (0..)
        .zip(&told.photos)
        .map(|(at, shot)| {
            let seed = name.bytes().fold(at, |seed, byte| seed * 31 % 65_521 + u32::from(byte));
            let jpeg = scenes::draw(&shot.scene, shot.size, seed);
            photos::prepare(&jpeg).unwrap_or_else(|error| panic!("{name}: {error}"))
        })
        .collect();
    for (shot, photo) in told.photos.iter().zip(&photos) {
        add_photo(&mut brief, shot, photo);
    }
    Case { name, brief, photos }
}

fn add_photo(brief: &mut Brief, shot: &Shot, photo: &PreparedPhoto) {
    let shown = brief.items.iter_mut().find(|item| Some(&item.name) == shot.item.as_ref());
    assert_eq!(shown.is_some(), shot.item.is_some(), "no item {:?}", shot.item);
    if let Some(item) = shown {
        item.photo = Some(photo.id.clone());
    }
    brief.photos.push(Photo {
        id: PhotoId(photo.id.0.clone()),
        width_px: photo.width_px,
        height_px: photo.height_px,
        caption: shot.caption.clone(),
        colour: photo.colour,
        focus: photo.focus,
    });
}

impl Told {
    fn brief(&self) -> Brief {
        let trade = Trade::from_slug(&self.trade).expect("a known trade");
        let feature = |slug: &String| Feature::from_slug(slug).expect("a known feature");
        let features = self.features.as_ref().map(|slugs| {
            let set: BTreeSet<Feature> = slugs.iter().map(feature).collect();
            Answer::new(set, slugs.join(", "))
        });
        Brief {
            language: Language::from_tag(&self.language).expect("a known language"),
            trade: Some(Answer::new(trade, &self.trade_said)),
            name: Some(Answer::new(self.name.clone(), &self.name)),
            audience: Some(Answer::new(self.audience.clone(), &self.audience)),
            features,
            items: parse_items(&self.items),
            style: self.style(),
            contact: Some(Answer::new(self.contact(), "")),
            notes: self.notes.clone(),
            ..Brief::default()
        }
    }

    fn style(&self) -> Option<Answer<Style>> {
        let tone = self.tone.as_ref().map(|text| Tone::parse(text).expect("a tone"));
        let colour = self
            .colour
            .as_ref()
            .map(|text| Rgb::from_hex(text).or_else(|| Rgb::parse_name(text)).expect("a colour"));
        (tone.is_some() || colour.is_some())
            .then(|| Answer::new(Style { tone, colour }, self.tone.clone().unwrap_or_default()))
    }

    fn contact(&self) -> Contact {
        let mut contact = Contact {
            phone: self.phone.as_ref().map(|text| Phone::parse(text).expect("a phone")),
            address: self.address.clone(),
            city: self.city.clone(),
            hours: self.hours.as_ref().map(|text| Hours::parse(text).expect("hours")),
            email: self.email.as_ref().map(|text| Email::parse(text).expect("an e-mail")),
            ..Contact::default()
        };
        // What is not a link is not taken, as in the chat.
        contact.links = self.links.iter().filter_map(|text| Link::parse(text)).collect();
        contact
    }
}
