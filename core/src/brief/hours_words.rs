//! The clauses that the words of opening hours form.

use super::hours_tokens::{Clock, Token, tokens};

/// Clauses that are read; the rest is ignored.
const MAX_CLAUSES: usize = 30;

/// What is said about some days.
#[derive(Debug, Clone, Default)]
pub(super) struct Clause {
    /// ISO weekdays, as said.
    pub(super) days: Vec<u8>,
    /// Days left out.
    pub(super) except: Vec<u8>,
    /// From and to.
    pub(super) times: Vec<(Clock, Clock)>,
    /// "libur" or "tutup" was said.
    pub(super) closed: bool,
    /// The times are a break.
    pub(super) is_break: bool,
    /// "24 jam".
    pub(super) whole_day: bool,
    /// The days stood behind the times.
    pub(super) days_behind: bool,
}

impl Clause {
    fn is_told(&self) -> bool {
        !self.times.is_empty() || self.closed || self.whole_day
    }

    fn is_days_only(&self) -> bool {
        !self.is_told() && !self.is_break && !self.days.is_empty() && self.except.is_empty()
    }

    fn lacks_days(&self) -> bool {
        !self.times.is_empty() && !self.is_break && self.days.is_empty() && self.except.is_empty()
    }

    fn is_empty(&self) -> bool {
        !self.is_told() && !self.is_break && self.days.is_empty() && self.except.is_empty()
    }
}

/// Which end of a day is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Opens,
    Closes,
}

/// One end of a day alone: "tutup jam 9 malam".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OneSide {
    pub(super) side: Side,
    pub(super) clock: Clock,
    /// ISO weekdays, as said.
    pub(super) days: Vec<u8>,
}

/// The one time a text tells, when it says what begins or ends there; `None` where it tells more.
pub(super) fn one_side(text: &str) -> Option<OneSide> {
    let tokens = tokens(text);
    let mut times = tokens.iter().enumerate().filter_map(|(at, token)| match token {
        Token::Time(clock) => Some((at, *clock)),
        _ => None,
    });
    let (at, clock) = times.next()?;
    let other = |token: &Token| matches!(token, Token::Break | Token::Except | Token::WholeDay);
    if times.next().is_some() || tokens.iter().any(other) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let told = |list: &[&str]| {
        lower.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word))
    };
    let until = at > 0 && tokens[at - 1] == Token::To;
    let side = if until || told(&CLOSES) {
        Side::Closes
    } else if told(&OPENS) {
        Side::Opens
    } else {
        return None;
    };
    Some(OneSide { side, clock, days: days_in(&tokens) })
}

/// The days a text says to be open without a time: "minggu juga buka". Empty where it tells more.
pub(super) fn days_open(text: &str) -> Vec<u8> {
    let tokens = tokens(text);
    let more = |token: &Token| match token {
        Token::Time(_) | Token::Closed | Token::Break | Token::Except | Token::WholeDay => true,
        Token::Days(_) | Token::Part(_) | Token::To | Token::And | Token::Noise => false,
    };
    let lower = text.to_ascii_lowercase();
    let opens = lower.split(|c: char| !c.is_alphanumeric()).any(|word| OPENS.contains(&word));
    if tokens.iter().any(more) || !opens { Vec::new() } else { days_in(&tokens) }
}

