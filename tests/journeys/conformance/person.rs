//! Somebody on any of the channels: what they do goes the channel's own way in, what they read is
//! what its app would show.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sitespark_bot::message::{Channel, Content, FileRef, Inbound, Sender};
use sitespark_bot::store;

use super::stage::{Server, Stage};
use crate::support::http::read;
use crate::support::{Running, discord, telegram, whatsapp};

pub(super) const HOST: &str = "chat.test";
pub(super) const NUMBER: i64 = 6_281_234_567_890;

/// Counts what people of all tests do.
static DONE: AtomicUsize = AtomicUsize::new(1);

/// Something a person does.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Text(String),
    /// A choice by its id, whether it is on the screen or not.
    Choice(String),
    Photo(Vec<u8>, Option<String>),
    Voice(Vec<u8>),
    Location(f64, f64),
    Contact(String, String),
    Sticker,
    Document,
}

/// The same in the channel's own words, to be brought once or more.
#[derive(Clone)]
pub(crate) enum Update {
    Telegram(Value),
    Whatsapp(Value),
    DiscordGateway(Value),
    DiscordInteraction(Value),
    WebMessage(Value),
    WebFile { id: String, caption: String, bytes: Vec<u8>, name: &'static str },
    Inbound(Box<Inbound>),
}

/// What the person reads.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// What can be tapped: label and id.
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) has_picture: bool,
}

/// Somebody.
pub(crate) struct Person<'a> {
    pub(crate) house: &'a Running,
    pub(crate) stage: &'a Stage,
    /// The browser's cookie.
    cookie: String,
}

impl<'a> Person<'a> {
    pub(crate) async fn new(house: &'a Running, stage: &'a Stage) -> Self {
        let cookie = match stage.server {
            Server::Web => {
                let page = house.get(HOST, "/").await;
                page.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
            }
            _ => String::new(),
        };
        Self { house, stage, cookie }
    }

    /// Says something, waits for silence and gives what came since.
    pub(crate) async fn say(&self, text: &str) -> Vec<Said> {
        self.act(Act::Text(text.to_owned())).await
    }

    /// Taps the newest choice of this label; types its number where there are only numbers.
    pub(crate) async fn tap(&self, label: &str) -> Vec<Said> {
        let heard = self.heard().await;
        let shown = heard.iter().rev().flat_map(|said| said.choices.iter().rev());
        let found = shown.into_iter().find(|(shown, _)| shown.contains(label));
        match found {
            Some((_, id)) => self.act(Act::Choice(id.clone())).await,
            None => {
                let lines = heard.iter().rev().flat_map(|said| said.text.lines());
                let line = lines.into_iter().find(|line| line.contains(label));
                let number = line.and_then(|line| line.split('.').next());
                let number = number.unwrap_or_else(|| panic!("no choice {label}: {heard:#?}"));
                self.say(number.trim()).await
            }
        }
    }

    pub(crate) async fn act(&self, act: Act) -> Vec<Said> {
        let update = self.update(act).await;
        let before = self.heard().await;
        self.bring(&update).await;
        self.house.settle().await;
        let after = self.heard().await;
        let unchanged = before.iter().zip(&after).take_while(|(old, new)| old == new).count();
        after.into_iter().skip(unchanged).collect()
    }

    /// Everything the person can read now, oldest first.
    pub(crate) async fn heard(&self) -> Vec<Said> {
        match &self.stage.server {
            Server::Telegram(fake) => {
                fake.shown(NUMBER).into_iter().map(said_on_telegram).collect()
            }
            Server::Whatsapp(fake) => {
                fake.sent_to(&NUMBER.to_string()).iter().map(said_on_whatsapp).collect()
            }
            Server::Discord(fake) => {
                let channel = fake.channel_with(&NUMBER.to_string());
                let seen = fake.seen(&channel).into_iter();
                seen.map(|seen| Said {
                    choices: discord::choices(&seen.components),
                    has_picture: !seen.files.is_empty(),
                    text: seen.text,
                })
                .collect()
            }
            Server::Web | Server::Terminal => self.transcript().await,
        }
    }

