//! Pieces that say themselves what they are.

use sitespark_core::brief::{Answer, parse_items, parse_more_items};

use super::looks::{is_look_throughout, is_looks_only, is_plain_look};
use super::people::{says_nobody, take_audience, take_business};
use super::{
    Found, begins_small, is_price_list, only_noise, take_features, take_style, without_adding,
};
use crate::conversation::state::Step;
use crate::conversation::understand::introduced;
use crate::conversation::understand::naming::clean_name;
use crate::conversation::understand::towns::cut_city;
use crate::conversation::understand::words::{
    cut_all, cut_prefix, is_in, mentions, normalise, split_at_word,
};

/// Most words before "namanya" in the answer to what a business is called.
const MAX_LEAD_WORDS: usize = 3;

/// Pieces that say themselves what they are.
pub(super) fn take_labelled(piece: &str, asked: Option<Step>, found: &mut Found) -> bool {
    let told = cut_all("name-lead", piece);
    let labelled = introduced::named_thing(told)
        .or_else(|| introduced::labelled(told).map(introduced::behind_noun));
    let named = labelled.or_else(|| {
        let front = cut_prefix("name-inside", piece)
            .filter(|name| asked == Some(Step::Name) && name.starts_with(char::is_uppercase));
        if front.is_some() {
            return front;
        }
        let (before, named) = split_at_word("name-inside", piece)?;
        let few = before.split(' ').count() <= MAX_LEAD_WORDS;
        (asked == Some(Step::Name) && few).then(|| introduced::behind_noun(named))
    });
    // "oh nama ya, Tepi Toba Homestay": the name itself follows.
    let courtesy = |word: &str| is_in("courtesy", word) || is_in("name-tail", word);
    if asked == Some(Step::Name)
        && named.is_some_and(|named| normalise(named).split(' ').all(courtesy))
    {
        return true;
    }
    // "namanya juga orang hajatan" is a saying, "namanya itu nak" speaks of what was told.
    let spoken_of = |named: &&str| cut_prefix("pronouns", named).is_none();
    if let Some(named) = named.filter(|named| !only_noise(named)).filter(spoken_of) {
        let (rest, city) = match asked {
            None | Some(Step::Trade) => cut_city(named),
            Some(_) => (named, None),
        };
        // "namonyo Pempek Cek Ayu, itu namo anak cek": what follows in small letters speaks of it.
        let small = !rest.contains(char::is_uppercase);
        let large = |name: &Answer<String>| name.said.contains(char::is_uppercase);
        if small && found.name.as_ref().is_some_and(large) {
            return true;
        }
        if let Some(name) = clean_name(rest) {
            found.name = Some(Answer::new(name, piece));
            found.city = found.city.take().or(city);
            return true;
        }
    }
    // "Gayanya ceria kak" is no name either.
    let looks = |rest: &str| {
        let label = normalise(&piece[..piece.len() - rest.len()]);
        let told = begins_small(piece) || label.ends_with("nya");
        told && (is_plain_look(rest) || label.ends_with("nya") && is_look_throughout(rest))
    };
    if let Some(rest) = cut_prefix("style-label", piece)
        && (asked != Some(Step::Name) || looks(rest))
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
    // "250rb harga tahun kemarin": what it was.
    if mentions("old-times", &normalise(piece)) && parse_items(piece).len() == 1 {
        return true;
    }
    if is_price_list(piece) {
        let more = if found.items.is_empty() { parse_items } else { parse_more_items };
        found.items.extend(more(without_adding(piece)));
        return true;
    }
    if let Some(whom) = cut_prefix("serving-label", piece)
        && mentions("people-words", &normalise(whom))
    {
        take_audience(whom, piece, asked, found);
        return true;
    }
    let normal = normalise(piece);
    // "saya mau webnya ada daftar menu", "on the site I'd like a price list"
    if asked != Some(Step::Name)
        && let Some(parts) = cut_prefix("feature-wish", piece)
            .or_else(|| split_at_word("feature-wish", piece).map(|(_, parts)| parts))
        && take_features(parts, found)
    {
        return true;
    }
    if mentions("site-words", &normal) && asked != Some(Step::Audience) {
        // "we'd like a website with pricing": a part of it, and perhaps the business before.
        let parts = split_at_word("feature-with", piece).filter(|(before, parts)| {
            mentions("site-words", &normalise(before)) && !parts.is_empty()
        });
        if let Some((before, parts)) = parts
            && asked != Some(Step::Name)
            && take_features(parts, found)
        {
            take_business(before, found);
            return true;
        }
        // "pengen punya website yg elegan": how it shall look stands behind.
        if let Some((before, look)) = split_at_word("which", piece)
            && is_looks_only(look)
            && take_style(look, look, found)
        {
            take_business(before, found);
            return true;
        }
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
    // "Sasaran kami pabrik": a name goes on in large letters.
    let small = |rest: &str| rest.starts_with(char::is_lowercase);
    let sure = cut_prefix("audience-label-sure", piece)
        .is_some_and(|rest| begins_small(piece) || small(rest) || piece.contains(':'));
    let behind_name =
        asked == Some(Step::Name) && (found.name.is_some() || !found.rest.is_empty() || sure);
    if (!free || behind_name)
        && let Some(rest) = cut_prefix("audience-label", cut_all("courtesy", piece))
        && !normalise(rest).is_empty()
    {
        // "pengunjung mall" is who they are, "pelanggan ibu-ibu" says it behind the word.
        let noun = cut_prefix("audience-nouns", piece) == Some(rest)
            && cut_prefix("people-lead", rest).is_none()
            && !["people-words", "named-owners", "audience-filler", "answer-lead"]
                .iter()
                .any(|list| is_in(list, normalise(rest).split(' ').next().unwrap_or("")))
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
