//! Pages elsewhere.
//!
//! Only https pages on named public hosts; what service one belongs to is told from its host alone.

use url::{Host, Url};

use super::phrase::words;

/// Longest address that is kept, in bytes.
const MAX_URL_BYTES: usize = 500;
/// Links that are read from one text.
const MAX_LINKS: usize = 20;
/// Endings by which a word without "https://" is known as a host.
const KNOWN_ENDINGS: [&str; 27] = [
    "com", "id", "net", "org", "shop", "store", "link", "ee", "me", "be", "gl", "app", "io",
    "info", "online", "site", "xyz", "co", "biz", "dev", "asia", "club", "page", "bio", "tv",
    "blog", "my",
];
/// Endings of hosts that are not on the public internet.
const PRIVATE_ENDINGS: [&str; 7] =
    ["localhost", "local", "internal", "onion", "test", "invalid", "example"];

/// Which service a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// instagram.com
    Instagram,
    /// facebook.com
    Facebook,
    /// tiktok.com
    Tiktok,
    /// The shop pages of tiktok.com, shop-id.tokopedia.com
    TiktokShop,
    /// tokopedia.com
    Tokopedia,
    /// shopee.co.id
    Shopee,
    /// gofood.link, gofood.co.id
    Gofood,
    /// food.grab.com
    Grabfood,
    /// maps.app.goo.gl, google.com/maps
    Maps,
    /// youtube.com
    Youtube,
    /// x.com, twitter.com
    X,
    /// linkedin.com
    Linkedin,
    /// Any other https page.
    Website,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Instagram,
        Self::Facebook,
        Self::Tiktok,
        Self::TiktokShop,
        Self::Tokopedia,
        Self::Shopee,
        Self::Gofood,
        Self::Grabfood,
        Self::Maps,
        Self::Youtube,
        Self::X,
        Self::Linkedin,
        Self::Website,
    ];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::Facebook => "facebook",
            Self::Tiktok => "tiktok",
            Self::TiktokShop => "tiktok_shop",
            Self::Tokopedia => "tokopedia",
            Self::Shopee => "shopee",
            Self::Gofood => "gofood",
            Self::Grabfood => "grabfood",
            Self::Maps => "maps",
            Self::Youtube => "youtube",
            Self::X => "x",
            Self::Linkedin => "linkedin",
            Self::Website => "website",
        }
    }

    /// The kind of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// How the service writes itself, in every language; `None` for any other page.
    pub const fn label(self) -> Option<&'static str> {
        Some(match self {
            Self::Instagram => "Instagram",
            Self::Facebook => "Facebook",
            Self::Tiktok => "TikTok",
            Self::TiktokShop => "TikTok Shop",
            Self::Tokopedia => "Tokopedia",
            Self::Shopee => "Shopee",
            Self::Gofood => "GoFood",
            Self::Grabfood => "GrabFood",
            Self::Maps => "Google Maps",
            Self::Youtube => "YouTube",
            Self::X => "X",
            Self::Linkedin => "LinkedIn",
            Self::Website => return None,
        })
    }

    /// The service whose own host this is. A host that only looks alike is any website.
    fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let on = |name: &str| {
            host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let maps_path = url.path() == "/maps" || url.path().starts_with("/maps/");
        let google = matches!(
            host,
            "google.com" | "www.google.com" | "google.co.id" | "www.google.co.id" | "goo.gl"
        );
        let shop = ["/shop", "/view/product"].iter().any(|path| url.path().starts_with(path));
        if host == "shop-id.tokopedia.com"
            || (on("tiktok.com") && (shop || host == "shop.tiktok.com"))
        {
            Self::TiktokShop
        } else if on("instagram.com") || host == "instagr.am" {
            Self::Instagram
        } else if on("facebook.com") || on("fb.com") || host == "fb.me" {
            Self::Facebook
        } else if on("tiktok.com") {
            Self::Tiktok
        } else if on("tokopedia.com") || host == "tokopedia.link" {
            Self::Tokopedia
        } else if on("shopee.co.id") || on("shp.ee") || host == "shope.ee" {
            Self::Shopee
        } else if on("gofood.link") || on("gofood.co.id") {
            Self::Gofood
        } else if host == "food.grab.com" {
            Self::Grabfood
        } else if matches!(host, "maps.app.goo.gl" | "maps.google.com") || (google && maps_path) {
            Self::Maps
        } else if on("youtube.com") || host == "youtu.be" {
            Self::Youtube
        } else if on("x.com") || on("twitter.com") {
            Self::X
        } else if on("linkedin.com") || host == "lnkd.in" {
            Self::Linkedin
        } else {
            Self::Website
        }
    }
}

