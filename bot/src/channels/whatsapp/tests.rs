//! Journeys of the adapter against a server that holds it to the rules.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::channels::any::{any_message, visible};
use crate::channels::fakes::{
    FakeGraph, GraphFailure, MemoryPictures, PNG_BYTES, graph_refusal, http_client,
};
use crate::message::{Body, Choice, LinkButton, OutFile, Picture, Progress, Span};

const CHAT: &str = "6281234567890";
const VOICE: &str = "voices/1-a.ogg";
const OGG: &[u8] = b"OggS suara";

struct Stage {
    server: FakeGraph,
    whatsapp: Whatsapp,
}

impl Stage {
    async fn set() -> Self {
        let server = FakeGraph::start().await;
        let config = WhatsappConfig {
            access_token: SecretString::from(server.token()),
            phone_number_id: server.phone_number_id().to_owned(),
            app_secret: SecretString::from("app-secret"),
            verify_token: SecretString::from("verify"),
            api_url: server.base_url(),
            template: Some("kabar_website".to_owned()),
        };
        let pictures = MemoryPictures::with("og.png", PNG_BYTES).and("poster.pdf", b"%PDF-1.7");
        let pictures = Arc::new(pictures.and(VOICE, OGG));
        Self { whatsapp: Whatsapp::new(config, http_client(), pictures), server }
    }

    /// Everything a message becomes, sent; gives what the person got.
    async fn say(&self, message: Message) -> Vec<Value> {
        for piece in self.whatsapp.split(message) {
            self.whatsapp.send(CHAT, &piece, None).await.unwrap();
        }
        self.server.sent_to(CHAT)
    }

    fn assert_no_violations(&self) {
        assert_eq!(self.server.violations(), Vec::<String>::new());
    }
}

fn said(text: &str) -> Message {
    Message { body: Body::plain(text), ..Message::default() }
}

fn og(url: Option<&str>) -> Picture {
    Picture { key: "og.png".into(), url: url.map(Into::into), media_type: "image/png".into() }
}

fn choices(count: usize) -> Vec<Choice> {
    (0..count).map(|n| Choice { id: format!("c{n}"), label: format!("Pilihan {n}") }).collect()
}

fn working(done: bool) -> Message {
    let progress = Some(Progress { key: "run".into(), done });
    Message { progress, ..said(if done { "Sudah tayang, Kak!" } else { "Sedang dibuat" }) }
}

#[tokio::test]
async fn ten_thousand_emoji_arrive_in_whole_pieces() {
    let stage = Stage::set().await;
    let text = "👨‍👩‍👧".repeat(10_000 / 5);
    let sent = stage.say(said(&text)).await;
    let bodies: Vec<&str> = sent.iter().map(|m| m["text"]["body"].as_str().unwrap()).collect();
    assert_eq!(bodies.concat(), text);
    assert!(bodies.iter().all(|body| body.starts_with('👨')));
    assert_eq!(bodies.len(), 3);
    stage.assert_no_violations();
}

#[rstest]
#[case(3, "/interactive/action/buttons/2/reply/title")]
#[case(10, "/interactive/action/sections/0/rows/9/title")]
#[tokio::test]
async fn choices_are_tapped(#[case] count: usize, #[case] last: &str) {
    let stage = Stage::set().await;
    let sent = stage.say(Message { choices: choices(count), ..said("Usaha apa, Kak?") }).await;
    let title = format!("Pilihan {}", count - 1);
    assert_eq!(sent[0].pointer(last).and_then(Value::as_str), Some(title.as_str()));
    stage.assert_no_violations();
}

