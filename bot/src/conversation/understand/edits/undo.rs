//! Taking back what was changed last, in whatever words.

use super::{Shelf, Wish, field_at_front, read, sections};
use crate::conversation::understand::segments;
use crate::conversation::understand::words::{
    canonical, cut_all, cut_prefix, is_laughter, knows, mentions, normalise, split_at_word,
};

/// "eh balikin nama yang tadi", "batalkan yang barusan, masih bisa rupanya": takes the last change
/// back, whatever it was.
pub(crate) fn takes_back(text: &str, shelf: &Shelf<'_>) -> bool {
    restores(text) || cancels(text, shelf) || brings_back(text, shelf)
}

/// Most words of what was taken out.
const MAX_GONE_WORDS: usize = 5;

/// "eh jangan bos, kardusnya kembalikan lagi": what is not on the site any more shall be there again.
fn brings_back(text: &str, shelf: &Shelf<'_>) -> bool {
    let pieces = segments::split(text, false);
    let figures = text.contains(|c: char| c.is_ascii_digit());
    let brought = |piece: &String| {
        let piece = cut_all("never-mind", cut_all("undo-lead", cut_all("politeness", piece)));
        let Some((named, behind)) = split_at_word("bring-back", piece) else { return false };
        let named = cut_all("courtesy", cut_all("vocative-tail", named));
        let count = normalise(named).split(' ').filter(|word| !word.is_empty()).count();
        (1..=MAX_GONE_WORDS).contains(&count)
            && normalise(cut_all("it-words", cut_all("again", behind))).is_empty()
            && !shelf.is_like_one(named)
            && sections::restored(&format!("balikin {named}"), &Shelf::EMPTY).is_none()
            && field_at_front(named).is_none()
    };
    !figures && pieces.iter().any(brought)
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
    let mut telling = pieces.iter().filter(told);
    let Some(first) = telling.next() else { return false };
    let first = split_at_word("reason-lead", first).map_or(first.as_str(), |(before, _)| before);
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
    let meant = (mentions("undo-lead", plain) || mentions("never-mind", plain))
        && (mentions("undo-what", plain) || named && !plain.is_empty())
        && cut_prefix("restore-verbs", first).is_none_or(|_| !named)
        && plain.split(' ').all(part);
    let changes =
        |piece: &String| matches!(read(piece, shelf), Some(Wish::Edits(_) | Wish::Pick(_)));
    meant && !telling.any(changes)
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
    #[case("eh jangan bos, kardusnya kembalikan lagi", true)]
    #[case("eh batal bro 😂 creambath kasi kembali, masih ada yg tanya", true)]
    #[case("galerinya balikin", false)]
    #[case("balikin vario", false)]
    #[case("hapus vario", false)]
    fn what_was_done_may_be_told_by_its_item(#[case] text: &str, #[case] expected: bool) {
        let items = ["Vario".to_owned()];
        let shelf = Shelf { items: &items, prices: &[None], ..Shelf::EMPTY };
        assert_eq!(takes_back(text, &shelf), expected);
    }
}