/// Hosts that only lead on, so that nobody sees where to.
const REDIRECTORS: [&str; 22] = [
    "bit.ly",
    "tinyurl.com",
    "t.co",
    "cutt.ly",
    "s.id",
    "is.gd",
    "ow.ly",
    "rb.gy",
    "rebrand.ly",
    "shorturl.at",
    "tiny.cc",
    "goo.gl",
    "t.ly",
    "shorturl.asia",
    "adf.ly",
    "v.gd",
    "bl.ink",
    "l.instagram.com",
    "l.facebook.com",
    "lm.facebook.com",
    "l.messenger.com",
    "href.li",
];

/// Whether a page leads on to any other: a shortener, or the open door of a known service.
fn leads_on(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = url.path().trim_end_matches('/');
    let google = host.starts_with("google.");
    let door = match path {
        "/url" => google,
        "/l.php" | "/flx/warn" => host.ends_with("facebook.com"),
        "/redirect" => host.ends_with("youtube.com"),
        "/redir/redirect" | "/safety/go" => host.ends_with("linkedin.com"),
        "/link/v2" => host.ends_with("tiktok.com"),
        "/amp" => google,
        _ => google && path.starts_with("/amp/"),
    };
    let maps = host == "goo.gl" && path.starts_with("/maps");
    door || (REDIRECTORS.contains(&host) && !maps)
}

/// An https page of the business elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The service, told from the host name.
    pub kind: LinkKind,
    /// An https address.
    pub url: String,
}

impl Link {
    /// The first page or handle in a text: "https://…", "instagram.com/nama", "ig @nama".
    pub fn parse(text: &str) -> Option<Self> {
        Self::find_all(text).into_iter().next()
    }

    /// Every page and handle in a text, in order, each once. WhatsApp links are phone numbers and
    /// left out.
    pub fn find_all(text: &str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let joined = with_coordinates(text);
        let text = joined.as_str();
        let split = |c: char| c.is_whitespace() || "<>(),;\"'[]{}|".contains(c);
        let mut from = 0;
        for word in text.split(split) {
            let at = from;
            from += word.len() + text[from + word.len()..].chars().next().map_or(0, char::len_utf8);
            let word_trimmed = word.trim_end_matches(['.', '!', '?', ':']);
            let link = Self::from_address(word_trimmed).or_else(|| handle(text, at, word_trimmed));
            if let Some(mut link) = link.filter(|link| !found.contains(link)) {
                link.url = link.url.replace(HELD_COMMA, ",");
                found.push(link);
            }
            if found.len() >= MAX_LINKS {
                break;
            }
        }
        found
    }

    /// The page at an address, named by its host; `None` for what [`Link::parse`] would not take.
    pub fn of_url(url: &str) -> Option<Self> {
        let link = Self::from_address(url)?;
        url.starts_with("https://").then_some(link)
    }

    /// A link from storage; anything but a public https address is refused.
    pub(super) fn from_stored(kind: &str, url: &str) -> Option<Self> {
        let kind = LinkKind::from_slug(kind)?;
        url.starts_with("https://").then(|| Self { kind, url: url.to_owned() })
    }

    fn from_address(word: &str) -> Option<Self> {
        let lower = word.to_ascii_lowercase();
        let scheme = ["http://", "https://"].into_iter();
        let after =
            scheme.filter_map(|scheme| lower.find(scheme).map(|at| at + scheme.len())).min();
        let full = if let Some(after) = after {
            format!("https://{}", &word[after..])
        } else if is_bare_host(word) {
            format!("https://{word}")
        } else {
            return None;
        };
        if full.len() > MAX_URL_BYTES {
            return None;
        }
        let url = Url::parse(&full).ok()?;
        let Some(Host::Domain(host)) = url.host() else { return None };
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.port().is_none()
            && !leads_on(&url);
        let whatsapp =
            matches!(host, "wa.me" | "api.whatsapp.com" | "wa.link" | "chat.whatsapp.com");
        let fits = plain && is_public_name(host) && !whatsapp && !word.contains('\\');
        let kind = LinkKind::of(&url);
        fits.then(|| Self { kind, url: url.to_string() })
    }
}

/// Whether a word without a scheme begins with a host of a well-known ending.
fn is_bare_host(word: &str) -> bool {
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let ending = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && !word.contains('@')
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        && KNOWN_ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
}

