//! A message into pieces that WhatsApp takes with one request each, as few as may be: a person may
//! only be written to every six seconds. Pure.

use std::collections::HashSet;

use serde_json::{Value, json};
use sitespark_core::site::SHEET_TYPE;

use crate::channels::body::{cut, weigh_body};
use crate::channels::choices::{is_blank, or_pointer, with_links, with_numbers};
use crate::channels::link::is_public_https;
use crate::channels::markup::{weigh_whatsapp, whatsapp_text};
use crate::channels::words::words;
use crate::message::{Body, Choice, LinkButton, Message, OutFile, Request};

/// Longest text of a message.
const MAX_TEXT_CHARS: usize = 4_096;
/// Longest text above buttons and lists, and under a picture.
const MAX_BODY_CHARS: usize = 1_024;
/// Most reply buttons, and the length of what stands on each and on a link's button.
const MAX_BUTTONS: usize = 3;
const MAX_BUTTON_UNITS: usize = 20;
/// Most rows of a list, and the length of each.
const MAX_ROWS: usize = 10;
const MAX_ROW_UNITS: usize = 24;
/// Longest id of a choice that both take.
const MAX_ID_BYTES: usize = 200;

/// How choices are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    None,
    Buttons,
    List,
    Numbers,
}

/// See [`ChannelPort::split`](crate::channels::ChannelPort::split).
pub(super) fn split(message: Message) -> Vec<Message> {
    if message.voice.is_some() {
        return vec![message];
    }
    let look = look_of(&message.choices);
    let Message { mut body, mut choices, mut links, picture, progress, request, document, .. } =
        message;
    // Of files it takes office documents alone: any other is fetched by its link.
    let (document, linked) = document.map_or((None, None), |file| {
        if file.media_type == SHEET_TYPE { (Some(file), None) } else { (None, Some(file)) }
    });
    links.extend(linked.map(|file| file.link()));
    // A link's button goes with nothing else; everywhere else the address stands in the text.
    if look != Look::None || picture.is_some() || !is_lone_button(&links) {
        body = with_links(body, &links);
        links.clear();
    }
    if look == Look::Numbers {
        body = with_numbers(body, &choices);
        choices.clear();
    }
    let is_interactive = !choices.is_empty() || !links.is_empty();
    let fits = weigh_body(&body, weigh_whatsapp) <= MAX_BODY_CHARS;
    let mut pieces: Vec<Message> = Vec::new();
    if picture.is_some() && fits && look != Look::List {
        let body = if is_interactive { or_pointer(body) } else { body };
        pieces.push(Message { body, picture, ..Message::default() });
    } else {
        pieces.extend(
            picture.map(|picture| Message { picture: Some(picture), ..Message::default() }),
        );
        let texts = texts_of(body, is_interactive);
        pieces.extend(texts.into_iter().map(|body| Message { body, ..Message::default() }));
    }
    if let Some(last) = pieces.last_mut() {
        last.choices = choices;
        last.links = links;
    }
    if let Some(first) = pieces.first_mut() {
        first.progress = progress;
    }
    if let Some(file) = document {
        attach(&mut pieces, file);
    }
    // Asking for the place is a message of its own; the number is known here.
    pieces.extend(request.and_then(|request| request.place).map(|place| Message {
        body: Body::plain(place.clone()),
        request: Some(Request { number: None, place: Some(place) }),
        ..Message::default()
    }));
    pieces
}

/// A file goes with the words before it where they are nothing but words, else behind them.
fn attach(pieces: &mut Vec<Message>, file: OutFile) {
    let takes = |piece: &&mut Message| {
        let is_text = piece.choices.is_empty() && piece.links.is_empty() && piece.picture.is_none();
        is_text && weigh_body(&piece.body, weigh_whatsapp) <= MAX_BODY_CHARS
    };
    match pieces.last_mut().filter(takes) {
        Some(last) => last.document = Some(file),
        None => pieces.push(Message { document: Some(file), ..Message::default() }),
    }
}

