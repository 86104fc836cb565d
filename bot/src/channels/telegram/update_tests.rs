//! Recorded shapes of updates against what they mean.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

fn read(update: &Value) -> ParsedUpdate {
    parse_update(update.to_string().as_bytes(), Some("SiteSparkBot")).unwrap()
}

fn message(fields: Value) -> Value {
    let mut message = json!({
        "message_id": 12, "date": 1_760_000_000,
        "from": { "id": 279_058_397, "is_bot": false, "first_name": "Budi", "last_name": "S",
            "username": "budi", "language_code": "id" },
        "chat": { "id": 279_058_397, "type": "private", "first_name": "Budi" },
    });
    for (name, value) in fields.as_object().unwrap() {
        message[name] = value.clone();
    }
    json!({ "update_id": 10_001, "message": message })
}

fn content(update: &Value) -> Option<Content> {
    read(update).inbounds.into_iter().next().map(|inbound| inbound.content)
}

fn text(text: &str) -> Content {
    Content::Text { text: text.into() }
}

fn start(payload: Option<&str>) -> Content {
    Content::Start { payload: payload.map(str::to_owned) }
}

#[test]
fn control_characters_stay_outside() {
    let mut update = message(json!({ "text": "ha\u{0}lo\r\nkak\u{1b}" }));
    update["message"]["from"]["first_name"] = json!("Bu\u{0}di");
    let parsed = read(&update);
    assert_eq!(parsed.inbounds[0].content, text("halo\nkak"));
    assert_eq!(parsed.inbounds[0].sender.name.as_deref(), Some("Budi S"));
    assert_eq!(content(&message(json!({ "text": "\u{0}" }))), None);
}

#[test]
fn a_text_tells_who_where_and_when() {
    let parsed = read(&message(json!({ "text": "bikin web toko kue" })));
    assert_eq!(parsed.update_id, 10_001);
    let inbound = &parsed.inbounds[0];
    assert_eq!(inbound.chat, "279058397");
    assert_eq!(inbound.cause, "telegram:10001");
    assert_eq!(inbound.sender.name.as_deref(), Some("Budi S"));
    assert_eq!(inbound.sender.language.as_deref(), Some("id"));
    assert_eq!(inbound.sent_at_ms, 1_760_000_000_000);
    assert_eq!(inbound.content, text("bikin web toko kue"));
    assert_eq!(inbound.acknowledge, None);
}

#[rstest]
#[case("/start", start(None))]
#[case("/start ref_abc-1", start(Some("ref_abc-1")))]
#[case("/START@SiteSparkBot ref_abc", start(Some("ref_abc")))]
#[case("/start drop table;", start(None))]
#[case("/help@SiteSparkBot", text("/help"))]
#[case("/ganti nama", text("/ganti nama"))]
#[case("halo /start", text("halo /start"))]
fn commands_are_read(#[case] written: &str, #[case] meant: Content) {
    assert_eq!(content(&message(json!({ "text": written }))), Some(meant));
}

#[test]
fn a_payload_longer_than_a_link_carries_is_no_payload() {
    let written = format!("/start {}", "a".repeat(65));
    assert_eq!(content(&message(json!({ "text": written }))), Some(start(None)));
}

#[test]
fn a_long_text_is_cut() {
    let Some(Content::Text { text }) = content(&message(json!({ "text": "😀".repeat(9_000) })))
    else {
        panic!("a text stays a text");
    };
    assert_eq!(text.chars().count(), MAX_TEXT_CHARS);
}

#[test]
fn the_largest_size_that_can_be_downloaded_is_taken() {
    let photo = json!({ "photo": [
        { "file_id": "small", "width": 90, "height": 90, "file_size": 1_000 },
        { "file_id": "large", "width": 1280, "height": 960, "file_size": 200_000 },
        { "file_id": "huge", "width": 9000, "height": 9000, "file_size": 30_000_000 },
        { "no_file_id": true },
    ], "caption": "Brownies 25rb", "media_group_id": "7" });
    let Some(Content::Photo { file, caption }) = content(&message(photo)) else {
        panic!("a photo stays a photo");
    };
    assert_eq!((file.id.as_str(), file.size_bytes), ("large", Some(200_000)));
    assert_eq!(file.media_type.as_deref(), Some("image/jpeg"));
    assert_eq!(caption.as_deref(), Some("Brownies 25rb"));
}

#[rstest]
#[case(json!({ "voice": { "file_id": "v", "duration": 3, "mime_type": "audio/ogg" } }), "voice")]
#[case(json!({ "audio": { "file_id": "v", "mime_type": "audio/mpeg" } }), "voice")]
#[case(json!({ "document": { "file_id": "d", "file_name": "menu.pdf",
    "mime_type": "application/pdf" } }), "document")]
#[case(json!({ "document": { "file_id": "d", "mime_type": "image/png" } }), "photo")]
#[case(json!({ "sticker": { "file_id": "s", "emoji": "👍" } }), "sticker")]
#[case(json!({ "dice": { "emoji": "🎲", "value": 3 } }), "sticker")]
#[case(json!({ "location": { "latitude": -6.2, "longitude": 106.8 } }), "location")]
#[case(json!({ "venue": { "location": { "latitude": -6.2, "longitude": 106.8 },
    "title": "Pasar Baru" } }), "location")]
