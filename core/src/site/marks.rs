//! The drawings beside things for sale that have no photo: one that shows the thing where its name calls for
//! one, otherwise a plain ornament, so that no drawing claims to be what it is not.

use std::fmt::Write;

use super::document::Business;
use super::shop::{ItemView, Thrift};
use super::trades::{self, Motif};

/// Drawings a list may bring along, besides those of its business; on a page where bytes are dear, fewer.
const MORE_AT_MOST: usize = 8;
const FEW_AT_MOST: usize = 3;

/// Ornaments on a square of 100 by 100, in the classes of the motifs.
const ORNAMENTS: [&str; 4] = [
    "<circle class=\"a\" cx=\"50\" cy=\"100\" r=\"78\"/><circle class=\"d\" cx=\"50\" cy=\"100\" r=\"58\"/><circle class=\"b\" cx=\"50\" cy=\"100\" r=\"38\"/>",
    "<path class=\"a\" d=\"M50 50q0-36 36-36 0 36-36 36zM50 50q0 36-36 36 0-36 36-36z\"/><path class=\"b\" d=\"M50 50q-36 0-36-36 36 0 36 36zM50 50q36 0 36 36-36 0-36-36z\"/>",
    "<path class=\"b\" d=\"M0 64h100v8H0zM0 80h100v8H0z\"/><circle class=\"a\" cx=\"50\" cy=\"44\" r=\"28\"/>",
    "<path class=\"a\" d=\"M0 0h50a50 50 0 0 1-50 50z\"/><path class=\"b\" d=\"M100 100H50a50 50 0 0 1 50-50z\"/><path class=\"c\" d=\"M50 50h50A50 50 0 0 0 50 0z\"/><circle class=\"a\" cx=\"25\" cy=\"75\" r=\"14\"/>",
];

/// Gives every item without a photo its drawing; answers the symbols the page does not have yet.
pub(super) fn mark(business: &Business, items: &mut [ItemView], thrift: Thrift) -> String {
    let own = trades::motifs(business);
    let (room, ornaments) = match thrift {
        Thrift::None | Thrift::TerseLinks | Thrift::Unlisted => (MORE_AT_MOST, ORNAMENTS.len()),
        Thrift::Sketched => (FEW_AT_MOST, ORNAMENTS.len()),
        Thrift::Bare | Thrift::Plain => (0, 1),
    };
    let mut more: Vec<&Motif> = Vec::new();
    let (mut symbols, mut plain) = (String::new(), 0);
    for item in items.iter_mut().filter(|item| item.picture.is_none()) {
        let motif = trades::of_item(&business.trade, &item.name);
        let at = |list: &[&Motif]| {
            motif.and_then(|one| list.iter().position(|other| std::ptr::eq(*other, one)))
        };
        item.mark = match (at(&own), at(&more), motif) {
            (Some(at), _, _) => format!("_m{at}"),
            (None, Some(at), _) => format!("_n{at}"),
            (None, None, Some(motif)) if more.len() < room => {
                let at = more.len();
                more.push(motif);
                symbol(&mut symbols, 'n', at, &motif.svg);
                format!("_n{at}")
            }
            (None, None, _) => {
                let at = plain % ornaments;
                if plain == at {
                    symbol(&mut symbols, 't', at, ORNAMENTS[at]);
                }
                plain += 1;
                format!("_t{at}")
            }
        };
    }
    symbols
}

fn symbol(symbols: &mut String, family: char, at: usize, svg: &str) {
    // A string takes all that is written to it.
    let _ = write!(symbols, "<symbol id=\"_{family}{at}\" viewBox=\"0 0 100 100\">{svg}</symbol>");
}
