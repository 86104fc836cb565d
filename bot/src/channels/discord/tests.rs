//! The adapter against a server that holds it to the published limits.

use std::sync::Arc;

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::json;
use sitespark_core::clock::ManualClock;

use super::reply_to::{ReplyTo, Ticket};
use super::*;
use crate::channels::any::{any_message, visible};
use crate::channels::fakes::{
    Call, DiscordFailure, FakeDiscord, MemoryPictures, PNG_BYTES, Upload, discord_refusal,
    http_client,
};
use crate::message::{Body, Choice, LinkButton, OutFile, Picture, Progress, VoiceNote};

const PERSON: &str = "55";
const ZIP: &[u8] = b"PK\x03\x04 and so on";

struct Scene {
    fake: FakeDiscord,
    discord: Arc<Discord>,
    clock: ManualClock,
}

async fn scene() -> Scene {
    let fake = FakeDiscord::start().await;
    let clock = ManualClock::at(fake.now_ms());
    let config = DiscordConfig {
        token: SecretString::from(fake.token()),
        api_url: fake.base_url(),
        public_url: "http://localhost:8080".to_owned(),
    };
    let pictures = Arc::new(
        MemoryPictures::with("og.png", PNG_BYTES)
            .and("exports/1-a.zip", ZIP)
            .and("voices/1-a.ogg", b"OggS suara")
            .and("exports/2-b.zip", &vec![0; MAX_FILE_BYTES + 1]),
    );
    let discord = Arc::new(Discord::new(config, http_client(), pictures, Arc::new(clock.clone())));
    Scene { fake, discord, clock }
}

impl Scene {
    fn private(&self) -> String {
        self.fake.channel_with(PERSON)
    }

    /// A command was given and put off; what an answer to it goes by.
    fn command(&self, in_guild: bool) -> ReplyTo {
        let ticket = Ticket {
            application: self.fake.application().to_owned(),
            token: "tok".to_owned(),
            interaction: self.fake.fresh_id(),
        };
        let channel = if in_guild { "3".to_owned() } else { self.private() };
        self.fake.expect_interaction(&ticket.interaction, "tok", &channel);
        if in_guild {
            self.fake.answered("tok", &json!({ "type": 5, "data": { "flags": 64 } }));
            ReplyTo::Aside { ticket }
        } else {
            self.fake.answered("tok", &json!({ "type": 5 }));
            ReplyTo::Command { channel, ticket }
        }
    }

    async fn deliver(
        &self,
        piece: &Message,
        reply_to: Option<&ReplyTo>,
    ) -> Result<Sent, SendError> {
        let word = reply_to.map(ReplyTo::to_word);
        let errand =
            Errand { chat: PERSON, piece, edit: None, reply_to: word.as_deref(), once: "c:say:0" };
        self.discord.deliver(errand).await
    }

    fn advance_ms(&self, by_ms: i64) {
        self.clock.advance_ms(by_ms);
        self.fake.advance_ms(by_ms);
    }
}

fn said(text: &str) -> Message {
    Message { body: Body::plain(text), ..Message::default() }
}

fn picture() -> Picture {
    Picture { key: "og.png".into(), url: None, media_type: "image/png".into() }
}

#[tokio::test]
async fn a_message_opens_the_private_channel_once() {
    let scene = scene().await;
    scene.discord.send(PERSON, &said("Halo"), None).await.unwrap();
    scene.discord.send(PERSON, &said("*lagi* <@1> @everyone"), None).await.unwrap();
    let seen = scene.fake.seen(&scene.private());
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].content, "\\*lagi\\* \\<@1\\> @everyone");
    let opened =
        scene.fake.calls().iter().filter(|c| c.method == "POST users/@me/channels").count();
    assert_eq!(opened, 1);
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn the_same_errand_twice_is_one_message() {
    let scene = scene().await;
    scene.fake.fail_next("channels/", DiscordFailure::GarbledAnswer);
    let first = scene.deliver(&said("Halo"), None).await.unwrap();
    let second = scene.deliver(&said("Halo"), None).await.unwrap();
    assert!(first.message_ref.is_empty() && !second.message_ref.is_empty());
    assert_eq!(scene.fake.seen(&scene.private()).len(), 1);
}

