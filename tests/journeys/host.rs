//! Sites by `Host`: what a visitor, a cache and somebody with bad intentions get.

use std::io::Read;

use axum::body::Body;
use axum::http::Request;
use reqwest::{Method, StatusCode};
use sitespark::serve::{ALL_ROLES, build_front};
use sitespark_core::db::Db;
use sitespark_core::{each_engine, sites};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::http::read;
use crate::support::talk::Talk;
use crate::support::{CAFE_HOST, Running, World};

/// What a visitor writes to the owner.
const LETTER: [(&str, &str); 4] = [
    ("name", "Budi"),
    ("phone", "0813-2222-3333"),
    ("message", "Bisa pesan 50 cangkir?"),
    ("consent", "yes"),
];
/// Names that nobody has.
const STRANGERS: usize = 100_000;

async fn cafe() -> (World, Running) {
    let world = World::new();
    let house = world.start().await;
    Talk::new(&house, "ani").go_live().await;
    (world, house)
}

/// A folder of the site besides its first page.
async fn a_folder(house: &Running) -> String {
    let live = sites::find_live(&house.house.db, "kopi-senja").await.unwrap().unwrap();
    let folder = live.manifest.files.keys().find(|path| path.len() > 1 && path.ends_with('/'));
    folder.expect("a site has more pages than one").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_comes_in_the_form_that_is_asked_for() {
    let (_world, house) = cafe().await;
    let ask = |coding: &str| {
        house.request(Method::GET, CAFE_HOST, "/").header("Accept-Encoding", coding.to_owned())
    };
    let plain = read(ask("identity")).await;
    assert_eq!((plain.status, plain.header("content-encoding")), (StatusCode::OK, ""));
    let br = read(ask("gzip, br")).await;
    assert_eq!((br.header("content-encoding"), br.header("vary")), ("br", "Accept-Encoding"));
    let mut text = Vec::new();
    brotli::Decompressor::new(br.body.as_slice(), 4_096).read_to_end(&mut text).unwrap();
    assert!(text == plain.body && br.body.len() < plain.body.len());
    let gzip = read(ask("gzip, br;q=0")).await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(gzip.body.as_slice()).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
    let tags = [plain.header("etag"), br.header("etag"), gzip.header("etag")];
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");

    for tag in tags {
        let again = read(ask("br").header("If-None-Match", tag)).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert!(!again.header("etag").is_empty());
    }
    assert_eq!(read(ask("br").header("If-None-Match", "\"x\"")).await.status, StatusCode::OK);
    let head = read(house.request(Method::HEAD, CAFE_HOST, "/")).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), plain.body.len().to_string());
    assert_eq!(head.header("etag"), plain.header("etag"));
    assert!(plain.header("content-security-policy").contains("default-src"));
    assert_eq!(
        (plain.header("set-cookie"), plain.header("x-content-type-options")),
        ("", "nosniff")
    );
    let wrong = read(house.request(Method::DELETE, CAFE_HOST, "/")).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ranges_are_answered_while_they_are_current() {
    let (_world, house) = cafe().await;
    let whole = house.get(CAFE_HOST, "/og.png").await;
    let ask = |range: &str| {
        house.request(Method::GET, CAFE_HOST, "/og.png").header("Range", range.to_owned())
    };
    let length = whole.body.len();
    let part = read(ask("bytes=10-19")).await;
    assert_eq!(
        (part.status, part.body.as_slice()),
        (StatusCode::PARTIAL_CONTENT, &whole.body[10..20])
    );
    assert_eq!(part.header("content-range"), format!("bytes 10-19/{length}"));
    let tail = read(ask("bytes=-7")).await;
    assert_eq!(tail.body, whole.body[length - 7..]);
    let current = read(ask("bytes=0-3").header("If-Range", whole.header("etag"))).await;
    assert_eq!(current.status, StatusCode::PARTIAL_CONTENT);
    let stale = read(ask("bytes=0-3").header("If-Range", "\"old\"")).await;
    assert_eq!((stale.status, stale.body.len()), (StatusCode::OK, length));
    let beyond = read(ask(&format!("bytes={length}-"))).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    assert_eq!(beyond.body.len(), 0);
    let head = house.request(Method::HEAD, CAFE_HOST, "/og.png").header("Range", "bytes=10-19");
    let head = read(head).await;
    assert_eq!((head.status, head.header("content-range")), (StatusCode::OK, ""));
    assert_eq!(head.header("content-length"), length.to_string(), "a range is for GET alone");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_lead_to_folders_and_nowhere_else() {
    let (_world, house) = cafe().await;
    let folder = a_folder(&house).await;
    let bare = folder.trim_end_matches('/');
    let led = house.get(CAFE_HOST, &format!("{bare}?a=1")).await;
    assert_eq!(
        (led.status, led.header("location")),
        (StatusCode::MOVED_PERMANENTLY, &*format!("{folder}?a=1"))
    );
    assert_eq!(house.get(CAFE_HOST, &folder).await.status, StatusCode::OK);
    for path in [
        "/../sitespark.db",
        "/%2e%2e/sitespark.db",
        "/..%2f..%2fsitespark.db",
        "//evil.example",
        "//evil.example/..",
        "/./../..",
        "/%00",
        "/\\..\\x",
        "/document.json",
        "/.env",
        "/tidak-ada",
    ] {
        let answer = house
            .raw(&format!("GET {path} HTTP/1.1\r\nHost: {CAFE_HOST}\r\nConnection: close\r\n\r\n"))
            .await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(matches!(status, "400" | "404"), "{path}: {answer}");
        assert!(!answer.to_lowercase().contains("\nlocation:"), "{path}: {answer}");
        assert!(!answer.contains("SQLite format"), "{path}");
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_one_right_host_is_answered() {
    let (_world, house) = cafe().await;
    let status = async |request: &str| {
        let answer = house.raw(&format!("{request}Connection: close\r\n\r\n")).await;
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let absolute = format!("GET http://{CAFE_HOST}/ HTTP/1.1\r\nHost: chat.test\r\n");
    let answer = house.raw(&format!("{absolute}Connection: close\r\n\r\n")).await;
    assert!(answer.contains("Kopi Senja"), "the absolute form wins: {answer}");
    assert_eq!(status("GET / HTTP/1.1\r\nHost: KOPI-Senja.situs.TEST:8080\r\n").await, "200");
    let twice = format!("GET / HTTP/1.1\r\nHost: {CAFE_HOST}\r\nHost: chat.test\r\n");
    assert_eq!(status(&twice).await, "400");
    assert_eq!(status("GET / HTTP/1.1\r\n").await, "400");
    assert_eq!(status("GET /healthz HTTP/1.1\r\n").await, "200", "probes may name nobody");
    let nothing = house.get("chat.test", "/tidak-ada").await;
    assert_eq!(
        (nothing.status, nothing.text().trim()),
        (StatusCode::NOT_FOUND, "there is nothing here")
    );
    for host in [
        "tidak-ada.situs.test",
        "a.kopi-senja.situs.test",
        "evil.example",
        "kopi-senja.situs.test.evil.example",
    ] {
        assert_eq!(house.get(host, "/").await.status, StatusCode::NOT_FOUND, "{host}");
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_names_never_reach_the_database() {
    let (world, house) = cafe().await;
    house.stop().await;
    let house = world.open_in_real_time().await;
    let (stop, mut tasks) = (CancellationToken::new(), JoinSet::new());
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let front = build_front(&house, &ALL_ROLES, metrics, &stop, &mut tasks).await.unwrap();
    // From here on every look-up fails and says so: a 503 is the proof that there was one.
    house.db.close().await;
    let ask = async |host: String| {
        let request = Request::get("/").header("Host", host).body(Body::empty()).unwrap();
        front.answer(request).await.status().as_u16()
    };
    assert_eq!(ask(CAFE_HOST.to_owned()).await, 503, "a name that exists is looked up");
    for number in 0..STRANGERS {
        assert_eq!(ask(format!("orang-{number}.situs.test")).await, 404, "{number}");
    }
    stop.cancel();
    tasks.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_on_no_page_or_says_nothing_is_refused() {
    let (_world, house) = cafe().await;
    let post = async |path: &str, fields: &[(&str, &str)]| {
        read(house.request(Method::POST, CAFE_HOST, path).form(fields)).await
    };
    let letter = LETTER;
    for path in ["/form/tidak-ada", "/form/en/contact", "/form/", "/form/a/b"] {
        assert_eq!(post(path, &letter).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for nothing in [&[][..], &[("consent", "yes")], &[("name", "  "), ("other", "x")]] {
        let refused = post("/form/contact", nothing).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{nothing:?}");
        assert!(refused.text().contains("Pesan belum terkirim"), "{}", refused.text());
    }
    for (without, told) in [
        ("name", "nama Anda"),
        ("phone", "nomor WhatsApp"),
        ("message", "pesannya"),
        ("consent", "persetujuan"),
    ] {
        let fields: Vec<_> = LETTER.into_iter().filter(|(name, _)| *name != without).collect();
        let refused = post("/form/contact", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{without}");
        let page = refused.text();
        assert!(page.contains(told), "{without}: {page}");
        assert!(without == "message" || page.contains("Bisa pesan 50 cangkir?"), "{page}");
    }
    let odd = [("name", "Budi"), ("phone", "08123"), ("message", "Halo"), ("consent", "yes")];
    let refused = post("/form/contact", &odd).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("nomor yang bisa dihubungi"), "{}", refused.text());
    for origin in ["http://evil.example", "null", "http://chat.test"] {
        let sent = house.request(Method::POST, CAFE_HOST, "/form/contact").form(&LETTER);
        let refused = read(sent.header("Origin", origin)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{origin}");
        assert!(refused.text().contains("situsnya sendiri"), "{}", refused.text());
    }
    for path in ["/", "/tidak-ada", "/og.png"] {
        let refused = post(path, &letter).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(refused.header("allow"), "GET, HEAD", "{path}");
    }
    house.settle().await;
    assert_eq!(house.count("select count(*) from form_entries").await, 0);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_are_counted_and_a_visitors_form_is_kept_and_told() {
    let (world, house) = cafe().await;
    let before = Talk::new(&house, "ani").lines().await.len();
    let form = house.request(Method::POST, CAFE_HOST, "/form/contact").form(&LETTER);
    let sent = read(form.header("Origin", format!("http://{CAFE_HOST}"))).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let robot = [("name", "Bot"), ("website", "http://evil.example")];
    let sent = read(house.request(Method::POST, CAFE_HOST, "/form/contact").form(&robot)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    house.settle().await;
    assert_eq!(house.count("select count(*) from form_entries").await, 1);
    let kept = "select count(*) from form_entries where json(fields) like '%50 cangkir%'";
    assert_eq!(house.count(kept).await, 1);
    assert_eq!(Talk::new(&house, "ani").lines().await.len(), before + 1, "the owner is told");
    for _ in 0..3 {
        house.page(CAFE_HOST, "/").await;
    }
    house.get(CAFE_HOST, "/tidak-ada").await;
    house.get(CAFE_HOST, "/og.png").await;
    read(house.request(Method::HEAD, CAFE_HOST, "/")).await;
    house.assert_tidy().await;
    house.stop().await;
    let house = world.start().await;
    assert_eq!(house.count("select coalesce(sum(views), 0) from page_views").await, 3);
    let told = Talk::new(&house, "ani").say("berapa pengunjung web saya?").await;
    let told: String = told.iter().map(|line| line.message.body.to_plain()).collect();
    assert!(told.contains("hari ini: 3 kali") && told.contains("30 hari terakhir: 1"), "{told}");
    house.stop().await;
}

/// 2,500 lines of one moment in the feed.
async fn crowd(db: &Db) {
    let mut tx = db.begin().await.expect("the database answers");
    let many = "insert into site_changes (site_id, subdomain, at_ms)
         with recursive counted (number) as (
           select 1 union all select number + 1 from counted where number < 2500)
         select site_id, 'keramaian', at_ms from counted, (
           select site_id, at_ms from site_changes limit 1)";
    let put: Result<u64, sqlx::Error> = each_engine!(tx &mut tx, conn => sqlx::query(many)
        .execute(conn).await.map(|put| put.rows_affected()));
    assert_eq!(put.expect("the feed takes them"), 2_500);
    tx.commit().await.expect("they are kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_house_publishes_another_on_the_same_data_shows() {
    let world = World::new();
    let maker = world.start_in_real_time().await;
    let other = world.start_in_real_time().await;
    assert_eq!(other.get(CAFE_HOST, "/").await.status, StatusCode::NOT_FOUND);
    let talk = Talk::new(&maker, "ani");
    talk.go_live().await;
    let shown = async || other.get(CAFE_HOST, "/").await.status == StatusCode::OK;
    other.until_within(1_000, "the new site is shown", shown).await;
    // Thousands of changes in one moment, as after an import, hide none that follows.
    crowd(&maker.house.db).await;
    talk.say("kopi susu senja jadi 23rb").await;
    let changed = async || other.page(CAFE_HOST, "/").await.contains("Rp23.000");
    other.until_within(1_000, "the change is shown", changed).await;
    maker.stop().await;
    other.stop().await;
}

/// The value of the first input whose row names an item.
fn field_of(page: &str, item: &str) -> String {
    let row = page.split("<li>").find(|row| row.contains(item)).expect("the item is on the list");
    let from = row.find("name=\"q-").expect("it can be counted") + "name=\"".len();
    row[from..from + row[from..].find('"').expect("its end")].to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_list_becomes_one_message_to_the_owner_and_is_not_kept() {
    let (_world, house) = cafe().await;
    let page = house.page(CAFE_HOST, "/daftar-pesanan/").await;
    let (milk, black) = (field_of(&page, "Kopi Susu Senja"), field_of(&page, "Americano"));
    let post = |path: &'static str, fields: &[(&str, &str)]| {
        read(house.request(Method::POST, CAFE_HOST, path).form(fields))
    };
    let sent = post(
        "/form/order",
        &[
            (&milk, "2"),
            (&black, "1"),
            ("name", "Budi & Co"),
            ("note", "tanpa gula\n#1"),
            ("phone", "62899"),
        ],
    )
    .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let link = url::Url::parse(sent.header("location")).unwrap();
    assert_eq!((link.host_str(), link.path()), (Some("wa.me"), "/6281234567890"));
    let (_, text) = link.query_pairs().next().unwrap();
    for part in
        ["2 × Kopi Susu Senja (Rp18.000) = Rp36.000", "Subtotal: Rp51.000", "Nama: Budi & Co"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.ends_with("Catatan: tanpa gula #1"), "{text}");
    assert_eq!(sent.header("cache-control"), "no-store");

    for wrong in [
        vec![],
        vec![(milk.as_str(), "0")],
        vec![(milk.as_str(), "100")],
        vec![(milk.as_str(), "-1")],
        vec![("q-00000000", "1")],
        vec![("name", "Budi")],
    ] {
        let refused = post("/form/order", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert_eq!(refused.header("location"), "", "{wrong:?}");
    }
    Talk::new(&house, "ani").say("americano habis").await;
    let refused = post("/form/order", &[(&black, "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "what is sold out is no order");
    assert_eq!(post("/form/order", &[(&milk, "1")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(post("/form/fr/order", &[(&milk, "1")]).await.status, StatusCode::NOT_FOUND);
    house.settle().await;
    assert_eq!(house.count("select count(*) from form_entries").await, 0);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_becomes_bilingual_and_one_language_again_by_talking() {
    let (_world, house) = cafe().await;
    let talk = Talk::new(&house, "ani");
    talk.say("websitenya jadi dua bahasa").await;
    let home = house.page(CAFE_HOST, "/").await;
    let english = house.page(CAFE_HOST, "/en/").await;
    assert!(home.contains("<html lang=\"id\">") && english.contains("<html lang=\"en\">"));
    for page in [&home, &english] {
        for tag in ["hreflang=\"id\" href=\"", "hreflang=\"en\" href=\"", "hreflang=\"x-default\""]
        {
            assert!(page.contains(tag), "{tag}");
        }
    }
    assert!(english.contains("Rp18,000") && english.contains("Opening hours"), "{english}");
    assert!(house.page(CAFE_HOST, "/sitemap.xml").await.contains("/en/"));
    let form = house.request(Method::POST, CAFE_HOST, "/form/en/contact").form(&LETTER);
    let sent = read(form).await;
    assert_eq!(sent.header("location"), "/en/thanks/");

    talk.say("harga kopi susu senja jadi 19rb").await;
    assert!(house.page(CAFE_HOST, "/en/").await.contains("Rp19,000"));
    talk.say("satu bahasa saja").await;
    assert_eq!(house.get(CAFE_HOST, "/en/").await.status, StatusCode::NOT_FOUND);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_name_leads_to_the_new_one_for_a_while() {
    let (_world, house) = cafe().await;
    Talk::new(&house, "ani").say("ganti alamat web jadi kopi-fajar").await;
    let moved = async || house.get(CAFE_HOST, "/").await.status == StatusCode::PERMANENT_REDIRECT;
    house.until("the old name leads on", moved).await;
    let led = house.get(CAFE_HOST, "/menu/?a=1").await;
    assert_eq!(led.header("location"), "http://kopi-fajar.situs.test/menu/?a=1");
    assert_eq!(house.get("kopi-fajar.situs.test", "/").await.status, StatusCode::OK);
    house.advance_ms(sites::FORMER_NAME_MS);
    assert_eq!(house.get(CAFE_HOST, "/").await.status, StatusCode::NOT_FOUND);
    house.stop().await;
}
