//! Photos, places, contact cards and what we cannot read.

use sitespark_core::brief::{
    Answer, Brief, Contact, Item, Link, Phone, Photo, PhotoRole, parse_items,
};
use sitespark_core::site::Edit;

use super::absorb::{absorb, add_items, add_links, cut};
use super::effect::Effect;
use super::event::{PhotoRefusal, PhotoReport};
use super::state::{Collecting, Generating, Slot, State, Step};
use super::turn::Turn;
use super::understand::gather::gather;
use super::understand::listing;
use super::understand::logo::{self, LogoWish};
use super::understand::words::{cut_all, cut_end, normalise};
use super::{answers, convert, general, generating, live, menus, questions};
use crate::message::{FileRef, Reaction};

/// Most photos of one brief.
const MAX_PHOTOS: usize = 24;

/// A photo arrives: it is fetched first, and its outcome reported later.
pub(crate) fn photo(
    mut state: State,
    file: FileRef,
    caption: Option<String>,
    turn: &mut Turn<'_>,
) -> State {
    let role = role_of(&state, caption.as_deref(), turn);
    let full = state.brief().is_some_and(|brief| brief.photos.len() >= MAX_PHOTOS);
    if full && role == PhotoRole::Shown {
        turn.note("say-photos-full", &[]);
        general::resume_again(&state, turn);
        return state;
    }
    let caption = match role {
        PhotoRole::Shown => caption.and_then(|caption| telling(&caption)),
        PhotoRole::Logo => None,
        PhotoRole::Menu => caption,
    };
    if let State::Collecting(open) = &mut state
        && let Some(caption) = caption.as_ref().filter(|_| role == PhotoRole::Shown)
    {
        let mut found = gather(caption, Some(Step::Items));
        // "sprint 74 bar dicat ulang": under a picture a number is a price where it says so.
        if !parse_items(caption).iter().any(|item| item.price.is_some()) {
            found.items.clear();
        }
        absorb(open, &found, caption, Some(Step::Items));
    }
    if let Some(talk) = state.talk_mut() {
        // An album is one thing: some apps show the emoji of any of its photos on the first.
        if talk.photos_waiting == 0 {
            turn.say("say-photo-received", &[]);
            turn.react(Reaction::Taken);
        }
        talk.photos_waiting = talk.photos_waiting.saturating_add(1);
    }
    turn.wish(Effect::FetchPhoto { file, caption, role });
    state
}

/// What a photo is for, by the words under it.
fn role_of(state: &State, caption: Option<&str>, turn: &Turn<'_>) -> PhotoRole {
    let told = state.brief().and_then(|brief| brief.name.as_ref()).map(|name| name.value.as_str());
    let name = told.or_else(|| site_name(state, turn));
    let told = caption.filter(|caption| !normalise(caption).is_empty());
    match told {
        Some(caption) if logo::is_caption(caption, name) => PhotoRole::Logo,
        Some(caption) if listing::is_caption(caption, name) => PhotoRole::Menu,
        Some(_) => PhotoRole::Shown,
        None if turn.facts.reads_menus && asks_for_items(state) => PhotoRole::Menu,
        None => PhotoRole::Shown,
    }
}

/// Whether what is sold is being asked for: a photo without a word may be the list of it.
fn asks_for_items(state: &State) -> bool {
    match state {
        State::Collecting(open) => open.step == Step::Items,
        State::Refining(open) => open.slot == Some(Slot::NewItem),
        State::Welcome | State::Confirming(_) | State::Generating(_) => false,
        State::Reviewing(_) | State::Complete(_) => false,
    }
}

/// What the live site of a conversation is called.
fn site_name<'t>(state: &State, turn: &Turn<'t>) -> Option<&'t str> {
    let live = state.live()?;
    let site = turn.facts.sites.iter().find(|site| site.id == live.site);
    site.map(|site| site.name.as_str())
}

/// A caption without courtesies; "ini fotonya kak" tells nothing of what is to be seen.
fn telling(caption: &str) -> Option<String> {
    let told = cut_end("name-tail", cut_all("caption-lead", caption));
    let told = told.trim_matches(|c: char| c.is_whitespace() || ",.:".contains(c));
    (!normalise(told).is_empty()).then(|| told.to_owned())
}

/// A voice note: asks kindly for words, not twice in the same ones.
pub(crate) fn voice(mut state: State, turn: &mut Turn<'_>) -> State {
    if let Some(talk) = state.talk_mut() {
        turn.oops(talk, ["say-voice-1", "say-voice-2"], &[]);
    }
    general::resume_again(&state, turn);
    state
}

/// A file: a picture sent as a file is a photo, of any other only the caption can be read.
pub(crate) fn document(
    state: State,
    file: FileRef,
    caption: Option<String>,
    turn: &mut Turn<'_>,
) -> State {
    let kind = file.media_type.as_deref().unwrap_or("");
    if kind.starts_with("image/") {
        return photo(state, file, caption, turn);
    }
    turn.note("say-document", &[]);
    match caption.as_deref().and_then(telling) {
        Some(caption) => super::text(state, &caption, turn),
        None => {
            general::resume_again(&state, turn);
            state
        }
    }
}

