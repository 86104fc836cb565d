//! Opening hours of a live site: a whole week, or some days while the others stay.

use sitespark_core::brief::{Hours, HoursChange};
use sitespark_core::site::Edit;

use super::{Wish, one};
use crate::conversation::convert;
use crate::conversation::understand::words::{
    cut_prefix, has_figures, mentions, normalise, respelled, split_at_word,
};
use crate::conversation::understand::{hours_talk, segments};

/// Hours in the answer to what they are, or behind a word for them.
pub(super) fn told(text: &str) -> Option<Wish> {
    let alone = without_talk(text);
    let text = alone.as_deref().filter(|alone| parse(alone).is_some()).unwrap_or(text);
    part(text).or_else(|| more(text)).or_else(|| {
        let hours = parse(text)?;
        Some(one(Edit::SetHours { hours: Some(convert::hours(&hours)) }))
    })
}

/// "minggu tutup", "sabtu jadi 9-12", "sekarang tutup jam 9 malam": nothing but words of hours.
pub(super) fn stated(text: &str) -> Option<Wish> {
    // "senin tutup ya mulai minggu ini": since when does not count.
    let text = split_at_word("since-when", text).map_or(text, |(before, _)| before);
    let text = cut_prefix("since-when", text).unwrap_or(text);
    // "open at 2pm instead of 1pm": what it was does not count either, where nothing follows it.
    let text = split_at_word("old-hours", text)
        .filter(|(now, was)| has_figures(now) && is_clock_alone(was))
        .map_or(text, |(now, _)| now);
    hours_talk::is_about_hours(text).then(|| told(text)).flatten()
}

/// "1pm", "jam 9 ya kak": one time of the clock.
fn is_clock_alone(text: &str) -> bool {
    let plain = normalise(text);
    let times = plain.split(' ').filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    times.count() == 1
        && !mentions("days", &plain)
        && !mentions("closing-words", &plain)
        && !mentions("part-join", &plain)
        && hours_talk::is_about_hours(text)
}

/// "8 pagi sampai 11 malam tiap hari, capek jaga 24 jam": the hours without what is said of them.
fn without_talk(text: &str) -> Option<String> {
    let pieces = segments::split(text, false);
    let (first, behind) = pieces.split_first()?;
    if !hours_talk::is_about_hours(first) {
        return None;
    }
    let told = behind.iter().filter(|piece| hours_talk::is_about_hours(piece));
    Some([first].into_iter().chain(told).map(String::as_str).collect::<Vec<_>>().join(", "))
}

/// "we also open on Sundays now, 8am to 12pm": days beside those that are known.
fn more(text: &str) -> Option<Wish> {
    let plain = normalise(text);
    let besides = mentions("hours-besides", &plain) && mentions("days", &plain);
    let spans = parse(text).filter(|hours| besides && !hours.always)?.spans;
    let change = HoursChange { spans, ..HoursChange::default() };
    Some(one(Edit::ChangeHours { change: convert::hours_change(&change) }))
}

fn parse(text: &str) -> Option<Hours> {
    Hours::parse(&respelled(text)).or_else(|| Hours::parse(text))
}

/// Some days, or one end of the day; "cuma sabtu minggu 9-15" tells a whole week.
fn part(text: &str) -> Option<Wish> {
    let change = HoursChange::parse(&respelled(text)).or_else(|| HoursChange::parse(text))?;
    let only = mentions("hours-only", &normalise(text)) && !change.spans.is_empty();
    (!only).then(|| one(Edit::ChangeHours { change: convert::hours_change(&change) }))
}
