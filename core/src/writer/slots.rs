//! The facts of a brief as they stand in sentences.
//!
//! Must never hold what the brief does not: a fact that does not fit into a sentence is left out.

use std::collections::BTreeSet;

use crate::brief::{Brief, Hours, Item, Language, OpenSpan, Price, Rupiah, Trade, spelled_place};

use crate::site::choice::pick;

use super::phrases::{LanguageWords, Slots, Voice, capitalised};

/// Longest name on the sign.
const MAX_NAME_CHARS: usize = 60;
/// Longest fact that is put into a running sentence.
const MAX_FACT_CHARS: usize = 90;
/// Longest audience, in words and characters.
const MAX_AUDIENCE: (usize, usize) = (8, 60);
/// Longest own words for a trade, in words and characters.
const MAX_SAID: (usize, usize) = (4, 30);
/// Items named in one sentence.
const MAX_NAMED_ITEMS: usize = 3;
/// Words of a chat that do not belong into a noun phrase.
const CHAT_WORDS: [&str; 38] = [
    "saya",
    "aku",
    "kami",
    "kita",
    "kak",
    "jual",
    "jualan",
    "menjual",
    "buka",
    "punya",
    "usaha",
    "bisnis",
    "bikin",
    "buat",
    "mau",
    "ingin",
    "web",
    "website",
    "untuk",
    "sih",
    "aja",
    "dong",
    "ya",
    "gitu",
    "kebanyakan",
    "biasanya",
    "i",
    "we",
    "my",
    "our",
    "have",
    "run",
    "sell",
    "a",
    "an",
    "the",
    "tolong",
    "please",
];

/// Every fact that fits into a sentence, by slot name, with the trade's vocabulary.
pub(super) fn slots(brief: &Brief, voice: Voice, trade: Trade, seed: u32) -> Slots {
    let words = voice.words();
    let contact = brief.contact.as_ref().map(|contact| &contact.value);
    let said = trade_said(brief, trade);
    let word = |key: &str| voice.own.vocab.get(key).cloned();
    let place = place_in(&said, voice).or_else(|| word("place"));
    let kind = word("kind").unwrap_or_default();
    let prices = Prices::of(&brief.items, brief.language, words);
    let list = price_list(&brief.items, brief.language, words);
    let more = || Some(String::new());
    let named: Vec<String> = named_inside(&brief.items, words).into_iter().flatten().collect();
    let hours = contact.and_then(|c| c.hours.as_ref()).map(|hours| hours_line(hours, words));
    let fits = |text: String| (text.chars().count() <= 160).then_some(text);
    let facts = [
        ("name", Some(name(brief, &kind))),
        ("place", place),
        ("you", word("you")),
        ("formal", word("you").filter(|you| is_formal(you))),
        ("casual", word("you").filter(|you| !is_formal(you))),
        ("goods", word("goods")),
        ("order", word("order")),
        ("said", Some(if said.is_empty() { kind } else { said })),
        ("city", contact.and_then(|c| c.city.as_deref()).map(spelled_place).and_then(|c| fact(&c))),
        (
            "address",
            contact.and_then(|c| c.address.as_deref()).map(spelled_place).and_then(|a| fact(&a)),
        ),
        ("phone", contact.and_then(|c| c.phone.as_ref()).map(|phone| phone.national())),
        ("email", contact.and_then(|c| c.email.as_ref()).map(|mail| mail.as_str().to_owned())),
        ("hours", hours.and_then(fits)),
        ("audience", audience(brief)),
        ("item", named.get(pick(seed, "item", named.len())).cloned()),
        ("items", (!named.is_empty()).then(|| listed(&named, words)).and_then(fits)),
        ("prices", prices.any),
        ("range", prices.high.clone()),
        ("price_low", prices.low),
        ("price_high", prices.high),
        ("priced_item", prices.item),
        ("more_prices", more().filter(|_| list.as_ref().is_some_and(|(_, more)| *more))),
        ("price_list", list.map(|(list, _)| list).and_then(fits)),
        ("more_items", more().filter(|_| brief.items.len() > named.len().min(MAX_NAMED_ITEMS))),
    ];
    facts.into_iter().filter_map(|(slot, value)| Some((slot, value?))).collect()
}

/// Whether visitors are addressed with distance.
fn is_formal(you: &str) -> bool {
    you == "Anda"
}

/// The name on the sign; the kind of business when none was told.
pub(super) fn name(brief: &Brief, kind: &str) -> String {
    let said = brief.name.as_ref().map_or("", |name| name.value.as_str());
    let clean = cleaned(said);
    if clean.is_empty() { capitalised(kind) } else { cut(&clean, MAX_NAME_CHARS) }
}

