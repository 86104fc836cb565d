//! Sections: shown, hidden, moved, locked, put back, and their words.

use sitespark_core::clock::DAY_MS;
use sitespark_core::generation::Refinement;
use sitespark_core::site::document::{Point, SectionKind};
use sitespark_core::site::{Edit, SectionPlace};

use super::shelf::Shelf;
use super::{Wish, one};
use crate::conversation::state::{Slot, WordPart};
use crate::conversation::understand::words::{
    canonical, cut_all, cut_end, cut_prefix, knows, mentions, normalise, split_at_word,
};

/// Longest of each kind of words, in characters.
const MAX_LEAD_CHARS: usize = 240;
const MAX_PARAGRAPH_CHARS: usize = 600;
const MAX_HEADING_CHARS: usize = 80;
const MAX_ACTION_CHARS: usize = 30;

/// The family a text begins with, and what follows; beside a word for "section" more names count.
pub(super) fn at_front(text: &str) -> Option<(SectionKind, &str)> {
    let text = cut_prefix("the-words", text).unwrap_or(text);
    let after_noun = cut_prefix("section-nouns-only", text);
    let named = after_noun.unwrap_or(text);
    let is_section = after_noun.is_some() || mentions("section-nouns-behind", &normalise(text));
    SectionKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let own = cut_prefix(&format!("section-{}", kind.slug()), named);
            let cut = |list: String| cut_prefix(&list, named).filter(|_| is_section);
            let part = cut(format!("part-{}", kind.slug()));
            // Nobody sells a story or answers by these names.
            let alone = matches!(kind, SectionKind::About | SectionKind::Faq);
            let asked = asked_as(kind).and_then(|list| match alone {
                true => cut_prefix(list, named),
                false => cut(list.to_owned()),
            });
            // Its own name before one that it is asked for by: "kontak" is no map.
            let named = [(own, false), (part, false), (asked, true)];
            let fits = named.into_iter().filter_map(|(rest, asked)| Some((rest?, asked)));
            let (rest, asked) = fits.min_by_key(|(rest, asked)| (rest.len(), *asked))?;
            Some((kind, rest, asked))
        })
        .min_by_key(|(_, rest, asked)| (rest.len(), *asked))
        .map(|(kind, rest, _)| (kind, rest))
}

/// The words a part of a site is asked for by, where a family shows it.
fn asked_as(kind: SectionKind) -> Option<&'static str> {
    match kind {
        SectionKind::Catalogue => Some("feature-catalogue"),
        SectionKind::Gallery => Some("feature-gallery"),
        SectionKind::About => Some("feature-about"),
        SectionKind::Faq => Some("feature-faq"),
        SectionKind::Visit => Some("feature-visit"),
        SectionKind::Contact => Some("feature-booking"),
        SectionKind::Hero | SectionKind::Features | SectionKind::Steps => None,
        SectionKind::Cta | SectionKind::Prices | SectionKind::Team => None,
        SectionKind::Testimonials => None,
    }
}

/// A text that is a family's name, and nothing else but small words: "the about us part for now".
pub(super) fn named(text: &str) -> Option<SectionKind> {
    let (kind, rest) = at_front(text)?;
    tells_nothing(rest).then_some(kind)
}

/// Lists of the words that may stand around the name of a section.
const BESIDE: [&str; 4] = ["section-beside", "again", "politeness", "courtesy"];

fn tells_nothing(rest: &str) -> bool {
    let plain = canonical(&normalise(rest));
    let beside = |word: &str| BESIDE.iter().any(|list| knows(list, word));
    plain.is_empty() || plain.split(' ').all(beside)
}

/// "sembunyikan galeri", "tampilkan faq", "hapus bagian faq permanen", "faq-nya sembunyiin dulu".
pub(super) fn shown(text: &str) -> Option<Wish> {
    if let Some(rest) = cut_prefix("show-verbs", text)
        && let Some(section) = named(cut_all("again", rest))
    {
        return Some(one(Edit::AddSection { section, words: None }));
    }
    let Some(rest) = cut_prefix("hide-verbs", text) else { return shown_behind(text) };
    if let Some((before, _)) = split_at_word("for-good", rest)
        && let Some(section) = named(before)
    {
        return Some(one(Edit::RemoveSection { section }));
    }
    named(cut_end("hide-tail", rest)).map(|section| one(Edit::SetHidden { section, hidden: true }))
}

/// "bagian tentang kami sembunyiin dulu": what is done stands behind the section.
fn shown_behind(text: &str) -> Option<Wish> {
    let (section, rest) = at_front(text)?;
    let behind = |list: &str| {
        let (before, after) = match cut_prefix(list, rest) {
            Some(after) => ("", after),
            None => split_at_word(list, rest)?,
        };
        (tells_nothing(before) && tells_nothing(after)).then_some(())
    };
    if behind("hide-verbs").is_some() {
        return Some(one(Edit::SetHidden { section, hidden: true }));
    }
    behind("show-verbs").map(|()| one(Edit::AddSection { section, words: None }))
}