fn days_in(tokens: &[Token]) -> Vec<u8> {
    let mut days = Vec::new();
    let mut rest = tokens;
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (Token::Days(from), [Token::To, Token::Days(to), ..]) => {
                days.extend(day_range(from, to));
            }
            (Token::Days(all), [Token::Days(some), ..]) if all.len() > some.len() => {}
            (Token::Days(named), _) => days.extend(named),
            _ => {}
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// Words for the end and the beginning of a working day.
const CLOSES: [&str; 7] = ["tutup", "tutupnya", "close", "closes", "closing", "closed", "kelar"];
const OPENS: [&str; 6] = ["buka", "bukanya", "open", "opens", "opening", "mulai"];

/// Builds clauses token by token.
#[derive(Default)]
struct Reader {
    done: Vec<Clause>,
    open: Clause,
    excepting: bool,
    /// Days stood before the times of the open clause.
    days_first: bool,
    /// A comma or "dan" stands before the next token.
    after_and: bool,
}

/// The clauses of a text that tell something about times.
pub(super) fn clauses(text: &str) -> Vec<Clause> {
    let tokens = tokens(text);
    let mut reader = Reader::default();
    let mut at = 0;
    while at < tokens.len() && reader.done.len() < MAX_CLAUSES {
        at += reader.take(&tokens[at..]);
    }
    reader.close();
    let mut told: Vec<Clause> = Vec::new();
    for clause in reader.done {
        match told.last_mut() {
            // "8-17, senin-sabtu": the days stand behind a comma.
            Some(before) if clause.is_days_only() && before.lacks_days() => {
                before.days = clause.days;
                before.days_behind = true;
            }
            Some(_) | None if clause.is_told() => told.push(clause),
            Some(_) | None => {}
        }
    }
    told
}

impl Reader {
    /// Takes what stands at the front; how many tokens that was.
    fn take(&mut self, tokens: &[Token]) -> usize {
        // "…, khusus minggu": words that tell nothing do not undo a comma.
        let and = self.after_and;
        self.after_and = tokens[0] == Token::And || and && tokens[0] == Token::Noise;
        match tokens {
            [Token::Days(first), Token::To, Token::Days(last), behind @ ..] => {
                self.part_from(behind);
                self.days(day_range(first, last), and);
                3
            }
            // "tiap senin": of all days only that one.
            [Token::Days(all), Token::Days(some), ..] if all.len() == 7 && some.len() < 7 => 1,
            // "senin jumat 8-17": two days with one another between them, and no sign.
            [Token::Days(first), Token::Days(last), Token::Time(_), ..]
                if first.len() == 1 && last.len() == 1 && !and && self.open.days.is_empty() =>
            {
                self.days(day_range(first, last), and);
                2
            }
            [Token::Days(days), behind @ ..] => {
                self.part_from(behind);
                // "9-12, closed sunday and monday": both are closed, unless times follow.
                let alone = !matches!(behind, [Token::Time(_) | Token::Closed | Token::To, ..]);
                self.days(days.clone(), and && !(alone && self.is_closing()));
                1
            }
            [Token::Time(opens), Token::To | Token::Closed, Token::Time(closes), ..] => {
                if self.excepting && !self.open.times.is_empty() {
                    // "8-20, kecuali jumat 14-20": the day left out has times of its own.
                    let days = self.open.except.clone();
                    self.close();
                    self.open.days = days;
                }
                if self.open.closed || self.open.whole_day || (and && !self.open.times.is_empty()) {
                    self.close();
                }
                self.days_first |= !self.open.days.is_empty();
                self.open.times.push((*opens, *closes));
                3
            }
            // "setiap hari 9-20, minggu cuma sampai jam 17": it opens as on the other days.
            [Token::To, Token::Time(closes), ..]
                if !self.open.days.is_empty()
                    && self.open.times.is_empty()
                    && let Some(opens) = self.first_opening() =>
            {
                self.open.times.push((opens, *closes));
                self.days_first = true;
                2
            }
            // "9-21, kecuali jumat buka jam 1 siang": the day left out closes with the others.
            [Token::Time(opens), ..]
                if self.excepting
                    && !self.open.except.is_empty()
                    && let Some((_, closes)) = self.open.times.last().copied() =>
            {
                let days = self.open.except.clone();
                self.close();
                self.open.days = days;
                self.open.times.push((*opens, closes));
                self.days_first = true;
                1
            }
            // "tiap hari 9-21, jumat mulai jam 1 siang".
            [Token::Time(opens), ..]
                if !self.open.days.is_empty()
                    && !self.open.is_told()
                    && !self.open.is_break
                    && let Some(closes) = self.last_closing() =>
            {
                self.open.times.push((*opens, closes));
                self.days_first = true;
                1
            }
            // "senin-jumat 8-17, sabtu tutup jam 2".
            [Token::Closed, Token::Time(closes), behind @ ..]
                if !self.open.days.is_empty()
                    && !self.open.is_told()
                    && !matches!(behind, [Token::To, ..])
                    && let Some(opens) = self.first_opening() =>
            {
                self.open.times.push((opens, *closes));
                self.days_first = true;
                2
            }
            [mark @ (Token::Closed | Token::Break), behind @ ..] => {
                if self.open.is_told() {
                    self.close();
                }
                self.days_first |= !self.open.days.is_empty();
                // "jumat tutup 11.30-13.00" closes for a while, "jumat tutup" for the day.
                let for_a_while = matches!(behind, [Token::Time(_), Token::To, Token::Time(_), ..]);
                self.open.closed = *mark == Token::Closed && !for_a_while;
                self.open.is_break = *mark == Token::Break || for_a_while;
                1
            }
            [Token::WholeDay, ..] => {
                self.open.whole_day = true;
                1
            }
            [Token::Except, ..] => {
                self.excepting = true;
                1
            }
            [Token::Time(_) | Token::Part(_) | Token::To | Token::And | Token::Noise, ..] | [] => 1,
        }
    }

    /// Whether "closed" was said and its days follow it.
    fn is_closing(&self) -> bool {
        self.open.is_closed() && !self.days_first
    }

    /// When it opens on the days told last.
    fn first_opening(&self) -> Option<Clock> {
        let told = self.done.last()?;
        told.times.first().filter(|_| !told.is_break).map(|(opens, _)| *opens)
    }

    /// When it closes on the days told last.
    fn last_closing(&self) -> Option<Clock> {
        let told = self.done.last()?;
        told.times.last().filter(|_| !told.is_break).map(|(_, closes)| *closes)
    }

    /// "10-21 senin libur": days that are said to be closed are no days of the times before them.
    fn part_from(&mut self, behind: &[Token]) {
        let for_a_while = matches!(behind, [_, Token::Time(_), Token::To, Token::Time(_), ..]);
        let closed = matches!(behind, [Token::Closed, ..]) && !for_a_while;
        if closed && !self.excepting && !self.open.times.is_empty() {
            self.close();
        }
    }

    fn days(&mut self, days: Vec<u8>, and: bool) {
        if self.excepting {
            self.open.except.extend(days);
            return;
        }
        let next = self.open.is_told() && (self.days_first || and);
        if next {
            self.close();
        }
        self.open.days.extend(days);
    }

    fn close(&mut self) {
        let mut clause = std::mem::take(&mut self.open);
        clause.days_behind = !self.days_first;
        if !clause.is_empty() {
            self.done.push(clause);
        }
        self.excepting = false;
        self.days_first = false;
    }
}

/// From the first to the last day, over the week's end where need be.
fn day_range(first: &[u8], last: &[u8]) -> Vec<u8> {
    let (Some(&first), Some(&last)) = (first.first(), last.last()) else { return Vec::new() };
    let steps = (last + 7 - first) % 7;
    (0..=steps).map(|step| (first - 1 + step) % 7 + 1).collect()
}
