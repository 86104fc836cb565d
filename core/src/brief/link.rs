//! E-mail addresses and pages elsewhere.

/// A well-formed e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// Which service a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// instagram.com
    Instagram,
    /// facebook.com
    Facebook,
    /// tiktok.com, also TikTok Shop
    Tiktok,
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
    /// Any other https page.
    Website,
}

/// An https page of the business elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The service, told from the host name.
    pub kind: LinkKind,
    /// An https address.
    pub url: String,
}
