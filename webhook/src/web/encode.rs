//! Texts of the page as small as the browser takes them: on a phone's data the way is what takes long.

use std::sync::OnceLock;

use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use sitespark_core::sites::{brotli, gzip};

/// A text in every form it is sent in, for what is sent often: each is made once, as small as can be.
pub(crate) struct Forms {
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Forms {
    /// Makes no form yet: the best take tens of milliseconds.
    pub(crate) fn of(plain: Bytes) -> Self {
        Self { plain, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// Makes every form that is not made yet.
    pub(crate) fn make(&self) {
        self.gzip();
        self.brotli();
    }

    fn gzip(&self) -> Bytes {
        self.gzip.get_or_init(|| gzip(&self.plain).into()).clone()
    }

    fn brotli(&self) -> Bytes {
        self.brotli.get_or_init(|| brotli(&self.plain).into()).clone()
    }

    /// The smallest form the browser takes, and what to call it.
    pub(crate) fn choose(&self, asked: &HeaderMap) -> (HeaderMap, Bytes) {
        if accepts(asked, "br") {
            (named("br"), self.brotli())
        } else if accepts(asked, "gzip") {
            (named("gzip"), self.gzip())
        } else {
            (HeaderMap::new(), self.plain.clone())
        }
    }
}

/// A text that is made for one answer: gzip, which takes a millisecond.
pub(crate) fn for_one(plain: String, asked: &HeaderMap) -> (HeaderMap, Bytes) {
    match accepts(asked, "gzip") {
        true => (named("gzip"), gzip(plain.as_bytes()).into()),
        false => (HeaderMap::new(), plain.into()),
    }
}

fn named(coding: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static(coding))])
}

/// Whether a coding is named, and not with a weight of zero.
fn accepts(asked: &HeaderMap, coding: &str) -> bool {
    let lines = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = pieces.find_map(|piece| piece.strip_prefix("q="));
        named && weight.is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(asked: &str) -> Option<String> {
        let asked = HeaderMap::from_iter([(ACCEPT_ENCODING, asked.parse().unwrap())]);
        let (headers, _) = Forms::of(Bytes::from_static(b"teh manis")).choose(&asked);
        headers.get(CONTENT_ENCODING).map(|name| name.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_smallest_form_the_browser_takes_is_sent() {
        assert_eq!(coding("gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(coding("gzip, br;q=0").as_deref(), Some("gzip"));
        assert_eq!(coding("identity"), None);
    }
}