/// "balikin bagian menu kayak kemarin", "kembali ke versi 3".
pub(super) fn restored(text: &str, shelf: &Shelf<'_>) -> Option<Wish> {
    let rest = cut_prefix("restore-verbs", text)?;
    let normal = normalise(rest);
    if let Some(number) = cut_prefix("version-words", cut_all("connectors", rest)) {
        let number = normalise(number).split(' ').next()?.parse().ok()?;
        let wish = Refinement::Restore { section: None, before_ms: None, number: Some(number) };
        return Some(Wish::Refine(wish));
    }
    let before_ms = if mentions("when-yesterday", &normal) {
        Some(shelf.today_ms)
    } else if mentions("when-last-week", &normal) {
        Some(shelf.today_ms - 7 * DAY_MS)
    } else {
        days_ago(&normal).map(|days| shelf.today_ms - (days - 1) * DAY_MS)
    };
    let section = at_front(rest).map(|(kind, _)| kind);
    if section.is_none() && before_ms.is_none() {
        return None;
    }
    Some(Wish::Refine(Refinement::Restore { section, before_ms, number: None }))
}

/// "3 hari lalu", "2 days ago".
fn days_ago(normal: &str) -> Option<i64> {
    let words: Vec<&str> = normal.split(' ').collect();
    let at = words.iter().position(|word| matches!(*word, "hari" | "day" | "days"))?;
    let ago = words.get(at + 1).is_some_and(|word| matches!(*word, "lalu" | "ago" | "yang"));
    let days = words.get(at.checked_sub(1)?)?.parse::<i64>().ok()?;
    (ago && (1..=365).contains(&days)).then_some(days)
}

/// "pindahin galeri ke atas", "taruh faq di bawah menu", "galeri pindahin ke bawah".
pub(super) fn moved(text: &str) -> Option<Wish> {
    if let Some(section) = cut_prefix("raise-verbs", text).and_then(named) {
        return Some(one(Edit::MoveSection { section, place: SectionPlace::Up }));
    }
    if let Some(section) = cut_prefix("lower-verbs", text).and_then(named) {
        return Some(one(Edit::MoveSection { section, place: SectionPlace::Down }));
    }
    let (section, rest) = match cut_prefix("move-verbs", text) {
        Some(rest) => at_front(rest).or_else(|| {
            let named = format!("bagian {rest}");
            let (section, behind) = at_front(&named)?;
            Some((section, &rest[rest.len() - behind.len()..]))
        })?,
        None => {
            // "menu dipindah ke bawah" speaks of the section by the shorter of its names.
            let named = format!("bagian {text}");
            let (section, rest) = at_front(text).or_else(|| at_front(&named))?;
            let behind = cut_all("section-beside", &text[text.len() - rest.len()..]);
            (section, cut_prefix("move-verbs", behind)?)
        }
    };
    let rest = cut_end("again", cut_end("politeness", rest));
    // "the about us | section above the product list"
    let place = place(rest).or_else(|| place(cut_all("section-beside", rest)))?;
    Some(one(Edit::MoveSection { section, place }))
}

fn place(text: &str) -> Option<SectionPlace> {
    let is = |list: &str| cut_prefix(list, text).is_some_and(|rest| normalise(rest).is_empty());
    if is("to-top") {
        return Some(SectionPlace::First);
    }
    if is("to-bottom") {
        return Some(SectionPlace::Last);
    }
    if let Some(section) = cut_prefix("place-before", text).and_then(other) {
        return Some(SectionPlace::Before { section });
    }
    let section = cut_prefix("place-after", text).and_then(other)?;
    Some(SectionPlace::After { section })
}

/// A neighbour is named more loosely: "di bawah menu".
fn other(text: &str) -> Option<SectionKind> {
    named(text).or_else(|| {
        let normal = normalise(cut_prefix("section-nouns-only", text).unwrap_or(text));
        SectionKind::ALL.into_iter().find(|kind| {
            crate::conversation::understand::words::is_in(&format!("part-{}", kind.slug()), &normal)
        })
    })
}

/// "kunci bagian tentang", "buka kunci faq".
pub(super) fn locked(text: &str) -> Option<Wish> {
    let (rest, locked) = match (cut_prefix("unlock-verbs", text), cut_prefix("lock-verbs", text)) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return None,
    };
    named(rest).map(|section| one(Edit::SetLocked { section, locked }))
}

/// A new section, a question, a reason: what follows a word for adding.
pub(super) fn added(rest: &str) -> Option<Wish> {
    if let Some(section) = named(rest) {
        return Some(one(Edit::AddSection { section, words: None }));
    }
    let lists = [
        ("point-faq", SectionKind::Faq),
        ("point-features", SectionKind::Features),
        ("point-steps", SectionKind::Steps),
    ];
    let (section, said) = lists
        .into_iter()
        .find_map(|(list, kind)| cut_prefix(list, rest).map(|said| (kind, said)))?;
    let point = point(said)?;
    Some(one(Edit::PutPoint { section, point }))
}

