//! The operator's commands, by the real binary.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use sitespark_core::llm::fake::{Behaviour, FAKE_KEY, FakeModel};
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::support::pictures;
use crate::support::program::{call, call_with, done, make_cafe, program, refused};
use crate::support::talk::Talk;
use crate::support::{CAFE, CAFE_FACTS, CAFE_HOST, World};

/// Changes the database behind the program's back.
async fn tamper(world: &World, sql: &'static str) {
    let options = SqliteConnectOptions::new().filename(world.data_dir().join("sitespark.db"));
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

#[test]
fn a_script_is_followed_and_every_line_is_of_the_promised_shape() {
    let world = World::new();
    let lines = make_cafe(&world);
    let fields = ["choices", "links", "media", "state", "text"];
    for line in &lines {
        let mut found: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, fields, "{line}");
        assert!(line["text"].is_string() && line["state"].is_string() && line["media"].is_array());
        let pairs = |list: &str, one: &str, other: &str| {
            line[list]
                .as_array()
                .unwrap()
                .iter()
                .all(|e| e[one].is_string() && e[other].is_string())
        };
        assert!(pairs("choices", "id", "label") && pairs("links", "label", "url"), "{line}");
    }
    let last = lines.last().unwrap();
    assert!(last["text"].as_str().unwrap().contains("http://kopi-senja.situs.test"), "{last}");
    let states: Vec<_> = lines.iter().filter_map(|line| line["state"].as_str()).collect();
    assert!(states.contains(&"collecting") && states.last() == Some(&"reviewing"), "{states:?}");
    assert!(!lines[0]["choices"].as_array().unwrap().is_empty(), "{}", lines[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_script_is_held_up_by_no_pace() {
    let world = World::new();
    let house = world.start().await;
    let talk = Talk::new(&house, "ani");
    talk.tell_everything().await;
    let before_ms = house.house.clock.now_ms();
    for number in 0..40 {
        talk.say(&format!("Kopi Susu Senja {number}rb")).await;
    }
    // The clock of the test leaps over every wait.
    assert_eq!(house.house.clock.now_ms(), before_ms);
    house.stop().await;
}

#[test]
fn a_broken_script_ends_with_two() {
    let world = World::new();
    for script in ["halo\n!foto x\n", "!photo tidak-ada.jpg\n", "!location di sana\n"] {
        let ended = call_with(&world, &["chat", "--script", "-"], script);
        assert_eq!(ended.code, 2, "{script}: {ended:?}");
        assert!(ended.err.contains("line "), "{ended:?}");
    }
    refused(&world, &["chat", "--script", "tidak-ada.txt"], 2);
    refused(&world, &["nonsense"], 2);
    refused(&world, &["serve", "--roles", "cook"], 2);
}

#[test]
fn a_site_goes_out_and_comes_back_the_same() {
    let world = World::new();
    make_cafe(&world);
    let at = |name: &str| world.path().join(name).display().to_string();
    let (folder, zip, json) = (at("situs"), at("situs.zip"), at("situs.json"));
    for out in [&folder, &zip, &json] {
        done(&world, &["export", "kopi-senja", "--out", out]);
    }
    let told = refused(&world, &["export", "kopi-senja", "--out", &folder], 1);
    assert!(told.contains("is not empty"), "{told}");
    assert!(
        refused(&world, &["export", "kopi-senja", "--out", &json], 1).contains("there already")
    );
    let empty = at("kosong");
    std::fs::create_dir(&empty).unwrap();
    done(&world, &["export", "kopi-senja", "--out", &empty]);
    assert!(world.path().join("kosong/index.html").is_file());
    refused(&world, &["export", "tidak-ada", "--out", &at("x")], 1);
    let page = std::fs::read_to_string(world.path().join("situs/index.html")).unwrap();
    for fact in CAFE_FACTS {
        assert!(page.contains(fact), "{fact} is not on the page");
    }
    assert!(page.contains("https://wa.me/"), "each item keeps its own link");
    assert!(!page.contains("daftar-pesanan"), "nobody answers a form in a folder");
    assert!(!world.path().join("situs/daftar-pesanan").exists());
    let zipped = zip::ZipArchive::new(std::fs::File::open(&zip).unwrap()).unwrap();
    assert!(zipped.index_for_name("index.html").is_some());
    let read =
        |path: &str| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let document = read(&json);
    for (number, source) in [&folder, &zip, &json].into_iter().enumerate() {
        let (name, again) = (format!("kopi-{number}"), at(&format!("lagi-{number}.json")));
        let told = done(&world, &["import", source, "--user", "ani", "--name", &name]);
        assert!(told.contains(&format!("http://{name}.situs.test")), "{told}");
        done(&world, &["export", &name, "--out", &again]);
        assert_eq!(read(&again), document, "{source}");
    }
    for nobody in ["telegram:12345", "00000000-0000-7000-8000-000000000000"] {
        refused(&world, &["import", &json, "--user", nobody], 1);
    }
    refused(&world, &["import", &json, "--user", "ani", "--name", "kopi-senja"], 1);
    assert_eq!(done(&world, &["sites", "list"]).lines().count(), 4);
    let some = done(&world, &["sites", "list", "--most", "3"]);
    assert!(some.ends_with("... and 1 more: --most 4 shows them\n"), "{some}");
}

/// The addresses of photos on a page.
fn photos_on(page: &str) -> Vec<&str> {
    let starts = page.match_indices("/photos/").map(|(at, _)| &page[at..]);
    starts.map(|rest| rest.split(['"', ' ', ',']).next().unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_go_along_into_an_empty_house() {
    let world = World::new();
    std::fs::write(world.path().join("kopi.jpg"), pictures::jpeg()).unwrap();
    let script = format!("{}\n!photo kopi.jpg Kopi Susu Senja\nya\n", CAFE.join("\n"));
    assert_eq!(call_with(&world, &["chat", "--script", "-"], &script).code, 0);
    let at = |name: &str| world.path().join(name).display().to_string();
    let (folder, zip, bare) = (at("situs"), at("situs.zip"), at("halaman"));
    for out in [&folder, &zip, &bare] {
        done(&world, &["export", "kopi-senja", "--out", out]);
    }
    // As an export that holds no more than what pages show.
    std::fs::remove_dir_all(world.path().join("halaman/originals")).unwrap();
    for source in [&folder, &zip, &bare] {
        let other = World::new();
        let told = done(&other, &["import", source]);
        assert!(told.contains("http://kopi-senja.situs.test"), "{told}");
        assert!(!told.contains("left out"), "{told}");
        assert!(done(&other, &["wallet", "show", "me"]).contains("100 tokens available"));
        let house = other.start_in_real_time().await;
        let page = house.page(CAFE_HOST, "/").await;
        let shown = photos_on(&page);
        assert!(!shown.is_empty(), "{source}");
        for photo in shown {
            let file = house.get(CAFE_HOST, photo).await;
            assert_eq!(file.status.as_u16(), 200, "{source}: {photo}");
            assert!(!file.body.is_empty());
        }
        house.stop().await;
        let ended =
            call_with(&other, &["chat", "--script", "-"], "halo\nkopi susu senja jadi 23rb\n");
        assert!(ended.out.contains("Rp23.000"), "it is theirs now: {ended:?}");
    }
}

#[test]
fn a_backup_comes_back_in_an_empty_house_only() {
    let (world, other) = (World::new(), World::new());
    make_cafe(&world);
    let file = world.path().join("cadangan.tar").display().to_string();
    done(&world, &["backup", &file]);
    refused(&world, &["backup", &file], 1);
    refused(&other, &["restore", "tidak-ada.tar"], 1);
    done(&other, &["restore", &file]);
    assert_eq!(done(&other, &["sites", "list"]), done(&world, &["sites", "list"]));
    assert!(refused(&other, &["restore", &file], 1).contains("--force"));
    done(&other, &["restore", &file, "--force"]);
    done(&other, &["wallet", "audit"]);
    let out = other.path().join("situs").display().to_string();
    done(&other, &["export", "kopi-senja", "--out", &out]);
    // The conversation goes on where it was.
    let talk = ["chat", "--script", "-", "--user", "ani"];
    let ended = call_with(&other, &talk, "kopi susu senja jadi 23rb\n");
    assert!(ended.out.contains("Rp23.000"), "{ended:?}");
}

#[tokio::test]
async fn the_books_are_shown_added_to_and_proved() {
    let world = World::new();
    make_cafe(&world);
    assert!(done(&world, &["wallet", "show", "ani"]).contains("50 tokens available"));
    done(&world, &["wallet", "grant", "ani", "25", "--why", "lomba"]);
    let shown = done(&world, &["wallet", "show", "terminal:ani"]);
    for part in ["75 tokens available", "lomba", "grant", "signup_bonus", "website_generation"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for wrong in
        [["wallet", "grant", "ani", "0", "--why", "x"], ["wallet", "grant", "x", "5", "--why", "x"]]
    {
        refused(&world, &wrong, 1);
    }
    refused(&world, &["wallet", "show", "nobody"], 1);
    done(&world, &["wallet", "audit"]);
    tamper(&world, "update accounts set credits_posted = credits_posted + 7 where kind = 'wallet'")
        .await;
    let ended = call(&world, &["wallet", "audit"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("paid in 132 (transfers say 125)"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_is_switched_off_and_on_within_a_second() {
    let world = World::new();
    make_cafe(&world);
    let house = world.start_in_real_time().await;
    let shows = async |status: u16| house.get(CAFE_HOST, "/").await.status.as_u16() == status;
    assert!(shows(200).await);
    let steps =
        [("suspend", 403), ("resume", 200), ("suspend", 403), ("resume", 200), ("delete", 410)];
    for (order, status) in steps {
        done(&world, &["sites", order, "kopi-senja"]);
        house.until_within(1_000, order, async || shows(status).await).await;
    }
    refused(&world, &["sites", "resume", "kopi-senja"], 1);
    refused(&world, &["sites", "suspend", "tidak-ada"], 1);
    let listed = done(&world, &["sites", "list"]);
    assert_eq!(listed, "there are no sites\n", "who is deleted is not listed");
    house.stop().await;
}

#[tokio::test]
async fn dead_rows_are_listed_and_tried_again() {
    let world = World::new();
    done(&world, &["migrate"]);
    assert!(done(&world, &["jobs", "list"]).contains("nothing is dead"));
    tamper(
        &world,
        "insert into queue (lane, key, cause, payload, state, attempt, run_at_ms, last_error, created_at_ms)
         values ('outbox', 'terminal:x', 'a', '{}', 'dead', 14, 0, 'the sky fell', 0),
                ('jobs', 'terminal:x', 'b', '{}', 'dead', 8, 0, 'it rained', 0)",
    )
    .await;
    let listed = done(&world, &["jobs", "list"]);
    assert!(listed.contains("the sky fell") && listed.contains("it rained"), "{listed}");
    let first = done(&world, &["jobs", "list", "--most", "1"]);
    assert_eq!(first.lines().count(), 2, "{first}");
    assert!(first.contains("... and 1 more: --most 2 shows them"), "{first}");
    refused(&world, &["jobs", "list", "--most", "0"], 2);
    refused(&world, &["jobs", "retry", "999"], 1);
    done(&world, &["jobs", "retry", "1"]);
    assert_eq!(done(&world, &["jobs", "list"]).lines().count(), 1);
    assert!(done(&world, &["jobs", "retry"]).starts_with("1 "));
    assert!(done(&world, &["jobs", "list"]).contains("nothing is dead"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_part_of_housekeeping_that_fails_holds_up_no_other() {
    let world = World::new();
    done(&world, &["migrate"]);
    tamper(
        &world,
        "insert into queue (lane, key, cause, payload, state, attempt, run_at_ms, created_at_ms, finished_at_ms)
         values ('outbox', 'terminal:x', 'a', '{}', 'done', 1, 0, 0, 0);
         drop table ai_answers",
    )
    .await;
    let house = world.start().await;
    let forgotten = async || house.count("select count(*) from queue").await == 0;
    house.until("the old cause is forgotten", forgotten).await;
    house.stop().await;
}

#[test]
fn wrong_settings_are_told_all_at_once() {
    let world = World::new();
    let mut command = program(world.path(), &world.data_dir(), &["serve"]);
    command.env("LISTEN", "here").env("TOKENS_DAILY", "-1").env("DEFAULT_LANGUAGE", "fr");
    command.env("TOKENS_GENERATE", "0").env("TOKENS_SIGNUP", "0");
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(err.starts_with("4 settings are wrong: "), "{err}");
    for name in ["LISTEN", "TOKENS_DAILY", "DEFAULT_LANGUAGE", "TOKENS_GENERATE"] {
        assert!(err.contains(name), "{err}");
    }
    assert!(!world.data_dir().exists(), "nothing is made before the settings are right");
}

#[test]
fn the_doctor_tells_a_line_each_and_finds_what_is_down() {
    let world = World::new();
    done(&world, &["migrate"]);
    let told = done(&world, &["doctor"]);
    assert!(told.lines().all(|line| line.starts_with("ok ")), "{told}");
    for part in ["settings", "database", "storage", "redis", "model", "telegram", "whatsapp"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let mut command = program(world.path(), &world.data_dir(), &["doctor"]);
    command.env("LLM_PROVIDERS", "satu=http://127.0.0.1:9/v1|m|KEY|").env("KEY", "sk-rahasia");
    command.env("TELEGRAM_BOT_TOKEN", "1:rahasia").env("TELEGRAM_API_URL", "http://127.0.0.1:9");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(told.lines().filter(|line| !line.starts_with("ok ")).count(), 2, "{told}");
    assert!(!told.contains("rahasia"), "{told}");
}

#[test]
fn the_doctor_goes_on_past_wrong_settings() {
    let world = World::new();
    done(&world, &["migrate"]);
    let mut command = program(world.path(), &world.data_dir(), &["doctor"]);
    command.env("LISTEN", "here").env("LLM_PROVIDERS", "nonsense");
    command.env("IMAGE_PROVIDER", "satu=http://127.0.0.1:9/v1|m||");
    command.env("AUDIO_PROVIDER", "dua=http://127.0.0.1:9/v1|m|");
    command.env("SPEECH_PROVIDER", "tiga=http://127.0.0.1:9/v1|m||nova");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let failed: Vec<_> = told.lines().filter(|line| line.starts_with("FAIL")).collect();
    let parts = [
        "settings: LISTEN",
        "settings: LLM_PROVIDERS",
        "model:",
        "pictures satu:",
        "hearing dua:",
        "reading aloud tiga:",
    ];
    assert_eq!(failed.len(), parts.len(), "{told}");
    for part in parts {
        assert!(failed.iter().any(|line| line.contains(part)), "{part}: {told}");
    }
    assert!(told.contains("ok    database: ") && told.contains("ok    storage: "), "{told}");
    assert!(!told.contains("built-in writer"), "nobody knows whether a model was meant: {told}");
}

#[test]
fn roles_need_no_command() {
    let world = World::new();
    let mut command = program(world.path(), &world.data_dir(), &["--roles", "host,worker"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let roles = lines.find(|line| line.trim_start().starts_with("roles"));
    assert!(roles.is_some_and(|line| line.ends_with("host, worker")));
    // The last line of the summary: signals are heard by then.
    assert!(lines.any(|line| line.trim_start().starts_with("sites")));
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    refused(&world, &["--roles", "cook"], 2);
    refused(&world, &["--roles", "host", "doctor"], 2);
}

#[test]
fn every_command_explains_itself() {
    let world = World::new();
    let commands: [&[&str]; 16] = [
        &[],
        &["serve"],
        &["chat"],
        &["export"],
        &["import"],
        &["doctor"],
        &["migrate"],
        &["backup"],
        &["restore"],
        &["wallet"],
        &["wallet", "show"],
        &["wallet", "grant"],
        &["wallet", "audit"],
        &["sites"],
        &["sites", "suspend"],
        &["jobs"],
    ];
    for command in commands {
        let told = done(&world, &[command, &["--help"]].concat());
        assert!(told.contains("Usage: sitespark"), "{command:?}: {told}");
    }
    assert!(done(&world, &["--version"]).starts_with("sitespark "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_lets_the_running_job_end() {
    let model = FakeModel::start(Behaviour::Slow(300, Box::new(Behaviour::Good))).await;
    let world = World::new();
    let script = format!("{}\n", CAFE.join("\n"));
    assert_eq!(call_with(&world, &["chat", "--script", "-", "--user", "ani"], &script).code, 0);
    // The yes waits in the inbox until the program serves.
    let house = world.open_in_real_time().await;
    house.intake.receive(&[Talk::said("ani", "ya")]).await.unwrap();
    house.db.close().await;
    let mut command = program(world.path(), &world.data_dir(), &["serve"]);
    command.env("LLM_PROVIDERS", model.setting("satu", "KEY")).env("KEY", FAKE_KEY);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The job runs once the model is asked.
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    let asked = async {
        while model.count() == 0 {
            looks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked).await.expect("the model is asked");
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
    let house = world.start_in_real_time().await;
    assert_eq!(house.count("select count(*) from runs where status = 'live'").await, 1);
    assert!(house.page(CAFE_HOST, "/").await.contains("Kopi Senja"));
    house.settle().await;
    house.assert_tidy().await;
    house.stop().await;
}

#[test]
fn sigterm_ends_it_in_order() {
    let world = World::new();
    let mut command = program(world.path(), &world.data_dir(), &["serve"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The last line of the summary: it answers from here on.
    let ready =
        lines.by_ref().map_while(Result::ok).any(|line| line.starts_with("Open http://chat.test"));
    assert!(ready, "it never told that it is there");
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
