//! Parts of a site that somebody names.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use sitespark_core::brief::{Feature, slips};

use super::Found;
use crate::conversation::state::Step;
use crate::conversation::understand::words::{
    canonical, cut_all, cut_prefix, has_figures, is_in, knows, list, mentions, normalise,
    split_at_word,
};

/// Fewest parts of a site that are an answer to any question when nothing else is said.
pub(super) const MIN_PARTS: usize = 2;

/// "katalog, lokasi dan jam buka": nothing but parts of a site.
pub(super) fn is_parts_only(text: &str) -> bool {
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

/// "ya udah tanya jawabnya dimasukin juga atuh": one part more, and a word for adding it.
pub(super) fn adds_parts(piece: &str) -> bool {
    // "terus pesan lewat wa": by a name that nobody sells.
    let told = cut_all("part-join", cut_all("name-lead", cut_all("interjection", piece)));
    // "map" alone is sold by a stationer.
    let goes_on = told.len() < piece.len() || normalise(told).contains(' ');
    if goes_on && cut_prefix("part-sure", told).is_some_and(|rest| normalise(rest).is_empty()) {
        return true;
    }
    let plain = canonical(&normalise(piece));
    let adding = |word: &str| is_in("adding-lead", word);
    let beside = |word: &str| {
        let small = ["courtesy", "name-lead", "vocative-tail", "part-join", "part-words"];
        adding(word) || small.iter().any(|list| knows(list, word))
    };
    // "tanya" keeps its end.
    let bare = |word: &str| {
        let stem = word.strip_suffix("nya").filter(|stem| stem.len() > 2);
        stem.unwrap_or(word).to_owned()
    };
    let words: Vec<String> = plain.split(' ').map(bare).collect();
    words.iter().any(|word| adding(word))
        && words.iter().all(|word| beside(word) || FEATURE_WORDS.contains(word))
        && mentions("part-sure", &words.join(" "))
}

/// Most words of one part in a list of them.
const MAX_PART_WORDS: usize = 6;

/// Takes out the sentences that list parts of the site, whatever was asked: "trip list with price,
/// photo gallery, booking". Answers the text without them.
pub(super) fn take_listed_parts(text: &str, asked: Option<Step>, found: &mut Found) -> String {
    let anywhere = match asked {
        // Lines of business, looks and ways to be reached have the same words.
        None | Some(Step::Trade | Step::Features | Step::Style | Step::Colour) => false,
        Some(Step::Contact | Step::Phone) => false,
        Some(Step::Name | Step::Audience | Step::Items) => true,
    };
    let listing = matches!(asked, None | Some(Step::Trade));
    if !anywhere && !listing {
        return text.to_owned();
    }
    let mut rest = String::with_capacity(text.len());
    for sentence in text.split_inclusive(['\n', '!', '.']) {
        let told = match listing {
            true => lists_each_part(sentence),
            false => lists_parts(sentence, asked == Some(Step::Items)),
        };
        if told {
            take_features(sentence, found);
        } else {
            rest.push_str(sentence);
        }
    }
    rest
}

/// Fewest parts of a list that is heard before anything is asked.
const MIN_LISTED: usize = 3;

/// "want prices, a photo gallery, booking and an about us": a part of its own behind each comma.
fn lists_each_part(sentence: &str) -> bool {
    let Some(parts) = parts_of(sentence) else { return false };
    let each: Vec<BTreeSet<Feature>> = parts.iter().map(|part| features_in(part)).collect();
    // "bikin web studio foto Cahaya dengan harga, booking" tells the business, too.
    !mentions("site-words", &normalise(sentence))
        && parts.len() >= MIN_LISTED
        && is_each_its_own(&each)
        && parts.iter().all(|part| is_brief(part))
}

fn is_brief(part: &str) -> bool {
    part.split(' ').count() <= MAX_PART_WORDS
}

/// Whether each part names one, and together they name as many as there are but for one: "jam buka
/// dan lokasi" are two words for the same.
fn is_each_its_own(each: &[BTreeSet<Feature>]) -> bool {
    let distinct = each.iter().flatten().collect::<BTreeSet<_>>().len();
    each.iter().all(|features| !features.is_empty())
        && distinct + 1 >= each.len()
        && distinct >= MIN_LISTED
}

/// What stands between the commas of a sentence without figures.
fn parts_of(sentence: &str) -> Option<Vec<String>> {
    let separate = sentence.replace([',', ';', '+', '&'], " dan ");
    let plain = canonical(&without_doubling(&normalise(&separate)));
    let plain = without_inner_joins(&plain);
    if plain.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = plain.split(' ').collect();
    let parts = words.split(|word| knows("part-join", word)).map(|part| part.join(" "));
    let telling =
        |part: &String| part.split(' ').any(|word| !word.is_empty() && !knows("courtesy", word));
    Some(parts.filter(telling).collect())
}

/// Whether a sentence is a list of parts. With `sure`, where goods are asked for, only parts by the
/// names that nobody sells.
fn lists_parts(sentence: &str, sure: bool) -> bool {
    let Some(parts) = parts_of(sentence) else { return false };
    let people =
        |part: &String| cut_prefix("people-lead", part).is_some() || mentions("people-words", part);
    let named = |part: &&String| match sure {
        true => cut_prefix("part-sure", cut_all("name-lead", part)).is_some(),
        false => !features_in(part).is_empty(),
    };
    // "harga paket, foto pemasangan, booking survey": a part of its own in each.
    let each: Vec<BTreeSet<Feature>> = parts.iter().map(|part| features_in(part)).collect();
    if sure && parts.len() >= MIN_LISTED && is_each_its_own(&each) {
        return parts.iter().all(|part| is_brief(part)) && !parts.iter().any(people);
    }
    let count = parts.iter().filter(named).count();
    let strange = parts.len() - count;
    parts.len() >= MIN_PARTS
        && count >= MIN_PARTS
        && strange * 2 < count
        && (!sure || strange == 0)
        && parts.iter().all(|part| is_brief(part))
        && !parts.iter().any(people)
}

/// "question and answer" is one part, though a word that joins two stands in it.
fn without_inner_joins(plain: &str) -> String {
    let mut text = format!(" {plain} ");
    for (phrase, feature) in FEATURE_PHRASES.iter() {
        if *feature == Feature::Faq && phrase.split(' ').any(|word| knows("part-join", word)) {
            text = text.replace(&format!(" {phrase} "), " faq ");
        }
    }
    text.trim().to_owned()
}

/// "semua aja deh kak biar lengkap": every part, and nothing besides.
pub(crate) fn wants_everything(text: &str) -> bool {
    let plain = canonical(&normalise(text));
    let words: Vec<&str> = plain.split(' ').collect();
    let beside = |word: &str| knows("courtesy", word) || knows("everything-more", word);
    is_in("everything", &plain)
        || words.iter().any(|word| knows("everything", word))
            && words.iter().all(|word| knows("everything", word) || beside(word))
}

/// Every word of the phrases for parts of a site.
pub(super) static FEATURE_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let phrases = Feature::ALL.into_iter().flat_map(|feature| list(feature_words(feature)));
    phrases
        .flat_map(|phrase| canonical(phrase).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect()
});

