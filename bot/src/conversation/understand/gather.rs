//! Reads every answer a message contains, whatever was asked.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use sitespark_core::brief::{
    Answer, Certificate, CertificateKind, Email, Feature, Hours, HoursChange, Item, Link, Phone,
    PhoneError, Rgb, Style, TimeZone, Tone, Trade, parse_items, parse_more_items,
};

use super::denial;
use super::hours_talk;
use super::naming::{self, Business, business, clean_name, cut_city, title_case};
use super::proofs;
use super::reach;
use super::segments;
use super::tap::Field;
use super::words::{
    canonical, cut_all, cut_end, cut_prefix, is_in, knows, list, mentions, normalise, respelled,
    split_at_word,
};
use crate::conversation::state::Step;

/// Most words of a piece that can be nothing but a style.
const MAX_STYLE_WORDS: usize = 4;

/// Most words in the name of a village or district.
const MAX_DISTRICT_WORDS: usize = 3;
/// Longest street address, in characters.
const MAX_ADDRESS_CHARS: usize = 200;

/// Everything found in one message.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Found {
    pub(crate) trade: Option<Answer<Trade>>,
    pub(crate) name: Option<Answer<String>>,
    pub(crate) audience: Option<Answer<String>>,
    pub(crate) features: BTreeSet<Feature>,
    pub(crate) items: Vec<Item>,
    pub(crate) style: Style,
    pub(crate) style_said: String,
    pub(crate) phone: Option<Phone>,
    pub(crate) phone_error: Option<PhoneError>,
    pub(crate) email: Option<Email>,
    pub(crate) links: Vec<Link>,
    pub(crate) hours: Option<Hours>,
    /// The hours were told without days: those that are known stay.
    pub(crate) hours_without_days: bool,
    /// What the hours are beside those that are known: "minggu tutup", "sabtu 9-12".
    pub(crate) hours_change: Option<HoursChange>,
    pub(crate) address: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) time_zone: Option<TimeZone>,
    pub(crate) certificates: Vec<Certificate>,
    /// A number was told that cannot be one of its kind.
    pub(crate) certificate_fault: Option<CertificateKind>,
    pub(crate) two_languages: bool,
    /// What was said not to be there.
    pub(crate) absent: Vec<Field>,
    /// Pieces that are none of these.
    pub(crate) rest: Vec<String>,
}

impl Found {
    /// Whether it says how to reach the business.
    pub(crate) fn has_contact(&self) -> bool {
        self.phone.is_some()
            || self.email.is_some()
            || !self.links.is_empty()
            || self.hours.is_some()
            || self.hours_change.is_some()
            || self.address.is_some()
            || self.city.is_some()
            || self.time_zone.is_some()
    }

    /// Whether it holds anything but pieces nobody can place.
    pub(crate) fn is_telling(&self) -> bool {
        *self != Self { rest: self.rest.clone(), ..Self::default() }
    }

    /// Whether it says how the site shall look.
    pub(crate) fn has_style(&self) -> bool {
        self.style != Style::default()
    }
}

/// Reads a message. `asked` is the open question, which decides what an unlabelled piece means.
pub(crate) fn gather(text: &str, asked: Option<Step>) -> Found {
    let mut found = Found::default();
    let text = proofs::take(text, &mut found);
    let text = reach::take_reach(&text, asked, &mut found);
    if is_parts_only(&text) {
        take_features(&text, &mut found);
        return found;
    }
    let text = match asked {
        Some(Step::Items) => super::thousands::spelled(&text),
        None | Some(Step::Trade) => match naming::dashed(&text) {
            Some((told, name)) => {
                found.name = Some(Answer::new(name, text.clone()));
                told
            }
            None => text,
        },
        Some(_) => text,
    };
    if matches!(asked, None | Some(Step::Trade))
        && let Some(name) = naming::quoted(&text)
    {
        found.name = Some(Answer::new(name, text.clone()));
    }
    let text = match headline(&text).filter(|_| matches!(asked, None | Some(Step::Trade))) {
        Some((name, rest)) if found.name.is_none() => {
            found.trade = Trade::parse(&name).map(|trade| Answer::new(trade, name.to_lowercase()));
            found.name = Some(Answer::new(name, text.clone()));
            rest
        }
        Some(_) | None => text,
    };
    let inline = !matches!(asked, Some(Step::Name | Step::Items));
    read_pieces(&segments::split(&text, inline), asked, &mut found);
    if let (None, Some(address)) = (&found.city, &found.address) {
        found.city = city_in(address);
    }
    if matches!(asked, None | Some(Step::Trade)) && found.trade.is_none() {
        found.trade = trade_of_items(&found.items);
    }
    found
}

