//! The written conversations through the whole house: each ends with a live site, within the limits
//! of the channel it is held on.
//!
//! Every conversation is held on one of the channels, and which one goes round with their number;
//! with `EVERYWHERE=1` each is held on all of them.

use std::path::Path;

use sitespark_bot::message::Content;
use sitespark_bot::testing::{Conversation, Line, load_all};

use super::{Act, Person, Place, Stage, on_every_channel};
use crate::support::pictures::jpeg;

on_every_channel![written_conversations_end_with_a_live_site];

const LIVE_SITES: &str = "select count(*) from sites where status = 'live'";
/// What ends any conversation that is not at its end yet.
const LAST_WORDS: [&str; 8] =
    ["ya", "lewati", "terserah saja", "lewati", "Toko Ani", "lewati", "terserah saja", "ya"];
/// Fewer would mean that they are not found.
const FEWEST: usize = 60;

async fn written_conversations_end_with_a_live_site(first: Stage) {
    let place = first.place;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bot/tests/conversations");
    let written = load_all(&folder).expect("the conversations can be read");
    assert!(written.len() >= FEWEST, "only {} conversations", written.len());
    drop(first);
    let everywhere = std::env::var_os("EVERYWHERE").is_some();
    let is_its_turn = |number: usize| everywhere || Place::ALL[number % Place::ALL.len()] == place;
    for (_, conversation) in written.iter().enumerate().filter(|(number, _)| is_its_turn(*number)) {
        hold(conversation, place).await;
    }
}

async fn hold(conversation: &Conversation, place: Place) {
    let stage = Stage::open(place).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    let contents = conversation.lines.iter().filter_map(|line| match line {
        Line::Says(content) => Some(content),
        // It does so by itself here.
        Line::GoesLive => None,
    });
    for act in contents.filter_map(act_of) {
        person.act(act).await;
    }
    // How much is understood has a test of its own; here it only must come to an end.
    for word in LAST_WORDS {
        if house.count(LIVE_SITES).await == 1 {
            break;
        }
        person.say(word).await;
    }
    let live = house.count(LIVE_SITES).await;
    assert_eq!(live, 1, "{} on {place:?}: {:#?}", conversation.name, person.heard().await);
    stage.end(house).await;
}

fn act_of(content: &Content) -> Option<Act> {
    Some(match content {
        Content::Text { text } => Act::Text(text.clone()),
        Content::Choice { id } => Act::Choice(id.clone()),
        Content::Start { payload } => Act::Text(
            format!("/start {}", payload.as_deref().unwrap_or_default()).trim().to_owned(),
        ),
        Content::Photo { caption, .. } => Act::Photo(jpeg(), caption.clone()),
        Content::Voice { .. } => Act::Voice(b"OggS".to_vec()),
        Content::Location { latitude, longitude, .. } => Act::Location(*latitude, *longitude),
        Content::Contact { name, phone } => Act::Contact(name.clone(), phone.clone()),
        Content::Document { .. } => Act::Document,
        Content::Sticker { .. } => Act::Sticker,
        Content::Reaction { .. } | Content::Blocked | Content::Unsupported => return None,
    })
}