/// "Bisa COD? Bisa kak": a question and its answer, or a title and its text.
fn point(text: &str) -> Option<Point> {
    let text = text.trim();
    let cut = |at: usize, length: usize| (text[..at].trim(), text[at + length..].trim());
    let (title, said) = match (text.find('?'), text.find([':', '\n'])) {
        (Some(at), _) => {
            let (title, said) = cut(at, 1);
            (format!("{title}?"), said)
        }
        (None, Some(at)) => {
            let (title, said) = cut(at, 1);
            (title.to_owned(), said)
        }
        (None, None) => (text.to_owned(), ""),
    };
    let said = cut_prefix("answer-words", said).unwrap_or(said);
    let short = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
    let point =
        Point { title: short(&title, MAX_HEADING_CHARS), text: short(said, MAX_PARAGRAPH_CHARS) };
    (!normalise(&point.title).is_empty()).then_some(point)
}

/// "tulisan tombol jadi Pesan Sekarang", "judul galeri jadi …", "tentang kami ganti: …".
pub(super) fn words(text: &str) -> Option<Wish> {
    let text = cut_prefix("verbs", text).unwrap_or(text);
    let (section, part, value) = target(text)?;
    let value = value_of(value);
    if normalise(value).is_empty() {
        return Some(Wish::Ask(Slot::Words { section, part }));
    }
    Some(one(edit(section, part, value)))
}

/// What words a text begins with, and what follows.
fn target(text: &str) -> Option<(SectionKind, WordPart, &str)> {
    if let Some(rest) = cut_prefix("words-lead", text) {
        let (kind, rest) = at_front(rest).unwrap_or((SectionKind::Hero, rest));
        return Some((kind, WordPart::Lead, rest));
    }
    if let Some(rest) = cut_prefix("words-action", text) {
        let (kind, rest) = at_front(rest).unwrap_or((SectionKind::Hero, rest));
        return Some((kind, WordPart::Action, rest));
    }
    if let Some(rest) = cut_prefix("words-heading", text) {
        if let Some(rest) = cut_prefix("heading-top", rest) {
            return Some((SectionKind::Hero, WordPart::Heading, rest));
        }
        let (kind, rest) = at_front(rest)?;
        return says_change(rest).then_some((kind, WordPart::Heading, rest));
    }
    // "tulisan paling atas ganti jadi: …"
    if let Some(rest) = cut_prefix("words-paragraph", text)
        && let Some(rest) = cut_prefix("heading-top", rest)
    {
        return says_change(rest).then_some((SectionKind::Hero, WordPart::Heading, rest));
    }
    if let Some(rest) = cut_prefix("words-paragraph", text) {
        let (number, rest) = super::photos::ordinal_at_front(rest).unwrap_or((1, rest));
        let (kind, rest) = at_front(rest)?;
        return says_change(rest).then_some((kind, WordPart::Paragraph(number), rest));
    }
    let (kind, rest) = at_front(text).filter(|(kind, _)| *kind == SectionKind::About)?;
    says_change(rest).then_some((kind, WordPart::Paragraph(1), rest))
}

fn says_change(rest: &str) -> bool {
    normalise(rest).is_empty()
        || cut_prefix("verbs", rest).is_some()
        || cut_prefix("connectors", rest).is_some()
}

/// The new words after "ganti jadi:" and the like, without quotation marks.
pub(super) fn value_of(text: &str) -> &str {
    let text = cut_prefix("verbs", text).unwrap_or(text);
    let text = cut_all("connectors", text);
    text.trim().trim_matches(['"', '“', '”']).trim()
}

/// New words for a part of a section, cut to what it takes.
pub(super) fn edit(section: SectionKind, part: WordPart, value: &str) -> Edit {
    let value = value.trim().trim_matches(['"', '“', '”']).trim();
    let within = |most: usize| value.chars().take(most).collect::<String>();
    match part {
        WordPart::Heading => Edit::SetHeading { section, heading: within(MAX_HEADING_CHARS) },
        WordPart::Lead => Edit::SetLead { section, lead: within(MAX_LEAD_CHARS) },
        WordPart::Action => Edit::SetAction { section, action: within(MAX_ACTION_CHARS) },
        WordPart::Paragraph(number) => {
            Edit::SetParagraph { section, number, text: within(MAX_PARAGRAPH_CHARS) }
        }
    }
}

/// The family whose name, after a word for "section", begins these words.
pub(super) fn at_front_of_words(normal: &str) -> Option<SectionKind> {
    cut_prefix("section-nouns-only", normal)?;
    at_front(normal).map(|(kind, _)| kind)
}
