//! The sites as folders, and a server that shows them by the first label of the host.

use std::path::{Path, PathBuf};

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use sitespark_core::generation;
use sitespark_core::photos::{self, Format};
use sitespark_core::site::{Place, compile_with, gate, lead_photo};
use sitespark_core::testing::briefs::{self, Case};

/// When the sites say they were last changed.
const UPDATED_AT_MS: i64 = 1_820_000_000_000;

/// Builds and writes the sites whose name holds `only`; answers their names.
pub(crate) async fn write(folder: &Path, only: &str, port: u16) -> anyhow::Result<Vec<String>> {
    let names: Vec<&'static str> = briefs::names().filter(|name| name.contains(only)).collect();
    for name in &names {
        let (folder, name) = (folder.join(name), *name);
        tokio::task::spawn_blocking(move || write_one(&folder, &briefs::case(name), port))
            .await?
            .with_context(|| format!("the site {name}"))?;
    }
    Ok(names.into_iter().map(str::to_owned).collect())
}

fn write_one(folder: &Path, case: &Case, port: u16) -> anyhow::Result<()> {
    let document = generation::sketch(&case.brief);
    let place = Place {
        origin: format!("http://{}.localhost:{port}", case.name),
        operator: "SiteSpark".to_owned(),
        updated_at_ms: UPDATED_AT_MS,
    };
    let master = |id: &str| case.photos.iter().find(|photo| photo.id.0 == id);
    let lead = lead_photo(&document).and_then(|photo| master(&photo.id));
    let lead = lead.map(|photo| photos::read(&photo.jpeg)).transpose()?;
    let built = compile_with(&document, &place, lead.as_ref())?;
    for file in &built.files {
        save(folder, &file.path, &file.bytes)?;
    }
    let mut photo_bytes = 0;
    for photo in &case.photos {
        let image = photos::read(&photo.jpeg)?;
        for file in built.photos.iter().filter(|file| file.photo == photo.id.0) {
            let bytes = photos::render(&image, file.width_px, Format::of_path(&file.path))?;
            photo_bytes += bytes.len();
            save(folder, &file.path, &bytes)?;
        }
    }
    save(folder, "/document.json", &serde_json::to_vec_pretty(&document)?)?;
    let home = built.files.iter().find(|file| file.path == "/index.html");
    let faults = gate::check(&document, &built);
    println!(
        "{:<16} {:<9} {:<8} {:>6} bytes, {} photos in {} bytes{}",
        case.name,
        document.design.theme,
        document.design.colour,
        home.map_or(0, |file| file.bytes.len()),
        case.photos.len(),
        photo_bytes,
        if faults.is_empty() { String::new() } else { format!(", {faults:?}") },
    );
    Ok(())
}

fn save(folder: &Path, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(path.trim_start_matches('/'));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(path, bytes)?)
}

/// Shows the sites until it is dropped.
pub(crate) async fn serve(folder: PathBuf, port: u16) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let router = Router::new().fallback(answer).with_state(folder);
    Ok(axum::serve(listener, router).await?)
}

async fn answer(State(folder): State<PathBuf>, headers: HeaderMap, uri: Uri) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.split('.').next().unwrap_or_default();
    let path = uri.path().trim_start_matches('/');
    let whole = path.split('/').all(|part| part != "..") && !name.is_empty();
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    };
    match std::fs::read(folder.join(name).join(&path)) {
        Ok(bytes) if whole => ([(CONTENT_TYPE, media_type(&path))], bytes).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "xml" => "application/xml; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
