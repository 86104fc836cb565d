//! Menus and price lists by photo: what was read is shown, and used only when its owner says so.

use sitespark_core::brief::{Item, Photo, Rupiah};
use sitespark_core::generation::MENU_ITEMS_AT_MOST;
use sitespark_core::site::Edit;
use sitespark_core::site::document::DocumentItem;

use super::absorb::add_items;
use super::effect::Effect;
use super::state::{Collecting, Pending, State, Step};
use super::turn::Turn;
use super::understand::listing;
use super::understand::words::normalise;
use super::{confirming, convert, general, generating, live, media, questions};

/// Photos of one conversation that are read at once.
const MOST_WAITING: u8 = 3;
/// Longest part of a list that goes into one bubble, in characters.
const MOST_CHARS: usize = 600;

/// A photo that may hold a list is stored. Where nobody can read it, it is a photo like others.
pub(crate) fn stored(mut state: State, photo: Photo, last: bool, turn: &mut Turn<'_>) -> State {
    let asked = photo.caption.is_some();
    let open = match &state {
        State::Welcome => false,
        State::Generating(open) => open.live,
        State::Collecting(_) | State::Confirming(_) => true,
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => true,
    };
    let waiting = state.talk_mut().filter(|talk| open && talk.menus_waiting < MOST_WAITING);
    match waiting.filter(|_| turn.facts.reads_menus) {
        Some(talk) => {
            talk.menus_waiting += 1;
            turn.say("say-menu-reading", &[]);
            turn.wish(Effect::ReadMenu { photo });
            state
        }
        None => {
            if asked {
                turn.note("say-menu-type", &[]);
            }
            media::ready(state, photo, last, turn)
        }
    }
}

/// What came of reading a photo.
pub(crate) fn report(
    mut state: State,
    photo: Photo,
    items: Option<Vec<DocumentItem>>,
    turn: &mut Turn<'_>,
) -> State {
    if let Some(talk) = state.talk_mut() {
        talk.menus_waiting = talk.menus_waiting.saturating_sub(1);
    }
    match items {
        Some(items) if !items.is_empty() && may_ask(&state) => offer(state, items, turn),
        Some(items) => {
            if items.is_empty() {
                turn.note("say-menu-nothing", &[]);
            }
            media::ready(state, photo, true, turn)
        }
        None => {
            turn.note("say-menu-unread", &[]);
            media::ready(state, photo, true, turn)
        }
    }
}

/// Whether a list can be confirmed here.
fn may_ask(state: &State) -> bool {
    match state {
        State::Welcome | State::Generating(_) => false,
        State::Collecting(_) | State::Confirming(_) => true,
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => true,
    }
}

/// Shows what was read and asks whether it is right; a list that waits already is made longer.
fn offer(mut state: State, items: Vec<DocumentItem>, turn: &mut Turn<'_>) -> State {
    let mut list = take(&mut state).unwrap_or_default();
    for item in items {
        let named = |one: &DocumentItem| normalise(&one.name) == normalise(&item.name);
        if !list.iter().any(named) && list.len() < MENU_ITEMS_AT_MOST {
            list.push(item);
        }
    }
    show(state, list, turn)
}

fn show(mut state: State, items: Vec<DocumentItem>, turn: &mut Turn<'_>) -> State {
    let mut parts: Vec<String> = vec![String::new()];
    for (at, item) in items.iter().enumerate() {
        let line = format!("{}. {}", at + 1, line(item, turn));
        if let Some(part) = parts.last_mut() {
            if part.chars().count() + line.chars().count() > MOST_CHARS {
                parts.push(line);
            } else {
                let between = if part.is_empty() { "" } else { "\n" };
                part.push_str(&format!("{between}{line}"));
            }
        }
    }
    let last = parts.len() - 1;
    for (at, part) in parts.into_iter().enumerate() {
        let key = if at == 0 { "say-menu-read" } else { "say-menu-more" };
        let args = [("lines", part.into())];
        if at == last { turn.note(key, &args) } else { turn.say(key, &args) }
    }
    let pending = Pending::Menu { items };
    general::ask_pending(&pending, turn);
    if let Some(talk) = state.talk_mut() {
        talk.pending = Some(pending);
    }
    state
}

fn line(item: &DocumentItem, turn: &Turn<'_>) -> String {
    let rupiah = |amount: i64| Rupiah(amount).shown(turn.language);
    let price = item.price_rupiah.map(|from| {
        let to = item.price_to_rupiah.map(|to| format!("–{}", rupiah(to))).unwrap_or_default();
        let unit = item.unit.as_ref().map(|unit| format!("/{unit}")).unwrap_or_default();
        format!(" {}{to}{unit}", rupiah(from))
    });
    let note = item.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    format!("{}{}{note}", item.name, price.unwrap_or_default())
}

