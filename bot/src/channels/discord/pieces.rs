//! A message into pieces that Discord takes with one request each. Pure.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::channels::body::cut;
use crate::channels::choices::{is_blank, with_links, with_numbers};
use crate::channels::link::is_public_link;
use crate::channels::words::words;
use crate::message::{Body, Choice, LinkButton, Message, OutFile};

use super::markup::weigh_discord;

/// Longest text of a message.
const MAX_TEXT_UNITS: usize = 2_000;
/// Most rows under a message and buttons in each.
const MAX_ROWS: usize = 5;
const MAX_ROW_BUTTONS: usize = 5;
/// Longest label of a button or an option; ours are far shorter.
const MAX_LABEL_UNITS: usize = 80;
/// Longest id of a choice.
const MAX_ID_CHARS: usize = 100;
/// Longest address behind a button.
const MAX_URL_CHARS: usize = 512;
/// Up to so many choices are buttons; more are a menu, where they can be read.
const MOST_BUTTONS: usize = 10;
/// Most lines of a menu.
const MAX_OPTIONS: usize = 25;
/// What a menu is called by when something is picked from it.
pub(super) const MENU_ID: &str = "menu";

/// How choices are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    None,
    Buttons,
    Menu,
    Numbers,
}

/// See [`ChannelPort::split`](crate::channels::ChannelPort::split).
pub(super) fn split(message: Message) -> Vec<Message> {
    if message.voice.is_some() {
        return vec![message];
    }
    let look = look_of(&message);
    let Message { mut body, mut choices, mut links, picture, progress, document, .. } = message;
    let in_text: Vec<LinkButton> = links.iter().filter(|link| !is_button(link)).cloned().collect();
    links.retain(is_button);
    if links.len() > MAX_ROW_BUTTONS {
        body = with_links(body, &links.split_off(MAX_ROW_BUTTONS));
    }
    body = with_links(body, &in_text);
    if look == Look::Numbers {
        body = with_numbers(body, &choices);
        choices.clear();
    }
    let mut texts = cut(&body, MAX_TEXT_UNITS, weigh_discord);
    texts.retain(|text| !is_blank(text));
    let has_buttons = !choices.is_empty() || !links.is_empty();
    if texts.is_empty() && (picture.is_some() || has_buttons) {
        texts.push(if picture.is_some() { Body::default() } else { pointer() });
    }
    let mut pieces: Vec<Message> =
        texts.into_iter().map(|body| Message { body, ..Message::default() }).collect();
    // One file a message, a picture has the first; and room for the file's address, should it go as one.
    let is_full = |piece: &Message| {
        let link =
            document.as_ref().map(OutFile::link).filter(|link| !is_next_button(link, &links));
        let told = link.map(|link| with_links(piece.body.clone(), &[link]));
        told.is_some_and(|told| cut(&told, MAX_TEXT_UNITS, weigh_discord).len() > 1)
    };
    let is_taken = picture.is_some() && pieces.len() == 1;
    if document.is_some() && (is_taken || pieces.last().is_none_or(is_full)) {
        pieces.push(Message::default());
    }
    if let Some(last) = pieces.last_mut() {
        last.choices = choices;
        last.links = links;
        last.document = document;
    }
    if let Some(first) = pieces.first_mut() {
        first.picture = picture;
        first.progress = progress;
    }
    pieces
}

fn pointer() -> Body {
    Body::plain(words().pick.clone())
}

/// Whether the choices cannot be tapped.
pub(super) fn shows_numbers(message: &Message) -> bool {
    look_of(message) == Look::Numbers
}

fn look_of(message: &Message) -> Look {
    let mut ids = HashSet::new();
    let all_fit = message.choices.iter().all(|choice| {
        (1..=MAX_ID_CHARS).contains(&choice.id.chars().count())
            && !choice.id.trim().is_empty()
            && choice.id != MENU_ID
            && is_label(&choice.label)
            && ids.insert(choice.id.as_str())
    });
    match message.choices.len() {
        0 => Look::None,
        _ if !all_fit => Look::Numbers,
        few if few <= MOST_BUTTONS => Look::Buttons,
        some if some <= MAX_OPTIONS => Look::Menu,
        _ => Look::Numbers,
    }
}

fn is_label(label: &str) -> bool {
    !is_blank(&Body::plain(label)) && label.encode_utf16().count() <= MAX_LABEL_UNITS
}

fn is_button(link: &LinkButton) -> bool {
    is_public_link(&link.url) && link.url.chars().count() <= MAX_URL_CHARS && is_label(&link.label)
}

/// Whether a link is one more button beside others.
fn is_next_button(link: &LinkButton, others: &[LinkButton]) -> bool {
    is_button(link) && others.len() < MAX_ROW_BUTTONS
}

/// A piece with the link of its file in place of the file.
pub(super) fn as_link(piece: &Message) -> Message {
    let mut piece = piece.clone();
    let Some(link) = piece.document.take().map(|file| file.link()) else { return piece };
    if is_next_button(&link, &piece.links) {
        piece.links.push(link);
        piece.body = if is_blank(&piece.body) { pointer() } else { piece.body };
    } else {
        piece.body = with_links(piece.body, &[link]);
    }
    piece
}