/// Fewest lines of a message that has a headline.
const MIN_LINES: usize = 3;
/// Most words of a headline.
const MAX_HEADLINE_WORDS: usize = 6;

/// The name above a list, as in a broadcast: a first line in bold or in capitals. Gives the rest.
fn headline(text: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (first, rest) = lines.split_first()?;
    let bold = first.starts_with('*') && first.ends_with('*');
    let shouted = !first.chars().any(char::is_lowercase);
    let words = first.split_whitespace().count();
    let fits = lines.len() >= MIN_LINES
        && (2..=MAX_HEADLINE_WORDS).contains(&words)
        && (bold || shouted)
        && !has_digits(first)
        && !first.ends_with(':')
        && !mentions("site-words", &normalise(first));
    let name = clean_name(&first.to_lowercase().replace('*', ""))?;
    fits.then(|| (name, rest.join("\n")))
}

fn read_pieces(pieces: &[String], asked: Option<Step>, found: &mut Found) {
    let mut at = 0;
    let mut in_address = false;
    let mut in_parts = false;
    while at < pieces.len() {
        if let Some((hours, used)) = hours_from(&pieces[at..], asked) {
            let told = pieces[at..at + used].join(" ");
            found.hours_without_days = !mentions("days", &normalise(&told));
            found.hours_change = read_change(&told);
            // "siap 24 jam area bekasi": the town stands behind the hours.
            if ends_in_city(&normalise(&told)) {
                found.city = found.city.take().or_else(|| city_in(&told));
            }
            found.hours.get_or_insert(hours);
            in_address = false;
            at += used;
            continue;
        }
        let piece = without_lead(&pieces[at], asked);
        at += 1;
        let piece = match priced_place(piece) {
            Some(priced) if asked != Some(Step::Name) => {
                found.features.insert(Feature::Visit);
                priced
            }
            Some(_) | None => piece,
        };
        if let Some(change) = week_part(piece, asked) {
            found.hours_change = Some(change);
            continue;
        }
        if mentions("open-ended", &normalise(piece)) {
            found.notes.push(piece.trim().to_owned());
            continue;
        }
        if let Some(field) = denial::read(piece) {
            found.absent.push(field);
            continue;
        }
        let parts = asked == Some(Step::Features) && !has_digits(piece) || is_parts_only(piece);
        if parts && take_features(piece, found) {
            continue;
        }
        if take_address(piece, asked, in_address, found)
            || in_address && take_district(piece, pieces.get(at), asked, found)
        {
            in_address = true;
            continue;
        }
        in_address = false;
        // "please add a menu, photos and an order button": the parts go on.
        let known = found.features.len();
        if in_parts && is_short(piece) && !has_digits(piece) && take_features(piece, found) {
            continue;
        }
        let taken = take_labelled(piece, asked, found) || take_asked(piece, asked, found);
        in_parts = found.features.len() > known;
        // "eh maaf, namanya …" says nothing by its first words.
        let lead = pieces.len() > 1 && normalise(cut_all("interjection", piece)).is_empty();
        if !taken && !only_noise(piece) && !lead {
            found.rest.push(piece.to_owned());
        }
    }
}

/// "lokasi ganti oli 55rb": the place is a part of the site, what follows is sold.
fn priced_place(piece: &str) -> Option<&str> {
    cut_prefix("address-label", piece).filter(|rest| {
        let first = normalise(rest).split(' ').next().unwrap_or("").to_owned();
        is_price_list(rest) && !is_in("address-words", &first)
    })
}

/// Fewest parts of a site that are an answer to any question when nothing else is said.
const MIN_PARTS: usize = 2;

