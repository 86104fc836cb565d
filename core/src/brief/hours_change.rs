//! What is said about some days of the week while the others stay as they are: "minggu tutup",
//! "sabtu 9-12", "istirahat jam 12-1", "sekarang tutup jam 9 malam".

use super::hours::{ALL_DAYS, DAY_MIN, Hours, OpenSpan};
use super::hours_words::{OneSide, Side, clauses, days_open, one_side};

/// Most days whose hours are told beside the others; more are a new week.
const MOST_DAYS: usize = 2;

/// A change of opening hours. What it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HoursChange {
    /// Days with hours of their own from now on.
    pub spans: Vec<OpenSpan>,
    /// Days that are closed from now on, ISO weekdays.
    pub closed: Vec<u8>,
    /// Days on which it is open as on the others.
    pub usual: Vec<u8>,
    /// Breaks, each on its days.
    pub breaks: Vec<OpenSpan>,
    /// It opens at this minute, on `days`.
    pub opens_min: Option<u16>,
    /// It closes at this minute, on `days`.
    pub closes_min: Option<u16>,
    /// The days of another opening or closing time.
    pub days: Vec<u8>,
}

impl HoursChange {
    /// The change a text tells; `None` where it tells the hours of a whole week, or nothing sure.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(side) = one_side(text) {
            return Some(Self::of_one_side(side));
        }
        let usual = days_open(text);
        if !usual.is_empty() {
            return Some(Self { usual, ..Self::default() });
        }
        let mut change = Self::default();
        for clause in clauses(text) {
            let days = clause.said_days();
            if clause.is_break {
                let days = days.unwrap_or_else(|| ALL_DAYS.to_vec());
                change.breaks.extend(clause.pauses(&days)?);
            } else if clause.is_closed() {
                change.closed.extend(days?);
            } else {
                change.spans.extend(clause.spans(&days?)?);
            }
        }
        let mut named: Vec<u8> = change.spans.iter().flat_map(|span| span.days.clone()).collect();
        named.sort_unstable();
        named.dedup();
        let week = change.closed.len() + named.len() > MOST_DAYS && !named.is_empty()
            || change.closed.len() >= ALL_DAYS.len();
        let told = !named.is_empty() || !change.closed.is_empty() || !change.breaks.is_empty();
        let mixed = !change.breaks.is_empty() && !named.is_empty();
        (told && !week && !mixed).then_some(change)
    }

    fn of_one_side(side: OneSide) -> Self {
        let days = if side.days.is_empty() { ALL_DAYS.to_vec() } else { side.days };
        let named = days.len() < ALL_DAYS.len();
        let (opens_min, closes_min) = match side.side {
            Side::Opens => (Some(side.clock.opening_min()), None),
            Side::Closes => (None, Some(side.clock.closing_min(named))),
        };
        Self { opens_min, closes_min, days, ..Self::default() }
    }

    /// The hours after the change; `None` when nothing is known that it could change, or no hours
    /// are left.
    pub fn applied_to(&self, known: Option<&Hours>) -> Option<Hours> {
        let mut week = Week::of(known);
        let usual = week.usual();
        for day in &self.usual {
            week.set(*day, usual.clone()?);
        }
        let mut fresh = Vec::new();
        for span in &self.spans {
            for day in &span.days {
                if !fresh.contains(day) {
                    week.set(*day, Vec::new());
                    fresh.push(*day);
                }
                week.day(*day)?.push((span.opens_min, span.closes_min));
            }
        }
        for day in &self.closed {
            week.set(*day, Vec::new());
        }
        for day in &self.days {
            let times = week.day(*day)?;
            if let (Some(opens), Some(first)) = (self.opens_min, times.first_mut()) {
                first.0 = opens;
            }
            if let (Some(closes), Some(last)) = (self.closes_min, times.last_mut()) {
                last.1 = closes;
            }
        }
        let hours = Hours::of_spans(week.spans());
        let broken = self.breaks.iter().fold(hours, |hours, pause| hours.with_break(pause));
        (broken.always || !broken.spans.is_empty()).then_some(broken)
    }
}

/// The times of each day, Monday first.
struct Week([Vec<(u16, u16)>; 7]);

