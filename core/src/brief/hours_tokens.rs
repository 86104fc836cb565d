//! The words of opening hours one by one: days, times of day, and what stands between them.

/// Words without meaning between "until" and its time.
const MOST_NOISE: usize = 2;
/// Tokens that are read.
const MAX_TOKENS: usize = 300;

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// 0 to 24.
    pub(super) hour: u16,
    /// Minutes, when written.
    minute: Option<u16>,
    /// Whether the hour had a leading zero.
    padded: bool,
    period: Option<Period>,
}

/// The part of the day a time was said to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Morning,
    Midday,
    Afternoon,
    Night,
    Am,
    Pm,
}

impl Clock {
    /// As written, as if on a 24-hour clock.
    pub(super) fn written_min(self) -> u16 {
        self.hour * 60 + self.minute.unwrap_or(0)
    }

    /// The minute of the day, when the period or the hour itself tells it.
    pub(super) fn known_min(self) -> Option<u16> {
        let written = self.written_min();
        let (hour, period) = (self.hour, self.period?);
        if hour > 12 {
            return Some(written);
        }
        Some(match (period, hour) {
            (Period::Morning | Period::Am, 12) => written - 720,
            (Period::Morning | Period::Am, _) => written,
            (Period::Midday, 1..=5) => written + 720,
            (Period::Midday, _) => written,
            (Period::Afternoon | Period::Pm, 1..=11) => written + 720,
            (Period::Afternoon | Period::Pm, _) => written,
            (Period::Night, 5..=12) => written + 720,
            (Period::Night, _) => written,
        })
    }

    /// The minute it opens: small hours are the afternoon's.
    pub(super) fn opening_min(self) -> u16 {
        let small = self.is_bare() && (1..=4).contains(&self.hour);
        self.known_min().unwrap_or(self.written_min() + if small { 720 } else { 0 })
    }

    /// The minute it closes: bare hours are the evening's, twelve is noon on single days and
    /// midnight otherwise.
    pub(super) fn closing_min(self, on_single_days: bool) -> u16 {
        let bare = self.is_bare() && self.hour <= 12;
        let morning = on_single_days && (10..=12).contains(&self.hour);
        match self.known_min() {
            Some(0) => 1_440,
            Some(min) => min,
            None if bare && !morning => (self.written_min() + 720).min(1_440),
            None => self.written_min(),
        }
    }

    /// Nothing but the clock itself tells the time of day.
    pub(super) fn is_bare(self) -> bool {
        self.period.is_none() && !self.padded
    }

    /// A lone hour: "8", neither "08" nor "8.00".
    pub(super) fn is_terse(self) -> bool {
        self.minute.is_none()
    }

    /// Whether "pagi", "pm" or the like stands with it.
    pub(super) fn has_period(self) -> bool {
        self.period.is_some()
    }
}

/// A word or sign that tells something about hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Days(Vec<u8>),
    Time(Clock),
    Part(Period),
    To,
    And,
    Closed,
    Except,
    Break,
    WholeDay,
    Noise,
}

/// The tokens of a text, in its order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let lower = text.to_ascii_lowercase().replace(['’', '\''], "").replace("s/d", " sd ");
    let lower = lower.replace("s.d", " sd ").replace("hari kerja", "weekday");
    let lower = lower
        .replace("tengah malam", "jam 24")
        .replace("midnight", "24.00")
        .replace("dua puluh empat jam", "24 jam")
        .replace("twenty four hours", "24 hours")
        .replace("mulai minggu ini", "")
        .replace("mulai minggu depan", "")
        .replace("habis jumatan", "jumat")
        .replace("abis jumatan", "jumat")
        .replace("setelah jumatan", "jumat")
        .replace("sesudah jumatan", "jumat")
        .replace("jumatan", "istirahat jumat")
        .replace("hari biasa", "weekday")
        .replace("akhir pekan", "weekend");
    let lower = spelled_clocks(&noon_as_clock(&lower));
    let mut rest = lower.as_str();
    let mut found = Vec::new();
    let mut lead = None;
    while let Some(first) = rest.chars().next() {
        if found.len() >= MAX_TOKENS {
            break;
        }
        let (token, len) = if first.is_ascii_digit() {
            digits(rest)
        } else if first.is_alphabetic() {
            let len = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            (word(&rest[..len]), len)
        } else {
            (sign(first), first.len_utf8())
        };
        rest = &rest[len..];
        // "sampai kira kira jam 9": words between "until" and its time tell nothing.
        if matches!(token, Some(Token::Time(_))) {
            let noise = found.iter().rev().take_while(|token| **token == Token::Noise).count();
            let until = found.len().checked_sub(noise + 1).is_some_and(|at| found[at] == Token::To);
            if until && noise <= MOST_NOISE {
                found.truncate(found.len() - noise);
            }
        }
        found.extend(token);
        lead = note_period(&mut found, lead);
    }
    found
}

