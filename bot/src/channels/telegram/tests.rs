//! Journeys of the adapter against a server that holds it to the rules.

use std::sync::Arc;

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::channels::any::{any_message, visible};
use crate::channels::fakes::{
    Call, FakeTelegram, MemoryPictures, PNG_BYTES, TelegramFailure, Upload, http_client,
    telegram_refusal,
};
use crate::message::{Body, Choice, LinkButton, Progress, Span};

const CHAT: &str = "279058397";
const ZIP: &[u8] = b"PK\x03\x04 and so on";
const VOICE: &str = "voices/1-a.ogg";
const OGG: &[u8] = b"OggS suara";

struct Stage {
    server: FakeTelegram,
    telegram: Telegram,
}

impl Stage {
    async fn set() -> Self {
        let server = FakeTelegram::start().await;
        let config = TelegramConfig {
            token: SecretString::from(server.token()),
            api_url: server.base_url(),
            webhook_secret: SecretString::from("rahasia-1_A"),
        };
        let pictures = Arc::new(
            MemoryPictures::with("og.png", PNG_BYTES).and("exports/1-a.zip", ZIP).and(VOICE, OGG),
        );
        let telegram = Telegram::new(config, http_client(), pictures);
        Self { server, telegram }
    }

    /// Everything a message becomes, sent.
    async fn say(&self, message: Message) -> Vec<Sent> {
        let mut sent = Vec::new();
        for piece in self.telegram.split(message) {
            sent.push(self.telegram.send(CHAT, &piece, None).await.unwrap());
        }
        sent
    }

    async fn try_saying(&self, text: &str, edit: Option<&str>) -> Result<Sent, SendError> {
        self.telegram.send(CHAT, &said(text), edit).await
    }

    fn shown(&self) -> Vec<crate::channels::fakes::Shown> {
        self.server.shown(279_058_397)
    }

    fn assert_no_violations(&self) {
        assert_eq!(self.server.violations(), Vec::<String>::new());
    }
}

fn said(text: &str) -> Message {
    Message { body: Body::plain(text), ..Message::default() }
}

fn og() -> Picture {
    Picture { key: "og.png".into(), url: None, media_type: "image/png".into() }
}

fn choices(count: usize) -> Vec<Choice> {
    (0..count).map(|n| Choice { id: format!("c{n}"), label: format!("Pilihan {n}") }).collect()
}

fn hostile() -> Body {
    Body(vec![
        Span { text: "<b>&lt;</i> *x* \"<script>".into(), bold: true, italic: false },
        Span {
            text: "</b></b>&amp;&#60;\u{202e}\0 <a href='x'>".into(),
            bold: false,
            italic: true,
        },
    ])
}

#[tokio::test]
async fn ten_thousand_emoji_arrive_in_whole_pieces() {
    let stage = Stage::set().await;
    let text = "👨‍👩‍👧".repeat(10_000 / 5);
    stage.say(said(&text)).await;
    let shown = stage.shown();
    assert_eq!(shown.iter().map(|message| message.text.as_str()).collect::<String>(), text);
    assert!(shown.iter().all(|message| message.text.starts_with('👨')));
    stage.assert_no_violations();
}

#[tokio::test]
async fn twelve_choices_are_twelve_buttons() {
    let stage = Stage::set().await;
    stage.say(Message { choices: choices(12), ..said("Usaha apa, Kak?") }).await;
    let keyboard = stage.shown()[0].keyboard.to_string();
    assert_eq!(keyboard.matches("callback_data").count(), 12);
    stage.assert_no_violations();
}

