//! Voice notes, where a server hears them, and where none does.

use crate::conformance::{Act, Person, Place, Stage};
use crate::support::speech::FakeSpeech;

async fn a_voice_note_is_heard(place: Place) {
    let mut stage = Stage::open(place).await;
    let speech = FakeSpeech::start(&mut stage.world).await;
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say("halo").await;
    speech.say("saya punya kedai kopi");
    let told = person.act(Act::Voice(b"OggS suara".to_vec())).await;
    assert!(told[0].text.contains("saya punya kedai kopi"), "{told:#?}");
    assert!(told[1].text.contains("2/6"), "{told:#?}");
    let heard = speech.heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].0, "Bearer kunci");
    for part in ["whisper-1", "OggS suara", "voice.ogg", "name=\"language\""] {
        assert!(heard[0].1.contains(part), "{part} was not sent: {}", heard[0].1);
    }
    // Nobody reads aloud here: what is said is what it was before.
    assert_eq!(speech.read.lock().unwrap().len(), 0);
    assert_eq!(person.voice_notes().await, Vec::<Vec<u8>>::new());
    // Without an answer the person is asked to type.
    *speech.words.lock().unwrap() = None;
    let told = person.act(Act::Voice(b"OggS lagi".to_vec())).await;
    assert!(told[0].text.contains("diketik"), "{told:#?}");
    stage.end(house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_telegram() {
    a_voice_note_is_heard(Place::Telegram).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_whatsapp() {
    a_voice_note_is_heard(Place::Whatsapp).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_discord() {
    a_voice_note_is_heard(Place::Discord).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_the_web() {
    a_voice_note_is_heard(Place::Web).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_terminal() {
    a_voice_note_is_heard(Place::Terminal).await;
}