/// A piece whose file cannot be sent: its link stands in the text.
pub(super) fn with_file_linked(piece: &Message) -> Message {
    let links: Vec<LinkButton> = piece.document.iter().map(OutFile::link).collect();
    let body = with_links(piece.body.clone(), &links);
    Message { body, document: None, ..piece.clone() }
}

/// Whether the choices cannot be tapped.
pub(super) fn shows_numbers(message: &Message) -> bool {
    look_of(&message.choices) == Look::Numbers
}

/// The text in pieces; before something to tap the last is short enough to stand above it.
fn texts_of(body: Body, is_interactive: bool) -> Vec<Body> {
    let body = if is_interactive { or_pointer(body) } else { body };
    let mut texts = cut(&body, MAX_TEXT_CHARS, weigh_whatsapp);
    texts.retain(|text| !is_blank(text));
    if is_interactive && let Some(last) = texts.pop() {
        texts.extend(cut(&last, MAX_BODY_CHARS, weigh_whatsapp));
        texts.retain(|text| !is_blank(text));
    }
    texts
}

fn look_of(choices: &[Choice]) -> Look {
    let mut ids = HashSet::new();
    let mut titles = HashSet::new();
    let longest = choices.iter().map(|choice| units(&title_of(choice))).max().unwrap_or(0);
    let all_fit = choices.iter().all(|choice| {
        let title = title_of(choice);
        (1..=MAX_ID_BYTES).contains(&choice.id.len())
            && !choice.id.trim().is_empty()
            && !is_blank(&Body::plain(&title))
            && !title.contains('\n')
            && ids.insert(choice.id.as_str())
            && titles.insert(title)
    });
    match choices.len() {
        0 => Look::None,
        _ if !all_fit => Look::Numbers,
        1..=MAX_BUTTONS if longest <= MAX_BUTTON_UNITS => Look::Buttons,
        1..=MAX_ROWS if longest <= MAX_ROW_UNITS => Look::List,
        _ => Look::Numbers,
    }
}

/// A label as a title, where marks are not allowed.
fn title_of(choice: &Choice) -> String {
    whatsapp_text(&Body::plain(choice.label.trim()))
}

