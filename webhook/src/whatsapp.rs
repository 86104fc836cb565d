//! WhatsApp's deliveries.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use secrecy::{ExposeSecret, SecretString};
use sitespark_bot::channels::whatsapp::parse_webhook;
use sitespark_bot::inbox::Intake;

use crate::verify::{whatsapp_challenge, whatsapp_signature_matches};
use crate::{MAX_DELIVERY_BYTES, in_time};

const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// What the routes need.
pub struct WhatsappDoor {
    /// Takes what came.
    pub intake: Intake,
    /// Signs deliveries.
    pub app_secret: SecretString,
    /// Told when the webhook is set up.
    pub verify_token: SecretString,
    /// Ours among the numbers of the account.
    pub phone_number_id: String,
}

/// `GET /webhook/whatsapp` answers the set-up challenge (403 with a wrong token);
/// `POST` answers 200 once stored, 401 without a right signature over the raw body.
pub fn router(door: WhatsappDoor) -> Router {
    Router::new()
        .route("/webhook/whatsapp", get(challenge).post(receive))
        .layer(DefaultBodyLimit::max(MAX_DELIVERY_BYTES))
        .with_state(Arc::new(door))
}

async fn challenge(State(door): State<Arc<WhatsappDoor>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match whatsapp_challenge(&query, door.verify_token.expose_secret()) {
        Some(challenge) => challenge.into_response(),
        None => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn receive(
    State(door): State<Arc<WhatsappDoor>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let told = headers.get(SIGNATURE_HEADER).map(axum::http::HeaderValue::as_bytes);
    if !whatsapp_signature_matches(told, &body, door.app_secret.expose_secret()) {
        return StatusCode::UNAUTHORIZED;
    }
    let delivery = match parse_webhook(&body, &door.phone_number_id) {
        Ok(delivery) => delivery,
        Err(error) => {
            tracing::warn!(%error, size_bytes = body.len(), "a delivery was acknowledged unread");
            return StatusCode::OK;
        }
    };
    match in_time(door.intake.receive_whatsapp(&delivery)).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!(%error, "a delivery could not be stored");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