/// What can be tapped under a piece: pages on the first row, then the choices. Always there, so
/// that an edit takes away what a bubble had before.
pub(super) fn components(piece: &Message) -> Value {
    let mut rows: Vec<Value> = Vec::new();
    let pages: Vec<Value> = piece
        .links
        .iter()
        .map(|link| json!({ "type": 2, "style": 5, "label": link.label, "url": link.url }))
        .collect();
    if !pages.is_empty() {
        rows.push(row(pages));
    }
    match look_of(piece) {
        Look::None | Look::Numbers => {}
        Look::Buttons => {
            let buttons: Vec<Value> = piece.choices.iter().map(button).collect();
            rows.extend(buttons.chunks(MAX_ROW_BUTTONS).map(|chunk| row(chunk.to_vec())));
        }
        Look::Menu => rows.push(row(vec![menu(&piece.choices)])),
    }
    debug_assert!(rows.len() <= MAX_ROWS, "a row of pages and two of buttons at most");
    Value::Array(rows)
}

fn row(components: Vec<Value>) -> Value {
    json!({ "type": 1, "components": components })
}

fn button(choice: &Choice) -> Value {
    json!({ "type": 2, "style": 2, "label": choice.label, "custom_id": choice.id })
}

fn menu(choices: &[Choice]) -> Value {
    let options: Vec<Value> =
        choices.iter().map(|choice| json!({ "label": choice.label, "value": choice.id })).collect();
    json!({ "type": 3, "custom_id": MENU_ID, "options": options, "min_values": 1, "max_values": 1,
        "placeholder": words().list_button })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::super::markup::discord_text;
    use super::*;
    use crate::channels::body::tests::any_body;
    use crate::message::{Picture, Progress};

    fn many(count: usize) -> Vec<Choice> {
        (0..count).map(|n| Choice { id: format!("c{n}"), label: format!("Pilihan {n}") }).collect()
    }

    fn said(text: &str) -> Message {
        Message { body: Body::plain(text), ..Message::default() }
    }

    #[rstest]
    #[case(0, Look::None)]
    #[case(10, Look::Buttons)]
    #[case(11, Look::Menu)]
    #[case(25, Look::Menu)]
    #[case(26, Look::Numbers)]
    fn many_choices_are_a_menu_and_too_many_are_numbers(#[case] count: usize, #[case] look: Look) {
        assert_eq!(look_of(&Message { choices: many(count), ..said("?") }), look);
    }

    #[test]
    fn a_choice_twice_or_without_a_label_is_a_number() {
        let twice = vec![many(1)[0].clone(), many(1)[0].clone()];
        assert!(shows_numbers(&Message { choices: twice, ..said("?") }));
        let nameless = vec![Choice { id: "a".into(), label: " ".into() }];
        let pieces = split(Message { choices: nameless, ..said("?") });
        assert!(pieces[0].choices.is_empty() && pieces[0].body.to_plain().contains("1. "));
    }

    #[test]
    fn a_choice_whose_id_is_blank_is_a_number() {
        let blank = Choice { id: "\u{2000}".to_owned(), label: "Ya".to_owned() };
        assert_eq!(look_of(&Message { choices: vec![blank], ..said("Jadi?") }), Look::Numbers);
    }

    #[test]
    fn private_addresses_stand_in_the_text() {
        let link = |url: &str| LinkButton { label: "Buka".into(), url: url.into() };
        let links = vec![link("http://kue.localhost:8080/"), link("https://kue.situsku.id/")];
        let pieces = split(Message { links, ..said("Lihat") });
        assert_eq!(pieces[0].body.to_plain(), "Lihat\n\nBuka: http://kue.localhost:8080/");
        assert_eq!(components(&pieces[0]).as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn nothing_to_say_is_no_piece() {
        assert_eq!(split(Message::default()), Vec::new());
        assert_eq!(split(said(" \n")), Vec::new());
    }

    proptest! {
        #[test]
        fn every_piece_is_within_the_limits_and_nothing_is_lost(
            body in any_body(), times in 1usize..30, pictured: bool, count in 0usize..30,
            linked in 0usize..8,
        ) {
            let body = Body(std::iter::repeat_n(body.0, times).flatten().collect());
            let plain = body.to_plain();
            let picture = Picture { key: "og.png".into(), url: None, media_type: "image/png".into() };
            let link = LinkButton { label: "Buka".into(), url: "https://a.id/".into() };
            let message = Message {
                body, choices: many(count), picture: pictured.then_some(picture),
                links: vec![link; linked],
                progress: Some(Progress { key: "run".into(), done: false }),
                ..Message::default()
            };
            let mut seen = String::new();
            for (number, piece) in split(message).into_iter().enumerate() {
                prop_assert!(discord_text(&piece.body).encode_utf16().count() <= MAX_TEXT_UNITS);
                prop_assert!(piece.picture.is_some() || !is_blank(&piece.body));
                prop_assert_eq!(piece.progress.is_some(), number == 0);
                let rows = components(&piece);
                prop_assert!(rows.as_array().is_some_and(|rows| rows.len() <= MAX_ROWS));
                seen.push_str(&piece.body.to_plain());
            }
            let visible = |text: &str| text.split_whitespace().collect::<String>();
            if !is_blank(&Body::plain(plain.clone())) {
                prop_assert!(visible(&seen).starts_with(&visible(&plain)));
            }
        }
    }
}
