//! Several changes in one message.

use sitespark_core::brief::Hours;
use sitespark_core::site::Edit;

use super::{MAX_EDITS, Shelf, Wish, corrected, items, read_one, whole};
use crate::conversation::understand::segments;
use crate::conversation::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, mentions, normalise, split_at_word,
};

/// Several changes in one message. What is understood is done; what is not is told. With `loose`
/// half of it may be no change.
pub(super) fn read_several(text: &str, shelf: &Shelf<'_>, loose: bool) -> Option<Wish> {
    let pieces = pieces(text);
    if pieces.len() < 2 {
        return None;
    }
    let (mut edits, mut missed): (Vec<Edit>, Vec<String>) = (Vec::new(), Vec::new());
    let mut verb = String::new();
    for piece in pieces.iter().take(MAX_EDITS) {
        let piece = cut_end("politeness", cut_all("politeness", piece));
        let said = cut_all("courtesy", cut_all("interjection", piece));
        if normalise(said).is_empty() || no_longer_always(piece) {
            continue;
        }
        let carried = format!("{verb} {piece}");
        // "nasi uduk lagi kosong, hapus aja": what was spoken of is meant.
        if let Some(edit) = edits.last().and_then(|edit| taken_out(piece, edit)) {
            edits.pop();
            edits.push(edit);
            continue;
        }
        if edits.last().is_some_and(|edit| says_again(piece, edit)) {
            continue;
        }
        // "cuci helm gratis aja sekarang, hapus dari daftar": what could not be read spoke of it.
        if takes_out_that(piece)
            && let Some((item, _)) = missed.last().and_then(|before| shelf.at_front(before))
        {
            edits.push(Edit::RemoveItem { item: item.to_owned() });
            missed.pop();
            continue;
        }
        let read = corrected(piece, shelf)
            .or_else(|| whole(piece, shelf))
            .or_else(|| read_one(piece, shelf))
            .filter(|wish| matches!(wish, Wish::Edits(_)))
            .or_else(|| (!verb.is_empty()).then(|| read_one(&carried, shelf)).flatten())
            .or_else(|| {
                // "nastar ada lagi, harganya 87rb": the price is of what was spoken of.
                let item = edits.last().and_then(items::item_of)?;
                cut_prefix("price-nouns", piece)?;
                items::priced(&format!("{item} {piece}"), shelf)
            });
        match read {
            // "warnanya ganti biru, kuning kok gimana gitu": what is said of another colour.
            Some(Wish::Edits(more)) if recolours(&edits) && recolours(&more) && !begins(piece) => {}
            Some(Wish::Edits(more)) => edits.extend(more),
            Some(_) | None if edits.last().is_some_and(|edit| explains(piece, edit, shelf)) => {}
            Some(_) | None => missed.push(piece.to_owned()),
        }
        if let Some(rest) = leading_verb(piece) {
            verb = piece[..piece.len() - rest.len()].trim().to_owned();
        }
    }
    match (edits.is_empty(), missed.is_empty()) {
        (true, _) => None,
        (false, true) => Some(Wish::Edits(edits)),
        (false, false) if missed.len() < edits.len() + usize::from(loose) => {
            Some(Wish::Partly(edits, missed))
        }
        (false, false) => None,
    }
}

/// "innova lagi full, tandai kosong dulu": the same once more.
pub(super) fn says_again(piece: &str, before: &Edit) -> bool {
    // "hapus pickup, udah gak ada": why it goes.
    if is_in("sold-out", &normalise(piece)) {
        return matches!(before, Edit::RemoveItem { .. } | Edit::SetSoldOut { sold_out: true, .. });
    }
    let Some(rest) = cut_prefix("mark-verbs", piece) else { return false };
    let told = cut_end("stock-tail", rest);
    matches!(before, Edit::SetSoldOut { sold_out: true, .. })
        && (is_in("sold-out", &normalise(rest)) || is_in("sold-out", &normalise(told)))
}

/// Most words of a reason.
const MAX_REASON_WORDS: usize = 8;

/// "remove video session, camera drowned": why something goes, and nothing that is asked for.
fn explains(piece: &str, before: &Edit, shelf: &Shelf<'_>) -> bool {
    let goes = matches!(
        before,
        Edit::RemoveItem { .. }
            | Edit::SetSoldOut { .. }
            | Edit::ChangeHours { .. }
            | Edit::SetHours { .. }
    );
    let normal = normalise(piece);
    let figures = normal.chars().any(|c| c.is_ascii_digit());
    let asks = leading_verb(piece).is_some() || cut_prefix("verbs", piece).is_some();
    goes && !figures
        && !asks
        && normal.split(' ').count() <= MAX_REASON_WORDS
        && !shelf.is_like_one(piece)
}

/// "sekarang gak 24 jam lagi": the hours themselves follow.
pub(super) fn no_longer_always(piece: &str) -> bool {
    let normal = normalise(piece);
    mentions("denial", &normal) && Hours::parse(piece).is_some_and(|hours| hours.always)
}

/// Whether the last of some changes is one of the colour.
fn recolours(edits: &[Edit]) -> bool {
    matches!(edits.last(), Some(Edit::Recolour { .. }))
}

/// Whether a piece begins as a change of its own.
fn begins(piece: &str) -> bool {
    super::begins_with_verb(piece) || super::field_at_front(piece).is_some()
}

/// "hapus dari daftar", and nothing that is named.
fn takes_out_that(piece: &str) -> bool {
    let Some(rest) = cut_prefix("remove-verbs", piece) else { return false };
    let bare = normalise(rest);
    bare.is_empty()
        || bare.split(' ').all(|word| is_in("it-words", word) || is_in("off-more", word))
}

/// "hapus aja" behind an item that is out of stock: it goes.
pub(super) fn taken_out(piece: &str, before: &Edit) -> Option<Edit> {
    match before {
        Edit::SetSoldOut { item, .. } if takes_out_that(piece) => {
            Some(Edit::RemoveItem { item: item.clone() })
        }
        _ => None,
    }
}

/// Pieces between line breaks, commas and words that join clauses.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for piece in segments::split(text, false) {
        let mut rest = piece.as_str();
        for _ in 0..MAX_EDITS {
            match split_at_word("clause-words", rest) {
                Some((before, after)) if !before.is_empty() => {
                    all.push(before.to_owned());
                    rest = after;
                }
                Some(_) | None => break,
            }
        }
        all.push(rest.to_owned());
    }
    with_hours_joined(all)
}

/// "senin-jumat 8-5, sabtu 8-12, minggu tutup" are hours of one week, not three changes.
pub(super) fn with_hours_joined(pieces: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for piece in pieces {
        let first = normalise(&piece).split(' ').next().unwrap_or("").to_owned();
        let goes_on = is_in("days", &first) || is_in("hours-more", &first);
        match joined.last_mut() {
            Some(last) if goes_on && Hours::parse(last).is_some() => {
                last.push_str(", ");
                last.push_str(&piece);
            }
            Some(_) | None => joined.push(piece),
        }
    }
    joined
}

/// What follows a word for adding, removing, hiding or showing.
pub(super) fn leading_verb(piece: &str) -> Option<&str> {
    ["add-verbs", "remove-verbs", "hide-verbs", "show-verbs"]
        .into_iter()
        .find_map(|verbs| cut_prefix(verbs, piece))
}
