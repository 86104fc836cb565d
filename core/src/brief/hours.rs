//! Opening hours.
//!
//! Reads clauses such as "senin-jumat 8-5", "jumat istirahat 11.30-13" and "minggu libur".

use super::hours_tokens::Clock;
use super::hours_words::{Clause, clauses};

/// Minutes of a day.
pub(super) const DAY_MIN: u16 = 1_440;
/// Shortest working day that two bare hours may mean: "7-9" could be the evening too.
const MIN_BARE_SPAN_MIN: u16 = 180;
/// Every weekday.
pub(super) const ALL_DAYS: [u8; 7] = [1, 2, 3, 4, 5, 6, 7];

/// When a business is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Day and night, every day; `spans` is empty then.
    pub always: bool,
    /// Spans in the order said.
    pub spans: Vec<OpenSpan>,
}

/// The same hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSpan {
    /// ISO weekdays, 1 is Monday; ascending, without repeats.
    pub days: Vec<u8>,
    /// Minutes after midnight, 0 to 1439.
    pub opens_min: u16,
    /// Minutes after midnight, 0 to 1440; less than `opens_min` when it closes after midnight.
    pub closes_min: u16,
}

impl Hours {
    /// The hours a text tells. Hours without days are every day's. `None` when no opening time is
    /// told or one can be read two ways.
    pub fn parse(text: &str) -> Option<Self> {
        let mut spans: Vec<OpenSpan> = Vec::new();
        let mut last_days: Option<Vec<u8>> = None;
        let mut closed: Vec<u8> = Vec::new();
        let mut breaks: Vec<OpenSpan> = Vec::new();
        let clauses = clauses(text);
        for (at, clause) in clauses.iter().enumerate() {
            let said = clause.said_days();
            if clause.is_break {
                breaks.extend(clause.pauses(&said.unwrap_or_else(|| ALL_DAYS.to_vec()))?);
                continue;
            }
            if clause.is_closed() {
                closed.extend(said.unwrap_or_default());
                continue;
            }
            // "7-11am and 3-6pm every day except Friday": told once, behind all times.
            let behind = || {
                let next = clauses.get(at + 1)?;
                next.said_days().filter(|_| next.days_behind && !next.times.is_empty())
            };
            let days = said.or(last_days.clone()).or_else(behind);
            let days = days.unwrap_or_else(|| ALL_DAYS.to_vec());
            for span in clause.spans(&days)? {
                put(&mut spans, span);
            }
            last_days = Some(days);
        }
        for pause in &breaks {
            spans = Self { always: false, spans }.with_break(pause).spans;
        }
        close_days(&mut spans, &closed);
        let hours = Self::of_spans(spans);
        (hours.always || !hours.spans.is_empty()).then_some(hours)
    }

    /// Spans without empty ones; every hour of the week is "always".
    pub(super) fn of_spans(mut spans: Vec<OpenSpan>) -> Self {
        spans.retain(|span| !span.days.is_empty());
        let always = matches!(&spans[..], [only] if only.days == ALL_DAYS && only.is_whole_day());
        Self { always, spans: if always { Vec::new() } else { spans } }
    }

    /// The same with a break.
    pub(super) fn with_break(self, pause: &OpenSpan) -> Self {
        let (days, from, to) = (&pause.days, pause.opens_min, pause.closes_min);
        let spans = self.spans.into_iter().flat_map(|span| span.without(days, from, to));
        Self { always: self.always, spans: spans.collect() }
    }
}

impl OpenSpan {
    fn is_whole_day(&self) -> bool {
        self.opens_min == 0 && self.closes_min == DAY_MIN
    }

    fn overlaps(&self, other: &Self) -> bool {
        let end = |span: &Self| match span.closes_min {
            closes if closes <= span.opens_min => closes + DAY_MIN,
            closes => closes,
        };
        self.opens_min < end(other) && other.opens_min < end(self)
    }

