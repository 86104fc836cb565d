//! What visitors read where there is no site to show: in both languages, with the right status.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use sitespark_core::site::OrderFault;

use crate::answer::add_safety;
use crate::form::Lack;

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
    let texts: Value = serde_json::from_str(TEXTS).unwrap_or_default();
    let text = |language: &str, part: &str| {
        texts[which][language][part].as_str().unwrap_or_default().to_owned()
    };
    let page = Notice {
        title_id: &text("id", "title"),
        text_id: &text("id", "text"),
        title_en: &text("en", "title"),
        text_en: &text("en", "text"),
    };
    let policy =
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
    let mut response = answer(status, page.render(), policy);
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
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

/// A form was sent from a page elsewhere.
pub(crate) fn form_foreign() -> Response<Body> {
    notice(StatusCode::FORBIDDEN, "form_foreign", None)
}

/// A text in both languages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    id: String,
    en: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FormTexts {
    title: Words,
    text: Words,
    lacks: BTreeMap<String, Words>,
    fields: FieldTexts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FieldTexts {
    name: Words,
    phone: Words,
    message: Words,
    consent: Words,
    send: Words,
}

#[derive(Template)]
#[template(path = "form.html")]
struct Incomplete<'a> {
    texts: &'a FormTexts,
    action: &'a str,
    lacks: Vec<&'a Words>,
    name: &'a str,
    phone: &'a str,
    message: &'a str,
}

/// What a form still wants, and the form again with what was typed.
pub(crate) fn form_incomplete(
    action: &str,
    lacks: &[Lack],
    [name, phone, message]: &[String; 3],
) -> Response<Body> {
    let all: Value = serde_json::from_str(TEXTS).unwrap_or_default();
    let texts: FormTexts =
        serde_json::from_value(all["form_incomplete"].clone()).unwrap_or_default();
    let lacks = lacks.iter().filter_map(|lack| texts.lacks.get(slug_of(*lack))).collect();
    let page = Incomplete { texts: &texts, action, lacks, name, phone, message };
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";
    answer(StatusCode::UNPROCESSABLE_ENTITY, page.render(), HeaderValue::from_static(policy))
}

fn slug_of(lack: Lack) -> &'static str {
    match lack {
        Lack::Name => "name",
        Lack::Phone => "phone",
        Lack::NoSuchPhone => "no_such_phone",
        Lack::Message => "message",
        Lack::Consent => "consent",
    }
}

fn answer(status: StatusCode, page: askama::Result<String>, policy: HeaderValue) -> Response<Body> {
    let mut response = Response::new(Body::from(page.unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    add_safety(headers, policy);
    response
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
    #[tokio::test]
    async fn an_incomplete_form_keeps_what_was_typed_and_says_what_is_missing() {
        use super::Lack::{Consent, Message, Name, NoSuchPhone, Phone};
        let typed = ["\"Budi\"".to_owned(), String::new(), "<b>halo".to_owned()];
        let all = [Name, Phone, NoSuchPhone, Message, Consent];
        let page = super::form_incomplete("/form/contact", &all, &typed);
        assert_eq!(page.status(), 422);
        let html = axum::body::to_bytes(page.into_body(), 100_000).await.unwrap();
        let html = String::from_utf8(html.to_vec()).unwrap();
        assert!(html.contains("action=\"/form/contact\""), "{html}");
        assert!(!html.contains("<b>halo") && html.contains("halo</textarea>"), "{html}");
        assert_eq!(html.matches("<li>").count(), all.len(), "{html}");
        for label in ["Nama / Name", "consent", "Kirim"] {
            assert!(html.contains(label), "{label}: {html}");
        }
    }

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
            "form_foreign",
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
