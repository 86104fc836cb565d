//! The page's own files, embedded, under names that carry their hash so that they never go stale.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

use super::WebState;
use super::encode::Forms;

const HASH_CHARS: usize = 12;
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

struct Source {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! source {
    ($name:literal, $media_type:expr) => {
        Source {
            name: $name,
            media_type: $media_type,
            bytes: include_bytes!(concat!("../../assets/page/", $name)),
        }
    };
}

/// Scripts stand below the ones they import, so that a name is known before it is used.
const SOURCES: [Source; 14] = [
    source!("page.css", CSS),
    source!("chat.css", CSS),
    source!("bubbles.js", JAVASCRIPT),
    source!("shrink.js", JAVASCRIPT),
    source!("wire.js", JAVASCRIPT),
    source!("preview.js", JAVASCRIPT),
    source!("voice.js", JAVASCRIPT),
    source!("uploads.js", JAVASCRIPT),
    source!("layers.js", JAVASCRIPT),
    source!("devices.js", JAVASCRIPT),
    source!("chat.js", JAVASCRIPT),
    source!("icon.svg", SVG),
    source!("icon-180.png", PNG),
    source!("share.png", PNG),
];

struct Asset {
    source: &'static str,
    name: String,
    media_type: &'static str,
    bytes: bytes::Bytes,
    /// Of texts; pictures are compressed already.
    forms: Option<Forms>,
}

/// Every file of the page.
pub(crate) struct Assets(Vec<Asset>);

impl Assets {
    /// The files of this program, made ready once.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Assets> = LazyLock::new(|| {
            // Beside the start, and before the first visitor in all likelihood; a visitor who is
            // sooner waits for the one form they take, and makes it where there is no thread.
            let making = std::thread::Builder::new().spawn(|| Assets::shared().make_forms());
            if let Err(error) = making {
                tracing::warn!(%error, "no thread to compress the page's files");
            }
            Assets::load()
        });
        &SHARED
    }

    fn make_forms(&self) {
        self.0.iter().filter_map(|asset| asset.forms.as_ref()).for_each(Forms::make);
    }

    /// Hashes the files; imports between scripts come to name the hashed ones.
    fn load() -> Self {
        let mut assets = Self(Vec::with_capacity(SOURCES.len()));
        for source in SOURCES {
            let bytes = if source.media_type == JAVASCRIPT {
                assets.rename_imports(source.bytes).into()
            } else {
                bytes::Bytes::from_static(source.bytes)
            };
            let hash = hex::encode(Sha256::digest(&bytes));
            let name = format!("{}-{}", &hash[..HASH_CHARS], source.name);
            assets.0.push(Asset {
                source: source.name,
                name,
                media_type: source.media_type,
                forms: (source.media_type != PNG).then(|| Forms::of(bytes.clone())),
                bytes,
            });
        }
        assets
    }

    /// The path of a file by its plain name.
    pub(crate) fn path(&self, source: &str) -> String {
        self.0
            .iter()
            .find(|asset| asset.source == source)
            .map(|asset| format!("/assets/{}", asset.name))
            .unwrap_or_default()
    }

    fn rename_imports(&self, script: &[u8]) -> String {
        let script = String::from_utf8_lossy(script).into_owned();
        self.0.iter().fold(script, |script, asset| {
            script.replace(&format!("\"./{}\"", asset.source), &format!("\"./{}\"", asset.name))
        })
    }
}

/// `GET /assets/{name}`.
pub(crate) async fn serve(
    State(state): State<Arc<WebState>>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Response {
    let Some(asset) = state.assets.0.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    match &asset.forms {
        Some(forms) => {
            let (coding, bytes) = forms.choose(&asked);
            let vary = [(VARY, HeaderValue::from_static("accept-encoding"))];
            (headers, vary, coding, bytes).into_response()
        }
        None => (headers, asset.bytes.clone()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of scripts, and of styles, as they stand here and as they are sent.
    const BUDGET_BYTES: usize = 40 * 1024;
    const BUDGET_SENT_BYTES: usize = 13 * 1024;

    fn total(media_type: &str) -> usize {
        SOURCES.iter().filter(|s| s.media_type == media_type).map(|s| s.bytes.len()).sum()
    }

    #[test]
    fn scripts_and_styles_stay_within_their_budgets() {
        assert!(total(JAVASCRIPT) <= BUDGET_BYTES, "{} bytes of script", total(JAVASCRIPT));
        assert!(total(CSS) <= BUDGET_BYTES, "{} bytes of style", total(CSS));
        let asked = HeaderMap::from_iter([(
            axum::http::header::ACCEPT_ENCODING,
            HeaderValue::from_static("br"),
        )]);
        for media_type in [JAVASCRIPT, CSS] {
            let assets = Assets::load();
            let sent: usize = (assets.0.iter())
                .filter(|asset| asset.media_type == media_type)
                .filter_map(|asset| Some(asset.forms.as_ref()?.choose(&asked).1.len()))
                .sum();
            println!("{media_type}: {} bytes, {sent} on the way", total(media_type));
            assert!(sent <= BUDGET_SENT_BYTES, "{sent} bytes of {media_type} on the way");
        }
    }

    #[test]
    fn every_import_names_a_hashed_file() {
        let assets = Assets::load();
        for asset in assets.0.iter().filter(|asset| asset.media_type == JAVASCRIPT) {
            let script = std::str::from_utf8(&asset.bytes).unwrap();
            for import in script.lines().filter(|line| line.starts_with("import ")) {
                let known = assets.0.iter().any(|a| import.contains(&format!("./{}\"", a.name)));
                assert!(known, "{}: {import}", asset.source);
            }
        }
    }

    #[test]
    fn no_file_reaches_for_another_origin_or_writes_markup() {
        for source in SOURCES.iter().filter(|s| matches!(s.media_type, JAVASCRIPT | CSS)) {
            let text = std::str::from_utf8(source.bytes).unwrap();
            for bad in ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", "@import"] {
                assert!(!text.contains(bad), "{} has {bad}", source.name);
            }
            let foreign = text.replace("http://www.w3.org/", "");
            assert!(!foreign.contains("//www.") && !foreign.contains("//cdn."), "{}", source.name);
        }
    }
}
