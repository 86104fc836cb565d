//! Headers that keep the page to itself, and the check that writes come from it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::WebState;
use super::answer;
use super::page::PageSettings;

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), \
    geolocation=(self), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), usb=()";

/// The same few headers on every answer.
pub(crate) struct SecurityHeaders {
    policy: HeaderValue,
}

impl SecurityHeaders {
    /// Allows what the page uses: its own files, and the owners' sites in a frame.
    pub(crate) fn new(page: &PageSettings) -> Self {
        let frames = frame_sources(&page.sites_frame_source);
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; \
             img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; \
             frame-src 'self'{frames}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::from_str(&policy).expect("sources are cut to visible ASCII");
        Self { policy }
    }

    /// Sets them, except where a handler was stricter.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| self.policy.clone());
        for (name, value) in [
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "strict-origin-when-cross-origin"),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// Refuses writes that another site's page sent. Owners' sites are subdomains of ours in many
/// set-ups, so `same-site` is foreign too. Programs that are no browser send neither header; they
/// hold no one else's cookie.
pub(crate) async fn refuse_other_origins(
    State(state): State<Arc<WebState>>,
    request: Request,
    next: Next,
) -> Response {
    if is_same_origin(request.headers()) {
        return next.run(request).await;
    }
    let texts = state.errors_for(request.uri().query(), request.headers());
    answer::refuse(StatusCode::FORBIDDEN, &texts.cross_site)
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
    }
}

/// Keeps a setting from adding directives of its own to the policy.
fn frame_sources(setting: &str) -> String {
    setting
        .split_whitespace()
        .filter(|source| {
            let is_web = source.starts_with("http://") || source.starts_with("https://");
            is_web
                && source
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b','))
        })
        .fold(String::new(), |sources, source| sources + " " + source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn a_sibling_subdomain_is_another_origin() {
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!is_same_origin(&headers(&[
            ("origin", "http://toko.localhost:8080"),
            ("host", "localhost:8080"),
        ])));
        assert!(!is_same_origin(&headers(&[("origin", "null"), ("host", "localhost:8080")])));
    }

    #[test]
    fn the_page_itself_may_write() {
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(is_same_origin(&headers(&[
            ("origin", "http://localhost:8080"),
            ("host", "localhost:8080"),
        ])));
    }

    #[test]
    fn a_frame_source_cannot_add_a_directive() {
        assert_eq!(frame_sources("http://*.localhost:8080"), " http://*.localhost:8080");
        assert_eq!(frame_sources("https://*.a.id; script-src *"), "");
        assert_eq!(frame_sources(""), "");
    }
}
