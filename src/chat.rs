//! `sitespark chat`: the same conversation in the terminal, all roles in this process.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;
use sha2::{Digest, Sha256};
use sitespark_bot::inbox::chat_key;
use sitespark_bot::message::{Channel, Content, FileRef, Inbound, Message, Sender};
use sitespark_bot::store::{self, Line as TranscriptLine};
use sitespark_core::causes::with_causes;
use sitespark_core::llm::voice::RECORDING_TYPE;
use sitespark_core::plain::plain;
use sitespark_core::queue;
use sitespark_core::storage::Bytes;
use tokio::io::AsyncBufReadExt;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::{Chat, Lang};
use crate::house::House;
use crate::http::run_http;
use crate::script::{self, Line};
use crate::serve::{ALL_ROLES, build_front, drain};
use crate::stop_on_signal;
use crate::tell::{complain, say, tell};

/// Longest a message may be worked on before the chat gives up waiting.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often the chat looks whether the bot has fallen silent.
const LOOK: Duration = Duration::from_millis(25);
/// Work due later than this does not keep the bot from being silent.
const HORIZON_MS: i64 = 60_000;
/// Stands before the recording of what was said.
const VOICE_SIGN: &str = "🔊";
/// Lines read from the transcript at once.
const MOST_LINES: i64 = 200;

/// Talks until the script or standard input ends.
pub(crate) async fn chat(house: House, wish: Chat) -> anyhow::Result<ExitCode> {
    let lines = match read_script(&wish) {
        Ok(lines) => lines,
        Err(error) => {
            complain(with_causes(error.as_ref()));
            return Ok(ExitCode::from(2));
        }
    };
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let mut tasks = JoinSet::new();
    house.start(&ALL_ROLES, &stop, &mut tasks)?;
    show_sites(&house, &stop, &mut tasks).await?;
    let mut talk = Talk::open(house, &wish).await?;
    let talking = async {
        match lines {
            Some(lines) => talk.follow(lines).await,
            None => talk.converse().await,
        }
    };
    let talked = stop.run_until_cancelled(talking).await;
    stop.cancel();
    drain(std::future::ready(()), tasks, &stop, &talk.house.db).await;
    talked.transpose()?;
    Ok(ExitCode::SUCCESS)
}

