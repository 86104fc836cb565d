//! Opening hours among the pieces of a message.

use sitespark_core::brief::{Hours, HoursChange};

use super::is_price_list;
use crate::conversation::state::Step;
use crate::conversation::understand::hours_talk;
use crate::conversation::understand::words::{
    cut_all, cut_prefix, is_in, mentions, normalise, respelled,
};

/// Hours at the front of the pieces, and how many pieces they take ("senin-jumat 8-17, sabtu 9-12").
pub(super) fn hours_from(pieces: &[String], asked: Option<Step>) -> Option<(Hours, usize)> {
    // "o ya jadwalnya selasa sampai minggu jam 7"
    let raw = pieces.first()?;
    // "Min-Kam 10-22" begins with a day.
    let bare = if begins_with_day(&normalise(raw)) { raw } else { cut_all("interjection", raw) };
    let first = &bare.to_owned();
    // "the lesson is Tuesday until Saturday | 1pm to 7pm"
    let clock = |next: &String| begins_as_hours(&normalise(next)) && read_hours(next).is_some();
    let behind = pieces.get(1).filter(|next| clock(next)).and_then(|_| days_behind(first));
    // "latihan selasa sampai jumat jam 15.00-18.00": what is done then stands before.
    let led = hours_behind(first).filter(|_| asked != Some(Step::Items));
    let first = behind.as_ref().or(led.as_ref()).unwrap_or(first);
    let normal = normalise(first);
    let labelled = cut_prefix("hours-label", first).is_some()
        || begins_with_day(&normal)
        || mentions("round-the-clock", &normal)
        || closes_on_days(first) && asked != Some(Step::Name);
    let wanted = asked == Some(Step::Contact) && !mentions("address-words", &normal)
        || is_hours_only(&normal);
    if !(labelled || wanted) || is_price_list(first) {
        return None;
    }
    let mut joined = first.clone();
    let mut used = 1;
    let mut hours = read_hours(&joined);
    // "buka Rab, Kam 8-12": days stand before the comma, their hours behind it.
    while hours.is_none()
        && (behind.is_some() && used == 1
            || days_only(&pieces[used - 1])
            || closes_on_days(&pieces[used - 1]))
    {
        // "setiap hari kecuali jumat, dari jam 8": "dari" leads to the clock.
        let begins = |next: &&String| {
            let normal = normalise(next);
            begins_as_hours(normal.strip_prefix("dari ").unwrap_or(&normal))
        };
        let next = pieces.get(used).filter(begins)?;
        joined = format!("{joined}, {next}");
        hours = read_hours(&joined);
        used += 1;
    }
    let mut hours = hours?;
    for piece in &pieces[used..] {
        let longer = format!("{joined}, {piece}");
        // "cuma hari jumat ada istirahat 11.30-13.30"
        let normal = normalise(cut_all("hours-lead", piece));
        let more = is_in("hours-more", normal.split(' ').next().unwrap_or(""));
        // "kecuali jumat | buka jam 1 siang": the days stand before.
        let day = normalise(&joined).rsplit(' ').next().is_some_and(|word| is_in("days", word));
        // "pagi jam 5-11, sore jam 3-9 malam, tiap hari"
        let goes_on = begins_with_day(&normal) || more || is_hours_only(&normal);
        if !(goes_on || day && begins_as_hours(&normal)) {
            break;
        }
        let Some(more) = read_hours(&longer) else { break };
        (joined, hours, used) = (longer, more, used + 1);
    }
    Some((hours, used))
}

/// The hours behind one or two words for what is done then.
fn hours_behind(piece: &str) -> Option<String> {
    let mut at = 0;
    for word in piece.split_inclusive(char::is_whitespace).take(MAX_HOURS_LEAD_WORDS) {
        let plain = normalise(word);
        if at > 0 && is_in("days", &plain) {
            let hours = &piece[at..];
            let sound = hours_talk::is_about_hours(hours) && read_hours(hours).is_some();
            return sound.then(|| hours.to_owned());
        }
        if !is_in("hours-activity", &plain) {
            return None;
        }
        at += word.len();
    }
    None
}

