//! "creambath yg betul 65k": another price for an item that is named in full, in whatever words.

use sitespark_core::brief::find_prices;
use sitespark_core::site::Edit;

use super::shelf::Shelf;
use super::{Wish, one};
use crate::conversation::understand::words::{
    canonical, cut_all, cut_prefix, is_in, is_laughter, knows, mentions, normalise,
};

/// Lists whose words may stand around an item and its new price.
const BESIDE: [&str; 12] = [
    "repricing",
    "price-verbs",
    "price-nouns",
    "item-lead",
    "connectors",
    "courtesy",
    "politeness",
    "interjection",
    "correction",
    "right-words",
    "wrong-words",
    "vocative-tail",
];
/// Most words of who says so: "kata pak dokter".
const MAX_SAYER_WORDS: usize = 4;

/// "wait edit episode kemahalan ga sih, jadiin 500k aja deh", "kata dokter cabut gigi jadi 350rb": one item
/// and one price, and besides only what belongs to putting it right.
pub(super) fn repriced(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let prices = find_prices(text);
    let price = prices.first()?;
    let (item, named) = named_before(text, price.range.start, shelf)?;
    let [lead, between, tail] =
        [&text[..named.start], &text[named.end..price.range.start], &text[price.range.end..]];
    let bare = [lead, between, tail].iter().all(|part| normalise(part).is_empty());
    let moves = [lead, between].iter().any(|part| words(part).iter().any(|word| moves(word)));
    let fits = is_excuse(lead) && is_joint(between) && is_idle(tail, shelf);
    if bare || moves || !fits {
        return None;
    }
    let (item, price_rupiah) = (item.to_owned(), price.value.from.0);
    Some(one(match price.value.to {
        None => Edit::SetPrice { item, price_rupiah },
        Some(to) => Edit::SetPriceRange { item, price_rupiah, price_to_rupiah: Some(to.0) },
    }))
}

/// The item with the longest name that stands before the price, and where.
fn named_before<'a>(
    text: &str,
    end: usize,
    shelf: &Shelf<'a>,
) -> Option<(&'a str, std::ops::Range<usize>)> {
    let mut best: Option<(&'a str, std::ops::Range<usize>)> = None;
    let mut at = 0;
    for word in text[..end].split_inclusive(char::is_whitespace) {
        if let Some((item, rest)) = shelf.at_front(&text[at..end])
            && best.as_ref().is_none_or(|(known, _)| known.len() < item.len())
        {
            best = Some((item, at..end - rest.len()));
        }
        at += word.len();
    }
    best
}

fn words(text: &str) -> Vec<String> {
    let plain = canonical(&normalise(text));
    plain.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn moves(word: &str) -> bool {
    is_in("bare-up", word) || is_in("bare-down", word)
}

fn is_beside(word: &str) -> bool {
    BESIDE.iter().any(|list| knows(list, word)) || is_laughter(word)
}

/// "ngapunten", "kata dokter", "hmm ngga jadi deh,": what leads up to an item.
fn is_excuse(lead: &str) -> bool {
    let told = words(lead);
    let adds = cut_prefix("add-verbs", cut_all("politeness", lead)).is_some();
    let said =
        told.first().is_some_and(|word| knows("sayer-lead", word)) && told.len() <= MAX_SAYER_WORDS;
    let ends = lead.trim_end().ends_with([',', '.', '!', '?', ':']);
    let figures = lead.contains(|c: char| c.is_ascii_digit());
    !adds && !figures && (said || ends || told.iter().all(|word| is_beside(word)))
}

/// "jadi", "saya salah lihat catatan lama. sekarang": what stands between an item and its price.
fn is_joint(between: &str) -> bool {
    let told = words(between);
    let explained = between.contains(['.', ',']) && mentions("wrong-words", &normalise(between));
    let figures = between.contains(|c: char| c.is_ascii_digit());
    !figures && (explained || told.iter().all(|word| is_beside(word)))
}

/// "deh wkwk manik lg mahal", ", 150k is too much": what is said behind a price, and changes nothing.
fn is_idle(tail: &str, shelf: &Shelf<'_>) -> bool {
    let plain = normalise(tail);
    let figures = tail.contains(|c: char| c.is_ascii_digit());
    if figures {
        return mentions("too-much", &plain);
    }
    let told = words(tail);
    let begins = told.first().is_none_or(|word| is_beside(word));
    let apart = tail.trim_start().starts_with([',', '.', '!', '?']);
    (begins || apart) && !shelf.is_named_in(&plain) && !asks(tail)
}

/// Whether something else is wished for behind it.
fn asks(tail: &str) -> bool {
    let rest = tail.trim_start_matches(|c: char| !c.is_alphanumeric());
    super::begins_with_verb(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("ngapunten bass dados 1.850.000", Some(("Bass", 1_850_000)))]
    #[case("kata dokter cabut gigi jadi 350rb", Some(("Cabut gigi", 350_000)))]
    #[case("yg bass td ganti 4k deh wkwk bass lg mahal", None)]
    #[case("yg bass td ganti 4k deh wkwk kayu lg mahal", Some(("Bass", 4_000)))]
    #[case("hmm ngga jadi deh, bass tetep 60jt aja", Some(("Bass", 60_000_000)))]
    #[case("no wait haha, bass back to 120k, 150k is too much", Some(("Bass", 120_000)))]
    #[case("yang bass saya salah lihat catatan. sekarang 800rb", Some(("Bass", 800_000)))]
    #[case("tambah bass 5rb", None)]
    #[case("mini bass 70rb", None)]
    #[case("bass 5rb, gigi 6rb", None)]
    fn prices_are_put_right(#[case] text: &str, #[case] expected: Option<(&str, i64)>) {
        let items = ["Bass".to_owned(), "Cabut gigi".to_owned()];
        let shelf = Shelf { items: &items, prices: &[None, None], ..Shelf::EMPTY };
        let told = expected.map(|(item, price_rupiah)| {
            one(Edit::SetPrice { item: item.to_owned(), price_rupiah })
        });
        assert_eq!(repriced(text, &shelf), told);
    }
}
