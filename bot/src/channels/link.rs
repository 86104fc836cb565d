//! Which addresses a channel's button can carry.

use url::{Host, Url};

/// Whether an address can be opened by somebody else's phone: http(s) at a name with a dot or at a
/// public IPv4 address. Channels refuse buttons with anything else.
pub(crate) fn is_public_link(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    if !matches!(url.scheme(), "http" | "https") {
        return false;
    }
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let ending = name.rsplit('.').next().unwrap_or_default();
            name.contains('.')
                && !matches!(ending, "localhost" | "local" | "internal" | "test" | "invalid")
        }
        Some(Host::Ipv4(address)) => {
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_broadcast()
                || address.is_documentation())
        }
        Some(Host::Ipv6(_)) | None => false,
    }
}

/// The same, over https only.
pub(crate) fn is_public_https(address: &str) -> bool {
    is_public_link(address) && address.get(..8).is_some_and(|s| s.eq_ignore_ascii_case("https://"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://kue-ani.situsku.id/", true)]
    #[case("http://kue-ani.situsku.id", true)]
    #[case("http://1.1.1.1/x", true)]
    #[case("http://kue-ani.localhost:8080/", false)]
    #[case("http://localhost:8080/", false)]
    #[case("http://127.0.0.1/", false)]
    #[case("http://192.168.1.4/", false)]
    #[case("http://[::1]/", false)]
    #[case("ftp://a.id/", false)]
    #[case("javascript:alert(1)", false)]
    #[case("tel:+628123", false)]
    #[case("", false)]
    fn only_public_addresses_make_buttons(#[case] address: &str, #[case] public: bool) {
        assert_eq!(is_public_link(address), public);
    }

    #[test]
    fn https_is_told_from_http() {
        assert!(is_public_https("HTTPS://a.id/"));
        assert!(!is_public_https("http://a.id/"));
    }
}
