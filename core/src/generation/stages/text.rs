//! What may stand in a text that a model wrote.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::Breach;

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that the tests use")
}

static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"[<>{}\[\]`|\\]|\*\*|__|~~|^\s*(?:#|[-*+] )|&(?:[a-zA-Z]{2,8}|#\d+|#x[0-9a-fA-F]+);")
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\w.+-]+@[\w-]+\.[\w.]+"));
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:[a-z][a-z0-9+.-]{1,10}://|www\.|javascript:|mailto:|tel:)\S*",
        r"|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|id|net|org|co|me|my|sg|shop|store|site|online|link|app|io|xyz|biz|info|web|gl|ly|ee)\b(?:/\S*)?",
        r"|(?:^|[^\w@])@[\w.]{2,}"
    ))
});
/// A number that begins like an Indonesian or international one, or nine digits in a row. Opening
/// hours such as `08.00-17.00` are shorter, prices have a digit or a dot before a leading zero.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|[^\d.,])(?:\+\d|62[\s.-]?[1-9]|0\d)(?:[\s().-]{0,2}\d){7,}|\d{9,}")
});

/// Whether a character is invisible or turns the direction of writing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Appends to `breaches` what is wrong with `text`, apart from being empty.
pub(super) fn check(field: &str, text: &str, most: usize, breaches: &mut Vec<Breach>) {
    let chars = text.chars().count();
    if chars > most {
        breaches.push(Breach::TooLong { field: field.to_owned(), chars, most });
    }
    if MARKUP.is_match(text) || text.chars().any(is_hidden) {
        breaches.push(Breach::Markup(field.to_owned()));
    }
    if EMAIL.is_match(text) {
        breaches.push(Breach::Email(field.to_owned()));
    } else if LINK.is_match(text) {
        breaches.push(Breach::Link(field.to_owned()));
    }
    if PHONE.is_match(text) {
        breaches.push(Breach::Phone(field.to_owned()));
    }
}

/// The text of a field with its blanks evened out; absent when it is no text.
pub(super) fn read(answer: &Value, name: &str) -> Option<String> {
    answer.get(name).and_then(Value::as_str).map(even)
}

/// One blank between words, none around.
pub(super) fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without ways to reach anyone, for what is shown to a model.
pub(super) fn without_contacts(text: &str) -> String {
    let text = EMAIL.replace_all(text, " ");
    let text = LINK.replace_all(&text, " ");
    even(&PHONE.replace_all(&text, " "))
}

/// At most `most` characters, cut at a blank where there is one. For what goes to a model only.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most).collect();
    head.rsplit_once(' ').map_or(head.clone(), |(whole, _)| whole.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn breaches(text: &str) -> Vec<Breach> {
        let mut found = Vec::new();
        check("lead", text, 240, &mut found);
        found
    }

    #[rstest]
    #[case("Roti hangat dari dapur Ani, setiap hari.")]
    #[case("Nasi goreng Rp25.000 - Rp30.000, es teh Rp5.000")]
    #[case("Proyek senilai Rp1.250.000.000")]
    #[case("Buka sejak 2010 - 2024, jam 08.00-17.00")]
    #[case("Toko Kue \"Ibu Ani\" & Anak: enak, murah (dan halal)!")]
    #[case("AC 1/2 PK, ban 80/90-17, 100% katun")]
    #[case("Datang ke toko. Ini resep kami.")]
    fn honest_words_pass(#[case] text: &str) {
        assert_eq!(breaches(text), []);
    }

    #[rstest]
    #[case("<b>Halo</b>", Breach::Markup("lead".to_owned()))]
    #[case("**Halo**", Breach::Markup("lead".to_owned()))]
    #[case("# Halo", Breach::Markup("lead".to_owned()))]
    #[case("Halo &lt;script&gt;", Breach::Markup("lead".to_owned()))]
    #[case("Halo {{name}}", Breach::Markup("lead".to_owned()))]
    #[case("Halo [nama toko]", Breach::Markup("lead".to_owned()))]
    #[case("Halo\u{202e}dunia", Breach::Markup("lead".to_owned()))]
    #[case("lihat https://x.test/a", Breach::Link("lead".to_owned()))]
    #[case("lihat www.toko-ani.example", Breach::Link("lead".to_owned()))]
    #[case("lihat tokoani.co.id ya", Breach::Link("lead".to_owned()))]
    #[case("javascript:alert(1)", Breach::Link("lead".to_owned()))]
    #[case("IG @kue.ani", Breach::Link("lead".to_owned()))]
    #[case("kirim ke ani@kue.id", Breach::Email("lead".to_owned()))]
    #[case("WA 0812-3456-7890", Breach::Phone("lead".to_owned()))]
    #[case("WA +62 812 3456 7890", Breach::Phone("lead".to_owned()))]
    #[case("telepon (021) 5551234", Breach::Phone("lead".to_owned()))]
    #[case("nomor 81234567890", Breach::Phone("lead".to_owned()))]
    fn what_a_page_must_not_say_is_told(#[case] text: &str, #[case] breach: Breach) {
        assert_eq!(breaches(text), [breach]);
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(breaches(&"é".repeat(240)), []);
        let most = 240;
        let field = "lead".to_owned();
        assert_eq!(breaches(&"é".repeat(241)), [Breach::TooLong { field, chars: 241, most }]);
    }

    #[test]
    fn ways_to_reach_anyone_are_taken_out() {
        let said = "toko kue Ani, WA 0812-3456-7890, ig @kueani, ani@kue.id, kueani.com";
        let left = without_contacts(said);
        assert!(left.starts_with("toko kue Ani, WA"), "{left}");
        assert!(!left.contains("0812") && !left.contains('@') && !left.contains(".com"), "{left}");
    }
}