/// The owner's own words for the trade when they are a plain noun phrase, else empty.
pub(super) fn trade_said(brief: &Brief, trade: Trade) -> String {
    let said = brief.trade.as_ref().map_or("", |answer| answer.said.as_str());
    let kept: Vec<&str> = said.split_whitespace().collect();
    let chatty = kept.iter().any(|word| is_chat(word));
    let plain = said.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\''));
    let fits = (1..=MAX_SAID.0).contains(&kept.len()) && said.chars().count() <= MAX_SAID.1;
    let known = || Trade::parse(said) == Some(trade) && Trade::from_slug(said.trim()).is_none();
    let usable = fits && plain && !chatty && known();
    if usable { lowered(&kept.join(" ")) } else { String::new() }
}

/// Owner's sentences for the story, as told, ended with a full stop.
pub(super) fn notes(brief: &Brief, max_count: usize, max_chars: usize) -> Vec<String> {
    let told = brief.notes.iter().map(|note| cleaned(note));
    let fitting = told.filter(|note| {
        let length = note.chars().count();
        length > 2 && length < max_chars && !note.contains("://") && !note.contains('@')
    });
    let ended = |note: String| {
        let end = if note.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        format!("{}{end}", capitalised(&note))
    };
    fitting.map(ended).take(max_count).collect()
}

/// The lowest and highest price, and what the lowest buys when all cost the same.
#[derive(Default)]
struct Prices {
    any: Option<String>,
    low: Option<String>,
    high: Option<String>,
    item: Option<String>,
}

impl Prices {
    fn of(items: &[Item], language: Language, words: &LanguageWords) -> Self {
        let priced: Vec<(&Item, &Price)> =
            items.iter().filter_map(|item| Some((item, item.price.as_ref()?))).collect();
        let amounts: BTreeSet<Rupiah> =
            priced.iter().flat_map(|(_, price)| [Some(price.from), price.to]).flatten().collect();
        let units: BTreeSet<Option<&str>> =
            priced.iter().map(|(_, price)| price.unit.as_deref()).collect();
        let (Some(low), Some(high)) = (amounts.first(), amounts.last()) else {
            return Self::default();
        };
        let any = Some(low.shown(language));
        let open = priced.iter().any(|(item, _)| is_open(item));
        if units.len() > 1 || (open && priced.len() > 1) {
            // A kilogram and a piece make no range, nor do prices that only begin somewhere.
            return Self { any, ..Self::default() };
        }
        let unit = units.first().copied().flatten().and_then(fact);
        let shown = |amount: &Rupiah| match &unit {
            Some(unit) => format!("{}/{unit}", amount.shown(language)),
            None => amount.shown(language),
        };
        let several = low < high;
        let first = priced.first().filter(|_| !several);
        let begins = if open { format!("{} ", words.from) } else { String::new() };
        Self {
            any,
            low: Some(format!("{begins}{}", shown(low))),
            high: several.then(|| shown(high)),
            item: first.and_then(|(item, _)| inside(&item.name, words)),
        }
    }
}

/// Whether an item's price only begins where it says.
fn is_open(item: &Item) -> bool {
    item.price.as_ref().is_some_and(|price| price.starts)
}

/// "Nastar Rp85.000/toples dan Bolu mulai Rp40.000", when at least two have a price; and whether
/// more have one than are named.
fn price_list(items: &[Item], language: Language, words: &LanguageWords) -> Option<(String, bool)> {
    let priced = |(item, name): (&Item, Option<String>)| {
        Some(format!("{} {}", name?, item.price.as_ref()?.shown(language)))
    };
    let names = named_inside(items, words);
    let all: Vec<String> = items.iter().zip(names).filter_map(priced).collect();
    let with_price = items.iter().filter(|item| item.price.is_some()).count();
    (all.len() > 1).then(|| (listed(&all, words), with_price > all.len().min(MAX_NAMED_ITEMS)))
}