#[tokio::test]
async fn an_emoji_is_put_on_what_was_written_in_private_and_nowhere_else() {
    let scene = scene().await;
    let private = ReplyTo::Private { channel: scene.private() };
    scene.fake.expect_letter(&scene.private(), "12");
    let react = async |reply_to: &ReplyTo, reaction| {
        scene.discord.react(PERSON, "12", Some(&reply_to.to_word()), reaction).await;
    };
    let mut put = Vec::new();
    for (reaction, emoji) in Reaction::ALL.into_iter().zip(["❤\u{fe0f}", "👍", "🎉"]) {
        react(&private, reaction).await;
        put.push(("12".to_owned(), emoji.to_owned()));
        assert_eq!(scene.fake.reactions(&scene.private()), put);
        // Another one too soon is left out without asking; words go their own way.
        react(&private, Reaction::Heart).await;
        scene.discord.send(PERSON, &said("Halo"), None).await.unwrap();
        scene.advance_ms(1_000);
    }
    let asked = scene.fake.calls().len();
    let mention = ReplyTo::Mention { channel: "33".to_owned(), message: "12".to_owned() };
    for elsewhere in [mention, scene.command(true), scene.command(false)] {
        react(&elsewhere, Reaction::Heart).await;
    }
    scene.discord.react(PERSON, "12", None, Reaction::Heart).await;
    assert_eq!(scene.fake.calls().len(), asked);
    scene.fake.fail_next("reactions", DiscordFailure::Refuse { status: 403, code: 50_013 });
    react(&private, Reaction::Heart).await;
    assert_eq!(scene.fake.reactions(&scene.private()), put);
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_command_is_answered_where_it_was_given() {
    let scene = scene().await;
    let reply_to = scene.command(false);
    assert!(scene.fake.seen(&scene.private())[0].thinking);
    let choices = vec![Choice { id: "trade:food".into(), label: "Kuliner".into() }];
    let piece = Message { choices, ..said("Usaha apa, Kak?") };
    scene.deliver(&piece, Some(&reply_to)).await.unwrap();
    let seen = scene.fake.seen(&scene.private());
    assert_eq!(seen.len(), 1, "the waiting sign became the answer");
    assert_eq!(seen[0].components[0]["components"][0]["custom_id"], "trade:food");
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_the_answer_is_a_message() {
    let scene = scene().await;
    let reply_to = scene.command(false);
    scene.advance_ms(16 * 60 * 1_000);
    scene.deliver(&said("Jadi!"), Some(&reply_to)).await.unwrap();
    let seen = scene.fake.seen(&scene.private());
    assert_eq!((seen.len(), seen[1].content.as_str()), (2, "Jadi!"));
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn among_others_the_talk_goes_on_in_private() {
    let scene = scene().await;
    let reply_to = scene.command(true);
    scene.deliver(&said("Halo Kak"), Some(&reply_to)).await.unwrap();
    assert_eq!(scene.fake.seen(&scene.private())[0].content, "Halo Kak");
    let before_others = scene.fake.seen("3");
    assert_eq!(before_others.len(), 1);
    assert!(!before_others[0].thinking && !before_others[0].content.contains("Halo Kak"));

    let mention = ReplyTo::Mention { channel: "4".into(), message: "8".into() };
    let errand = mention.to_word();
    let piece = said("Lagi");
    let errand =
        Errand { chat: PERSON, piece: &piece, edit: None, reply_to: Some(&errand), once: "c:1" };
    scene.discord.deliver(errand).await.unwrap();
    assert_eq!(scene.fake.seen("4").len(), 1);
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn who_takes_no_private_messages_is_told_so_and_is_gone() {
    let scene = scene().await;
    let reply_to = scene.command(true);
    scene.fake.fail_next("channels/", DiscordFailure::Refuse { status: 403, code: 50_007 });
    let refused = scene.deliver(&said("Halo"), Some(&reply_to)).await;
    assert!(matches!(refused, Err(SendError::Gone(_))), "{refused:?}");
    assert_eq!(scene.fake.seen("3")[0].content, discord_words().closed);
}

fn discord_words() -> &'static crate::channels::words::DiscordWords {
    &words().discord
}

#[tokio::test]
async fn a_bubble_is_changed_in_place_even_into_a_picture() {
    let scene = scene().await;
    let bubble = |text: &str, done: bool| Message {
        progress: Some(Progress { key: "run".into(), done }),
        ..said(text)
    };
    let first = scene.discord.send(PERSON, &bubble("1/6", false), None).await.unwrap();
    let edit = Some(first.message_ref.as_str());
    scene.discord.send(PERSON, &bubble("2/6", false), edit).await.unwrap();
    let done = Message { picture: Some(picture()), ..bubble("Jadi!", true) };
    scene.discord.send(PERSON, &done, edit).await.unwrap();
    let seen = scene.fake.seen(&scene.private());
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].content.as_str(), seen[0].files.len()), ("Jadi!", 1));
    let gone = Some("1");
    scene.discord.send(PERSON, &bubble("baru", false), gone).await.unwrap();
    assert_eq!(scene.fake.seen(&scene.private()).len(), 2);
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_used_up_route_is_not_asked_again_before_its_time() {
    let scene = scene().await;
    for number in 0..5 {
        scene.discord.send(PERSON, &said(&number.to_string()), None).await.unwrap();
    }
    let asked = scene.fake.calls().len();
    let wait = scene.discord.send(PERSON, &said("6"), None).await;
    assert_eq!(wait, Err(SendError::RetryAfter { ms: 5_000 }));
    assert_eq!(scene.fake.calls().len(), asked, "nothing was asked");
    scene.advance_ms(5_000);
    scene.discord.send(PERSON, &said("6"), None).await.unwrap();
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_limit_over_all_closes_every_route() {
    let scene = scene().await;
    let limit = DiscordFailure::RateLimited { seconds: 1.5, global: true };
    scene.fake.fail_next("users/@me", limit);
    let wait = scene.discord.send(PERSON, &said("a"), None).await;
    assert_eq!(wait, Err(SendError::RetryAfter { ms: 1_500 }));
    let asked = scene.fake.calls().len();
    assert!(scene.discord.setup().await.is_err());
    assert_eq!(scene.fake.calls().len(), asked);
    scene.advance_ms(1_500);
    scene.discord.send(PERSON, &said("a"), None).await.unwrap();
}

#[tokio::test]
async fn commands_are_registered_in_both_languages() {
    let scene = scene().await;
    let account = scene.discord.setup().await.unwrap();
    assert_eq!(account.id, scene.fake.application());
    let commands = scene.fake.commands();
    let names: Vec<_> = commands
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|command| command["name"].as_str())
        .collect();
    assert!(names.contains(&"start") && names.contains(&"website"), "{names:?}");
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn files_are_fetched_only_from_where_discord_keeps_them() {
    let scene = scene().await;
    let address = scene.fake.add_file("a.png", PNG_BYTES);
    let file = |id: &str| FileRef { id: id.to_owned(), media_type: None, size_bytes: None };
    assert_eq!(scene.discord.fetch(&file(&address), 1_000).await, Ok(PNG_BYTES.to_vec()));
    assert_eq!(scene.discord.fetch(&file(&address), 3).await, Err(FetchError::TooLarge));
    for foreign in
        ["http://127.0.0.1:1/x", "https://cdn.discordapp.com.evil.id/x", "file:///etc/passwd"]
    {
        let fetched = scene.discord.fetch(&file(foreign), 1_000).await;
        assert!(matches!(fetched, Err(FetchError::Gone(_))), "{foreign} {fetched:?}");
    }
}

#[cfg(feature = "discord")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_at_the_gateway_is_heard_in_order() {
    use tokio_util::sync::CancellationToken;
    let scene = scene().await;
    let stop = CancellationToken::new();
    let mut line = listen(&scene.discord, &stop).await.unwrap();
    let letter = |text: &str| {
        json!({ "id": scene.fake.fresh_id(), "channel_id": scene.private(), "type": 0,
            "author": { "id": PERSON, "username": "budi", "discriminator": "0", "avatar": null },
            "content": text, "timestamp": "2026-11-01T05:00:00Z", "edited_timestamp": null,
            "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": false })
    };
    for number in 0..20 {
        scene.fake.dispatch("MESSAGE_CREATE", letter(&number.to_string())).await;
    }
    for number in 0..20 {
        let Some(Heard::Letter(body)) = line.recv().await else { panic!("the line ended") };
        let heard = parse_letter(&body, scene.fake.application()).unwrap();
        let text = crate::message::Content::Text { text: number.to_string() };
        assert_eq!(heard[0].content, text);
    }
    stop.cancel();
    while line.recv().await.is_some() {}
}

fn file(key: &str) -> OutFile {
    OutFile {
        key: key.into(),
        name: "kue-ani.zip".into(),
        media_type: "application/zip".into(),
        url: "https://chat.situsku.id/files/1-a/kue-ani.zip".into(),
        label: "Unduh file".into(),
    }
}

fn with_file(key: &str) -> Message {
    let body = Body::plain("Ini filenya");
    let message = Message { body, document: Some(file(key)), ..Message::default() };
    let mut pieces = pieces::split(message);
    assert_eq!(pieces.len(), 1);
    pieces.remove(0)
}

#[tokio::test]
async fn a_file_is_handed_over_under_its_name() {
    let scene = scene().await;
    scene.deliver(&with_file("exports/1-a.zip"), None).await.unwrap();
    assert_eq!(scene.fake.seen(&scene.private())[0].files, ["kue-ani.zip"]);
    let upload = scene.fake.calls().into_iter().flat_map(|call| call.uploads).next();
    assert_eq!(upload.map(|upload| upload.bytes), Some(ZIP.to_vec()));
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_voice_note_is_a_file_that_can_be_played() {
    let scene = scene().await;
    for (language, name) in [("id", "jawaban.ogg"), ("en", "answer.ogg")] {
        let key = Some("voices/1-a.ogg".to_owned());
        let voice = VoiceNote { words: "Halo".into(), language: language.into(), key };
        let piece = Message { voice: Some(voice), ..Message::default() };
        scene.discord.send(PERSON, &piece, None).await.unwrap();
        assert_eq!(scene.fake.seen(&scene.private()).last().unwrap().files, [name]);
    }
    let voice = VoiceNote { words: "Halo".into(), language: "id".into(), key: None };
    let piece = Message { voice: Some(voice), ..Message::default() };
    let gone = scene.discord.send(PERSON, &piece, None).await;
    assert!(matches!(gone, Err(SendError::Rejected(_))), "{gone:?}");
    assert_eq!(scene.fake.violations(), [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_gone_or_too_large_is_a_link() {
    let told = async |key: &str, refuse: bool| {
        let scene = scene().await;
        if refuse {
            let failure = DiscordFailure::Refuse { status: 413, code: TOO_LARGE };
            scene.fake.fail_next("channels/", failure);
        }
        scene.deliver(&with_file(key), None).await.unwrap();
        assert_eq!(scene.fake.violations(), [""; 0]);
        scene.fake.seen(&scene.private())[0].components.to_string()
    };
    for (key, refuse) in
        [("exports/9-z.zip", false), ("exports/2-b.zip", false), ("exports/1-a.zip", true)]
    {
        let components = told(key, refuse).await;
        assert!(components.contains("files/1-a/kue-ani.zip"), "{key}: {components}");
    }
}

#[test]
fn a_file_below_a_full_text_has_room_for_its_address() {
    let link = |at: u8| LinkButton {
        label: "Buka".to_owned(),
        url: format!("https://kopi-senja.id/{at}"),
    };
    let message = Message {
        body: Body::plain("k".repeat(1_990)),
        links: (0..5).map(link).collect(),
        document: Some(file("exports/1-a.zip")),
        ..Message::default()
    };
    let pieces = pieces::split(message);
    assert_eq!(pieces.len(), 2);
    for piece in &pieces {
        let told = super::said(&pieces::as_link(piece), None);
        let call = Call { params: told, uploads: Vec::new(), method: String::new() };
        assert_eq!(discord_refusal(&call), None, "{piece:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_anybody_writes_is_refused_or_lost(message in any_message()) {
        let (plain, had_file) = (message.body.to_plain(), message.document.is_some());
        let (labels, links) = (message.choices.clone(), message.links.clone());
        let pieces = pieces::split(message);
        let mut seen = String::new();
        for piece in &pieces {
            let mut params = super::said(piece, Some("c:say:0"));
            let has_file = piece.picture.is_some() || piece.document.is_some();
            let uploads: Vec<Upload> = has_file.then(|| Upload {
                field: "files[0]".to_owned(),
                file_name: Some("x".to_owned()),
                media_type: None,
                bytes: ZIP.to_vec(),
            }).into_iter().collect();
            if has_file {
                params["attachments"] = json!([{ "id": 0, "filename": "x" }]);
            }
            let call = Call { method: String::new(), params, uploads };
            prop_assert_eq!(discord_refusal(&call), None, "{:?}", piece);
            let as_link = super::said(&pieces::as_link(piece), None);
            let call = Call { params: as_link, uploads: Vec::new(), method: String::new() };
            if piece.picture.is_none() {
                prop_assert_eq!(discord_refusal(&call), None, "as a link {:?}", piece);
            }
            prop_assert!(piece.picture.is_none() || piece.document.is_none());
            seen.push_str(&piece.body.to_plain());
        }
        prop_assert_eq!(pieces.iter().filter(|p| p.document.is_some()).count(), usize::from(had_file));
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
