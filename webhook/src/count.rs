//! Counting requests by route, method and status.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// A middleware that counts `sitespark_api_requests_total`. Unknown paths share one label.
pub async fn count_requests(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let endpoint = route.map_or("other", |path| path.as_str()).to_owned();
    let method = request.method().as_str().to_owned();
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    metrics::counter!("sitespark_api_requests_total",
        "endpoint" => endpoint, "method" => method, "status" => status)
    .increment(1);
    response
}
