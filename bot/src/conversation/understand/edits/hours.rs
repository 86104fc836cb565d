//! Opening hours of a live site: a whole week, or some days while the others stay.

use sitespark_core::brief::{Hours, HoursChange};
use sitespark_core::site::Edit;

use super::{Wish, one};
use crate::conversation::convert;
use crate::conversation::understand::hours_talk;
use crate::conversation::understand::words::{mentions, normalise, respelled, split_at_word};

/// Hours in the answer to what they are, or behind a word for them.
pub(super) fn told(text: &str) -> Option<Wish> {
    part(text).or_else(|| {
        let hours = parse(text)?;
        Some(one(Edit::SetHours { hours: Some(convert::hours(&hours)) }))
    })
}

/// "minggu tutup", "sabtu jadi 9-12", "sekarang tutup jam 9 malam": nothing but words of hours.
pub(super) fn stated(text: &str) -> Option<Wish> {
    // "senin tutup ya mulai minggu ini": since when does not count.
    let text = split_at_word("since-when", text).map_or(text, |(before, _)| before);
    hours_talk::is_about_hours(text).then(|| told(text)).flatten()
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
