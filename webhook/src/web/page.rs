//! The page itself: settings in, HTML out.

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sitespark_core::brief::Language;
use sitespark_core::ids::Tokens;

use super::assets::Assets;
use super::encode;
use super::language::LanguageQuery;
use super::photos::MAX_PHOTO_BYTES;
use super::texts::Texts;
use super::{WebState, language, session};

/// What the operator decides about the page.
#[derive(Debug, Clone)]
pub struct PageSettings {
    /// Where the page is reached, such as `https://sitespark.example`; decides the cookie's kind.
    pub public_url: String,
    /// The origins owners' sites have, as a policy source: `http://*.localhost:8080`.
    pub sites_frame_source: String,
    /// For browsers that prefer neither language.
    pub default_language: Language,
    /// The bot's name on Telegram, once it is known.
    pub telegram_name: Arc<OnceLock<String>>,
    /// The bot's WhatsApp number, in digits, once it is known.
    pub whatsapp_number: Arc<OnceLock<String>>,
    /// Whether somebody hears voice notes: without, none are asked for.
    pub hears: bool,
    /// Who runs this.
    pub operator: String,
    /// The program's version.
    pub version: String,
    /// What things cost.
    pub prices: Prices,
}

impl PageSettings {
    /// The bot's address on Telegram, if it has one.
    pub fn telegram_url(&self) -> Option<String> {
        self.telegram_name.get().map(|name| format!("https://t.me/{name}"))
    }

    /// The bot's address on WhatsApp, if it has one.
    pub fn whatsapp_url(&self) -> Option<String> {
        self.whatsapp_number.get().map(|number| format!("https://wa.me/{number}"))
    }
}

/// The wallet's prices as the page tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// What a newcomer gets.
    pub signup: Tokens,
    /// What a day's visit brings.
    pub daily: Tokens,
    /// What making a site costs.
    pub generate: Tokens,
    /// What other words by a model cost; nothing where there is no model, or they are free.
    pub refine: Option<Tokens>,
    /// What each side of an accepted invitation gets.
    pub referral: Tokens,
}

impl PageSettings {
    /// Whether browsers reach the page over https.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The domain sites live under, for showing: `localhost:8080`.
    pub(crate) fn sites_domain(&self) -> &str {
        self.sites_frame_source
            .split_once("*.")
            .map_or("", |(_, domain)| domain.split([' ', '/']).next().unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    lang: &'static str,
    other_lang: &'static str,
    /// The address names the language; without it the page is the one for everybody.
    asked: bool,
    t: &'a Texts,
    chat_texts: String,
    assets: &'a Assets,
    settings: &'a PageSettings,
    base: &'a str,
    returning: bool,
    max_photo_bytes: usize,
}

/// `GET /`.
pub(crate) async fn show(
    State(state): State<Arc<WebState>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Response {
    let language = language::choose(query.lang.as_deref(), &headers, state.page.default_language);
    let asked = query.lang.as_deref().and_then(Language::from_tag).is_some();
    let known = session::id_of(&headers, &state.page);
    match render(&state, language, asked, known.is_some()) {
        Ok(html) => {
            let id = known.unwrap_or_else(session::fresh_id);
            let (coding, body) = encode::for_one(html, &headers);
            (page_headers(&id, &state.page), coding, body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn render(
    state: &WebState,
    language: Language,
    asked: bool,
    returning: bool,
) -> Result<String, askama::Error> {
    let t = state.texts.of(language);
    Page {
        lang: language.tag(),
        other_lang: match language {
            Language::Id => Language::En.tag(),
            Language::En => Language::Id.tag(),
        },
        asked,
        t,
        chat_texts: t.chat_json(),
        assets: state.assets,
        settings: &state.page,
        base: state.page.public_url.trim_end_matches('/'),
        returning,
        max_photo_bytes: MAX_PHOTO_BYTES,
    }
    .render()
}

fn page_headers(id: &str, page: &PageSettings) -> [(HeaderName, HeaderValue); 4] {
    [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (SET_COOKIE, session::set_cookie(id, page)),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie")),
    ]
}
