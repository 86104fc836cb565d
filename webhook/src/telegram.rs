//! Telegram's deliveries.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use secrecy::{ExposeSecret, SecretString};
use sitespark_bot::channels::telegram::parse_update;
use sitespark_bot::inbox::Intake;

use crate::verify::telegram_secret_matches;
use crate::{MAX_DELIVERY_BYTES, in_time};

const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// What the route needs.
pub struct TelegramDoor {
    /// Takes what came.
    pub intake: Intake,
    /// The secret Telegram sends with every delivery.
    pub secret: SecretString,
    /// The bot's name, once it is known.
    pub name: Arc<OnceLock<String>>,
}

/// `POST /webhook/telegram`: 200 with an empty body once stored, 401 without the secret, 503 when it
/// could not be stored (Telegram comes again). What cannot be read is acknowledged: it never will be.
pub fn router(door: TelegramDoor) -> Router {
    Router::new()
        .route("/webhook/telegram", post(receive))
        .layer(DefaultBodyLimit::max(MAX_DELIVERY_BYTES))
        .with_state(Arc::new(door))
}

async fn receive(
    State(door): State<Arc<TelegramDoor>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let told = headers.get(SECRET_HEADER).map(axum::http::HeaderValue::as_bytes);
    if !telegram_secret_matches(told, door.secret.expose_secret()) {
        return StatusCode::UNAUTHORIZED;
    }
    let update = match parse_update(&body, door.name.get().map(String::as_str)) {
        Ok(update) => update,
        Err(error) => {
            tracing::warn!(%error, size_bytes = body.len(), "an update was acknowledged unread");
            return StatusCode::OK;
        }
    };
    match in_time(door.intake.receive_update(&update)).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::error!(%error, "an update could not be stored");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
