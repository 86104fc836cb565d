//! What the server does beside writing: it judges texts and paints pictures.

use std::io::Cursor;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};

use super::{Desk, lock};

/// How texts are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Judging {
    /// Nothing is wrong with any.
    #[default]
    Pass,
    /// This category is.
    Flag(&'static str),
    /// No judgement but this status.
    Status(u16),
    /// An answer that is not JSON.
    Garbage,
}

/// How pictures are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Painting {
    /// A small picture of one colour.
    #[default]
    Good,
    /// Bytes that are no picture.
    Broken,
    /// An address in place of the picture.
    Address,
    /// Refused by the filter.
    Refused,
    /// No picture but this status.
    Status(u16),
    /// A good one, after so many milliseconds.
    Slow(u64),
    /// More bytes than any picture has.
    Huge,
}

/// Bytes of what is too large, in base64.
const HUGE_BYTES: usize = 26 * 1024 * 1024;

/// What one painted picture counts.
const USAGE: [(&str, i64); 2] = [("input_tokens", 100), ("output_tokens", 1_500)];

pub(super) async fn moderate(State(desk): State<Arc<Desk>>, Json(body): Json<Value>) -> Response {
    let input = body.get("input").and_then(Value::as_str).unwrap_or_default();
    lock(&desk.judged).push(input.to_owned());
    let judging = *lock(&desk.judging);
    let results = |flagged: bool, categories: Value| {
        Json(json!({
            "id": "modr-1",
            "model": "omni-moderation-latest",
            "results": [{ "flagged": flagged, "categories": categories }],
        }))
        .into_response()
    };
    match judging {
        Judging::Pass => results(false, json!({ "sexual": false, "illicit": null })),
        Judging::Flag(category) => {
            results(true, json!({ category: true, "illicit/violent": false }))
        }
        Judging::Status(code) => status(code),
        Judging::Garbage => "<html>".into_response(),
    }
}

pub(super) async fn paint(State(desk): State<Arc<Desk>>, Json(body): Json<Value>) -> Response {
    lock(&desk.painted).push(body);
    let painting = *lock(&desk.painting);
    let usage = json!({ USAGE[0].0: USAGE[0].1, USAGE[1].0: USAGE[1].1, "total_tokens": 1_600 });
    let said =
        |data: Value| Json(json!({ "created": 1, "data": [data], "usage": usage })).into_response();
    match painting {
        Painting::Good => said(json!({ "b64_json": STANDARD.encode(picture()) })),
        Painting::Broken => said(json!({ "b64_json": STANDARD.encode("no picture") })),
        Painting::Address => said(json!({ "url": "http://127.0.0.1:9/picture.png" })),
        Painting::Refused => {
            let error = json!({ "error": { "message": "no", "code": "moderation_blocked" } });
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
        Painting::Status(code) => status(code),
        Painting::Slow(ms) => {
            tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
            said(json!({ "b64_json": STANDARD.encode(picture()) }))
        }
        Painting::Huge => said(json!({ "b64_json": "A".repeat(HUGE_BYTES) })),
    }
}

fn status(code: u16) -> Response {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// A PNG wide enough for the first view.
fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(768, 512, image::Rgb([201, 140, 90]));
    // Cannot fail: the buffer grows and the format is compiled in.
    picture.write_to(&mut bytes, ImageFormat::Png).ok();
    bytes.into_inner()
}