    /// The voice notes the person can play, oldest first.
    pub(crate) async fn voice_notes(&self) -> Vec<Vec<u8>> {
        match &self.stage.server {
            Server::Telegram(fake) => {
                fake.shown(NUMBER).into_iter().filter_map(|shown| shown.voice).collect()
            }
            Server::Whatsapp(fake) => {
                let sent = fake.sent_to(&NUMBER.to_string());
                let notes = sent.iter().filter(|message| message["audio"]["voice"] == true);
                let ids = notes.filter_map(|message| message["audio"]["id"].as_str());
                ids.filter_map(|id| fake.uploaded(id)).collect()
            }
            Server::Discord(fake) => {
                let uploads = fake.calls().into_iter().flat_map(|call| call.uploads);
                let is_note = |name: &str| name == "jawaban.ogg";
                let notes = uploads.filter(|file| file.file_name.as_deref().is_some_and(is_note));
                notes.map(|file| file.bytes).collect()
            }
            Server::Web | Server::Terminal => self.own_voice_notes().await,
        }
    }

    async fn own_voice_notes(&self) -> Vec<Vec<u8>> {
        let (channel, chat) = self.own_chat().await;
        let db = &self.house.house.db;
        let lines = store::lines_after(db, channel, &chat, 0, 1_000).await.expect("it can be read");
        let mut notes = Vec::new();
        for note in lines.into_iter().filter_map(|line| line.message.voice) {
            let key = note.key.expect("what is said has a recording");
            notes.push(match self.stage.server {
                Server::Web => {
                    let path = format!("/chat/pictures/{}", key.replace('/', "%2F"));
                    let reply = read(self.request(Method::GET, &path)).await;
                    assert_eq!(reply.status, StatusCode::OK, "{key}");
                    assert_eq!(reply.header("content-type"), "audio/ogg");
                    reply.body.to_vec()
                }
                _ => self.house.house.objects.get(&key).await.expect("it is kept").to_vec(),
            });
        }
        notes
    }

    async fn transcript(&self) -> Vec<Said> {
        let (channel, chat) = self.own_chat().await;
        let db = &self.house.house.db;
        let lines = store::lines_after(db, channel, &chat, 0, 1_000).await.expect("it can be read");
        let said = lines.into_iter().filter(|line| line.from_bot).map(|line| Said {
            text: line.message.body.to_plain(),
            choices: line.message.choices.into_iter().map(|c| (c.label, c.id)).collect(),
            has_picture: line.message.picture.is_some(),
        });
        said.collect()
    }

    pub(super) async fn own_chat(&self) -> (Channel, String) {
        match self.stage.server {
            Server::Web => {
                let of = "select coalesce(max(chat), '') from conversations where channel = 'web'";
                let chat = sqlx::query_scalar(of).fetch_one(&self.house.pool).await;
                (Channel::Web, chat.expect("conversations can be read"))
            }
            _ => (Channel::Terminal, NUMBER.to_string()),
        }
    }

    /// What is done in the channel's own words.
    pub(crate) async fn update(&self, act: Act) -> Update {
        match &self.stage.server {
            Server::Telegram(fake) => self.on_telegram(fake, act),
            Server::Whatsapp(fake) => self.on_whatsapp(fake, act),
            Server::Discord(fake) => self.on_discord(fake, act),
            Server::Web => self.on_the_web(act),
            Server::Terminal => self.in_the_terminal(act).await,
        }
    }

