//! The order list of a site: quantities in, a way to WhatsApp out. Nothing is kept.
//!
//! Items, prices and the owner's number come from the sheet of the version that is live; of what was
//! sent only quantities, a name and a note are taken.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use sitespark_core::site::{Chosen, ORDER_SHEET, OrderFault, OrderSheet};
use sitespark_core::sites::Encoded;

use super::see_other;
use crate::pages;
use crate::table::{Shown, SiteTable};

/// Fields that are read: more than any page of ours has rows.
const MAX_FIELDS: usize = 220;
/// What the names of quantities begin with.
const QUANTITY: &str = "q-";

/// Leads a visitor to WhatsApp with their order in one message.
pub(super) async fn answer(
    table: &SiteTable,
    shown: &Shown,
    language: &str,
    body: &[u8],
) -> Response<Body> {
    let Some(file) = shown.site.manifest.files.get(ORDER_SHEET) else {
        return pages::unknown_site();
    };
    let bytes = match table.bytes(shown, file, Encoded::Plain).await {
        Ok(bytes) => bytes,
        Err(error) => {
            tracing::error!(site.id = %shown.site.id, %error, "an order sheet could not be read");
            return pages::unavailable();
        }
    };
    let sheet: OrderSheet = match serde_json::from_slice(&bytes) {
        Ok(sheet) => sheet,
        Err(error) => {
            tracing::error!(site.id = %shown.site.id, %error, "an order sheet is not well-formed");
            return pages::unavailable();
        }
    };
    let linked = read(body).and_then(|chosen| sheet.link(language, &chosen));
    match linked {
        Ok(link) => see_other(&link),
        Err(fault) => pages::order_refused(StatusCode::UNPROCESSABLE_ENTITY, fault),
    }
}

/// What was chosen; a quantity that is no number is too much.
fn read(body: &[u8]) -> Result<Chosen, OrderFault> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    let mut chosen = Chosen::default();
    let mut quantities: BTreeMap<String, u16> = BTreeMap::new();
    for (name, value) in pairs.into_iter().take(MAX_FIELDS) {
        let value = value.trim();
        match name.as_str() {
            "name" => value.clone_into(&mut chosen.name),
            "note" => value.clone_into(&mut chosen.note),
            _ => {
                let Some(key) = name.strip_prefix(QUANTITY).filter(|_| !value.is_empty()) else {
                    continue;
                };
                let count = value.parse().map_err(|_| OrderFault::TooMuch)?;
                quantities.insert(key.to_owned(), count);
            }
        }
    }
    Ok(Chosen { quantities, ..chosen })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_nothing_and_words_no_quantity() {
        let chosen = read(b"q-a1=2&q-b2=&name=Budi+S&note=%20pedas&other=1").unwrap();
        assert_eq!(chosen.quantities, BTreeMap::from([("a1".to_owned(), 2)]));
        assert_eq!((chosen.name.as_str(), chosen.note.as_str()), ("Budi S", "pedas"));
        for body in ["q-a=-1", "q-a=70000", "q-a=dua", "q-a=1.5"] {
            assert_eq!(read(body.as_bytes()), Err(OrderFault::TooMuch), "{body}");
        }
    }
}
