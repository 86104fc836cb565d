//! Products and services in running text and lists.
//!
//! Must never invent an item: a name without a price counts only in what is clearly a list.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::money::graded_prices;
use super::phrase::words;
use super::{Found, Item, Phone, Price};

/// Items that are read from one text.
pub const MAX_ITEMS: usize = 60;
/// Bytes of a text that are read.
const MAX_TEXT_BYTES: usize = 16_000;
/// Longest name, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Most words in a name that has a price.
const MAX_PRICED_WORDS: usize = 8;
/// Most words in a name without a price.
const MAX_PLAIN_WORDS: usize = 5;
/// Longest remark, in characters.
const MAX_NOTE_CHARS: usize = 80;

#[derive(Deserialize)]
struct WordLists {
    leading: HashSet<String>,
    trailing: HashSet<String>,
    sentence: HashSet<String>,
    not_sold: HashSet<String>,
    selling: HashSet<String>,
    filler: HashSet<String>,
}

static LISTS: LazyLock<WordLists> = LazyLock::new(|| {
    toml::from_str(include_str!("words/items.toml")).expect("every test of items reads this file")
});

/// A part of the text that may be an item.
struct Draft {
    item: Item,
    /// Whether it may stand without a price.
    plain: bool,
}

/// The items a text lists, in its order, each name once, spelled as written with a capital first.
pub fn parse_items(text: &str) -> Vec<Item> {
    items_of(text, false)
}

/// The same for a text that goes on with a list: "tambah freon 150rb" sells the adding there.
pub fn parse_more_items(text: &str) -> Vec<Item> {
    items_of(text, true)
}

fn items_of(text: &str, goes_on: bool) -> Vec<Item> {
    let end = (0..=text.len().min(MAX_TEXT_BYTES)).rev().find(|at| text.is_char_boundary(*at));
    // "130.000,-/kg": the dash stands for no cents, and its comma parts nothing.
    let text = &text[..end.unwrap_or(0)].replace(",-", "");
    let mut drafts: Vec<Draft> = Vec::new();
    for line in text.lines().filter(|line| !line.trim_end().ends_with(':')) {
        let parts = parts(line);
        let bulleted = list_marker(line.trim()).is_some();
        for (at, part) in parts.iter().enumerate() {
            let last = parts.len() > 1 && at + 1 == parts.len();
            drafts.extend(drafts_of(part, (goes_on || at > 0, last), bulleted));
        }
    }
    let plain_count = drafts.iter().filter(|draft| draft.item.price.is_none()).count();
    let all_plain = drafts.iter().all(|draft| draft.item.price.is_some() || draft.plain);
    let is_list = all_plain && (drafts.len() >= 2 || plain_count == 0);
    let mut items: Vec<Item> = Vec::new();
    for Draft { item, plain: _ } in drafts {
        let known = items.iter().any(|known| known.name.eq_ignore_ascii_case(&item.name));
        if !known && !item.name.is_empty() && (item.price.is_some() || is_list) {
            items.push(item);
        }
        if items.len() >= MAX_ITEMS {
            break;
        }
    }
    items
}

/// Cuts a line at commas and semicolons that do not stand inside numbers or brackets.
fn parts(line: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let (mut from, mut depth) = (0, 0_i32);
    let bytes = line.as_bytes();
    for (at, c) in line.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' | ';' if depth <= 0 => {
                let digit = |at: Option<usize>| {
                    at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit)
                };
                let dash = bytes.get(at + 1) == Some(&b'-');
                if !(digit(at.checked_sub(1)) && (digit(Some(at + 1)) || dash)) {
                    cuts.push(&line[from..at]);
                    from = at + 1;
                }
            }
            _ => {}
        }
    }
    cuts.push(&line[from..]);
    cuts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

fn drafts_of(part: &str, (later, last): (bool, bool), bulleted: bool) -> Vec<Draft> {
    let graded = graded_prices(part);
    let any_sure = graded.iter().any(|(_, sure)| *sure);
    let kept = graded
        .into_iter()
        .filter(|(found, sure)| *sure || !any_sure || is_grouped(&part[found.range.clone()]));
    let prices: Vec<Found<Price>> = kept.map(|(found, _)| found).collect();
    if !prices.is_empty() {
        return priced_drafts(part, prices, later || bulleted);
    }
    let joined = [" dan ", " and ", " & "].into_iter().find(|word| last && part.contains(word));
    let names: Vec<&str> = match joined {
        Some(word) if !bulleted => part.splitn(2, word).collect(),
        _ => vec![part],
    };
    names.into_iter().filter_map(plain_draft).collect()
}

