//! Documents to test with: the same ones the example renders.

use super::compile::Place;
use super::document::Document;

fn read(text: &str) -> Document {
    serde_json::from_str(text).expect("a sample document")
}

pub(crate) fn coffee() -> Document {
    read(include_str!("../../examples/documents/kopi.json"))
}

pub(crate) fn barber() -> Document {
    read(include_str!("../../examples/documents/barber.json"))
}

pub(crate) fn dentist() -> Document {
    read(include_str!("../../examples/documents/gigi.json"))
}

pub(crate) fn place() -> Place {
    Place {
        origin: "http://kopi.localhost:8080".to_owned(),
        operator: "SiteSpark".to_owned(),
        updated_at_ms: 1_790_000_000_000,
    }
}
