//! The brief as it is stored: versioned JSON, apart from the domain types.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Answer, Brief, Certificate, CertificateKind, Contact, Email, Feature, Focus, Hours, Item,
    Language, Link, OpenSpan, Phone, Photo, PhotoId, Price, Rgb, Rupiah, Style, TimeZone, Tone,
    Trade,
};

/// The version written today.
const VERSION: u32 = 1;

/// A [`Brief`] in its stored form; its JSON carries `"version"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredBrief {
    version: u32,
    language: String,
    #[serde(default)]
    trade: Option<StoredAnswer<String>>,
    #[serde(default)]
    name: Option<StoredAnswer<String>>,
    #[serde(default)]
    audience: Option<StoredAnswer<String>>,
    #[serde(default)]
    features: Option<StoredAnswer<Vec<String>>>,
    #[serde(default)]
    items: Vec<StoredItem>,
    #[serde(default)]
    style: Option<StoredAnswer<StoredStyle>>,
    #[serde(default)]
    contact: Option<StoredAnswer<StoredContact>>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    photos: Vec<StoredPhoto>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logo: Option<StoredPhoto>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<StoredCertificate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second_language: Option<String>,
}

/// Why a stored brief does not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredBriefError {
    /// Written by a later program.
    #[error("version {0} of the stored brief is unknown")]
    UnknownVersion(u32),
    /// A field holds what it cannot hold.
    #[error("the stored brief holds a wrong {0}")]
    Invalid(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredAnswer<T> {
    value: T,
    said: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredItem {
    name: String,
    #[serde(default)]
    price: Option<StoredPrice>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    photo: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredPrice {
    from: i64,
    #[serde(default)]
    to: Option<i64>,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    starts: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredStyle {
    tone: Option<String>,
    colour: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredContact {
    phone: Option<String>,
    address: Option<String>,
    city: Option<String>,
    hours: Option<StoredHours>,
    email: Option<String>,
    #[serde(default)]
    links: Vec<StoredLink>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredCertificate {
    kind: String,
    number: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredHours {
    always: bool,
    spans: Vec<StoredSpan>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredSpan {
    days: Vec<u8>,
    opens_min: u16,
    closes_min: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredLink {
    kind: String,
    url: String,
}

/// A [`Photo`] in its stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPhoto {
    id: String,
    width_px: u32,
    height_px: u32,
    #[serde(default)]
    caption: Option<String>,
    colour: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    focus: Option<[u8; 2]>,
}

impl<T> StoredAnswer<T> {
    fn of<D>(answer: &Answer<D>, store: impl FnOnce(&D) -> T) -> Self {
        Self { value: store(&answer.value), said: answer.said.clone() }
    }

    fn load<D>(
        self,
        load: impl FnOnce(T) -> Result<D, StoredBriefError>,
    ) -> Result<Answer<D>, StoredBriefError> {
        Ok(Answer { value: load(self.value)?, said: self.said })
    }
}

impl From<&Brief> for StoredBrief {
    fn from(brief: &Brief) -> Self {
        let slugs = |features: &BTreeSet<Feature>| {
            features.iter().map(|feature| feature.slug().to_owned()).collect()
        };
        let own = |text: &String| text.clone();
        Self {
            version: VERSION,
            language: brief.language.tag().to_owned(),
            trade: brief.trade.as_ref().map(|a| StoredAnswer::of(a, |t| t.slug().to_owned())),
            name: brief.name.as_ref().map(|a| StoredAnswer::of(a, own)),
            audience: brief.audience.as_ref().map(|a| StoredAnswer::of(a, own)),
            features: brief.features.as_ref().map(|a| StoredAnswer::of(a, slugs)),
            items: brief.items.iter().map(StoredItem::from).collect(),
            style: brief
                .style
                .as_ref()
                .map(|a| StoredAnswer::of(a, |style| StoredStyle::from(style))),
            contact: brief
                .contact
                .as_ref()
                .map(|a| StoredAnswer::of(a, |contact| StoredContact::from(contact))),
            notes: brief.notes.clone(),
            photos: brief.photos.iter().map(StoredPhoto::from).collect(),
            logo: brief.logo.as_ref().map(StoredPhoto::from),
            certificates: brief.certificates.iter().map(StoredCertificate::from).collect(),
            second_language: brief.second_language.map(|language| language.tag().to_owned()),
        }
    }
}

impl From<&Certificate> for StoredCertificate {
    fn from(certificate: &Certificate) -> Self {
        Self { kind: certificate.kind().slug().to_owned(), number: certificate.number().to_owned() }
    }
}

impl TryFrom<StoredCertificate> for Certificate {
    type Error = StoredBriefError;

    fn try_from(stored: StoredCertificate) -> Result<Self, Self::Error> {
        CertificateKind::from_slug(&stored.kind)
            .and_then(|kind| Self::parse(kind, &stored.number).ok())
            .ok_or(StoredBriefError::Invalid("certificate"))
    }
}

impl TryFrom<StoredBrief> for Brief {
    type Error = StoredBriefError;

    fn try_from(stored: StoredBrief) -> Result<Self, Self::Error> {
        if stored.version != VERSION {
            return Err(StoredBriefError::UnknownVersion(stored.version));
        }
        let trade =
            |slug: String| Trade::from_slug(&slug).ok_or(StoredBriefError::Invalid("trade"));
        let features = |slugs: Vec<String>| {
            let feature = |slug: String| {
                Feature::from_slug(&slug).ok_or(StoredBriefError::Invalid("feature"))
            };
            slugs.into_iter().map(feature).collect::<Result<BTreeSet<_>, _>>()
        };
        Ok(Self {
            language: Language::from_tag(&stored.language)
                .ok_or(StoredBriefError::Invalid("language"))?,
            trade: stored.trade.map(|a| a.load(trade)).transpose()?,
            name: stored.name.map(|a| a.load(Ok)).transpose()?,
            audience: stored.audience.map(|a| a.load(Ok)).transpose()?,
            features: stored.features.map(|a| a.load(features)).transpose()?,
            items: stored.items.into_iter().map(Item::from).collect(),
            style: stored.style.map(|a| a.load(Style::try_from)).transpose()?,
            contact: stored.contact.map(|a| a.load(Contact::try_from)).transpose()?,
            notes: stored.notes,
            photos: stored.photos.into_iter().map(Photo::try_from).collect::<Result<_, _>>()?,
            logo: stored.logo.map(Photo::try_from).transpose()?,
            certificates: stored
                .certificates
                .into_iter()
                .map(Certificate::try_from)
                .collect::<Result<_, _>>()?,
            second_language: stored
                .second_language
                .map(|tag| {
                    Language::from_tag(&tag).ok_or(StoredBriefError::Invalid("second language"))
                })
                .transpose()?,
        })
    }
}

impl From<&Item> for StoredItem {
    fn from(item: &Item) -> Self {
        let price = |price: &Price| StoredPrice {
            from: price.from.0,
            to: price.to.map(|to| to.0),
            unit: price.unit.clone(),
            starts: price.starts,
        };
        Self {
            name: item.name.clone(),
            price: item.price.as_ref().map(price),
            note: item.note.clone(),
            photo: item.photo.as_ref().map(|photo| photo.0.clone()),
        }
    }
}

impl From<StoredItem> for Item {
    fn from(stored: StoredItem) -> Self {
        let price = |price: StoredPrice| Price {
            from: Rupiah(price.from),
            to: price.to.map(Rupiah),
            unit: price.unit,
            starts: price.starts,
        };
        Self {
            name: stored.name,
            price: stored.price.map(price),
            note: stored.note,
            photo: stored.photo.map(PhotoId),
        }
    }
}

impl From<&Style> for StoredStyle {
    fn from(style: &Style) -> Self {
        Self {
            tone: style.tone.map(|tone| tone.slug().to_owned()),
            colour: style.colour.map(Rgb::to_hex),
        }
    }
}

impl TryFrom<StoredStyle> for Style {
    type Error = StoredBriefError;

    fn try_from(stored: StoredStyle) -> Result<Self, Self::Error> {
        let tone = |slug: String| Tone::from_slug(&slug).ok_or(StoredBriefError::Invalid("tone"));
        Ok(Self {
            tone: stored.tone.map(tone).transpose()?,
            colour: stored.colour.map(|hex| colour(&hex)).transpose()?,
        })
    }
}

impl From<&Contact> for StoredContact {
    fn from(contact: &Contact) -> Self {
        let link =
            |link: &Link| StoredLink { kind: link.kind.slug().to_owned(), url: link.url.clone() };
        Self {
            phone: contact.phone.as_ref().map(|phone| phone.as_e164().to_owned()),
            address: contact.address.clone(),
            city: contact.city.clone(),
            hours: contact.hours.as_ref().map(StoredHours::from),
            email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
            links: contact.links.iter().map(link).collect(),
            time_zone: contact.time_zone.map(|zone| zone.slug().to_owned()),
        }
    }
}

impl TryFrom<StoredContact> for Contact {
    type Error = StoredBriefError;

    fn try_from(stored: StoredContact) -> Result<Self, Self::Error> {
        let wrong = StoredBriefError::Invalid;
        let phone = |e164: String| Phone::from_stored(&e164).ok_or(wrong("phone"));
        let email = |address: String| Email::parse(&address).ok_or(wrong("e-mail address"));
        let link = |link: StoredLink| Link::from_stored(&link.kind, &link.url).ok_or(wrong("link"));
        Ok(Self {
            phone: stored.phone.map(phone).transpose()?,
            address: stored.address,
            city: stored.city,
            hours: stored.hours.map(Hours::try_from).transpose()?,
            email: stored.email.map(email).transpose()?,
            links: stored.links.into_iter().map(link).collect::<Result<_, _>>()?,
            time_zone: stored
                .time_zone
                .map(|slug| TimeZone::from_slug(&slug).ok_or(wrong("time zone")))
                .transpose()?,
        })
    }
}

impl From<&Hours> for StoredHours {
    fn from(hours: &Hours) -> Self {
        let span = |span: &OpenSpan| StoredSpan {
            days: span.days.clone(),
            opens_min: span.opens_min,
            closes_min: span.closes_min,
        };
        Self { always: hours.always, spans: hours.spans.iter().map(span).collect() }
    }
}

impl TryFrom<StoredHours> for Hours {
    type Error = StoredBriefError;

    fn try_from(stored: StoredHours) -> Result<Self, Self::Error> {
        let span = |span: StoredSpan| {
            let days_fit = span.days.iter().all(|day| (1..=7).contains(day))
                && span.days.windows(2).all(|pair| pair[0] < pair[1]);
            let fits = days_fit && span.opens_min < 1_440 && span.closes_min <= 1_440;
            let (opens_min, closes_min) = (span.opens_min, span.closes_min);
            fits.then_some(OpenSpan { days: span.days, opens_min, closes_min })
                .ok_or(StoredBriefError::Invalid("opening span"))
        };
        let spans = stored.spans.into_iter().map(span).collect::<Result<_, _>>()?;
        Ok(Self { always: stored.always, spans })
    }
}

impl From<&Photo> for StoredPhoto {
    fn from(photo: &Photo) -> Self {
        Self {
            id: photo.id.0.clone(),
            width_px: photo.width_px,
            height_px: photo.height_px,
            caption: photo.caption.clone(),
            colour: photo.colour.to_hex(),
            focus: photo.focus.stored(),
        }
    }
}

impl TryFrom<StoredPhoto> for Photo {
    type Error = StoredBriefError;

    fn try_from(stored: StoredPhoto) -> Result<Self, Self::Error> {
        Ok(Self {
            id: PhotoId(stored.id),
            width_px: stored.width_px,
            height_px: stored.height_px,
            caption: stored.caption,
            colour: colour(&stored.colour)?,
            focus: Focus::from_stored(stored.focus),
        })
    }
}

fn colour(hex: &str) -> Result<Rgb, StoredBriefError> {
    Rgb::from_hex(hex).ok_or(StoredBriefError::Invalid("colour"))
}

#[cfg(test)]
mod tests;
