//! The load generator: people who write through the webhook, and the Bot API their answers go to.
//!
//! Both live on one thread of their own with the barest HTTP that does, so that what is measured is
//! the program.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::server::SECRET;

/// What everybody says, up to the question whether the site may be made.
pub(crate) const LINES: [&str; 8] = [
    "halo kak",
    "kedai kopi",
    "Kopi Senja",
    "anak muda dan pekerja kantoran",
    "menu harga, pesan lewat wa, jam buka",
    "Kopi Susu Senja 18rb, Americano 15rb, Roti Bakar Coklat 20rb, Croissant 25rb",
    "warna coklat, hangat",
    "WA 0812-3456-7890, Jl. Braga No. 12 Bandung, buka tiap hari 08.00-22.00",
];
/// Longest an answer is waited for before the run counts as broken.
const PATIENCE: Duration = Duration::from_secs(20);
/// Silence after which a line's answers are taken to be complete, while they are counted.
const SILENCE: Duration = Duration::from_millis(700);
/// Longest request or answer head that is read.
const MOST_BYTES: usize = 64 * 1_024;

/// Who waits for an answer in which chat.
#[derive(Default)]
struct Ears {
    waiting: Mutex<HashMap<i64, mpsc::UnboundedSender<Instant>>>,
}

/// The generator: one thread.
pub(crate) struct Load {
    runtime: tokio::runtime::Runtime,
    ears: Arc<Ears>,
    next_chat: Arc<AtomicI64>,
    /// Answers each line gets.
    answers: Vec<usize>,
    /// Where answers are to be sent.
    pub(crate) bot_api: SocketAddr,
}

/// What one run saw.
pub(crate) struct Seen {
    pub(crate) turns: usize,
    pub(crate) took: Duration,
    pub(crate) latencies_ms: Vec<f64>,
}

/// How people write.
#[derive(Clone, Copy)]
pub(crate) struct Crowd {
    pub(crate) people: usize,
    /// Counted only after this; with a rate, once everybody has begun as well.
    pub(crate) warm_up: Duration,
    pub(crate) lasting: Duration,
    /// Turns a second all together; everybody writes at once after each answer when there is none.
    pub(crate) rate: Option<f64>,
}

impl Load {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(crate::cpu::LOAD_THREAD)
            .enable_all()
            .build()?;
        let ears = Arc::new(Ears::default());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let bot_api = listener.local_addr()?;
        runtime.spawn(serve_bot_api(listener, Arc::clone(&ears)));
        let next_chat = Arc::new(AtomicI64::new(1_000));
        Ok(Self { runtime, ears, next_chat, answers: Vec::new(), bot_api })
    }

    /// Learns how many answers each line gets.
    pub(crate) fn learn(&mut self, webhook: SocketAddr) -> anyhow::Result<()> {
        let mut person = self.person(webhook);
        self.answers = self.on_thread(async move {
            let mut counts = Vec::new();
            for line in LINES {
                person.post(line).await?;
                let first = tokio::time::timeout(PATIENCE, person.heard.recv()).await;
                first.with_context(|| format!("nothing answered {line:?}"))?;
                let mut count = 1;
                while tokio::time::timeout(SILENCE, person.heard.recv()).await.is_ok() {
                    count += 1;
                }
                counts.push(count);
            }
            Ok(counts)
        })?;
        Ok(())
    }

    /// Lets a crowd write.
    pub(crate) fn run(&self, webhook: SocketAddr, crowd: Crowd) -> anyhow::Result<Seen> {
        let begin = Instant::now() + Duration::from_millis(20);
        let stop = Arc::new(AtomicBool::new(false));
        let mut people = Vec::new();
        for number in 0..crowd.people {
            let person = self.person(webhook);
            let (answers, stop) = (self.answers.clone(), Arc::clone(&stop));
            people.push(self.runtime.spawn(person.talk(number, begin, crowd, answers, stop)));
        }
        let mut latencies_ms = Vec::new();
        self.on_thread(async move {
            for person in people {
                latencies_ms.extend(person.await.context("a person broke off")??);
            }
            Ok(Seen { turns: latencies_ms.len(), took: crowd.lasting, latencies_ms })
        })
    }

    fn person(&self, webhook: SocketAddr) -> Person {
        let (ear, heard) = mpsc::unbounded_channel();
        let mut person = Person {
            webhook,
            stream: None,
            chat: 0,
            update: 0,
            ear,
            heard,
            ears: Arc::clone(&self.ears),
            next_chat: Arc::clone(&self.next_chat),
        };
        person.begin_anew();
        person
    }

    fn on_thread<T: Send + 'static>(
        &self,
        work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
    ) -> anyhow::Result<T> {
        let handle = self.runtime.spawn(work);
        self.runtime.block_on(handle)?
    }
}

impl Ears {
    fn heard(&self, chat: i64) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ear) = waiting.get(&chat) {
            // A person who has left hears nothing.
            let _unheard = ear.send(Instant::now());
        }
    }

    fn move_to(&self, from: i64, to: i64, ear: &mpsc::UnboundedSender<Instant>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.remove(&from);
        waiting.insert(to, ear.clone());
    }
}

/// Somebody who writes, in one chat after the other.
struct Person {
    webhook: SocketAddr,
    stream: Option<TcpStream>,
    chat: i64,
    update: i64,
    ear: mpsc::UnboundedSender<Instant>,
    heard: mpsc::UnboundedReceiver<Instant>,
    ears: Arc<Ears>,
    next_chat: Arc<AtomicI64>,
}

