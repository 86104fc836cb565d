//! Whose request this is, told from its `Host` and nothing else.

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};

/// Longest host name, by DNS.
const MOST_CHARS: usize = 253;

/// Why a request names no host we can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostFault {
    /// No host at all.
    #[error("no host")]
    Missing,
    /// More than one.
    #[error("more than one host")]
    Several,
    /// Not the form of a host.
    #[error("not a host")]
    Malformed,
}

/// The host a request is for, in lower case, without port and final dot. The authority of an
/// absolute-form target wins over the header (RFC 9112, section 3.2.2); two headers are refused.
pub fn host_of(uri: &Uri, headers: &HeaderMap) -> Result<String, HostFault> {
    let mut named = headers.get_all(HOST).iter();
    let header = named.next();
    if named.next().is_some() {
        return Err(HostFault::Several);
    }
    let authority = match (uri.authority(), header) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(header)) => header.to_str().map_err(|_| HostFault::Malformed)?,
        (None, None) => return Err(HostFault::Missing),
    };
    normalise(authority).ok_or(HostFault::Malformed)
}

fn normalise(authority: &str) -> Option<String> {
    if authority.contains('@') {
        return None;
    }
    let host = if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        address.parse::<std::net::Ipv6Addr>().ok()?;
        check_port(port.strip_prefix(':').unwrap_or(port))?;
        return Some(format!("[{}]", address.to_ascii_lowercase()));
    } else {
        match authority.split_once(':') {
            Some((host, port)) => {
                check_port(port)?;
                host
            }
            None => authority,
        }
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let well_formed = !host.is_empty()
        && host.len() <= MOST_CHARS
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
    well_formed.then(|| host.to_ascii_lowercase())
}

fn check_port(port: &str) -> Option<()> {
    (port.is_empty() || port.parse::<u16>().is_ok()).then_some(())
}

/// What a host means to this house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The operator's own pages.
    House,
    /// A name below the sites' domain.
    Site(String),
    /// Nothing of ours.
    Unknown,
}

/// Tells the operator's own host from those of sites.
#[derive(Debug, Clone)]
pub struct SitesDomain {
    domain: String,
    house: String,
}

impl SitesDomain {
    /// `sites_domain` and the host of `public_url`, either with or without port.
    pub fn new(sites_domain: &str, public_host: &str) -> Self {
        let clean = |host: &str| normalise(host).unwrap_or_else(|| host.to_ascii_lowercase());
        Self { domain: clean(sites_domain), house: clean(public_host) }
    }

    /// What this host means. Addresses without a name are the operator's: health checks use them.
    pub fn place(&self, host: &str) -> Place {
        if host == self.house || host == self.domain || is_address(host) {
            return Place::House;
        }
        let below = host.strip_suffix(&self.domain).and_then(|rest| rest.strip_suffix('.'));
        match below {
            Some(name) if !name.is_empty() && !name.contains('.') => Place::Site(name.to_owned()),
            Some(_) | None => Place::Unknown,
        }
    }
}

fn is_address(host: &str) -> bool {
    host == "localhost" || host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn host(text: &str) -> Result<String, HostFault> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, text.parse().map_err(|_| HostFault::Malformed)?);
        host_of(&Uri::from_static("/"), &headers)
    }

    #[test]
    fn case_port_and_final_dot_do_not_matter() {
        for text in ["kopi.situs.id", "KOPI.Situs.ID:8080", "kopi.situs.id.", "kopi.situs.id.:80"] {
            assert_eq!(host(text).as_deref(), Ok("kopi.situs.id"), "{text}");
        }
        assert_eq!(host("[::1]:8080").as_deref(), Ok("[::1]"));
    }

    #[test]
    fn malformed_hosts_are_refused() {
        for text in ["", ".", "a..b", "a b", "a/b", "x@y", "a:99999", "a:b", "[::1", "kopi%00.id"] {
            assert_eq!(host(text), Err(HostFault::Malformed), "{text:?}");
        }
    }

    #[test]
    fn two_hosts_are_refused_and_the_absolute_form_wins() {
        let mut headers = HeaderMap::new();
        headers.append(HOST, "a.id".parse().unwrap());
        let absolute = Uri::from_static("http://b.id/x");
        assert_eq!(host_of(&absolute, &headers).as_deref(), Ok("b.id"));
        headers.append(HOST, "a.id".parse().unwrap());
        assert_eq!(host_of(&absolute, &headers), Err(HostFault::Several));
        assert_eq!(host_of(&Uri::from_static("/"), &HeaderMap::new()), Err(HostFault::Missing));
    }

    #[test]
    fn only_one_label_below_the_domain_is_a_site() {
        let domain = SitesDomain::new("localhost:8080", "localhost:8080");
        let cases = [
            ("localhost", Place::House),
            ("127.0.0.1", Place::House),
            ("[::1]", Place::House),
            ("kopi.localhost", Place::Site("kopi".to_owned())),
            ("a.kopi.localhost", Place::Unknown),
            ("evil.com", Place::Unknown),
            ("notlocalhost", Place::Unknown),
        ];
        for (host, place) in cases {
            assert_eq!(domain.place(host), place, "{host}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_answered_without_a_panic(text in "\\PC{0,300}") {
            if let Ok(name) = host(&text) {
                prop_assert!(name.len() <= MOST_CHARS + 2);
                prop_assert_eq!(host(&name), Ok(name.clone()), "normalising twice changes nothing");
            }
        }
    }
}