#[case(json!({ "contact": { "phone_number": "0812", "first_name": "Ani" } }), "contact")]
#[case(json!({ "video": { "file_id": "v" } }), "unsupported")]
#[case(json!({ "animation": { "file_id": "a" }, "document": { "file_id": "a" } }), "unsupported")]
#[case(json!({ "poll": { "id": "1" } }), "unsupported")]
fn kinds_are_told_apart(#[case] fields: Value, #[case] kind: &str) {
    let content = content(&message(fields)).unwrap();
    assert_eq!(serde_json::to_value(&content).unwrap()["kind"], kind);
}

#[test]
fn a_venue_has_its_name() {
    let venue = json!({ "venue": { "location": { "latitude": -6.2, "longitude": 106.8 },
        "title": "Pasar Baru" }, "location": { "latitude": 0.0, "longitude": 0.0 } });
    let place =
        Content::Location { latitude: -6.2, longitude: 106.8, label: Some("Pasar Baru".into()) };
    assert_eq!(content(&message(venue)), Some(place));
}

#[rstest]
#[case(279_058_397, Some("+6281234567890"))]
#[case(5, None)]
fn only_the_own_card_tells_the_own_number(#[case] user_id: i64, #[case] phone: Option<&str>) {
    let card = json!({ "contact": { "phone_number": "6281234567890", "first_name": "Budi",
        "user_id": user_id } });
    let parsed = read(&message(card));
    assert_eq!(parsed.inbounds[0].sender.phone.as_deref(), phone);
}

#[test]
fn an_edited_message_counts_by_its_words() {
    let first = read(&message(json!({ "text": "Toko Ani" }))).inbounds.remove(0);
    let mut update = message(json!({ "text": "Toko Ani Jaya", "edit_date": 1_760_000_090 }));
    update["edited_message"] = update["message"].take();
    let edit = read(&update).inbounds.remove(0);
    assert_eq!(edit.content, text("Toko Ani Jaya"));
    assert_eq!((first.edited, edit.edited), (false, true));
    assert_eq!((first.message_ref.as_deref(), &edit.message_ref), (Some("12"), &first.message_ref));
    assert_eq!(edit.sent_at_ms, 1_760_000_090_000);
    // The same edit under another number is the same thing; a later one is another.
    update["update_id"] = json!(10_009);
    assert_eq!(read(&update).inbounds[0].cause, edit.cause);
    update["edited_message"]["edit_date"] = json!(1_760_000_099);
    assert_ne!(read(&update).inbounds[0].cause, edit.cause);
    let mut moved = message(json!({ "location": { "latitude": 1.0, "longitude": 1.0 } }));
    moved["edited_message"] = moved["message"].take();
    assert_eq!(content(&moved), None);
}

fn tap(fields: Value) -> Value {
    let mut tap = json!({ "id": "4382", "from": { "id": 7, "first_name": "Ani" },
        "chat_instance": "-1", "data": "v1:pick:3",
        "message": { "message_id": 3, "date": 1_760_000_000, "text": "?",
            "chat": { "id": 7, "type": "private" } } });
    for (name, value) in fields.as_object().unwrap() {
        tap[name] = value.clone();
    }
    json!({ "update_id": 10_002, "callback_query": tap })
}

#[test]
fn a_tap_is_a_choice_to_acknowledge() {
    let parsed = read(&tap(json!({})));
    assert_eq!(parsed.inbounds[0].content, Content::Choice { id: "v1:pick:3".into() });
    assert_eq!(parsed.inbounds[0].acknowledge.as_deref(), Some("4382"));
}

#[rstest]
#[case(json!({ "message": { "chat": { "id": 7, "type": "private" }, "message_id": 3, "date": 0 } }))]
#[case(json!({ "message": Value::Null, "inline_message_id": "x" }))]
fn a_tap_under_an_inaccessible_message_still_counts(#[case] fields: Value) {
    let parsed = read(&tap(fields));
    assert_eq!(parsed.inbounds[0].chat, "7");
}

#[test]
fn made_up_data_is_not_believed() {
    let content = |data: Value| read(&tap(json!({ "data": data }))).inbounds[0].content.clone();
    assert_eq!(content(json!("x".repeat(65))), Content::Unsupported);
    assert_eq!(content(json!(["a"])), Content::Unsupported);
    assert_eq!(content(json!("")), Content::Unsupported);
}

fn reaction(fields: Value) -> Value {
    let mut change = json!({ "chat": { "id": 7, "type": "private" }, "message_id": 3, "date": 9,
        "user": { "id": 7, "is_bot": false, "first_name": "Ani" }, "old_reaction": [],
        "new_reaction": [{ "type": "custom_emoji", "custom_emoji_id": "5" },
            { "type": "emoji", "emoji": "👍" }] });
    for (name, value) in fields.as_object().unwrap() {
        change[name] = value.clone();
    }
    json!({ "update_id": 10_004, "message_reaction": change })
}