/// "noon till 9pm" as "12pm till 9pm"; behind a figure it is a part of the day.
fn noon_as_clock(lower: &str) -> String {
    let mut out = String::with_capacity(lower.len());
    let mut figure = false;
    for word in lower.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        match bare {
            "noon" | "midday" if !figure => {
                out.push_str("12pm");
                out.push_str(&word[bare.len()..]);
            }
            _ => out.push_str(word),
        }
        if !bare.is_empty() {
            figure = bare.ends_with(|c: char| c.is_ascii_digit());
        }
    }
    out
}

/// The hours of a clock as they are spelled.
const HOURS: [&str; 11] = [
    "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh",
    "sebelas",
];

/// The same in English, with noon's.
const ENGLISH_HOURS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// "jam setengah sembilan pagi" as "jam 8.30 pagi": spelled and half hours in figures, where they
/// stand beside the words of a clock.
fn spelled_clocks(lower: &str) -> String {
    let mut names = HOURS.into_iter().chain(ENGLISH_HOURS).chain(["setengah"]);
    if !names.any(|name| lower.contains(name)) {
        return lower.to_owned();
    }
    let words: Vec<&str> = lower.split_inclusive(|c: char| !c.is_alphanumeric()).collect();
    let bare = |at: usize| {
        words.get(at).map_or("", |word| word.trim_end_matches(|c: char| !c.is_alphanumeric()))
    };
    let mut out = String::with_capacity(lower.len());
    let mut at = 0;
    while at < words.len() {
        let half = bare(at) == "setengah";
        let first = at + usize::from(half);
        let place = |names: &[&str]| names.iter().position(|hour| *hour == bare(first));
        let spelled = place(&HOURS).or_else(|| place(&ENGLISH_HOURS)).map(|place| place + 1);
        let twelve = spelled == Some(2) && bare(first + 1) == "belas";
        let last = first + usize::from(twelve);
        let figures =
            bare(first).parse::<usize>().ok().filter(|hour| half && (1..=12).contains(hour));
        let told = half
            || at > 0 && matches!(bare(at - 1), "jam" | "pukul" | "pkl")
            || matches!(bare(last + 1), "pagi" | "siang" | "sore" | "petang" | "malam" | "malem")
            || place(&ENGLISH_HOURS).is_some() && beside_clock(at, last, &bare);
        match spelled.map(|hour| if twelve { 12 } else { hour }).or(figures) {
            Some(hour) if told => {
                let tail = &words[last][bare(last).len()..];
                let shown = match half {
                    true => format!("{}.30", if hour == 1 { 12 } else { hour - 1 }),
                    false => hour.to_string(),
                };
                out.push_str(&shown);
                out.push_str(tail);
                at = last + 1;
            }
            Some(_) | None => {
                out.push_str(words[at]);
                at += 1;
            }
        }
    }
    out
}

/// "eight in the morning", "from nine to five": the words around an hour in English.
fn beside_clock<'a>(at: usize, last: usize, bare: &impl Fn(usize) -> &'a str) -> bool {
    at > 0 && matches!(bare(at - 1), "to" | "till" | "until" | "from" | "at")
        || matches!(bare(last + 1), "am" | "pm" | "in" | "at" | "to" | "till" | "until" | "o")
}

/// Lets a part of the day that stands before a time ("sore 4-9") count for that time.
fn note_period(found: &mut Vec<Token>, lead: Option<Period>) -> Option<Period> {
    match found.last_mut() {
        Some(Token::Part(period)) => {
            let period = *period;
            found.pop();
            Some(period)
        }
        Some(Token::Time(clock)) if lead.is_some() => {
            clock.period = clock.period.or(lead);
            None
        }
        _ => lead,
    }
}

fn sign(c: char) -> Option<Token> {
    match c {
        '-' | '–' | '—' | '~' => Some(Token::To),
        ',' | ';' | '&' | '+' | '/' | '\n' | '|' => Some(Token::And),
        _ => None,
    }
}

