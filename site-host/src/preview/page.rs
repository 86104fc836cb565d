//! The pages of a preview: the frame with its script and style, and the draft inside.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use sitespark_core::causes::with_causes;
use sitespark_core::photos;
use sitespark_core::site::document::Document;
use sitespark_core::site::{PhotoUse, Place, compile_pages};
use sitespark_core::storage::{Bytes, Objects};
use tokio::sync::Semaphore;

use crate::pages;

/// Bytes of compiled drafts kept at hand: whoever watches together is answered together.
const CACHE_BYTES: u64 = 8 * 1_024 * 1_024;
/// About how many those are.
const MOST_KEPT: usize = 256;
/// Drafts compiled at once.
const MOST_AT_WORK: usize = 2;
/// Script and style are the program's own and change with it.
const TEN_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=600");
/// A photo's name tells its content.
const A_DAY: HeaderValue = HeaderValue::from_static("private, max-age=86400");

#[derive(Template)]
#[template(path = "preview.html")]
struct Frame<'a> {
    id: &'a str,
    language: &'a str,
}

/// Compiles drafts.
pub(super) struct Pages {
    objects: Objects,
    origin: String,
    kept: Cache<[u8; 32], Arc<Page>, Weight>,
    places: Semaphore,
}

/// A compiled draft.
struct Page {
    html: Bytes,
    policy: HeaderValue,
    /// Photos by the last part of their path.
    photos: BTreeMap<String, PhotoUse>,
}

/// Pages weigh what they are long.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<[u8; 32], Arc<Page>> for Weight {
    fn weight(&self, _: &[u8; 32], page: &Arc<Page>) -> u64 {
        page.html.len() as u64
    }
}

impl Pages {
    pub(super) fn new(objects: Objects, origin: String) -> Self {
        let kept = Cache::with_weighter(MOST_KEPT, CACHE_BYTES, Weight);
        Self { objects, origin, kept, places: Semaphore::new(MOST_AT_WORK) }
    }

    /// A draft's home page.
    pub(super) async fn answer(&self, document: Document) -> Response {
        let Some(page) = self.page(document).await else {
            return pages::unavailable().into_response();
        };
        let headers = [(CONTENT_SECURITY_POLICY, page.policy.clone())];
        (headers, Html(page.html.clone())).into_response()
    }

    /// One of a draft's photos.
    pub(super) async fn photo(&self, document: Document, file: &str) -> Response {
        let Some(page) = self.page(document).await else {
            return pages::unavailable().into_response();
        };
        let Some(photo) = page.photos.get(file) else {
            return pages::unknown_site().into_response();
        };
        match self.photo_bytes(photo).await {
            Ok(bytes) => {
                let media_type = HeaderValue::from_static(photos::media_type(photo));
                let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, A_DAY)];
                (headers, bytes).into_response()
            }
            Err(error) => {
                tracing::warn!(error, "a photo of a draft could not be read");
                pages::unavailable().into_response()
            }
        }
    }

    /// The form of a photo that a draft asks for, made when nobody has asked before.
    async fn photo_bytes(&self, photo: &PhotoUse) -> Result<Bytes, String> {
        let _place = self.places.acquire().await.map_err(|closed| closed.to_string())?;
        let made = photos::complete(&self.objects, std::slice::from_ref(photo)).await;
        made.map_err(|fault| with_causes(&fault))?;
        let bytes = self.objects.get(&photos::rendition_key(photo)).await;
        bytes.map_err(|error| with_causes(&error))
    }

    async fn page(&self, document: Document) -> Option<Arc<Page>> {
        let key = digest(&document);
        match self.kept.get(&key) {
            Some(page) => Some(page),
            None => self.compile(key, document).await,
        }
    }

    async fn compile(&self, key: [u8; 32], document: Document) -> Option<Arc<Page>> {
        // The places are never closed.
        let _place = self.places.acquire().await.ok()?;
        // Whoever waited before may have made the same.
        if let Some(page) = self.kept.get(&key) {
            return Some(page);
        }
        let origin = self.origin.clone();
        let made = tokio::task::spawn_blocking(move || compile(&document, origin)).await;
        let page = Arc::new(made.ok().flatten()?);
        self.kept.insert(key, Arc::clone(&page));
        Some(page)
    }
}

/// Tells one draft from another.
pub(super) fn digest(document: &Document) -> [u8; 32] {
    Sha256::digest(serde_json::to_vec(document).expect("plain data is always JSON")).into()
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
    // The draft lies elsewhere than its site will: photos are asked for beside it.
    let html = String::from_utf8(home.bytes).ok()?;
    let html = html.replace("\"/photos/", "\"photos/").replace(" /photos/", " photos/");
    let photos = built.photos.iter().filter_map(|photo| {
        let (_, file) = photo.path.rsplit_once('/')?;
        Some((file.to_owned(), photo.clone()))
    });
    let photos = photos.collect();
    Some(Page { html: html.into(), policy: HeaderValue::from_str(&policy).ok()?, photos })
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
