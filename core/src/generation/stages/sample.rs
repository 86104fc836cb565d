//! A brief to try the stages on.

use crate::brief::{
    Answer, Brief, Contact, Feature, Focus, Item, Language, Photo, PhotoId, Price, Rgb, Rupiah,
    Style, Tone, Trade,
};

/// A bakery with most things told.
pub(crate) fn bakery() -> Brief {
    let photo = |id: &str| Photo {
        id: PhotoId(id.repeat(64)),
        width_px: 1200,
        height_px: 800,
        caption: Some("kue lapis".to_owned()),
        colour: Rgb { r: 200, g: 150, b: 90 },
        focus: Focus::default(),
    };
    let item = |name: &str, rupiah: i64| Item {
        name: name.to_owned(),
        price: Some(Price {
            from: Rupiah(rupiah),
            to: None,
            unit: Some("loyang".to_owned()),
            starts: false,
        }),
        note: None,
        photo: None,
    };
    let style = Style { tone: Some(Tone::Warm), colour: Some(Rgb { r: 0xe8, g: 0x91, b: 0xb2 }) };
    Brief {
        language: Language::Id,
        trade: Some(Answer::new(Trade::Bakery, "toko kue, WA 0812-3456-7890")),
        name: Some(Answer::new("Kue Ani".to_owned(), "Kue Ani")),
        audience: Some(Answer::new("keluarga".to_owned(), "buat keluarga")),
        features: Some(Answer::new(
            [Feature::Catalogue, Feature::Order].into_iter().collect(),
            "katalog sama pesan",
        )),
        items: vec![item("Kue lapis", 180_000), item("Bolu pisang", 75_000)],
        style: Some(Answer::new(style, "hangat, pink")),
        contact: Some(Answer::new(
            Contact { city: Some("Bandung".to_owned()), ..Contact::default() },
            "Bandung",
        )),
        notes: vec!["Pesanan dibuat sehari sebelumnya".to_owned()],
        photos: vec![photo("a"), photo("b")],
        ..Brief::default()
    }
}