/// "katalog, lokasi dan jam buka": nothing but parts of a site.
fn is_parts_only(text: &str) -> bool {
    let separate = text.replace([',', ';', '+', '&', '/', '.', '\n'], " dan ");
    let normal = canonical(&without_doubling(&normalise(&separate)));
    let words: Vec<&str> = normal.split(' ').filter(|word| !knows("courtesy", word)).collect();
    let parts: Vec<String> = words
        .split(|word| knows("part-join", word))
        // "testimoni gak ada" is no part.
        .filter(|part| !part.is_empty() && !part.iter().any(|word| knows("denial", word)))
        .map(|part| {
            // "an order button", "testimoni": beside the parts there are choices for.
            let own = part.iter().filter(|word| !knows("part-words", word)).copied();
            own.collect::<Vec<_>>().join(" ")
        })
        .filter(|part| !part.is_empty())
        .collect();
    let named = |part: &String| {
        let known = |word: &str| FEATURE_WORDS.contains(word);
        let any = || Feature::ALL.into_iter().any(|one| mentions(feature_words(one), part));
        part.split(' ').all(known) && any()
    };
    parts.len() >= MIN_PARTS && parts.iter().all(named)
}

/// Every word of the phrases for parts of a site.
static FEATURE_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let phrases = Feature::ALL.into_iter().flat_map(|feature| list(feature_words(feature)));
    phrases
        .flat_map(|phrase| canonical(phrase).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect()
});

/// "catering harian box 25rb" names the trade in what is sold.
fn trade_of_items(items: &[Item]) -> Option<Answer<Trade>> {
    let said = items.iter().find_map(|item| Trade::parse(&item.name).map(|trade| (trade, item)));
    said.map(|(trade, item)| Answer::new(trade, item.name.to_lowercase()))
}

/// A piece without "eh", "oiya" and the like before it; a name may begin with anything.
fn without_lead(piece: &str, asked: Option<Step>) -> &str {
    let rest = cut_all("interjection", piece);
    let labelled = cut_prefix("name-label", rest).is_some();
    if asked == Some(Step::Name) && !labelled || normalise(rest).is_empty() { piece } else { rest }
}

fn has_digits(piece: &str) -> bool {
    piece.chars().any(|c| c.is_ascii_digit())
}

fn only_noise(piece: &str) -> bool {
    normalise(piece).split(' ').all(|word| is_in("contact-noise", word))
}

/// Hours at the front of the pieces, and how many pieces they take ("senin-jumat 8-17, sabtu 9-12").
fn hours_from(pieces: &[String], asked: Option<Step>) -> Option<(Hours, usize)> {
    let first = pieces.first()?;
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
    while hours.is_none() && (days_only(&pieces[used - 1]) || closes_on_days(&pieces[used - 1])) {
        let next = pieces.get(used).filter(|next| begins_as_hours(&normalise(next)))?;
        joined = format!("{joined}, {next}");
        hours = read_hours(&joined);
        used += 1;
    }
    let mut hours = hours?;
    for piece in &pieces[used..] {
        let longer = format!("{joined}, {piece}");
        let normal = normalise(piece);
        let more = is_in("hours-more", normal.split(' ').next().unwrap_or(""));
        // "kecuali jumat | buka jam 1 siang": the days stand before.
        let day = normalise(&joined).rsplit(' ').next().is_some_and(|word| is_in("days", word));
        if !(begins_with_day(&normal) || more || day && begins_as_hours(&normal)) {
            break;
        }
        let Some(more) = read_hours(&longer) else { break };
        (joined, hours, used) = (longer, more, used + 1);
    }
    Some((hours, used))
}

fn read_hours(text: &str) -> Option<Hours> {
    Hours::parse(&respelled(text)).or_else(|| Hours::parse(text))
}

fn read_change(text: &str) -> Option<HoursChange> {
    HoursChange::parse(&respelled(text)).or_else(|| HoursChange::parse(text))
}

/// "minggu tutup", "istirahat jam 12-1": nothing but words of hours, and no week of its own.
fn week_part(piece: &str, asked: Option<Step>) -> Option<HoursChange> {
    let speaks = asked != Some(Step::Name) && hours_talk::is_about_hours(piece);
    speaks.then(|| read_change(piece)).flatten()
}