fn is_lone_button(links: &[LinkButton]) -> bool {
    let [link] = links else {
        return false;
    };
    is_public_https(&link.url)
        && !is_blank(&Body::plain(&link.label))
        && units(&link.label) <= MAX_BUTTON_UNITS
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The fields of a request that say what is said; `media` is how the piece's picture, file or
/// recording is named.
pub(super) fn content(piece: &Message, media: Option<Value>) -> Value {
    let text = whatsapp_text(&piece.body);
    let captioned = |mut media: Value| {
        if !is_blank(&piece.body) {
            media["caption"] = json!(text);
        }
        media
    };
    if let (Some(_), Some(mut media)) = (&piece.voice, media.clone()) {
        media["voice"] = json!(true);
        return json!({ "type": "audio", "audio": media });
    }
    if piece.request.is_some() {
        return interactive(json!({
            "type": "location_request_message",
            "body": { "text": text },
            "action": { "name": "send_location" },
        }));
    }
    if let (Some(file), Some(mut media)) = (&piece.document, media.clone()) {
        media["filename"] = json!(file.name);
        return json!({ "type": "document", "document": captioned(media) });
    }
    match (look_of(&piece.choices), piece.links.first(), media) {
        (Look::Buttons, _, image) => interactive(buttons(&piece.choices, &text, image)),
        (Look::List | Look::Numbers, _, _) => interactive(list(&piece.choices, &text)),
        (Look::None, Some(link), _) => interactive(json!({
            "type": "cta_url",
            "body": { "text": text },
            "action": { "name": "cta_url",
                "parameters": { "display_text": link.label, "url": link.url } },
        })),
        (Look::None, None, Some(image)) => {
            json!({ "type": "image", "image": captioned(image) })
        }
        (Look::None, None, None) => {
            let has_link = text.contains("https://");
            json!({ "type": "text", "text": { "body": text, "preview_url": has_link } })
        }
    }
}

fn interactive(content: Value) -> Value {
    json!({ "type": "interactive", "interactive": content })
}

fn buttons(choices: &[Choice], text: &str, image: Option<Value>) -> Value {
    let buttons: Vec<Value> = choices
        .iter()
        .map(|choice| {
            json!({ "type": "reply", "reply": { "id": choice.id, "title": title_of(choice) } })
        })
        .collect();
    let mut content = json!({
        "type": "button",
        "body": { "text": text },
        "action": { "buttons": buttons },
    });
    if let Some(image) = image {
        content["header"] = json!({ "type": "image", "image": image });
    }
    content
}

fn list(choices: &[Choice], text: &str) -> Value {
    let rows: Vec<Value> = choices
        .iter()
        .map(|choice| json!({ "id": choice.id, "title": title_of(choice) }))
        .collect();
    json!({
        "type": "list",
        "body": { "text": text },
        "action": { "button": words().list_button, "sections": [{ "rows": rows }] },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::channels::body::tests::any_body;
    use crate::message::{Picture, Progress};

    fn picture() -> Picture {
        Picture { key: "og.png".into(), url: None, media_type: "image/png".into() }
    }

    fn choices(labels: &[&str]) -> Vec<Choice> {
        let numbered = labels.iter().enumerate();
        numbered.map(|(n, label)| Choice { id: format!("c{n}"), label: (*label).into() }).collect()
    }

    fn many(count: usize) -> Vec<Choice> {
        (0..count).map(|n| Choice { id: format!("c{n}"), label: format!("Pilihan {n}") }).collect()
    }

    fn said(text: &str) -> Message {
        Message { body: Body::plain(text), ..Message::default() }
    }

    #[rstest]
    #[case(&[], Look::None)]
    #[case(&["Ya", "Tidak"], Look::Buttons)]
    #[case(&["Ya", "Tidak", "Nanti", "Lain"], Look::List)]
    #[case(&["Toko pakaian dan kain", "Lain"], Look::List)]
    #[case(&["Toko pakaian dan kain batik", "Lain"], Look::Numbers)]
    #[case(&["Sama", "Sama"], Look::Numbers)]
    #[case(&["Sama", " Sama "], Look::Numbers)]
    #[case(&["", "Lain"], Look::Numbers)]
    #[case(&["😀😀😀😀😀😀😀😀😀😀😀", "Lain"], Look::List)]
    fn choices_are_tapped_where_they_can_be(#[case] labels: &[&str], #[case] look: Look) {
        assert_eq!(look_of(&choices(labels)), look);
    }

    #[test]
    fn eleven_choices_are_numbers() {
        assert_eq!(look_of(&many(10)), Look::List);
        let message = Message { choices: many(11), ..said("Usaha apa, Kak?") };
        assert!(shows_numbers(&message));
        let pieces = split(message);
        assert!(pieces[0].choices.is_empty());
        assert!(pieces[0].body.to_plain().contains("\n11. Pilihan 10\n"));
    }

    #[test]
    fn a_lone_https_link_is_a_button_and_others_stand_in_the_text() {
        let link = |url: &str| vec![LinkButton { label: "Buka website".into(), url: url.into() }];
        let lone = split(Message { links: link("https://ani.situsku.id/"), ..said("Jadi!") });
        assert_eq!(lone[0].links.len(), 1);
        let local = split(Message { links: link("http://ani.localhost:8080/"), ..said("Jadi!") });
        assert_eq!(local[0].body.to_plain(), "Jadi!\n\nBuka website: http://ani.localhost:8080/");
        let both =
            Message { links: link("https://ani.situsku.id/"), choices: many(2), ..said("Jadi!") };
        let both = split(both);
        assert_eq!(both.len(), 1);
        assert!(both[0].links.is_empty());
        assert!(both[0].body.to_plain().ends_with("Buka website: https://ani.situsku.id/"));
    }

    #[test]
    fn a_picture_with_buttons_is_one_message() {
        let message = Message { picture: Some(picture()), choices: many(3), ..said("Jadi!") };
        let pieces = split(message);
        assert_eq!(pieces.len(), 1);
        let content = content(&pieces[0], Some(json!({ "id": "9" })));
        assert_eq!(content["interactive"]["header"]["image"]["id"], "9");
    }

    #[test]
    fn a_sheet_is_a_document_and_any_other_file_a_link() {
        let file = |name: &str, media_type: &str| OutFile {
            key: format!("exports/1-a/{name}"),
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            url: format!("https://chat.situsku.id/files/1-a/{name}"),
            label: "Unduh file".to_owned(),
        };
        let sheet = Message { document: Some(file("kopi.pdf", SHEET_TYPE)), ..said("Posternya") };
        let pieces = split(sheet.clone());
        assert_eq!(pieces.len(), 1);
        assert_eq!(
            content(&pieces[0], Some(json!({ "id": "9" }))),
            json!({ "type": "document",
                "document": { "id": "9", "filename": "kopi.pdf", "caption": "Posternya" } })
        );
        let unsent = with_file_linked(&pieces[0]);
        assert!(unsent.document.is_none() && unsent.body.to_plain().ends_with("/kopi.pdf"));
        let beside = split(Message { choices: many(2), ..sheet });
        assert_eq!((beside.len(), beside[1].document.is_some()), (2, true));
        let zip = Message { document: Some(file("kopi.zip", "application/zip")), ..said("File") };
        assert_eq!(split(zip)[0].links.len(), 1);
    }

    #[test]
    fn asking_for_the_place_is_a_message_of_its_own() {
        let request = Request { number: Some("Nomor".into()), place: Some("Lokasi".into()) };
        let pieces =
            split(Message { choices: many(1), request: Some(request), ..said("Di mana?") });
        assert_eq!(pieces.len(), 2);
        assert_eq!(content(&pieces[0], None)["interactive"]["type"], "button");
        let asked = content(&pieces[1], None);
        assert_eq!(asked["interactive"]["type"], "location_request_message");
        assert_eq!(asked["interactive"]["body"]["text"], "Lokasi");
    }

    #[test]
    fn a_picture_stands_apart_from_a_list() {
        let message = Message {
            picture: Some(picture()),
            choices: many(5),
            progress: Some(Progress { key: "run".into(), done: true }),
            ..said("Jadi!")
        };
        let pieces = split(message);
        assert_eq!(pieces.len(), 2);
        assert!(pieces[0].picture.is_some() && pieces[0].progress.is_some());
        assert!(pieces[1].choices.len() == 5 && pieces[1].progress.is_none());
    }

    proptest! {
        #[test]
        fn every_piece_is_within_the_limits(
            body in any_body(), times in 1usize..40, pictured: bool, count in 0usize..13,
        ) {
            let body = Body(std::iter::repeat_n(body.0, times).flatten().collect());
            let plain = body.to_plain();
            let message = Message {
                body, choices: many(count), picture: pictured.then(picture), ..Message::default()
            };
            let mut seen = String::new();
            for piece in split(message) {
                let is_short = piece.picture.is_some() || !piece.choices.is_empty();
                let limit = if is_short { 1_024 } else { 4_096 };
                prop_assert!(whatsapp_text(&piece.body).chars().count() <= limit);
                prop_assert!(piece.picture.is_some() || !is_blank(&piece.body));
                seen.push_str(&piece.body.to_plain());
            }
            let visible = |text: &str| text.split_whitespace().collect::<String>();
            if !is_blank(&Body::plain(plain.clone())) {
                prop_assert!(visible(&seen).starts_with(&visible(&plain)));
            }
        }
    }
}
