//! Who sends a voice note is answered by one as well, where a server reads aloud.

use reqwest::{Method, StatusCode};
use sitespark_bot::channels::fakes::TelegramFailure;
use sitespark_bot::message::{Content, FileRef};
use sitespark_bot::speaking;
use sitespark_bot::store;

use super::person::HOST;
use super::stage::Server;
use super::{Act, Person, Place, Stage, on_every_channel};
use crate::support::http::read;
use crate::support::speech::{FakeSpeech, Reading, recording};
use crate::support::talk::Talk;

on_every_channel![
    a_voice_note_is_answered_by_one,
    words_stand_alone_where_nobody_reads_them,
    the_same_words_are_read_once,
    what_was_read_to_somebody_is_forgotten_with_them,
];

const SPOKEN: &[u8] = b"OggS suara";

fn voice() -> Act {
    Act::Voice(SPOKEN.to_vec())
}

async fn a_voice_note_is_answered_by_one(mut stage: Stage) {
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    assert_eq!(speech.inputs(), [""; 0], "what is typed is not read aloud");
    speech.say("saya punya kedai kopi");
    let told = person.act(voice()).await;
    assert!(told[0].text.contains("saya punya kedai kopi"), "{told:#?}");
    assert!(told[1].text.contains("2/6"), "{told:#?}");
    let [.., last] = told.as_slice() else { panic!("{told:#?}") };
    assert_eq!((told.len(), last.text.as_str()), (3, ""), "the voice note comes last: {told:#?}");

    let inputs = speech.inputs();
    let [words] = inputs.as_slice() else { panic!("{inputs:?}") };
    assert!(words.contains("Pertanyaan 2 dari 6. Nama usahanya apa"), "{words}");
    for sign in ["2/6", "🎙", "“", "<", "•"] {
        assert!(!words.contains(sign), "{sign} is for the eye: {words}");
    }
    let body = speech.read.lock().unwrap()[0].clone();
    assert_eq!((&body["model"], &body["voice"]), (&"tts-1".into(), &"nova".into()));
    assert_eq!(person.voice_notes().await, [recording(words)]);

    // What is typed afterwards is answered in writing alone.
    person.say("Kopi Senja").await;
    assert_eq!(person.voice_notes().await.len(), 1);
    let logged = "select count(*) from ai_generation_logs where stage = 'voice' and status = 'ok'";
    assert_eq!(house.count(logged).await, 1);
    stage.end(house).await;
}

async fn words_stand_alone_where_nobody_reads_them(mut stage: Stage) {
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    speech.say("bantuan");
    for (number, reading) in
        [Reading::Down, Reading::Apology, Reading::Empty, Reading::Huge].into_iter().enumerate()
    {
        *speech.reading.lock().unwrap() = reading;
        let told = person.act(voice()).await;
        assert!(told.len() > 1 && told.iter().all(|said| !said.text.is_empty()), "{told:#?}");
        assert_eq!(speech.inputs().len(), number + 1, "it is asked once: {reading:?}");
    }
    assert_eq!(person.voice_notes().await, Vec::<Vec<u8>>::new());
    assert_eq!(house.house.objects.list_in("voices").await.unwrap(), []);
    stage.end(house).await;
}

async fn the_same_words_are_read_once(mut stage: Stage) {
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    speech.say("bantuan");
    for _ in 0..3 {
        person.act(voice()).await;
    }
    let mut inputs = speech.inputs();
    assert_eq!(person.voice_notes().await.len(), 3);
    let asked = inputs.len();
    inputs.dedup();
    assert_eq!(asked, inputs.len());
    assert!(asked < 3, "{inputs:#?}");
    stage.end(house).await;
}

async fn what_was_read_to_somebody_is_forgotten_with_them(mut stage: Stage) {
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    speech.say("kedai kopi");
    person.act(voice()).await;
    let kept = house.house.objects.list_in("voices").await.unwrap();
    assert_eq!(kept.len(), 2, "a recording and its mark: {kept:?}");
    speech.say("hapus data saya");
    person.act(voice()).await;
    person.tap("Ya, hapus").await;
    assert_eq!(house.house.objects.list_in("voices").await.unwrap(), []);
    stage.end(house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_hear_one_recording() {
    let mut stage = Stage::open(Place::Terminal).await;
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    speech.say("bantuan");
    let mut keys = Vec::new();
    for user in ["ani", "budi"] {
        let talk = Talk::new(&house, user);
        talk.say("halo").await;
        let key = "uploads/suara".to_owned();
        house.house.objects.put(&key, SPOKEN.into()).await.unwrap();
        let file = FileRef { id: key, media_type: None, size_bytes: None };
        let mut said = Talk::said(user, "");
        said.content = Content::Voice { file };
        house.house.intake.receive(&[said]).await.unwrap();
        house.settle().await;
        keys.extend(talk.lines().await.into_iter().filter_map(|line| line.message.voice?.key));
    }
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
    assert_eq!(speech.inputs().len(), 1);
    assert!(keys.iter().all(|key| speaking::is_recording(key)), "{keys:?}");
    stage.end(house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_its_way_a_voice_note_neither_overtakes_the_words_nor_is_read_twice() {
    let mut stage = Stage::open(Place::Telegram).await;
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    speech.say("saya punya kedai kopi");
    let Server::Telegram(fake) = &stage.server else { panic!("it is Telegram's") };
    fake.fail_next("sendMessage", TelegramFailure::RetryAfter(7));
    fake.fail_next("sendVoice", TelegramFailure::Internal);
    let told = person.act(voice()).await;
    let texts: Vec<bool> = told.iter().map(|said| said.text.is_empty()).collect();
    assert_eq!(texts, [false, false, true], "{told:#?}");
    assert_eq!(speech.inputs().len(), 1);
    assert_eq!(person.voice_notes().await.len(), 1);
    // Some people take no voice notes from anybody: they have the words.
    let description = "Bad Request: VOICE_MESSAGES_FORBIDDEN".to_owned();
    fake.fail_next("sendVoice", TelegramFailure::Refuse { code: 400, description });
    speech.say("Kopi Senja");
    let told = person.act(voice()).await;
    assert!(told.len() > 1 && told.iter().all(|said| !said.text.is_empty()), "{told:#?}");
    stage.end(house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_was_read_to_can_play_it() {
    let mut stage = Stage::open(Place::Web).await;
    let speech = FakeSpeech::start_reading(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    speech.say("bantuan");
    person.act(voice()).await;
    assert_eq!(person.voice_notes().await.len(), 1);
    let (channel, chat) = person.own_chat().await;
    let lines = store::lines_after(&house.house.db, channel, &chat, 0, 100).await.unwrap();
    let key = lines.into_iter().find_map(|line| line.message.voice?.key).unwrap();
    let path = format!("/chat/pictures/{}", key.replace('/', "%2F"));
    let page = house.get(HOST, "/").await;
    let foreign = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let request = house.request(Method::GET, HOST, &path).header("Cookie", foreign);
    assert_eq!(read(request).await.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-security-policy").contains("media-src 'self';"));
    stage.end(house).await;
}
