//! Whether a free text answers the open question, and what to say when it does not.

mod audience;

use sitespark_core::brief::{
    Answer, Brief, Feature, Item, PhoneError, Price, Rgb, Tone, Trade, parse_items,
};

use super::absorb::{absorb, add_items, cut};
use super::questions;
use super::state::{Collecting, Step};
use super::turn::Turn;
use super::understand::gather::{Found, gather, is_looks_only};
use super::understand::naming::{clean_name, without_lead};
use super::understand::tap::Field;
use super::understand::towns::cut_city;
use super::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, is_large, mentions, normalise, split_at_word,
};
use super::understand::{livelihood, thousands};
use crate::texts::Arg;
use audience::audience;

/// How an answer was taken.
#[derive(Debug, PartialEq)]
pub(crate) enum Reply {
    /// Answered: go on.
    Settled,
    /// Something else was taken: the question stays.
    Stay,
    /// Not understood: one of two sentences, and its arguments.
    Oops([&'static str; 2], Vec<(&'static str, Arg)>),
}

/// Most words of an item that is told without a price.
const MAX_ITEM_WORDS: usize = 6;
/// Most words of a piece that can be nothing but looks.
const MAX_LOOK_WORDS: usize = 2;
/// Longest name of a business, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Fewest words of a text that is taken as an address when one is expected.
const MIN_ADDRESS_WORDS: usize = 3;

/// Answers the open question from what was found and what is left over.
pub(crate) fn answer(state: &mut Collecting, text: &str, found: &Found, turn: &Turn<'_>) -> Reply {
    match state.step {
        Step::Trade => trade(state, text, found),
        Step::Name => name(state, text, found, turn),
        Step::Audience => audience(state, text, found),
        Step::Features => features(state, found),
        Step::Items => items(state, text, found),
        Step::Style | Step::Colour => style(state, text, found),
        Step::Contact => contact(state, text, found),
        Step::Phone => phone(state, found),
    }
}

fn oops(first: &'static str, second: &'static str) -> Reply {
    Reply::Oops([first, second], Vec::new())
}

fn trade(state: &mut Collecting, text: &str, found: &Found) -> Reply {
    if state.brief.trade.is_some() {
        return Reply::Settled;
    }
    let normal = normalise(text);
    let told = cut_all("request", text);
    if let Some(trade) = unknown_trade(found) {
        // "Dojo Garuda Muda": written large throughout, it is what the sign says.
        let mut words = trade.said.split_whitespace().filter(|word| word.len() > 1);
        let large =
            words.all(|word| word.starts_with(char::is_uppercase)) || sign(&trade.said).is_some();
        match clean_name(&trade.said).filter(|_| large && state.brief.name.is_none()) {
            Some(name) => {
                state.brief.name = Some(Answer::new(name, cut(text)));
                state.brief.trade = Some(Answer::new(Trade::Other, ""));
            }
            None => state.brief.trade = Some(trade),
        }
        return Reply::Settled;
    }
    // "Pelan Bike Hire. pelan means slow": what the sign says, and words about it.
    if let [first, _, ..] = found.rest.as_slice()
        && let Some(name) = sign(first)
        && state.brief.name.is_none()
    {
        state.brief.name = Some(Answer::new(name, cut(text)));
        state.brief.trade = Some(Answer::new(Trade::Other, ""));
        return Reply::Settled;
    }
    let worded = told.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let tried = state.talk.last_error.as_deref() == Some("oops-trade-1");
    if worded && (tried || mentions("trade-lead", &normal)) {
        state.brief.trade = Some(Answer::new(Trade::Other, cut(told)));
        return Reply::Settled;
    }
    let told_else = found.has_contact() || !found.features.is_empty() || !found.items.is_empty();
    if found.rest.is_empty() && told_else || state.brief.name.is_some() && !worded {
        return Reply::Stay;
    }
    // "mau bikin website": what for is what was asked.
    if mentions("site-words", &normal) && !worded {
        return Reply::Stay;
    }
    oops("oops-trade-1", "oops-trade-2")
}

