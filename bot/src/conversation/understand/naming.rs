//! Finds the line of business and the name on the sign in a piece of text.
//!
//! Must not guess: a name is taken from a sentence only when it stands there as a name.

use sitespark_core::brief::{Answer, Language, Price, Trade};

use super::language;
use super::towns::{cut_city, cut_city_behind, cut_last_city, cut_unlisted_town};
use super::words::{
    canonical, cut_all, cut_end, cut_prefix, is_in, is_laughter, mentions, normalise, split_at_word,
};

/// Shortest and longest name, in characters.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=60;
/// Most words that can be a name inside a sentence.
pub(super) const MAX_NAME_WORDS: usize = 6;
/// Most words of a trade that are kept as said.
const MAX_TRADE_WORDS: usize = 8;

/// What a piece says about the business.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Business {
    pub(crate) trade: Option<Answer<Trade>>,
    pub(crate) name: Option<Answer<String>>,
    pub(crate) city: Option<String>,
}

/// Reads "bikin web toko kue Ani" as bakery, "Toko Kue Ani".
pub(crate) fn business(piece: &str) -> Business {
    let sells = mentions("trade-lead", &normalise(piece));
    // "bisa bikin web buat barbershop ga"
    let told = cut_end("question-marks", cut_end("vocative-tail", piece));
    let subject = cut_end("vocative-tail", cut_end("name-tail", cut_all("request", told)));
    let subject = match split_at_word("wish-clause", subject) {
        // "sy Dedi mau dibikinin website jasa sedot WC": what it is stands behind.
        Some((before, after))
            if Trade::parse(before).is_none() && Trade::parse(after).is_some() =>
        {
            cut_all("request", after)
        }
        Some((before, _)) => before,
        None => subject,
    };
    // "i wnat a webiste for my gym": what it is for stands behind, whatever is spelled before.
    let subject = match split_at_word("for-my", subject) {
        Some((_, after)) if Trade::parse(after).is_some() => after,
        Some(_) | None => subject,
    };
    let (subject, city) = match cut_city(subject) {
        (subject, None) => cut_city_behind("origin-words", subject),
        placed => placed,
    };
    let (subject, city) = match city {
        None => match cut_unlisted_town(subject) {
            Some((before, town)) => (before, Some(town)),
            None => (subject, None),
        },
        city => (subject, city),
    };
    let subject = if city.is_some() { cut_end("place-tail", subject) } else { subject };
    // The whole piece last: "beking website" begs for a site and bakes nothing.
    let found = Trade::parse(subject)
        .or_else(|| Trade::parse(&canonical(&normalise(subject))))
        .or_else(|| Trade::parse(piece).filter(|_| !normalise(subject).is_empty()));
    let (subject, city) = match city {
        None if found.is_some_and(|trade| trade != Trade::Food) => cut_last_city(subject),
        city => (subject, city),
    };
    let words: Vec<&str> = subject.split_whitespace().collect();
    let known = |word: &&str| is_in("generic-words", &normalise(word));
    // "a website for our hostel Salty Monkey": a line of business that no list has.
    let found = found.or_else(|| {
        let wished = mentions("site-words", &normalise(piece));
        wished.then(|| unlisted(&words).or_else(|| plain_trade(&words))).flatten()
    });
    // "a website for Green Paws": the name alone, what it is may follow.
    let wished = mentions("site-words", &normalise(piece));
    let alone = found.is_none()
        && wished
        && !words.first().is_some_and(|word| is_in("person-words", &normalise(word)))
        && (MIN_LEAD_WORDS..=MAX_NAME_WORDS).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase)
                && word.chars().any(char::is_lowercase)
                && !is_in("site-words", &normalise(word))
        });
    if alone && let Some(name) = clean_name(subject) {
        return Business { trade: None, name: Some(Answer::new(name, subject)), city };
    }
    let own = own_name(&words).filter(|_| found.is_some());
    let name = match own {
        Some(at) => Some(words[at..].join(" ")),
        None => name_in(&words, found.is_some(), sells),
    };
    // In English nobody writes a name in small letters behind "I'm a".
    let small = name.is_some() && subject.starts_with(char::is_lowercase) && own.is_none();
    let english = small && language::clearly(piece) == Some(Language::En);
    let name = name.filter(|_| !introduces(piece) && !english);
    let said: Vec<&str> = match (own, &name) {
        (Some(at), _) => words[..at].to_vec(),
        (None, Some(_)) => words.iter().copied().filter(known).collect(),
        (None, None) => words.iter().copied().take(MAX_TRADE_WORDS).collect(),
    };
    let said = if said.is_empty() { subject.to_owned() } else { said.join(" ") };
    let said = cut_end("own-tail", &said).to_owned();
    Business {
        trade: found.map(|trade| Answer::new(trade, said)),
        name: name.map(|name| Answer::new(name, subject)),
        city,
    }
}