/// Days and nothing else, perhaps behind "buka".
fn days_only(piece: &str) -> bool {
    let told = cut_prefix("hours-label", piece).unwrap_or(piece);
    let normal = normalise(told);
    let day = |word: &str| is_in("days", word) || word == SHORT_SUNDAY || is_in("day-joins", word);
    !normal.is_empty() && normal.split(' ').all(day)
}

/// "we're closed on mondays", "tutup hari senin": the hours themselves follow.
fn closes_on_days(piece: &str) -> bool {
    let normal = normalise(piece);
    mentions("closing-words", &normal) && mentions("days", &normal)
}

/// A day, a time of the clock, or a word before them.
fn begins_as_hours(normal: &str) -> bool {
    let first = normal.split(' ').next().unwrap_or("");
    let clock = first.starts_with(|c: char| c.is_ascii_digit()) && normal.split(' ').count() > 1;
    begins_with_day(normal)
        || clock
        || is_in("clock-lead", first)
        || is_in("hours-label", first)
        || is_in("hours-more", first)
}

/// "Min" is Sunday among hours, and how people call us anywhere else.
const SHORT_SUNDAY: &str = "min";

/// Fewest words of hours that are told whatever was asked.
const MIN_HOURS_WORDS: usize = 2;

/// "9am till 6pm mon to sat": nothing but days and times of the clock, wherever it is said.
fn is_hours_only(normal: &str) -> bool {
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

fn begins_with_day(normal: &str) -> bool {
    let first = normal.split(' ').next();
    let sunday = first == Some(SHORT_SUNDAY) && normal.bytes().any(|b| b.is_ascii_digit());
    sunday || first.is_some_and(|word| is_in("days", word))
}

fn is_price_list(piece: &str) -> bool {
    parse_items(piece).iter().any(|item| item.price.is_some())
}

fn take_address(piece: &str, asked: Option<Step>, continues: bool, found: &mut Found) -> bool {
    let normal = normalise(piece);
    let first = normal.split(' ').next().unwrap_or("");
    let street = is_in("address-words", first);
    // A street with its number is no name, even where one is asked.
    let numbered = is_in("street-words", first) && has_digits(piece);
    let labelled = cut_prefix("address-label", piece);
    let contact = matches!(asked, Some(Step::Contact | Step::Phone));
    let place = contact && mentions("address-words", &normal);
    let spot = normal.strip_prefix("di ").unwrap_or(&normal);
    let city = is_in("cities", spot)
        || spot
            .rsplit_once(' ')
            .is_some_and(|(city, last)| is_in("cities", city) && is_in("city-tail", last));
    let address = found.address.as_deref();
    match (labelled, address) {
        (Some(rest), None) if !normalise(rest).is_empty() && !only_noise(rest) => {
            set_address(rest, found);
            true
        }
        (None, None) if (street || place) && asked != Some(Step::Name) || numbered => {
            set_address(piece, found);
            true
        }
        (None, Some(before)) if continues && (city || street || place) => {
            found.address = Some(format!("{before}, {piece}"));
            found.city = city_in(piece).or(found.city.take());
            true
        }
        // "daerah Cimanggis Depok": where goods are sent to is no address, but tells the town.
        (None, None) if contact && is_in("in-place", first) && ends_in_city(&normal) => {
            found.city = city_in(piece).or(found.city.take());
            true
        }
        // "alun alun kidul yogyakarta": a place that ends with its city needs no word for a street.
        (None, None) if contact && !city && ends_with_city(&normal) => {
            set_address(piece, found);
            true
        }
        (None, None) if city && (contact || asked.is_none()) => {
            let name = piece.strip_prefix("di ").unwrap_or(piece);
            found.city = Some(title_case(cut_end("area-tail", name)));
            true
        }
        (Some(_) | None, Some(_) | None) => false,
    }
}

/// Several words, the last of them a city; where goods are sent is no place.
fn ends_with_city(normal: &str) -> bool {
    ends_in_city(normal) && !mentions("no-address", normal)
}

fn ends_in_city(normal: &str) -> bool {
    normal.rsplit_once(' ').is_some_and(|(_, last)| is_in("cities", last))
}

/// The village or district between a street and its city: "Jl. Raya Bogor KM 27, Ciracas, Depok".
fn take_district(
    piece: &str,
    next: Option<&String>,
    asked: Option<Step>,
    found: &mut Found,
) -> bool {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let short = (1..=MAX_DISTRICT_WORDS).contains(&words.len());
    let letters = piece.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-'));
    let before_city = next.is_some_and(|next| is_in("cities", &normalise(next)));
    let as_name = words.iter().all(|word| *word == "-" || word.starts_with(char::is_uppercase));
    let known = begins_with_day(&normalise(piece)) || only_noise(piece);
    let contact = matches!(asked, Some(Step::Contact | Step::Phone));
    let (true, Some(before)) = (contact && short && letters && !known, &found.address) else {
        return false;
    };
    if !(before_city || as_name) {
        return false;
    }
    found.address = Some(format!("{before}, {piece}"));
    true
}

fn set_address(text: &str, found: &mut Found) {
    let text = text.trim();
    if is_in("cities", &normalise(text)) {
        found.city = Some(title_case(text));
    } else {
        found.city = found.city.take().or_else(|| city_in(text));
        found.address = Some(text.chars().take(MAX_ADDRESS_CHARS).collect());
    }
}

/// The last city an address names, but not one that a street is called by: "Jl. Raya Bogor".
pub(crate) fn city_in(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(normalise)
        .filter(|w| !w.is_empty())
        .collect();
    let city = |at: usize| {
        let long = (at + 1 < words.len()).then(|| format!("{} {}", words[at], words[at + 1]));
        long.filter(|name| is_in("cities", name))
            .or_else(|| Some(words[at].clone()).filter(|name| is_in("cities", name)))
    };
    // "Jl. Raya Bogor" is called by a city, "Jl. Kemang Raya Jakarta" is not.
    let names_street = |at: usize| {
        let raya = words[at] == "raya" && at > 0 && !is_in("street-words", &words[at - 1]);
        is_in("street-words", &words[at]) && !raya
    };
    let street = |at: usize| {
        let before = (0..at).rev().find(|at| !is_in("cities", &words[*at]));
        let touching = before.is_some_and(names_street);
        touching
            && (0..at)
                .rev()
                .take_while(|at| !names_street(*at))
                .all(|at| is_in("cities", &words[at]))
    };
    let found = (0..words.len()).rev().find(|at| city(*at).is_some() && !street(*at))?;
    let whole = found.checked_sub(1).filter(|at| city(*at).is_some_and(|name| name.contains(' ')));
    city(whole.unwrap_or(found)).map(|name| title_case(&name))
}

/// Most words before "namanya" in the answer to what a business is called.
const MAX_LEAD_WORDS: usize = 3;

/// Pieces that say themselves what they are.
fn take_labelled(piece: &str, asked: Option<Step>, found: &mut Found) -> bool {
    let named = cut_prefix("name-label", piece).or_else(|| {
        let (before, named) = split_at_word("name-inside", piece)?;
        (asked == Some(Step::Name) && before.split(' ').count() <= MAX_LEAD_WORDS).then_some(named)
    });
    if let Some(named) = named.filter(|named| !only_noise(named)) {
        let (rest, city) = if asked.is_none() { cut_city(named) } else { (named, None) };
        if let Some(name) = clean_name(rest) {
            found.name = Some(Answer::new(name, piece));
            found.city = found.city.take().or(city);
            return true;
        }
    }
    if let Some(rest) = cut_prefix("style-label", piece)
        && (asked != Some(Step::Name) || is_plain_look(rest) && begins_small(piece))
        && take_style(rest, rest, found)
    {
        return true;
    }
    if let Some(rest) = cut_prefix("trade-label", piece)
        && piece[..piece.len() - rest.len()].contains([':', '='])
        && take_business(rest, found)
    {
        return true;
    }
    if let Some(rest) = cut_prefix("audience-label", piece)
        && let Some((who, price)) = split_at_word("price-nouns", rest)
        && is_price_list(piece)
    {
        take_audience(who, piece, asked, found);
        // "harga 75rb per pertemuan" is what the trade itself costs.
        if let Some(trade) = &found.trade {
            found.items.extend(parse_items(&format!("{} {price}", trade.said)));
        }
        return true;
    }
    if is_price_list(piece) {
        let more = if found.items.is_empty() { parse_items } else { parse_more_items };
        found.items.extend(more(piece));
        return true;
    }
    if let Some(whom) = cut_prefix("serving-label", piece)
        && mentions("people-words", &normalise(whom))
    {
        take_audience(whom, piece, asked, found);
        return true;
    }
    let normal = normalise(piece);
    if mentions("site-words", &normal) && asked != Some(Step::Audience) {
        return take_business(piece, found);
    }
    if let Some(note) = cut_prefix("note-label", piece) {
        found.notes.push(note.to_owned());
        return true;
    }
    let free = matches!(asked, Some(Step::Name | Step::Items));
    if !free
        && let Some(rest) = cut_prefix("feature-label", piece)
        && take_features(rest, found)
    {
        return true;
    }
    let behind_name = asked == Some(Step::Name) && (found.name.is_some() || !found.rest.is_empty());
    if (!free || behind_name)
        && let Some(rest) = cut_prefix("audience-label", cut_all("courtesy", piece))
        && !normalise(rest).is_empty()
    {
        // "pengunjung mall" is who they are, "pelanggan ibu-ibu" says it behind the word.
        let noun = cut_prefix("audience-nouns", piece) == Some(rest)
            && cut_prefix("people-lead", rest).is_none()
            && !mentions("people-words", &normalise(rest))
            && !piece.contains([':', '=']);
        let keeps =
            asked == Some(Step::Audience) && (noun || cut_prefix("audience-keep", rest).is_some());
        // "buat aja udah" tells nobody.
        if keeps || asked != Some(Step::Audience) && says_nobody(rest) {
            return false;
        }
        take_audience(rest, piece, asked, found);
        return true;
    }
    false
}

fn take_audience(told: &str, said: &str, asked: Option<Step>, found: &mut Found) {
    let told = cut_all("audience-label", told);
    let behind = cut_all("audience-filler", told);
    let told = if normalise(behind).is_empty() { told } else { cut_all("audience-label", behind) };
    let (told, city) = if asked.is_none() { cut_city(told) } else { (told, None) };
    found.city = found.city.take().or(city);
    let told = cut_end("audience-tail", cut_end("name-tail", told));
    found.audience = Some(Answer::new(told.to_owned(), said));
}

/// Whether words are nothing but those around a yes.
fn says_nobody(told: &str) -> bool {
    let plain = canonical(&normalise(told));
    let filler = |word: &str| {
        ["courtesy", "agree", "agree-more", "enough"].iter().any(|list| knows(list, word))
    };
    plain.split(' ').all(filler) && plain != "semua"
}

/// Pieces that mean what was asked.
fn take_asked(piece: &str, asked: Option<Step>, found: &mut Found) -> bool {
    match asked {
        None | Some(Step::Trade) => {
            let short = is_short(piece);
            if take_business(piece, found) {
                return true;
            }
            short
                && (found.trade.is_some() || Tone::parse(piece).is_none() || is_looks_only(piece))
                && take_style(piece, piece, found)
        }
        Some(Step::Style | Step::Colour) => {
            take_style(piece, piece, found) || take_mistyped_colour(piece, found)
        }
        Some(Step::Features) => {
            take_features(piece, found)
                || is_short(piece) && take_style(piece, piece, found)
                || take_people(piece, found)
        }
        Some(Step::Contact | Step::Phone) => {
            is_short(piece) && !has_digits(piece) && take_style(piece, piece, found)
        }
        Some(Step::Name) => {
            begins_small(piece) && is_plain_look(piece) && take_style(piece, piece, found)
                || begins_small(piece) && !is_trade(piece) && take_people(piece, found)
        }
        Some(Step::Audience | Step::Items) => false,
    }
}

/// "orange ya": a colour and nothing else.
fn is_plain_look(rest: &str) -> bool {
    const MOST_WORDS: usize = 2;
    let plain = canonical(&normalise(rest));
    let words = plain.split(' ').filter(|word| !knows("courtesy", word)).count();
    words <= MOST_WORDS && Rgb::parse_name(&plain).is_some()
}

/// "modern minimalis": every word says how it looks; "homemade jam" is a line of business.
pub(crate) fn is_looks_only(piece: &str) -> bool {
    let plain = canonical(&normalise(piece));
    let beside = |word: &str| {
        ["courtesy", "name-tail", "style-label", "tone-wish", "part-join", "denial", "request"]
            .iter()
            .any(|list| is_in(list, word))
            || word == "it"
    };
    let looks = |word: &str| Tone::parse(word).is_some() || Rgb::parse_name(word).is_some();
    plain.split(' ').all(|word| looks(word) || beside(word)) || Rgb::parse_name(&plain).is_some()
}

/// A name is hardly ever begun in small letters by who writes a colour.
fn begins_small(piece: &str) -> bool {
    piece.starts_with(char::is_lowercase)
}

/// Few words, those of courtesy not counted.
fn is_short(piece: &str) -> bool {
    let plain = canonical(&normalise(piece));
    plain.split(' ').filter(|word| !knows("courtesy", word)).count() <= MAX_STYLE_WORDS
}

/// Whether a piece names a line of business or a shop: "anak bangsa laundry".
fn is_trade(piece: &str) -> bool {
    let normal = normalise(piece);
    Trade::parse(piece).is_some() || normal.split(' ').any(|word| is_in("shop-words", word))
}

/// "orang yang mau renovasi": who the customers are, told after that was asked.
fn take_people(piece: &str, found: &mut Found) -> bool {
    let rest = cut_prefix("people-lead", piece);
    let told =
        rest.is_some_and(|rest| !normalise(rest).is_empty() || normalise(piece).contains(' '));
    if told {
        found.audience = Some(Answer::new(cut_end("name-tail", piece).to_owned(), piece));
    }
    told
}

fn take_style(text: &str, said: &str, found: &mut Found) -> bool {
    let spelled = canonical(&normalise(text));
    let tone = Tone::parse(text).or_else(|| Tone::parse(&spelled));
    let colour = Rgb::parse_name(text).or_else(|| Rgb::parse_name(&spelled));
    // "warna ungu, eh jangan ungu": what was just said is taken back.
    let unwanted = cut_prefix("dont-words", cut_all("interjection", text));
    if let Some(unwanted) = unwanted.and_then(Rgb::parse_name)
        && found.style.colour == Some(unwanted)
    {
        found.style.colour = None;
        found.style_said.clear();
        return true;
    }
    if tone.is_none() && colour.is_none() {
        return false;
    }
    found.style.tone = found.style.tone.or(tone);
    found.style.colour = found.style.colour.or(colour);
    if !found.style_said.is_empty() {
        found.style_said.push_str(", ");
    }
    found.style_said.push_str(&look_in(said));
    true
}

/// "merha", where a colour is asked for.
fn take_mistyped_colour(piece: &str, found: &mut Found) -> bool {
    let meant = is_short(piece).then(|| Rgb::parse_mistyped(&piece.to_lowercase())).flatten();
    if meant.is_some() {
        found.style.colour = found.style.colour.or(meant);
        found.style_said = piece.to_owned();
    }
    meant.is_some()
}

/// "biru aja deh jangan ijo" as "biru": what is said of the looks without the words around it.
fn look_in(said: &str) -> String {
    let wanted = match split_at_word("dont-words", said) {
        Some((before, _)) if Rgb::parse_name(before).is_some() => before,
        Some(_) | None => said,
    };
    let courtesy = |word: &&str| {
        let plain = canonical(&normalise(word));
        plain.is_empty() || knows("courtesy", &plain) || knows("name-tail", &plain)
    };
    let kept: Vec<&str> = wanted.split_whitespace().filter(|word| !courtesy(word)).collect();
    if kept.is_empty() { said.to_owned() } else { kept.join(" ") }
}

/// Most words of customers that stand behind a line of business.
const MAX_AUDIENCE_WORDS: usize = 5;

/// "a vet clinic in Sanur for expat pet owners": the business, and for whom it is.
fn for_whom(piece: &str) -> Option<(&str, &str)> {
    let (before, whom) = split_at_word("audience-for", piece)?;
    let few = whom.split_whitespace().count() <= MAX_AUDIENCE_WORDS;
    let people = mentions("people-words", &normalise(whom));
    let known = Trade::parse(before).is_some() && Trade::parse(whom).is_none();
    (few && people && known).then_some((before, whom))
}

fn take_business(piece: &str, found: &mut Found) -> bool {
    let piece = match for_whom(piece) {
        Some((before, whom)) if found.audience.is_none() => {
            let (whom, city) = cut_city(whom);
            found.city = found.city.take().or(city);
            let told = cut_end("audience-tail", cut_end("name-tail", whom));
            found.audience = Some(Answer::new(told.to_owned(), piece));
            before
        }
        Some(_) | None => piece,
    };
    let Business { trade, name, city } = business(piece);
    let taken = trade.is_some() || name.is_some();
    found.trade = found.trade.take().or(trade);
    found.name = found.name.take().or(name);
    found.city = found.city.take().or(city);
    taken
}

/// Features named in a text; answers whether there were any.
fn take_features(text: &str, found: &mut Found) -> bool {
    let normal = without_doubling(&normalise(text));
    let before = found.features.len();
    found.features.extend(named_features(&normal));
    let mistyped = |feature: &Feature| normal.split(' ').any(|word| nearly_names(*feature, word));
    if found.features.len() == before {
        found.features.extend(Feature::ALL.into_iter().filter(mistyped));
    }
    found.features.len() > before
}

/// The features of a normalised text; the words of a longer phrase name no other feature: "jadwal
/// praktik" is about hours, "jadwal" alone about booking.
fn named_features(normal: &str) -> BTreeSet<Feature> {
    let mut text = format!(" {} ", canonical(normal));
    let mut found = BTreeSet::new();
    for (phrase, feature) in FEATURE_PHRASES.iter() {
        let whole = format!(" {phrase} ");
        while let Some(at) = text.find(&whole) {
            found.insert(*feature);
            text.replace_range(at + 1..at + whole.len() - 1, "|");
        }
    }
    found
}

/// Every phrase for a part of a site, the longest first.
static FEATURE_PHRASES: LazyLock<Vec<(String, Feature)>> = LazyLock::new(|| {
    let phrases = Feature::ALL.into_iter().flat_map(|feature| {
        list(feature_words(feature)).iter().map(move |phrase| (canonical(phrase), feature))
    });
    let mut all: Vec<(String, Feature)> = phrases.collect();
    all.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.split(' ').count()));
    all
});