#[tokio::test]
async fn hostile_markup_arrives_as_text() {
    let stage = Stage::set().await;
    let body = hostile();
    stage.say(Message { body: body.clone(), ..Message::default() }).await;
    assert_eq!(stage.shown()[0].text, body.to_plain());
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_picture_goes_with_its_caption_and_buttons_as_one() {
    let stage = Stage::set().await;
    let message = Message {
        picture: Some(og()),
        choices: choices(3),
        links: vec![LinkButton { label: "Buka".into(), url: "https://ani.situsku.id/".into() }],
        body: hostile(),
        ..Message::default()
    };
    stage.say(message).await;
    let shown = &stage.shown()[0];
    assert!(shown.has_photo && shown.text == hostile().to_plain());
    assert!(shown.keyboard.to_string().contains("https://ani.situsku.id/"));
    let upload = &stage.server.calls_of("sendPhoto")[0].uploads[0];
    assert_eq!(
        (upload.bytes.as_slice(), upload.media_type.as_deref()),
        (PNG_BYTES, Some("image/png"))
    );
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_text_is_never_lost_with_its_picture() {
    let stage = Stage::set().await;
    let gone = Picture { key: "gone.png".into(), ..og() };
    let lost = Message { picture: Some(gone.clone()), ..said("Sudah jadi, Kak!") };
    stage.say(lost).await;
    stage.server.fail_next(
        "sendPhoto",
        TelegramFailure::Refuse {
            code: 400,
            description: "Bad Request: PHOTO_INVALID_DIMENSIONS".into(),
        },
    );
    stage.say(Message { picture: Some(og()), ..said("Sudah jadi lagi!") }).await;
    let texts: Vec<String> = stage.shown().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["Sudah jadi, Kak!", "Sudah jadi lagi!"]);
    let bare = Message { picture: Some(gone), ..Message::default() };
    let refused = stage.telegram.send(CHAT, &bare, None).await;
    assert!(matches!(refused, Err(SendError::Rejected(_))));
}

#[tokio::test]
async fn a_bubble_is_edited_in_place_and_the_same_again_is_fine() {
    let stage = Stage::set().await;
    let first = stage.try_saying("1/6 Memahami", None).await.unwrap();
    let second = stage.try_saying("2/6 Menulis", Some(&first.message_ref)).await.unwrap();
    let again = stage.try_saying("2/6 Menulis", Some(&first.message_ref)).await.unwrap();
    assert_eq!((&second, &again), (&first, &first));
    assert_eq!(stage.shown().len(), 1);
    assert_eq!(stage.shown()[0].text, "2/6 Menulis");
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_bubble_that_cannot_be_edited_is_followed_by_a_new_one() {
    let stage = Stage::set().await;
    for lost in ["999", "nonsense", ""] {
        stage.try_saying("Lanjut", Some(lost)).await.unwrap();
    }
    let photo = stage.say(Message { picture: Some(og()), ..Message::default() }).await;
    stage.try_saying("Lanjut", Some(&photo[0].message_ref)).await.unwrap();
    assert_eq!(stage.shown().iter().filter(|message| message.text == "Lanjut").count(), 4);
    stage.assert_no_violations();
}

#[tokio::test]
async fn the_finished_picture_takes_the_place_of_the_bubble() {
    let stage = Stage::set().await;
    let bubble = stage.try_saying("6/6 Menayangkan", None).await.unwrap();
    let done = Message {
        picture: Some(og()),
        progress: Some(Progress { key: "run".into(), done: true }),
        ..said("Website Kakak sudah tayang!")
    };
    let sent = stage.telegram.send(CHAT, &done, Some(&bubble.message_ref)).await.unwrap();
    let shown = stage.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].message_id.to_string(), sent.message_ref);
    assert!(shown[0].has_photo);
    stage.assert_no_violations();
}

#[rstest]
#[case(TelegramFailure::RetryAfter(35), SendError::RetryAfter { ms: 35_000 })]
#[case(TelegramFailure::MigrateTo(-1005), SendError::Moved { chat: "-1005".into() })]
#[case(TelegramFailure::Blocked, SendError::Gone("forbidden: bot was blocked by the user".into()))]
#[case(TelegramFailure::Internal, SendError::Transient("internal server error: restart".into()))]
#[case(refusal(400, "Bad Request: chat not found"), SendError::Gone("bad request: chat not found".into()))]
#[case(refusal(400, "Bad Request: BUTTON_DATA_INVALID"),
    SendError::Rejected("bad request: button_data_invalid".into()))]
