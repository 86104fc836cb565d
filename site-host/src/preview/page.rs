//! The pages of a preview: the frame with its script and style, and the draft inside.

use std::sync::Arc;

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use sitespark_core::site::document::Document;
use sitespark_core::site::{Place, compile_pages};
use sitespark_core::storage::Bytes;
use tokio::sync::Semaphore;

use crate::pages;

/// Bytes of compiled drafts kept at hand: whoever watches together is answered together.
const CACHE_BYTES: u64 = 8 * 1_024 * 1_024;
/// Drafts compiled at once.
const MOST_AT_WORK: usize = 2;
/// Script and style are the program's own and change with it.
const TEN_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=600");

#[derive(Template)]
#[template(path = "preview.html")]
struct Frame<'a> {
    id: &'a str,
    language: &'a str,
}

/// Compiles drafts.
pub(super) struct Pages {
    origin: String,
    kept: Cache<[u8; 32], Arc<Page>>,
    places: Semaphore,
}

/// A compiled draft.
struct Page {
    html: Bytes,
    policy: HeaderValue,
}

impl Pages {
    pub(super) fn new(origin: String) -> Self {
        let weigh =
            |_: &[u8; 32], page: &Arc<Page>| u32::try_from(page.html.len()).unwrap_or(u32::MAX);
        let kept = Cache::builder().max_capacity(CACHE_BYTES).weigher(weigh).build();
        Self { origin, kept, places: Semaphore::new(MOST_AT_WORK) }
    }

    /// A draft's home page.
    pub(super) async fn answer(&self, document: Document) -> Response {
        let key = digest(&document);
        let page = match self.kept.get(&key).await {
            Some(page) => Some(page),
            None => self.compile(key, document).await,
        };
        let Some(page) = page else { return pages::unavailable().into_response() };
        let headers = [(CONTENT_SECURITY_POLICY, page.policy.clone())];
        (headers, Html(page.html.clone())).into_response()
    }

    async fn compile(&self, key: [u8; 32], document: Document) -> Option<Arc<Page>> {
        let _place = self.places.acquire().await.ok()?;
        // Whoever waited before may have made the same.
        if let Some(page) = self.kept.get(&key).await {
            return Some(page);
        }
        let origin = self.origin.clone();
        let made = tokio::task::spawn_blocking(move || compile(&document, origin)).await;
        let page = Arc::new(made.ok().flatten()?);
        self.kept.insert(key, Arc::clone(&page)).await;
        Some(page)
    }
}

/// Tells one draft from another.
pub(super) fn digest(document: &Document) -> [u8; 32] {
    Sha256::digest(serde_json::to_vec(document).unwrap_or_default()).into()
}

fn compile(document: &Document, origin: String) -> Option<Page> {
    let place = Place { origin, operator: String::new(), updated_at_ms: 0 };
    let built = compile_pages(document, &place).ok()?;
    let home = built.files.into_iter().find(|file| file.path == "/index.html")?;
    let hashes: String =
        built.style_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    let policy = format!(
        "default-src 'none'; img-src 'self' data:; style-src 'self'{hashes}; base-uri 'none'; \
         frame-ancestors 'self'; sandbox"
    );
    Some(Page { html: home.bytes.into(), policy: HeaderValue::from_str(&policy).ok()? })
}

/// The frame around a draft.
pub(super) fn frame(id: &str, language: &str) -> Response {
    const POLICY: HeaderValue = HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    );
    let Ok(html) = (Frame { id, language }).render() else {
        return pages::unavailable().into_response();
    };
    ([(CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

pub(super) async fn script() -> Response {
    own_file("text/javascript; charset=utf-8", include_str!("../../templates/preview.js"))
}

pub(super) async fn style() -> Response {
    own_file("text/css; charset=utf-8", include_str!("../../templates/preview.css"))
}

fn own_file(media_type: &'static str, text: &'static str) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, TEN_MINUTES);
    (headers, text).into_response()
}
