//! What the program says and does when something around it is not as it should be.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use sitespark_core::testing::postgres::Cluster;

use crate::support::World;
use crate::support::program::{call, done, make_cafe, program, refused};

/// What a drain may take, and a little more.
const DRAINED: Duration = Duration::from_secs(25);

fn terminate(child: &Child) {
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
}

/// The code it ended with, within the time it has.
fn ended_in_time(mut child: Child) -> Option<i32> {
    let until = Instant::now() + DRAINED;
    loop {
        if let Some(ended) = child.try_wait().unwrap() {
            return ended.code();
        }
        assert!(Instant::now() < until, "it does not end");
        std::thread::yield_now();
    }
}

#[test]
fn looking_at_a_house_makes_none() {
    let world = World::new();
    let file = world.path().join("x.tar").display().to_string();
    let looks: [&[&str]; 5] = [
        &["doctor"],
        &["backup", &file],
        &["wallet", "audit"],
        &["sites", "list"],
        &["export", "kopi", "--out", "x"],
    ];
    for look in looks {
        let ended = call(&world, look);
        assert_eq!(ended.code, 1, "{look:?}: {ended:?}");
        assert!(format!("{}{}", ended.out, ended.err).contains("is not there"), "{ended:?}");
        assert!(!world.data_dir().exists(), "{look:?}");
    }
}