/// Shortest word in which one slip of the finger is forgiven.
const MIN_TYPO_CHARS: usize = 5;

fn nearly_names(feature: Feature, word: &str) -> bool {
    let long = |text: &str| text.chars().count() >= MIN_TYPO_CHARS;
    let near = |phrase: &&str| long(phrase) && strsim::osa_distance(phrase, word) == 1;
    long(word) && list(feature_words(feature)).iter().any(near)
}

/// "foto2" is how many write "foto-foto".
fn without_doubling(normal: &str) -> String {
    let single = |word| match str::strip_suffix(word, '2') {
        Some(stem) if stem.chars().count() > 2 => stem,
        Some(_) | None => word,
    };
    normal.split(' ').map(single).collect::<Vec<_>>().join(" ")
}

const fn feature_words(feature: Feature) -> &'static str {
    match feature {
        Feature::Catalogue => "feature-catalogue",
        Feature::Gallery => "feature-gallery",
        Feature::Order => "feature-order",
        Feature::Booking => "feature-booking",
        Feature::Visit => "feature-visit",
        Feature::About => "feature-about",
        Feature::Faq => "feature-faq",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_that_is_taken_back_gives_way_to_the_next() {
        let found = gather("modern, warna ungu. eh jangan ungu, navy aja", Some(Step::Style));
        assert_eq!(found.style.colour, Rgb::parse_name("navy"), "{found:?}");
        assert_eq!(found.style.tone, Some(Tone::Modern));
    }

    #[test]
    fn a_place_before_prices_is_a_part_of_the_site() {
        let found = gather("mau ada daftar harga sama lokasi ganti oli 55rb", None);
        assert!(found.features.contains(&Feature::Visit));
        assert_eq!(found.items.len(), 1);
        assert_eq!(found.address, None);
    }
}