/// "ya udah Renang Ceria": a name written large without the small words before it.
pub(crate) fn without_lead(text: &str) -> &str {
    let rest = cut_all("name-lead", text);
    let large = rest.starts_with(char::is_uppercase) && text.starts_with(char::is_lowercase);
    if large { rest } else { text }
}

/// A name given as the answer to "what is it called": cleaned, or `None` when it cannot be one.
pub(crate) fn clean_name(text: &str) -> Option<String> {
    let line = text.lines().next()?.trim();
    // "apa ya" is none, whatever is left of it.
    if is_in("not-a-name", &normalise(line)) {
        return None;
    }
    let text = without_reason(line);
    let text = without_tail(text);
    let text = text.trim_matches(|c: char| {
        let edge = matches!(c, '"' | '\'' | '.' | ',' | '!' | ':' | '*' | '_' | '~');
        // What is no letter beyond ASCII is an emoji or a quotation mark.
        edge || c.is_whitespace() || !c.is_ascii() && !c.is_alphanumeric()
    });
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let normalised = normalise(&joined);
    let sound = Price::parse(&joined).is_none()
        && NAME_CHARS.contains(&joined.chars().count())
        && joined.chars().filter(|c| c.is_alphanumeric()).count() >= 2
        && joined.chars().any(char::is_alphabetic)
        && !mentions("not-a-name", &normalised)
        && !joined.contains("://");
    let written = joined.chars().any(char::is_uppercase);
    // "madu Samawa Asli": a plain word before the rest is no spelling of its own.
    let first = joined.split(' ').next().unwrap_or("");
    let plain = joined.contains(' ')
        && first.starts_with(char::is_lowercase)
        && !is_in("person-words", &normalise(first))
        && (is_in("generic-words", &normalise(first)) || is_in("shop-words", &normalise(first)));
    sound.then(|| match written {
        true if plain => capitalise(&joined, false),
        true => joined.clone(),
        false => title_case(&joined),
    })
}

/// "Sida Banter ya, ben keren": a name written large ends where small words follow a comma.
fn without_reason(text: &str) -> &str {
    match text.split_once(", ") {
        Some((name, why))
            if name.starts_with(char::is_uppercase) && !why.contains(char::is_uppercase) =>
        {
            name
        }
        Some(_) | None => text,
    }
}

/// A name without "ya kak" behind it; "Pak Min" keeps its last word.
fn without_tail(text: &str) -> &str {
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !c.is_ascii() || c == ' ');
    let mut words = text.split_whitespace().rev();
    let (last, before) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let capital = last.chars().next().is_some_and(char::is_uppercase);
    let shouted = !text.chars().any(char::is_lowercase);
    let called = is_in("person-words", &normalise(before)) && !is_laughter(&normalise(last));
    if capital && !shouted || called {
        return text;
    }
    let cut = cut_end("name-tail", text);
    // "Teknik Dingin bang": who is called is no part of a name written in capitals.
    let last = cut.rsplit(char::is_whitespace).next().unwrap_or("");
    let vocative = !shouted
        && cut.starts_with(char::is_uppercase)
        && last.chars().all(char::is_lowercase)
        && is_in("vocative-tail", &normalise(last));
    if vocative { without_tail(cut[..cut.len() - last.len()].trim_end()) } else { cut }
}

/// Fewest words of a trade behind which a name may begin with any word.
pub(super) const MIN_LEAD_WORDS: usize = 2;

/// "menjahit", "mengaji": what is done there is no name.
fn is_doing(word: &str) -> bool {
    const LEAST_CHARS: usize = 6;
    let begins = ["men", "mem", "meng", "meny"].iter().any(|start| word.starts_with(start));
    begins && word.chars().count() >= LEAST_CHARS
}

/// "saya Ibu Sari dari Pati": who writes, and no sign over a door.
fn introduces(piece: &str) -> bool {
    let person = |rest: &str| {
        let first = rest.split_whitespace().next().unwrap_or("");
        is_in("person-words", &normalise(first))
    };
    cut_prefix("self-words", piece).is_some_and(person)
}

