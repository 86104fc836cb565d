//! What stands behind a tappable choice, and its id.

use sitespark_core::brief::{Feature, Tone, Trade};
use sitespark_core::ids::SiteId;

use super::command::Command;

/// A tapped choice, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tap {
    Trade(Trade),
    Audience(Audience),
    Feature(Feature),
    Tone(Tone),
    Colour(Swatch),
    Change(Option<Field>),
    Command(Command),
    Site(SiteId),
    /// The name we proposed for the business.
    SuggestedName,
    /// A second yes, where a plain one could be meant for something else.
    Sure,
    Keep,
    ChangeSite,
    /// About a live site.
    Live(LiveTap),
}

/// A choice that only a live site has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiveTap {
    /// Back to the version of this number.
    Version(i64),
    /// One of the changes we asked about.
    Pick(u8),
    /// Yet another look.
    Look,
    /// The built-in writer instead of a model.
    OwnWriter,
}

impl Tap {
    /// The id a choice carries: ASCII, at most 40 characters.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Trade(trade) => format!("trade:{}", trade.slug()),
            Self::Audience(audience) => format!("audience:{}", audience.slug()),
            Self::Feature(feature) => format!("feature:{}", feature.slug()),
            Self::Tone(tone) => format!("tone:{}", tone.slug()),
            Self::Colour(swatch) => format!("colour:{}", swatch.slug()),
            Self::Change(None) => "change".to_owned(),
            Self::Change(Some(field)) => format!("change:{}", field.slug()),
            Self::Command(command) => format!("do:{}", command.slug()),
            Self::Site(site) => format!("site:{}", site.0.simple()),
            Self::SuggestedName => "name:suggested".to_owned(),
            Self::Sure => "sure".to_owned(),
            Self::Keep => "keep".to_owned(),
            Self::ChangeSite => "site-change".to_owned(),
            Self::Live(LiveTap::Version(number)) => format!("version:{number}"),
            Self::Live(LiveTap::Pick(at)) => format!("pick:{at}"),
            Self::Live(LiveTap::Look) => "look".to_owned(),
            Self::Live(LiveTap::OwnWriter) => "own-writer".to_owned(),
        }
    }

    /// The choice of an id; `None` for one we never gave out.
    pub(crate) fn parse(id: &str) -> Option<Self> {
        let (kind, value) = id.split_once(':').unwrap_or((id, ""));
        match kind {
            "trade" => Trade::from_slug(value).map(Self::Trade),
            "audience" => Audience::from_slug(value).map(Self::Audience),
            "feature" => Feature::from_slug(value).map(Self::Feature),
            "tone" => Tone::from_slug(value).map(Self::Tone),
            "colour" => Swatch::from_slug(value).map(Self::Colour),
            "change" if value.is_empty() => Some(Self::Change(None)),
            "change" => Field::from_slug(value).map(|field| Self::Change(Some(field))),
            "do" => Command::from_slug(value).map(Self::Command),
            "site" => value.parse().ok().map(Self::Site),
            "name" => Some(Self::SuggestedName),
            "sure" => Some(Self::Sure),
            "keep" => Some(Self::Keep),
            "site-change" => Some(Self::ChangeSite),
            "version" => value.parse().ok().map(|number| Self::Live(LiveTap::Version(number))),
            "pick" => value.parse().ok().map(|at| Self::Live(LiveTap::Pick(at))),
            "look" => Some(Self::Live(LiveTap::Look)),
            "own-writer" => Some(Self::Live(LiveTap::OwnWriter)),
            _ => None,
        }
    }
}

/// Audiences offered; anything else is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    Everyone,
    Neighbours,
    Families,
    Mothers,
    Young,
    Students,
    Offices,
}

impl Audience {
    pub(crate) const ALL: [Self; 7] = [
        Self::Everyone,
        Self::Neighbours,
        Self::Families,
        Self::Mothers,
        Self::Young,
        Self::Students,
        Self::Offices,
    ];

    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Neighbours => "neighbours",
            Self::Families => "families",
            Self::Mothers => "mothers",
            Self::Young => "young",
            Self::Students => "students",
            Self::Offices => "offices",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.slug() == slug)
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Everyone => "label-audience-everyone",
            Self::Neighbours => "label-audience-neighbours",
            Self::Families => "label-audience-families",
            Self::Mothers => "label-audience-mothers",
            Self::Young => "label-audience-young",
            Self::Students => "label-audience-students",
            Self::Offices => "label-audience-offices",
        }
    }
}

/// Colours offered; any other is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Swatch {
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    Pink,
    Brown,
    Black,
}

