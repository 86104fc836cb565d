//! Reads every answer a message contains, whatever was asked.

mod hours;
mod labelled;
mod looks;
mod parts;
mod people;
mod places;

use std::collections::BTreeSet;

use sitespark_core::brief::{
    Answer, Certificate, CertificateKind, Email, Feature, Hours, HoursChange, Item, Link, Phone,
    PhoneError, Price, Style, TimeZone, Tone, Trade, parse_items,
};

use super::naming::clean_name;
use super::tap::Field;
use super::words::{
    canonical, cut_all, cut_end, cut_prefix, has_figures, is_in, is_written_large, knows, mentions,
    normalise,
};
use super::{denial, figures, introduced, proofs, reach, segments};
use crate::conversation::state::Step;
use hours::{hours_from, read_change, week_part};
use labelled::take_labelled;
pub(crate) use looks::{is_look_throughout, is_looks_only};
use looks::{is_plain_look, take_mistyped_colour, take_style};
use parts::{adds_parts, is_parts_only, lists_features, take_features, take_listed_parts};
pub(crate) use parts::{features_instead, features_of, refused_features, wants_everything};
use people::{add_audience, goes_on, is_trade, take_business, take_people};
pub(crate) use places::city_in;
use places::{
    ends_in_city, priced_place, take_address, take_district, take_town, town_of, town_within,
};

/// Most words of a piece that can be nothing but a style.
const MAX_STYLE_WORDS: usize = 4;

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
    let (story, text) = looks::story(text).map_or((None, text), |(told, rest)| (Some(told), rest));
    found.notes.extend(story.map(str::to_owned));
    let text = proofs::take(&figures::written(text), &mut found);
    let text = reach::take_reach(&text, asked, &mut found);
    if is_parts_only(&text) {
        // "gak usah banyak-banyak, daftar harga sama foto": what is not wanted ends with its piece.
        for piece in segments::split(&text, false) {
            take_features(&piece, &mut found);
        }
        return found;
    }
    let text = take_listed_parts(&text, asked, &mut found);
    // "cool. cheerful, turquoise": what is said to our last words is no look.
    let text = match text.split_once(['.', '!', ',']) {
        Some((first, rest))
            if matches!(asked, Some(Step::Style | Step::Colour))
                && is_in("reply-lead", &normalise(first))
                && !normalise(rest).is_empty() =>
        {
            rest.trim_start().to_owned()
        }
        Some(_) | None => text,
    };
    let text = match asked {
        Some(Step::Items) => super::thousands::spelled(&text),
        None | Some(Step::Trade) => match introduced::dashed(&text) {
            Some((told, name)) => {
                found.name = Some(Answer::new(name, text.clone()));
                told
            }
            None => text,
        },
        Some(_) => text,
    };
    if matches!(asked, None | Some(Step::Trade))
        && let Some(name) = introduced::quoted(&text)
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
    let text = text.replace('📍', "\nlokasi ");
    read_pieces(&segments::split(&text, inline), &text, asked, &mut found);
    if matches!(asked, None | Some(Step::Trade))
        && found.name.is_none()
        && found.trade.is_some()
        && let Some((at, name)) = introduced::beside_trade(&found.rest)
    {
        let said = found.rest.remove(at);
        found.name = Some(Answer::new(name, said));
    }
    // "no wa 0812…" denies nothing.
    if found.phone.is_some() {
        found.absent.retain(|field| *field != Field::Phone);
    }
    // The town of the address before one that was guessed from what is written large.
    let known = found.city.as_deref().is_some_and(|city| is_in("cities", &normalise(city)));
    if let Some(address) = found.address.as_ref().filter(|_| !known) {
        found.city = city_in(address).or(found.city.take()).or_else(|| town_of(address));
    }
    if matches!(asked, None | Some(Step::Trade)) && found.city.is_none() {
        let whom = found.audience.as_ref().map(|told| told.said.as_str());
        let pieces = segments::split(&text, inline);
        let told = pieces.iter().filter(|piece| Some(piece.as_str()) != whom);
        found.city = told.into_iter().find_map(|piece| town_within(piece));
    }
    if matches!(asked, None | Some(Step::Trade)) && found.trade.is_none() {
        found.trade = trade_of_items(&found.items);
    }
    found
}

/// Fewest lines of a message that has a headline.
const MIN_LINES: usize = 3;

/// Fewest lines behind a sign, as in a profile on Instagram.
const MIN_MARKED_LINES: usize = 2;

/// Most words of a headline.
const MAX_HEADLINE_WORDS: usize = 6;

