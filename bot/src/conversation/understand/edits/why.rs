//! Wishes with their reason behind them: "galerinya sembunyikan dulu, fotonya mau diganti".

use sitespark_core::site::Edit;

use super::{Shelf, Wish, begins_with_verb, read_one, sections};
use crate::conversation::understand::change::field_at_front;
use crate::conversation::understand::reason::is_reason;
use crate::conversation::understand::words::{cut_all, cut_prefix, has_figures, is_in, normalise};

/// "foto2nya sembunyiin dulu, belum izin ortu murid": a wish, and behind it only why.
pub(super) fn reasoned(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let (first, why) = text.split_once([',', ';']).or_else(|| text.split_once(". "))?;
    // "hapus faq, galeri" names two.
    let parts = || why.split([',', '.', ';']).map(str::trim);
    let names =
        shelf.is_named_in(&normalise(why)) || parts().any(|part| sections::named(part).is_some());
    let plain = normalise(why);
    // "sembunyikan galeri, sama testimoni", "…, eh jangan deh"
    let goes_on = is_in("part-join", plain.split(' ').next().unwrap_or(""))
        || ["dont-words", "never-mind"]
            .iter()
            .any(|list| cut_prefix(list, cut_all("interjection", why)).is_some());
    if names || goes_on {
        return None;
    }
    // What is hidden may be spoken of in why: "fotona poek, mau difoto ulang".
    let plainly = |edit: &Edit| matches!(edit, Edit::SetHidden { .. });
    let wishes = has_figures(why)
        || parts().any(|part| begins_with_verb(part) || field_at_front(part).is_some());
    let told = is_reason(why);
    if !told && wishes {
        return None;
    }
    // Words of a site and addresses have commas of their own.
    let wordless = |edit: &Edit| {
        matches!(
            edit,
            Edit::SetHidden { .. }
                | Edit::SetLocked { .. }
                | Edit::MoveSection { .. }
                | Edit::RemoveSection { .. }
                | Edit::SetSoldOut { .. }
                | Edit::RemoveItem { .. }
        )
    };
    read_one(first, shelf).filter(|wish| match wish {
        Wish::Edits(edits) => edits.iter().all(|edit| wordless(edit) && (told || plainly(edit))),
        _ => false,
    })
}

/// "aja da, mobilnya udah dijual" behind what is done: small words, and why.
pub(super) fn without_why(after: &str) -> &str {
    let (first, why) = after.split_once([',', '.', ';']).unwrap_or((after, ""));
    let small = |word: &str| {
        ["it-words", "courtesy", "vocative-tail", "politeness", "off-more"]
            .iter()
            .any(|list| is_in(list, word))
    };
    let plain = normalise(first);
    let idle = plain.split(' ').all(|word| word.is_empty() || small(word));
    let wishes = why.contains(|c: char| c.is_ascii_digit()) || begins_with_verb(why.trim());
    if idle && !wishes { "" } else { after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sitespark_core::site::document::SectionKind;

    fn told(text: &str) -> Option<Wish> {
        let items = ["Kopi susu", "Es teh"].map(str::to_owned);
        let shelf = Shelf { items: &items, prices: &[None; 2], ..Shelf::EMPTY };
        reasoned(text, &shelf)
    }

    #[rstest::rstest]
    #[case("galeri sembunyikan dulu, fotonya mau diganti")]
    #[case("hide the gallery for now, the photos are old")]
    fn a_reason_behind_a_wish_changes_nothing(#[case] text: &str) {
        let hidden = Edit::SetHidden { section: SectionKind::Gallery, hidden: true };
        assert_eq!(told(text), Some(Wish::Edits(vec![hidden])), "{text}");
    }

    #[rstest::rstest]
    #[case("sembunyikan galeri, sama testimoni")]
    #[case("sembunyikan galeri, eh jangan deh")]
    #[case("sembunyikan galeri, warna jadi biru")]
    #[case("hapus faq, galeri")]
    #[case("es teh habis, kopi susu jadi 13rb")]
    #[case("judul jadi Cetak Cepat, Hasil Mantap")]
    #[case("alamat jadi Jl. Melati 5, Bandung")]
    fn what_wishes_for_more_is_read_elsewhere(#[case] text: &str) {
        assert_eq!(told(text), None, "{text}");
    }
}
