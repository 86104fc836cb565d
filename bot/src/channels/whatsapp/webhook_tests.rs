//! Shapes of deliveries against what they mean.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;

const NUMBER: &str = "1122334455667";

fn read(delivery: &Value) -> ParsedWebhook {
    parse_webhook(delivery.to_string().as_bytes(), NUMBER).unwrap()
}

fn value(contacts: Value, messages: Value, statuses: Value) -> Value {
    json!({ "field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "62812", "phone_number_id": NUMBER },
        "contacts": contacts, "messages": messages, "statuses": statuses } })
}

fn delivery(changes: Value) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": changes }] })
}

fn budi() -> Value {
    json!({ "profile": { "name": "Budi", "username": "budi" }, "wa_id": "6281234567890",
        "user_id": "ID.13491208655302741918", "parent_user_id": "ID.ENT.118" })
}

fn message(fields: Value) -> Value {
    let mut message = json!({ "id": "wamid.A", "from": "6281234567890",
        "from_user_id": "ID.13491208655302741918", "timestamp": "1760000000" });
    for (name, value) in fields.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

fn delivered(fields: Value) -> Value {
    delivery(json!([value(json!([budi()]), json!([message(fields)]), json!([]))]))
}

fn content(fields: Value) -> Option<Content> {
    read(&delivered(fields)).inbounds.into_iter().next().map(|inbound| inbound.content)
}

#[test]
fn control_characters_stay_outside() {
    let said = content(json!({ "type": "text", "text": { "body": "ha\u{0}lo" } }));
    assert_eq!(said, Some(Content::Text { text: "halo".into() }));
    let status = json!({ "id": "wamid\u{0}.B", "status": "sent", "recipient_id": "62\u{0}81",
        "timestamp": "1760000000" });
    let parsed = read(&delivery(json!([value(json!([]), json!([]), json!([status]))])));
    assert_eq!(parsed.statuses[0].message_ref, "wamid.B");
    assert_eq!(parsed.statuses[0].recipient.as_deref(), Some("6281"));
}

#[test]
fn a_text_tells_who_where_and_when() {
    let parsed = read(&delivered(json!({ "type": "text", "text": { "body": "halo" } })));
    let inbound = &parsed.inbounds[0];
    assert_eq!(inbound.chat, "6281234567890");
    assert_eq!(inbound.cause, "whatsapp:wamid.A");
    assert_eq!(inbound.acknowledge.as_deref(), Some("wamid.A"));
    assert_eq!(inbound.sender.external_id, "ID.13491208655302741918");
    assert_eq!(inbound.sender.phone.as_deref(), Some("+6281234567890"));
    assert_eq!(inbound.sender.name.as_deref(), Some("Budi"));
    assert_eq!(inbound.sent_at_ms, 1_760_000_000_000);
}

#[test]
fn a_hidden_number_leaves_the_scoped_id() {
    let mut person = budi();
    person["wa_id"] = json!("");
    let text = message(json!({ "type": "text", "text": { "body": "halo" }, "from": "" }));
    let parsed = read(&delivery(json!([value(json!([person]), json!([text]), json!([]))])));
    let inbound = &parsed.inbounds[0];
    assert_eq!(inbound.chat, "bsuid:ID.13491208655302741918");
    assert_eq!(inbound.sender.phone, None);
}

#[test]
fn without_a_scoped_id_the_number_is_the_person() {
    let text = json!({ "id": "wamid.A", "from": "62811", "timestamp": 1_760_000_000, "type": "text",
        "text": { "body": "halo" } });
    let parsed = read(&delivery(json!([value(json!([]), json!([text]), json!([]))])));
    assert_eq!(parsed.inbounds[0].sender.external_id, "62811");
    assert_eq!(parsed.inbounds[0].sent_at_ms, 1_760_000_000_000);
}

#[test]
fn people_are_matched_by_id_and_not_by_place() {
    let ani = json!({ "profile": { "name": "Ani" }, "wa_id": "62899", "user_id": "ID.2" });
    let of = |id: &str, from: &str| json!({ "id": id, "from": from, "timestamp": "1", "type": "text", "text": { "body": id } });
    let messages = json!([of("m1", "62899"), of("m2", "6281234567890"), of("m3", "62855")]);
    let parsed = read(&delivery(json!([value(json!([budi(), ani]), messages, json!([]))])));
    let people: Vec<_> = parsed
        .inbounds
        .iter()
        .map(|inbound| (inbound.sender.external_id.as_str(), inbound.sender.name.as_deref()))
        .collect();
    let expected =
        [("ID.2", Some("Ani")), ("ID.13491208655302741918", Some("Budi")), ("62855", None)];
    assert_eq!(people, expected);
}

fn kind_of(fields: Value) -> Option<String> {
    let content = serde_json::to_value(content(fields)?).unwrap();
    content["kind"].as_str().map(str::to_owned)
}

#[rstest]
#[case(json!({ "type": "image", "image": { "id": "9", "mime_type": "image/jpeg" } }), "photo")]
#[case(json!({ "type": "document", "document": { "id": "9", "mime_type": "image/png" } }), "photo")]
#[case(json!({ "type": "document", "document": { "id": "9", "filename": "a.pdf" } }), "document")]
#[case(json!({ "type": "audio", "audio": { "id": "9", "voice": true } }), "voice")]
#[case(json!({ "type": "sticker", "sticker": { "id": "9" } }), "sticker")]
#[case(json!({ "type": "video", "video": { "id": "9" } }), "unsupported")]
#[case(json!({ "type": "order", "order": { "catalog_id": "1" } }), "unsupported")]
#[case(json!({ "type": "unsupported", "errors": [{ "code": 131_051 }] }), "unsupported")]
#[case(json!({ "type": "interactive" }), "unsupported")]
#[case(json!({ "type": "interactive", "interactive": { "type": "nfm_reply", "nfm_reply": {} } }),
    "unsupported")]