/// Features named in a text; answers whether there were any.
pub(super) fn take_features(text: &str, found: &mut Found) -> bool {
    // "price we talk in whatsapp", "tergantung paket soalnya" wish for nothing.
    let why =
        ["purpose-words", "depends-words"].iter().any(|list| cut_prefix(list, text).is_some());
    if why || mentions("no-prices", &normalise(text)) {
        return true;
    }
    let (text, unwanted) = wanted_parts(text);
    // "semua kecuali faq"
    if !unwanted.is_empty() && wants_everything(text) {
        found.features.extend(Feature::ALL);
    }
    for feature in &unwanted {
        found.features.remove(feature);
    }
    let normal = without_doubling(&normalise(text));
    if normal.is_empty() {
        return !unwanted.is_empty();
    }
    let before = found.features.len();
    found.features.extend(named_features(&normal));
    let mistyped = |feature: &Feature| normal.split(' ').any(|word| nearly_names(*feature, word));
    if found.features.len() == before {
        found.features.extend(Feature::ALL.into_iter().filter(mistyped));
    }
    found.features.len() > before
}

/// "menu dan foto, bukan formulir": the words for what is wanted, and what is not.
fn wanted_parts(text: &str) -> (&str, BTreeSet<Feature>) {
    let denied = cut_prefix("part-denial", text)
        .map(|rest| ("", rest))
        .or_else(|| split_at_word("part-denial", text));
    // "harga sama lokasi tak iye": a tag behind what is wanted.
    let tagged = |(told, refused): &(&str, &str)| !told.is_empty() && is_tag(refused);
    let Some((told, refused)) = denied.filter(|parts| !tagged(parts)) else {
        return (text, BTreeSet::new());
    };
    let refused = split_at_word("but-only", refused).map_or(refused, |(refused, _)| refused);
    let unwanted = named_features(&without_doubling(&normalise(refused)));
    if !unwanted.is_empty() {
        return (told, unwanted);
    }
    // "booking gak usah": what is not wanted stands before.
    let bare =
        |word: &str| ["denial-more", "courtesy", "plain-yes"].iter().any(|list| is_in(list, word));
    let last = normalise(refused).split(' ').all(|word| word.is_empty() || bare(word));
    let (kept, denied) = told.rsplit_once([',', '\n', '.']).unwrap_or(("", told));
    let named = named_features(&without_doubling(&normalise(denied)));
    if last && named.len() == 1 { (kept, named) } else { (told, unwanted) }
}

/// "iye", "ya kan": nothing but a yes.
fn is_tag(text: &str) -> bool {
    let plain = normalise(text);
    plain.split(' ').all(|word| is_in("plain-yes", word) || word == "kan")
}

