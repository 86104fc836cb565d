//! Puts what was understood into the brief.

use sitespark_core::brief::{
    Answer, Brief, Certificate, Contact, Hours, Item, Link, OpenSpan, Style, Trade,
};

use super::state::{Collecting, Step};
use super::turn::Turn;
use super::understand::change::field_at_front;
use super::understand::gather::Found;
use super::understand::tap::Field;
use super::understand::words::{cut_all, cut_end, cut_prefix, is_in, normalise};

/// Most items, links and notes of one brief.
const MAX_ITEMS: usize = 60;
const MAX_LINKS: usize = 10;
const MAX_NOTES: usize = 20;
/// Longest answer kept as said, in characters.
const MAX_SAID_CHARS: usize = 300;

/// Takes everything found into the answers. `asked` may replace an answer; the rest only fills
/// gaps unless it was said outright.
pub(crate) fn absorb(state: &mut Collecting, found: &Found, said: &str, asked: Option<Step>) {
    let said = cut(said);
    let inferred = matches!(asked, None | Some(Step::Trade));
    let brief = &mut state.brief;
    if let Some(trade) = &found.trade
        && (brief.trade.is_none() || asked == Some(Step::Trade))
    {
        brief.trade = Some(trade.clone());
    }
    if let Some(name) = &found.name
        && (brief.name.is_none() || !inferred)
    {
        brief.name = Some(name.clone());
    }
    if let Some(audience) = &found.audience {
        brief.audience = Some(audience.clone());
    }
    if !found.features.is_empty() {
        let mut features = std::mem::take(&mut state.picked);
        features.extend(found.features.iter().copied());
        if asked != Some(Step::Features)
            && let Some(before) = &brief.features
        {
            features.extend(before.value.iter().copied());
        }
        brief.features = Some(Answer::new(features, said.clone()));
    }
    if found.has_style() {
        take_style(brief, found);
        state.settled.insert(Step::Colour);
    }
    let amends = asked != Some(Step::Items) || cut_prefix("amend-lead", &said).is_some();
    put_items(brief, &found.items, amends && found.items.len() <= MOST_AMENDED);
    if found.has_contact() {
        take_contact(brief, found, &said);
    }
    add_certificates(brief, &found.certificates);
    if found.two_languages {
        brief.second_language = Some(brief.language.other());
    }
    for field in &found.absent {
        settle_absent(state, *field);
    }
    let brief = &mut state.brief;
    brief.notes.extend(found.notes.iter().map(|note| cut(note)));
    brief.notes.truncate(MAX_NOTES);
}

/// Adds certificates; one of the same kind is replaced.
fn add_certificates(brief: &mut Brief, certificates: &[Certificate]) {
    for certificate in certificates {
        brief.certificates.retain(|old| old.kind() != certificate.kind());
        brief.certificates.push(certificate.clone());
    }
}

/// "wa nya gak ada" settles the question for it.
fn settle_absent(state: &mut Collecting, field: Field) {
    match field {
        Field::Phone => state.settled.extend([Step::Phone]),
        Field::Contact => state.settled.extend([Step::Contact, Step::Phone]),
        Field::Items | Field::Price => state.settled.extend([Step::Items]),
        Field::Colour => state.settled.extend([Step::Colour]),
        Field::Style => {
            state.brief.style.get_or_insert_with(|| Answer::new(Style::default(), ""));
            state.settled.extend([Step::Colour]);
        }
        Field::Audience => {
            state.brief.audience.get_or_insert_with(|| Answer::new(String::new(), ""));
        }
        Field::Trade | Field::Name | Field::Features | Field::Address | Field::Hours => {}
        Field::Subdomain | Field::Heading => {}
    }
}

pub(crate) fn cut(said: &str) -> String {
    said.trim().chars().take(MAX_SAID_CHARS).collect()
}

fn take_style(brief: &mut Brief, found: &Found) {
    let before = brief.style.take().unwrap_or_else(|| Answer::new(Style::default(), ""));
    let style = Style {
        tone: found.style.tone.or(before.value.tone),
        colour: found.style.colour.or(before.value.colour),
    };
    // A tone and a colour told one after the other are said together; a second colour is the colour.
    let replaces = found.style.tone.is_some() && before.value.tone.is_some()
        || found.style.colour.is_some() && before.value.colour.is_some();
    let said = match before.said.as_str() {
        said if replaces || said.is_empty() => found.style_said.clone(),
        said => format!("{said}, {}", found.style_said),
    };
    brief.style = Some(Answer::new(style, cut(&said)));
}