impl Person {
    fn begin_anew(&mut self) {
        let chat = self.next_chat.fetch_add(1, Ordering::Relaxed);
        self.ears.move_to(self.chat, chat, &self.ear);
        self.chat = chat;
    }

    async fn talk(
        mut self,
        number: usize,
        begin: Instant,
        crowd: Crowd,
        answers: Vec<usize>,
        stop: Arc<AtomicBool>,
    ) -> anyhow::Result<Vec<f64>> {
        let pause = crowd.rate.map(|rate| Duration::from_secs_f64(crowd.people as f64 / rate));
        let all_begun = pause.unwrap_or_default() * LINES.len() as u32;
        let counted_from = begin + crowd.warm_up.max(all_begun);
        let end = counted_from + crowd.lasting;
        // Spread evenly over one pause, and over the lines of the talk.
        let (people, behind) = (crowd.people as u32, (number % LINES.len()) as u32);
        let mut due =
            begin + pause.unwrap_or_default() * (behind * people + number as u32) / people;
        let mut latencies_ms = Vec::new();
        let mut at = 0;
        while !stop.load(Ordering::Relaxed) {
            if pause.is_some() {
                tokio::time::sleep_until(due.into()).await;
            }
            let asked = if pause.is_some() { due } else { Instant::now() };
            if asked >= end {
                break;
            }
            self.post(LINES[at]).await?;
            let answered = self
                .first_of(answers[at])
                .await
                .inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            if asked >= counted_from && answered < end {
                latencies_ms
                    .push(answered.saturating_duration_since(asked).as_secs_f64() * 1_000.0);
            }
            due += pause.unwrap_or_default();
            at += 1;
            if at == LINES.len() {
                at = 0;
                self.begin_anew();
            }
        }
        Ok(latencies_ms)
    }

    /// When the first of so many answers came; waits for all of them.
    async fn first_of(&mut self, count: usize) -> anyhow::Result<Instant> {
        let mut first = None;
        for _ in 0..count {
            let heard = tokio::time::timeout(PATIENCE, self.heard.recv()).await;
            let at = heard.context("no answer came")?.context("the Bot API is gone")?;
            first.get_or_insert(at);
        }
        first.context("no answer is expected")
    }

    /// Delivers an update as Telegram does and waits until it is acknowledged.
    async fn post(&mut self, text: &str) -> anyhow::Result<()> {
        self.update += 1;
        let (chat, message) = (self.chat, self.update);
        let update = chat * 1_000 + message;
        let body = format!(
            r#"{{"update_id":{update},"message":{{"message_id":{message},"date":1790000000,"from":{{"id":{chat},"is_bot":false,"first_name":"Ani","language_code":"id"}},"chat":{{"id":{chat},"type":"private","first_name":"Ani"}},"text":"{text}"}}}}"#
        );
        let request = format!(
            "POST /webhook/telegram HTTP/1.1\r\nhost: bench.test\r\ncontent-type: application/json\r\nx-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.webhook).await?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        let Some(stream) = &mut self.stream else { bail!("no connection") };
        stream.write_all(request.as_bytes()).await?;
        let mut head = [0; 1_024];
        let mut filled = 0;
        while !head[..filled].ends_with(b"\r\n\r\n") {
            let read = stream.read(&mut head[filled..]).await?;
            if read == 0 {
                bail!("the webhook closed the connection");
            }
            filled += read;
        }
        if !head.starts_with(b"HTTP/1.1 200") {
            bail!("the webhook said {}", String::from_utf8_lossy(&head[..filled]));
        }
        Ok(())
    }
}

async fn serve_bot_api(listener: TcpListener, ears: Arc<Ears>) {
    let message_ids = Arc::new(AtomicI64::new(1));
    while let Ok((stream, _)) = listener.accept().await {
        let (ears, message_ids) = (Arc::clone(&ears), Arc::clone(&message_ids));
        tokio::spawn(async move {
            // A connection ends when its client leaves.
            let _left = serve_client(stream, &ears, &message_ids).await;
        });
    }
}

async fn serve_client(
    mut stream: TcpStream,
    ears: &Ears,
    message_ids: &AtomicI64,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::with_capacity(8 * 1_024);
    loop {
        let Some(length) = request_length(&bytes) else {
            if bytes.len() > MOST_BYTES || stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
            continue;
        };
        if let Some(chat) = chat_answered(&bytes[..length]) {
            ears.heard(chat);
        }
        bytes.drain(..length);
        let id = message_ids.fetch_add(1, Ordering::Relaxed);
        let body = format!(r#"{{"ok":true,"result":{{"message_id":{id}}}}}"#);
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// Length of the first request, once all of it is there.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let head_end = find(bytes, b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..head_end]).ok()?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Some(0), |(_, value)| value.trim().parse::<usize>().ok())?;
    (bytes.len() >= head_end + length).then_some(head_end + length)
}

/// The chat a request says something in; a sign of typing is no answer.
fn chat_answered(request: &[u8]) -> Option<i64> {
    let line = &request[..find(request, b"\r\n")?];
    find(line, b"/sendMessage").or_else(|| find(line, b"/editMessageText"))?;
    const NAME: &[u8] = b"\"chat_id\":";
    let at = find(request, NAME)? + NAME.len();
    let digits = request[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&request[at..at + digits]).ok()?.parse().ok()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
