//! Answers told as a form: numbered as the questions are, or each behind its label.

use sitespark_core::brief::find_prices;

use super::absorb::absorb;
use super::answers;
use super::collecting::step_of;
use super::questions;
use super::state::{Collecting, Step};
use super::turn::Turn;
use super::understand::change::field_at_front;
use super::understand::gather::{features_of, gather};
use super::understand::tap::Field;
use super::understand::words::{cut_prefix, normalise};

/// Fewest numbered lines that are a form.
const MIN_NUMBERED: usize = 3;
/// Fewest lines behind labels that are one.
const MIN_LABELLED: usize = 2;
/// Most entries that are read.
const MAX_ENTRIES: usize = 20;

/// One line of a form, with the lines that belong to it.
#[derive(Debug, Default, PartialEq)]
struct Entry {
    /// What it answers, where it says so.
    field: Option<Field>,
    text: String,
}

/// Takes every answer of a form; `false`, and nothing taken, where the text is none.
pub(crate) fn take(state: &mut Collecting, text: &str, turn: &Turn<'_>) -> bool {
    let Some((rest, entries)) = numbered(text).or_else(|| labelled(text)) else { return false };
    // "1. Daftar harga 2. Tentang kami", where the parts are asked for.
    let parts = |entry: &Entry| !features_of(&entry.text).is_empty();
    if state.step == Step::Features && entries.iter().all(parts) {
        return false;
    }
    if !normalise(&rest).is_empty() {
        let found = gather(&rest, None);
        absorb(state, &found, &rest, None);
    }
    for entry in entries.into_iter().take(MAX_ENTRIES) {
        let open = entry.field.and_then(step_of).or_else(|| questions::missing(state));
        let step = open.unwrap_or(Step::Contact);
        state.step = step;
        let found = gather(&entry.text, Some(step));
        absorb(state, &found, &entry.text, Some(step));
        answers::answer(state, &entry.text, &found, turn);
    }
    true
}

/// "1. bimbel, 2. anak SD, …": the lines around, and the entries. A numbered price list is none.
fn numbered(text: &str) -> Option<(String, Vec<Entry>)> {
    let mut rest = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        let next = counted(line).filter(|(number, _)| *number == entries.len() + 1);
        let belongs = line.starts_with(char::is_whitespace) || line.starts_with(['-', '•', '*']);
        match (next, entries.last_mut()) {
            (Some((_, told)), _) => entries.push(entry(told)),
            (None, Some(last)) if belongs && !line.trim().is_empty() => {
                last.text.push('\n');
                last.text.push_str(line.trim());
            }
            (None, _) if cut_prefix("letter-lead", line).is_none() => rest.push(line),
            (None, _) => {}
        }
    }
    let priced = |entry: &&Entry| !find_prices(entry.text.lines().next().unwrap_or("")).is_empty();
    let goods = entries.iter().filter(priced).count();
    (entries.len() >= MIN_NUMBERED && goods * 2 < entries.len()).then(|| (rest.join("\n"), entries))
}

/// The number a line begins with, and what follows it.
fn counted(line: &str) -> Option<(usize, &str)> {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let told = line[digits..].strip_prefix(['.', ')', ':', '/', '-'])?;
    let spaced = told.starts_with(|c: char| !c.is_ascii_digit());
    Some((line[..digits].parse().ok()?, told.trim())).filter(|_| spaced && digits <= 2)
}

/// "Target: anak muda" without what it is called; how to be reached keeps its words.
fn entry(told: &str) -> Entry {
    match label(told) {
        Some((field @ (Field::Contact | Field::Phone | Field::Address | Field::Hours), _)) => {
            Entry { field: Some(field), text: told.to_owned() }
        }
        Some((field, value)) => Entry { field: Some(field), text: value.to_owned() },
        None => Entry { field: None, text: told.to_owned() },
    }
}

/// The field a line is labelled with, and what stands behind the colon.
fn label(line: &str) -> Option<(Field, &str)> {
    let (head, value) = line.split_once([':', '='])?;
    match field_at_front(head)? {
        (field, "") => Some((field, value.trim())),
        _ => None,
    }
}

/// "Nama: …", "Target: …", "Fitur: …": lines whose commas do not end the answer; what else there is
/// stays.
fn labelled(text: &str) -> Option<(String, Vec<Entry>)> {
    let mut rest = Vec::new();
    let mut entries = Vec::new();
    for line in text.lines() {
        match label(line.trim()) {
            Some((
                field @ (Field::Trade
                | Field::Name
                | Field::Audience
                | Field::Features
                | Field::Style
                | Field::Colour),
                value,
            )) if !value.is_empty() => {
                entries.push(Entry { field: Some(field), text: value.to_owned() });
            }
            _ => rest.push(line),
        }
    }
    (entries.len() >= MIN_LABELLED).then(|| (rest.join("\n"), entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<Vec<(Option<Field>, String)>> {
        let (_, entries) = numbered(text).or_else(|| labelled(text))?;
        Some(entries.into_iter().map(|entry| (entry.field, entry.text)).collect())
    }

    #[test]
    fn numbered_answers_are_a_form_and_numbered_goods_are_none() {
        let form = told("jawab ya\n1. bimbel, Pelangi\n2. anak TK dan SD\n3. biaya, galeri");
        let form = form.expect("a form");
        assert_eq!(form.len(), 3);
        assert_eq!(form[1], (None, "anak TK dan SD".to_owned()));
        assert_eq!(told("1. Risol 12rb\n2. Cireng 15rb\n3. Dimsum 28rb"), None);
        assert_eq!(told("Kopi Senja"), None);
    }

    #[test]
    fn labels_say_what_a_line_answers() {
        let form =
            told("1. Sasaran: pabrik, gudang\n2. Layanan:\n - Fogging 450rb\n3. Alamat: Jl. A 5");
        let form = form.expect("a form");
        assert_eq!(form[0], (Some(Field::Audience), "pabrik, gudang".to_owned()));
        assert_eq!(form[1], (Some(Field::Items), "\n- Fogging 450rb".to_owned()));
        assert_eq!(form[2], (Some(Field::Address), "Alamat: Jl. A 5".to_owned()));
        let form = told("Nama: Kopi Senja\nTarget: anak muda, kantoran\nWA 0812 3456 7890");
        assert_eq!(form.expect("a form").len(), 2);
    }
}
