//! Taking back what was changed last, in whatever words.

use super::{Shelf, Wish, is_reason, read, sections};
use crate::conversation::understand::segments;
use crate::conversation::understand::words::{
    canonical, cut_all, cut_prefix, is_in, is_laughter, knows, knows_part, mentions, normalise,
    split_at_word,
};

/// "eh balikin nama yang tadi", "batalkan yang barusan, masih bisa rupanya": takes the last change
/// back, whatever it was.
pub(crate) fn takes_back(text: &str, shelf: &Shelf<'_>) -> bool {
    restores(text) || cancels(text, shelf)
}

/// "eh jangan bos, kardusnya kembalikan lagi": the item that was just taken out shall be there again,
/// and nothing else is wished for.
pub(crate) fn brings_back(text: &str, removed: &str) -> bool {
    let pieces = segments::split(text, false);
    let (brought, beside): (Vec<&String>, Vec<&String>) =
        pieces.iter().partition(|piece| names_again(piece, removed));
    let idle = |piece: &&String| {
        let plain = canonical(&normalise(piece));
        let small = |word: &str| {
            ["undo-lead", "undo-core", "undo-what", "undo-more", "never-mind", "courtesy"]
                .iter()
                .chain(["vocative-tail", "interjection"].iter())
                .any(|list| knows(list, word))
                || is_laughter(word)
        };
        let why = cut_prefix("reason-lead", piece).is_some();
        let figures = piece.contains(|c: char| c.is_ascii_digit());
        plain.split(' ').all(small) || is_reason(piece) || why && !figures
    };
    brought.len() == 1 && beside.iter().all(idle)
}

/// Whether a piece names an item together with a word for bringing back, and little else.
fn names_again(piece: &str, removed: &str) -> bool {
    let plain = canonical(&normalise(piece));
    let item = canonical(&normalise(removed));
    let named = format!(" {plain} ").contains(&format!(" {item} "))
        || format!(" {plain} ").contains(&format!(" {item}nya "));
    let rest = plain.replace(&format!("{item}nya"), " ").replace(&item, " ");
    let beside = |word: &str| {
        ["undo-lead", "undo-core", "undo-more", "courtesy", "again", "it-words", "item-lead"]
            .iter()
            .chain(["bring-back-more", "vocative-tail", "interjection"].iter())
            .any(|list| knows(list, word))
    };
    named
        && mentions("bring-back", &rest)
        && rest
            .split(' ')
            .filter(|word| !word.is_empty())
            .all(|word| beside(word) || knows_part("bring-back", word))
}

fn restores(text: &str) -> bool {
    let wish = cut_all("politeness", cut_all("interjection", text));
    // "gak jadi bang, balikin paket kilat ke harga tadi"
    let behind = cut_prefix("never-mind", wish).map(|rest| cut_all("courtesy", rest));
    let wish = behind.filter(|rest| !normalise(rest).is_empty()).unwrap_or(wish);
    let Some(rest) = cut_prefix("restore-verbs", wish) else { return false };
    let normal = normalise(rest);
    mentions("restore-tail", &normal)
        && sections::restored(wish, &Shelf::EMPTY).is_none()
        && !normal.chars().any(|c| c.is_ascii_digit())
}

/// "oops, undo that", "never mind the last one", "batal yang vario": a word for taking back and what
/// was done, and behind them at most why.
fn cancels(text: &str, shelf: &Shelf<'_>) -> bool {
    let pieces = segments::split(text, false);
    let told = |piece: &&String| {
        let rest = cut_all("courtesy", cut_all("interjection", piece));
        !normalise(rest).is_empty()
    };
    let telling: Vec<&String> = pieces.iter().filter(told).collect();
    let changes = |piece: &String| {
        // "the blue is better" only says why.
        !mentions("better-words", &normalise(piece))
            && matches!(read(piece, shelf), Some(Wish::Edits(_) | Wish::Pick(_)))
    };
    // "eh masih ada rupanya bang, batalkan yang barusan": why may stand before.
    let why = |piece: &str| {
        let led = cut_prefix("reason-lead", cut_all("interjection", piece)).is_some();
        is_reason(piece) || led && !piece.contains(|c: char| c.is_ascii_digit())
    };
    for (at, piece) in telling.iter().enumerate() {
        if takes_last_back(piece, shelf) {
            let mut others = telling.iter().enumerate().filter(|(place, _)| *place != at);
            return !others.any(|(_, piece)| changes(piece));
        }
        if !why(piece) {
            return false;
        }
    }
    false
}

