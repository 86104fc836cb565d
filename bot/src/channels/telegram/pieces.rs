//! A message into pieces that Telegram takes with one request each. Pure.

use serde_json::{Value, json};

use crate::channels::body::{cut, weigh_body, weigh_utf16};
use crate::channels::choices::{is_blank, or_pointer, with_links, with_numbers};
use crate::channels::link::is_public_link;
use crate::message::{Body, Choice, LinkButton, Message, Request};

use super::update::MAX_DATA_BYTES;

/// Longest text of a message, in UTF-16 units after its markup is parsed.
const MAX_TEXT_UNITS: usize = 4_096;
/// Longest text under a picture.
const MAX_CAPTION_UNITS: usize = 1_024;
/// Most buttons under a message.
const MAX_BUTTONS: usize = 100;
/// Most buttons side by side, and the letters they share.
const MAX_ROW_BUTTONS: usize = 3;
const MAX_ROW_CHARS: usize = 28;

/// See [`ChannelPort::split`](crate::channels::ChannelPort::split).
pub(super) fn split(message: Message) -> Vec<Message> {
    if message.voice.is_some() {
        return vec![message];
    }
    let numbered = shows_numbers(&message);
    let Message { mut body, mut choices, mut links, picture, progress, request, document, .. } =
        message;
    let in_text: Vec<LinkButton> = links.iter().filter(|link| !is_button(link)).cloned().collect();
    links.retain(is_button);
    body = with_links(body, &in_text);
    if numbered {
        body = with_numbers(body, &choices);
        choices.clear();
    }
    let has_buttons = !choices.is_empty() || !links.is_empty();
    let mut pieces: Vec<Message> = Vec::new();
    let fits_caption = weigh_body(&body, weigh_utf16) <= MAX_CAPTION_UNITS;
    if picture.is_some() && fits_caption {
        pieces.push(Message { body, picture, ..Message::default() });
    } else if document.is_some() && picture.is_none() && fits_caption {
        pieces.push(Message { body, document: document.clone(), ..Message::default() });
    } else {
        pieces.extend(
            picture.map(|picture| Message { picture: Some(picture), ..Message::default() }),
        );
        let body = if has_buttons { or_pointer(body) } else { body };
        let texts = cut(&body, MAX_TEXT_UNITS, weigh_utf16);
        let texts = texts.into_iter().filter(|text| !is_blank(text));
        pieces.extend(texts.map(|body| Message { body, ..Message::default() }));
    }
    if document.is_some() && pieces.iter().all(|piece| piece.document.is_none()) {
        pieces.push(Message { document, ..Message::default() });
    }
    if let Some(last) = pieces.last_mut() {
        last.choices = choices;
        last.links = links;
        last.request = request;
    }
    if let Some(first) = pieces.first_mut() {
        first.progress = progress;
    }
    pieces
}

/// Whether the choices cannot be buttons.
pub(super) fn shows_numbers(message: &Message) -> bool {
    let buttons = message.choices.len() + message.links.iter().filter(|l| is_button(l)).count();
    let fits = |choice: &Choice| {
        (1..=MAX_DATA_BYTES).contains(&choice.id.len())
            && !choice.id.trim().is_empty()
            && !is_blank(&Body::plain(&choice.label))
    };
    !message.choices.is_empty() && (buttons > MAX_BUTTONS || !message.choices.iter().all(fits))
}

fn is_button(link: &LinkButton) -> bool {
    is_public_link(&link.url) && !is_blank(&Body::plain(&link.label))
}

/// The keyboard of a piece: pages on rows of their own, then the choices side by side as far as
/// they are short.
pub(super) fn keyboard(piece: &Message) -> Option<Value> {
    if let Some(request) = piece.request.as_ref().filter(|_| piece.links.is_empty()) {
        return Some(share_keyboard(request, &piece.choices));
    }
    let mut rows: Vec<Vec<Value>> = piece
        .links
        .iter()
        .map(|link| vec![json!({ "text": link.label, "url": link.url })])
        .collect();
    let mut row_chars = 0;
    let mut row: Vec<Value> = Vec::new();
    for choice in &piece.choices {
        let chars = choice.label.chars().count();
        let is_full = row.len() == MAX_ROW_BUTTONS || row_chars + chars > MAX_ROW_CHARS;
        if is_full && !row.is_empty() {
            rows.push(std::mem::take(&mut row));
            row_chars = 0;
        }
        row_chars += chars;
        row.push(json!({ "text": choice.label, "callback_data": choice.id }));
    }
    if !row.is_empty() {
        rows.push(row);
    }
    (!rows.is_empty()).then(|| json!({ "inline_keyboard": rows }))
}