/// Adds items; one of the same name is replaced.
pub(crate) fn add_items(brief: &mut Brief, items: &[Item]) {
    put_items(brief, items, false);
}

/// Gives items that are known other prices; others are added.
pub(crate) fn amend_items(brief: &mut Brief, items: &[Item]) {
    put_items(brief, items, true);
}

/// Adds items; one of the same name is replaced. With `amends` so is the only one whose name holds
/// the one that is told: "eh minyak 18rb" is the price of "Minyak 1 liter".
fn put_items(brief: &mut Brief, items: &[Item], amends: bool) {
    let known = if amends { brief.items.len() } else { 0 };
    for item in items {
        let named =
            |name: &str| brief.items.iter().position(|old| old.name.eq_ignore_ascii_case(name));
        // "nasi pecelnya 12rb" speaks of the nasi pecel.
        let same = named(&item.name)
            .or_else(|| named(item.name.strip_suffix("nya")?))
            .or_else(|| only_like(&brief.items[..known], item));
        match same {
            Some(at) => brief.items[at] = corrected(&brief.items[at], item),
            None if brief.items.len() < MAX_ITEMS => brief.items.push(item.clone()),
            None => {}
        }
    }
}

/// Most items of a message that amend others; a longer one is a list of its own.
const MOST_AMENDED: usize = 2;
/// Words so short that another letter makes another word.
const SHORT_WORD_CHARS: usize = 3;
/// How alike two names must be to be the same one mistyped.
const SURE_LIKENESS: f64 = 0.92;

/// The only item whose name holds the words of another's, or is the same mistyped.
fn only_like(items: &[Item], told: &Item) -> Option<usize> {
    told.price.as_ref()?;
    let wanted = normalise(&told.name);
    let figures = |name: &str| name.chars().any(|c| c.is_ascii_digit());
    let alike = |item: &Item| {
        let own = normalise(&item.name);
        let words = |name: &str| name.split(' ').count();
        // "paket a" and "paket b" are two.
        let mistyped = !figures(&wanted)
            && words(&own) == words(&wanted)
            && wanted.split(' ').all(|word| word.chars().count() > SHORT_WORD_CHARS)
            && strsim::jaro_winkler(&own, &wanted) >= SURE_LIKENESS;
        // "lake view room is 420k" where "lake view" is sold.
        let more = wanted.strip_prefix(&format!("{own} "));
        // "petik stroberi teh 90rb": a small word behind a name of several.
        let small = |word: &str| own.contains(' ') && is_in("item-tail", word);
        let loose = more.is_some_and(|more| {
            more.split(' ').all(|word| is_in("loose-nouns", word) || small(word))
        });
        format!(" {own} ").contains(&format!(" {wanted} ")) || mistyped || loose
    };
    let found: Vec<usize> = (0..items.len()).filter(|at| alike(&items[*at])).collect();
    // "peak" is the "court peak", and not the "court off peak".
    let holds = |all: &str, some: &str| {
        let all = normalise(all);
        normalise(some).split(' ').all(|word| all.split(' ').any(|one| one == word))
    };
    let nearest =
        |at: &usize| found.iter().all(|other| holds(&items[*other].name, &items[*at].name));
    let mut nearest = found.iter().copied().filter(nearest);
    let first = nearest.next()?;
    nearest.next().is_none().then_some(first)
}

/// A new price keeps what the old one was for: "kamar ac jadi 1,2jt" is still a month's.
fn corrected(old: &Item, new: &Item) -> Item {
    let mut item = Item { name: old.name.clone(), ..new.clone() };
    if new.name.eq_ignore_ascii_case(&old.name) {
        item.name.clone_from(&new.name);
    }
    if let (Some(price), Some(before)) = (&mut item.price, &old.price) {
        price.unit = price.unit.take().or(before.unit.clone());
    }
    item.note = item.note.take().or(old.note.clone());
    item.photo = item.photo.take().or(old.photo.clone());
    item
}