/// Where a name begins that starts with a word for a shop itself: "toko kue Rumah Manis".
fn own_name(words: &[&str]) -> Option<usize> {
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    // The first word of a sentence is written large whatever it is: "Kursus mobil Stir Aman".
    let small = words.iter().position(|word| !capital(word))?;
    let at = small + words[small..].iter().position(capital)?;
    let run = &words[at..];
    let bound = (2..=MAX_NAME_WORDS).contains(&run.len()) && run.iter().all(capital);
    let shop = is_in("shop-words", &normalise(run[0]));
    let own = run.iter().any(|word| !is_in("generic-words", &normalise(word)));
    let person = is_in("person-words", &normalise(run[0]));
    // "homestay di pinggir Danau Toba": where it is.
    let placed = words[..at].iter().any(|word| is_in("in-place", &normalise(word)));
    if placed {
        return None;
    }
    let lead = words[..at].iter().all(|word| is_in("generic-words", &normalise(word)))
        || Trade::parse(&words[..at].join(" ")).is_some()
        || unlisted(words).is_some();
    // "laundry Bersih Wangi" is called a laundry, "hostel Salty Monkey" is one.
    let called = at < MIN_LEAD_WORDS && is_in("shop-words", &normalise(words[0]));
    let after_trade = lead && !person && !called;
    (at > 0 && bound && (shop || after_trade) && own).then_some(at)
}

/// One to three small words before a name of several words written large.
fn unlisted(words: &[&str]) -> Option<Trade> {
    const MOST_WORDS: usize = 3;
    let small = words.iter().take_while(|word| word.starts_with(char::is_lowercase)).count();
    let plain = words[..small].iter().all(|word| {
        let normal = normalise(word);
        normal.chars().count() > MOST_WORDS && !is_in("no-trade", &normal)
    });
    let name = &words[small..];
    let large = name.len() >= MIN_LEAD_WORDS
        && name.len() <= MAX_NAME_WORDS
        && name.iter().all(|word| word.starts_with(char::is_uppercase));
    ((1..=MOST_WORDS).contains(&small) && plain && large).then_some(Trade::Other)
}

/// Lists whose words are no line of business.
const NO_TRADES: [&str; 10] = [
    "person-words",
    "no-trade",
    "courtesy",
    "site-words",
    "generic-words",
    "agree-more",
    "denial",
    "question-words",
    "question-marks",
    "pass-more",
];

/// "bikin web TPQ", "website for my dojo": the few words that are left say what it is.
fn plain_trade(words: &[&str]) -> Option<Trade> {
    const MOST_WORDS: usize = 3;
    const LEAST_CHARS: usize = 3;
    // "Green Paws" is a name, "TPQ" a kind of school.
    let as_name = words
        .iter()
        .all(|word| word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase));
    let sound = |word: &&str| {
        let normal = normalise(word);
        normal.chars().count() >= LEAST_CHARS
            && normal.chars().all(char::is_alphabetic)
            && !NO_TRADES.iter().any(|list| is_in(list, &normal))
    };
    // "homemade candles": a word that any trade has, beside one of its own.
    let known = |word: &&str| sound(word) || is_in("generic-words", &normalise(word));
    let fits = (1..=MOST_WORDS).contains(&words.len())
        && words.iter().all(known)
        && words.iter().any(sound);
    (fits && !as_name).then_some(Trade::Other)
}

fn name_in(words: &[&str], has_trade: bool, sells: bool) -> Option<String> {
    if words.is_empty() || words.len() > MAX_NAME_WORDS {
        return None;
    }
    let normal: Vec<String> = words.iter().map(|word| normalise(word)).collect();
    let own: Vec<usize> =
        (0..words.len()).filter(|at| !is_in("generic-words", &normal[*at])).collect();
    let (first, last) = (*own.first()?, *own.last()?);
    // "kafe kopi susu di dago": where it is, not what it is called.
    let placed = first > 0 && is_in("in-place", &normal[first - 1]);
    if placed && words.iter().all(|word| word.starts_with(char::is_lowercase)) {
        return None;
    }
    let small = words.iter().all(|word| word.starts_with(char::is_lowercase));
    // "nasi uduk", "servis laptop": goods and their kind, unless a person stands behind them.
    let person = own.iter().any(|at| is_in("person-words", &normal[*at]));
    let job = is_in("goods-words", &normal[0]) || is_in("job-words", &normal[0]);
    let goods = small && !person && job;
    if goods || own.iter().all(|at| is_doing(words[*at])) {
        return None;
    }
    // In a text that is all capitals they tell nothing.
    let shouted = words.len() > 1 && !words.iter().any(|word| word.chars().any(char::is_lowercase));
    let capital =
        |at: &usize| !shouted && words[*at].chars().next().is_some_and(char::is_uppercase);
    let begins_as_shop = is_in("shop-words", &normal[0]);
    let all_capital = words.len() > 1 && (0..words.len()).all(|at| capital(&at));
    let one_piece = last + 1 - first == own.len();
    let with_person = own.len() == 2 && is_in("person-words", &normal[first]);
    // "toko pertanian", "studio pilates": what it sells, in small letters.
    let sold = |at: &usize| !capital(at) && Trade::parse(words[*at]).is_some();
    let begins_as_shop = begins_as_shop && !own.iter().any(sold);
    let named = if begins_as_shop && last == words.len() - 1 && one_piece {
        own.iter().all(capital) || !sells && (own.len() == 1 || with_person)
    } else {
        has_trade && all_capital
    };
    let is_person_only = own.iter().all(|at| is_in("person-words", &normal[*at]));
    (named && !is_person_only).then(|| title_case(&words.join(" ")))
}