/// Labels of letters, digits and hyphens, a public ending of letters, no empty label.
pub(super) fn is_public_name(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let ending = labels.last().copied().unwrap_or_default();
    let well_formed = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ending_fits = ending.len() >= 2
        && (ending.bytes().all(|b| b.is_ascii_alphabetic()) || ending.starts_with("xn--"));
    (2..=10).contains(&labels.len())
        && host.len() <= 253
        && labels.iter().all(well_formed)
        && ending_fits
        && !PRIVATE_ENDINGS.contains(&ending)
}

/// The page of "@nama" beside the name of a service, or of "ig: nama".
fn handle(text: &str, at: usize, word: &str) -> Option<Link> {
    let (lead, name, has_at) = match word.split_once('@') {
        Some((lead, name)) => (lead, name, true),
        None => match word.split_once(':') {
            Some((lead, name)) => (lead, name, false),
            None => ("", word, false),
        },
    };
    let name = name.trim_matches('.');
    let fits = (2..=30).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
    let mail = words(lead).pop().is_some_and(|word| service(&word.text).is_none());
    if !fits || (has_at && mail) {
        return None;
    }
    let before = &text[..at];
    let behind = &text[at + word.len()..];
    let base = if has_at {
        let near = words(lead).pop().or_else(|| words(before).pop());
        let next =
            words(behind).into_iter().find(|word| !matches!(&*word.text, "di" | "on" | "at"));
        near.or(next.clone())
            .and_then(|word| service(&word.text))
            .or_else(|| next.and_then(|word| service(&word.text)))?
    } else if lead.is_empty() {
        let marked = before.trim_end().strip_suffix([':', '='])?;
        service(&words(marked).pop()?.text)?
    } else {
        service(&lead.to_ascii_lowercase())?
    };
    Link::from_address(&format!("https://{base}{}", name.to_ascii_lowercase()))
}

/// Where the handles of a service live.
fn service(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "instagram" | "ig" | "insta" | "instagramnya" | "ignya" => Some("www.instagram.com/"),
        "tiktok" | "tt" | "toktok" | "tiktoknya" => Some("www.tiktok.com/@"),
        "youtube" | "yt" => Some("www.youtube.com/@"),
        "twitter" | "x" => Some("x.com/"),
        _ => None,
    }
}

/// A comma between two figures of an address, while the text is cut at commas.
const HELD_COMMA: &str = "%2C";

