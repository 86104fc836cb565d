//! Sites full of what scripts hide in, in a real browser and without a policy: escaping alone must hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sitespark_core::site::document::{Document, SectionKind};
use sitespark_core::site::{BuiltSite, Place, compile_pages, gate};
use sitespark_core::testing::briefs;
use tokio::net::TcpListener;

use crate::rig::{Browser, Window};

const DOCUMENT: &str = include_str!("../../core/examples/documents/kopi.json");
const VECTORS: &str = include_str!("vectors.txt");
/// Owners who write markup and orders.
const HOSTILE_BRIEFS: [&str; 3] = ["laundry-en", "shop-en", "tutoring-id"];
/// Fields that name something: other rules than those of words hold for them.
const NAMES: [&str; 17] = [
    "id",
    "kind",
    "slug",
    "variant",
    "language",
    "trade",
    "theme",
    "colour",
    "letters",
    "header",
    "footer",
    "url",
    "phone",
    "email",
    "number",
    "photo",
    "time_zone",
];
/// Counts what ran before the page's own markup is read.
const WATCH: &str = "window.fired = []; for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) \
    window[name] = (told) => { window.fired.push(name + ': ' + told) }";
/// Tells what could run and, after everything was touched, what did.
const PROVOKE: &str = r#"
    const found = [], all = [...document.querySelectorAll('*')];
    const runs = /^[\s\u0000-\u0020]*(javascript|vbscript|data:text\/html)/i;
    for (const one of all) for (const { name, value } of one.attributes) {
        if (/^on/i.test(name) || name === 'srcdoc') found.push(name);
        if (/^(href|src|action|formaction|data|xlink:href)$/i.test(name) && runs.test(value)) found.push(value);
    }
    const foreign = 'script:not([type="application/ld+json"]), iframe, object, embed, frame, applet, base, \
        meta[http-equiv=refresh i], link[rel=stylesheet], math, [src^="//"]';
    for (const one of document.querySelectorAll(foreign)) found.push(one.outerHTML);
    for (const kind of ['submit', 'click']) document.addEventListener(kind, (event) => {
        const to = event.target.closest?.('a[href]')?.getAttribute('href') ?? '';
        if (!runs.test(to)) event.preventDefault();
    }, true);
    for (const one of all) for (const kind of ['click', 'mouseover', 'focus', 'load', 'error', 'toggle'])
        one.dispatchEvent(new Event(kind, { cancelable: true }));
    for (const one of document.querySelectorAll('a, button')) one.click();
    return [...found, ...(window.fired ?? ['nobody watched'])];
"#;