/// The sites made here can be opened while the chat runs, unless a server has the port already.
async fn show_sites(
    house: &House,
    stop: &CancellationToken,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<()> {
    let Ok(listener) = TcpListener::bind(house.settings.listen).await else { return Ok(()) };
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    let front = build_front(house, &ALL_ROLES, metrics, stop, tasks).await?;
    let stop = stop.clone();
    tasks.spawn(async move {
        run_http(listener, front, &stop).await;
    });
    Ok(())
}

fn read_script(wish: &Chat) -> anyhow::Result<Option<Vec<Line>>> {
    let Some(path) = &wish.script else { return Ok(None) };
    let (text, folder) = if path.as_os_str() == "-" {
        (std::io::read_to_string(std::io::stdin())?, PathBuf::from("."))
    } else {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the script {} cannot be read", path.display()))?;
        (text, path.parent().map_or_else(PathBuf::new, Path::to_path_buf))
    };
    Ok(Some(script::parse(&text, &folder)?))
}

struct Talk {
    house: House,
    user: String,
    language: Option<String>,
    json: bool,
    seen: i64,
}

impl Talk {
    async fn open(house: House, wish: &Chat) -> anyhow::Result<Self> {
        let user = wish.user.clone();
        let mut seen = 0;
        loop {
            let lines = store::lines_after(&house.db, Channel::Terminal, &user, seen, MOST_LINES);
            match lines.await?.last() {
                Some(line) => seen = line.seq,
                None => break,
            }
        }
        let language = wish.lang.map(|lang| match lang {
            Lang::Id => "id".to_owned(),
            Lang::En => "en".to_owned(),
        });
        Ok(Self { house, user, language, json: wish.json, seen })
    }

    async fn follow(&mut self, lines: Vec<Line>) -> anyhow::Result<()> {
        for line in lines {
            if !self.json {
                say!("> {}", echo(&line));
            }
            self.say(line).await?;
        }
        Ok(())
    }

    async fn converse(&mut self) -> anyhow::Result<()> {
        self.send(Content::Start { payload: None }).await?;
        let mut lines = tokio::io::BufReader::new(tokio::io::stdin()).lines();
        loop {
            if std::io::stdin().is_terminal() {
                tell("> ");
            }
            let Some(line) = lines.next_line().await? else { return Ok(()) };
            let line = plain(&line);
            if line.trim().is_empty() {
                continue;
            }
            match script::parse_line(&line, Path::new(".")) {
                Ok(line) => self.say(line).await?,
                Err(what) => complain(what),
            }
        }
    }

    async fn say(&mut self, line: Line) -> anyhow::Result<()> {
        let content = match line {
            Line::Text(text) => Content::Text { text },
            Line::Choice(id) => Content::Choice { id },
            Line::Location(latitude, longitude) => {
                Content::Location { latitude, longitude, label: None }
            }
            Line::Contact(name, phone) => Content::Contact { name, phone },
            Line::Photo(path, caption) => {
                Content::Photo { file: self.upload(&path).await?, caption }
            }
            Line::Voice(path) => Content::Voice { file: self.upload(&path).await? },
        };
        self.send(content).await
    }

    async fn upload(&self, path: &Path) -> anyhow::Result<FileRef> {
        let bytes = tokio::fs::read(path).await?;
        let size_bytes = i64::try_from(bytes.len()).ok();
        let id = format!("uploads/terminal/{}", hex::encode(Sha256::digest(&bytes)));
        self.house.objects.put(&id, Bytes::from(bytes)).await?;
        Ok(FileRef { id, media_type: None, size_bytes })
    }

    async fn send(&mut self, content: Content) -> anyhow::Result<()> {
        let inbound = Inbound {
            channel: Channel::Terminal,
            chat: self.user.clone(),
            cause: format!("terminal:{}", uuid::Uuid::now_v7()),
            sender: Sender {
                external_id: self.user.clone(),
                language: self.language.clone(),
                ..Sender::default()
            },
            sent_at_ms: self.house.clock.now_ms(),
            content,
            acknowledge: None,
            message_ref: None,
            edited: false,
        };
        self.house.intake.receive(&[inbound]).await?;
        tokio::time::timeout(PATIENCE, self.listen()).await.context("the bot does not answer")?
    }

    /// Shows what the bot says until it falls silent.
    async fn listen(&mut self) -> anyhow::Result<()> {
        let key = chat_key(Channel::Terminal, &self.user);
        loop {
            let horizon_ms = self.house.clock.now_ms() + HORIZON_MS;
            let quiet = queue::is_quiet(&self.house.db, &key, horizon_ms).await?;
            self.show_new().await?;
            if quiet {
                return Ok(());
            }
            let finished = self.house.db.signals().finished();
            // Work of another process gives no sign here: look again.
            let _bounded = tokio::time::timeout(LOOK, finished).await;
        }
    }

    async fn show_new(&mut self) -> anyhow::Result<()> {
        let db = &self.house.db;
        let lines =
            store::lines_after(db, Channel::Terminal, &self.user, self.seen, MOST_LINES).await?;
        for line in lines {
            self.seen = line.seq;
            if line.from_bot {
                if self.json { say!("{}", as_json(&line)) } else { show(&line.message) }
            }
        }
        Ok(())
    }
}

fn echo(line: &Line) -> String {
    match line {
        Line::Text(text) => text.clone(),
        Line::Choice(id) => format!("[{id}]"),
        Line::Location(latitude, longitude) => format!("[{latitude}, {longitude}]"),
        Line::Contact(name, phone) => format!("[{name} {phone}]"),
        Line::Photo(path, caption) => {
            format!("[{}] {}", path.display(), caption.as_deref().unwrap_or_default())
        }
        Line::Voice(path) => format!("[{}]", path.display()),
    }
}

fn as_json(line: &TranscriptLine) -> serde_json::Value {
    let message = &line.message;
    let media: Vec<_> = message
        .picture
        .iter()
        .map(|picture| json!({ "url": picture.url, "key": picture.key, "media_type": picture.media_type }))
        .chain(message.document.iter().map(|file| {
            json!({ "url": file.url, "key": file.key, "media_type": file.media_type, "name": file.name })
        }))
        .chain(message.voice.iter().map(|note| {
            json!({ "url": null, "key": note.key, "media_type": RECORDING_TYPE, "words": note.words })
        }))
        .collect();
    json!({
        "text": message.body.to_plain(),
        "choices": message.choices.iter().map(|c| json!({ "id": c.id, "label": c.label })).collect::<Vec<_>>(),
        "links": message.links.iter().map(|l| json!({ "label": l.label, "url": l.url })).collect::<Vec<_>>(),
        "media": media,
        "state": line.state,
    })
}

fn show(message: &Message) {
    if let Some(note) = &message.voice {
        say!("  {VOICE_SIGN} {}", note.key.as_deref().unwrap_or_default());
        return;
    }
    let colourful = std::io::stdout().is_terminal();
    let text: String = message
        .body
        .0
        .iter()
        .map(|span| match (colourful, span.bold) {
            (true, true) => format!("\x1b[1m{}\x1b[0m", span.text),
            _ => span.text.clone(),
        })
        .collect();
    say!("\n{text}");
    for (at, choice) in message.choices.iter().enumerate() {
        say!("  {}. {}", at + 1, choice.label);
    }
    for link in &message.links {
        say!("  {}: {}", link.label, link.url);
    }
    if let Some(file) = &message.document {
        say!("  {}: {} ({})", file.label, file.name, file.url);
    }
    say!();
}