/// A keyboard in place of the letters: what may be shared with one tap, and the choices, which come
/// back as words. Under one message there can be only this one or buttons.
fn share_keyboard(request: &Request, choices: &[Choice]) -> Value {
    let number = request.number.iter().map(|text| json!({ "text": text, "request_contact": true }));
    let place = request.place.iter().map(|text| json!({ "text": text, "request_location": true }));
    let words = choices.iter().map(|choice| json!({ "text": choice.label }));
    let rows: Vec<Value> = number.chain(place).chain(words).map(|key| json!([key])).collect();
    json!({ "keyboard": rows, "resize_keyboard": true, "one_time_keyboard": true })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::channels::body::tests::any_body;
    use crate::message::{Picture, Progress};

    fn picture() -> Picture {
        Picture { key: "og.png".into(), url: None, media_type: "image/png".into() }
    }

    fn choices(count: usize) -> Vec<Choice> {
        (0..count).map(|n| Choice { id: format!("c{n}"), label: format!("Pilihan {n}") }).collect()
    }

    proptest! {
        #[test]
        fn every_piece_is_within_the_limits(
            body in any_body(), times in 1usize..60, pictured: bool, count in 0usize..130,
        ) {
            let body = Body(std::iter::repeat_n(body.0, times).flatten().collect());
            let plain = body.to_plain();
            let message = Message {
                body, choices: choices(count), picture: pictured.then(picture), ..Message::default()
            };
            let pieces = split(message);
            let mut seen = String::new();
            for piece in &pieces {
                let limit = if piece.picture.is_some() { 1_024 } else { 4_096 };
                prop_assert!(piece.body.to_plain().encode_utf16().count() <= limit);
                prop_assert!(piece.picture.is_some() || !is_blank(&piece.body));
                prop_assert!(piece.choices.len() <= 100);
                seen.push_str(&piece.body.to_plain());
            }
            let visible = |text: &str| text.split_whitespace().collect::<String>();
            if !is_blank(&Body::plain(plain.clone())) {
                prop_assert!(visible(&seen).starts_with(&visible(&plain)));
            }
        }
    }

    #[test]
    fn a_short_text_stands_under_its_picture_with_the_buttons() {
        let pieces = split(Message {
            body: Body::plain("Sudah jadi"),
            choices: choices(2),
            picture: Some(picture()),
            ..Message::default()
        });
        assert_eq!(pieces.len(), 1);
        assert_eq!(pieces[0].choices.len(), 2);
        assert!(pieces[0].picture.is_some());
    }

    #[test]
    fn a_long_text_follows_its_picture_and_buttons_stand_last() {
        let pieces = split(Message {
            body: Body::plain("kata ".repeat(1_000)),
            choices: choices(2),
            picture: Some(picture()),
            progress: Some(Progress { key: "run".into(), done: true }),
            ..Message::default()
        });
        assert_eq!(pieces.len(), 3);
        assert!(pieces[0].picture.is_some() && pieces[0].body.0.is_empty());
        assert!(pieces[0].progress.is_some() && pieces[2].progress.is_none());
        assert!(pieces[1].choices.is_empty() && pieces[2].choices.len() == 2);
    }

    #[test]
    fn a_local_address_goes_into_the_text() {
        let pieces = split(Message {
            body: Body::plain("Lihat"),
            links: vec![
                LinkButton { label: "Buka".into(), url: "http://kue.localhost:8080/".into() },
                LinkButton { label: "Situs".into(), url: "https://kue.situsku.id/".into() },
            ],
            ..Message::default()
        });
        assert_eq!(pieces[0].body.to_plain(), "Lihat\n\nBuka: http://kue.localhost:8080/");
        assert_eq!(pieces[0].links.len(), 1);
    }

    #[test]
    fn choices_that_cannot_be_buttons_become_numbers() {
        let too_long = Choice { id: "x".repeat(65), label: "Satu".into() };
        let message =
            Message { body: Body::plain("Mana?"), choices: vec![too_long], ..Message::default() };
        assert!(shows_numbers(&message));
        let pieces = split(message);
        assert!(pieces[0].choices.is_empty());
        assert!(pieces[0].body.to_plain().contains("1. Satu"));
    }

    #[test]
    fn nothing_to_say_is_no_piece() {
        assert_eq!(split(Message::default()), Vec::new());
        assert_eq!(split(Message { body: Body::plain(" \n"), ..Message::default() }), Vec::new());
    }

    #[test]
    fn what_can_be_shared_takes_the_place_of_the_letters() {
        let request = Request { number: Some("Nomor".into()), place: Some("Lokasi".into()) };
        let message = Message { choices: choices(1), request: Some(request), ..Message::default() };
        let keyboard = keyboard(&message).unwrap();
        assert_eq!(keyboard["keyboard"][0][0]["request_contact"], true);
        assert_eq!(keyboard["keyboard"][1][0]["request_location"], true);
        assert_eq!(keyboard["keyboard"][2][0], json!({ "text": "Pilihan 0" }));
    }

    #[test]
    fn short_choices_share_a_row() {
        let keyboard = keyboard(&Message { choices: choices(12), ..Message::default() }).unwrap();
        let rows = keyboard["inline_keyboard"].as_array().unwrap();
        assert_eq!(rows.len(), 5, "{rows:?}");
        assert!(rows.iter().all(|row| row.as_array().unwrap().len() <= 3));
    }
}
