//! What visitors read where there is no site to show: in both languages, with the right status.

use askama::Template;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use sitespark_core::site::OrderFault;

use crate::answer::add_safety;

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    title_id: &'a str,
    text_id: &'a str,
    title_en: &'a str,
    text_en: &'a str,
}

/// The texts, by what happened.
const TEXTS: &str = include_str!("../templates/notices.json");

fn notice(status: StatusCode, which: &str, retry_after_s: Option<u32>) -> Response<Body> {
    let texts: serde_json::Value = serde_json::from_str(TEXTS).unwrap_or_default();
    let text = |language: &str, part: &str| {
        texts[which][language][part].as_str().unwrap_or_default().to_owned()
    };
    let page = Notice {
        title_id: &text("id", "title"),
        text_id: &text("id", "text"),
        title_en: &text("en", "title"),
        text_en: &text("en", "text"),
    };
    let mut response = Response::new(Body::from(page.render().unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = retry_after_s {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    let policy =
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
    add_safety(headers, policy);
    response
}

/// Nobody has this name.
pub(crate) fn unknown_site() -> Response<Body> {
    notice(StatusCode::NOT_FOUND, "unknown", None)
}

/// The name is taken and its site not built yet.
pub(crate) fn draft() -> Response<Body> {
    notice(StatusCode::SERVICE_UNAVAILABLE, "draft", Some(5))
}

/// The operator took the site off.
pub(crate) fn suspended() -> Response<Body> {
    notice(StatusCode::FORBIDDEN, "suspended", None)
}

/// The site is gone for good.
pub(crate) fn deleted() -> Response<Body> {
    notice(StatusCode::GONE, "deleted", None)
}

/// Ours to mend.
pub(crate) fn unavailable() -> Response<Body> {
    notice(StatusCode::SERVICE_UNAVAILABLE, "unavailable", Some(10))
}

/// What was sent in a form cannot be taken.
pub(crate) fn form_refused(status: StatusCode) -> Response<Body> {
    notice(status, "form_refused", None)
}

/// No message comes of an order list.
pub(crate) fn order_refused(status: StatusCode, fault: OrderFault) -> Response<Body> {
    let which = match fault {
        OrderFault::Empty => "order_empty",
        OrderFault::Gone => "order_gone",
        OrderFault::TooMuch => "order_too_much",
    };
    notice(status, which, None)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_notice_is_written_in_both_languages() {
        let texts: serde_json::Value = serde_json::from_str(super::TEXTS).unwrap();
        for which in [
            "unknown",
            "draft",
            "suspended",
            "deleted",
            "unavailable",
            "form_refused",
            "order_empty",
            "order_gone",
            "order_too_much",
        ] {
            for language in ["id", "en"] {
                for part in ["title", "text"] {
                    let text = texts[which][language][part].as_str().unwrap_or_default();
                    assert!(!text.is_empty(), "{which} {language} {part}");
                }
            }
        }
    }
}
