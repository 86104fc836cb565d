//! Styles and colours among the pieces of a message.

use sitespark_core::brief::{Rgb, Tone};

use super::parts::without_doubling;
use super::{Found, is_short};
use crate::conversation::understand::words::{
    canonical, cut_all, cut_prefix, is_in, knows, mentions, normalise, split_at_word,
};

/// "orange ya": a colour and nothing else.
pub(super) fn is_plain_look(rest: &str) -> bool {
    const MOST_WORDS: usize = 2;
    let plain = canonical(&normalise(rest));
    let words = plain.split(' ').filter(|word| !knows("courtesy", word)).count();
    let coloured = Rgb::parse_name(&plain).or_else(|| Rgb::parse_name(rest)).is_some();
    words <= MOST_WORDS && coloured
}

/// "modern minimalis": every word says how it looks; "homemade jam" is a line of business.
pub(crate) fn is_looks_only(piece: &str) -> bool {
    is_look_throughout(piece) || Rgb::parse_name(&canonical(&normalise(piece))).is_some()
}

/// Whether each word of a piece says how it looks, or belongs to that.
pub(crate) fn is_look_throughout(piece: &str) -> bool {
    let plain = canonical(&normalise(piece));
    let beside = |word: &str| {
        ["courtesy", "name-tail", "style-label", "tone-wish", "part-join", "denial", "request"]
            .iter()
            .any(|list| is_in(list, word))
            || word == "it"
    };
    let looks = |word: &str| Tone::parse(word).is_some() || Rgb::parse_name(word).is_some();
    plain.split(' ').all(|word| looks(word) || beside(word))
}

pub(super) fn take_style(text: &str, said: &str, found: &mut Found) -> bool {
    let text = &without_vocative(text);
    let spelled = canonical(&without_doubling(&normalise(text)));
    // "biru, sing ceria, masa item": a word for a colour gives a tone only where no other does.
    let (plain, hues) = (without_hues(text), without_hues(&spelled));
    let strong = Tone::parse(&plain).or_else(|| Tone::parse(&hues));
    let tone = strong.or_else(|| Tone::parse(text)).or_else(|| Tone::parse(&spelled));
    if strong.is_some() && Tone::parse(&without_hues(&found.style_said)).is_none() {
        found.style.tone = None;
    }
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
    // "kata anak saya lebih segar" is why.
    let hearsay = colour.is_none() && cut_prefix("sayer-lead", said).is_some();
    if hearsay || tone.is_none() && colour.is_none() {
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

/// The words that are no colours, nor what is said of one.
fn without_hues(text: &str) -> String {
    let hue =
        |word: &&str| Rgb::parse_name(word).is_some() || is_in("colour-shades", &normalise(word));
    text.split_whitespace().filter(|word| !hue(word)).collect::<Vec<_>>().join(" ")
}

/// "su pas abang", "terserah abang aja yg penting biru": who is called by a word for red wishes for no
/// colour, but where one is spoken of.
fn without_vocative(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let called = |at: usize| {
        at > 0
            && normalise(words[at]) == RED_OR_BROTHER
            && !is_in("style-label", &normalise(words[at - 1]))
    };
    let kept = (0..words.len()).filter(|at| !called(*at)).map(|at| words[at]);
    kept.collect::<Vec<_>>().join(" ")
}

/// Red in Javanese, and how a brother is called elsewhere.
const RED_OR_BROTHER: &str = "abang";

/// "merha", where a colour is asked for.
pub(super) fn take_mistyped_colour(piece: &str, found: &mut Found) -> bool {
    // "suka2 kau lah" speaks to us, and of no wood.
    let short = is_short(piece) && !mentions("no-colours", &normalise(piece));
    let meant = short.then(|| Rgb::parse_mistyped(&piece.to_lowercase())).flatten();
    if meant.is_some() {
        found.style.colour = found.style.colour.or(meant);
        found.style_said = piece.to_owned();
    }
    meant.is_some()
}

/// "untuk tentang kami tulis: menenun sejak 1987": what the site shall say about whoever it is of, and
/// what else stands behind its line.
pub(super) fn story(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let part = cut_prefix("for-words", line).unwrap_or(line);
    let (lead, told) = cut_prefix("feature-about", part)?.split_once(':')?;
    let led = cut_prefix("write-words", lead).is_some_and(|more| normalise(more).is_empty());
    (led && !normalise(told).is_empty()).then_some((told.trim(), rest))
}

/// "biru aja deh jangan ijo" as "biru": what is said of the looks without the words around it.
pub(super) fn look_in(said: &str) -> String {
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