#[case(json!({ "type": "image", "image": {} }), "unsupported")]
#[case(json!({ "type": "location", "location": { "latitude": -6.2, "longitude": 106.8 } }),
    "location")]
#[case(json!({ "type": "request_welcome" }), "start")]
#[case(json!({ "type": "contacts", "contacts": [{ "phones": [] }] }), "unsupported")]
fn kinds_are_told_apart(#[case] fields: Value, #[case] kind: &str) {
    assert_eq!(kind_of(fields).as_deref(), Some(kind));
}

#[rstest]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "x", "emoji": "" } }))]
#[case(json!({ "type": "reaction", "reaction": { "message_id": "x" } }))]
#[case(json!({ "type": "edit_of_tomorrow" }))]
#[case(json!({ "type": "edit" }))]
#[case(json!({ "type": "edit", "edit": { "original_message_id": "x" } }))]
#[case(json!({ "type": "edit", "edit": { "message": { "type": "text", "text": { "body": "a" } } } }))]
#[case(json!({ "type": "edit", "edit": { "original_message_id": "x",
    "message": { "type": "image", "image": { "id": "9" } } } }))]
#[case(json!({ "type": "revoke", "revoke": { "original_message_id": "x" } }))]
#[case(json!({ "type": "text", "text": { "body": " " } }))]
#[case(json!({ "type": "text", "text": "odd" }))]
#[case(json!({ "type": "system", "system": { "type": "customer_identity_changed" } }))]
#[case(json!({ "type": "text", "text": { "body": "halo" }, "group_id": "g" }))]
fn what_says_nothing_gives_nothing(#[case] fields: Value) {
    assert_eq!(read(&delivered(fields)), ParsedWebhook::default());
}

#[rstest]
#[case(json!({ "type": "interactive", "interactive": { "type": "button_reply",
    "button_reply": { "id": "c1", "title": "Ya" } } }))]