/// Words written large throughout, as on a sign.
fn sign(piece: &str) -> Option<String> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let fits = UNKNOWN_TRADE_WORDS.contains(&words.len())
        && words.first().is_some_and(|word| is_large(word))
        && words.iter().all(|word| is_large(word) || is_in("name-joints", &normalise(word)));
    fits.then(|| clean_name(piece)).flatten()
}

/// Fewest and most words of a line of business that no list knows.
const UNKNOWN_TRADE_WORDS: std::ops::RangeInclusive<usize> = 2..=6;

/// "we fly tandem paragliders": the line of business in a sentence about whoever writes.
pub(crate) fn told_trade(found: &Found) -> Option<Answer<Trade>> {
    let told = found.rest.iter().find_map(|piece| livelihood::told(piece))?;
    Some(Answer::new(Trade::parse(told).unwrap_or(Trade::Other), cut(told)))
}

/// "tempat billiard", "cuci toren": a line of business in a few plain words, though no list has it.
pub(crate) fn unknown_trade(found: &Found) -> Option<Answer<Trade>> {
    if let Some(told) = told_trade(found) {
        return Some(told);
    }
    let said = |piece: &&String| {
        let plain = normalise(cut_all("reply-lead", piece));
        // "mau bikin web bang" tells no more than a greeting.
        let idle = |word: &str| {
            ["courtesy", "request", "greet", "vocative-tail"].iter().any(|list| is_in(list, word))
        };
        plain.split(' ').any(|word| !word.is_empty() && !idle(word))
    };
    let telling: Vec<&String> = found.rest.iter().filter(said).collect();
    match telling.as_slice() {
        [piece] => plain_trade(piece),
        several => {
            let told = several.iter().find(|piece| cut_prefix("trade-told", piece).is_some());
            // "sedot tinja, 24 jam siap": the first that can be one, and names nobody.
            let lists = ["generic-words", "shop-words", "goods-words", "job-words"];
            let sold = |piece: &str| {
                let plain = normalise(piece);
                lists.iter().any(|list| mentions(list, &plain)) && !mentions("people-words", &plain)
            };
            told.and_then(|piece| plain_trade(piece)).or_else(|| {
                several.iter().filter(|piece| sold(piece)).find_map(|piece| plain_trade(piece))
            })
        }
    }
}

/// A line of business that is all a piece tells.
fn plain_trade(piece: &str) -> Option<Answer<Trade>> {
    let told = cut_end("name-tail", cut_all("request", piece)).trim();
    // "art classes for kids in Jakarta": what it is stands before for whom and where.
    let (told, _) = cut_city(told);
    let told = cut_end("place-tail", told);
    let told = match split_at_word("audience-for", told) {
        Some((before, whom)) if mentions("people-words", &normalise(whom)) => before,
        Some(_) | None => told,
    };
    let normal = normalise(told);
    let words = normal.split(' ').filter(|word| !is_in("courtesy", word)).count();
    let letters = told.chars().filter(|c| c.is_alphabetic()).count();
    let spoken = normal.chars().any(|c| "aeiou".contains(c));
    // "orang rantau yang rindu kampung": who comes, and no line of business.
    let people = cut_prefix("people-lead", told).is_some();
    let sound = UNKNOWN_TRADE_WORDS.contains(&words)
        && !people
        && spoken
        && letters >= 5
        && !told.contains(['?', '@'])
        && !["no-trade", "not-a-name", "stray", "rude", "hurry", "denial", "site-words"]
            .iter()
            .any(|list| mentions(list, &normal));
    sound.then(|| Answer::new(Trade::Other, cut(told)))
}