/// Most words before hours that say what is done then, with the first of the hours.
const MAX_HOURS_LEAD_WORDS: usize = 3;
/// Most words before the days that a sentence ends with.
const MAX_DAY_LEAD_WORDS: usize = 4;

/// "the lesson is Tuesday until Saturday": the days at the end of a few words.
fn days_behind(piece: &str) -> Option<String> {
    let normal = normalise(piece);
    let words: Vec<&str> = normal.split(' ').collect();
    let day = |word: &&str| is_in("days", word) || is_in("day-joins", word);
    let at = words.iter().position(|word| is_in("days", word))?;
    // "open every day except Monday" tells more than Monday.
    let plain = !mentions("hours-more", &normal) && !mentions("day-limits", &normal);
    let fits = plain
        && cut_prefix("hours-label", piece).is_none()
        && (1..=MAX_DAY_LEAD_WORDS).contains(&at)
        && words[at..].iter().all(day)
        && words[..at].iter().all(|word| is_in("hours-activity", word));
    fits.then(|| words[at..].join(" "))
}

pub(super) fn read_hours(text: &str) -> Option<Hours> {
    Hours::parse(&respelled(text)).or_else(|| Hours::parse(text))
}

pub(super) fn read_change(text: &str) -> Option<HoursChange> {
    HoursChange::parse(&respelled(text)).or_else(|| HoursChange::parse(text))
}

/// "minggu tutup", "istirahat jam 12-1": nothing but words of hours, and no week of its own.
pub(super) fn week_part(piece: &str, asked: Option<Step>) -> Option<HoursChange> {
    let speaks = asked != Some(Step::Name) && hours_talk::is_about_hours(piece);
    speaks.then(|| read_change(piece)).flatten()
}

/// Days and nothing else, perhaps behind "buka".
pub(super) fn days_only(piece: &str) -> bool {
    let told = cut_all("interjection", piece);
    let told = cut_prefix("hours-label", told).unwrap_or(told);
    let normal = normalise(told);
    let day = |word: &str| is_in("days", word) || word == SHORT_SUNDAY || is_in("day-joins", word);
    // "every day except Monday"
    let beside = |word: &str| is_in("courtesy", word) || is_in("day-except", word);
    !normal.is_empty()
        && normal.split(' ').any(day)
        && normal.split(' ').all(|word| day(word) || beside(word))
}

/// "we're closed on mondays", "tutup hari senin": the hours themselves follow.
pub(super) fn closes_on_days(piece: &str) -> bool {
    let normal = normalise(piece);
    mentions("closing-words", &normal) && mentions("days", &normal)
}

/// A day, a time of the clock, or a word before them.
pub(super) fn begins_as_hours(normal: &str) -> bool {
    let first = normal.split(' ').next().unwrap_or("");
    let clock = first.starts_with(|c: char| c.is_ascii_digit()) && normal.split(' ').count() > 1;
    begins_with_day(normal)
        || clock
        || is_in("clock-lead", first)
        || is_in("hours-label", first)
        || is_in("hours-more", first)
}

/// "Min" is Sunday among hours, and how people call us anywhere else.
pub(super) const SHORT_SUNDAY: &str = "min";

/// Fewest words of hours that are told whatever was asked.
pub(super) const MIN_HOURS_WORDS: usize = 2;

/// "9am till 6pm mon to sat": nothing but days and times of the clock, wherever it is said.
pub(super) fn is_hours_only(normal: &str) -> bool {
    let words: Vec<&str> = normal.split(' ').collect();
    let clock = |word: &str| {
        let figures = word.bytes().take_while(u8::is_ascii_digit).count();
        (1..=4).contains(&figures)
            && (figures == word.len() || is_in("clock-words", &word[figures..]))
    };
    let part = |word: &&str| clock(word) || is_in("clock-words", word) || is_in("days", word);
    let dated = words.iter().any(|word| is_in("days", word) || is_in("clock-parts", word));
    words.len() >= MIN_HOURS_WORDS && dated && words.iter().all(part)
}

pub(super) fn begins_with_day(normal: &str) -> bool {
    let first = normal.split(' ').next();
    let sunday = first == Some(SHORT_SUNDAY) && normal.bytes().any(|b| b.is_ascii_digit());
    sunday || first.is_some_and(|word| is_in("days", word))
}
