//! Who the customers are, and what is no answer to that.

use sitespark_core::brief::{Answer, Brief, Rgb, Tone};

use super::{MAX_LOOK_WORDS, Reply, looks_only, oops};
use crate::conversation::absorb::cut;
use crate::conversation::state::Collecting;
use crate::conversation::understand::gather::{Found, is_look_throughout};
use crate::conversation::understand::naming::clean_name;
use crate::conversation::understand::words::{
    cut_all, cut_end, cut_prefix, is_in, mentions, normalise, split_at_word,
};

pub(super) fn audience(state: &mut Collecting, text: &str, found: &Found) -> Reply {
    if found.audience.is_some() {
        if lists_people(found) {
            state.brief.audience = Some(Answer::new(cut(bare_answer(text)), cut(text)));
        }
        return Reply::Settled;
    }
    let some = ["people-words", "audience-mainly"];
    let narrows = |piece: &String| {
        !is_everybody(piece) && some.iter().any(|list| mentions(list, &normalise(piece)))
    };
    if found.rest.iter().any(|piece| is_everybody(piece)) && !found.rest.iter().any(narrows) {
        state.brief.audience = Some(Answer::new(String::new(), cut(text)));
        return Reply::Settled;
    }
    let coloured = found.rest.iter().any(|piece| Rgb::parse_name(piece).is_some());
    if coloured
        && found.rest.iter().all(|piece| is_look(piece))
        && looks_only(state, &found.rest, false)
    {
        return Reply::Stay;
    }
    if let Some(name) = named_after_all(&state.brief, found) {
        state.brief.name = Some(Answer::new(name, cut(text)));
        return Reply::Stay;
    }
    let told = found.rest.join(", ");
    let told = cut_end("name-tail", &told);
    // "orang yang capek kerja" speaks of people, "capek nih" of itself.
    let chats =
        mentions("small-talk", &normalise(told)) && cut_prefix("people-lead", told).is_none();
    let tried = state.talk.last_error.as_deref() == Some("oops-audience-1");
    if chats && !tried {
        return oops("oops-audience-1", "oops-audience-2");
    }
    // "kamarnya ada 14", "yang dipakai nomor klinik 0811…": figures count something else than people.
    let figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let plain = normalise(told);
    let counted = told.split_whitespace().any(figure) && mentions("count-lead", &plain);
    let counts = counted || found.phone.is_some();
    let people = ["people-words", "age-words"].iter().any(|list| mentions(list, &plain));
    if counts && !people && !tried {
        state.brief.notes.extend((!found.is_telling()).then(|| cut(told)));
        return if found.is_telling() {
            Reply::Stay
        } else {
            oops("oops-audience-1", "oops-audience-2")
        };
    }
    if told.chars().filter(|c| c.is_alphabetic()).count() >= 3 {
        // "org yg bannya bocor haha, tulis aja pengendara motor"
        let told = split_at_word("write-just", told).map_or(told, |(_, written)| written);
        let told = bare_answer(told);
        state.brief.audience = Some(Answer::new(cut(told), cut(text)));
        return Reply::Settled;
    }
    if found.is_telling() {
        return Reply::Stay;
    }
    oops("oops-audience-1", "oops-audience-2")
}

/// "deep blue", "with a warm feel": a colour or a tone, and nobody.
fn is_look(piece: &str) -> bool {
    let tells = Rgb::parse_name(piece).is_some() || Tone::parse(piece).is_some();
    let short = piece.split_whitespace().count() <= MAX_LOOK_WORDS || is_look_throughout(piece);
    tells
        && short
        && !["people-words", "age-words"].iter().any(|list| mentions(list, &normalise(piece)))
}

/// "orang kantor, orang kapal, deng yang cari oleh-oleh": a list of people, of which one was heard alone.
fn lists_people(found: &Found) -> bool {
    let people = |piece: &String| {
        cut_prefix("people-lead", piece).is_some() || mentions("people-words", &normalise(piece))
    };
    let alone =
        Found { audience: found.audience.clone(), rest: found.rest.clone(), ..Found::default() };
    !found.rest.is_empty() && found.rest.iter().all(people) && *found == alone
}

/// Most words behind "everybody" that take nobody out.
const MAX_EVERYBODY_WORDS: usize = 3;

/// "semua orang boleh to", "everybody really".
fn is_everybody(piece: &str) -> bool {
    let told = cut_all("answer-lead", piece);
    cut_prefix("everybody", told).is_some_and(|rest| {
        let plain = normalise(rest);
        let words = plain.split(' ').filter(|word| !word.is_empty()).count();
        words <= MAX_EVERYBODY_WORDS
            && !["people-words", "but-words", "age-words", "which"]
                .iter()
                .any(|list| mentions(list, &plain))
    })
}

/// "Kapten Barber", where we took a line of business for the name: words written large throughout that
/// are no customers.
fn named_after_all(brief: &Brief, found: &Found) -> Option<String> {
    let known = &brief.name.as_ref()?.value;
    let guessed = known.split(' ').all(|word| is_in("generic-words", &normalise(word)));
    // "warung sate maranggi" is the "Sate Maranggi Mang Oded".
    let shares = |piece: &str| {
        let known = normalise(known);
        let told = normalise(piece);
        let shared: Vec<&str> = told
            .split(' ')
            .filter(|word| !is_in("person-words", word) && known.split(' ').any(|own| own == *word))
            .collect();
        shared.len() > 1 && shared.iter().any(|word| !is_in("generic-words", word))
    };
    let [piece] = found.rest.as_slice() else { return None };
    let words: Vec<&str> = piece.split_whitespace().collect();
    let shouted = !piece.chars().any(char::is_lowercase);
    let large = words.len() > 1 && words.iter().all(|word| word.starts_with(char::is_uppercase));
    let large = large && !shouted;
    let people = mentions("people-words", &normalise(piece));
    let label = cut_prefix("audience-label", piece).is_some();
    ((guessed || shares(piece)) && large && !people && !label).then(|| clean_name(piece)).flatten()
}

/// "ya kicau mania lah bang": without the small words before and behind it.
fn bare_answer(told: &str) -> &str {
    let mut bare = told;
    for _ in 0..MAX_LAYERS {
        let inner = without_vocative(cut_end("audience-tail", cut_end("name-tail", bare)));
        if inner.len() == bare.len() || normalise(inner).is_empty() {
            break;
        }
        bare = inner;
    }
    let behind = cut_all("answer-lead", bare);
    if normalise(behind).is_empty() { bare } else { behind }
}

/// Most layers of small words around an answer.
const MAX_LAYERS: usize = 4;

/// "kampus sama komunitas bang": who is called is no customer; "bapak bapak" are.
fn without_vocative(told: &str) -> &str {
    let cut = cut_end("vocative-tail", told);
    let last = cut.rsplit(char::is_whitespace).next().unwrap_or("");
    let next = told[cut.len()..].split_whitespace().next().unwrap_or("");
    let goes_on = last.eq_ignore_ascii_case(next) || is_in("part-join", &normalise(last));
    if cut.is_empty() || goes_on { told } else { cut }
}
