//! Models over real HTTP: what they write is on the page, what they do wrong is not.

use std::collections::BTreeMap;

use sitespark_core::llm::fake::{Behaviour, FAKE_KEY, FakeModel, Recorded, Script};
use sitespark_core::queue::Lane;

use crate::support::talk::Talk;
use crate::support::{CAFE_FACTS, CAFE_HOST, Running, World};

/// What an honest fake writes, and a lying and a hostile one besides.
const ITS_WORDS: &str = "Selamat datang di Kopi Senja";
const LIES: [&str; 6] = ["1987", "Adinata", "12.345", "lima ribu", "Wirotomo", "Juara"];

/// A world with these models, in order of preference.
fn model_world(models: &[&FakeModel]) -> World {
    let mut world = World::new();
    let names = ["satu", "dua"];
    let settings = models.iter().zip(names).map(|(model, name)| model.setting(name, "FAKE_KEY"));
    world.set("LLM_PROVIDERS", &settings.collect::<Vec<_>>().join(","));
    world.set("FAKE_KEY", FAKE_KEY);
    world
}

/// The café's way to its site; the price is taken once, the page tells the facts.
async fn go_live(house: &Running) -> String {
    Talk::new(house, "ani").go_live().await;
    assert_live_and_paid_once(house).await
}

async fn assert_live_and_paid_once(house: &Running) -> String {
    assert_eq!(house.tokens("ani").await, 50);
    let captures = "select count(*) from transfers where phase = 'capture'";
    assert_eq!(house.count(captures).await, 1);
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    house.assert_tidy().await;
    page
}

/// No model had a word to say: the site is live in the house's and cost nothing.
async fn assert_live_and_free(house: &Running) -> String {
    assert_eq!(house.tokens("ani").await, 100);
    let captures = "select count(*) from transfers where phase = 'capture'";
    assert_eq!(house.count(captures).await, 0);
    let versions = "select count(*) from versions";
    assert_eq!(house.count(versions).await, 1, "nothing was published but the house's words");
    let page = house.page(CAFE_HOST, "/").await;
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    house.assert_tidy().await;
    page
}

/// The café's way with such a model, which has no usable word.
async fn in_vain_with(behaviour: Behaviour) -> String {
    let model = FakeModel::start(behaviour).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    Talk::new(&house, "ani").go_live().await;
    let page = assert_live_and_free(&house).await;
    house.stop().await;
    assert_eq!(model.violations(), [""; 0]);
    assert!(model.count() > 0, "the model was never asked");
    page
}

