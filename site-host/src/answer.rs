//! Answering for a file: validators, encodings, ranges, cache rules, safety headers.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, LOCATION,
    RANGE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use sitespark_core::byte_range::ByteRange;
use sitespark_core::causes::with_causes;
use sitespark_core::sites::{Encoded, PackedFile, SiteStatus};

use crate::pages;
use crate::table::{Found, Shown, SiteTable};

const HTML: &str = "text/html";
/// Of one answer, so that none of them makes the map grow.
const MOST_HEADERS: usize = 16;
/// Pages are asked for anew each time, and answered by a 304 while they are the same.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// Files whose name carries a hash.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Icons, pictures for sharing and the like.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

pub(crate) async fn get(table: &SiteTable, subdomain: &str, request: &Parts) -> Response<Body> {
    let shown = match table.find(subdomain).await {
        Ok(Found::Site(shown)) => shown,
        Ok(Found::Moved(former)) => return moved(&table.url(&former.now), request),
        Ok(Found::Nothing) => return pages::unknown_site(),
        Err(error) => {
            tracing::error!(%error, "a site could not be looked up");
            return pages::unavailable();
        }
    };
    match shown.site.status {
        SiteStatus::Live => {}
        SiteStatus::Draft => return pages::draft(),
        SiteStatus::Suspended => return pages::suspended(),
        SiteStatus::Deleted => return pages::deleted(),
    }
    let path = request.uri.path();
    let files = &shown.site.manifest.files;
    let (status, file) = match files.get(path) {
        Some(file) => (StatusCode::OK, file),
        None => {
            if let Some(response) = redirect_to_folder(path, request, &shown) {
                return response;
            }
            match files.get("/404.html") {
                Some(file) => (StatusCode::NOT_FOUND, file),
                None => return pages::unknown_site(),
            }
        }
    };
    let mut response = match send(table, &shown, file, status, request).await {
        Ok(response) => response,
        Err(error) => {
            let error = with_causes(&error);
            tracing::error!(site.id = %shown.site.id, site.name = subdomain, path, error, "a file of a site could not be read");
            return pages::unavailable();
        }
    };
    if status == StatusCode::OK && request.method == Method::GET && is_page(file) {
        table.views.count(shown.site.id, table.clock.now_ms());
    }
    add_safety(response.headers_mut(), shown.csp.clone());
    response
}

/// The same page under the name the site has now.
fn moved(origin: &str, request: &Parts) -> Response<Body> {
    let path = request.uri.path_and_query().map_or("/", |path| path.as_str());
    let Ok(to) = HeaderValue::from_str(&format!("{origin}{path}")) else {
        return pages::unknown_site();
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, to);
    response.headers_mut().insert(CACHE_CONTROL, AN_HOUR);
    response
}

pub(crate) fn is_page(file: &PackedFile) -> bool {
    file.media_type.starts_with(HTML)
}

/// `/menu` means `/menu/` where there is such a page; so does `/menu/index.html`.
fn redirect_to_folder(path: &str, request: &Parts, shown: &Shown) -> Option<Response<Body>> {
    let folder = match path.strip_suffix("index.html") {
        Some(folder) => folder.to_owned(),
        None => format!("{path}/"),
    };
    if !folder.starts_with('/') || folder.starts_with("//") {
        return None;
    }
    shown.site.manifest.files.get(&folder)?;
    let query = request.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let to = HeaderValue::from_str(&format!("{folder}{query}")).ok()?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    response.headers_mut().insert(LOCATION, to);
    response.headers_mut().insert(CACHE_CONTROL, REVALIDATE);
    Some(response)
}

