//! What of a site is known while a change of it is read, and which of its items is meant.

use crate::conversation::understand::words::{is_in, normalise};

/// How alike two names must be to be the same one mistyped, and to be asked about.
const SURE_LIKENESS: f64 = 0.9;
const MAYBE_LIKENESS: f64 = 0.76;
/// Most items asked about.
const MOST_ASKED: usize = 4;

/// The figures in a name.
fn figures(name: &str) -> String {
    name.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a name says no more than another but for words such as "room" or "paket".
fn is_loose(own: &str, wanted: &str) -> bool {
    let kept = |name: &str| {
        let words: Vec<&str> = name.split(' ').filter(|w| !is_in("loose-nouns", w)).collect();
        words.join(" ")
    };
    let (own, wanted) = (kept(own), kept(wanted));
    !own.is_empty() && own == wanted
}

/// What is on a site, as far as a message can be about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf<'a> {
    /// Names of its items.
    pub(crate) items: &'a [String],
    /// Lowest and highest price of each, in the same order.
    pub(crate) prices: &'a [Option<(i64, Option<i64>)>],
    /// When today began where the owner lives, epoch milliseconds.
    pub(crate) today_ms: i64,
    /// Its number as E.164.
    pub(crate) phone: Option<&'a str>,
    /// The item that was spoken of last.
    pub(crate) spoken: Option<&'a str>,
}

/// Which item a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Match<'a> {
    /// This one.
    Sure(&'a str),
    /// One of these, perhaps.
    Maybe(Vec<&'a str>),
    /// None.
    None,
}

impl<'a> Shelf<'a> {
    /// A site of which nothing is known.
    pub(crate) const EMPTY: Self =
        Self { items: &[], prices: &[], today_ms: 0, phone: None, spoken: None };

    /// The item of a name: the same, the only one containing it, the same mistyped; several that
    /// contain it, or are somewhat alike, are doubtful.
    pub(super) fn find(&self, name: &str) -> Match<'a> {
        let wanted = normalise(name);
        if wanted.is_empty() {
            return Match::None;
        }
        // "nastarnya", "the baguette's": the item itself.
        let bare = wanted.strip_suffix("nya").or_else(|| wanted.strip_suffix('s'));
        let is_named = |item: &&String| {
            let own = normalise(item);
            own == wanted || bare.is_some_and(|bare| own == bare.trim_end())
        };
        // "bicycle weekly" is the "weekly bicycle".
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        let words = sorted(&wanted);
        let in_any_order = |item: &&String| sorted(&normalise(item)) == words;
        let same = self.items.iter().find(is_named);
        if let Some(same) = same.or_else(|| self.items.iter().find(in_any_order)) {
            return Match::Sure(same);
        }
        let whole =
            |item: &&String| format!(" {} ", normalise(item)).contains(&format!(" {wanted} "));
        let containing: Vec<&str> =
            self.items.iter().filter(whole).map(String::as_str).take(MOST_ASKED).collect();
        match containing.as_slice() {
            [only] => return Match::Sure(only),
            [] => {}
            _ => return Match::Maybe(containing),
        }
        let mut alike: Vec<(f64, &str)> = self
            .items
            .iter()
            .map(|item| (strsim::jaro_winkler(&normalise(item), &wanted), item.as_str()))
            // "250ml" and "500ml" are no slip of the finger.
            .filter(|(likeness, item)| {
                *likeness >= MAYBE_LIKENESS && figures(&normalise(item)) == figures(&wanted)
            })
            .collect();
        alike.sort_by(|one, other| other.0.total_cmp(&one.0));
        match alike.as_slice() {
            [] => Match::None,
            [(likeness, item), rest @ ..]
                if *likeness >= SURE_LIKENESS
                    && rest.first().is_none_or(|next| next.0 < SURE_LIKENESS) =>
            {
                Match::Sure(item)
            }
            _ => Match::Maybe(alike.into_iter().map(|(_, item)| item).take(MOST_ASKED).collect()),
        }
    }

    /// Whether a normalised text names one of the items, at least by its first two words.
    pub(crate) fn is_named_in(&self, normal: &str) -> bool {
        let text = format!(" {normal} ");
        self.items.iter().any(|item| {
            let name = normalise(item);
            let short: Vec<&str> = name.splitn(3, ' ').take(2).collect();
            text.contains(&format!(" {} ", short.join(" ")))
        })
    }

    /// The item of a name, where there is no doubt.
    pub(super) fn sure(&self, name: &str) -> Option<&'a str> {
        match self.find(name) {
            Match::Sure(item) => Some(item),
            Match::Maybe(_) | Match::None => None,
        }
    }

    /// Whether a text may name one of the items, perhaps mistyped.
    pub(super) fn is_like_one(&self, text: &str) -> bool {
        self.is_named_in(&normalise(text)) || self.find(text) != Match::None
    }

    /// The item of a name that is told with a price of its own: "rujak cingur spesial" is another dish
    /// than "rujak cingur".
    pub(super) fn priced(&self, name: &str) -> Option<&'a str> {
        let item = self.sure(name)?;
        let (own, wanted) = (normalise(item), normalise(name));
        let words = |name: &str| name.split(' ').count();
        let longer = wanted.starts_with(&format!("{own} ")) && words(&wanted) > words(&own);
        (!longer || is_loose(&own, &wanted)).then_some(item)
    }

    /// The item a text begins with, and what follows its name.
    pub(super) fn at_front<'t>(&self, text: &'t str) -> Option<(&'a str, &'t str)> {
        let mut best: Option<(&'a str, &'t str)> = None;
        let mut end = 0;
        for word in text.split_inclusive(char::is_whitespace).take(self.longest_name()) {
            end += word.len();
            let name =
                text[..end].trim_end_matches(|c: char| c.is_whitespace() || ":,=".contains(c));
            let wanted = normalise(name);
            if let Some(item) = self.items.iter().find(|item| normalise(item) == wanted) {
                best = Some((item.as_str(), &text[end..]));
            }
        }
        best
    }

    /// Words of the longest name, and some room for the blanks between them.
    fn longest_name(&self) -> usize {
        let words = |item: &String| item.split_whitespace().count();
        2 * self.items.iter().map(words).max().unwrap_or(0)
    }

    /// The first item that a text names in full, and where; of several that begin there the longest.
    pub(super) fn first_in(&self, text: &str) -> Option<(&'a str, std::ops::Range<usize>)> {
        let mut at = 0;
        for word in text.split_inclusive(char::is_whitespace) {
            if let Some((item, rest)) = self.at_front(&text[at..]) {
                return Some((item, at..text.len() - rest.len()));
            }
            at += word.len();
        }
        None
    }

    /// What an item costs now.
    pub(super) fn price_of(&self, item: &str) -> Option<(i64, Option<i64>)> {
        let at = self.items.iter().position(|one| one == item)?;
        self.prices.get(at).copied().flatten()
    }
}
