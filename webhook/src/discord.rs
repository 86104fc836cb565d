//! Discord's interactions: commands, taps, filled-in forms.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use sitespark_bot::channels::discord::parse_interaction;
use sitespark_bot::inbox::Intake;
use sitespark_core::clock::SharedClock;

use crate::verify::{discord_signature_matches, discord_time_is_near};
use crate::{MAX_DELIVERY_BYTES, in_time};

const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-signature-ed25519");
const TIMESTAMP_HEADER: HeaderName = HeaderName::from_static("x-signature-timestamp");

/// What the route needs.
pub struct DiscordDoor {
    /// Takes what came; without it only pings are answered.
    pub intake: Option<Intake>,
    /// The application's, in hexadecimal digits.
    pub public_key: String,
    /// Against deliveries played again later.
    pub clock: SharedClock,
}

/// `POST /webhook/discord`: the first answer once the interaction is stored, 401 without a right
/// signature over time and raw body, or when what would be stored is of another day, 503 when it could
/// not be stored (the person taps again). What is signed and cannot be read is refused with 400. A ping
/// stores nothing and is answered whenever it was signed.
pub fn router(door: DiscordDoor) -> Router {
    Router::new()
        .route("/webhook/discord", post(receive))
        .layer(DefaultBodyLimit::max(MAX_DELIVERY_BYTES))
        .with_state(Arc::new(door))
}

async fn receive(
    State(door): State<Arc<DiscordDoor>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let told = |name| headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default();
    let (timestamp, signature) = (told(TIMESTAMP_HEADER), told(SIGNATURE_HEADER));
    if !discord_signature_matches(&door.public_key, timestamp, &body, signature) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let interaction = match parse_interaction(&body) {
        Ok(interaction) => interaction,
        Err(error) => {
            tracing::warn!(%error, size_bytes = body.len(), "an interaction could not be read");
            return StatusCode::BAD_REQUEST.into_response();
        }
    };
    if interaction.is_ping() {
        return Json(interaction.answer).into_response();
    }
    let Some(intake) = &door.intake else {
        tracing::warn!("an interaction came, and there is no token to answer it with");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let Some(inbound) = interaction.inbound else {
        return Json(interaction.answer).into_response();
    };
    if !discord_time_is_near(timestamp, door.clock.now_ms()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match in_time(intake.receive(&[inbound])).await {
        Ok(()) => Json(interaction.answer).into_response(),
        Err(error) => {
            tracing::error!(%error, "an interaction could not be stored");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