    /// This span with a break from `from` to `to` on `days`.
    fn without(self, days: &[u8], from: u16, to: u16) -> Vec<Self> {
        let (on, off): (Vec<u8>, Vec<u8>) = self.days.iter().partition(|day| days.contains(day));
        let inside = self.opens_min < from && to < self.closes_min;
        if on.is_empty() || !inside {
            return vec![self];
        }
        let rest = (!off.is_empty()).then(|| Self { days: off, ..self.clone() });
        let before = Self { days: on.clone(), opens_min: self.opens_min, closes_min: from };
        let after = Self { days: on, opens_min: to, closes_min: self.closes_min };
        rest.into_iter().chain([before, after]).collect()
    }
}

impl Clause {
    pub(super) fn is_closed(&self) -> bool {
        self.closed && self.times.is_empty() && !self.whole_day
    }

    pub(super) fn said_days(&self) -> Option<Vec<u8>> {
        let mut days = self.days.clone();
        if days.is_empty() && !self.except.is_empty() {
            days = ALL_DAYS.to_vec();
        }
        days.retain(|day| !self.except.contains(day));
        days.sort_unstable();
        days.dedup();
        (!days.is_empty()).then_some(days)
    }

    /// Its times as breaks on these days.
    pub(super) fn pauses(&self, days: &[u8]) -> Option<Vec<OpenSpan>> {
        let pause = |(opens, closes): &(Clock, Clock)| {
            let (opens_min, closes_min) = break_min(*opens, *closes)?;
            Some(OpenSpan { days: days.to_vec(), opens_min, closes_min })
        };
        self.times.iter().map(pause).collect()
    }

    pub(super) fn spans(&self, days: &[u8]) -> Option<Vec<OpenSpan>> {
        let span = |opens_min, closes_min| OpenSpan { days: days.to_vec(), opens_min, closes_min };
        if self.whole_day {
            return Some(vec![span(0, DAY_MIN)]);
        }
        let read = |(opens, closes): &(Clock, Clock)| {
            open_min(*opens, *closes).map(|(opens, closes)| span(opens, closes))
        };
        self.times.iter().map(read).collect()
    }
}

/// Adds a span; where a later clause speaks of the same day and time, the later one holds.
fn put(spans: &mut Vec<OpenSpan>, span: OpenSpan) {
    for earlier in spans.iter_mut().filter(|earlier| earlier.overlaps(&span)) {
        earlier.days.retain(|day| !span.days.contains(day));
    }
    let same = |earlier: &&mut OpenSpan| {
        (earlier.opens_min, earlier.closes_min) == (span.opens_min, span.closes_min)
    };
    match spans.iter_mut().find(same) {
        Some(earlier) => {
            earlier.days.extend(&span.days);
            earlier.days.sort_unstable();
        }
        None => spans.push(span),
    }
}

fn close_days(spans: &mut [OpenSpan], days: &[u8]) {
    for span in spans {
        span.days.retain(|day| !days.contains(day));
    }
}

/// Opening and closing minutes of "8-5", "10 - 9 malam", "18.00-02.00".
fn open_min(opens: Clock, closes: Clock) -> Option<(u16, u16)> {
    let mut from = opens.known_min().unwrap_or(opens.written_min()) % DAY_MIN;
    let mut to = closes.known_min().unwrap_or(closes.written_min());
    let from_is_open = opens.is_bare() && opens.hour <= 12;
    let to_is_open = closes.is_bare() && closes.hour <= 12;
    if from_is_open && !to_is_open && opens.hour <= 6 && closes.has_period() && from + 720 < to {
        // "5-10 malam" begins in the evening, "9-5pm" in the morning.
        from += 720;
    }
    if to_is_open && to <= from && from < 720 {
        to += 720;
    }
    if to_is_open && from >= 720 && to <= 720 && to + 720 > from {
        to += 720;
    }
    if to == 0 {
        to = DAY_MIN;
    }
    let both_vague = from_is_open && to_is_open && opens.is_terse() && closes.is_terse();
    let small_hours = (1..=5).contains(&opens.hour);
    if both_vague && (small_hours || to.saturating_sub(from) < MIN_BARE_SPAN_MIN) {
        return None;
    }
    (from != to).then_some((from, to))
}