#[case(json!({ "type": "interactive", "interactive": { "type": "list_reply",
    "list_reply": { "id": "c1", "title": "Ya", "description": "x" } } }))]
#[case(json!({ "type": "button", "button": { "payload": "c1", "text": "Ya" } }))]
fn taps_are_choices(#[case] fields: Value) {
    assert_eq!(content(fields), Some(Content::Choice { id: "c1".into() }));
}

#[test]
fn a_reaction_tells_its_emoji_and_the_message_and_is_not_marked_as_read() {
    let reaction = json!({ "type": "reaction", "reaction": { "message_id": "x", "emoji": "👍" } });
    let inbound = read(&delivered(reaction)).inbounds.remove(0);
    assert_eq!(inbound.content, Content::Reaction { emoji: "👍".into(), to: "x".into() });
    assert_eq!((inbound.acknowledge, inbound.message_ref), (None, None));
}

#[rstest]
#[case(json!({ "type": "text", "text": { "body": "Kopi Pagi" } }))]
#[case(json!({ "type": "image", "image": { "id": "9", "caption": "Kopi Pagi" } }))]
#[case(json!({ "type": "document", "document": { "id": "9", "caption": "Kopi Pagi" } }))]
fn an_edit_brings_the_new_words_of_its_message(#[case] message: Value) {
    let edit = json!({ "type": "edit", "edit": {
        "original_message_id": "wamid.Z", "message": message } });
    let inbound = read(&delivered(edit)).inbounds.remove(0);
    assert_eq!(inbound.content, Content::Text { text: "Kopi Pagi".into() });
    assert_eq!((inbound.message_ref.as_deref(), inbound.edited), (Some("wamid.Z"), true));
    assert_eq!((inbound.cause.as_str(), inbound.acknowledge), ("whatsapp:wamid.A", None));
    let first = read(&delivered(json!({ "type": "text", "text": { "body": "halo" } })));
    assert_eq!(
        (first.inbounds[0].message_ref.as_deref(), first.inbounds[0].edited),
        (Some("wamid.A"), false)
    );
}

#[test]
fn cards_and_places_keep_their_names() {
    let card = json!({ "type": "contacts", "contacts": [
        { "name": { "formatted_name": "Ani" }, "phones": [{ "wa_id": "62899" }] } ] });
    let expected = Content::Contact { name: "Ani".into(), phone: "+62899".into() };
    assert_eq!(content(card), Some(expected));
    let place = json!({ "type": "location", "location": { "latitude": -6.2, "longitude": 106.8,
        "name": "", "address": "Jl. Braga 1" } });
    let Some(Content::Location { label, .. }) = content(place) else {
        panic!("a place stays a place");
    };
    assert_eq!(label.as_deref(), Some("Jl. Braga 1"));
}

#[test]
fn a_captioned_picture_keeps_its_words_and_plain_type() {
    let image = json!({ "type": "image", "image": { "id": "9", "caption": "Brownies 25rb",
        "mime_type": "image/jpeg; charset=x", "sha256": "x", "url": "https://x" } });
    let Some(Content::Photo { file, caption }) = content(image) else {
        panic!("a photo stays a photo");
    };
    assert_eq!(file.media_type.as_deref(), Some("image/jpeg"));
    assert_eq!(caption.as_deref(), Some("Brownies 25rb"));
}

#[rstest]
#[case(json!({ "type": "user_changed_number", "wa_id": "62877" }), "ID.13491208655302741918")]
#[case(json!({ "type": "user_changed_number", "wa_id": "62877", "new_user_id": "ID.7" }), "ID.7")]
fn a_changed_number_moves_the_chat(#[case] system: Value, #[case] external_id: &str) {
    let parsed = read(&delivered(json!({ "type": "system", "system": system })));
    assert_eq!(parsed.inbounds, Vec::new());
    let expected = NumberChange {
        cause: "whatsapp:wamid.A".into(),
        old_chat: "6281234567890".into(),
        new_chat: "62877".into(),
        old_external_id: "ID.13491208655302741918".into(),
        new_external_id: external_id.into(),
    };
    assert_eq!(parsed.moves, [expected]);
}