/// The list that waits for its answer, taken out of the talk.
fn take(state: &mut State) -> Option<Vec<DocumentItem>> {
    let talk = state.talk_mut()?;
    match talk.pending.take() {
        Some(Pending::Menu { items }) => Some(items),
        other => {
            talk.pending = other;
            None
        }
    }
}

/// Does something else while a list waits for its answer, and asks for that again.
pub(crate) fn beside(
    mut state: State,
    turn: &mut Turn<'_>,
    act: impl FnOnce(State, &mut Turn<'_>) -> State,
) -> State {
    let Some(items) = take(&mut state) else { return act(state, turn) };
    let mut next = act(state, turn);
    let still = may_ask(&next) || matches!(&next, State::Generating(open) if open.live);
    if let Some(talk) = next.talk_mut().filter(|talk| still && talk.pending.is_none()) {
        let pending = Pending::Menu { items };
        general::ask_pending(&pending, turn);
        talk.pending = Some(pending);
    }
    next
}

/// A text that puts the list right; gives the state back when it does not.
pub(crate) fn corrected(
    mut state: State,
    text: &str,
    turn: &mut Turn<'_>,
) -> Result<State, Box<State>> {
    let waits = match state.talk().and_then(|talk| talk.pending.as_ref()) {
        Some(Pending::Menu { items }) => listing::corrected(items, text),
        Some(_) | None => None,
    };
    let Some(mut items) = waits else { return Err(Box::new(state)) };
    items.truncate(MENU_ITEMS_AT_MOST);
    take(&mut state);
    Ok(if items.is_empty() { refuse(state, turn) } else { show(state, items, turn) })
}

/// The list is right: into the brief, or onto the live site.
pub(crate) fn accept(state: State, items: Vec<DocumentItem>, turn: &mut Turn<'_>) -> State {
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let told: Vec<Item> = items.iter().map(convert::told_item).collect();
    match state {
        State::Welcome => State::Welcome,
        State::Collecting(mut open) => {
            add_items(&mut open.brief, &told);
            turn.note("say-menu-added", &[("count", count.into())]);
            go_on(open, turn)
        }
        State::Confirming(mut open) => {
            add_items(&mut open.brief, &told);
            turn.note("say-menu-added", &[("count", count.into())]);
            confirming::ask(&open, turn);
            State::Confirming(open)
        }
        State::Generating(open) if open.live => {
            let put = |state, turn: &mut Turn<'_>| put_on_site(state, &items, turn);
            generating::beside(open, turn, put)
        }
        State::Generating(mut open) => {
            open.talk.pending = Some(Pending::Menu { items });
            generating::still_working(&open, turn);
            State::Generating(open)
        }
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            put_on_site(state, &items, turn)
        }
    }
}

/// What is on the site already keeps its photo and its remark; only its price is another.
fn put_on_site(state: State, items: &[DocumentItem], turn: &mut Turn<'_>) -> State {
    let live = state.live().map(|live| live.site);
    let site = turn.facts.sites.iter().find(|site| Some(site.id) == live);
    let known: &[String] = site.map_or(&[], |site| &site.items);
    let edit = |item: &DocumentItem| {
        let same = known.iter().find(|name| normalise(name) == normalise(&item.name));
        match (same, item.price_rupiah) {
            (None, _) => Some(Edit::PutItem { item: item.clone() }),
            (Some(_), None) => None,
            (Some(name), Some(price_rupiah)) => Some(Edit::SetPriceRange {
                item: name.clone(),
                price_rupiah,
                price_to_rupiah: item.price_to_rupiah,
            }),
        }
    };
    let edits: Vec<Edit> = items.iter().filter_map(edit).collect();
    if edits.is_empty() {
        turn.note("say-menu-known", &[]);
        general::resume_again(&state, turn);
        return state;
    }
    live::change(state, edits, turn)
}

/// The list is not to be used.
pub(crate) fn refuse(state: State, turn: &mut Turn<'_>) -> State {
    turn.note("say-menu-refused", &[]);
    if let State::Collecting(open) = state {
        return go_on(open, turn);
    }
    general::resume_again(&state, turn);
    state
}

/// The question that is open, or the next when it is answered now.
fn go_on(open: Collecting, turn: &mut Turn<'_>) -> State {
    let listed = open.step == Step::Items && !open.brief.items.is_empty();
    if listed || questions::missing(&open).is_none() {
        return questions::advance(open, turn);
    }
    questions::ask_again(&open, turn);
    State::Collecting(open)
}