/// "…/maps?q=-6.91,107.60": the comma between coordinates does not end the address.
fn with_coordinates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let scheme = word.find("://").unwrap_or(word.len());
        for (at, c) in word.char_indices() {
            let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            let bytes = word.as_bytes();
            let sign = usize::from(bytes.get(at + 1) == Some(&b'-'));
            let inside = at > scheme && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1 + sign));
            if c == ',' && inside {
                out.push_str(HELD_COMMA);
            } else {
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "https://www.instagram.com/nastar.ani",
        LinkKind::Instagram,
        "https://www.instagram.com/nastar.ani"
    )]
    #[case(
        "http://instagram.com/nastar.ani",
        LinkKind::Instagram,
        "https://instagram.com/nastar.ani"
    )]
    #[case(
        "instagram.com/nastar_ani ya kak",
        LinkKind::Instagram,
        "https://instagram.com/nastar_ani"
    )]
    #[case("ig @Nastar.Ani", LinkKind::Instagram, "https://www.instagram.com/nastar.ani")]
    #[case("ig: nastar.ani", LinkKind::Instagram, "https://www.instagram.com/nastar.ani")]
    #[case("IG:@nastar.ani", LinkKind::Instagram, "https://www.instagram.com/nastar.ani")]
    #[case("@nastar.ani di instagram", LinkKind::Instagram, "https://www.instagram.com/nastar.ani")]
    #[case("Https://Instagram.com/nastar", LinkKind::Instagram, "https://instagram.com/nastar")]
    #[case("@nastar.ani (instagram)", LinkKind::Instagram, "https://www.instagram.com/nastar.ani")]
    #[case("tiktok @kopi_senja", LinkKind::Tiktok, "https://www.tiktok.com/@kopi_senja")]
    #[case("https://vt.tiktok.com/ZS1/", LinkKind::Tiktok, "https://vt.tiktok.com/ZS1/")]
    #[case("tokopedia.com/kopisenja", LinkKind::Tokopedia, "https://tokopedia.com/kopisenja")]
    #[case("https://shopee.co.id/kopisenja", LinkKind::Shopee, "https://shopee.co.id/kopisenja")]
    #[case("https://gofood.link/a/abc", LinkKind::Gofood, "https://gofood.link/a/abc")]
    #[case("https://food.grab.com/id/id/x", LinkKind::Grabfood, "https://food.grab.com/id/id/x")]
    #[case("https://maps.app.goo.gl/abc", LinkKind::Maps, "https://maps.app.goo.gl/abc")]
    #[case(
        "https://www.google.com/maps/place/x",
        LinkKind::Maps,
        "https://www.google.com/maps/place/x"
    )]
    #[case("https://youtu.be/abc", LinkKind::Youtube, "https://youtu.be/abc")]
    #[case("twitter.com/kopisenja", LinkKind::X, "https://twitter.com/kopisenja")]
    #[case("twitter @kopi_senja", LinkKind::X, "https://x.com/kopi_senja")]
    #[case("linkedin.com/company/kopi", LinkKind::Linkedin, "https://linkedin.com/company/kopi")]
    #[case(
        "https://shop-id.tokopedia.com/view/product/1729",
        LinkKind::TiktokShop,
        "https://shop-id.tokopedia.com/view/product/1729"
    )]
    #[case(
        "https://www.tiktok.com/shop/store/kopi/749",
        LinkKind::TiktokShop,
        "https://www.tiktok.com/shop/store/kopi/749"
    )]
    #[case("https://goo.gl/maps/abc", LinkKind::Maps, "https://goo.gl/maps/abc")]
    #[case("https://max.com/x", LinkKind::Website, "https://max.com/x")]
    #[case("fb.com/kopisenja", LinkKind::Facebook, "https://fb.com/kopisenja")]
    #[case("web lama: https://kopisenja.co.id.", LinkKind::Website, "https://kopisenja.co.id/")]
    #[case("https://instagram.com.evil.id/x", LinkKind::Website, "https://instagram.com.evil.id/x")]
    #[case("https://notinstagram.com/x", LinkKind::Website, "https://notinstagram.com/x")]
    fn a_page_is_read_with_its_kind(#[case] text: &str, #[case] kind: LinkKind, #[case] url: &str) {
        assert_eq!(Link::parse(text), Some(Link { kind, url: url.into() }));
    }

    #[rstest]
    #[case("https://user:pass@instagram.com/x")]
    #[case("https://instagram.com@evil.com/")]
    #[case("https://127.0.0.1/x")]
    #[case("https://[::1]/")]
    #[case("https://0x7f000001/")]
    #[case("https://kopi.id:8443/")]
    #[case("https://localhost/")]
    #[case("https://printer.local/")]
    #[case("ftp://kopi.id/")]
    #[case("javascript:alert(1)")]
    #[case("Jl.Merdeka 5")]
    #[case("@nastar.ani")]
    #[case("instagram saya belum ada")]
    #[case("https://wa.me/6281234567890")]
    #[case("ani@kopisenja.id")]
    #[case("https://bit.ly/kopi-senja")]
    #[case("https://s.id/kopi")]
    #[case("https://www.google.com/url?q=https://evil.id")]
    #[case("https://www.youtube.com/redirect?q=https://evil.id")]
    #[case("https://l.facebook.com/l.php?u=https://evil.id")]
    #[case("https://www.tiktok.com/link/v2?target=evil.id")]
    #[case("")]
    fn what_is_no_public_page_is_refused(#[case] text: &str) {
        assert_eq!(Link::parse(text), None);
    }

    #[test]
    fn several_links_are_found_in_order() {
        let kinds: Vec<_> =
            Link::find_all("ig @kopi.senja, tiktok @kopisenja dan tokopedia.com/kopi")
                .into_iter()
                .map(|link| link.kind)
                .collect();
        assert_eq!(kinds, [LinkKind::Instagram, LinkKind::Tiktok, LinkKind::Tokopedia]);
    }

    proptest::proptest! {
        #[test]
        fn every_link_is_a_public_https_page(text in "((https?://|ig |tiktok |@|[a-z.:/]{1,12}|\\PC) ?){0,10}") {
            for link in Link::find_all(&text) {
                let url = Url::parse(&link.url).unwrap();
                proptest::prop_assert_eq!(url.scheme(), "https");
                proptest::prop_assert!(url.port().is_none() && url.username().is_empty());
            }
        }
    }
}
