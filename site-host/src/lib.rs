//! HTTP out: the sites, by `Host`.
//!
//! A bounded table in memory over immutable, pre-compressed files. It holds no rules: which version a
//! name shows is core's pointer, followed within a second. It sets no cookie and sends no byte that
//! is not in the version.

mod answer;
mod answered;
mod follow;
mod form;
mod name;
mod pages;
mod preview;
mod table;
mod views;

pub use follow::follow;
pub use name::{HostFault, Place, SitesDomain, host_of};
pub use preview::{PreviewSources, Sketch, SketchFault, Sketches, router as preview_router};
pub use table::{HostSettings, SiteTable};

use axum::body::Body;
use axum::http::{Method, Request, Response};

/// Answers a request for a host that is nothing of ours.
pub fn unknown_host() -> Response<Body> {
    pages::unknown_site()
}

/// Answers a request for a site.
pub async fn serve(table: &SiteTable, subdomain: &str, request: Request<Body>) -> Response<Body> {
    let (asked, body) = request.into_parts();
    let response = match asked.method {
        Method::GET | Method::HEAD => answer::get(table, subdomain, &asked).await,
        Method::POST => form::post(table, subdomain, &asked, body).await,
        _ if form::is_of_form(asked.uri.path()) => answer::method_not_allowed("GET, HEAD, POST"),
        _ => answer::method_not_allowed("GET, HEAD"),
    };
    table.answered.count(response.status());
    response
}