/// What became of a photo.
pub(crate) fn report(mut state: State, report: PhotoReport, turn: &mut Turn<'_>) -> State {
    let mut waiting = 0;
    if let Some(talk) = state.talk_mut() {
        talk.photos_waiting = talk.photos_waiting.saturating_sub(1);
        waiting = talk.photos_waiting;
    }
    match report {
        PhotoReport::Ready(photo) => ready(state, photo, waiting == 0, turn),
        PhotoReport::Logo(photo) => logo_ready(state, photo, waiting == 0, turn),
        PhotoReport::Menu(photo) => menus::stored(state, photo, waiting == 0, turn),
        PhotoReport::Refused(refusal) => {
            let key = match refusal {
                PhotoRefusal::TooLarge => "say-photo-too-large",
                PhotoRefusal::Unreadable => "say-photo-unreadable",
                PhotoRefusal::Gone => "say-photo-gone",
            };
            turn.note(key, &[]);
            general::resume_again(&state, turn);
            state
        }
    }
}

/// A photo that is to be shown is there.
pub(crate) fn ready(mut state: State, photo: Photo, last: bool, turn: &mut Turn<'_>) -> State {
    let items = captioned(&photo);
    let is_qris = photo.is_qris();
    if !items.is_empty() && state.brief().is_some() {
        let named = super::summary::item_names(&items, turn);
        turn.note("say-noted-one", &[("what", named.into())]);
    }
    match &mut state {
        State::Collecting(Collecting { brief, .. }) => add_photo(brief, photo, &items),
        State::Confirming(open) => add_photo(&mut open.brief, photo, &items),
        State::Generating(_) | State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            return on_site(state, photo, turn);
        }
        State::Welcome => {}
    }
    if is_qris && state.brief().is_some() {
        turn.note("say-qris-noted", &[]);
    }
    if last && !is_qris {
        let count = state.brief().map_or(0, |brief| brief.photos.len());
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        turn.note("say-photo-stored", &[("count", count.into())]);
    }
    if last {
        general::resume_again(&state, turn);
    }
    state
}

/// The logo is there: it has a place of its own and never hangs among the photos.
fn logo_ready(mut state: State, photo: Photo, last: bool, turn: &mut Turn<'_>) -> State {
    let brief = match &mut state {
        State::Collecting(open) => &mut open.brief,
        State::Confirming(open) => &mut open.brief,
        State::Generating(making) => {
            making.brief.logo = Some(photo);
            making.talk.late_logo = true;
            turn.say("say-photo-later", &[]);
            return state;
        }
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            let edit = put_logo(&photo);
            return live::change(state, vec![edit], turn);
        }
        State::Welcome => return state,
    };
    brief.logo = Some(photo);
    turn.note("say-logo-noted", &[]);
    if last {
        general::resume_again(&state, turn);
    }
    state
}

fn put_logo(photo: &Photo) -> Edit {
    Edit::SetLogo { photo: Some(convert::photo(photo, "")) }
}

/// A wish about the logo that came without a picture.
pub(crate) fn logo_wished(mut state: State, wish: LogoWish, turn: &mut Turn<'_>) -> State {
    match (wish, &mut state) {
        (LogoWish::Bring, _) => turn.note("say-logo-how", &[]),
        (LogoWish::Remove, State::Collecting(Collecting { brief, .. })) => {
            let gone = brief.logo.take().is_some();
            turn.note(if gone { "say-logo-gone" } else { "say-logo-none" }, &[]);
        }
        (LogoWish::Remove, State::Confirming(open)) => {
            let gone = open.brief.logo.take().is_some();
            turn.note(if gone { "say-logo-gone" } else { "say-logo-none" }, &[]);
        }
        (LogoWish::Remove, State::Generating(open)) if open.live => {
            let (open, edit) = (open.clone(), Edit::SetLogo { photo: None });
            let remove = |state, turn: &mut Turn<'_>| live::change(state, vec![edit], turn);
            return generating::beside(open, turn, remove);
        }
        (LogoWish::Remove, State::Welcome | State::Generating(_)) => {}
        (LogoWish::Remove, State::Reviewing(_) | State::Refining(_) | State::Complete(_)) => {
            return live::change(state, vec![Edit::SetLogo { photo: None }], turn);
        }
    }
    general::resume_again(&state, turn);
    state
}

fn add_photo(brief: &mut Brief, photo: Photo, items: &[Item]) {
    add_items(brief, items);
    if brief.photos.len() < MAX_PHOTOS && brief.photos.iter().all(|old| old.id != photo.id) {
        brief.photos.push(photo);
    }
}

/// Items with prices in a caption; a single one is what the photo shows.
fn captioned(photo: &Photo) -> Vec<Item> {
    let mut items = parse_items(photo.caption.as_deref().unwrap_or(""));
    items.retain(|item| item.price.is_some());
    if let [only] = items.as_mut_slice() {
        only.photo = Some(photo.id.clone());
    }
    items
}

