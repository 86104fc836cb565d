//! `/preview/ID`: a draft as it grows, of a conversation or a run. A frame around the draft loads it
//! anew whenever it has changed, and leads to the site once that is live. Without script the frame asks
//! for itself again.
//!
//! Nothing here is stored or indexed. What is compiled, kept at hand and listened to is bounded.

mod page;
mod stream;

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sitespark_core::brief::Brief;
use sitespark_core::db::Db;
use sitespark_core::generation::{self, GenerationError, Run, RunStatus};
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::live::Live;
use sitespark_core::site::document::Document;
use sitespark_core::sites::{self, Publisher, SiteStatus};
use sitespark_core::storage::Objects;
use uuid::Uuid;

use crate::pages;
use page::Pages;
use stream::Watchers;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// What a conversation has come to.
#[derive(Debug, Clone)]
pub enum Sketch {
    /// Answers, and no run yet.
    Told(Box<Brief>),
    /// A run under way.
    Making(RunId),
    /// A site that is live.
    Made(SiteId),
}

/// Why a conversation could not be looked at.
pub type SketchFault = Box<dyn std::error::Error + Send + Sync>;

/// Conversations, for whoever watches theirs grow into a site.
#[async_trait]
pub trait Sketches: Send + Sync + 'static {
    /// What a conversation has come to; nothing where there is nothing to see yet.
    async fn sketch(&self, conversation: Uuid) -> Result<Option<Sketch>, SketchFault>;
}

/// What previews are made from.
pub struct PreviewSources {
    /// Runs and sites.
    pub db: Db,
    /// Hints that a draft has grown.
    pub live: Live,
    /// Where sites are.
    pub publisher: Publisher,
    /// Photos.
    pub objects: Objects,
    /// Conversations that have no run yet.
    pub sketches: Arc<dyn Sketches>,
    /// The operator's own origin.
    pub origin: String,
}

struct Previews {
    db: Db,
    live: Live,
    publisher: Publisher,
    sketches: Arc<dyn Sketches>,
    pages: Pages,
    watchers: Watchers,
}

/// What there is to see behind an id.
enum View {
    /// A draft, and the run that makes it, if one does.
    Draft(Box<Document>, Option<RunId>),
    /// The address of a live site.
    Live(String),
    Nothing,
}

/// The preview routes, for the operator's own host.
pub fn router(sources: PreviewSources) -> Router {
    let PreviewSources { db, live, publisher, objects, sketches, origin } = sources;
    let (pages, watchers) = (Pages::new(objects, origin), Watchers::default());
    let previews = Arc::new(Previews { db, live, publisher, sketches, pages, watchers });
    Router::new()
        .route("/preview/watch.js", get(page::script))
        .route("/preview/watch.css", get(page::style))
        .route("/preview/{id}", get(show))
        .route("/preview/{id}/page", get(show_page))
        .route("/preview/{id}/photos/{file}", get(show_photo))
        .route("/preview/{id}/events", get(stream::listen))
        .layer(map_response(guard))
        .with_state(previews)
}

/// No draft is indexed, kept or taken for something else.
async fn guard(mut response: Response) -> Response {
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The frame.
async fn show(State(previews): State<Arc<Previews>>, Path(id): Path<String>) -> Response {
    match previews.view(&id).await {
        Ok(View::Draft(document, _)) => page::frame(&id, &document.language),
        Ok(View::Live(url)) => lead_to(&url),
        Ok(View::Nothing) => pages::unknown_site().into_response(),
        Err(fault) => sorry(&id, &fault),
    }
}

/// The draft inside the frame. Once the site is live the frame keeps what it shows: the site may not
/// stand in it, and the page around is told where to go.
async fn show_page(State(previews): State<Arc<Previews>>, Path(id): Path<String>) -> Response {
    match previews.view(&id).await {
        Ok(View::Draft(document, _)) => previews.pages.answer(*document).await,
        Ok(View::Live(_)) => StatusCode::NO_CONTENT.into_response(),
        Ok(View::Nothing) => pages::unknown_site().into_response(),
        Err(fault) => sorry(&id, &fault),
    }
}

/// One of the owner's photos, as the draft shows it.
async fn show_photo(
    State(previews): State<Arc<Previews>>,
    Path((id, file)): Path<(String, String)>,
) -> Response {
    match previews.view(&id).await {
        Ok(View::Draft(document, _)) => previews.pages.photo(*document, &file).await,
        Ok(View::Live(_) | View::Nothing) => pages::unknown_site().into_response(),
        Err(fault) => sorry(&id, &fault),
    }
}

fn lead_to(url: &str) -> Response {
    match HeaderValue::from_str(&format!("{url}/")) {
        Ok(url) => (StatusCode::SEE_OTHER, [(LOCATION, url)]).into_response(),
        Err(_) => pages::unavailable().into_response(),
    }
}

fn sorry(id: &str, fault: &SketchFault) -> Response {
    tracing::error!(preview.id = id, error = fault.to_string(), "a preview could not be made");
    pages::unavailable().into_response()
}

impl Previews {
    async fn view(&self, id: &str) -> Result<View, SketchFault> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(View::Nothing) };
        match generation::find_run(&self.db, RunId(id)).await {
            Ok(run) => self.of_run(&run).await,
            Err(GenerationError::NoSuchRun(_)) => self.of_conversation(id).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn of_conversation(&self, id: Uuid) -> Result<View, SketchFault> {
        match self.sketches.sketch(id).await? {
            None => Ok(View::Nothing),
            Some(Sketch::Told(brief)) => {
                Ok(View::Draft(Box::new(generation::sketch(&brief)), None))
            }
            Some(Sketch::Making(run)) => {
                let run = generation::find_run(&self.db, run).await?;
                self.of_run(&run).await
            }
            Some(Sketch::Made(site)) => self.of_site(site).await,
        }
    }

    async fn of_run(&self, run: &Run) -> Result<View, SketchFault> {
        match run.status {
            RunStatus::Running => {
                let document = generation::draft_so_far(&self.db, run).await?;
                Ok(View::Draft(Box::new(document), Some(run.id)))
            }
            // Failed is also who has no model's words; the site tells which.
            RunStatus::Live | RunStatus::Failed => self.of_site(run.site).await,
            RunStatus::Cancelled => Ok(View::Nothing),
        }
    }

    async fn of_site(&self, site: SiteId) -> Result<View, SketchFault> {
        let site = sites::find_site(&self.db, &site.to_string()).await?;
        Ok(match site.status {
            SiteStatus::Live => View::Live(self.publisher.url(&site.subdomain)),
            SiteStatus::Draft | SiteStatus::Suspended | SiteStatus::Deleted => View::Nothing,
        })
    }
}
