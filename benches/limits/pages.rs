//! From a document to pages, to pictures, to a pack.

use std::time::Instant;

use sitespark_core::site::document::Document;
use sitespark_core::site::{BuiltSite, Place, compile, compile_pages};
use sitespark_core::sites::Pack;

use crate::report::{Aim, Report};

const DOCUMENTS: [&str; 3] = [
    include_str!("../../core/examples/documents/kopi.json"),
    include_str!("../../core/examples/documents/barber.json"),
    include_str!("../../core/examples/documents/gigi.json"),
];
const ROUNDS: usize = 100;
/// Rounds of what takes long.
const FEW_ROUNDS: usize = 5;
/// Aim for one page.
const PAGE_AIM_MS: f64 = 1.0;

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    let documents = documents()?;
    let mut pages = 0;
    for document in &documents {
        pages += page_count(&compile_pages(document, &place())?);
    }
    let began = Instant::now();
    for _ in 0..ROUNDS {
        for document in &documents {
            std::hint::black_box(compile_pages(document, &place())?);
        }
    }
    let per_page = millis(began) / (ROUNDS * pages) as f64;
    report.add("pages: document to page, each", per_page, "ms", Aim::AtMost(PAGE_AIM_MS));
    let began = Instant::now();
    for _ in 0..FEW_ROUNDS {
        for document in &documents {
            std::hint::black_box(compile(document, &place())?);
        }
    }
    let sites = (FEW_ROUNDS * documents.len()) as f64;
    report.add("pages: a whole site with pictures", millis(began) / sites, "ms", Aim::None);
    let built: Vec<BuiltSite> =
        documents.iter().map(|document| compile(document, &place())).collect::<Result<_, _>>()?;
    let began = Instant::now();
    for _ in 0..FEW_ROUNDS {
        for site in &built {
            std::hint::black_box(Pack::build(&site.files, String::new(), "bench"));
        }
    }
    report.add("pages: a site's pack (brotli and gzip)", millis(began) / sites, "ms", Aim::None);
    Ok(())
}

/// The documents of the examples.
pub(crate) fn documents() -> anyhow::Result<Vec<Document>> {
    Ok(DOCUMENTS.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>()?)
}

/// Where they would live.
pub(crate) fn place() -> Place {
    Place {
        origin: "https://kopi.sites.test".to_owned(),
        operator: "SiteSpark".to_owned(),
        updated_at_ms: 1_790_000_000_000,
    }
}

fn page_count(built: &BuiltSite) -> usize {
    built.files.iter().filter(|file| file.media_type.starts_with("text/html")).count()
}

fn millis(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}