#[case(refusal(401, "Unauthorized"), SendError::Misconfigured("unauthorized".into()))]
#[tokio::test]
async fn refusals_are_told_by_what_can_be_done(
    #[case] failure: TelegramFailure,
    #[case] error: SendError,
) {
    let stage = Stage::set().await;
    let photo = Message { picture: Some(og()), ..said("Halo") };
    let bubble = stage.try_saying("Lama", None).await.unwrap();
    for method in ["sendMessage", "sendPhoto", "editMessageText"] {
        stage.server.fail_next(method, failure.clone());
    }
    assert_eq!(stage.try_saying("Halo", None).await, Err(error.clone()));
    assert_eq!(stage.telegram.send(CHAT, &photo, None).await, Err(error.clone()));
    assert_eq!(stage.try_saying("Baru", Some(&bubble.message_ref)).await, Err(error));
    assert!(stage.try_saying("Halo lagi", None).await.is_ok());
}

fn refusal(code: u16, description: &str) -> TelegramFailure {
    TelegramFailure::Refuse { code, description: description.into() }
}

#[tokio::test]
async fn markup_that_cannot_be_parsed_is_sent_bare() {
    let stage = Stage::set().await;
    let bubble = stage.try_saying("Lama", None).await.unwrap();
    for method in ["sendMessage", "sendPhoto", "editMessageText"] {
        stage.server.fail_next(method, TelegramFailure::BadMarkup);
    }
    stage.try_saying("a < b", None).await.unwrap();
    stage.try_saying("c < d", Some(&bubble.message_ref)).await.unwrap();
    stage.say(Message { picture: Some(og()), ..said("e < f") }).await;
    let texts: Vec<String> = stage.shown().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["c < d", "a < b", "e < f"]);
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_message_taken_with_a_garbled_answer_counts_as_sent() {
    let stage = Stage::set().await;
    stage.server.fail_next("sendMessage", TelegramFailure::GarbledAnswer);
    assert_eq!(stage.try_saying("Halo", None).await, Ok(Sent { message_ref: String::new() }));
    assert_eq!(stage.shown().len(), 1);
}

#[tokio::test]
async fn an_unreachable_server_is_a_passing_trouble_and_shows_no_token() {
    let stage = Stage::set().await;
    let Stage { server, telegram } = stage;
    let token = server.token();
    drop(server);
    let error = telegram.send(CHAT, &said("Halo"), None).await.unwrap_err();
    assert!(matches!(&error, SendError::Transient(reason) if !reason.contains(token)), "{error}");
}