#[test]
fn a_reaction_tells_its_emoji_and_the_message() {
    let parsed = read(&reaction(json!({})));
    let expected = Content::Reaction { emoji: "👍".into(), to: "3".into() };
    assert_eq!(parsed.inbounds[0].content, expected);
    for silent in [
        json!({ "new_reaction": [] }),
        json!({ "new_reaction": [{ "type": "paid" }] }),
        json!({ "chat": { "id": -5, "type": "group" } }),
        json!({ "user": Value::Null, "actor_chat": { "id": -5, "type": "channel" } }),
        json!({ "message_id": "x" }),
    ] {
        assert_eq!(content(&reaction(silent.clone())), None, "{silent}");
    }
}

fn membership(kind: &str, before: &str, after: &str) -> Value {
    json!({ "update_id": 10_003, "my_chat_member": {
        "chat": { "id": -5, "type": kind }, "from": { "id": 7, "first_name": "Ani" }, "date": 9,
        "old_chat_member": { "user": {}, "status": before },
        "new_chat_member": { "user": {}, "status": after, "until_date": 0 } } })
}

#[rstest]
#[case("private", "member", "kicked", Some(Content::Blocked))]
#[case("private", "kicked", "member", None)]
#[case("group", "left", "member", None)]
#[case("supergroup", "member", "administrator", None)]
#[case("group", "member", "kicked", None)]
#[case("channel", "left", "administrator", None)]
fn membership_tells_of_blocks(
    #[case] kind: &str,
    #[case] before: &str,
    #[case] after: &str,
    #[case] meant: Option<Content>,
) {
    assert_eq!(content(&membership(kind, before, after)), meant);
}

#[test]
fn pictures_of_an_album_are_told_to_be() {
    let photo = json!([{ "file_id": "a", "width": 90, "height": 90 }]);
    let alone = read(&message(json!({ "photo": photo })));
    let album = read(&message(json!({ "photo": photo, "media_group_id": "7" })));
    assert!(!alone.is_of_album && album.is_of_album);
}

#[rstest]
#[case(json!({ "text": "@sitesparkbot bikin web toko kue" }), Some(text("bikin web toko kue")))]
#[case(json!({ "text": "/start@SiteSparkBot ref_a" }), Some(start(Some("ref_a"))))]
#[case(json!({ "text": "@SiteSparkBot" }), Some(start(None)))]
#[case(json!({ "text": "iya", "reply_to_message": { "from": { "id": 1, "username": "SiteSparkBot" } } }),
    Some(text("iya")))]
#[case(json!({ "text": "halo semua" }), None)]
#[case(json!({ "text": "@SiteSparkBotX halo" }), None)]
#[case(json!({ "text": "iya", "reply_to_message": { "from": { "id": 1, "username": "lain" } } }), None)]
fn in_a_group_only_who_calls_us_is_heard(#[case] fields: Value, #[case] meant: Option<Content>) {
    let mut update = message(fields);
    update["message"]["chat"] = json!({ "id": -5, "type": "supergroup" });
    let parsed = read(&update);
    let heard = parsed.inbounds.into_iter().next();
    if let Some(inbound) = &heard {
        assert_eq!(inbound.chat, "279058397", "it is answered in private");
        assert_eq!(inbound.acknowledge.as_deref(), Some("group/-5/12"));
    }
    assert_eq!(heard.map(|inbound| inbound.content), meant);
}

#[rstest]
#[case(json!({ "update_id": 1 }))]
#[case(json!({ "update_id": 1, "stopped_message_generation": { "draft_id": 1 } }))]
#[case(json!({ "update_id": 1, "channel_post": { "text": "x" } }))]
#[case(message(json!({ "text": "halo", "chat": { "id": -5, "type": "supergroup" } })))]
#[case(message(json!({ "text": "halo", "from": { "id": 9, "is_bot": true } })))]
#[case(message(json!({ "pinned_message": { "text": "x" } })))]
#[case(message(json!({ "new_chat_title": "x" })))]
#[case(message(json!({ "text": "  \n" })))]
#[case(json!({ "update_id": 1, "message": "nonsense" }))]
fn what_concerns_nobody_gives_nothing(#[case] update: Value) {
    let parsed = read(&update);
    assert_eq!(parsed.inbounds, Vec::new());
}

#[rstest]
#[case(b"" as &[u8])]
#[case(b"[]")]
#[case(b"{}")]
#[case(b"{\"update_id\":\"x\"}")]
#[case(b"\xff\xfe")]
fn what_is_no_update_is_refused(#[case] body: &[u8]) {
    assert_eq!(parse_update(body, None), Err(ParseError::Malformed));
}

proptest! {
    #[test]
    fn any_text_and_any_bytes_are_survived(words in "\\PC{0,80}", bytes in any::<Vec<u8>>()) {
        let parsed = read(&message(json!({ "text": words.clone(), "caption": words })));
        prop_assert!(parsed.inbounds.len() <= 1);
        // Whatever it answers: it must not panic.
        let _ = parse_update(&bytes, Some("a"));
    }
}
