//! The business in a piece, and for whom it is.

use sitespark_core::brief::{Answer, Trade};

use super::Found;
use super::parts::named_features;
use crate::conversation::state::Step;
use crate::conversation::understand::naming::{Business, business};
use crate::conversation::understand::towns::cut_city;
use crate::conversation::understand::words::{
    canonical, cut_all, cut_end, cut_prefix, is_in, knows, mentions, normalise, split_at_word,
};

pub(super) fn take_audience(told: &str, said: &str, asked: Option<Step>, found: &mut Found) {
    let told = cut_all("audience-label", told);
    let behind = cut_all("audience-filler", told);
    let told = if normalise(behind).is_empty() { told } else { cut_all("audience-label", behind) };
    let (told, city) = if asked.is_none() { cut_city(told) } else { (told, None) };
    found.city = found.city.take().or(city);
    let told = cut_end("audience-tail", cut_end("name-tail", told));
    found.audience = Some(Answer::new(told.to_owned(), said));
}

/// Most words of customers that are told behind a comma.
const MAX_MORE_WORDS: usize = 6;

/// "gudang", "dan perkantoran" behind "sasaran kami pabrik": more of the same customers.
pub(super) fn add_audience(piece: &str, found: &mut Found) -> bool {
    let words = piece.split_whitespace().count();
    let normal = normalise(piece);
    let plain = !piece.chars().any(|c| c.is_ascii_digit())
        && (1..=MAX_MORE_WORDS).contains(&words)
        && named_features(&normal).is_empty()
        && !["site-words", "days", "street-words", "request"]
            .iter()
            .any(|list| is_in(list, normal.split(' ').next().unwrap_or("")));
    let Some(audience) = found.audience.as_mut().filter(|_| plain) else { return false };
    let more = cut_end("audience-tail", cut_end("name-tail", piece));
    audience.value = format!("{}, {more}", audience.value);
    true
}

/// Whether words are nothing but those around a yes.
pub(super) fn says_nobody(told: &str) -> bool {
    let plain = canonical(&normalise(told));
    let filler = |word: &str| {
        ["courtesy", "agree", "agree-more", "enough"].iter().any(|list| knows(list, word))
    };
    plain.split(' ').all(filler) && plain != "semua"
}

/// Whether a piece names a line of business or a shop: "anak bangsa laundry".
pub(super) fn is_trade(piece: &str) -> bool {
    let normal = normalise(piece);
    Trade::parse(piece).is_some() || normal.split(' ').any(|word| is_in("shop-words", word))
}

/// "orang yang mau renovasi": who the customers are, told after that was asked.
pub(super) fn take_people(piece: &str, found: &mut Found) -> bool {
    // "orang bisa langsung wa" wishes for a part of the site.
    let rest =
        cut_prefix("people-lead", piece).filter(|rest| cut_prefix("people-not", rest).is_none());
    let told =
        rest.is_some_and(|rest| !normalise(rest).is_empty() || normalise(piece).contains(' '));
    if told {
        let whom = cut_end("audience-tail", cut_end("name-tail", piece));
        found.audience = Some(Answer::new(whom.to_owned(), piece));
    }
    told
}

/// Most words of customers that stand behind a line of business.
pub(super) const MAX_AUDIENCE_WORDS: usize = 5;

/// "a vet clinic in Sanur for expat pet owners": the business, and for whom it is.
pub(super) fn for_whom(piece: &str) -> Option<(&str, &str)> {
    let (before, whom) = split_at_word("audience-for", piece)?;
    let few = whom.split_whitespace().count() <= MAX_AUDIENCE_WORDS;
    let people = mentions("people-words", &normalise(whom));
    let known = Trade::parse(before).is_some() && Trade::parse(whom).is_none();
    (few && people && known).then_some((before, whom))
}

pub(super) fn take_business(piece: &str, found: &mut Found) -> bool {
    let piece = match for_whom(piece) {
        Some((before, whom)) if found.audience.is_none() => {
            let (whom, city) = cut_city(whom);
            found.city = found.city.take().or(city);
            let told = cut_end("audience-tail", cut_end("name-tail", whom));
            found.audience = Some(Answer::new(told.to_owned(), piece));
            before
        }
        Some(_) | None => piece,
    };
    let Business { trade, name, city } = business(piece);
    let taken = trade.is_some() || name.is_some();
    found.trade = found.trade.take().or(trade);
    found.name = found.name.take().or(name);
    found.city = found.city.take().or(city);
    taken
}

/// Whether one piece stands behind another's comma.
pub(super) fn goes_on(text: &str, before: &str, piece: &str) -> bool {
    text.contains(&format!("{before}, {piece}")) || text.contains(&format!("{before},{piece}"))
}
