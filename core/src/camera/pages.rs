//! What the browser may see: the files of given versions, each on a loopback port of its own, and a
//! page of frames around them. Nothing else is answered; everything ends when it is dropped.

use std::fmt::Write;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{PAGE_TALL, PHONE_WIDE};
use crate::sites::{Manifest, Version, read_file};
use crate::storage::Objects;

/// Largest head of a request that is read.
const MAX_HEAD_BYTES: usize = 8 * 1024;
/// Longest one request may take to come and its answer to go.
const EXCHANGE: Duration = Duration::from_secs(5);
/// Exchanges at once; a page has a few dozen files.
const MOST_AT_ONCE: usize = 64;
/// What lets pictures come late; a picture of a page must not be taken before them.
const LATE: [&str; 2] = [" loading=\"lazy\"", " decoding=\"async\""];

/// What one port answers with.
#[derive(Debug)]
pub(super) enum Shelf {
    /// One page and nothing else.
    Page(String),
    /// The files of a version.
    Version(Files),
}

/// Where a version's files are.
#[derive(Debug)]
pub(super) struct Files {
    objects: Objects,
    digest: String,
    manifest: Manifest,
}

impl Files {
    pub(super) fn of(version: &Version, objects: &Objects) -> Self {
        let Version { digest, manifest, .. } = version.clone();
        Self { objects: objects.clone(), digest, manifest }
    }
}

/// A port that answers as long as this lives.
#[derive(Debug)]
pub(super) struct Showing {
    /// Which, on 127.0.0.1.
    pub(super) port: u16,
    _server: JoinSet<()>,
}

/// One answer.
#[derive(Debug)]
struct Answer {
    status: &'static str,
    media_type: String,
    policy: String,
    body: Vec<u8>,
}

impl Showing {
    /// Opens a free port.
    pub(super) async fn open(shelf: Shelf) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, std::sync::Arc::new(shelf)));
        Ok(Self { port, _server: server })
    }
}

async fn serve(listener: TcpListener, shelf: std::sync::Arc<Shelf>) {
    let mut exchanges = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while exchanges.len() >= MOST_AT_ONCE {
            exchanges.join_next().await;
        }
        let shelf = std::sync::Arc::clone(&shelf);
        exchanges.spawn(async move {
            // Whoever goes away or says nothing is let go.
            let _done = tokio::time::timeout(EXCHANGE, exchange(stream, &shelf)).await;
        });
        while exchanges.try_join_next().is_some() {}
    }
}

async fn exchange(mut stream: TcpStream, shelf: &Shelf) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() >= MAX_HEAD_BYTES || stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let answer = answer(path_of(&head), shelf).await;
    let Answer { status, media_type, policy, body } = answer;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\
         content-security-policy: {policy}\r\nx-content-type-options: nosniff\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.shutdown().await
}

/// The path of a `GET`, without its query.
fn path_of(head: &[u8]) -> Option<&str> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let rest = std::str::from_utf8(line).ok()?.strip_prefix("GET ")?;
    rest.split([' ', '?']).next()
}

async fn answer(path: Option<&str>, shelf: &Shelf) -> Answer {
    match (path, shelf) {
        (Some("/"), Shelf::Page(page)) => Answer {
            status: "200 OK",
            media_type: "text/html; charset=utf-8".to_owned(),
            policy: "default-src 'none'; style-src 'unsafe-inline'; frame-src http://127.0.0.1:*"
                .to_owned(),
            body: page.clone().into_bytes(),
        },
        (Some(path), Shelf::Version(files)) => {
            let found = files.manifest.files.get(path);
            let Some(file) = found else { return nothing() };
            let read = read_file(&files.objects, &files.digest, file).await;
            let Ok(body) = read else { return nothing() };
            let is_page = file.media_type.starts_with("text/html");
            Answer {
                status: "200 OK",
                media_type: file.media_type.clone(),
                policy: files.manifest.csp.clone(),
                body: if is_page { at_once(body) } else { body },
            }
        }
        (Some(_) | None, Shelf::Page(_)) | (None, Shelf::Version(_)) => nothing(),
    }
}

fn nothing() -> Answer {
    Answer {
        status: "404 Not Found",
        media_type: "text/plain".to_owned(),
        policy: "default-src 'none'".to_owned(),
        body: Vec::new(),
    }
}

/// A page whose pictures all come before it counts as loaded.
fn at_once(page: Vec<u8>) -> Vec<u8> {
    match String::from_utf8(page) {
        Ok(page) => LATE.iter().fold(page, |page, late| page.replace(late, "")).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// A page of frames, one beside the other, each a phone with a very tall screen.
pub(super) fn frames(ports: impl Iterator<Item = u16>) -> String {
    let mut page = format!(
        "<!doctype html><meta charset=\"utf-8\"><style>*{{margin:0}}body{{display:flex;background:#fff}}\
         iframe{{flex:none;border:0;width:{PHONE_WIDE}px;height:{PAGE_TALL}px}}</style>"
    );
    for port in ports {
        // A string takes all that is written to it.
        let _ = write!(page, "<iframe src=\"http://127.0.0.1:{port}/\"></iframe>");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let _refused = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        // Who is not read to the end is cut off; what was answered before is what counts.
        let _cut_off = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn one_page_is_answered_and_nothing_else() {
        let showing = Showing::open(Shelf::Page("halo".to_owned())).await.unwrap();
        let page = ask(showing.port, "GET /?x=1 HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("\r\n\r\nhalo"), "{page}");
        for other in ["GET /etc/passwd HTTP/1.1", "POST / HTTP/1.1", "GET /../ HTTP/1.1", "x"] {
            let refused = ask(showing.port, &format!("{other}\r\n\r\n")).await;
            assert!(refused.starts_with("HTTP/1.1 404"), "{other}: {refused}");
        }
        let endless = format!("GET /{} HTTP/1.1\r\n", "a".repeat(2 * MAX_HEAD_BYTES));
        assert!(!ask(showing.port, &endless).await.contains("200"));
    }

    #[test]
    fn pictures_of_a_page_come_before_it_is_taken() {
        let page = b"<img src=\"/a.jpg\" loading=\"lazy\" decoding=\"async\"><p>lazy</p>".to_vec();
        assert_eq!(at_once(page), b"<img src=\"/a.jpg\"><p>lazy</p>");
    }
}