#[test]
fn who_is_known_by_number_is_known_by_the_new_number() {
    let system = json!({ "id": "wamid.A", "from": "62811", "timestamp": "1", "type": "system",
        "system": { "type": "user_changed_number", "wa_id": "62877", "body": "x" } });
    let change = json!({ "field": "messages", "value": {
        "metadata": { "phone_number_id": NUMBER }, "messages": [system] } });
    let parsed = read(&delivery(json!([change])));
    assert_eq!(parsed.moves[0].new_external_id, "62877");
}

#[test]
fn statuses_tell_how_far_a_message_came() {
    let statuses = json!([
        { "id": "wamid.X", "status": "delivered", "timestamp": "1698266945", "recipient_id": "62811" },
        { "id": "wamid.Y", "status": "failed", "timestamp": "1698266946", "user_id": "ID.2",
            "errors": [{ "code": 131_047, "title": "x" }] },
        { "id": "wamid.Z", "status": "of_tomorrow" },
        { "status": "without id" },
    ]);
    let parsed = read(&delivery(json!([value(json!([]), json!([]), statuses)])));
    assert_eq!(parsed.statuses.len(), 3);
    assert_eq!(parsed.statuses[0].status, DeliveryState::Delivered);
    assert_eq!(parsed.statuses[0].recipient.as_deref(), Some("62811"));
    assert_eq!(parsed.statuses[0].at_ms, 1_698_266_945_000);
    assert_eq!(parsed.statuses[1].error_code, Some(131_047));
    assert_eq!(parsed.statuses[1].recipient.as_deref(), Some("bsuid:ID.2"));
    assert!(DeliveryState::Failed.rank() > DeliveryState::Read.rank());
    assert_eq!(parsed.statuses[2].status, DeliveryState::Unknown);
}

#[test]
fn every_entry_change_and_message_of_a_batch_is_read() {
    let text = |id: &str| json!({ "id": id, "from": "62811", "timestamp": "1", "type": "text", "text": { "body": id } });
    let change = |ids: [&str; 2]| {
        value(json!([]), json!([text(ids[0]), { "odd": true }, text(ids[1])]), json!([]))
    };
    let batch = json!({ "entry": [
        { "changes": [change(["a", "b"]), change(["c", "d"])] },
        "odd",
        { "changes": [change(["e", "f"]), { "field": "account_update", "value": {} }] },
    ] });
    let causes: Vec<String> = read(&batch).inbounds.into_iter().map(|i| i.cause).collect();
    assert_eq!(causes, ["a", "b", "c", "d", "e", "f"].map(|id| format!("whatsapp:{id}")));
}

#[test]
fn another_number_on_the_same_webhook_is_left_alone() {
    let text = delivered(json!({ "type": "text", "text": { "body": "halo" } }));
    let parsed = parse_webhook(text.to_string().as_bytes(), "999").unwrap();
    assert_eq!(parsed, ParsedWebhook::default());
}

#[rstest]
#[case(b"" as &[u8])]
#[case(b"\xff")]
#[case(b"3")]
fn what_is_no_delivery_is_refused(#[case] body: &[u8]) {
    assert_eq!(parse_webhook(body, NUMBER), Err(ParseError::Malformed));
}

proptest! {
    #[test]
    fn any_text_and_any_bytes_are_survived(words in "\\PC{0,80}", bytes in any::<Vec<u8>>()) {
        let text = delivered(json!({ "type": words.clone(), "text": { "body": words } }));
        prop_assert!(read(&text).inbounds.len() <= 1);
        // Whatever it answers: it must not panic.
        let _ = parse_webhook(&bytes, NUMBER);
    }
}