fn name(state: &mut Collecting, text: &str, found: &Found, turn: &Turn<'_>) -> Reply {
    if found.name.is_some() {
        return Reply::Settled;
    }
    if found.rest.is_empty() && found.is_telling() {
        return Reply::Stay;
    }
    let told =
        if found.is_telling() { found.rest.first().map_or(text, String::as_str) } else { text };
    if told.trim().chars().count() > MAX_NAME_CHARS && found.rest.len() <= 1 {
        return oops("oops-name-long-1", "oops-name-long-2");
    }
    let tried = state.talk.last_error.as_deref() == Some("oops-name-1");
    // "aku usaha katering rantangan di semarang": what it is, where we took something else for it.
    let small = !text.contains(char::is_uppercase) && found.rest.len() == 1;
    let guessed = state.brief.trade.as_ref().is_some_and(|told| told.value == Trade::Other);
    if let Some(trade) = livelihood::told(told).filter(|_| small && guessed)
        && let Some(known) = Trade::parse(trade)
    {
        state.brief.trade = Some(Answer::new(known, cut(trade)));
        return Reply::Stay;
    }
    // "bengkel las" once more: what it is, and not yet what it is called.
    let said = state.brief.trade.as_ref().map(|trade| normalise(&trade.said));
    let again = said.is_some_and(|said| said == normalise(told));
    if !tried && again && !told.starts_with(char::is_uppercase) {
        return Reply::Stay;
    }
    if !tried && chats(told) {
        return oops("oops-name-1", "oops-name-2");
    }
    let guessed = found.rest.iter().find_map(|piece| cut_prefix("name-guess", piece));
    let named = guessed.and_then(clean_name);
    // "I see. Then prices, booking": words to our last answer are no name.
    let written = |piece: &String| {
        clean_name(without_lead(piece)).filter(|_| !is_in("reply-lead", &normalise(piece)))
    };
    // "oh harus diketik. Servis Jahit Pak Rohmat": what is written large among small words.
    let mut large = found.rest.iter().filter(|piece| sign(without_lead(piece)).is_some());
    let named = named.or_else(|| large.find_map(written));
    match named.or_else(|| found.rest.iter().find_map(written)) {
        Some(_) if continues(text) => {
            add_to_trade(&mut state.brief, text);
            Reply::Stay
        }
        Some(name) => {
            // "Lalu Scooter Rental in Senggigi"
            let name = match cut_city(&name) {
                (before, Some(_)) if before.contains(' ') => before.to_owned(),
                _ => name,
            };
            let name = with_degrees(name, &found.rest[1..]);
            state.brief.name = Some(Answer::new(name, cut(text)));
            Reply::Settled
        }
        None if mentions("not-a-name", &normalise(text)) => {
            match questions::suggested_name(state, turn) {
                Some(name) => Reply::Oops(
                    ["oops-name-idea-1", "oops-name-idea-2"],
                    vec![("name", name.into())],
                ),
                None => oops("oops-name-needed-1", "oops-name-needed-2"),
            }
        }
        None if found.has_contact() || !found.items.is_empty() || found.has_style() => Reply::Stay,
        None => oops("oops-name-1", "oops-name-2"),
    }
}

/// Fewest words of a sentence that is small talk where a name is asked.
const MIN_CHAT_WORDS: usize = 4;

/// "hujan terus nih di sini": a sentence in small letters about something else.
fn chats(told: &str) -> bool {
    let small = !told.chars().any(char::is_uppercase);
    let words = told.split_whitespace().count();
    small && words >= MIN_CHAT_WORDS && mentions("small-talk", &normalise(told))
}

/// "sama token listrik" in small letters goes on about the trade; it is no name.
fn continues(text: &str) -> bool {
    let small = text.chars().all(|c| !c.is_uppercase());
    small && cut_prefix("continuing", text).is_some_and(|rest| !normalise(rest).is_empty())
}