type Files = BTreeMap<(String, String), (&'static str, Vec<u8>)>;

/// Opens every page of every hostile site and touches everything on it.
pub(crate) async fn nothing_runs(browser: &Browser) -> anyhow::Result<()> {
    let window = Window::of(browser)?;
    window.before_each_page(WATCH).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let files = Arc::new(tokio::task::spawn_blocking(move || hostile_sites(port)).await??);
    let router = Router::new().fallback(answer).with_state(Arc::clone(&files));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let page = |site: &str, path: &str| format!("http://{site}.localhost:{port}{path}");
    window.open(&page("proof", "/index.html")).await?;
    let seen = window.ask(PROVOKE).await?;
    ensure!(seen.to_string().contains("alert: 1"), "the watch saw nothing: {seen}");
    for (site, path) in files.keys().filter(|(site, path)| is_worth_a_look(site, path)) {
        window.open(&page(site, path)).await?;
        let seen = window.ask(PROVOKE).await?;
        ensure!(seen == json!([]), "{site}{path}: {seen}");
        // What a click sets off may come after the script that clicked.
        let later = window.ask("return window.fired").await?;
        ensure!(later == json!([]), "{site}{path}: {later}");
    }
    let strangers: Vec<_> = window
        .hosts()
        .await?
        .into_iter()
        .filter(|host| !host.ends_with(&format!(":{port}")))
        .collect();
    ensure!(strangers.is_empty(), "requests left for {strangers:?}");
    server.abort();
    Ok(())
}

/// All pages of some sites; of the many that differ by one vector, those with the most words.
fn is_worth_a_look(site: &str, path: &str) -> bool {
    let whole = site == "words-0" || HOSTILE_BRIEFS.contains(&site);
    site != "proof"
        && path.ends_with(".html")
        && (whole || path == "/index.html" || path == "/en/index.html")
}

fn hostile_sites(port: u16) -> anyhow::Result<Files> {
    let mut files = Files::new();
    let proof = b"<!DOCTYPE html><title>x</title><img alt=x src=/x onerror=alert(1)>".to_vec();
    files.insert(("proof".to_owned(), "/index.html".to_owned()), ("text/html", proof));
    for name in HOSTILE_BRIEFS {
        add(
            &mut files,
            name,
            &sitespark_core::generation::sketch(&briefs::case(name).brief),
            port,
        )?;
    }
    let rich = rich()?;
    for (at, vector) in VECTORS.lines().enumerate() {
        let mut value = rich.clone();
        in_words(&mut value, &mut |text| vector.clone_into(text));
        let document = serde_json::from_value(value)?;
        add(&mut files, &format!("words-{at}"), &document, port)?;
    }
    let plain = compile_pages(&serde_json::from_value(rich.clone())?, &place("x", port))?;
    let mut seen = BTreeSet::from([home_of(&plain).to_vec()]);
    for (at, document) in with_a_hostile_name(&rich).into_iter().enumerate() {
        let built = compile_pages(&document, &place("x", port));
        // What is not built or blocked by the gate is never seen.
        let Ok(built) = built else { continue };
        let blocked = gate::check(&document, &built).iter().any(|fault| fault.kind.blocks());
        if !blocked && seen.insert(home_of(&built).to_vec()) {
            add(&mut files, &format!("name-{at}"), &document, port)?;
        }
    }
    Ok(files)
}

fn home_of(built: &BuiltSite) -> &[u8] {
    built.files.iter().find(|file| file.path == "/index.html").map_or(&[], |file| &file.bytes)
}

fn add(files: &mut Files, site: &str, document: &Document, port: u16) -> anyhow::Result<()> {
    let built = compile_pages(document, &place(site, port)).with_context(|| site.to_owned())?;
    for file in built.files {
        files.insert((site.to_owned(), file.path), (file.media_type, file.bytes));
    }
    Ok(())
}

fn place(site: &str, port: u16) -> Place {
    Place {
        origin: format!("http://{site}.localhost:{port}"),
        operator: "SiteSpark".to_owned(),
        updated_at_ms: 1_820_000_000_000,
    }
}

/// A document with every kind of section and every list filled.
fn rich() -> anyhow::Result<Value> {
    let photo = |id: &str| json!({ "id": id.repeat(64), "width_px": 1600, "height_px": 1200, "alt": "x", "colour": "#884422" });
    let mut document: Value = serde_json::from_str(DOCUMENT)?;
    let business = &mut document["business"];
    business["photos"] = json!([photo("a"), photo("b")]);
    business["qris"] = photo("c");
    business["email"] = json!("toko@example.com");
    business["people"] = json!([{ "name": "x", "role": "x", "photo": "b".repeat(64) }]);
    business["testimonials"] = json!([{ "text": "x", "author": "x" }]);
    business["items"][0]["photo"] = json!("a".repeat(64));
    let sections = document["pages"][0]["sections"].as_array_mut().context("sections")?;
    for kind in SectionKind::ALL {
        if sections.iter().all(|section| section["kind"] != kind.slug()) {
            sections.push(json!({ "id": kind.slug(), "kind": kind.slug(), "variant": "", "words": { "heading": "x" } }));
        }
    }
    for section in &mut *sections {
        let words = &mut section["words"];
        (words["lead"], words["action"]) = (json!("x"), json!("x"));
        words["paragraphs"] = json!(["x"]);
        words["points"] = json!([{ "title": "x", "text": "x" }]);
    }
    let words: serde_json::Map<_, _> = sections
        .iter()
        .map(|section| {
            (section["id"].as_str().unwrap_or_default().to_owned(), section["words"].clone())
        })
        .collect();
    document["translations"] = json!([{
        "language": "en", "trade_said": "x", "meta": { "title": "x", "description": "x" }, "words": words,
    }]);
    Ok(document)
}

/// Changes every text that is words.
fn in_words(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().for_each(|one| in_words(one, change)),
        Value::Object(fields) => {
            for (_, one) in fields.iter_mut().filter(|(key, _)| !NAMES.contains(&key.as_str())) {
                in_words(one, change);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The document once for each field that names something, with markup in all of that name.
fn with_a_hostile_name(rich: &Value) -> Vec<Document> {
    fn spoil(value: &mut Value, field: &str, vector: &str) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|one| spoil(one, field, vector)),
            Value::Object(fields) => {
                for (key, one) in fields {
                    if key == field && (one.is_string() || one.is_null()) {
                        *one = vector.into();
                    } else {
                        spoil(one, field, vector);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let vectors = [
        "\"><img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "x}</style><script>alert(1)</script>",
    ];
    let each = NAMES.into_iter().flat_map(|field| vectors.map(|vector| (field, vector)));
    each.filter_map(|(field, vector)| {
        let mut value = rich.clone();
        spoil(&mut value, field, vector);
        serde_json::from_value(value).ok()
    })
    .collect()
}

async fn answer(State(files): State<Arc<Files>>, headers: HeaderMap, uri: Uri) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let site = host.split('.').next().unwrap_or_default().to_owned();
    match files.get(&(site, uri.path().to_owned())) {
        Some((media_type, bytes)) => ([(CONTENT_TYPE, *media_type)], bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
