//! Menus and price lists by photo: the words under the picture, and what puts a list right that was read.

use sitespark_core::brief::{find_prices, parse_items};
use sitespark_core::site::Edit;
use sitespark_core::site::document::DocumentItem;

use super::correction;
use super::edits::{self, Shelf, Wish};
use super::words::{is_in, mentions, normalise};
use crate::conversation::convert;

/// Most words under a picture that can be nothing but this.
const MAX_WORDS: usize = 10;

/// Whether the words under a picture say that it is a menu or a price list and nothing else.
pub(crate) fn is_caption(caption: &str, name: Option<&str>) -> bool {
    let normal = normalise(caption);
    let name = normalise(name.unwrap_or_default());
    let fits = |word: &str| {
        ["menu-words", "menu-filler", "logo-filler", "logo-bring"]
            .iter()
            .any(|list| is_in(list, word))
            || name.split(' ').any(|part| part == word)
    };
    find_prices(caption).is_empty()
        && normal.split(' ').count() <= MAX_WORDS
        && normal.split(' ').any(|word| is_in("menu-words", word))
        && normal.split(' ').all(fits)
}

/// The list after a text that speaks of it, as "nomor 2 jadi 20rb", "hapus nomor 3", "kopi susu 18rb";
/// `None` for any other text.
pub(crate) fn corrected(items: &[DocumentItem], text: &str) -> Option<Vec<DocumentItem>> {
    let text = correction::read(text).unwrap_or(text);
    let mut list = items.to_vec();
    if let Some(number) = number(text) {
        // Of a line that there is none of, the list is shown once more as it is.
        let Some(at) = number.checked_sub(1).filter(|at| *at < list.len()) else {
            return Some(list);
        };
        if mentions("remove-verbs", &normalise(text)) {
            list.remove(at);
            return Some(list);
        }
        let price = find_prices(text).pop()?.value;
        list[at].price_rupiah = Some(price.from.0);
        list[at].price_to_rupiah = price.to.map(|to| to.0);
        return Some(list);
    }
    let names: Vec<String> = items.iter().map(|item| item.name.clone()).collect();
    let prices: Vec<_> = items
        .iter()
        .map(|item| item.price_rupiah.map(|from| (from, item.price_to_rupiah)))
        .collect();
    let shelf = Shelf { items: &names, prices: &prices, ..Shelf::EMPTY };
    let told = match edits::read(text, &shelf) {
        Some(Wish::Edits(told)) => told,
        Some(_) | None => priced(text),
    };
    for edit in told {
        put(&mut list, edit)?;
    }
    (list != items).then_some(list)
}

/// "nomor 2", "no. 2", "yang ke-2": which line is meant, from 1.
fn number(text: &str) -> Option<usize> {
    let normal = normalise(text);
    let words: Vec<&str> = normal.split(' ').collect();
    let lead = |word: &str| is_in("line-number", word);
    words.windows(2).filter(|pair| lead(pair[0])).find_map(|pair| pair[1].parse().ok())
}

fn priced(text: &str) -> Vec<Edit> {
    let items = parse_items(text).into_iter().filter(|item| item.price.is_some());
    items.map(|item| Edit::PutItem { item: convert::item(&item) }).collect()
}

/// Puts one change into the list; `None` for a change that is not about it.
fn put(list: &mut Vec<DocumentItem>, edit: Edit) -> Option<()> {
    let find = |list: &[DocumentItem], name: &str| {
        list.iter().position(|one| normalise(&one.name) == normalise(name))
    };
    match edit {
        Edit::PutItem { item } => match find(list, &item.name) {
            Some(at) => {
                list[at].price_rupiah = item.price_rupiah;
                list[at].price_to_rupiah = item.price_to_rupiah;
            }
            // A thing that is new is told with its price.
            None => list.push(Some(item).filter(|item| item.price_rupiah.is_some())?),
        },
        Edit::SetPrice { item, price_rupiah } => {
            let at = find(list, &item)?;
            list[at].price_rupiah = Some(price_rupiah);
            list[at].price_to_rupiah = None;
        }
        Edit::SetPriceRange { item, price_rupiah, price_to_rupiah } => {
            let at = find(list, &item)?;
            list[at].price_rupiah = Some(price_rupiah);
            list[at].price_to_rupiah = price_to_rupiah;
        }
        Edit::RemoveItem { item } => {
            let at = find(list, &item)?;
            list.remove(at);
        }
        Edit::RenameItem { item, name } => {
            let at = find(list, &item)?;
            list[at].name = name;
        }
        // Whatever else there is, or will be, is about a site.
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, price: i64) -> DocumentItem {
        DocumentItem {
            name: name.to_owned(),
            price_rupiah: Some(price),
            price_to_rupiah: None,
            price_starts: false,
            unit: None,
            note: None,
            photo: None,
            sold_out: false,
        }
    }

    fn told(text: &str) -> String {
        let list = [item("Kopi Susu", 18_000), item("Es Teh", 5_000), item("Roti Bakar", 12_000)];
        let Some(list) = corrected(&list, text) else { return "-".to_owned() };
        let line = |item: &DocumentItem| {
            format!("{} {}", item.name, item.price_rupiah.unwrap_or_default() / 1_000)
        };
        list.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn short_words_under_a_picture_mark_a_list() {
        for caption in [
            "menu",
            "ini menunya kak",
            "daftar harga",
            "price list",
            "pricelist Kopi Senja",
            "our menu",
            "menu lengkap kami ya",
            "here's the price list",
        ] {
            assert!(is_caption(caption, Some("Kopi Senja")), "{caption}");
        }
        for caption in
            ["", "logo", "menu baru ayam geprek", "nastar 85rb", "menu nastar 85rb", "foto toko"]
        {
            assert!(!is_caption(caption, None), "{caption}");
        }
    }

    #[test]
    fn a_list_is_put_right_in_words() {
        for (text, wanted) in [
            ("nomor 2 jadi 6rb", "Kopi Susu 18, Es Teh 6, Roti Bakar 12"),
            ("hapus no. 3", "Kopi Susu 18, Es Teh 5"),
            ("kopi susu 20rb", "Kopi Susu 20, Es Teh 5, Roti Bakar 12"),
            ("harga es teh jadi 7rb", "Kopi Susu 18, Es Teh 7, Roti Bakar 12"),
            ("hapus roti bakar", "Kopi Susu 18, Es Teh 5"),
            (
                "tambah pisang goreng 10rb",
                "Kopi Susu 18, Es Teh 5, Roti Bakar 12, Pisang goreng 10",
            ),
            ("salah, es teh 4rb", "Kopi Susu 18, Es Teh 4, Roti Bakar 12"),
            ("nomor 9 jadi 5rb", "Kopi Susu 18, Es Teh 5, Roti Bakar 12"),
            ("Kopi Senja", "-"),
            ("warna hijau", "-"),
            ("0812 3456 7890", "-"),
        ] {
            assert_eq!(told(text), wanted, "{text}");
        }
    }
}