#[tokio::test]
async fn a_voice_note_is_sent_as_one_or_not_at_all() {
    let stage = Stage::set().await;
    let note = |key: Option<&str>| {
        let (words, language) = ("Halo".to_owned(), "id".to_owned());
        let voice = VoiceNote { words, language, key: key.map(str::to_owned) };
        Message { voice: Some(voice), ..Message::default() }
    };
    assert_eq!(stage.say(note(Some(VOICE))).await.len(), 1);
    assert_eq!(stage.shown()[0].voice.as_deref(), Some(OGG));
    for key in [None, Some("voices/1-b.ogg")] {
        let sent = stage.telegram.send(CHAT, &note(key), None).await;
        assert!(matches!(sent, Err(SendError::Rejected(_))), "{sent:?}");
    }
    stage.server.fail_next("sendVoice", refusal(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"));
    let sent = stage.telegram.send(CHAT, &note(Some(VOICE)), None).await;
    assert!(matches!(sent, Err(SendError::Rejected(_))), "{sent:?}");
    stage.assert_no_violations();
}

#[tokio::test]
async fn taps_are_answered_and_typing_is_shown() {
    let stage = Stage::set().await;
    stage.server.expect_tap("4382");
    stage.telegram.acknowledge("4382").await;
    stage.telegram.acknowledge("4382").await;
    stage.telegram.show_typing(CHAT, None).await;
    assert_eq!(stage.server.calls_of("answerCallbackQuery").len(), 2);
    assert_eq!(stage.server.calls_of("sendChatAction")[0].params["action"], "typing");
    stage.assert_no_violations();
}

#[tokio::test]
async fn an_emoji_stands_on_a_message_in_place_of_the_one_before() {
    let stage = Stage::set().await;
    stage.server.expect_letter(&json!({ "message":
        { "message_id": 12, "chat": { "id": 279_058_397 } } }));
    for (reaction, emoji) in Reaction::ALL.into_iter().zip(["❤", "👍", "🎉"]) {
        stage.telegram.react(CHAT, "12", None, reaction).await;
        assert_eq!(stage.server.reactions(279_058_397), [(12, emoji.to_owned())]);
    }
    stage.assert_no_violations();
    stage.telegram.react(CHAT, "no number", None, Reaction::Heart).await;
    stage.server.fail_next("setMessageReaction", TelegramFailure::RetryAfter(7));
    stage.telegram.react(CHAT, "12", None, Reaction::Heart).await;
    assert_eq!(stage.server.calls_of("setMessageReaction").len(), 4, "tried once each");
    assert_eq!(stage.server.reactions(279_058_397), [(12, "🎉".to_owned())]);
}

#[tokio::test]
async fn files_are_fetched_within_their_bound() {
    let stage = Stage::set().await;
    stage.server.add_file("f1", b"0123456789");
    let file = |id: &str| FileRef { id: id.into(), media_type: None, size_bytes: None };
    assert_eq!(stage.telegram.fetch(&file("f1"), 10).await.unwrap(), b"0123456789");
    assert_eq!(stage.telegram.fetch(&file("f1"), 9).await, Err(FetchError::TooLarge));
    assert!(matches!(stage.telegram.fetch(&file("f2"), 9).await, Err(FetchError::Gone(_))));
    stage.server.fail_next("getFile", TelegramFailure::RetryAfter(3));
    assert!(matches!(stage.telegram.fetch(&file("f1"), 10).await, Err(FetchError::Transient(_))));
    stage.server.fail_next("getFile", refusal(400, "Bad Request: file is too big"));
    assert_eq!(stage.telegram.fetch(&file("f1"), 10).await, Err(FetchError::TooLarge));
}

#[tokio::test]
async fn setup_prepares_delivery_by_webhook() {
    let stage = Stage::set().await;
    let url = "https://bot.situsku.id/webhook/telegram";
    let account = stage.telegram.setup(Some(url)).await.unwrap();
    assert_eq!(account.username, "sitespark_test_bot");
    assert_eq!(stage.server.webhook_url().as_deref(), Some(url));
    let webhook = &stage.server.calls_of("setWebhook")[0].params;
    assert_eq!(webhook["secret_token"], "rahasia-1_A");
    assert!(webhook["allowed_updates"].to_string().contains("my_chat_member"));
    assert_eq!(stage.server.calls_of("setMyCommands").len(), 3);
    assert!(matches!(stage.telegram.poll(0, 0).await, Err(SendError::Misconfigured(_))));
    stage.assert_no_violations();
}

#[tokio::test]
async fn polled_updates_come_again_until_confirmed() {
    let stage = Stage::set().await;
    stage.telegram.setup(None).await.unwrap();
    let first = stage.server.push_update(json!({ "message": { "message_id": 1, "date": 1,
        "from": { "id": 7 }, "chat": { "id": 7, "type": "private" }, "text": "halo" } }));
    let second = stage.server.push_update(json!({ "kind_of_tomorrow": {} }));
    let numbers = |polled: &[(i64, Vec<u8>)]| polled.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    let polled = stage.telegram.poll(0, 5).await.unwrap();
    assert_eq!(numbers(&polled), [first, second]);
    assert_eq!(numbers(&stage.telegram.poll(0, 5).await.unwrap()), [first, second]);
    let parsed = parse_update(&polled[0].1, None).unwrap();
    assert_eq!((parsed.update_id, parsed.inbounds.len()), (first, 1));
    assert_eq!(numbers(&stage.telegram.poll(first + 1, 5).await.unwrap()), [second]);
    assert_eq!(stage.telegram.poll(second + 1, 0).await.unwrap(), Vec::new());
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_secret_telegram_would_refuse_is_told_at_setup() {
    let server = FakeTelegram::start().await;
    let config = TelegramConfig {
        token: SecretString::from(server.token()),
        api_url: format!("{}/", server.base_url()),
        webhook_secret: SecretString::from("rahasia saya"),
    };
    let telegram = Telegram::new(config, http_client(), Arc::new(MemoryPictures::default()));
    let refused = telegram.setup(Some("https://a.id/webhook/telegram")).await;
    assert!(matches!(refused, Err(SendError::Misconfigured(_))));
    assert_eq!(server.violations(), Vec::<String>::new());
}

fn file() -> OutFile {
    OutFile {
        key: "exports/1-a.zip".into(),
        name: "kue-ani.zip".into(),
        media_type: "application/zip".into(),
        url: "https://chat.situsku.id/files/1-a/kue-ani.zip".into(),
        label: "Unduh file".into(),
    }
}

#[tokio::test]
async fn a_file_is_handed_over_with_its_name_and_words() {
    let stage = Stage::set().await;
    stage.say(Message { document: Some(file()), ..said("Ini *filenya* <Kak>") }).await;
    let shown = stage.shown();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].text, "Ini *filenya* <Kak>");
    assert_eq!(shown[0].file, Some(("kue-ani.zip".to_owned(), ZIP.to_vec())));
    stage.server.fail_next("sendDocument", TelegramFailure::BadMarkup);
    stage.say(Message { document: Some(file()), ..said("a < b") }).await;
    assert_eq!(stage.shown()[1].text, "a < b");
    stage.assert_no_violations();
}

#[rstest]
#[case(Some((413, "Request Entity Too Large")))]
#[case(Some((400, "Bad Request: file is too big")))]
#[case(None)]
#[tokio::test]
async fn a_file_that_is_not_taken_is_a_link(#[case] refused: Option<(u16, &str)>) {
    let stage = Stage::set().await;
    let mut file = file();
    match refused {
        Some((code, description)) => {
            stage.server.fail_next("sendDocument", refusal(code, description));
        }
        None => file.key = "exports/gone.zip".into(),
    }
    stage.say(Message { document: Some(file), ..said("Ini filenya") }).await;
    let text = &stage.shown()[0].text;
    assert!(text.contains("https://chat.situsku.id/files/1-a/kue-ani.zip"), "{text}");
    stage.assert_no_violations();
}

/// A piece as the request it is sent with.
fn call_of(piece: &Message) -> Call {
    let upload = |field: &str, bytes: &[u8]| Upload {
        field: field.to_owned(),
        file_name: Some("x".to_owned()),
        media_type: None,
        bytes: bytes.to_vec(),
    };
    let (method, uploads) = match (&piece.document, &piece.picture) {
        (Some(_), _) => ("sendDocument", vec![upload("document", ZIP)]),
        (None, Some(_)) => ("sendPhoto", vec![upload("photo", PNG_BYTES)]),
        (None, None) => ("sendMessage", Vec::new()),
    };
    let mut params = text_params(CHAT, piece);
    if !uploads.is_empty() {
        params = json!({ "chat_id": CHAT });
        for (name, value) in caption_fields(piece, true) {
            params[name] = json!(value);
        }
    }
    Call { method: method.to_owned(), params, uploads }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_anybody_writes_is_refused_or_lost(message in any_message()) {
        let (plain, had_file) = (message.body.to_plain(), message.document.is_some());
        let (had_picture, labels) = (message.picture.is_some(), message.choices.clone());
        let pieces = pieces::split(message);
        let mut seen = String::new();
        for piece in &pieces {
            prop_assert_eq!(telegram_refusal(&call_of(piece)), None, "{:?}", piece);
            seen.push_str(&piece.body.to_plain());
        }
        prop_assert_eq!(pieces.iter().filter(|p| p.document.is_some()).count(), usize::from(had_file));
        prop_assert_eq!(pieces.iter().filter(|p| p.picture.is_some()).count(), usize::from(had_picture));
        if !is_blank(&Body::plain(plain.clone())) {
            prop_assert!(visible(&seen).starts_with(&visible(&plain)));
        }
        for choice in labels.iter().filter(|_| !pieces.is_empty()) {
            let tapped = pieces.iter().any(|piece| piece.choices.contains(choice));
            prop_assert!(tapped || visible(&seen).contains(&visible(&choice.label)));
        }
    }
}