async fn with(behaviour: Behaviour) -> (FakeModel, String) {
    let model = FakeModel::start(behaviour).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let page = go_live(&house).await;
    house.stop().await;
    assert_eq!(model.violations(), [""; 0]);
    assert!(model.count() > 0, "the model was never asked");
    (model, page)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_models_words_are_on_the_page_and_its_cost_is_kept() {
    let model = FakeModel::start(Behaviour::Good).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let page = go_live(&house).await;
    assert!(page.contains(ITS_WORDS), "{page}");
    let stages = house.count("select count(*) from run_stages").await;
    assert_eq!(usize::try_from(stages).unwrap(), model.count(), "each request is kept");
    let unpriced =
        "select count(*) from run_stages where cost_nano_usd <= 0 or prompt_tokens <> 1000";
    assert_eq!(house.count(unpriced).await, 0);
    assert_eq!(model.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_model_is_waited_for() {
    let (_, page) = with(Behaviour::Slow(150, Box::new(Behaviour::Good))).await;
    assert!(page.contains(ITS_WORDS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_model_is_asked_again() {
    let limited = Behaviour::RateLimited(Some(20));
    let model = FakeModel::start([limited.clone(), limited, Behaviour::Good]).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    assert!(go_live(&house).await.contains(ITS_WORDS));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_cannot_be_used_is_written_by_the_house() {
    for behaviour in [
        Behaviour::Truncated,
        Behaviour::Refusing,
        Behaviour::WrongSchema,
        Behaviour::Garbage,
        Behaviour::Error(401, "invalid_api_key"),
    ] {
        let page = in_vain_with(behaviour.clone()).await;
        assert!(!page.contains(ITS_WORDS), "{behaviour:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_lie_reaches_the_page() {
    let page = in_vain_with(Behaviour::Lying).await;
    for lie in LIES {
        assert!(!page.contains(lie), "{lie}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_markup_and_no_link_of_a_model_reaches_the_page() {
    let page = in_vain_with(Behaviour::Injecting).await;
    for trap in ["alert(1)", "evil.example", "<script>alert"] {
        assert!(!page.contains(trap), "{trap}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_model_down_the_site_is_live_in_the_houses_words() {
    let model = FakeModel::start(Behaviour::ServerError).await;
    let mut world = model_world(&[&model]);
    // Nobody listens on the second address at all.
    let down = "dua=http://127.0.0.1:9/v1|gpt-4o-mini|FAKE_KEY|";
    world.set("LLM_PROVIDERS", &format!("{},{down}", model.setting("satu", "FAKE_KEY")));
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    let said = talk.go_live().await;
    assert!(!assert_live_and_free(&house).await.contains(ITS_WORDS));
    assert!(model.count() > 0);
    let last = said.last().expect("the end is told").message.body.to_plain();
    assert!(last.contains("50 token sudah kembali"), "{last}");
    // Once more, now that a model answers.
    model.set_script(Behaviour::Good);
    house.advance_ms(10 * 60_000);
    talk.say("ya").await;
    assert!(assert_live_and_paid_once(&house).await.contains(ITS_WORDS));
    // The second try says in other words what the first one left: one site, one line.
    let history = lines_of_history(&talk).await;
    assert_eq!(history.len(), 1, "{history:?}");
    house.stop().await;
}

/// The lines of the history, newest first.
async fn lines_of_history(talk: &Talk<'_>) -> Vec<String> {
    let told = talk.say("riwayat").await;
    let texts = told.iter().map(|line| line.message.body.to_plain().to_string());
    let text = texts.collect::<Vec<_>>().join("\n");
    let is_line =
        |line: &&str| line.split_once(". ").is_some_and(|(n, _)| n.parse::<u32>().is_ok());
    text.lines().filter(is_line).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_first_model_is_down_the_second_writes() {
    let first = FakeModel::start(Behaviour::Error(401, "invalid_api_key")).await;
    let second = FakeModel::start(Behaviour::Good).await;
    let world = model_world(&[&first, &second]);
    let house = world.start().await;
    assert!(go_live(&house).await.contains(ITS_WORDS));
    assert!(first.count() > 0 && second.count() > 0);
    let by_second = "select count(*) from run_stages where provider <> 'dua'";
    assert_eq!(house.count(by_second).await, 0);
    house.stop().await;
}

/// The model is asked while the site is put up: a run is in its second part when both are done.
async fn until_it_writes(house: &Running, model: &FakeModel) {
    house.until("the model is asked", async || model.count() > 0).await;
    house.until("the site is up", async || house.get(CAFE_HOST, "/").await.status == 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cancels_in_time_gets_the_tokens_back_and_no_site() {
    let model = FakeModel::start(Behaviour::Slow(400, Box::new(Behaviour::Good))).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.tell_everything().await;
    talk.begin("ya").await;
    until_it_writes(&house, &model).await;
    assert_eq!(house.tokens("ani").await, 50);
    talk.say("batal").await;
    assert_eq!(house.tokens("ani").await, 100);
    house
        .until("the site is taken down", async || house.get(CAFE_HOST, "/").await.status == 503)
        .await;
    house.assert_tidy().await;
    model.set_script(Behaviour::Good);
    talk.say("ya").await;
    assert_live_and_paid_once(&house).await;
    house.stop().await;
}

/// Which part of the site a request is about.
fn part(request: &Recorded) -> String {
    let mut words = request.message("system").to_owned();
    words.push_str(request.message("user"));
    words
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_after_a_kill_and_asks_no_finished_part_again() {
    // From the fifth request on the model hangs: the house is killed while it waits.
    let count = std::sync::atomic::AtomicUsize::new(0);
    let hangs = move |_: &Recorded| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if number < 4 {
            Behaviour::Good
        } else {
            Behaviour::Slow(600_000, Box::new(Behaviour::Good))
        }
    };
    let model = FakeModel::start(Script::by(hangs)).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.tell_everything().await;
    talk.begin("ya").await;
    let kept = "select count(*) from run_stages";
    house.until("four parts are kept", async || house.count(kept).await == 4).await;
    house.until("more are asked", async || model.count() > 4).await;
    let finished: Vec<String> = model.requests().iter().take(4).map(part).collect();
    let asked = model.count();
    house.kill().await;

    model.set_script(Behaviour::Good);
    let house = world.start().await;
    // The killed house's lease ends.
    house.advance_ms(601_000);
    house.house.db.signals().wake(Lane::Jobs);
    house.settle().await;
    assert!(assert_live_and_paid_once(&house).await.contains(ITS_WORDS));
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for request in model.requests().iter().skip(asked) {
        *times.entry(part(request)).or_default() += 1;
    }
    assert!(!times.is_empty());
    assert!(
        finished.iter().all(|part| !times.contains_key(part)),
        "a finished part was asked again"
    );
    assert!(times.values().all(|times| *times == 1), "a part was asked twice");
    let unkept = 4 + times.len();
    assert_eq!(usize::try_from(house.count(kept).await).unwrap(), unkept);
    assert_eq!(model.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_nobody_understands_is_put_into_plain_words_by_a_model() {
    let said = serde_json::json!({ "statements": [{ "about": "colour", "value": "biru laut" }] });
    let model = FakeModel::start(Behaviour::Say(said)).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    for line in ["warung kopi", "Kopi Senja", "anak muda", "galeri"] {
        talk.say(line).await;
    }
    assert_eq!(model.count(), 0, "what is understood needs no model");
    let answers = talk.say("yang kayak samudra gitu lho").await;
    assert!(
        answers.iter().any(|line| line.message.body.to_plain().contains("biru laut")),
        "{answers:?}"
    );
    assert_eq!(model.count(), 1);
    assert_eq!(model.violations(), [""; 0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_text_of_a_burst_that_nobody_understands_is_put_into_plain_words() {
    let said = serde_json::json!({ "statements": [{ "about": "colour", "value": "biru laut" }] });
    let model = FakeModel::start(Behaviour::Say(said)).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    for line in ["warung kopi", "Kopi Senja", "anak muda", "galeri"] {
        talk.say(line).await;
    }
    let before = talk.lines().await.len();
    let texts = ["yang kayak samudra gitu lho", "wa 0812 3456 7890"];
    let burst = texts.map(|text| Talk::said("ani", text));
    house.house.intake.receive(&burst).await.unwrap();
    house.settle().await;
    let answers = talk.lines().await.split_off(before);
    let told: Vec<String> =
        answers.iter().map(|line| line.message.body.to_plain().to_string()).collect();
    assert_eq!(answers.len(), 1, "{told:?}");
    assert!(told[0].contains("biru laut") && told[0].contains("0812"), "{told:?}");
    assert_eq!(model.count(), 1, "only what was not understood is asked about");
    house.stop().await;
}

/// Versions of the one site.
const VERSIONS: &str = "select count(*) from versions";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_site_is_live_before_a_model_has_said_a_word() {
    let model = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.tell_everything().await;
    talk.begin("ya").await;
    let told = async || {
        let lines = talk.lines().await;
        lines.iter().any(|line| line.message.links.iter().any(|l| l.url.contains("kopi-senja")))
    };
    house.until("the owner has the link", told).await;
    let page = house.page(CAFE_HOST, "/").await;
    assert!(CAFE_FACTS.iter().all(|fact| page.contains(fact)), "{page}");
    assert_eq!(house.count("select count(*) from transfers where phase = 'capture'").await, 0);
    assert_eq!(house.tokens("ani").await, 50, "the price is on hold");
    house.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_come_in_a_few_versions_and_undo_leads_to_none_of_them() {
    let model = FakeModel::start(Behaviour::Good).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.go_live().await;
    let versions = house.count(VERSIONS).await;
    assert!((2..=4).contains(&versions), "{versions} versions");
    talk.say("kembalikan").await;
    assert!(house.page(CAFE_HOST, "/").await.contains(ITS_WORDS), "there is nothing to undo");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_model_knows_no_words_either_the_question_is_asked_again() {
    let nothing = serde_json::json!({ "statements": [] });
    let model = FakeModel::start(Behaviour::Say(nothing)).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    for line in ["warung kopi", "Kopi Senja", "anak muda", "galeri"] {
        talk.say(line).await;
    }
    let answers = talk.say("yang kayak samudra gitu lho").await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_owner_changes_while_a_model_writes_stays() {
    let model = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.tell_everything().await;
    talk.begin("ya").await;
    until_it_writes(&house, &model).await;
    talk.begin("tambah menu Es Teh 5rb").await;
    house.until("the change is live", async || house.count(VERSIONS).await == 2).await;
    assert!(house.page(CAFE_HOST, "/").await.contains("Es Teh"));
    house.kill().await;

    model.set_script(Behaviour::Good);
    let house = world.start().await;
    house.advance_ms(601_000);
    house.house.db.signals().wake(Lane::Jobs);
    house.settle().await;
    let page = assert_live_and_paid_once(&house).await;
    assert!(page.contains("Es Teh") && page.contains(ITS_WORDS), "{page}");

    // What is taken back is the owner's change, not the words that came after it.
    let talk = Talk::new(&house, "ani");
    let history = lines_of_history(&talk).await;
    assert_eq!(history.len(), 2, "{history:?}");
    assert!(history[0].contains('✅') && history[1].contains("versi pertama"), "{history:?}");
    for (said, has_tea) in [("kembalikan", false), ("redo", true)] {
        talk.say(said).await;
        let shown = async || house.page(CAFE_HOST, "/").await.contains("Es Teh") == has_tea;
        house.until(said, shown).await;
        let page = house.page(CAFE_HOST, "/").await;
        assert!(page.contains(ITS_WORDS), "{said}: {page}");
    }
    let nothing = talk.say("kembalikan").await;
    assert!(!nothing.is_empty());
    let last = talk.say("kembalikan").await;
    let told: Vec<_> = last.iter().map(|line| line.message.body.to_plain()).collect();
    assert!(house.page(CAFE_HOST, "/").await.contains(ITS_WORDS), "{told:?}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_whose_workers_die_gives_its_tokens_back_at_once_and_the_site_stays() {
    let model = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    let world = model_world(&[&model]);
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.tell_everything().await;
    talk.begin("ya").await;
    until_it_writes(&house, &model).await;
    house.kill().await;

    let house = world.open_in_real_time().await;
    let mut tx = house.db.begin().await.unwrap();
    let worn = "update queue set attempt = 1000 where lane = 'jobs' and state = 'running'";
    let worn: u64 = sitespark_core::each_engine!(tx &mut tx, conn => sqlx::query(worn)
        .execute(conn).await.unwrap().rows_affected());
    assert_eq!(worn, 1);
    tx.commit().await.unwrap();
    house.db.close().await;

    let house = world.start().await;
    house.advance_ms(601_000);
    house.settle().await;
    assert_eq!(house.tokens("ani").await, 100);
    assert_eq!(house.dead().await.len(), 1);
    assert!(house.page(CAFE_HOST, "/").await.contains(CAFE_FACTS[0]));
    let said = Talk::new(&house, "ani").lines().await;
    let last = said.last().expect("the end is told").message.body.to_plain();
    assert!(last.contains("50 token sudah kembali"), "{last}");
    house.stop().await;
}
