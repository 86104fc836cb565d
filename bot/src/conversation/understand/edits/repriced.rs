//! "creambath yg betul 65k": another price for an item that is named in full, and nothing else.

use std::ops::Range;

use sitespark_core::brief::find_prices;
use sitespark_core::site::Edit;

use super::shelf::Shelf;
use super::{Wish, one};
use crate::conversation::understand::reason::is_reason;
use crate::conversation::understand::segments;
use crate::conversation::understand::words::{
    canonical, cut_prefix, is_in, is_laughter, knows, mentions, normalise,
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
/// Longest message that is read so, in bytes: one price takes few words.
const MAX_BYTES: usize = 240;
/// Most words of who says so: "kata pak dokter".
const MAX_SAYER_WORDS: usize = 4;

/// "wait edit episode kemahalan ga sih, jadiin 500k aja deh", "kata dokter cabut gigi jadi 350rb": one
/// item, one price, and besides only what belongs to putting it right, or says why.
pub(super) fn repriced(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    if text.len() > MAX_BYTES || text.contains('?') {
        return None;
    }
    let pieces = segments::split(text, false);
    let at = pieces.iter().position(|piece| !find_prices(piece).is_empty())?;
    let prices = find_prices(&pieces[at]);
    let [price] = prices.as_slice() else { return None };
    let named = shelf.first_in(&pieces[at][..price.range.start]);
    let (item, lead, before) = match named {
        // "eh kemahalan, 90rb aja": of what was spoken of last.
        None if price.value.unit.is_none()
            && speaks_on(text, &pieces, (at, &price.range), shelf) =>
        {
            (shelf.spoken?, &pieces[..at], &pieces[at][..price.range.start])
        }
        Some((item, ref range)) => {
            let (lead, joint) =
                (&pieces[at][..range.start], &pieces[at][range.end..price.range.start]);
            (is_lead(lead) && is_beside(joint)).then_some((item, &pieces[..at], joint))?
        }
        // "yang bass saya salah lihat. sekarang 800rb": the item stands in the sentence before.
        None => {
            let (last, lead) = pieces[..at].split_last()?;
            let plain = normalise(last);
            let wrong = mentions("wrong-words", &plain) || mentions("too-much", &plain);
            let (item, range) = shelf.first_in(last)?;
            // "yang naik nasi box, jadi 25.000/box"
            let around = [&last[..range.start], &last[range.end..]];
            let stocked = mentions("back-in-stock", &plain) || mentions("sold-out", &plain);
            let named = !stocked
                && cut_prefix("price-verbs", &pieces[at]).is_some()
                && around.iter().all(|part| is_beside_a_move(part));
            if !wrong && !named {
                return None;
            }
            let joint = &pieces[at][..price.range.start];
            (is_beside(joint) && !names_another(&pieces[at], item, shelf))
                .then_some((item, lead, joint))?
        }
    };
    let tail = &pieces[at][price.range.end..];
    let told = lead.iter().all(|piece| is_excuse(piece, shelf))
        && is_tail(tail, shelf)
        && pieces[at + 1..].iter().all(|piece| is_idle(piece, shelf));
    let bare = pieces.len() == 1 && [before, tail].iter().all(|part| normalise(part).is_empty());
    let led = named.as_ref().is_some_and(|(_, range)| range.start > 0);
    if !told || bare && !led || moves(&pieces[at]) {
        return None;
    }
    let (item, price_rupiah) = (item.to_owned(), price.value.from.0);
    Some(one(match price.value.to {
        None => Edit::SetPrice { item, price_rupiah },
        Some(to) => Edit::SetPriceRange { item, price_rupiah, price_to_rupiah: Some(to.0) },
    }))
}

/// Lists of the words by which a price alone is one put right.
const MARKS: [&str; 5] = ["too-much", "price-verbs", "correction", "right-words", "undo-lead"];

/// Whether a price without an item puts the last one right, and all around it belongs to that.
fn speaks_on(
    text: &str,
    pieces: &[String],
    (at, price): (usize, &Range<usize>),
    shelf: &Shelf<'_>,
) -> bool {
    let Some(spoken) = shelf.spoken else { return false };
    let plain = normalise(text);
    // "semua 20rb", "biaya admin jadi 5rb": of more than the one, or of something else.
    let wider = ["all-words", "item-lead"].iter().any(|list| mentions(list, &plain));
    if wider || names_another(text, spoken, shelf) {
        return false;
    }
    let around = [&pieces[at][..price.start], &pieces[at][price.end..]];
    let others = pieces.iter().enumerate().filter(|(place, _)| *place != at);
    MARKS.iter().any(|list| mentions(list, &plain))
        && around.iter().all(|part| is_beside(part))
        && others.into_iter().all(|(_, piece)| is_beside(piece))
}

/// "eh kemahalan, 90rb aja": whether a text puts the price of the last item right.
pub(crate) fn reprices_last(text: &str, item: &str) -> bool {
    let shelf = Shelf { spoken: Some(item), ..Shelf::EMPTY };
    repriced(text, &shelf).is_some()
}

/// Whether a word of the text is one of another item's name: "koko jadi 95rb" of "Baju koko".
fn names_another(text: &str, item: &str, shelf: &Shelf<'_>) -> bool {
    let plain = normalise(text);
    let others = shelf.items.iter().filter(|other| !other.eq_ignore_ascii_case(item));
    let mut names = others.map(|other| normalise(other));
    names.any(|name| name.split(' ').any(|own| plain.split(' ').any(|word| word == own)))
}

/// "38rb/kg aja": a price and nothing that is about anything else.
pub(super) fn price_alone(text: &str) -> Option<i64> {
    let prices = find_prices(text);
    let [price] = prices.as_slice() else { return None };
    let around = [&text[..price.range.start], &text[price.range.end..]];
    (price.value.to.is_none() && !moves(text) && around.iter().all(|part| is_beside(part)))
        .then_some(price.value.from.0)
}

fn moves(piece: &str) -> bool {
    words(piece).iter().any(|word| is_in("bare-up", word) || is_in("bare-down", word))
}

fn words(text: &str) -> Vec<String> {
    let plain = canonical(&normalise(text));
    plain.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_known(word: &str) -> bool {
    BESIDE.iter().any(|list| knows(list, word)) || is_laughter(word)
}

fn is_beside(text: &str) -> bool {
    words(text).iter().all(|word| is_known(word))
}

/// "yang naik": the words around an item whose price moves.
fn is_beside_a_move(text: &str) -> bool {
    let moved = |word: &str| knows("bare-up", word) || knows("bare-down", word);
    words(text).iter().all(|word| is_known(word) || moved(word))
}

/// "yg", "kata dokter": what stands right before an item.
fn is_lead(lead: &str) -> bool {
    let told = words(lead);
    let said = told.first().is_some_and(|word| knows("sayer-lead", word))
        && told.len() <= MAX_SAYER_WORDS
        && !mentions("conditional", &normalise(lead));
    said || is_beside(lead)
}

/// "hmm ngga jadi deh", "I do beg your pardon": what leads up to it.
fn is_excuse(piece: &str, shelf: &Shelf<'_>) -> bool {
    let plain = normalise(piece);
    let speaks_of_it = shelf.is_named_in(&plain);
    let sorry = mentions("apology", &plain) && !mentions("conditional", &plain);
    // "eh jangan"
    let undoes = |word: &String| is_known(word) || knows("undo-more", word);
    !speaks_of_it
        && (words(piece).iter().all(undoes)
            || sorry && !piece.contains(|c: char| c.is_ascii_digit()))
}

/// "deh wkwk kayu lg mahal": what follows the price without a stop.
fn is_tail(tail: &str, shelf: &Shelf<'_>) -> bool {
    let told = words(tail);
    let begins = told.first().is_none_or(|word| is_known(word));
    let rest = tail.trim_start().split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
    is_beside(tail)
        || begins && !shelf.is_named_in(&normalise(tail)) && (is_beside(rest) || is_reason(rest))
}

/// "minyak mahal", "150k is too much": what is said behind it, and changes nothing.
fn is_idle(piece: &str, shelf: &Shelf<'_>) -> bool {
    let plain = normalise(piece);
    if shelf.is_named_in(&plain) {
        return false;
    }
    let dear = mentions("too-much", &plain) && find_prices(piece).len() <= 1;
    is_beside(piece) || is_reason(piece) || dear && !mentions("conditional", &plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Wish> {
        let items = ["Bass", "Cabut gigi", "Kopi susu", "Es teh", "Ayam bakar", "Paket nasi kotak"];
        let items = items.map(str::to_owned);
        let shelf = Shelf { items: &items, prices: &[None; 6], ..Shelf::EMPTY };
        repriced(text, &shelf)
    }

    #[rstest::rstest]
    #[case("ngapunten bass dados 1.850.000", "Bass", 1_850_000)]
    #[case("kata dokter cabut gigi jadi 350rb", "Cabut gigi", 350_000)]
    #[case("yg bass td ganti 4k deh wkwk", "Bass", 4_000)]
    #[case("hmm ngga jadi deh, bass tetep 60jt aja", "Bass", 60_000_000)]
    #[case("no wait haha, bass back to 120k, 150k is too much", "Bass", 120_000)]
    #[case("yang bass saya salah lihat catatan. sekarang 800rb", "Bass", 800_000)]
    #[case("eh jangan, bass kasi kembali ke 36 ribu, mama marah 😂", "Bass", 36_000)]
    #[case("I do beg your pardon, bass is 85k these days", "Bass", 85_000)]
    #[case("yang naik kopi susu, jadi 15.000", "Kopi susu", 15_000)]
    #[case("eh salah kak es teh itu 11rb sekarang, gula mahal", "Es teh", 11_000)]
    fn prices_are_put_right(#[case] text: &str, #[case] item: &str, #[case] price_rupiah: i64) {
        let expected = one(Edit::SetPrice { item: item.to_owned(), price_rupiah });
        assert_eq!(told(text), Some(expected), "{text}");
    }

    #[rstest::rstest]
    #[case("tambah bass 5rb")]
    #[case("mini bass 70rb")]
    #[case("bass 5rb, gigi 6rb")]
    #[case("yg bass td ganti 4k deh wkwk bass lg mahal")]
    #[case("hapus es teh, ayam bakar jadi 32rb")]
    #[case("es teh habis, kopi susu jadi 13rb")]
    #[case("tambah kopi susu, jadi 13rb")]
    #[case("kopi susu ada lagi, sekarang 13rb")]
    #[case("paket nasi kotak kemahalan, teh jadi 5rb")]
    #[case("kopi susu promo, jadi 13rb")]
    #[case("ganti nama jadi Warung Baru, kopi susu jadi 13rb")]
    #[case("kopi susu jadi 13rb dan warna biru")]
    #[case("kopi susu jadi 13rb, es teh kemahalan jadi 4rb")]
    #[case("kopi susu sudah benar, yang salah es teh, harusnya 6rb")]
    #[case("nasi goreng spesial jangan diganti, salah satu saja. es teh habis")]
    #[case("kalau pesan banyak, kopi susu jadi 15rb")]
    #[case("khusus mahasiswa, kopi susu 15rb")]
    #[case("hari jumat, kopi susu jadi 10rb")]
    #[case("kalau bawa tumbler, kopi susu jadi 10rb")]
    #[case("mulai besok, kopi susu jadi 13rb")]
    #[case("happy hour, kopi susu 10k")]
    #[case("for students, kopi susu is 10k")]
    #[case("pelanggan tanya, kopi susu 13rb?")]
    fn whatever_else_is_said_is_read_elsewhere(#[case] text: &str) {
        assert_eq!(told(text), None, "{text}");
    }

    #[rstest::rstest]
    #[case("eh kemahalan pulak. 90rb aja", Some(90_000))]
    #[case("hmm jadi 85rb aja deh", Some(85_000))]
    #[case("sorry, make it 90k", Some(90_000))]
    #[case("salah, harusnya 12.500", Some(12_500))]
    #[case("koko jadi 95rb", None)]
    #[case("biaya admin jadi 5rb", None)]
    #[case("all 20k now", None)]
    #[case("sorry, make it 90k per hour", None)]
    #[case("semua jadi 20rb", None)]
    #[case("semuanya jadi 20rb aja", None)]
    #[case("90rb", None)]
    #[case("ongkir jadi 10rb", None)]
    #[case("yang besar jadi 20rb", None)]
    #[case("paket hemat jadi 20rb", None)]
    #[case("kalau beli banyak jadi 20rb", None)]
    #[case("untuk member jadi 20rb", None)]
    #[case("tambah kopi 20rb", None)]
    #[case("jadi 20rb kan?", None)]
    #[case("jadi 20rb, es teh 5rb", None)]
    #[case("naik 5rb", None)]
    #[case("turun 5rb aja", None)]
    #[case("diskon jadi 20rb", None)]
    fn a_price_alone_is_of_what_was_spoken_of(#[case] text: &str, #[case] price: Option<i64>) {
        let items = ["Es teh", "Tambal bocor", "Baju koko"].map(str::to_owned);
        let spoken = Some("Tambal bocor");
        let shelf = Shelf { items: &items, prices: &[None; 3], spoken, ..Shelf::EMPTY };
        let set = |price_rupiah| Edit::SetPrice { item: "Tambal bocor".to_owned(), price_rupiah };
        assert_eq!(repriced(text, &shelf), price.map(|price| one(set(price))), "{text}");
        let unspoken = Shelf { spoken: None, ..shelf };
        assert_eq!(repriced(text, &unspoken), None, "{text}");
    }

    #[test]
    fn a_price_is_of_the_item_beside_it() {
        let expected = one(Edit::SetPrice { item: "Es teh".to_owned(), price_rupiah: 6_000 });
        let read = told("paket nasi kotak ada yang salah. es teh 6rb");
        assert!(read.is_none() || read == Some(expected), "{read:?}");
    }
}
