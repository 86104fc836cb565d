//! The files every site has whatever is in it: privacy note, thanks, not-found, sitemap, robots, manifest.

use askama::Template;

use super::compile::{Alternate, BuiltFile, CompileError, Frame, HTML, cut, file};
use super::labels::{Labels, fill};
use super::logo::logo;
use super::markup::Markup;
use super::order::{self, OrderRow};
use super::palette::hex;
use super::pictures::favicon;

impl Frame<'_> {
    /// Privacy note, thanks and the order list.
    pub(super) fn fixed_pages(&self) -> Result<Vec<BuiltFile>, CompileError> {
        let (labels, name) = (self.labels, self.document.business.name.as_str());
        let values = [("name", name), ("operator", self.place.operator.as_str())];
        let privacy: Vec<_> = labels
            .privacy_parts
            .iter()
            .map(|part| (part.heading.clone(), fill(&part.text, &values)))
            .collect();
        let updated = fill(&labels.updated, &[("date", &self.long_date())]);
        let thanks = vec![(String::new(), fill(&labels.thanks_text, &values))];
        let privacy = self.text(&labels.privacy, privacy, Some(updated))?;
        let thanks = self.text(&labels.thanks_heading, thanks, None)?;
        let mut pages = vec![
            file(&self.spoken.path(&labels.privacy_slug), HTML, privacy),
            file(&self.spoken.path(&labels.thanks_slug), HTML, thanks),
        ];
        if self.site.order_href.is_some() {
            pages.push(file(&self.spoken.path(&labels.order_slug), HTML, self.order_page()?));
        }
        Ok(pages)
    }

    /// The list from which several things are ordered at once: a page of its own, so that long menus
    /// leave the others small.
    fn order_page(&self) -> Result<String, CompileError> {
        let body = Markup::of(&OrderTemplate {
            labels: self.labels,
            rows: order::rows(self.document, self.language),
            action: self.spoken.form(order::ORDER_FORM),
            privacy: &self.site.forms.privacy,
        })?;
        let title = format!("{} · {}", self.labels.order_list, self.document.business.name);
        self.wrap("-", &body, &title, None)
    }

    /// What is answered where there is no page.
    pub(super) fn lost_page(&self) -> Result<Vec<BuiltFile>, CompileError> {
        let lost = vec![(String::new(), self.labels.lost_text.clone())];
        Ok(vec![file("/404.html", HTML, self.text(&self.labels.lost_heading, lost, None)?)])
    }

    fn text(
        &self,
        heading: &str,
        parts: Vec<(String, String)>,
        updated: Option<String>,
    ) -> Result<String, CompileError> {
        let title = format!("{heading} · {}", self.document.business.name);
        let (back, home) = (self.labels.back_home.as_str(), self.spoken.href(""));
        let body = Markup::of(&TextTemplate { heading, parts, updated, back, home })?;
        self.wrap("-", &body, &title, None)
    }

    /// Sitemap, robots, manifest and the icon of the tab.
    pub(super) fn small_files(&self) -> Result<Vec<BuiltFile>, CompileError> {
        let origin = self.place.origin.as_str();
        let several = self.spoken.all.len() > 1;
        let day = self.date().to_string();
        let sitemap = Sitemap { origin, pages: self.mapped(), several, day }.render()?;
        let robots = Robots { origin }.render()?;
        let business = &self.document.business;
        let icon = |src: &str, sizes: &str, media_type: &str| serde_json::json!({ "src": src, "sizes": sizes, "type": media_type });
        let mut icons = vec![
            icon("/icon-192.png", "192x192", "image/png"),
            icon("/icon-512.png", "512x512", "image/png"),
        ];
        // The drawing is the sign of who has no logo.
        if logo(business).is_none() {
            icons.push(icon("/favicon.svg", "any", "image/svg+xml"));
        }
        let manifest = serde_json::json!({
            "name": business.name,
            "short_name": cut(&business.name, 24),
            "description": self.document.meta.description,
            "lang": self.language.tag(),
            "start_url": "/",
            "scope": "/",
            "display": "browser",
            "background_color": hex(self.palette.light.ground),
            "theme_color": hex(self.palette.light.primary),
            "icons": icons,
        });
        Ok(vec![
            file("/sitemap.xml", "application/xml; charset=utf-8", sitemap),
            file("/robots.txt", "text/plain; charset=utf-8", robots),
            file(
                "/manifest.webmanifest",
                "application/manifest+json; charset=utf-8",
                manifest.to_string(),
            ),
            file("/favicon.svg", "image/svg+xml; charset=utf-8", favicon(self.document)),
        ])
    }

    /// Every page in every language, each with its twins.
    fn mapped(&self) -> Vec<Mapped> {
        let mut pages = Vec::new();
        for (_, base) in &self.spoken.all {
            let there = super::compile::Spoken { base: base.clone(), ..self.spoken.clone() };
            pages.extend(self.document.pages.iter().map(|page| Mapped {
                path: there.href(&page.slug),
                alternates: there.alternates(&page.slug),
            }));
        }
        pages
    }

    fn date(&self) -> time::Date {
        let seconds = self.place.updated_at_ms.div_euclid(1000);
        time::OffsetDateTime::from_unix_timestamp(seconds)
            .unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
            .date()
    }

    fn long_date(&self) -> String {
        let date = self.date();
        let month = &self.labels.months[usize::from(u8::from(date.month())) - 1];
        format!("{} {month} {}", date.day(), date.year())
    }
}

#[derive(Template)]
#[template(path = "site/text.html")]
struct TextTemplate<'a> {
    heading: &'a str,
    parts: Vec<(String, String)>,
    updated: Option<String>,
    back: &'a str,
    home: String,
}

#[derive(Template)]
#[template(path = "site/order.html")]
struct OrderTemplate<'a> {
    labels: &'a Labels,
    rows: Vec<OrderRow>,
    action: String,
    privacy: &'a str,
}

#[derive(Template)]
#[template(path = "site/sitemap.xml")]
struct Sitemap<'a> {
    origin: &'a str,
    pages: Vec<Mapped>,
    several: bool,
    day: String,
}

struct Mapped {
    path: String,
    alternates: Vec<Alternate>,
}

#[derive(Template)]
#[template(path = "site/robots.txt", escape = "none")]
struct Robots<'a> {
    origin: &'a str,
}