/// "undo that", "batal yang vario": a word for taking back and what was done, and nothing else.
fn takes_last_back(piece: &str, shelf: &Shelf<'_>) -> bool {
    let first = split_at_word("reason-lead", piece).map_or(piece, |(before, _)| before);
    let mut plain = format!(" {} ", canonical(&normalise(first)));
    let mut named = false;
    for item in shelf.items {
        let item = format!(" {} ", canonical(&normalise(item)));
        named |= plain.contains(&item);
        plain = plain.replace(&item, " ");
    }
    let plain = plain.trim();
    let part = |word: &str| {
        ["undo-lead", "undo-core", "undo-what", "undo-more", "never-mind", "courtesy"]
            .iter()
            .any(|list| knows(list, word))
            || named
                && ["add-verbs", "remove-verbs", "item-lead"].iter().any(|list| knows(list, word))
            || is_laughter(word)
    };
    // "yang tadi jangan dibatalin" wants it kept.
    let mut words = plain.split(' ');
    let kept =
        words.any(|word| is_in("undo-not", word)) && words.any(|word| is_in("undo-lead", word));
    !kept
        && (mentions("undo-lead", plain) || mentions("never-mind", plain))
        && (mentions("undo-what", plain) || named && !plain.is_empty())
        && cut_prefix("restore-verbs", first).is_none_or(|_| !named)
        && plain.split(' ').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("eh batalkan yg barusan lae, masih bisa rupanya", true)]
    #[case("eh batalkan yang tadi, ternyata masih ada di gudang", true)]
    #[case("oops, undo that", true)]
    #[case("never mind the last one", true)]
    #[case("gak jadi deh yang tadi", true)]
    #[case("batalin yang barusan ya kak soalnya salah pencet", true)]
    #[case("cancel that last change please", true)]
    #[case("balikin ke yang tadi aja", true)]
    #[case("actually undo that, I'll keep the old price till January", true)]
    #[case("eh masih ada rupanya bang, batalkan yang barusan", true)]
    #[case("istri saya suka, yang tadi jangan dibatalin ya", false)]
    #[case("dont undo that", false)]
    #[case("batalkan pesanan", false)]
    #[case("cancel", false)]
    #[case("nastar jadi 50rb", false)]
    #[case("hapus yang terakhir", false)]
    #[case("batalin yang tadi, harga nastar jadi 50rb", false)]
    fn the_last_change_is_taken_back_in_any_words(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(takes_back(text, &Shelf::EMPTY), expected);
    }

    #[rstest::rstest]
    #[case("eh batal yang vario, gak jadi", true)]
    #[case("gak jadi hapus vario", true)]
    #[case("balikin vario", false)]
    #[case("hapus vario", false)]
    fn what_was_done_may_be_told_by_its_item(#[case] text: &str, #[case] expected: bool) {
        let items = ["Vario".to_owned()];
        let shelf = Shelf { items: &items, prices: &[None], ..Shelf::EMPTY };
        assert_eq!(takes_back(text, &shelf), expected);
    }

    #[rstest::rstest]
    #[case("eh jangan bos, kardusnya kembalikan lagi", true)]
    #[case("eh batal bro 😂 kardus kasi kembali, masih ada yg tanya", true)]
    #[case("kardus balikin aja deh", true)]
    #[case("put the kardus back please", true)]
    #[case("terima kasih kembali", false)]
    #[case("nanti saya kembali lagi", false)]
    #[case("toko sudah buka kembali", false)]
    #[case("kardus tidak bisa kembali", false)]
    #[case("uang kembali", false)]
    #[case("kardus kembalikan, kopi susu jadi 13rb", false)]
    #[case("galerinya balikin", false)]
    fn what_was_taken_out_is_brought_back(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(brings_back(text, "Kardus"), expected, "{text}");
    }
}