#[tokio::test]
async fn twelve_choices_are_numbers_and_a_number_is_understood() {
    let stage = Stage::set().await;
    let message = Message { choices: choices(12), ..said("Usaha apa, Kak?") };
    assert!(stage.whatsapp.shows_numbers(&message));
    let sent = stage.say(message.clone()).await;
    let body = sent[0]["text"]["body"].as_str().unwrap();
    assert!(body.contains("\n12. Pilihan 11\n"), "{body}");
    let meant = crate::channels::numbered_choice(&message.choices, "12");
    assert_eq!(meant.as_deref(), Some("c11"));
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_long_text_with_choices_ends_in_the_choices() {
    let stage = Stage::set().await;
    let message = Message { choices: choices(5), ..said(&"*kata* ".repeat(700)) };
    let sent = stage.say(message).await;
    let (last, before) = sent.split_last().unwrap();
    assert_eq!(last["interactive"]["type"], "list");
    assert!(!before.is_empty() && before.iter().all(|message| message["type"] == "text"));
    stage.assert_no_violations();
}

#[tokio::test]
async fn hostile_labels_and_texts_break_nothing() {
    let stage = Stage::set().await;
    let label = |id: &str, label: &str| Choice { id: id.into(), label: label.into() };
    let message = Message {
        body: Body(vec![
            Span { text: "*tebal _miring ```\n> kutip".into(), bold: true, italic: true },
            Span { text: "* ~x~ <b>&amp; \u{0} ".into(), bold: false, italic: true },
        ]),
        choices: vec![label("a", "*Ya*"), label("b", "`Tidak`"), label("c", "~")],
        ..Message::default()
    };
    stage.say(message).await;
    stage.say(Message { choices: vec![label("a", "x\ny"), label("a", "z")], ..said("?") }).await;
    stage.say(Message { choices: choices(2), ..said(" ") }).await;
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_lone_link_is_a_button() {
    let stage = Stage::set().await;
    let link = LinkButton { label: "Buka website".into(), url: "https://ani.situsku.id/".into() };
    let sent = stage.say(Message { links: vec![link.clone()], ..said("Jadi!") }).await;
    assert_eq!(sent[0]["interactive"]["action"]["parameters"]["url"], link.url);
    let sent = stage.say(Message { links: vec![link.clone(), link], ..said("Dua") }).await;
    assert_eq!(sent[1]["text"]["preview_url"], true);
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_public_picture_goes_by_its_address() {
    let stage = Stage::set().await;
    let url = "https://ani.situsku.id/og.png";
    let sent = stage.say(Message { picture: Some(og(Some(url))), ..said("Jadi!") }).await;
    assert_eq!(sent[0]["image"], json!({ "link": url, "caption": "Jadi!" }));
    assert_eq!(stage.server.calls().len(), 1);
    stage.assert_no_violations();
}

#[rstest]
#[case(None)]
#[case(Some("http://localhost:8080/og.png"))]
#[tokio::test]
async fn a_private_picture_is_uploaded(#[case] url: Option<&str>) {
    let stage = Stage::set().await;
    let message = Message { picture: Some(og(url)), choices: choices(2), ..said("Jadi!") };
    let sent = stage.say(message).await;
    let id = sent[0]["interactive"]["header"]["image"]["id"].as_str().unwrap();
    assert_eq!(stage.server.uploaded(id).unwrap(), PNG_BYTES);
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_picture_that_cannot_be_fetched_is_uploaded() {
    let stage = Stage::set().await;
    stage.server.fail_next("messages", GraphFailure::Code(131_053));
    let url = "https://ani.situsku.id/og.png";
    let sent = stage.say(Message { picture: Some(og(Some(url))), ..said("Jadi!") }).await;
    assert!(sent[0]["image"]["id"].is_string());
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_text_is_never_lost_with_its_picture() {
    let stage = Stage::set().await;
    let gone = Picture { key: "gone.png".into(), ..og(None) };
    stage.say(Message { picture: Some(gone.clone()), ..said("Satu") }).await;
    stage.server.fail_next("media", GraphFailure::Code(131_053));
    let sent = stage.say(Message { picture: Some(og(None)), ..said("Dua") }).await;
    assert_eq!(
        (&sent[0]["text"]["body"], &sent[1]["text"]["body"]),
        (&json!("Satu"), &json!("Dua"))
    );
    let bare = Message { picture: Some(gone), ..Message::default() };
    assert!(matches!(stage.whatsapp.send(CHAT, &bare, None).await, Err(SendError::Rejected(_))));
    stage.assert_no_violations();
}

#[rstest]
#[case("https://chat.situsku.id/files/1-a/kopi.pdf", 1)]
#[case("http://localhost:8080/files/1-a/kopi.pdf", 2)]
#[tokio::test]
async fn a_sheet_goes_as_a_document(#[case] url: &str, #[case] calls: usize) {
    let stage = Stage::set().await;
    let file = OutFile {
        key: "poster.pdf".to_owned(),
        name: "kopi.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        url: url.to_owned(),
        label: "Unduh".to_owned(),
    };
    let sent = stage.say(Message { document: Some(file.clone()), ..said("Posternya") }).await;
    assert_eq!(sent[0]["document"]["filename"], "kopi.pdf");
    assert_eq!(sent[0]["document"]["caption"], "Posternya");
    assert_eq!(stage.server.calls().len(), calls);
    let gone = OutFile { key: "gone.pdf".into(), url: "http://localhost/x.pdf".into(), ..file };
    let sent = stage.say(Message { document: Some(gone), ..said("Posternya") }).await;
    assert_eq!(sent[1]["text"]["body"], "Posternya\n\nUnduh: http://localhost/x.pdf");
    stage.assert_no_violations();
}

#[tokio::test]
async fn only_the_first_and_the_last_of_a_bubble_are_sent() {
    let stage = Stage::set().await;
    let first = stage.whatsapp.send(CHAT, &working(false), None).await.unwrap();
    let edit = Some(first.message_ref.as_str());
    for _ in 0..5 {
        let between = stage.whatsapp.send(CHAT, &working(false), edit).await.unwrap();
        assert_eq!(between, first);
    }
    assert!(!stage.whatsapp.pace().is_worth_sending(&working(false), edit));
    assert!(stage.whatsapp.pace().is_worth_sending(&working(true), edit));
    let last = stage.whatsapp.send(CHAT, &working(true), edit).await.unwrap();
    assert_ne!(last, first);
    assert_eq!(stage.server.sent_to(CHAT).len(), 2);
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_voice_note_is_uploaded_and_sent_as_one() {
    let stage = Stage::set().await;
    let note = |key: &str| {
        let (words, language) = ("Halo".to_owned(), "id".to_owned());
        let voice = VoiceNote { words, language, key: Some(key.to_owned()) };
        Message { voice: Some(voice), ..Message::default() }
    };
    let sent = stage.say(note(VOICE)).await;
    assert_eq!((sent.len(), &sent[0]["type"]), (1, &json!("audio")));
    assert_eq!(sent[0]["audio"]["voice"], true);
    let id = sent[0]["audio"]["id"].as_str().unwrap();
    assert_eq!(stage.server.uploaded(id).as_deref(), Some(OGG));
    let gone = stage.whatsapp.send(CHAT, &note("voices/1-b.ogg"), None).await;
    assert!(matches!(gone, Err(SendError::Rejected(_))), "{gone:?}");
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_hidden_number_is_reached_by_its_scoped_id() {
    let stage = Stage::set().await;
    let chat = format!("{BSUID_PREFIX}ID.13491208655302741918");
    stage.whatsapp.send(&chat, &said("Halo"), None).await.unwrap();
    let sent = stage.server.sent_to("ID.13491208655302741918");
    assert!(sent[0].get("to").is_none());
    stage.assert_no_violations();
}

#[rstest]
#[case(GraphFailure::Code(131_056), SendError::RetryAfter { ms: 12_000 })]
#[case(GraphFailure::Code(131_047), SendError::WindowClosed)]
#[case(GraphFailure::Code(131_026), SendError::Gone("131026 scripted".into()))]
#[case(GraphFailure::Code(131_009), SendError::Rejected("131009 scripted".into()))]
#[case(GraphFailure::Code(190), SendError::Misconfigured("190 scripted".into()))]
#[case(GraphFailure::Code(131_016), SendError::Transient("131016 scripted".into()))]
#[case(GraphFailure::Internal, SendError::Transient("status 500".into()))]
#[tokio::test]
async fn refusals_are_told_by_what_can_be_done(
    #[case] failure: GraphFailure,
    #[case] error: SendError,
) {
    let stage = Stage::set().await;
    stage.server.fail_next("messages", failure);
    assert_eq!(stage.whatsapp.send(CHAT, &said("Halo"), None).await, Err(error));
    assert!(stage.whatsapp.send(CHAT, &said("Halo"), None).await.is_ok());
    stage.assert_no_violations();
}

#[tokio::test]
async fn a_message_taken_with_a_garbled_answer_counts_as_sent() {
    let stage = Stage::set().await;
    stage.server.fail_next("messages", GraphFailure::GarbledAnswer);
    let sent = stage.whatsapp.send(CHAT, &said("Halo"), None).await;
    assert_eq!(sent, Ok(Sent { message_ref: String::new() }));
    assert_eq!(stage.server.sent_to(CHAT).len(), 1);
}

#[tokio::test]
async fn the_limit_of_a_pair_asks_to_wait_and_spares_others() {
    let stage = Stage::set().await;
    stage.server.set_burst(2);
    let send =
        |chat: &'static str| stage.whatsapp.send(chat, MESSAGE.get_or_init(|| said("a")), None);
    static MESSAGE: std::sync::OnceLock<Message> = std::sync::OnceLock::new();
    assert!(send(CHAT).await.is_ok() && send(CHAT).await.is_ok());
    assert_eq!(send(CHAT).await, Err(SendError::RetryAfter { ms: 12_000 }));
    assert!(send("6281111111111").await.is_ok());
    stage.server.advance_ms(12_000);
    assert!(send(CHAT).await.is_ok());
    stage.assert_no_violations();
}

#[tokio::test]
async fn messages_are_marked_read_with_and_without_typing() {
    let stage = Stage::set().await;
    stage.whatsapp.acknowledge("wamid.X").await;
    stage.whatsapp.show_typing(CHAT, Some("wamid.X")).await;
    stage.whatsapp.show_typing(CHAT, None).await;
    let calls = stage.server.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].params["typing_indicator"]["type"], "text");
    stage.assert_no_violations();
}

#[tokio::test]
async fn an_emoji_is_put_on_a_message_by_number_and_by_scoped_id() {
    let stage = Stage::set().await;
    let scoped = "ID.13491208655302741918";
    stage.server.expect_letter("wamid.X", &[CHAT, scoped]);
    for (reaction, emoji) in Reaction::ALL.into_iter().zip(["❤\u{fe0f}", "👍", "🎉"]) {
        stage.whatsapp.react(CHAT, "wamid.X", Some("wamid.X"), reaction).await;
        let last = stage.server.reactions_to(CHAT).pop();
        assert_eq!(last, Some(("wamid.X".to_owned(), emoji.to_owned())));
    }
    let hidden = format!("{BSUID_PREFIX}{scoped}");
    stage.whatsapp.react(&hidden, "wamid.X", None, Reaction::Taken).await;
    assert_eq!(stage.server.reactions_to(scoped).len(), 1);
    assert_eq!(stage.server.sent_to(CHAT), Vec::<Value>::new(), "it is no message to read");
    stage.server.fail_next("reactions", GraphFailure::Code(131_056));
    stage.whatsapp.react(CHAT, "wamid.X", None, Reaction::Heart).await;
    assert_eq!(stage.server.calls().len(), 5, "tried once each");
    stage.assert_no_violations();
}

fn file(id: &str) -> FileRef {
    FileRef { id: id.into(), media_type: None, size_bytes: None }
}

#[tokio::test]
async fn files_are_fetched_within_their_bound() {
    let stage = Stage::set().await;
    stage.server.add_file("f1", b"0123456789");
    assert_eq!(stage.whatsapp.fetch(&file("f1"), 10).await.unwrap(), b"0123456789");
    assert_eq!(stage.whatsapp.fetch(&file("f1"), 9).await, Err(FetchError::TooLarge));
    for odd in ["f2", "../messages", ""] {
        let refused = stage.whatsapp.fetch(&file(odd), 9).await;
        assert!(matches!(refused, Err(FetchError::Gone(_))), "{odd}");
    }
    stage.server.fail_next("files", GraphFailure::Internal);
    let later = stage.whatsapp.fetch(&file("f1"), 10).await;
    assert!(matches!(later, Err(FetchError::Transient(_))));
}

#[tokio::test]
async fn the_token_never_reaches_a_foreign_host() {
    let stage = Stage::set().await;
    let foreign = FakeGraph::start().await;
    foreign.add_file("f1", b"0123456789");
    let url = format!("{}/f1", foreign.base_url());
    stage.server.add_foreign_file("direct", &url, false);
    stage.server.add_foreign_file("redirected", &url, true);
    for id in ["direct", "redirected"] {
        let refused = stage.whatsapp.fetch(&file(id), 100).await;
        assert!(matches!(refused, Err(FetchError::Gone(_))), "{id}: {refused:?}");
    }
    assert_eq!(foreign.authorizations(), [None]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_anybody_writes_is_refused_or_lost(message in any_message()) {
        let plain = message.body.to_plain();
        let (labels, links) = (message.choices.clone(), message.links.clone());
        let pieces = pieces::split(message);
        let mut seen = String::new();
        for piece in &pieces {
            let has_media = piece.picture.is_some() || piece.document.is_some();
            let media = has_media.then(|| json!({ "id": "1" }));
            let body = addressed(pieces::content(piece, media), CHAT);
            prop_assert_eq!(graph_refusal(&body), None, "{:?}", piece);
            seen.push_str(&piece.body.to_plain());
        }
        if !is_blank(&Body::plain(plain.clone())) {
            prop_assert!(visible(&seen).starts_with(&visible(&plain)));
        }
        for choice in labels.iter().filter(|_| !pieces.is_empty()) {
            let tapped = pieces.iter().any(|piece| piece.choices.contains(choice));
            prop_assert!(tapped || visible(&seen).contains(&visible(&choice.label)));
        }
        for link in links.iter().filter(|_| !pieces.is_empty()) {
            let opened = pieces.iter().any(|piece| piece.links.contains(link));
            prop_assert!(opened || seen.contains(&link.url), "{:?}", link);
        }
    }
}