impl Week {
    fn of(known: Option<&Hours>) -> Self {
        let mut week = Self(Default::default());
        let Some(known) = known else { return week };
        if known.always {
            return Self(std::array::from_fn(|_| vec![(0, DAY_MIN)]));
        }
        for span in &known.spans {
            for day in &span.days {
                if let Some(times) = week.day(*day) {
                    times.push((span.opens_min, span.closes_min));
                }
            }
        }
        for times in &mut week.0 {
            times.sort_unstable();
        }
        week
    }

    fn day(&mut self, day: u8) -> Option<&mut Vec<(u16, u16)>> {
        self.0.get_mut(usize::from(day).checked_sub(1)?)
    }

    fn set(&mut self, day: u8, times: Vec<(u16, u16)>) {
        if let Some(slot) = self.day(day) {
            *slot = times;
        }
    }

    /// The times most days have.
    fn usual(&self) -> Option<Vec<(u16, u16)>> {
        let count = |times: &Vec<(u16, u16)>| self.0.iter().filter(|day| *day == times).count();
        let open = self.0.iter().rev().filter(|times| !times.is_empty());
        open.max_by_key(|times| count(times)).cloned()
    }

    fn spans(&self) -> Vec<OpenSpan> {
        let mut spans: Vec<OpenSpan> = Vec::new();
        for (day, times) in (1..).zip(&self.0) {
            for (opens_min, closes_min) in times {
                let same = |span: &&mut OpenSpan| {
                    (span.opens_min, span.closes_min) == (*opens_min, *closes_min)
                };
                match spans.iter_mut().find(same) {
                    Some(span) if span.days.last() != Some(&day) => span.days.push(day),
                    Some(_) => {}
                    None => spans.push(OpenSpan {
                        days: vec![day],
                        opens_min: *opens_min,
                        closes_min: *closes_min,
                    }),
                }
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::brief::hours::tests::listed;

    fn changed(known: &str, text: &str) -> String {
        let known = Hours::parse(known);
        let Some(change) = HoursChange::parse(text) else { return "no change".into() };
        listed(change.applied_to(known.as_ref()))
    }

    #[rstest]
    #[case("minggu tutup", "123456 08:00-17:00")]
    #[case("libur tiap senin", "234567 08:00-17:00")]
    #[case("sabtu minggu libur", "12345 08:00-17:00")]
    #[case("minggu buka jam 8 sampai jam 12 siang", "123456 08:00-17:00, 7 08:00-12:00")]
    #[case("hari sabtu jadi 09.00 - 13.00", "123457 08:00-17:00, 6 09:00-13:00")]
    #[case("istirahat jam 12 sampai jam 1", "1234567 08:00-12:00, 1234567 13:00-17:00")]
    #[case("jumat istirahat 11.30-13.00", "123467 08:00-17:00, 5 08:00-11:30, 5 13:00-17:00")]
    #[case("sekarang tutup jam 9 malam", "1234567 08:00-21:00")]
    #[case("tutupnya jam 10", "1234567 08:00-22:00")]
    #[case("kita buka mulai jam 7 pagi", "1234567 07:00-17:00")]
    #[case("jumat tutup jam 11", "123467 08:00-17:00, 5 08:00-11:00")]
    #[case("close at midnight on fridays", "123467 08:00-17:00, 5 08:00-24:00")]
    #[case("we close at 8pm on saturdays", "123457 08:00-17:00, 6 08:00-20:00")]
    #[case("senin-jumat 9-15", "no change")]
    #[case("buka jam 9-17", "no change")]
    #[case("jumat tutup, sabtu 9-12", "12347 08:00-17:00, 6 09:00-12:00")]
    fn other_days_stay(#[case] text: &str, #[case] hours: &str) {
        assert_eq!(changed("tiap hari 8-17", text), hours);
    }

    #[test]
    fn a_day_may_be_as_the_others() {
        let known = Hours::parse("senin-sabtu 8-17");
        let change = HoursChange::parse("sekarang minggu juga buka").expect("a change");
        let hours = change.applied_to(known.as_ref()).expect("known");
        assert_eq!(hours.spans.len(), 1);
        assert_eq!(hours.spans[0].days, ALL_DAYS);
        assert_eq!(change.applied_to(None), None);
    }

    #[test]
    fn what_is_open_day_and_night_may_close() {
        assert_eq!(changed("24 jam", "minggu tutup"), "123456 00:00-24:00");
    }
}
