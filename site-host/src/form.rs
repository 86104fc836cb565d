//! Forms of sites, without script: what a visitor writes is kept for the owner and told to them; an
//! order list becomes a message that the visitor sends by WhatsApp, and is not kept.

mod letter;
mod order;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode};
use serde_json::Value;
use sitespark_core::brief::Language;
use sitespark_core::generation::{self, Report};
use sitespark_core::ids::SiteId;
use sitespark_core::live::Limit;
use sitespark_core::queue;
use sitespark_core::site::ORDER_FORM;
use sitespark_core::sites::{self, Encoded};

use crate::answer::{is_page, method_not_allowed};
use crate::name::host_of;
use crate::pages;
use crate::table::{Found, Shown, SiteTable};

pub(crate) use letter::Lack;
use letter::{Letter, is_from_here};

/// Largest form body.
const MAX_BODY_BYTES: usize = 16 * 1_024;
/// Where forms are sent.
const FORMS: &str = "/form/";
/// Forms one site takes.
const LIMIT: Limit = Limit { per_minute: 20, burst: 20 };
/// Where a visitor is led after sending, by what the site has.
const THANKS: [&str; 2] = ["/terima-kasih/", "/thanks/"];

/// A form of a site: in which of its languages, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    /// A language tag; empty for the site's own.
    language: String,
    form: String,
}

pub(crate) async fn post(
    table: &SiteTable,
    subdomain: &str,
    request: &Parts,
    body: Body,
) -> Response<Body> {
    let path = request.uri.path();
    let found = match table.find(subdomain).await {
        // Whoever opened the page under the old name is heard as well.
        Ok(Found::Moved(former)) => table.find(&former.now).await,
        found => found,
    };
    let shown = match found {
        Ok(Found::Site(shown)) if shown.is_live() => shown,
        Ok(_) => return pages::unknown_site(),
        Err(_) => return pages::unavailable(),
    };
    let Some(asked) = asked(path) else {
        let is_form = is_of_form(path);
        return if is_form { pages::unknown_site() } else { method_not_allowed("GET, HEAD") };
    };
    let host = host_of(&request.uri, &request.headers).unwrap_or_default();
    if !is_from_here(&request.headers, &host) {
        return pages::form_foreign();
    }
    match stands_on_a_page(table, &shown, path).await {
        Ok(true) => {}
        Ok(false) => return pages::unknown_site(),
        Err(error) => {
            tracing::error!(site.id = %shown.site.id, %error, "the pages of a form could not be read");
            return pages::unavailable();
        }
    }
    let Ok(body) = to_bytes(body, MAX_BODY_BYTES).await else {
        return pages::form_refused(StatusCode::PAYLOAD_TOO_LARGE);
    };
    if asked.form == ORDER_FORM {
        return order::answer(table, &shown, &asked.language, &body).await;
    }
    take(table, &shown, (path, &asked), &body).await
}

/// Whether forms are sent to addresses like this.
pub(crate) fn is_of_form(path: &str) -> bool {
    path.starts_with(FORMS)
}

/// Whether a page of the version sends a form there.
async fn stands_on_a_page(
    table: &SiteTable,
    shown: &Shown,
    path: &str,
) -> Result<bool, Arc<sites::SitesError>> {
    let action = format!("action=\"{path}\"");
    for file in shown.site.manifest.files.values().filter(|file| is_page(file)) {
        let page = table.bytes(shown, file, Encoded::Plain).await?;
        if page.windows(action.len()).any(|part| part == action.as_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which form a path names: `/form/contact`, or `/form/en/contact` from a page in English.
fn asked(path: &str) -> Option<Asked> {
    let rest = path.strip_prefix(FORMS)?;
    let (language, form) = match rest.split_once('/') {
        Some((language, form)) => (Language::from_tag(language)?.tag(), form),
        None => ("", rest),
    };
    let known = (1..=40).contains(&form.len())
        && form.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    known.then(|| Asked { language: language.to_owned(), form: form.to_owned() })
}

/// Keeps what a visitor wrote to the owner.
async fn take(
    table: &SiteTable,
    shown: &Shown,
    (path, asked): (&str, &Asked),
    body: &[u8],
) -> Response<Body> {
    let letter = Letter::read(body);
    if letter.is_trapped() {
        return thank(shown, &asked.language);
    }
    let lacks = letter.lacks();
    if !lacks.is_empty() {
        let field = |name: &str| letter.field(name).to_owned();
        let typed = [field("name"), field("phone"), field("message")];
        return pages::form_incomplete(path, &lacks, &typed);
    }
    let now_ms = table.clock.now_ms();
    let key = format!("form:{}", shown.site.id);
    if table.live.limiter.take(&key, LIMIT, now_ms).await.is_err() {
        return pages::form_refused(StatusCode::TOO_MANY_REQUESTS);
    }
    match keep(table, shown, &asked.form, letter, now_ms).await {
        Ok(()) => thank(shown, &asked.language),
        Err(error) => {
            tracing::error!(site.id = %shown.site.id, %error, "a form could not be kept");
            pages::unavailable()
        }
    }
}

async fn keep(
    table: &SiteTable,
    shown: &Shown,
    form: &str,
    letter: Letter,
    now_ms: i64,
) -> Result<(), sites::SitesError> {
    let mut tx = table.db.begin().await?;
    let site = shown.site.id;
    let report = report_of(site, &letter);
    let fields = Value::Object(letter.into_fields());
    let entry = sites::save_form(&mut tx, site, form, &fields, now_ms).await?;
    if let Some(key) = generation::owner_key(&mut tx, site).await? {
        let row = report.into_row(&key, format!("form:{entry}"), now_ms);
        queue::push(&mut tx, &row, now_ms).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn report_of(site: SiteId, letter: &Letter) -> Report {
    let field = |name: &str| letter.field(name).to_owned();
    Report::Visitor {
        site,
        name: field("name"),
        contact: field("phone"),
        message: field("message"),
    }
}

/// The page of thanks in the language the visitor reads.
fn thank(shown: &Shown, language: &str) -> Response<Body> {
    let files = &shown.site.manifest.files;
    let base = if language.is_empty() { String::new() } else { format!("/{language}") };
    let page = THANKS
        .into_iter()
        .map(|page| format!("{base}{page}"))
        .chain(THANKS.into_iter().map(str::to_owned))
        .find(|path| files.contains_key(path));
    see_other(page.as_deref().unwrap_or("/"))
}

/// Leads on to another address with a plain request.
fn see_other(to: &str) -> Response<Body> {
    let Ok(to) = HeaderValue::from_str(to) else { return pages::unavailable() };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, to);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_stand_on_a_page_in_another_language() {
        let of = |language: &str, form: &str| {
            Some(Asked { language: language.to_owned(), form: form.to_owned() })
        };
        assert_eq!(asked("/form/contact"), of("", "contact"));
        assert_eq!(asked("/form/en/order"), of("en", "order"));
        for path in ["/form/", "/form/en/", "/form/fr/order", "/form/a/b/c", "/form/../x", "/menu"]
        {
            assert_eq!(asked(path), None, "{path}");
        }
    }
}
