//! Names that a sentence introduces: by who runs it, by the form of a company, by marks around them.

use sitespark_core::brief::{Answer, Trade};

use super::naming::{Business, MAX_NAME_WORDS, MIN_LEAD_WORDS, clean_name};
use super::towns::{cut_city, cut_city_behind};
use super::words::{
    cut_all, cut_prefix, is_in, is_written_large, mentions, normalise, split_at_word,
};

/// "I'm Komang and I run Sunset Prahu": the words written large behind who runs it.
pub(crate) fn owned(piece: &str) -> Option<Business> {
    let after = cut_prefix("owner-words", piece)
        .or_else(|| split_at_word("owner-words", piece).map(|(_, after)| after))?;
    let large = |word: &&str| {
        word.starts_with(char::is_uppercase) || matches!(*word, "&" | "by" | "of" | "the" | "de")
    };
    let run: Vec<&str> = after.split_whitespace().take_while(large).collect();
    let ends = run.iter().position(|word| word.ends_with([',', '.', '!'])).unwrap_or(run.len());
    let run = &run[..run.len().min(ends + 1)];
    let own = run.iter().any(|word| !is_in("generic-words", &normalise(word)));
    let fits = (1..=MAX_NAME_WORDS).contains(&run.len()) && own;
    // "asisten di Klinik Gigi Senyum Bontang": the town behind a name of several words.
    let town = run.last().is_some_and(|last| is_in("cities", &normalise(last)));
    let run = if town && run.len() > MIN_LEAD_WORDS + 1 { &run[..run.len() - 1] } else { run };
    let name = clean_name(&run.join(" "))?;
    let sound = fits && run[0].starts_with(char::is_uppercase);
    if !sound || is_in("cities", &normalise(&name)) {
        return None;
    }
    let (_, city) = cut_city(piece);
    let said = if Trade::parse(&name).is_some() { &name } else { piece };
    let trade = Trade::parse(said).map(|trade| Answer::new(trade, said.to_lowercase()));
    Some(Business { trade, name: Some(Answer::new(name, piece)), city })
}

/// "kami CV Graha Bebas Hama bergerak …": the form of a company and the words written large behind
/// it, and what stands around them.
pub(crate) fn company(piece: &str) -> Option<(String, String)> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let large = |word: &&str| word.starts_with(char::is_uppercase);
    let at =
        words.iter().position(|word| large(word) && is_in("company-forms", &normalise(word)))?;
    // "Pulau Seribu Koperasi" is called after its place.
    if at > 1 && large(&words[at - 1]) {
        return None;
    }
    let count = words[at..].iter().take_while(|word| large(word)).count();
    let run = (MIN_LEAD_WORDS..=MAX_NAME_WORDS).contains(&count).then(|| &words[at..at + count])?;
    let beside = [&words[..at], &words[at + count..]].concat().join(" ");
    clean_name(&run.join(" ")).map(|name| (name, beside))
}

/// Most letters of a word that is shortened in capitals.
const MAX_SHORT_CHARS: usize = 4;

/// "bikin web sewa alat camping, Puncak Outdoor": a piece of its own, written large throughout, beside a
/// line of business.
pub(crate) fn beside_trade(pieces: &[String]) -> Option<(usize, String)> {
    pieces.iter().enumerate().find_map(|(at, piece)| {
        // "Brewog Kecil Audio nang Banyuwangi"
        let (piece, _) = match cut_city(piece) {
            (piece, None) => cut_city_behind("origin-words", piece),
            placed => placed,
        };
        let words: Vec<&str> = piece.split_whitespace().collect();
        // "LPK Hangang Dermayu": a form of school or firm may be shortened.
        let short = |word: &str| word.chars().count() <= MAX_SHORT_CHARS;
        let large = |word: &&str| {
            word.starts_with(char::is_uppercase)
                && (word.chars().any(char::is_lowercase) || short(word))
        };
        let spelled = piece.chars().any(char::is_lowercase);
        let fits = (MIN_LEAD_WORDS..=MAX_NAME_WORDS).contains(&words.len())
            && words.iter().all(large)
            && spelled
            && words.iter().any(|word| !is_in("generic-words", &normalise(word)))
            && !piece.chars().any(|c| c.is_ascii_digit());
        let other = [
            "people-words",
            "person-words",
            "cities",
            "districts",
            "days",
            "letter-lead",
            "courtesy",
            "agree",
        ]
        .iter()
        .any(|list| mentions(list, &normalise(piece)));
        (fits && !other).then(|| clean_name(piece)).flatten().map(|name| (at, name))
    })
}