/// Capitals where the owner wrote none at all; what has capitals stays as written.
pub(crate) fn title_case(text: &str) -> String {
    if text.chars().any(char::is_uppercase) {
        let shouted = text.chars().filter(|c| c.is_lowercase()).count() == 0;
        if !shouted || text.chars().count() <= 4 {
            return capitalise(text, false);
        }
        return text.to_owned();
    }
    capitalise(text, true)
}

fn capitalise(text: &str, all: bool) -> String {
    const SMALL: [&str; 6] = ["dan", "di", "the", "of", "and", "&"];
    text.split(' ')
        .enumerate()
        .map(|(at, word)| {
            let small = at > 0 && SMALL.contains(&word);
            let mut chars = word.chars();
            match chars.next() {
                Some(first) if (all || at == 0 || word.len() > 1) && !small => {
                    first.to_uppercase().chain(chars).collect()
                }
                Some(_) | None => word.to_owned(),
            }
        })
        .collect::<Vec<String>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("bikin web toko kue Ani", Some(Trade::Bakery), Some("Toko Kue Ani"))]
    #[case("mau bikin web buat warung kopi", Some(Trade::Food), None)]
    #[case("saya mau buat website laundry kiloan", Some(Trade::Laundry), None)]
    #[case("web untuk warung bu sri dong kak", Some(Trade::Food), Some("Warung Bu Sri"))]
    #[case("jualan kue kering rumahan", Some(Trade::Bakery), None)]
    #[case("kedai kopi senja", Some(Trade::Food), Some("Kedai Kopi Senja"))]
    #[case("Sinar Laundry", Some(Trade::Laundry), Some("Sinar Laundry"))]
    #[case("toko kue Rumah Manis", Some(Trade::Bakery), Some("Rumah Manis"))]
    #[case("JUALAN KERIPIK PISANG", Some(Trade::Food), None)]
    #[case("rental mobil lombok", Some(Trade::Other), None)]
    #[case("barbershop di bekasi bang", Some(Trade::Salon), None)]
    #[case("im a MUA based in Jakarta Selatan", Some(Trade::Salon), None)]
    #[case("laundryyy kiloan", Some(Trade::Laundry), None)]
    #[case("wedding photographer", Some(Trade::Photography), None)]
    #[case("fotografer wedding", Some(Trade::Photography), None)]
    fn business_is_read(
        #[case] text: &str,
        #[case] trade: Option<Trade>,
        #[case] name: Option<&str>,
    ) {
        let found = business(text);
        assert_eq!(found.trade.map(|answer| answer.value), trade);
        assert_eq!(found.name.map(|answer| answer.value).as_deref(), name);
    }

    #[rstest::rstest]
    #[case("kopi senja", Some("Kopi Senja"))]
    #[case("\"Kopi Senja\" ya kak", Some("Kopi Senja"))]
    #[case("ABC Laundry", Some("ABC Laundry"))]
    #[case("Teknik Dingin Horas bang", Some("Teknik Dingin Horas"))]
    #[case("Warung Ceu Entin nya kang hehe", Some("Warung Ceu Entin"))]
    #[case("Seblak Jeletot haha 😂", Some("Seblak Jeletot"))]
    #[case("Bakso Pak Min", Some("Bakso Pak Min"))]
    #[case("bakso pak min", Some("Bakso Pak Min"))]
    #[case("35rb/box", None)]
    #[case("kopi tiang aja deh kak wkwk", Some("Kopi Tiang"))]
    #[case("Sida Banter Exhaust ya, ben keren", Some("Sida Banter Exhaust"))]
    #[case("itu ajalah", None)]
    #[case("?", None)]
    #[case("0812", None)]
    #[case("hmm apa ya", None)]
    fn names_are_cleaned(#[case] text: &str, #[case] name: Option<&str>) {
        assert_eq!(clean_name(text).as_deref(), name);
    }

    #[test]
    fn where_it_is_and_who_writes_are_no_names() {
        let name = |told: Business| told.name.map(|name| name.value);
        assert_eq!(name(business("saya Ibu Sari dari Pati mau bikin website telur asin")), None);
        assert_eq!(name(business("homestay di pinggir Danau Toba")), None);
        assert_eq!(without_lead("ya udah Renang Ceria"), "Renang Ceria");
        assert_eq!(without_lead("Oke Laundry"), "Oke Laundry");
    }
}