/// The name above a list, as in a broadcast: a first line in bold or in capitals. Gives the rest.
fn headline(text: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // "ini bio ig saya:" announces what was copied.
    let told = lines.first().is_some_and(|line| line.ends_with(':'));
    let lines = if told { &lines[1..] } else { &lines[..] };
    let (first, rest) = lines.split_first()?;
    let marked = |line: &&&str| line.starts_with(|c: char| !c.is_ascii() && !c.is_alphanumeric());
    let profile = rest.iter().filter(marked).count() >= MIN_MARKED_LINES && is_written_large(first);
    let bold = first.starts_with('*') && first.ends_with('*');
    let shouted = !first.chars().any(char::is_lowercase);
    let words = first.split_whitespace().count();
    let fits = lines.len() >= MIN_LINES
        && (2..=MAX_HEADLINE_WORDS).contains(&words)
        && (bold || shouted || profile)
        && !has_figures(first)
        && !first.ends_with(':')
        && !mentions("site-words", &normalise(first));
    let name = clean_name(&first.to_lowercase().replace('*', ""))?;
    fits.then(|| (name, rest.join("\n")))
}

fn read_pieces(pieces: &[String], text: &str, asked: Option<Step>, found: &mut Found) {
    let mut at = 0;
    let mut in_address = false;
    let mut in_parts = false;
    let mut in_audience = false;
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
        // "sorry for the delay" tells for whom nothing is.
        if cut_prefix("sorry-for", &pieces[at]).is_some() {
            at += 1;
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
            // "…10 am to 7 pm. We close for lunch from 1 to 2 pm.": of the hours that were just told.
            match found.hours.as_ref().and_then(|hours| change.applied_to(Some(hours))) {
                Some(hours) => found.hours = Some(hours),
                None => found.hours_change = Some(change),
            }
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
        let parts = asked == Some(Step::Features) && !has_figures(piece)
            || is_parts_only(piece)
            || asked == Some(Step::Items) && adds_parts(piece);
        if parts && take_features(piece, found) {
            continue;
        }
        // "pelanggannya rumah tangga, ruko sama pabrik": behind the comma it goes on.
        let building = |word: &str| is_in("address-words", word) && !is_in("street-words", word);
        if in_audience
            && piece.split_whitespace().next().is_some_and(building)
            && !piece.contains(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && goes_on(text, &pieces[at.saturating_sub(2)], &pieces[at - 1])
            && add_audience(piece, found)
        {
            continue;
        }
        if take_town(piece, found)
            || take_address(piece, asked, in_address, found)
            || in_address && take_district(piece, &pieces[at..], asked, found)
        {
            in_address = true;
            continue;
        }
        in_address = false;
        // "please add a menu, photos and an order button": the parts go on.
        let known = found.features.len();
        let more = is_short(piece) || lists_features(piece);
        if in_parts && more && !has_figures(piece) && take_features(piece, found) {
            continue;
        }
        if matches!(asked, None | Some(Step::Trade))
            && found.name.is_none()
            && let Some(owned) = introduced::owned(piece)
        {
            found.name = owned.name;
            found.trade = found.trade.take().or(owned.trade);
            found.city = found.city.take().or(owned.city);
            continue;
        }
        if matches!(asked, None | Some(Step::Trade | Step::Name))
            && found.name.is_none()
            && let Some((name, beside)) = introduced::company(piece)
        {
            found.name = Some(Answer::new(name, piece));
            // "kami PT Kelana bergerak di bidang pemasangan CCTV"
            if asked != Some(Step::Name) && !normalise(&beside).is_empty() {
                take_business(&beside, found);
            }
            continue;
        }
        // "menara hanoi jg ada, 65rb": the price of what was named before the comma.
        if let Some(items) = priced_behind(piece, asked, found) {
            found.rest.pop();
            found.items.extend(items);
            continue;
        }
        // "and can it be turquoise"
        if asked != Some(Step::Items)
            && let Some(wish) = cut_prefix("wish-asked", cut_all("part-join", piece))
            && take_style(wish, wish, found)
        {
            continue;
        }
        // "… buat usaha kami | Carica Dieng Ayem"
        let introduced = at > 1 && introduced::ends_in_own_shop(&pieces[at - 2]);
        let labelled = piece.contains(':') || cut_prefix("name-label", piece).is_some();
        let signed = !labelled && introduced::is_written_as_name(piece);
        if introduced && found.name.is_none() && signed {
            found.name = clean_name(piece).map(|name| Answer::new(name, piece));
            continue;
        }
        // "Sinar Kaca Aluminium | namenye"
        let labels = |next: &String| {
            cut_prefix("name-label", next).is_some_and(|rest| normalise(rest).is_empty())
        };
        if pieces.get(at).is_some_and(labels) && introduced::is_written_as_name(piece) {
            found.name = clean_name(piece).map(|name| Answer::new(name, piece));
            at += 1;
            continue;
        }
        // "business is | called Angry Gecko"
        if at < pieces.len() && introduced::leads_to_name(piece) {
            continue;
        }
        let told = found.audience.is_some();
        let labelled = take_labelled(piece, asked, found);
        let goes_on = in_audience && !labelled && goes_on(text, &pieces[at - 2], &pieces[at - 1]);
        if goes_on && add_audience(piece, found) {
            continue;
        }
        in_audience = labelled && (found.audience.is_some() && !told);
        let taken = labelled || take_asked(piece, asked, found);
        // "pesan | wa": a word that tells nothing ends no list.
        in_parts = found.features.len() > known || in_parts && !taken && only_noise(piece);
        // "eh maaf, namanya …" says nothing by its first words.
        let lead = pieces.len() > 1 && normalise(cut_all("interjection", piece)).is_empty();
        if !taken && !only_noise(piece) && !lead {
            found.rest.push(piece.to_owned());
        }
    }
}

fn priced_behind(piece: &str, asked: Option<Step>, found: &Found) -> Option<Vec<Item>> {
    let late = |named: &String| mentions("late-item", &normalise(named));
    let goods = asked == Some(Step::Items)
        || !found.items.is_empty()
        || asked != Some(Step::Name) && found.rest.last().is_some_and(late);
    let named =
        found.rest.last().filter(|named| goods && is_short(named) && !has_figures(named))?;
    let alone = parse_items(piece).is_empty() && Price::parse(piece).is_some();
    // "kain karawo juga ada, 600rb"
    let named = cut_end("late-item", cut_all("late-item", named));
    let items = alone.then(|| parse_items(&format!("{named} {piece}")))?;
    (items.len() == 1 && items[0].price.is_some()).then_some(items)
}

/// "Mohon ditambahkan layanan fogging 450rb": without the wish before what is sold.
fn without_adding(piece: &str) -> &str {
    cut_prefix("adding-lead", cut_all("politeness", piece))
        .map_or(piece, |rest| cut_all("item-nouns", rest))
}

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

fn only_noise(piece: &str) -> bool {
    normalise(piece).split(' ').all(|word| is_in("contact-noise", word))
}

fn is_price_list(piece: &str) -> bool {
    parse_items(piece).iter().any(|item| item.price.is_some())
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
                || take_people(piece, found)
                || is_short(piece) && take_style(piece, piece, found)
        }
        Some(Step::Contact | Step::Phone) => {
            is_short(piece) && !has_figures(piece) && take_style(piece, piece, found)
        }
        Some(Step::Name) => {
            begins_small(piece) && is_plain_look(piece) && take_style(piece, piece, found)
                || begins_small(piece) && !is_trade(piece) && take_people(piece, found)
        }
        Some(Step::Audience | Step::Items) => false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use sitespark_core::brief::Rgb;

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

    #[rstest::rstest]
    #[case("oh and we're in Surabaya", Step::Audience, "Surabaya")]
    #[case("oh iya ini di Balikpapan ya kak lokasinya", Step::Name, "Balikpapan")]
    #[case("dukuh ngemplak rt 3 rw 1 boyolali", Step::Style, "Boyolali")]
    #[case("0812 3456 7890, depok", Step::Style, "Depok")]
    fn a_town_is_heard_at_any_step(#[case] text: &str, #[case] step: Step, #[case] city: &str) {
        assert_eq!(gather(text, Some(step)).city.as_deref(), Some(city));
    }

    #[rstest::rstest]
    #[case("catalogue, photos. NOT a booking form", &[Feature::Catalogue, Feature::Gallery])]
    #[case("menu, foto, booking gak usah", &[Feature::Catalogue, Feature::Gallery])]
    #[case("ga usah banyak2, daftar harga aja sama foto2", &[Feature::Catalogue, Feature::Gallery])]
    #[case("galeri foto sama pesan wa. harga gak usah bang", &[Feature::Gallery, Feature::Order])]
    #[case("harganya sama tempatnya di mana", &[Feature::Catalogue, Feature::Visit])]
    fn parts_that_are_not_wanted_are_left_out(#[case] text: &str, #[case] parts: &[Feature]) {
        let found = gather(text, Some(Step::Features)).features;
        assert_eq!(found, parts.iter().copied().collect());
    }

    #[test]
    fn a_pasted_profile_begins_with_its_name() {
        let profile = "ini bio ig saya:\n\nSimpul Rumi 🧶\nTas rajut handmade\n📍 Sleman\n📲 WA";
        let found = gather(profile, None);
        assert_eq!(found.name.map(|name| name.value).as_deref(), Some("Simpul Rumi"));
        assert_eq!(found.city.as_deref(), Some("Sleman"));
    }
}