/// "praktiknya Ruang Lapang", "lembaga kami Tutur Bening" behind a word for the name: what is named
/// stands between, and tells that it does by whose it is.
pub(crate) fn behind_noun(named: &str) -> &str {
    // "nama usaha ibu Sambel Pecel Bu Sri": an elder speaks of herself.
    let elder = cut_prefix("elders", named).filter(|_| named.starts_with(char::is_lowercase));
    // "nama warungnya mbah Jingkrak" is called after her.
    let sells = |name: &&str| {
        let first = name.split_whitespace().next().map(normalise).unwrap_or_default();
        ["generic-words", "shop-words", "goods-words"].iter().any(|list| is_in(list, &first))
            || mentions("person-words", &normalise(name))
    };
    if let Some(name) = elder.filter(|name| name.starts_with(char::is_uppercase)).filter(sells) {
        return name;
    }
    // "nama saya aja: Rizky Pratama MC"
    if let Some((before, name)) = named.split_once(':') {
        let small = |word: &str| is_in("named-owners", word) || is_in("courtesy", word);
        if normalise(before).split(' ').all(small) && !normalise(name).is_empty() {
            return name.trim_start();
        }
    }
    // "nama daycarenya Daycare Kelinci Kecil": whatever it is.
    if let Some((noun, name)) = named.split_once(' ')
        && noun.starts_with(char::is_lowercase)
        && ["nya", "nyo", "nye"].iter().any(|ending| noun.ends_with(ending))
        && name.starts_with(char::is_uppercase)
    {
        return name;
    }
    let Some(rest) = cut_prefix("named-nouns", named) else { return named };
    let noun = &named[..named.len() - rest.len()];
    // "Klinik Kami Sehat" is a name throughout.
    let own = rest.starts_with(char::is_lowercase);
    let name = if own { cut_all("named-owners", rest) } else { rest };
    let owned = name.len() < rest.len() || noun.contains([':', '=']);
    let owned = owned || normalise(noun).ends_with("nya");
    if owned && !normalise(name).is_empty() { name } else { named }
}

/// "the studio name is Little Sonata", "our farm is called …": the name behind what is named so.
pub(crate) fn named_thing(piece: &str) -> Option<&str> {
    let told = cut_all("name-articles", piece);
    // "the full name is": the noun may be left out.
    let definite = cut_prefix("name-definite", piece).is_some();
    let noun = cut_prefix("name-nouns", told).or(definite.then_some(told))?;
    cut_prefix("name-verbs", noun).filter(|name| !normalise(name).is_empty())
}

/// "jenenge Bengkel Pit Lik Parjo": what stands behind a label, a large first word of the name among
/// it, though "nama bengkel" is a label throughout.
pub(crate) fn labelled(piece: &str) -> Option<&str> {
    let rest = cut_prefix("name-label", piece)?;
    let label = piece[..piece.len() - rest.len()].trim_end();
    let last = label.rsplit(char::is_whitespace).next().unwrap_or("");
    let own = piece.starts_with(char::is_lowercase)
        && last.len() < label.len()
        && last.starts_with(char::is_uppercase)
        && last.chars().all(char::is_alphabetic);
    Some(if own { &piece[label.len() - last.len()..] } else { rest })
}

/// "Sinar Kaca Aluminium": several words, each written large.
pub(crate) fn is_written_as_name(piece: &str) -> bool {
    piece.trim().contains(' ') && is_written_large(piece)
}