/// Keeps what else was said about the trade.
pub(crate) fn add_to_trade(brief: &mut Brief, text: &str) {
    if let Some(trade) = brief.trade.as_mut().filter(|trade| !trade.said.is_empty()) {
        let more = cut_all("continuing", text).trim();
        let between = if more.contains(' ') { ", " } else { " " };
        trade.said = cut(&format!("{}{between}{more}", trade.said));
    }
}

/// Longest academic degree behind a name, in characters.
const MAX_DEGREE_CHARS: usize = 8;

/// "Dewi Anggraini, S.H., M.Kn." is one name.
fn with_degrees(mut name: String, behind: &[String]) -> String {
    let degree = |piece: &&String| {
        piece.contains('.')
            && piece.chars().count() <= MAX_DEGREE_CHARS
            && piece.chars().next().is_some_and(char::is_uppercase)
            && piece.chars().all(|c| c.is_alphabetic() || c == '.' || c == ' ')
    };
    for piece in behind.iter().take_while(degree) {
        name.push_str(", ");
        name.push_str(piece);
        if !name.ends_with('.') {
            name.push('.');
        }
    }
    name.chars().take(MAX_NAME_CHARS).collect()
}

fn features(state: &mut Collecting, found: &Found) -> Reply {
    if !found.features.is_empty() {
        return Reply::Settled;
    }
    if !found.items.is_empty() {
        state.picked.insert(Feature::Catalogue);
        return Reply::Stay;
    }
    if found.is_telling() {
        return Reply::Stay;
    }
    oops("oops-features-1", "oops-features-2")
}

fn items(state: &mut Collecting, text: &str, found: &Found) -> Reply {
    if !found.items.is_empty() {
        return Reply::Settled;
    }
    if !found.absent.is_empty() && state.settled.contains(&Step::Items) {
        return Reply::Settled;
    }
    if !found.features.is_empty() {
        return Reply::Stay;
    }
    if looks_only(state, &found.rest, true) {
        return Reply::Stay;
    }
    // A number or a link is no goods.
    let rest = found.rest.join("\n");
    let goods = if found.has_contact() { rest.as_str() } else { text };
    let mut told = parse_items(&thousands::spelled(goods));
    if told.is_empty() {
        told = priced_alone(&state.brief, goods);
    }
    if told.is_empty() {
        told = found.rest.iter().filter_map(|piece| plain_item(piece)).collect();
    }
    if !told.is_empty() {
        add_items(&mut state.brief, &told);
        return Reply::Settled;
    }
    if found.is_telling() {
        return Reply::Stay;
    }
    oops("oops-items-1", "oops-items-2")
}

/// Whether the pieces are looks, which go where they belong: "resmi"; or, where goods are told, "ungu"
/// where nothing is eaten.
fn looks_only(state: &mut Collecting, rest: &[String], among_goods: bool) -> bool {
    let eaten = among_goods
        && state
            .brief
            .trade
            .as_ref()
            .is_some_and(|trade| matches!(trade.value, Trade::Food | Trade::Bakery));
    let looks = |piece: &String| {
        let few = piece.split_whitespace().count() <= MAX_LOOK_WORDS;
        let any = Tone::parse(piece).is_some() || !eaten && Rgb::parse_name(piece).is_some();
        any && (few || is_looks_only(piece))
    };
    if rest.is_empty() || !rest.iter().all(looks) {
        return false;
    }
    let said = rest.join(", ");
    let found = gather(&said, Some(Step::Style));
    absorb(state, &found, &said, Some(Step::Style));
    true
}

/// "from 7,5jt" alone is what the trade itself costs.
fn priced_alone(brief: &Brief, text: &str) -> Vec<Item> {
    let trade = brief.trade.as_ref().map_or("", |trade| trade.said.trim());
    if trade.is_empty() || Price::parse(text).is_none() {
        return Vec::new();
    }
    parse_items(&format!("{trade} {text}"))
}

