//! Pictures of a page before and after a change: after the answer, once a turn, or not at all.

use std::sync::Arc;

use sitespark_bot::message::{Channel, Content, Inbound, Message, Sender};
use sitespark_bot::store;
use sitespark_core::camera::{Exposure, ScriptedCamera};

use crate::support::{CAFE, Running, World};

/// Somebody on the web page, and how often they have spoken.
struct Owner {
    house: Running,
    camera: Arc<ScriptedCamera>,
    _world: World,
    said: std::cell::Cell<usize>,
}

impl Owner {
    async fn with_site() -> Self {
        let mut world = World::new();
        let camera = Arc::new(ScriptedCamera::default());
        world.picture_with(&camera);
        let house = world.start().await;
        let owner = Self { house, camera, _world: world, said: std::cell::Cell::default() };
        for line in CAFE {
            owner.say(line).await;
        }
        owner.say("ya").await;
        owner
    }

    async fn say(&self, text: &str) -> Vec<Message> {
        self.tell(&[Content::Text { text: text.to_owned() }]).await
    }

    /// Sends all at once and gives what the bot said until it fell silent.
    async fn tell(&self, contents: &[Content]) -> Vec<Message> {
        let before = self.heard().await.len();
        let inbounds: Vec<Inbound> = contents.iter().map(|content| self.inbound(content)).collect();
        self.house.house.intake.receive(&inbounds).await.unwrap();
        self.house.settle().await;
        self.heard().await.split_off(before)
    }

    fn inbound(&self, content: &Content) -> Inbound {
        let number = self.said.replace(self.said.get() + 1);
        Inbound {
            channel: Channel::Web,
            chat: "ani".to_owned(),
            cause: format!("web:ani:{number}"),
            sender: Sender { external_id: "ani".to_owned(), ..Sender::default() },
            sent_at_ms: 0,
            content: content.clone(),
            acknowledge: None,
            message_ref: None,
            edited: false,
        }
    }

    async fn heard(&self) -> Vec<Message> {
        let db = &self.house.house.db;
        let lines = store::lines_after(db, Channel::Web, "ani", 0, 1_000).await.unwrap();
        lines.into_iter().filter(|line| line.from_bot).map(|line| line.message).collect()
    }

    async fn end(self) {
        self.house.assert_tidy().await;
        self.house.stop().await;
    }
}

fn pictures(said: &[Message]) -> Vec<&str> {
    said.iter().filter_map(|message| message.picture.as_ref()).map(|one| one.key.as_str()).collect()
}

fn text(said: &[Message]) -> String {
    said.iter().map(|message| message.body.to_plain()).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_follows_the_answer_to_a_change_that_shows() {
    let owner = Owner::with_site().await;
    assert!(owner.camera.taken().is_empty());
    let said = owner.say("ganti warna hijau").await;
    let (last, before) = said.split_last().unwrap();
    assert!(text(before).contains("Sudah tayang"), "{}", text(before));
    assert!(pictures(before).is_empty());
    let picture = last.picture.as_ref().unwrap();
    assert_eq!(picture.media_type, "image/jpeg");
    let bytes = owner.house.house.objects.get(&picture.key).await.unwrap();
    let sheet = image::load_from_memory(&bytes).unwrap();
    assert_eq!((sheet.width(), sheet.height()), (852, 896));
    assert_eq!(owner.camera.taken(), [[1, 2]]);
    // A number still picks what was offered before the picture came.
    let undone = owner.say("1").await;
    assert!(text(&undone).contains("kembali"), "{}", text(&undone));
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_turn_has_one_picture_and_plain_facts_have_none() {
    let owner = Owner::with_site().await;
    let texts = ["americano jadi 21rb", "ganti warna biru", "americano jadi 22rb"];
    let burst = texts.map(|text| Content::Text { text: text.to_owned() });
    let said = owner.tell(&burst).await;
    assert_eq!(pictures(&said).len(), 1, "{}", text(&said));
    let taken = owner.camera.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0][0], 1, "it shows the page from before the whole turn");
    let said = owner.say("ganti wa 0812-3456-7899").await;
    assert!(text(&said).contains("Sudah tayang"), "{}", text(&said));
    assert!(pictures(&said).is_empty());
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_makes_many_changes_is_not_flooded() {
    let owner = Owner::with_site().await;
    let mut shown = 0;
    for price in 11..22 {
        shown += pictures(&owner.say(&format!("americano jadi {price}rb")).await).len();
    }
    assert!((4..11).contains(&shown), "{shown}");
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_camera_that_fails_is_no_fault_of_the_talk() {
    let owner = Owner::with_site().await;
    for exposure in [Exposure::Late, Exposure::Alike] {
        owner.camera.expose(exposure);
        let said = owner.say(if exposure == Exposure::Late { "warna merah" } else { "warna ungu" });
        let said = said.await;
        assert!(text(&said).contains("Sudah tayang"), "{}", text(&said));
        assert!(pictures(&said).is_empty());
    }
    let said = owner.say("gimana bedanya?").await;
    assert!(text(&said).contains("masih sama"), "{}", text(&said));
    owner.camera.expose(Exposure::Late);
    let said = owner.say("sebelum sesudah").await;
    assert!(text(&said).contains("belum bisa saya ambil"), "{}", text(&said));
    assert!(said.last().unwrap().links[0].url.contains("situs.test"));
    owner.camera.expose(Exposure::Good);
    let said = owner.say("before after").await;
    assert_eq!(pictures(&said).len(), 1, "{}", text(&said));
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_left_is_shown_nothing() {
    let owner = Owner::with_site().await;
    let change = Content::Text { text: "ganti warna hijau".to_owned() };
    let said = owner.tell(&[change, Content::Blocked]).await;
    assert!(pictures(&said).is_empty(), "{}", text(&said));
    assert!(owner.camera.taken().is_empty());
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_camera_a_link_is_offered() {
    let world = World::new();
    let house = world.start().await;
    let talk = crate::support::talk::Talk::new(&house, "budi");
    talk.go_live().await;
    talk.say("ganti warna hijau").await;
    let said = talk.say("lihat bedanya").await;
    let message = &said.last().unwrap().message;
    assert!(message.body.to_plain().contains("belum bisa memotret"), "{}", message.body.to_plain());
    assert_eq!(message.links.len(), 1);
    house.assert_tidy().await;
    house.stop().await;
}