/// Whether a number is written as money is, "12.500": beside a sure price it is one, too.
fn is_grouped(number: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let head = digits(number);
    let Some(rest) = number[head..].strip_prefix('.') else { return false };
    (1..=3).contains(&head) && digits(rest) == 3
}

/// A name that stands alone, with whether it reads as one; `None` when there are no letters.
fn plain_draft(part: &str) -> Option<Draft> {
    let part = after_lead_in(part);
    let all = words(part);
    if all.iter().all(|word| word.text.chars().all(char::is_numeric)) {
        return None;
    }
    if matches!(
        part.trim().trim_end_matches('.').to_ascii_lowercase().as_str(),
        "dll" | "dst" | "etc"
    ) {
        return None;
    }
    let (name, note) = name_of(part);
    let speaks = all.iter().any(|word| LISTS.sentence.contains(&word.text));
    let marks = part.contains(['?', '!', '@', ':', '#']) || part.contains("//");
    let count = words(&name).len();
    let plain = !speaks
        && !marks
        && (1..=MAX_PLAIN_WORDS).contains(&count)
        && Phone::find(part).is_none()
        && !name.is_empty();
    Some(Draft { item: Item { name, price: None, note, photo: None }, plain })
}

/// What follows "saya jual" or "menu kami:"; the whole part when nothing announces a list.
fn after_lead_in(part: &str) -> &str {
    let all = words(part);
    let lead = all.iter().take_while(|word| LISTS.leading.contains(&word.text));
    let (count, sells) = lead.fold((0, false), |(count, sells), word| {
        (count + 1, sells || LISTS.selling.contains(&word.text))
    });
    match all.get(count) {
        Some(next) if sells => &part[next.range.start..],
        _ => part,
    }
}

/// With `listed`, others stood before: "cuci ac 65rb, tambah freon 150rb" sells the adding.
fn priced_drafts(part: &str, prices: Vec<Found<Price>>, listed: bool) -> Vec<Draft> {
    let mut gaps: Vec<&str> = Vec::new();
    let mut from = 0;
    for found in &prices {
        gaps.push(&part[from..found.range.start]);
        from = found.range.end;
    }
    gaps.push(&part[from..]);
    let single = prices.len() == 1;
    let tail = *gaps.last().expect("one gap stands behind the prices");
    let price_first = name_of(gaps[0]).0.is_empty() && !name_of(tail).0.is_empty();
    let mut drafts: Vec<Draft> = Vec::new();
    for (at, found) in prices.into_iter().enumerate() {
        let gap = gaps[at + usize::from(price_first)];
        let (mut name, note) = name_of(gap);
        let bare = gap.trim_start_matches(|c: char| !c.is_alphanumeric());
        if listed && at == 0 && !name.is_empty() && bare.to_lowercase().starts_with(ADDING) {
            name = format!("{}{}", capitalised(ADDING), lowered(&name));
        }
        let behind = (single && !price_first).then(|| remark(tail)).flatten();
        if name.is_empty() {
            widen(drafts.last_mut(), &found.value, gaps[at]);
        } else if is_sold(&name) {
            let price = Some(found.value);
            drafts.push(Draft {
                item: Item { name, price, note: note.or(behind), photo: None },
                plain: true,
            });
        }
    }
    drafts
}

/// A word that adds an item, and a service where it stands among others.
const ADDING: &str = "tambah ";

fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    let shouted = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !shouted => first.to_lowercase().chain(chars).collect(),
        Some(_) | None => text.to_owned(),
    }
}

