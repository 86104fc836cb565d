//! For whoever runs the house: alive, able to serve, numbers.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// What the routes ask.
#[async_trait]
pub trait Readiness: Send + Sync + 'static {
    /// Whether database and storage answer; otherwise which do not, in a sentence.
    async fn check(&self) -> Result<(), String>;
    /// Every number, as Prometheus reads them.
    async fn metrics(&self) -> String;
}

/// `GET /healthz`, `GET /readyz`, `GET /metrics`.
pub fn router(readiness: Arc<dyn Readiness>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
        .with_state(readiness)
}

async fn ready(State(readiness): State<Arc<dyn Readiness>>) -> Response {
    match readiness.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

async fn numbers(State(readiness): State<Arc<dyn Readiness>>) -> Response {
    let text = readiness.metrics().await;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind)], text).into_response()
}
