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
    let (mut new_ms, mut next_ms) = ([0.0; 2], [0.0; 2]);
    for round in 0..FEW_ROUNDS {
        for document in &documents {
            let new = called_otherwise(document, round);
            built_and_packed(&new, &mut new_ms)?;
            built_and_packed(&at_other_prices(&new), &mut next_ms)?;
        }
    }
    let sites = (FEW_ROUNDS * documents.len()) as f64;
    for (what, [built, packed]) in [("a new site", new_ms), ("its next version", next_ms)] {
        let named = |part: &str| format!("pages: {what}, {part}");
        report.add(&named("with pictures"), built / sites, "ms", Aim::None);
        report.add(&named("its pack (brotli and gzip)"), packed / sites, "ms", Aim::None);
    }
    Ok(())
}

/// Adds how long a site takes to build, and then to pack.
fn built_and_packed(document: &Document, took_ms: &mut [f64; 2]) -> anyhow::Result<()> {
    let began = Instant::now();
    let site = compile(document, &place())?;
    took_ms[0] += millis(began);
    let began = Instant::now();
    std::hint::black_box(Pack::build(&site.files, String::new(), "bench"));
    took_ms[1] += millis(began);
    Ok(())
}

/// A site nobody has built before: another name, other drawings.
fn called_otherwise(document: &Document, round: usize) -> Document {
    let mut other = document.clone();
    let letter = ["A", "B", "C", "D", "E"][round % FEW_ROUNDS];
    other.business.name = format!("{letter}{}", other.business.name);
    other.design.seed =
        other.design.seed.wrapping_mul(31).wrapping_add(u32::from(letter.as_bytes()[0]));
    other
}

/// The same site at other prices, as after a word of its owner.
fn at_other_prices(document: &Document) -> Document {
    let mut next = document.clone();
    for item in &mut next.business.items {
        item.price_rupiah = item.price_rupiah.map(|price| price + 1_000);
    }
    next
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
