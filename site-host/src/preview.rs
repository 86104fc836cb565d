//! `/preview/ID`: a draft as it grows. The page asks for itself again until the site is live, then
//! leads there. No script.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFRESH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use sitespark_core::db::Db;
use sitespark_core::generation::{self, GenerationError, Run, RunStatus};
use sitespark_core::ids::RunId;
use sitespark_core::site::{Place, compile_pages};
use sitespark_core::sites::{self, Publisher};

use crate::pages;

/// How often a growing draft asks for itself again, in seconds.
const REFRESH_S: &str = "2";

/// What previews are made from.
#[derive(Clone)]
struct Previews {
    db: Db,
    publisher: Publisher,
    frame_ancestor: String,
}

/// The preview route, for the operator's own host.
pub fn router(db: Db, publisher: Publisher, frame_ancestor: String) -> Router {
    let previews = Previews { db, publisher, frame_ancestor };
    Router::new().route("/preview/{run}", get(show)).with_state(previews)
}

async fn show(State(previews): State<Previews>, Path(run): Path<String>) -> Response {
    let Ok(id) = run.parse::<RunId>() else { return pages::unknown_site() };
    let run = match generation::find_run(&previews.db, id).await {
        Ok(run) => run,
        Err(GenerationError::NoSuchRun(_)) => return pages::unknown_site(),
        Err(error) => {
            tracing::error!(run.id = %id, %error, "a preview could not be made");
            return pages::unavailable();
        }
    };
    match run.status {
        RunStatus::Running => previews.draft(&run).await,
        RunStatus::Live => previews.lead_to_site(&run).await,
        RunStatus::Failed | RunStatus::Cancelled => pages::unknown_site(),
    }
}

impl Previews {
    async fn lead_to_site(&self, run: &Run) -> Response {
        let Ok(site) = sites::find_site(&self.db, &run.site.to_string()).await else {
            return pages::unavailable();
        };
        let url = format!("{}/", self.publisher.url(&site.subdomain));
        match HeaderValue::from_str(&url) {
            Ok(url) => (StatusCode::SEE_OTHER, [(LOCATION, url)]).into_response(),
            Err(_) => pages::unavailable(),
        }
    }

    async fn draft(&self, run: &Run) -> Response {
        let Ok(document) = generation::draft_so_far(&self.db, run).await else {
            return pages::unavailable();
        };
        let place = Place {
            origin: self.frame_ancestor.clone(),
            operator: String::new(),
            updated_at_ms: run.created_at_ms,
        };
        let Ok(built) = compile_pages(&document, &place) else { return pages::unavailable() };
        let home = built.files.into_iter().find(|file| file.path == "/index.html");
        let Some(home) = home else { return pages::unavailable() };
        let mut headers = HeaderMap::new();
        headers.insert(REFRESH, HeaderValue::from_static(REFRESH_S));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let hashes: String =
            built.style_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
        let policy = format!(
            "default-src 'none'; img-src 'self' data:; style-src 'self'{hashes}; base-uri 'none'; \
             frame-ancestors 'self'; sandbox"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        (headers, Html(home.bytes)).into_response()
    }
}