fn take_contact(brief: &mut Brief, found: &Found, said: &str) {
    let mut answer =
        brief.contact.take().unwrap_or_else(|| Answer::new(Contact::default(), String::new()));
    let contact = &mut answer.value;
    contact.phone = found.phone.clone().or(contact.phone.take());
    contact.address = found.address.clone().or(contact.address.take());
    contact.city = found.city.clone().or(contact.city.take());
    let beside = |known: &Hours| found.hours_change.as_ref()?.applied_to(Some(known));
    contact.hours = match (contact.hours.take(), &found.hours) {
        (Some(known), Some(told)) if found.hours_without_days => Some(on_known_days(known, told)),
        (Some(known), told) => beside(&known).or(told.clone()).or(Some(known)),
        (None, told) => told.clone(),
    };
    contact.time_zone = found.time_zone.or(contact.time_zone);
    contact.email = found.email.clone().or(contact.email.take());
    add_links(contact, &found.links);
    if !answer.said.is_empty() {
        answer.said.push('\n');
    }
    answer.said = cut(&(answer.said + said));
    brief.contact = Some(answer);
}

/// "jamnya 11-22": other times on the days that are known, where all of them had the same.
fn on_known_days(known: Hours, told: &Hours) -> Hours {
    match (known.spans.as_slice(), told.spans.as_slice()) {
        ([before], [now]) if !told.always => {
            let span = OpenSpan { days: before.days.clone(), ..now.clone() };
            Hours { always: false, spans: vec![span] }
        }
        _ => told.clone(),
    }
}

pub(crate) fn add_links(contact: &mut Contact, links: &[Link]) {
    for link in links {
        contact.links.retain(|old| old.kind != link.kind || old.url == link.url);
        if !contact.links.contains(link) && contact.links.len() < MAX_LINKS {
            contact.links.push(link.clone());
        }
    }
}

/// "hapus es jeruk", "hapus nomor": takes an item or a way to be reached out again. Answers what
/// was taken out, as said.
pub(crate) fn remove(brief: &mut Brief, text: &str) -> Option<String> {
    let rest = cut_prefix("remove-verbs", cut_all("politeness", text))?;
    let named = cut_end("name-tail", cut_all("item-nouns", rest));
    let wanted = normalise(named);
    let before = brief.items.len();
    brief.items.retain(|item| normalise(&item.name) != wanted);
    if brief.items.len() < before {
        return Some(cut(named));
    }
    let (field, "") = field_at_front(rest)? else { return None };
    let contact = &mut brief.contact.as_mut()?.value;
    let taken = match field {
        Field::Phone => contact.phone.take().is_some(),
        Field::Address => contact.address.take().is_some(),
        Field::Hours => contact.hours.take().is_some(),
        Field::Trade | Field::Name | Field::Audience | Field::Features | Field::Items => false,
        Field::Style | Field::Colour | Field::Contact | Field::Subdomain => false,
        Field::Heading | Field::Price => false,
    };
    taken.then(|| cut(rest))
}

/// What the brief has now and had not before, in words, for "noted: …".
pub(crate) fn noted(before: &Brief, after: &Brief, turn: &Turn<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if before.trade != after.trade
        && let Some(trade) = &after.trade
        // "Something else" is nothing to note.
        && !(trade.value == Trade::Other && trade.said.trim().is_empty())
        && after.name.as_ref().is_none_or(|name| !name.value.eq_ignore_ascii_case(&trade.said))
    {
        lines.push(super::summary::trade(trade, turn));
    }
    if before.name != after.name
        && let Some(name) = &after.name
    {
        lines.push(name.value.clone());
    }
    if before.audience != after.audience
        && let Some(audience) = &after.audience
    {
        lines.push(super::summary::audience(&audience.value, turn));
    }
    if before.features != after.features
        && let Some(features) = &after.features
    {
        lines.push(super::summary::features(&features.value, turn));
    }
    let told: Vec<Item> =
        after.items.iter().filter(|item| !before.items.contains(item)).cloned().collect();
    if !told.is_empty() {
        lines.push(super::summary::item_names(&told, turn));
    }
    if before.style != after.style
        && let Some(style) = &after.style
    {
        lines.push(super::summary::style(style, turn));
    }
    if before.contact != after.contact
        && let Some(contact) = &after.contact
    {
        let old = before.contact.as_ref().map(|answer| &answer.value);
        lines.extend(super::summary::new_contact(old, &contact.value, turn));
    }
    let told = after.certificates.iter().filter(|one| !before.certificates.contains(one));
    lines.extend(told.map(Certificate::to_string));
    if after.second_language.is_some() && before.second_language.is_none() {
        lines.push(turn.plain("word-two-languages", &[]));
    }
    lines.retain(|line| !line.is_empty());
    lines
}