impl Swatch {
    pub(crate) const ALL: [Self; 9] = [
        Self::Green,
        Self::Blue,
        Self::Red,
        Self::Pink,
        Self::Orange,
        Self::Yellow,
        Self::Brown,
        Self::Purple,
        Self::Black,
    ];

    /// The stable name, which is also the English word the colour parser knows.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Blue => "blue",
            Self::Purple => "purple",
            Self::Pink => "pink",
            Self::Brown => "brown",
            Self::Black => "black",
        }
    }

    fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|swatch| swatch.slug() == slug)
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Red => "label-colour-red",
            Self::Orange => "label-colour-orange",
            Self::Yellow => "label-colour-yellow",
            Self::Green => "label-colour-green",
            Self::Blue => "label-colour-blue",
            Self::Purple => "label-colour-purple",
            Self::Pink => "label-colour-pink",
            Self::Brown => "label-colour-brown",
            Self::Black => "label-colour-black",
        }
    }
}

/// Something an owner may want to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Trade,
    Name,
    Audience,
    Features,
    Items,
    Style,
    Colour,
    Contact,
    Phone,
    Address,
    Hours,
    Subdomain,
    Heading,
    Price,
}

impl Field {
    pub(crate) const ALL: [Self; 14] = [
        Self::Trade,
        Self::Name,
        Self::Audience,
        Self::Features,
        Self::Items,
        Self::Style,
        Self::Colour,
        Self::Contact,
        Self::Phone,
        Self::Address,
        Self::Hours,
        Self::Subdomain,
        Self::Heading,
        Self::Price,
    ];

    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Trade => "trade",
            Self::Name => "name",
            Self::Audience => "audience",
            Self::Features => "features",
            Self::Items => "items",
            Self::Style => "style",
            Self::Colour => "colour",
            Self::Contact => "contact",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Hours => "hours",
            Self::Subdomain => "subdomain",
            Self::Heading => "heading",
            Self::Price => "price",
        }
    }

    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.slug() == slug)
    }

    /// The word list that names this field.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Trade => "field-trade",
            Self::Name => "field-name",
            Self::Audience => "field-audience",
            Self::Features => "field-features",
            Self::Items => "field-items",
            Self::Style => "field-style",
            Self::Colour => "field-colour",
            Self::Contact => "field-contact",
            Self::Phone => "field-phone",
            Self::Address => "field-address",
            Self::Hours => "field-hours",
            Self::Subdomain => "field-subdomain",
            Self::Heading => "field-heading",
            Self::Price => "field-price",
        }
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Trade => "label-field-trade",
            Self::Name => "label-field-name",
            Self::Audience => "label-field-audience",
            Self::Features => "label-field-features",
            Self::Items => "label-field-items",
            Self::Style => "label-field-style",
            Self::Colour => "label-field-colour",
            Self::Contact => "label-field-contact",
            Self::Phone => "label-field-phone",
            Self::Address => "label-field-address",
            Self::Hours => "label-field-hours",
            Self::Subdomain => "label-field-subdomain",
            Self::Heading => "label-field-heading",
            Self::Price => "label-field-price",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_short_ascii_and_reads_back() {
        let mut taps = vec![Tap::Change(None), Tap::SuggestedName, Tap::Sure, Tap::Keep];
        taps.push(Tap::ChangeSite);
        taps.extend([LiveTap::Version(i64::MAX), LiveTap::Pick(255)].map(Tap::Live));
        taps.extend([LiveTap::Look, LiveTap::OwnWriter].map(Tap::Live));
        taps.extend(Trade::ALL.map(Tap::Trade));
        taps.extend(Audience::ALL.map(Tap::Audience));
        taps.extend(Feature::ALL.map(Tap::Feature));
        taps.extend(Tone::ALL.map(Tap::Tone));
        taps.extend(Swatch::ALL.map(Tap::Colour));
        taps.extend(Field::ALL.map(|field| Tap::Change(Some(field))));
        taps.extend(Command::ALL.map(Tap::Command));
        taps.push(Tap::Site(SiteId(uuid::Uuid::from_u128(u128::MAX))));
        for tap in taps {
            let id = tap.id();
            assert!(id.is_ascii() && id.len() <= 40, "{id}");
            assert_eq!(Tap::parse(&id), Some(tap), "{id}");
        }
    }

    #[test]
    fn a_made_up_id_is_nothing() {
        for id in ["", "trade:", "trade:x", "site:1", "do:", "colour:#fff", ":::"] {
            assert_eq!(Tap::parse(id), None, "{id}");
        }
    }
}