/// An item told by name alone, in answer to our asking for items.
fn plain_item(piece: &str) -> Option<Item> {
    let words = piece.split_whitespace().count();
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    let sound = (1..=MAX_ITEM_WORDS).contains(&words) && letters >= 2;
    let normal = normalise(piece);
    let chats = cut_prefix("hold-on", piece).is_some()
        || is_in("reply-lead", &normal)
        || mentions("price-nouns", &normal)
        || mentions("not-a-name", &normal)
        || mentions("small-talk", &normal);
    (sound && !chats).then(|| Item {
        name: super::understand::naming::title_case(piece.trim()),
        price: None,
        note: None,
        photo: None,
    })
}

fn style(state: &mut Collecting, text: &str, found: &Found) -> Reply {
    if found.has_style() {
        return Reply::Settled;
    }
    let colour = state.step == Step::Colour;
    if state.brief.style.is_some() && (!colour || state.settled.contains(&Step::Colour)) {
        return Reply::Settled;
    }
    if found.is_telling() {
        return Reply::Stay;
    }
    // Words that no list knows, said again: they are kept, and the looks are ours to choose.
    let again = ["oops-style-1", "oops-colour-1"].map(Some);
    if again.contains(&state.talk.last_error.as_deref()) {
        let before = state.brief.style.take().map(|answer| answer.value).unwrap_or_default();
        state.brief.style = Some(Answer::new(before, cut(text)));
        state.settled.insert(Step::Colour);
        return Reply::Settled;
    }
    if colour {
        oops("oops-colour-1", "oops-colour-2")
    } else {
        oops("oops-style-1", "oops-style-2")
    }
}

fn contact(state: &mut Collecting, text: &str, found: &Found) -> Reply {
    let no_phone = found.absent.iter().any(|field| matches!(field, Field::Phone | Field::Contact));
    if no_phone {
        state.brief.contact.get_or_insert_with(|| Answer::new(Default::default(), ""));
        state.settled.insert(Step::Contact);
        return Reply::Settled;
    }
    if !found.absent.is_empty() && !found.has_contact() {
        return Reply::Stay;
    }
    if found.phone_error.is_none() && found.has_contact() {
        state.settled.insert(Step::Contact);
        return Reply::Settled;
    }
    if let Some(error) = found.phone_error {
        return phone_oops(error);
    }
    let rest = found.rest.join(", ");
    let words = rest.split_whitespace().count();
    if words >= MIN_ADDRESS_WORDS && rest.chars().any(|c| c.is_ascii_digit()) {
        let mut answer =
            state.brief.contact.take().unwrap_or_else(|| Answer::new(Default::default(), ""));
        answer.value.address = Some(cut(&rest));
        answer.said = cut(text);
        state.brief.contact = Some(answer);
        return Reply::Settled;
    }
    if found.is_telling() {
        return Reply::Stay;
    }
    oops("oops-contact-1", "oops-contact-2")
}

fn phone(state: &Collecting, found: &Found) -> Reply {
    let known = state.brief.contact.as_ref().is_some_and(|answer| answer.value.phone.is_some())
        || state.settled.contains(&Step::Phone);
    match found.phone_error {
        Some(error) if found.phone.is_none() => phone_oops(error),
        Some(_) | None if known => Reply::Settled,
        Some(_) | None if found.is_telling() => Reply::Stay,
        Some(_) | None => phone_oops(PhoneError::Missing),
    }
}

fn phone_oops(error: PhoneError) -> Reply {
    let [first, second] = phone_error(error);
    oops(first, second)
}

/// What is said about a number that is none.
pub(crate) const fn phone_error(error: PhoneError) -> [&'static str; 2] {
    match error {
        PhoneError::Missing => ["oops-phone-missing-1", "oops-phone-missing-2"],
        PhoneError::TooShort => ["oops-phone-short-1", "oops-phone-short-2"],
        PhoneError::TooLong => ["oops-phone-long-1", "oops-phone-long-2"],
        PhoneError::Unknown => ["oops-phone-unknown-1", "oops-phone-unknown-2"],
    }
}