/// "mau bikin website buat usaha kami": whose it is, and what it is called may follow.
pub(crate) fn ends_in_own_shop(piece: &str) -> bool {
    let plain = normalise(piece);
    let ends = plain.match_indices(' ').map(|(at, _)| &plain[at + 1..]);
    ends.chain([plain.as_str()]).any(|end| is_in("own-shop", end))
}

/// "our business is" before the name itself.
pub(crate) fn leads_to_name(piece: &str) -> bool {
    let noun = cut_prefix("name-nouns", cut_all("name-articles", piece));
    noun.is_some_and(|rest| matches!(normalise(rest).as_str(), "is" | "its"))
}

/// What stands in quotation marks, when it can be a name.
pub(crate) fn quoted(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(['"', '“'])?;
    let (name, _) = rest.split_once(['"', '”'])?;
    clean_name(name)
}

/// "bike tours - Pedal Java": what is told, and the name on one side of the only dash.
pub(crate) fn dashed(text: &str) -> Option<(String, String)> {
    let (first, second) = text.split_once(" - ").or_else(|| text.split_once(" – "))?;
    let plain = |part: &str| {
        !part.chars().any(|c| c.is_ascii_digit() || matches!(c, ',' | '\n' | '-' | '–' | ':'))
            && !mentions("days", &normalise(part))
    };
    let capital = |part: &str| {
        let mut words = part.split_whitespace();
        let bound = (1..=MAX_NAME_WORDS).contains(&part.split_whitespace().count());
        bound && words.all(|word| !word.starts_with(char::is_lowercase))
    };
    if !plain(first) || !plain(second) {
        return None;
    }
    match (capital(first), capital(second)) {
        (false, true) => clean_name(second).map(|name| (first.to_owned(), name)),
        (true, false) => clean_name(first).map(|name| (second.to_owned(), name)),
        (true, true) | (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_introduced_in_many_ways() {
        let owned = owned("I'm Komang and I run Sunset Prahu").and_then(|told| told.name);
        assert_eq!(owned.map(|name| name.value).as_deref(), Some("Sunset Prahu"));
        let told = company("kami PT Kelana Pantau bergerak di bidang CCTV");
        let (name, beside) = told.expect("a company");
        assert_eq!(name, "PT Kelana Pantau");
        assert_eq!(beside, "kami bergerak di bidang CCTV");
        let named = ["sewa alat camping".to_owned(), "Puncak Outdoor".to_owned()];
        assert_eq!(beside_trade(&named), Some((1, "Puncak Outdoor".to_owned())));
    }

    #[rstest::rstest]
    #[case("Company name is Bara Kelapa", Some("Bara Kelapa"))]
    #[case("the studio name is Little Sonata", Some("Little Sonata"))]
    #[case("our farm is called Sawah Indah", Some("Sawah Indah"))]
    #[case("the full name is Lungid Silver Class", Some("Lungid Silver Class"))]
    #[case("my name is Wayan", None)]
    #[case("the name", None)]
    #[case("restaurant", None)]
    #[case("my shop sells names", None)]
    fn a_thing_is_named(#[case] piece: &str, #[case] name: Option<&str>) {
        assert_eq!(named_thing(piece), name);
    }

    #[rstest::rstest]
    #[case("praktiknya Ruang Lapang", "Ruang Lapang")]
    #[case("saya aja: Rizky Pratama MC", "Rizky Pratama MC")]
    #[case("daycarenya Daycare Kelinci", "Daycare Kelinci")]
    #[case("ibu Sambel Pecel Bu Sri", "Sambel Pecel Bu Sri")]
    #[case("mbah Jingkrak", "mbah Jingkrak")]
    #[case("ibu sari", "ibu sari")]
    #[case("Ibu Sari", "Ibu Sari")]
    #[case("lembaga kami Tutur Bening", "Tutur Bening")]
    #[case("usaha: Kopi Senja", "Kopi Senja")]
    #[case("Toko Berkah", "Toko Berkah")]
    #[case("Klinik Kami Sehat", "Klinik Kami Sehat")]
    fn what_is_named_is_no_part_of_the_name(#[case] told: &str, #[case] name: &str) {
        assert_eq!(behind_noun(told), name);
    }
}
