//! Files that are handed over: as such where the channel takes them, by their link elsewhere.

use std::io::{Cursor, Read};

use reqwest::StatusCode;
use sitespark_bot::store;

use super::person::{HOST, NUMBER};
use super::stage::Server;
use super::{Person, Stage, on_every_channel};
use crate::support::{CAFE, whatsapp};

on_every_channel![the_sites_files_come_as_one_zip, the_poster_comes_as_a_sheet_to_print];

async fn the_sites_files_come_as_one_zip(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in CAFE.iter().chain(&["ya"]) {
        person.say(line).await;
    }
    person.say("kirim file web saya").await;
    let bytes = newest_file(&person, "kopi-senja.zip").await;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is a readable zip");
    let mut page = String::new();
    let mut file = archive.by_name("index.html").expect("the page is in it");
    file.read_to_string(&mut page).unwrap();
    assert!(page.contains("Kopi Senja") && page.contains("Rp18.000"), "{page}");
    drop(file);
    stage.end(house).await;
}

async fn the_poster_comes_as_a_sheet_to_print(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    for line in CAFE.iter().chain(&["ya"]) {
        person.say(line).await;
    }
    person.say("minta poster qr dong").await;
    let bytes = newest_file(&person, "kopi-senja.pdf").await;
    assert!(bytes.starts_with(b"%PDF-"), "it is a PDF");
    stage.end(house).await;
}

/// The bytes of the newest file the person got.
async fn newest_file(person: &Person<'_>, expected: &str) -> Vec<u8> {
    match &person.stage.server {
        Server::Telegram(fake) => {
            let files = fake.shown(NUMBER).into_iter().rev().find_map(|shown| shown.file);
            let (name, bytes) = files.expect("a file came");
            assert_eq!(name, expected);
            bytes
        }
        Server::Discord(fake) => {
            let uploads = fake.calls().into_iter().rev().flat_map(|call| call.uploads);
            let mut files = uploads.filter(|upload| upload.file_name.as_deref() == Some(expected));
            files.next().expect("a file came").bytes
        }
        Server::Whatsapp(fake) => {
            let sent = fake.sent_to(&NUMBER.to_string());
            let last = sent.last().expect("something was said");
            // A sheet is uploaded, for this house has no public address; a zip it takes by its link.
            if let Some(id) = last.pointer("/document/id").and_then(|id| id.as_str()) {
                assert_eq!(last["document"]["filename"], expected);
                return fake.uploaded(id).expect("it was uploaded");
            }
            let text = whatsapp::words(last);
            let url = text.split_whitespace().find(|word| word.contains("/files/"));
            fetch(person, url.expect("there is a link")).await
        }
        Server::Web | Server::Terminal => {
            let (channel, chat) = person.own_chat().await;
            let db = &person.house.house.db;
            let lines = store::lines_after(db, channel, &chat, 0, 1_000).await.unwrap();
            let last = lines.into_iter().rev().map(|line| line.message).find_map(|message| {
                let link = message.links.into_iter().map(|link| link.url);
                link.chain(message.document.map(|file| file.url)).find(|u| u.contains("/files/"))
            });
            fetch(person, &last.expect("there is a link")).await
        }
    }
}

async fn fetch(person: &Person<'_>, url: &str) -> Vec<u8> {
    let path = url.strip_prefix(&format!("http://{HOST}")).expect("it is of this house");
    let reply = person.house.get(HOST, path).await;
    assert_eq!(reply.status, StatusCode::OK, "{url}");
    reply.body.to_vec()
}