    /// Brings it as the channel does.
    pub(crate) async fn bring(&self, update: &Update) {
        match (update, &self.stage.server) {
            (Update::Telegram(update), _) => {
                assert_eq!(telegram::deliver(self.house, update).await.status, StatusCode::OK);
            }
            (Update::Whatsapp(delivery), _) => whatsapp::deliver(self.house, delivery).await,
            (Update::DiscordGateway(letter), Server::Discord(fake)) => {
                let id = letter["id"].as_str().unwrap_or_default();
                let (event, cause) = match letter["edited_timestamp"].as_str() {
                    Some(at) => ("MESSAGE_UPDATE", format!("{id}:{at}")),
                    None => ("MESSAGE_CREATE", id.to_owned()),
                };
                let heard = async || {
                    let cause = cause.clone();
                    let found = sqlx::query_scalar::<_, i64>(
                        "select count(*) from queue where cause like 'discord:' || $1 || '%'",
                    );
                    found.bind(cause).fetch_one(&self.house.pool).await.unwrap_or(0) > 0
                };
                fake.dispatch(event, letter.clone()).await;
                self.house.until("the gateway is heard", heard).await;
            }
            (Update::DiscordInteraction(asked), Server::Discord(fake)) => {
                let person = discord::Person { house: self.house, fake, id: &NUMBER.to_string() };
                assert_eq!(person.bring(asked).await.status, StatusCode::OK);
            }
            (Update::WebMessage(body), _) => {
                let request = self.request(Method::POST, "/chat/messages").json(body);
                assert_eq!(read(request).await.status, StatusCode::ACCEPTED);
            }
            (Update::WebFile { id, caption, bytes, name }, _) => {
                let file = Part::bytes(bytes.clone()).file_name(*name);
                let form = Form::new().text("client_id", id.clone());
                let form = form.text("caption", caption.clone()).part("file", file);
                let request = self.request(Method::POST, "/chat/files").multipart(form);
                assert_eq!(read(request).await.status, StatusCode::ACCEPTED);
            }
            (Update::Inbound(inbound), _) => {
                let intake = &self.house.house.intake;
                intake.receive(&[(**inbound).clone()]).await.expect("it can be stored");
            }
            (Update::DiscordGateway(_) | Update::DiscordInteraction(_), _) => {
                panic!("of another channel")
            }
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.house.request(method, HOST, path);
        request.header("Cookie", &self.cookie).header("Origin", format!("http://{HOST}"))
    }

    fn on_telegram(&self, fake: &sitespark_bot::channels::fakes::FakeTelegram, act: Act) -> Update {
        let person = telegram::Person { house: self.house, fake, chat: NUMBER };
        let letter = |content: Value| Update::Telegram(person.letter(content));
        let file = |kind: &str, bytes: &[u8]| {
            let id = format!("{kind}{}", DONE.fetch_add(1, Ordering::SeqCst));
            fake.add_file(&id, bytes);
            id
        };
        match act {
            Act::Text(text) => letter(json!({ "text": text })),
            Act::Choice(id) => Update::Telegram(person.tapped_id(&id)),
            Act::Photo(bytes, caption) => {
                let id = file("photo", &bytes);
                letter(json!({ "caption": caption,
                    "photo": [{ "file_id": id, "file_unique_id": "u", "width": 640, "height": 480 }] }))
            }
            Act::Voice(bytes) => {
                let id = file("voice", &bytes);
                letter(json!({ "voice": { "file_id": id, "file_unique_id": "u", "duration": 3,
                    "mime_type": "audio/ogg", "file_size": bytes.len() } }))
            }
            Act::Location(latitude, longitude) => {
                letter(json!({ "location": { "latitude": latitude, "longitude": longitude } }))
            }
            Act::Contact(name, phone) => {
                letter(json!({ "contact": { "phone_number": phone, "first_name": name } }))
            }
            Act::Sticker => letter(json!({ "sticker": { "file_id": "s", "emoji": "👍" } })),
            Act::Document => letter(json!({ "document": { "file_id": "d",
                "file_name": "menu.pdf", "mime_type": "application/pdf" } })),
        }
    }

    fn on_whatsapp(&self, fake: &sitespark_bot::channels::fakes::FakeGraph, act: Act) -> Update {
        let number = NUMBER.to_string();
        let person = whatsapp::Person {
            house: self.house,
            fake,
            number: Some(&number),
            scoped_id: Some("ID.13491208655302741918"),
        };
        let file = |kind: &str, bytes: &[u8]| {
            let id = format!("{kind}{}", DONE.fetch_add(1, Ordering::SeqCst));
            fake.add_file(&id, bytes);
            id
        };
        let content = match act {
            Act::Text(text) => json!({ "type": "text", "text": { "body": text } }),
            Act::Choice(id) => json!({ "type": "interactive", "interactive":
                { "type": "list_reply", "list_reply": { "id": id, "title": "x" } } }),
            Act::Photo(bytes, caption) => json!({ "type": "image", "image":
                { "id": file("photo", &bytes), "mime_type": "image/jpeg", "caption": caption } }),
            Act::Voice(bytes) => json!({ "type": "audio", "audio":
                { "id": file("voice", &bytes), "mime_type": "audio/ogg; codecs=opus", "voice": true } }),
            Act::Location(latitude, longitude) => json!({ "type": "location",
                "location": { "latitude": latitude, "longitude": longitude } }),
            Act::Contact(name, phone) => json!({ "type": "contacts", "contacts":
                [{ "name": { "formatted_name": name }, "phones": [{ "phone": phone }] }] }),
            Act::Sticker => {
                json!({ "type": "sticker", "sticker": { "id": "s", "mime_type": "image/webp" } })
            }
            Act::Document => json!({ "type": "document", "document":
                { "id": "d", "mime_type": "application/pdf", "filename": "menu.pdf" } }),
        };
        let letter = person.letter(content);
        let change = whatsapp::change(fake, vec![person.card()], json!({ "messages": [letter] }));
        Update::Whatsapp(whatsapp::delivery(vec![vec![change]]))
    }

    fn on_discord(&self, fake: &sitespark_bot::channels::fakes::FakeDiscord, act: Act) -> Update {
        let id = NUMBER.to_string();
        let person = discord::Person { house: self.house, fake, id: &id };
        let number = DONE.fetch_add(1, Ordering::SeqCst);
        let with_file = |name: &str, kind: &str, bytes: &[u8], text: Option<String>| {
            let name = format!("{number}{name}");
            let file = person.attachment(&name, kind, bytes);
            let text = text.unwrap_or_default();
            Update::DiscordGateway(
                person.letter(&json!({ "content": text, "attachments": [file] })),
            )
        };
        match act {
            Act::Text(text) => Update::DiscordGateway(person.letter(&json!({ "content": text }))),
            Act::Choice(id) => Update::DiscordInteraction(person.tapped(&id)),
            Act::Photo(bytes, caption) => with_file("foto.jpg", "image/jpeg", &bytes, caption),
            Act::Voice(bytes) => with_file("suara.ogg", "audio/ogg", &bytes, None),
            Act::Document => with_file("menu.pdf", "application/pdf", b"%PDF", None),
            Act::Sticker => Update::DiscordGateway(person.letter(&json!({ "sticker_items":
                [{ "id": "1", "name": "ok", "format_type": 1 }] }))),
            // There are no such things on Discord: people write them.
            Act::Location(latitude, longitude) => Update::DiscordGateway(person.letter(&json!({
                "content": format!("https://www.google.com/maps?q={latitude},{longitude}") }))),
            Act::Contact(_, phone) => {
                Update::DiscordGateway(person.letter(&json!({ "content": phone })))
            }
        }
    }

    fn on_the_web(&self, act: Act) -> Update {
        let id = format!("c{}", DONE.fetch_add(1, Ordering::SeqCst));
        match act {
            Act::Text(text) => Update::WebMessage(json!({ "client_id": id, "text": text })),
            Act::Choice(choice) => Update::WebMessage(json!({ "client_id": id, "choice": choice })),
            Act::Photo(bytes, caption) => {
                let caption = caption.unwrap_or_default();
                Update::WebFile { id, caption, bytes, name: "IMG.jpg" }
            }
            Act::Voice(bytes) => {
                Update::WebFile { id, caption: String::new(), bytes, name: "suara" }
            }
            Act::Document => Update::WebFile {
                id,
                caption: String::new(),
                bytes: b"%PDF-1.7".to_vec(),
                name: "menu.pdf",
            },
            Act::Location(latitude, longitude) => Update::WebMessage(json!({ "client_id": id,
                "location": { "latitude": latitude, "longitude": longitude } })),
            Act::Contact(name, phone) => Update::WebMessage(json!({ "client_id": id,
                "contact": { "name": name, "phone": phone } })),
            // There are no stickers on the page.
            Act::Sticker => Update::WebMessage(json!({ "client_id": id, "text": "👍" })),
        }
    }

    async fn in_the_terminal(&self, act: Act) -> Update {
        let number = DONE.fetch_add(1, Ordering::SeqCst);
        let file = async |bytes: Vec<u8>, kind: &str| {
            let key = format!("uploads/{number}");
            let put = self.house.house.objects.put(&key, bytes.into()).await;
            put.expect("objects can be stored");
            FileRef { id: key, media_type: Some(kind.to_owned()), size_bytes: None }
        };
        let content = match act {
            Act::Text(text) => Content::Text { text },
            Act::Choice(id) => Content::Choice { id },
            Act::Photo(bytes, caption) => {
                Content::Photo { file: file(bytes, "image/jpeg").await, caption }
            }
            Act::Voice(bytes) => Content::Voice { file: file(bytes, "audio/ogg").await },
            Act::Location(latitude, longitude) => {
                Content::Location { latitude, longitude, label: None }
            }
            Act::Contact(name, phone) => Content::Contact { name, phone },
            Act::Sticker => Content::Sticker { emoji: Some("👍".to_owned()) },
            Act::Document => Content::Document {
                file: file(b"%PDF".to_vec(), "application/pdf").await,
                name: Some("menu.pdf".to_owned()),
                caption: None,
            },
        };
        Update::Inbound(Box::new(Inbound {
            channel: Channel::Terminal,
            chat: NUMBER.to_string(),
            cause: format!("terminal:conformance-{number}"),
            sender: Sender {
                external_id: NUMBER.to_string(),
                name: Some("Ani".to_owned()),
                ..Sender::default()
            },
            sent_at_ms: 0,
            content,
            acknowledge: None,
            message_ref: None,
            edited: false,
        }))
    }
}

fn said_on_telegram(shown: sitespark_bot::channels::fakes::Shown) -> Said {
    let rows = shown.keyboard["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let buttons = rows.iter().filter_map(Value::as_array).flatten();
    let choices = buttons.filter_map(|button| {
        let data = button["callback_data"].as_str()?;
        Some((button["text"].as_str()?.to_owned(), data.to_owned()))
    });
    Said { choices: choices.collect(), text: shown.text, has_picture: shown.has_photo }
}

fn said_on_whatsapp(message: &Value) -> Said {
    let list = |pointer: &str| message.pointer(pointer).and_then(Value::as_array).cloned();
    let buttons = list("/interactive/action/buttons").unwrap_or_default();
    let rows = list("/interactive/action/sections/0/rows").unwrap_or_default();
    let replies = buttons.iter().map(|button| &button["reply"]).chain(&rows);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Said {
        choices: replies.map(|reply| (text(&reply["title"]), text(&reply["id"]))).collect(),
        has_picture: message["type"] == "image"
            || message.pointer("/interactive/header/image").is_some(),
        text: whatsapp::words(message),
    }
}