/// A photo for a site that is live or being made.
fn on_site(state: State, photo: Photo, turn: &mut Turn<'_>) -> State {
    if let State::Generating(making) = state {
        return State::Generating(keep_late(making, photo, turn));
    }
    let name = site_name(&state, turn).map(str::to_owned);
    let alt = name.unwrap_or_else(|| turn.plain("word-photo", &[]));
    live::change(state, shown(&photo, &alt), turn)
}

/// A photo on a live site, and the items its caption tells.
fn shown(photo: &Photo, alt: &str) -> Vec<Edit> {
    if photo.is_qris() {
        return vec![Edit::SetQris { photo: Some(convert::photo(photo, alt)) }];
    }
    let add = Edit::AddPhoto { photo: convert::photo(photo, alt) };
    let items = captioned(photo);
    let put = items.iter().map(|item| Edit::PutItem { item: convert::item(item) });
    std::iter::once(add).chain(put).collect()
}

/// A photo that comes while the site is being made goes up once it is live.
fn keep_late(mut making: Generating, photo: Photo, turn: &mut Turn<'_>) -> Generating {
    if making.brief.photos.iter().all(|old| old.id != photo.id) {
        making.brief.photos.push(photo);
        making.talk.late_photos = making.talk.late_photos.saturating_add(1);
    }
    turn.say("say-photo-later", &[]);
    making
}

/// Puts the photos that came during the run on the site that is live now.
pub(crate) fn put_late(state: State, making: &Generating, turn: &mut Turn<'_>) -> State {
    let late = usize::from(making.talk.late_photos).min(making.brief.photos.len());
    let alt = making.brief.name.as_ref().map_or("", |name| &name.value);
    let photos = &making.brief.photos[making.brief.photos.len() - late..];
    let logo = making.brief.logo.as_ref().filter(|_| making.talk.late_logo);
    let photos = photos.iter().flat_map(|photo| shown(photo, alt));
    let edits: Vec<Edit> = photos.chain(logo.map(put_logo)).collect();
    if edits.is_empty() { state } else { live::change(state, edits, turn) }
}

/// A pin on the map.
pub(crate) fn location(
    state: State,
    (latitude, longitude): (f64, f64),
    label: Option<String>,
    turn: &mut Turn<'_>,
) -> State {
    let sound = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let url = format!("https://www.google.com/maps?q={latitude:.6},{longitude:.6}");
    let Some(link) = sound.then(|| Link::parse(&url.replace(',', "%2C"))).flatten() else {
        turn.note("say-unsupported", &[]);
        general::resume_again(&state, turn);
        return state;
    };
    let label = label.map(|label| cut(&label)).filter(|label| !label.is_empty());
    with_contact(
        state,
        "say-location-noted",
        |contact| {
            add_links(contact, std::slice::from_ref(&link));
            contact.address = label.clone().or(contact.address.take());
        },
        || {
            let put = Edit::PutLink { link: convert::link(&link) };
            let address =
                label.clone().map(|label| Edit::SetAddress { address: Some(label), city: None });
            std::iter::once(put).chain(address).collect()
        },
        turn,
    )
}

/// A contact card.
pub(crate) fn contact_card(mut state: State, phone: &str, turn: &mut Turn<'_>) -> State {
    match Phone::parse(phone) {
        Ok(phone) => with_contact(
            state,
            "say-card-noted",
            |contact| contact.phone = Some(phone.clone()),
            || vec![Edit::SetPhone { phone: Some(phone.as_e164().to_owned()) }],
            turn,
        ),
        Err(error) => {
            if let Some(talk) = state.talk_mut() {
                turn.oops(talk, answers::phone_error(error), &[]);
            }
            general::resume_again(&state, turn);
            state
        }
    }
}

/// Puts something into the contact of the brief, or changes the live site.
fn with_contact(
    state: State,
    key: &str,
    put: impl FnOnce(&mut Contact),
    edits: impl FnOnce() -> Vec<Edit>,
    turn: &mut Turn<'_>,
) -> State {
    let mut open = match state {
        State::Collecting(open) => open,
        State::Confirming(open) => super::confirming::reopened(open),
        State::Welcome => questions::fresh(turn.language),
        State::Generating(making) => {
            turn.say("say-after-live", &[]);
            return State::Generating(making);
        }
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            let deeds = turn.deeds();
            let state = live::change(state, edits(), turn);
            if turn.deeds() > deeds {
                turn.react(Reaction::Taken);
            }
            return state;
        }
    };
    turn.react(Reaction::Taken);
    let mut answer =
        open.brief.contact.take().unwrap_or_else(|| Answer::new(Contact::default(), ""));
    put(&mut answer.value);
    open.brief.contact = Some(answer);
    turn.note(key, &[]);
    if matches!(open.step, Step::Contact | Step::Phone) {
        return questions::advance(open, turn);
    }
    let resumed = State::Collecting(open);
    general::resume_again(&resumed, turn);
    resumed
}