/// "20rb/25rb" behind one name is a range, "100rb jadi 85rb" a new price.
fn widen(draft: Option<&mut Draft>, upper: &Price, between: &str) {
    let Some(price) = draft.and_then(|draft| draft.item.price.as_mut()) else { return };
    if matches!(between.trim(), "jadi" | "menjadi" | "now") {
        *price = upper.clone();
    } else if matches!(between.trim(), "/" | "-") && price.to.is_none() && upper.from > price.from {
        price.starts = false;
        price.to = Some(upper.from);
        price.unit = price.unit.take().or(upper.unit.clone());
    }
}

fn is_sold(name: &str) -> bool {
    let all = words(name);
    all.len() <= MAX_PRICED_WORDS
        && !all.iter().any(|word| LISTS.not_sold.contains(&word.text))
        && Phone::find(name).is_none()
}

/// What stands behind the price of a lone item, such as "isi 50".
fn remark(tail: &str) -> Option<String> {
    let text = tail.trim().trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
    let all = words(text);
    let speaks = all.iter().any(|word| LISTS.sentence.contains(&word.text));
    let filler = all.iter().all(|word| LISTS.filler.contains(&word.text));
    let fits = !filler && !speaks && text.chars().count() <= MAX_NOTE_CHARS;
    (fits && Phone::find(text).is_none() && !text.contains(['@', '?'])).then(|| capitalised(text))
}

/// The name in the words before a price, and the remark in its brackets. Empty when there is none.
fn name_of(raw: &str) -> (String, Option<String>) {
    let raw = list_marker(raw.trim()).unwrap_or(raw.trim());
    let raw = [". ", "! ", "? ", ": "].into_iter().fold(raw, |raw, mark| {
        // "Tambal gigi: mulai": what stands behind leads up to the price.
        let leads =
            |after: &str| words(after).iter().all(|word| LISTS.trailing.contains(&word.text));
        raw.rsplit_once(mark).map_or(raw, |(_, after)| if leads(after) { raw } else { after })
    });
    let (raw, note) = without_brackets(raw);
    let edge = |c: char| !(c.is_alphanumeric() || matches!(c, '"' | '\'' | '%' | '+'));
    let mut kept: Vec<&str> = raw.split_whitespace().collect();
    let folded = |word: &str| words(word).into_iter().map(|word| word.text).collect::<String>();
    while let Some(first) = kept.first() {
        let word = folded(first);
        // "menu design 750k" is sold itself.
        let whole = word == "menu"
            && kept.get(1).is_some_and(|next| MENUS.contains(&folded(next).as_str()));
        if !whole && (word.is_empty() || LISTS.leading.contains(&word)) {
            kept.remove(0);
        } else {
            break;
        }
    }
    while let Some(last) = kept.last() {
        let word = folded(last);
        if word.is_empty() || LISTS.trailing.contains(&word) {
            kept.pop();
        } else {
            break;
        }
    }
    let kept = behind_place(&kept);
    let name = capitalised(kept.join(" ").trim_matches(edge));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let fits = letters >= 2 && name.chars().count() <= MAX_NAME_CHARS;
    (if fits { name } else { String::new() }, note)
}

/// What is made of menus.
const MENUS: [&str; 7] = ["design", "desain", "board", "book", "card", "cetak", "printing"];

/// Fewest words before a name that are the sentence around it.
const MIN_SENTENCE_WORDS: usize = 5;

/// "servis ac panggilan area tangerang cuci ac": what is sold stands behind the place.
fn behind_place<'a, 'b>(kept: &'a [&'b str]) -> &'a [&'b str] {
    let place = kept.iter().rposition(|word| matches!(*word, "area" | "daerah" | "wilayah"));
    match place {
        Some(at) if kept.len() >= MIN_SENTENCE_WORDS && at + 2 < kept.len() => &kept[at + 2..],
        Some(_) | None => kept,
    }
}

/// A text without its first bracket, and what stood in it.
fn without_brackets(raw: &str) -> (String, Option<String>) {
    let Some(open) = raw.find('(') else { return (raw.to_owned(), None) };
    let inside = &raw[open + 1..];
    let close = inside.find(')').unwrap_or(inside.len());
    let note = inside[..close].trim();
    let rest = inside.get(close + 1..).unwrap_or_default();
    let fits = !note.is_empty() && note.chars().count() <= MAX_NOTE_CHARS;
    (format!("{} {rest}", &raw[..open]), fits.then(|| capitalised(note)))
}