/// "scrap the faq, I've nothing to put in it", "galerinya gak usah deh": the parts that are not wanted,
/// where a message begins by refusing and names nothing that is.
pub(crate) fn refused_features(text: &str) -> BTreeSet<Feature> {
    let told = cut_all("politeness", cut_all("interjection", text));
    let first = told.split([',', '.', ';', '\n']).next().unwrap_or("");
    // "no wa 0812…" is a number.
    if has_figures(first) {
        return BTreeSet::new();
    }
    let named = |rest: &str| named_features(&without_doubling(&normalise(rest)));
    if let Some(rest) = ["remove-verbs", "hide-verbs", "drop-verbs"]
        .into_iter()
        .find_map(|list| cut_prefix(list, first))
    {
        return named(rest);
    }
    match wanted_parts(first) {
        (kept, refused) if normalise(kept).is_empty() => refused,
        _ => BTreeSet::new(),
    }
}

/// The parts of a site that a text names.
pub(crate) fn features_of(text: &str) -> BTreeSet<Feature> {
    named_features(&without_doubling(&normalise(text)))
}

/// Most words of a piece that goes on with parts.
const MAX_MORE_WORDS: usize = 12;

/// "a booking form and some questions and answers": several parts in a few words.
pub(super) fn lists_features(piece: &str) -> bool {
    let normal = normalise(piece);
    normal.split(' ').count() <= MAX_MORE_WORDS && named_features(&normal).len() >= MIN_PARTS
}

/// "galeri gak usah, ganti tanya jawab": the parts that shall be there instead.
pub(crate) fn features_instead(text: &str) -> BTreeSet<Feature> {
    let pieces = text.split([',', '.', ';', '\n']).skip(1);
    let instead = pieces.filter_map(|piece| cut_prefix("swap-words", piece));
    instead.flat_map(|rest| named_features(&without_doubling(&normalise(rest)))).collect()
}

/// The features of a normalised text; the words of a longer phrase name no other feature: "jadwal
/// praktik" is about hours, "jadwal" alone about booking.
pub(super) fn named_features(normal: &str) -> BTreeSet<Feature> {
    let plain = canonical(normal);
    let mut found = features_in(&plain);
    // "shop/catalogue"
    if plain.contains('/') {
        found.extend(features_in(&plain.replace('/', " ")));
    }
    // "harganya sama tempatnya": the ending of what was spoken of.
    let bare = |word| str::strip_suffix(word, "nya").unwrap_or(word);
    let bare: Vec<&str> = plain.split(' ').map(bare).collect();
    found.extend(features_in(&bare.join(" ")));
    found
}

fn features_in(plain: &str) -> BTreeSet<Feature> {
    let mut text = format!(" {plain} ");
    let mut found = BTreeSet::new();
    let words: Vec<&str> = plain.split(' ').collect();
    for (phrase, feature) in FEATURE_PHRASES.iter() {
        if !phrase.split(' ').all(|word| words.contains(&word)) {
            continue;
        }
        let whole = format!(" {phrase} ");
        while let Some(at) = text.find(&whole) {
            found.insert(*feature);
            text.replace_range(at + 1..at + whole.len() - 1, "|");
        }
    }
    // "daftar tanaman": a list of whatever is sold.
    let lists = LISTING.iter().any(|word| {
        text.split_once(word)
            .is_some_and(|(_, what)| what.trim_start().starts_with(char::is_alphabetic))
    });
    if lists {
        found.insert(Feature::Catalogue);
    }
    found
}

/// Words for a list, what is listed behind them.
const LISTING: [&str; 3] = [" daftar ", " list of ", " aneka "];

/// Every phrase for a part of a site, the longest first.
pub(super) static FEATURE_PHRASES: LazyLock<Vec<(String, Feature)>> = LazyLock::new(|| {
    let phrases = Feature::ALL.into_iter().flat_map(|feature| {
        list(feature_words(feature)).iter().map(move |phrase| (canonical(phrase), feature))
    });
    let mut all: Vec<(String, Feature)> = phrases.collect();
    all.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.split(' ').count()));
    all
});

/// Shortest word in which one slip of the finger is forgiven.
pub(super) const MIN_TYPO_CHARS: usize = 5;

pub(super) fn nearly_names(feature: Feature, word: &str) -> bool {
    let long = |text: &str| text.chars().count() >= MIN_TYPO_CHARS;
    let near = |phrase: &&str| long(phrase) && slips(phrase, word, 1) == Some(1);
    long(word) && list(feature_words(feature)).iter().any(near)
}

/// "foto2" is how many write "foto-foto".
pub(super) fn without_doubling(normal: &str) -> String {
    // "foto2nya" is the photos, too.
    let single = |word| match str::strip_suffix(word, '2').or_else(|| word.strip_suffix("2nya")) {
        Some(stem) if stem.chars().count() > 2 => stem,
        Some(_) | None => word,
    };
    normal.split(' ').map(single).collect::<Vec<_>>().join(" ")
}

pub(super) const fn feature_words(feature: Feature) -> &'static str {
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