fn word(word: &str) -> Option<Token> {
    let day = |day: u8| Some(Token::Days(vec![day]));
    match word {
        "senin" | "sen" | "senen" | "sanayan" | "soma" | "monday" | "mondays" | "mon" => day(1),
        "selasa" | "sel" | "salasa" | "seloso" | "anggara" | "tuesday" | "tuesdays" | "tue"
        | "tues" => day(2),
        "rabu" | "rab" | "rebo" | "rabaa" | "wednesday" | "wednesdays" | "wed" => day(3),
        "kamis" | "kam" | "kemis" | "kamih" | "wraspati" | "thursday" | "thursdays" | "thu"
        | "thurs" => day(4),
        "jumat" | "jum" | "jumaat" | "jumaah" | "jumah" | "jumuah" | "jemuah" | "jumaik"
        | "sukra" | "friday" | "fridays" | "fri" => day(5),
        "sabtu" | "sab" | "saptu" | "setu" | "saniscara" | "saturday" | "saturdays" | "sat" => {
            day(6)
        }
        "minggu" | "min" | "mgg" | "ahad" | "akad" | "ngahad" | "redite" | "sunday" | "sundays"
        | "sun" => day(7),
        "tiap" | "setiap" | "every" | "everyday" | "daily" | "all" => {
            Some(Token::Days(vec![1, 2, 3, 4, 5, 6, 7]))
        }
        "pagi" | "morning" | "mornings" => Some(Token::Part(Period::Morning)),
        "siang" => Some(Token::Part(Period::Midday)),
        "sore" | "afternoon" | "afternoons" => Some(Token::Part(Period::Afternoon)),
        "malam" | "malem" | "evening" | "evenings" | "night" | "nights" => {
            Some(Token::Part(Period::Night))
        }
        "weekday" | "weekdays" => Some(Token::Days(vec![1, 2, 3, 4, 5])),
        "weekend" | "weekends" => Some(Token::Days(vec![6, 7])),
        "sampai" | "sampe" | "sd" | "hingga" | "to" | "until" | "till" | "through" | "thru" => {
            Some(Token::To)
        }
        "dan" | "and" | "sama" | "terus" | "trus" | "lalu" | "lanjut" | "kemudian" | "then"
        | "again" | "plus" => Some(Token::And),
        "libur" | "liburnya" | "tutup" | "tutuik" | "prei" | "closed" | "close" | "closes"
        | "off" => Some(Token::Closed),
        "kecuali" | "selain" | "except" | "but" => Some(Token::Except),
        "istirahat" | "rehat" | "break" | "lunch" | "sholat" | "salat" | "shalat" | "solat"
        | "ishoma" | "prayer" | "prayers" => Some(Token::Break),
        "nonstop" => Some(Token::WholeDay),
        "buka" | "bukak" | "jam" | "pukul" | "in" | "the" | "hari" | "pkl" | "wib" | "wita"
        | "wit" | "from" | "dari" | "open" | "opens" | "at" | "day" | "kak" | "kakak" | "mulai"
        | "ke" | "ka" | "ti" => None,
        _ => Some(Token::Noise),
    }
}

/// Reads what begins with a digit: "24 jam", "8", "08.00", "9 pagi", "9am"; noise otherwise.
fn digits(rest: &str) -> (Option<Token>, usize) {
    for whole in ["24/7", "24 jam", "24jam", "24 hours", "24 hour", "24hrs"] {
        if rest.starts_with(whole) {
            return (Some(Token::WholeDay), whole.len());
        }
    }
    let run = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let hour_len = run(rest);
    let mut len = hour_len;
    let mut minute = None;
    if let Some(after) = rest[len..].strip_prefix(['.', ':']) {
        let minute_len = run(after);
        if minute_len > 0 {
            len += 1 + minute_len;
            minute = (minute_len == 2).then(|| after[..2].parse::<u16>().ok()).flatten();
            if minute.is_none_or(|minute| minute > 59) {
                return (Some(Token::Noise), len);
            }
        }
    }
    let (period, period_len) = period(&rest[len..]);
    let glued = rest[len + period_len..].starts_with(|c: char| c.is_alphanumeric());
    let hour = rest[..hour_len].parse::<u16>().ok().filter(|hour| *hour <= 24 && hour_len <= 2);
    let padded = hour_len == 2 && rest.starts_with('0');
    len += period_len;
    match hour {
        Some(24) if minute.is_some_and(|minute| minute > 0) => (Some(Token::Noise), len),
        Some(hour) if !glued => (Some(Token::Time(Clock { hour, minute, padded, period })), len),
        _ => (Some(Token::Noise), len),
    }
}

/// The part of the day behind a time, with the spaces before it.
fn period(rest: &str) -> (Option<Period>, usize) {
    const PERIODS: [(&str, Period); 23] = [
        ("pagi", Period::Morning),
        ("morning", Period::Morning),
        ("in the morning", Period::Morning),
        ("afternoon", Period::Afternoon),
        ("in the afternoon", Period::Afternoon),
        ("evening", Period::Night),
        ("in the evening", Period::Night),
        ("night", Period::Night),
        ("at night", Period::Night),
        ("subuh", Period::Morning),
        ("dini hari", Period::Morning),
        ("siang", Period::Midday),
        ("noon", Period::Midday),
        ("sore", Period::Afternoon),
        ("petang", Period::Afternoon),
        ("malam", Period::Night),
        ("malem", Period::Night),
        ("mlm", Period::Night),
        ("midnight", Period::Night),
        ("a.m.", Period::Am),
        ("p.m.", Period::Pm),
        ("am", Period::Am),
        ("pm", Period::Pm),
    ];
    let trimmed = rest.trim_start_matches(' ');
    let skipped = rest.len() - trimmed.len();
    let found = PERIODS.into_iter().find(|(word, _)| {
        trimmed.strip_prefix(word).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    });
    match found {
        None => (None, 0),
        Some((word, period)) => (Some(period), skipped + word.len()),
    }
}