/// What follows a bullet or a number such as "1." or "2)".
fn list_marker(line: &str) -> Option<&str> {
    const BULLETS: [char; 12] = ['-', '*', '•', '·', '–', '—', '>', '✓', '✔', '►', '▪', '✅'];
    if let Some(rest) = line.strip_prefix(BULLETS) {
        return Some(rest.trim_start());
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    ((1..=2).contains(&digits) && !rest.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| rest.trim_start())
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shown(text: &str) -> String {
        let item = |item: Item| {
            let price = item.price.map(|price| format!(" {price}")).unwrap_or_default();
            let note = item.note.map(|note| format!(" [{note}]")).unwrap_or_default();
            format!("{}{price}{note}", item.name)
        };
        parse_items(text).into_iter().map(item).collect::<Vec<_>>().join("; ")
    }

    #[rstest]
    #[case("nastar 85rb sm putri salju 90rb", "Nastar Rp85.000; Putri salju Rp90.000")]
    #[case("tumpeng 350rb sama snack box 12.500", "Tumpeng Rp350.000; Snack box Rp12.500")]
    #[case("Kopi susu 18rb, Americano 15rb", "Kopi susu Rp18.000; Americano Rp15.000")]
    #[case("- Cuci kering 7rb/kg", "Cuci kering Rp7.000/kg")]
    #[case("1. Potong rambut dewasa Rp35.000", "Potong rambut dewasa Rp35.000")]
    #[case("Nastar: 85.000\nKastengel = 95.000", "Nastar Rp85.000; Kastengel Rp95.000")]
    #[case("Menu kami:\n- Kopi susu\n- Es teh\n- Roti bakar", "Kopi susu; Es teh; Roti bakar")]
    #[case("kopi susu, americano dan teh tarik", "Kopi susu; Americano; Teh tarik")]
    #[case("Nastar 85rb isi 50", "Nastar Rp85.000 [Isi 50]")]
    #[case("Paket hemat (isi 3) 50rb", "Paket hemat Rp50.000 [Isi 3]")]
    #[case(
        "saya jual nastar 85rb dan kastengel 95rb per toples",
        "Nastar Rp85.000; Kastengel Rp95.000/toples"
    )]
    #[case("85rb nastar, 90rb putri salju", "Nastar Rp85.000; Putri salju Rp90.000")]
    #[case(
        "neutering from 1.5m, kain 1.5m 50rb",
        "Neutering mulai Rp1.500.000; Kain 1.5m Rp50.000"
    )]
    #[case("1) Amplang Rp. 130.000,-/kg", "Amplang Rp130.000/kg")]
    #[case("Cinnamon roll 28k each", "Cinnamon roll Rp28.000")]
    #[case("gw bilang buket wisuda 95rb", "Buket wisuda Rp95.000")]
    #[case("The batik scarf is now Rp 195,000", "Batik scarf Rp195.000")]
    #[case("Latte 20rb/25rb", "Latte Rp20.000–Rp25.000")]
    #[case("kopi susu 18rb / americano 15rb", "Kopi susu Rp18.000; Americano Rp15.000")]
    #[case("bikin web toko kue Ani, warna pink, WA 081234567890, nastar 85rb", "Nastar Rp85.000")]
    #[case("Halo kak, menunya es teh 5rb", "Es teh Rp5.000")]
    #[case("Cuci setrika per kg 7000", "Cuci setrika Rp7.000/kg")]
    #[case("Prasmanan per orang - 45.000", "Prasmanan Rp45.000/orang")]
    #[case("we sell cookies 50k and brownies 65k", "Cookies Rp50.000; Brownies Rp65.000")]
    #[case("Foto prewedding mulai dari 1,5jt", "Foto prewedding mulai Rp1.500.000")]
    #[case(
        "Ganti ban luar mulai 180rb, Tune up 90rb",
        "Ganti ban luar mulai Rp180.000; Tune up Rp90.000"
    )]
    #[case("Haircut starting at 50k", "Haircut mulai Rp50.000")]
    #[case(
        "1) Ganti oli 50rb\n2) Servis ringan 75rb",
        "Ganti oli Rp50.000; Servis ringan Rp75.000"
    )]
    #[case("nastar 85rb, Nastar 90rb", "Nastar Rp85.000")]
    #[case("Paket 100 foto 500rb", "Paket 100 foto Rp500.000")]
    #[case("Nasi goreng (pedas, manis) 20rb", "Nasi goreng Rp20.000 [Pedas, manis]")]
    #[case("promo nastar dari 100rb jadi 85rb", "Nastar Rp85.000")]
    #[case("saya jualan: bolu pisang, brownies kukus, donat", "Bolu pisang; Brownies kukus; Donat")]
    #[case("saya jual kopi susu, americano", "Kopi susu; Americano")]
    #[case("kopi susu 18 ribu rupiah", "Kopi susu Rp18.000")]
    #[case(
        "Kopi Gula Aren - 18k\nAmericano (hot/ice) - 15k/17k\nCroissant.......25.000",
        "Kopi Gula Aren Rp18.000; Americano Rp15.000–Rp17.000 [Hot/ice]; Croissant Rp25.000"
    )]
    #[case("🍪 Nastar 85rb\n🍰 Bolu 45rb", "Nastar Rp85.000; Bolu Rp45.000")]
    #[case(
        "Seblak ori 15rb\nSeblak ceker 18rb\nLevel 1-5",
        "Seblak ori Rp15.000; Seblak ceker Rp18.000"
    )]
    #[case("gorengan seceng", "Gorengan Rp1.000")]
    #[case("menu design 750k, menu ayam 15k", "Menu design Rp750.000; Ayam Rp15.000")]
    #[case("las argon 200rb, bikin baut 25rb", "Las argon Rp200.000; Bikin baut Rp25.000")]
    #[case("Kopi sanger ........ 12.000", "Kopi sanger Rp12.000")]
    #[case("bibit lele 250/ekor, pakan 12.500/kg", "Bibit lele Rp250/ekor; Pakan Rp12.500/kg")]
    #[case("iPhone 13 8,5jt", "IPhone 13 Rp8.500.000")]
    #[case(
        "cuci ac 65rb, tambah freon 150rb, perbaikan 100rb",
        "Cuci ac Rp65.000; Tambah freon Rp150.000; Perbaikan Rp100.000"
    )]
    #[case("tambah es jeruk 5rb", "Es jeruk Rp5.000")]
    #[case("smoothing 250rb bukan 200rb", "Smoothing Rp250.000")]
    #[case("cuci ac naik jadi 70rb", "Cuci ac Rp70.000")]
    #[case(
        "paket prewed satu setengah juta, akad 3 juta",
        "Paket prewed Rp1.500.000; Akad Rp3.000.000"
    )]
    #[case(
        "servis ac panggilan area tangerang cuci ac 75rb isi freon 250rb",
        "Cuci ac Rp75.000; Isi freon Rp250.000"
    )]
    fn items_are_read_as_people_list_them(#[case] text: &str, #[case] items: &str) {
        assert_eq!(shown(text), items);
    }

    #[rstest]
    #[case("")]
    #[case("85rb")]
    #[case("nastar")]
    #[case("halo kak, saya mau bikin website")]
    #[case("buka senin sampai sabtu, minggu libur")]
    #[case("WA 0812-3456-7890, alamat Jl. Merdeka No. 100")]
    #[case("gratis ongkir minimal 50rb")]
    #[case("ya, boleh")]
    #[case("alamat: Jl. Merdeka, Bandung")]
    #[case("saya Ani, umur tiga puluh")]
    #[case("budget 500rb")]
    fn what_lists_nothing_gives_no_item(#[case] text: &str) {
        assert_eq!(shown(text), "");
    }

    proptest::proptest! {
        #[test]
        fn every_name_is_in_the_text(text in "((kopi|teh|dan|sm|85rb|90rb/kg|[-,.:(\n)] ?|[a-zA-Z0-9é🍰?!%]) ?){0,16}") {
            let lower = text.to_lowercase();
            for item in parse_items(&text) {
                for word in item.name.to_lowercase().split_whitespace() {
                    proptest::prop_assert!(lower.contains(word), "{word}");
                }
                proptest::prop_assert!(item.name.chars().count() <= MAX_NAME_CHARS + 2);
            }
        }
    }
}