/// "Senin–Jumat 08.00–17.00, Sabtu 08.00–12.00".
fn hours_line(hours: &Hours, words: &LanguageWords) -> String {
    if hours.always {
        return words.always.clone();
    }
    // Two spans of the same days, as around a long noon, name the days once.
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for OpenSpan { days, opens_min, closes_min } in &hours.spans {
        let (opens, closes) = (clock(*opens_min, words), clock(*closes_min, words));
        let (days, span) = (days_line(days, words), format!("{opens}–{closes}"));
        match lines.iter_mut().find(|line| line.0 == days) {
            Some(line) => line.1.push(span),
            None => lines.push((days, vec![span])),
        }
    }
    let line = |(days, spans): &(String, Vec<String>)| format!("{days} {}", joined(spans, words));
    lines.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn clock(min: u16, words: &LanguageWords) -> String {
    format!("{:02}{}{:02}", min / 60, words.clock_mark, min % 60)
}

fn days_line(days: &[u8], words: &LanguageWords) -> String {
    if days.len() == 7 {
        return words.every_day.clone();
    }
    let name = |day: &u8| words.days[usize::from(*day - 1) % words.days.len()].clone();
    let unbroken = days.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match days {
        [first, .., last] if unbroken && days.len() > 2 => {
            format!("{}{}{}", name(first), words.day_range, name(last))
        }
        _ => joined(&days.iter().map(name).collect::<Vec<_>>(), words),
    }
}

/// The first few names as a list in words.
fn listed(names: &[String], words: &LanguageWords) -> String {
    joined(&names[..names.len().min(MAX_NAMED_ITEMS)], words)
}

fn joined(names: &[String], words: &LanguageWords) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => {
            let comma = if words.comma_before_and && most.len() > 1 { "," } else { "" };
            format!("{}{comma} {} {last}", most.join(", "), words.and)
        }
    }
}

/// For whom, as a noun phrase after "untuk"; `None` when it was "everyone" or a whole sentence.
fn audience(brief: &Brief) -> Option<String> {
    let said = fact(&brief.audience.as_ref()?.value)?;
    let bare = ["untuk ", "buat ", "utk ", "for "].into_iter().find_map(|lead| {
        said.get(..lead.len()).filter(|head| head.eq_ignore_ascii_case(lead))?;
        said.get(lead.len()..)
    });
    let text = bare.unwrap_or(&said).trim();
    let count = text.split_whitespace().count();
    let fits = (1..=MAX_AUDIENCE.0).contains(&count) && text.chars().count() <= MAX_AUDIENCE.1;
    let chatty = text.split_whitespace().any(is_chat) || text.contains(['.', '?', '!', ':', '@']);
    (fits && !chatty).then(|| lowered(text))
}

fn is_chat(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    CHAT_WORDS.contains(&bare.as_str())
}

/// A place name the owner used, such as "warung" in "warung makan".
fn place_in(said: &str, voice: Voice) -> Option<String> {
    let holds = |place: &&String| {
        said == place.as_str()
            || said.starts_with(&format!("{place} "))
            || said.ends_with(&format!(" {place}"))
    };
    voice.common.places.iter().find(holds).cloned()
}

/// A short fact without its closing punctuation; `None` when it does not fit into a sentence.
fn fact(text: &str) -> Option<String> {
    let clean = cleaned(text);
    let clean = clean.trim_end_matches(['.', ',', ';', ':', '!', '?', ' ']).to_owned();
    (!clean.is_empty() && clean.chars().count() <= MAX_FACT_CHARS).then_some(clean)
}

/// Names as they stand in one sentence. Beside a common noun those with nothing but a large first
/// letter are small as well: "nasi box dan tumpeng".
fn named_inside(items: &[Item], words: &LanguageWords) -> Vec<Option<String>> {
    let names: Vec<Option<String>> = items.iter().map(|item| inside(&item.name, words)).collect();
    let any_small = names.iter().flatten().any(|name| name.starts_with(char::is_lowercase));
    let plain = |name: &str| !name.chars().skip(1).any(char::is_uppercase);
    let small = |name: String| if any_small && plain(&name) { lowered(&name) } else { name };
    names.into_iter().map(|name| name.map(small)).collect()
}

/// A name as it stands inside a sentence: a common noun small, a name of its own as told.
fn inside(name: &str, words: &LanguageWords) -> Option<String> {
    let name = fact(name)?;
    let first = name.split([' ', '-']).next().unwrap_or_default();
    let common = words.nouns.contains(&first.to_lowercase());
    Some(if common { lowered(&name) } else { name })
}

/// One line without control characters, braces and angle brackets.
pub(super) fn cleaned(text: &str) -> String {
    let plain = |c: char| if c.is_control() || "{}<>".contains(c) { ' ' } else { c };
    text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `max_chars`, cut between words where there are any.
fn cut(text: &str, max_chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max_chars) else { return text.to_owned() };
    let head = &text[..end];
    head.rsplit_once(' ').map_or(head, |(words, _)| words).trim_end().to_owned()
}

/// With a small first letter, unless the first word is a short form such as "SD".
fn lowered(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The language's small words, for the document.
pub(super) fn language_words(language: Language) -> &'static LanguageWords {
    Voice::of(Trade::Other, language).words()
}