async fn send(
    table: &SiteTable,
    shown: &Shown,
    file: &PackedFile,
    status: StatusCode,
    request: &Parts,
) -> Result<Response<Body>, std::sync::Arc<sitespark_core::sites::SitesError>> {
    let asked = &request.headers;
    // Ranges are defined for GET alone (RFC 9110, section 14.2).
    let takes_range = status == StatusCode::OK && request.method == Method::GET;
    let range = if takes_range { asked.get(RANGE) } else { None };
    let form = if range.is_some() { Encoded::Plain } else { choose_form(file, asked) };
    let etag = etag(file, form);
    let mut headers = HeaderMap::with_capacity(MOST_HEADERS);
    headers.insert(ETAG, etag.clone());
    headers.insert(CACHE_CONTROL, cache_rule(file, status));
    if file.br.is_some() || file.gzip.is_some() {
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if status == StatusCode::OK && matches_any(asked.get(IF_NONE_MATCH), file) {
        return Ok(respond(StatusCode::NOT_MODIFIED, headers, Body::empty()));
    }
    let media_type = HeaderValue::from_str(&file.media_type);
    headers.insert(
        CONTENT_TYPE,
        media_type.unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    match form {
        Encoded::Plain => {}
        Encoded::Br => drop(headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"))),
        Encoded::Gzip => drop(headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"))),
    }
    let (_, length) = file.range(form).unwrap_or(file.plain);
    if let Some(range) = range.filter(|_| range_is_current(asked.get(IF_RANGE), &etag)) {
        return send_range(table, shown, file, range, headers).await;
    }
    headers.insert(CONTENT_LENGTH, length.into());
    if request.method == Method::HEAD {
        return Ok(respond(status, headers, Body::empty()));
    }
    let bytes = table.bytes(shown, file, form).await?;
    Ok(respond(status, headers, Body::from(bytes)))
}

async fn send_range(
    table: &SiteTable,
    shown: &Shown,
    file: &PackedFile,
    range: &HeaderValue,
    mut headers: HeaderMap,
) -> Result<Response<Body>, std::sync::Arc<sitespark_core::sites::SitesError>> {
    let length = file.plain.1;
    let bytes = table.bytes(shown, file, Encoded::Plain).await?;
    let wanted = match ByteRange::of(range.to_str().unwrap_or_default(), length) {
        ByteRange::Part(first, last) => (first, last),
        ByteRange::Whole => {
            headers.insert(CONTENT_LENGTH, length.into());
            return Ok(respond(StatusCode::OK, headers, Body::from(bytes)));
        }
        ByteRange::Unsatisfiable => {
            let all = HeaderValue::from_str(&format!("bytes */{length}"));
            headers.insert(CONTENT_RANGE, all.unwrap_or(HeaderValue::from_static("bytes */0")));
            return Ok(respond(StatusCode::RANGE_NOT_SATISFIABLE, headers, Body::empty()));
        }
    };
    let (first, last) = wanted;
    // Digits always make a header.
    if let Ok(value) = HeaderValue::from_str(&format!("bytes {first}-{last}/{length}")) {
        headers.insert(CONTENT_RANGE, value);
    }
    headers.insert(CONTENT_LENGTH, (last - first + 1).into());
    let at = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(bytes.len());
    let part = bytes.slice(at(first)..at(last + 1));
    Ok(respond(StatusCode::PARTIAL_CONTENT, headers, Body::from(part)))
}

fn range_is_current(if_range: Option<&HeaderValue>, etag: &HeaderValue) -> bool {
    if_range.is_none_or(|tag| tag == etag)
}

fn respond(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The smallest form the visitor takes: brotli, gzip, plain.
fn choose_form(file: &PackedFile, asked: &HeaderMap) -> Encoded {
    let Some(accepted) = asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else {
        return Encoded::Plain;
    };
    if file.br.is_some() && accepts(accepted, "br") {
        Encoded::Br
    } else if file.gzip.is_some() && accepts(accepted, "gzip") {
        Encoded::Gzip
    } else {
        Encoded::Plain
    }
}

/// Whether an `Accept-Encoding` takes a coding: named or by `*`, and not with a weight of zero.
fn accepts(header: &str, coding: &str) -> bool {
    let mut by_star = false;
    for part in header.split(',') {
        let mut pieces = part.split(';');
        let name = pieces.next().unwrap_or_default().trim();
        let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
        let wanted = weight.is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0));
        if name.eq_ignore_ascii_case(coding) {
            return wanted;
        }
        if name == "*" {
            by_star = wanted;
        }
    }
    by_star
}

fn etag(file: &PackedFile, form: Encoded) -> HeaderValue {
    let form = match form {
        Encoded::Plain => "",
        Encoded::Br => "-br",
        Encoded::Gzip => "-gz",
    };
    HeaderValue::try_from(["\"", &file.hash, form, "\""].concat())
        .unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether an `If-None-Match` names this file in any form: its content is what the visitor has.
fn matches_any(header: Option<&HeaderValue>, file: &PackedFile) -> bool {
    let Some(list) = header.and_then(|value| value.to_str().ok()) else { return false };
    list.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag == "*"
            || tag.strip_prefix(&file.hash).is_some_and(|rest| matches!(rest, "" | "-br" | "-gz"))
    })
}

fn cache_rule(file: &PackedFile, status: StatusCode) -> HeaderValue {
    if status != StatusCode::OK || is_page(file) {
        REVALIDATE
    } else if file.immutable {
        FOREVER
    } else {
        AN_HOUR
    }
}

/// What every answer for a site carries.
pub(crate) fn add_safety(headers: &mut HeaderMap, csp: HeaderValue) {
    const REFERRER: HeaderName = HeaderName::from_static("referrer-policy");
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
    const CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");
    headers.insert(CONTENT_SECURITY_POLICY, csp);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(
        PERMISSIONS,
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    );
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(CLUSTER, HeaderValue::from_static("?1"));
}

/// Only what `allow` lists can be asked of this address.
pub(crate) fn method_not_allowed(allow: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_weighed() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("*", "gzip"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("br;q=0, *", "br"));
        assert!(!accepts("identity", "gzip"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
    }
}