#[test]
fn a_house_that_cannot_be_written_is_not_opened_and_not_well() {
    let world = World::new();
    done(&world, &["migrate"]);
    let url = format!("sqlite://{}?mode=ro", world.data_dir().join("sitespark.db").display());
    let output = program(world.path(), &world.data_dir(), &["serve"])
        .env("DATABASE_URL", &url)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("the database cannot be written: "), "{told}");
    assert_eq!((told.lines().count(), told.matches("readonly").count()), (1, 1), "{told}");
    // Where a folder should be, nothing can be put.
    std::fs::create_dir_all(world.data_dir().join("objects")).unwrap();
    std::fs::write(world.data_dir().join("objects/ping"), b"").unwrap();
    let doctor = program(world.path(), &world.data_dir(), &["doctor"])
        .env("DATABASE_URL", &url)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&doctor.stdout).into_owned();
    for part in ["FAIL  database: cannot be written", "FAIL  storage: "] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storage_that_takes_nothing_is_not_ready() {
    let world = World::new();
    let house = world.start().await;
    std::fs::write(world.data_dir().join("objects/ping"), b"").unwrap();
    let answer = house.get("chat.test", "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text(), "the storage cannot be written\n");
    house.stop().await;
}

#[test]
fn what_was_found_is_told_by_the_exit_code_even_if_nobody_reads() {
    let world = World::new();
    done(&world, &["migrate"]);
    let code = |well: bool, out: Stdio| {
        let mut command = program(world.path(), &world.data_dir(), &["doctor"]);
        if !well {
            command.env("LISTEN", "here");
        }
        let ended = command.stdout(out).stderr(Stdio::null()).status().unwrap();
        ended.code()
    };
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    assert_eq!((code(true, Stdio::null()), code(false, Stdio::null())), (Some(0), Some(1)));
    assert_eq!((code(true, closed()), code(false, closed())), (Some(0), Some(1)));
    assert_eq!((code(true, full()), code(false, full())), (Some(1), Some(1)));
}

#[test]
fn a_chat_that_is_told_to_stop_ends_in_order() {
    let world = World::new();
    for signal in ["-TERM", "-INT"] {
        let mut command = program(world.path(), &world.data_dir(), &["chat", "--json"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with('{'), "{line}");
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(ended_in_time(child), Some(0), "{signal}");
        drop(stdin);
    }
}

/// Asks a port for a path; the status, and how long that took.
fn ask(port: &str, request: &str) -> (String, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(port).unwrap();
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap_or_default().to_owned(), began.elapsed())
}

#[test]
fn a_server_that_dies_holds_nobody_up() {
    let Some(cluster) = Cluster::start() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(cluster.fresh_database()).unwrap();
    let world = World::new();
    let mut command = program(world.path(), &world.data_dir(), &["serve"]);
    command.env("DATABASE_URL", url).env("TELEGRAM_BOT_TOKEN", "1:bench");
    command.env("TELEGRAM_WEBHOOK_SECRET", "rahasia").env("TELEGRAM_API_URL", "http://127.0.0.1:9");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap();
    let port = first.rsplit(' ').next().unwrap().to_owned();
    assert!(lines.any(|line| line.starts_with("Open http://chat.test")), "it is not there");
    drop(cluster);
    let end = "Host: chat.test\r\nConnection: close\r\n";
    let (status, took) = ask(&port, &format!("GET /readyz HTTP/1.1\r\n{end}\r\n"));
    assert!(status == "503" && took < Duration::from_secs(3), "{status} {took:?}");
    let (status, took) = ask(&port, &format!("GET /metrics HTTP/1.1\r\n{end}\r\n"));
    assert!(status == "200" && took < Duration::from_secs(3), "{status} {took:?}");
    let update = r#"{"update_id":1,"message":{"message_id":1,"date":1,"text":"halo","chat":{"id":7,"type":"private"},"from":{"id":7,"is_bot":false,"first_name":"A"}}}"#;
    let head = format!(
        "{end}X-Telegram-Bot-Api-Secret-Token: rahasia\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        update.len()
    );
    let (status, took) = ask(&port, &format!("POST /webhook/telegram HTTP/1.1\r\n{head}{update}"));
    assert!(status == "503" && took < Duration::from_secs(7), "{status} {took:?}");
    terminate(&child);
    assert_eq!(ended_in_time(child), Some(0));
}

#[test]
fn operators_name_sites_as_they_see_them() {
    let world = World::new();
    done(&world, &["migrate"]);
    assert_eq!(done(&world, &["sites", "list"]), "there are no sites\n");
    make_cafe(&world);
    for (order, name) in [
        ("suspend", "KOPI-Senja"),
        ("resume", "http://kopi-senja.situs.test/menu/?a=1"),
        ("suspend", "Kopi-Senja.Situs.test:8080"),
    ] {
        assert!(done(&world, &["sites", order, name]).starts_with("kopi-senja is "), "{name}");
    }
    refused(&world, &["sites", "suspend", "kopi-senja.evil.test"], 1);
}

#[test]
fn exports_are_what_their_name_says() {
    let world = World::new();
    make_cafe(&world);
    let at = |name: &str| world.path().join(name).display().to_string();
    done(&world, &["export", "kopi-senja", "--out", &at("new/folder/x.ZIP")]);
    zip::ZipArchive::new(File::open(at("new/folder/x.ZIP")).unwrap()).unwrap();
    assert!(refused(&world, &["export", "kopi-senja", "--out", &at("x.tar")], 1).contains(".tar"));
    std::fs::write(at("file"), b"").unwrap();
    let told = refused(&world, &["export", "kopi-senja", "--out", &at("file/x.zip")], 1);
    assert!(told.contains("x.zip cannot be written: "), "{told}");
}

#[test]
fn a_document_that_is_none_is_refused_in_a_sentence() {
    let world = World::new();
    make_cafe(&world);
    let json = world.path().join("x.json").display().to_string();
    done(&world, &["export", "kopi-senja", "--out", &json]);
    let whole: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    let import = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut document = whole.clone();
        change(&mut document);
        std::fs::write(&json, document.to_string()).unwrap();
        refused(&world, &["import", &json], 1)
    };
    let told = import(&|document| drop(document.as_object_mut().unwrap().remove("meta")));
    assert_eq!(told, "this is no document: the part meta is missing\n");
    let told = import(&|document| document["business"]["phone"] = "12".into());
    assert!(told.contains("a telephone number nobody can call (12)"), "{told}");
    let told = import(&|document| {
        let item = document["business"]["items"][0].clone();
        document["business"]["items"] = vec![item; 5_000].into();
    });
    assert_eq!(told, "this document is not taken: it has 5000 items, and at most 200 are taken\n");
}

#[test]
fn a_reason_is_a_line() {
    let world = World::new();
    make_cafe(&world);
    let long = "x".repeat(201);
    for why in ["", "  ", "dua\nbaris", &long] {
        let told = refused(&world, &["wallet", "grant", "ani", "5", "--why", why], 1);
        assert!(told.contains("one line of 1 to 200 characters"), "{told}");
    }
    done(&world, &["wallet", "grant", "ani", "5", "--why", " lom\u{1}ba "]);
    assert!(done(&world, &["wallet", "show", "ani"]).contains("  lomba\n"));
}

#[test]
fn what_a_backup_lacks_is_named() {
    let world = World::new();
    make_cafe(&world);
    let versions = world.data_dir().join("objects/versions");
    std::fs::remove_dir_all(&versions).unwrap();
    let file = world.path().join("x.tar").display().to_string();
    let told = refused(&world, &["backup", &file], 1);
    assert!(told.contains("versions/") && told.contains("--allow-missing"), "{told}");
    let told = done(&world, &["backup", &file, "--allow-missing"]);
    assert!(told.contains("is missing: versions/"), "{told}");
    let other = World::new();
    assert!(refused(&other, &["restore", &file], 1).contains("versions/"));
    done(&other, &["restore", &file, "--allow-missing"]);
}