/// A break: short, and in the middle of the day.
fn break_min(opens: Clock, closes: Clock) -> Option<(u16, u16)> {
    let noonward = |clock: Clock| match clock.known_min() {
        Some(min) => min,
        None if clock.is_bare() && clock.hour <= 6 => clock.written_min() + 720,
        None => clock.written_min(),
    };
    let (from, to) = (noonward(opens), noonward(closes));
    (from < to).then_some((from, to))
}

#[cfg(test)]
pub(crate) mod tests {
    use rstest::rstest;

    use super::*;

    fn shown(text: &str) -> String {
        listed(Hours::parse(text))
    }

    /// Hours as the tables of cases write them.
    pub(crate) fn listed(hours: Option<Hours>) -> String {
        let Some(hours) = hours else { return "none".into() };
        if hours.always {
            return "always".into();
        }
        let clock = |min: u16| format!("{:02}:{:02}", min / 60, min % 60);
        let span = |span: &OpenSpan| {
            let days: String = span.days.iter().map(u8::to_string).collect();
            format!("{days} {}-{}", clock(span.opens_min), clock(span.closes_min))
        };
        hours.spans.iter().map(span).collect::<Vec<_>>().join(", ")
    }

    #[rstest]
    #[case("senin-jumat 8-5", "12345 08:00-17:00")]
    #[case(
        "senin-jumat 8-5, jumat istirahat 11.30-13",
        "1234 08:00-17:00, 5 08:00-11:30, 5 13:00-17:00"
    )]
    #[case(
        "senin-sabtu 8-17, jumat tutup 11.30-13.00",
        "12346 08:00-17:00, 5 08:00-11:30, 5 13:00-17:00"
    )]
    #[case(
        "setiap hari 08.00-20.00, istirahat sholat jumat 11.30-13.00",
        "123467 08:00-20:00, 5 08:00-11:30, 5 13:00-20:00"
    )]
    #[case(
        "buka 8-17 wita, jumatan 11.30-13.00",
        "123467 08:00-17:00, 5 08:00-11:30, 5 13:00-17:00"
    )]
    #[case("istirahat 12-13, buka senin-jumat 08.00-16.00", "12345 08:00-12:00, 12345 13:00-16:00")]
    #[case("tiap hari 07.00-21.00", "1234567 07:00-21:00")]
    #[case("Noon to 10pm, closed on Tuesdays", "134567 12:00-22:00")]
    #[case("setiap hari jam 7 pagi sampai jam 9 malam", "1234567 07:00-21:00")]
    #[case("Open noon till 9pm, closed Mondays", "234567 12:00-21:00")]
    #[case("Sat and Sun 8am-noon", "67 08:00-12:00")]
    #[case(
        "9am-12pm and 1pm-6pm, closed Sunday and Monday",
        "23456 09:00-12:00, 23456 13:00-18:00"
    )]
    #[case("9-17, libur jumat dan sabtu", "12347 09:00-17:00")]
    #[case("closed monday, tuesday to sunday 9am-5pm", "234567 09:00-17:00")]
    #[case("Mon to Fri 7am-7pm, Sat and Sun 8am-noon", "12345 07:00-19:00, 67 08:00-12:00")]
    #[case("10 noon until midnight", "1234567 10:00-24:00")]
    #[case(
        "jam 7 pagi sampai 10 malam, khusus minggu mulai jam 9 pagi",
        "123456 07:00-22:00, 7 09:00-22:00"
    )]
    #[case("tiap hari 8-17, tapi sabtu cuma 8-12", "123457 08:00-17:00, 6 08:00-12:00")]
    #[case(
        "senin-sabtu jam 8-12 terus 13-16, minggu libur",
        "123456 08:00-12:00, 123456 13:00-16:00"
    )]
    #[case(
        "setiap hari 08.00–19.00, kecuali hari Kamis hanya 08.00–15.00",
        "123567 08:00-19:00, 4 08:00-15:00"
    )]
    #[case(
        "pagi jam 5-11, sore jam 3-9 malam, tiap hari",
        "1234567 05:00-11:00, 1234567 15:00-21:00"
    )]
    #[case("jam 4 sore sampai setengah 12 malam", "1234567 16:00-23:30")]
    #[case("buka dua puluh empat jam", "always")]
    #[case("buka 24 jam", "always")]
    #[case("24/7", "always")]
    #[case("senin - jumat 24 jam", "12345 00:00-24:00")]
    #[case("sen-sab 9 pagi - 8 malam, minggu libur", "123456 09:00-20:00")]
    #[case("mon-fri 9am-5pm", "12345 09:00-17:00")]
    #[case("Mon to Sat, 10am to 8pm", "123456 10:00-20:00")]
    #[case("jam 10 sampai jam 9 malam", "1234567 10:00-21:00")]
    #[case("buka jam 8 tutup jam 5 sore", "1234567 08:00-17:00")]
    #[case("Senin, Rabu, Jumat 09.00 - 17.00 WIB", "135 09:00-17:00")]
    #[case("senin s/d sabtu 08:00-16:00", "123456 08:00-16:00")]
    #[case("sabtu-minggu 9-3", "67 09:00-15:00")]
    #[case("weekday 10-22, weekend 9-23", "12345 10:00-22:00, 67 09:00-23:00")]
    #[case("selasa sampai minggu 16.00-23.00", "234567 16:00-23:00")]
    #[case("jumat - senin 10.00-17.00", "1567 10:00-17:00")]
    #[case("setiap hari kecuali minggu 8-5", "123456 08:00-17:00")]
    #[case(
        "setiap hari kecuali jumat, dari jam delapan pagi sampai jam enam sore",
        "123467 08:00-18:00"
    )]
    #[case("bukak jam 8 pagi sampai jam 10 malam, hari kamih tutuik", "123567 08:00-22:00")]
    #[case("jam 8 pagi - 5 sore, redite (minggu) libur", "123456 08:00-17:00")]
    #[case("eight in the morning to eight at night", "1234567 08:00-20:00")]
    #[case("nine to five", "1234567 09:00-17:00")]
    #[case(
        "open 7-11am and 3-6pm every day except Friday",
        "123467 07:00-11:00, 123467 15:00-18:00"
    )]
    #[case("buka 8-17, senin-sabtu", "123456 08:00-17:00")]
    #[case("open 7 morning until 9 night", "1234567 07:00-21:00")]
    #[case("8 in the morning to 6 in the evening, Mon-Sat", "123456 08:00-18:00")]
    #[case("buka ti jam 10 pagi sampai kakak jam 8 malam", "1234567 10:00-20:00")]
    #[case("jam 8 sampai kira kira jam 5 sore", "1234567 08:00-17:00")]
    #[case("setiap hari 08.00-17.00 kecuali hari jumat", "123467 08:00-17:00")]
    #[case("18.00-02.00", "1234567 18:00-02:00")]
    #[case("10-21 senin libur", "234567 10:00-21:00")]
    #[case("jam 8-17 minggu tutup", "123456 08:00-17:00")]
    #[case(
        "senin-sabtu 10.00-20.00, kecuali jumat 14.00-20.00",
        "12346 10:00-20:00, 5 14:00-20:00"
    )]
    #[case("jam 7 pagi sampai setengah 6 sore kecuali jumat tutup", "123467 07:00-17:30")]
    #[case(
        "selasa sampai minggu dari jam setengah sembilan pagi sampai jam delapan malam",
        "234567 08:30-20:00"
    )]
    #[case("jam sembilan pagi sampai dua belas malam", "1234567 09:00-24:00")]
    #[case("5 sore - 12 malam", "1234567 17:00-24:00")]
    #[case("5-10 malam", "1234567 17:00-22:00")]
    #[case("10.00-00.00", "1234567 10:00-24:00")]
    #[case("senin-jumat 8-12, 13-17", "12345 08:00-12:00, 12345 13:00-17:00")]
    #[case("Sen-Jum 8-5 Sab 8-12", "12345 08:00-17:00, 6 08:00-12:00")]
    #[case("setiap hari 8-17, sabtu 8-12", "123457 08:00-17:00, 6 08:00-12:00")]
    #[case("8-5 senin-jumat", "12345 08:00-17:00")]
    #[case("libur hari minggu, senin-sabtu jam 9-17", "123456 09:00-17:00")]
    #[case("senin-sabtu jam 9-17 libur minggu", "123456 09:00-17:00")]
    #[case("sore 4-9", "1234567 16:00-21:00")]
    #[case("pagi 7-11, sore 4-9", "1234567 07:00-11:00, 1234567 16:00-21:00")]
    #[case("hari kerja 9-17", "12345 09:00-17:00")]
    #[case("jumat libur, hari lain 8-5", "123467 08:00-17:00")]
    #[case("Senin s.d. Jumat 08.00 s.d. 16.00", "12345 08:00-16:00")]
    #[case("5pm-2am", "1234567 17:00-02:00")]
    #[case("malam 7-2", "1234567 19:00-02:00")]
    #[case("jum'at 13.00-21.00", "5 13:00-21:00")]
    #[case("mon–fri 8:30 am – 4:30 pm", "12345 08:30-16:30")]
    #[case("every day 7am to 10pm", "1234567 07:00-22:00")]
    #[case(
        "jam 9 pagi sampe 9 malem kecuali jumat buka jam 1 siang",
        "123467 09:00-21:00, 5 13:00-21:00"
    )]
    #[case("buka jam 7 sampai ka 9 malam tiap hari", "1234567 07:00-21:00")]
    #[case("tiap hari 9-21, jumat mulai jam 1 siang", "123467 09:00-21:00, 5 13:00-21:00")]
    #[case("senin-jumat 8-17, sabtu tutup jam 2", "12345 08:00-17:00, 6 08:00-14:00")]
    #[case(
        "senin-kamis 09.00-17.00\njumat 09.00-16.00\nsabtu minggu tutup",
        "1234 09:00-17:00, 5 09:00-16:00"
    )]
    fn hours_are_read_as_people_write_them(#[case] text: &str, #[case] spans: &str) {
        assert_eq!(shown(text), spans);
    }

    #[rstest]
    #[case("")]
    #[case("minggu libur")]
    #[case("tergantung")]
    #[case("jam 9")]
    #[case("7-9")]
    #[case("jam 1 - 5")]
    #[case("25.00-30.00")]
    #[case("harga 10-15rb")]
    #[case("senin-jumat")]
    fn what_tells_no_hours_is_none(#[case] text: &str) {
        assert_eq!(shown(text), "none");
    }

    proptest::proptest! {
        #[test]
        fn every_reading_is_within_its_bounds(
            text in "((senin|jumat|min|jam|24|libur|istirahat|kecuali|pagi|malam|am|pm|sampai|[0-9]{1,2}|[-.:,/ ]) ?){0,14}"
        ) {
            if let Some(hours) = Hours::parse(&text) {
                proptest::prop_assert_eq!(hours.always, hours.spans.is_empty());
                for span in hours.spans {
                    proptest::prop_assert!(span.opens_min < DAY_MIN && span.closes_min <= DAY_MIN);
                    proptest::prop_assert!(span.opens_min != span.closes_min);
                    proptest::prop_assert!(span.days.windows(2).all(|pair| pair[0] < pair[1]));
                    proptest::prop_assert!(span.days.iter().all(|day| ALL_DAYS.contains(day)));
                }
            }
        }

        #[test]
        fn no_text_upsets_it(text in "\\PC{0,80}") {
            // Whatever it answers: it must not panic.
            let _ = Hours::parse(&text);
        }
    }
}
