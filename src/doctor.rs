//! `sitespark doctor`: is everything we depend on there, a line each.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use secrecy::ExposeSecret;
use sitespark_core::causes::with_causes;
use sitespark_core::db::Db;
use sitespark_core::live::Live;
use sitespark_core::llm::ProviderConfig;

use crate::config::Settings;
use crate::house::{missing_database, open_objects};
use crate::tell::{counted, say};

/// Longest any one check may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where models are told of: while one of these is wrong, nobody knows whether there are any.
const MODEL_SETTINGS: [&str; 3] = ["LLM_PROVIDERS", "OPENAI_", "KIMI_"];

/// Checks everything that can be, whatever the settings; exit code 1 if one fails.
pub(crate) async fn check(settings: &Settings, faults: &[String]) -> anyhow::Result<ExitCode> {
    let mut report = Report { failed: false };
    for fault in faults {
        report.line("settings", Err(fault.clone()));
    }
    if faults.is_empty() {
        report.line("settings", Ok("all well-formed".to_owned()));
    }
    report.line("database", within(database(settings)).await);
    report.line("storage", within(storage(settings)).await);
    report.line("redis", within(redis(settings)).await);
    let is_right =
        |names: &[&str]| !faults.iter().any(|fault| names.iter().any(|name| fault.contains(name)));
    report.providers("model", &settings.providers).await;
    if settings.providers.is_empty() {
        let none = Ok("none set; the built-in writer writes".to_owned());
        let unknown = || Err("not asked, because its settings are wrong".to_owned());
        report.line("model", if is_right(&MODEL_SETTINGS) { none } else { unknown() });
    }
    report.providers("pictures", &settings.painters).await;
    report.providers("hearing", settings.audio.as_slice()).await;
    let speech = settings.speech.as_ref().map(|speech| &speech.server);
    report.providers("reading aloud", speech.map_or(&[], std::slice::from_ref)).await;
    report.line("photos", within(camera(settings)).await);
    let telegram = match &settings.telegram {
        None => Ok("off".to_owned()),
        Some(telegram) => {
            let token = telegram.token.expose_secret();
            within(ask(format!("{}/bot{token}/getMe", telegram.api_url), None)).await
        }
    };
    report.line("telegram", telegram);
    let whatsapp = match &settings.whatsapp {
        None => Ok("off".to_owned()),
        Some(whatsapp) => {
            let url = format!("{}/{}", whatsapp.api_url, whatsapp.phone_number_id);
            within(ask(url, Some(whatsapp.access_token.expose_secret()))).await
        }
    };
    report.line("whatsapp", whatsapp);
    let discord = match &settings.discord {
        None if settings.discord_key.is_some() => {
            Ok("off, without DISCORD_BOT_TOKEN; pings are answered".to_owned())
        }
        None => Ok("off".to_owned()),
        Some(discord) => {
            let url = format!("{}/applications/@me", discord.api_url);
            within(ask_as_bot(url, discord.token.expose_secret(), &settings.public_url)).await
        }
    };
    report.line("discord", discord);
    Ok(if report.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Report {
    failed: bool,
}

impl Report {
    /// Whether OpenAI-compatible servers answer, a line each.
    async fn providers(&mut self, part: &str, providers: &[ProviderConfig]) {
        for provider in providers {
            let url = format!("{}/models", provider.base_url.trim_end_matches('/'));
            let key = provider.api_key.expose_secret();
            let answer = within(ask(url, Some(key).filter(|key| !key.is_empty()))).await;
            self.line(&format!("{part} {}", provider.name), answer);
        }
    }

    fn line(&mut self, part: &str, outcome: Result<String, String>) {
        match outcome {
            Ok(how) => say!("ok    {part}: {how}"),
            Err(why) => {
                self.failed = true;
                say!("FAIL  {part}: {why}");
            }
        }
    }
}

async fn within(check: impl Future<Output = Result<String, String>>) -> Result<String, String> {
    let checked = tokio::time::timeout(PATIENCE, check).await;
    checked.unwrap_or_else(|_| Err("no answer within 10 s".to_owned()))
}

async fn database(settings: &Settings) -> Result<String, String> {
    if let Some(file) = missing_database(settings) {
        return Err(format!("{} is not there; the first start makes it", file.display()));
    }
    let db = Db::open(settings.database_url.expose_secret())
        .await
        .map_err(|error| format!("cannot be opened: {}", with_causes(&error)))?;
    let written = db.try_write().await;
    written.map_err(|error| format!("cannot be written: {}", with_causes(&error)))?;
    let pending = db.pending_migrations().await.map_err(|error| with_causes(&error))?;
    let engine = db.engine_name();
    Ok(match pending {
        0 => format!("{engine} can be written, the schema is up to date"),
        some => format!(
            "{engine} can be written, {} to run at the next start",
            counted(some, "migration")
        ),
    })
}

async fn storage(settings: &Settings) -> Result<String, String> {
    // Looking makes nothing: where there is no house yet, there is no folder either.
    let folder = settings.storage_url.strip_prefix("file://").map(Path::new);
    if let Some(folder) =
        folder.filter(|folder| !folder.is_dir() && missing_database(settings).is_some())
    {
        return Err(format!("{} is not there; the first start makes it", folder.display()));
    }
    let objects = open_objects(settings).map_err(|error| with_causes(error.as_ref()))?;
    objects.ping().await.map_err(|error| with_causes(&error))?;
    Ok(format!("{} can be written and read", settings.storage_url))
}

async fn redis(settings: &Settings) -> Result<String, String> {
    let Some(url) = &settings.redis_url else {
        return Ok("none set; kept in this process".to_owned());
    };
    let live = Live::redis(url.expose_secret()).await.map_err(|error| with_causes(&error))?;
    live.ping().await.map_err(|error| with_causes(&error))?;
    Ok("answers".to_owned())
}

/// Whether the browser that takes pictures of pages can be started.
async fn camera(settings: &Settings) -> Result<String, String> {
    let Some(program) = &settings.chromium else {
        return Ok("no Chromium; changes are shown by a link".to_owned());
    };
    let asked = tokio::process::Command::new(program)
        .arg("--version")
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    let told = asked.await.map_err(|error| format!("{}: {error}", program.display()))?;
    let version = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    match told.status.success() && !version.is_empty() {
        true => Ok(format!("{version} pictures changes before and after")),
        false => Err(format!("{} does not tell its version", program.display())),
    }
}

/// Asks an outside service; the address is not told, it may hold a token.
async fn ask(url: String, bearer: Option<&str>) -> Result<String, String> {
    let mut request = reqwest::Client::new().get(url);
    if let Some(key) = bearer {
        request = request.bearer_auth(key);
    }
    answer(request).await
}

/// The same of Discord, which has its own word for the key and wants to know who asks.
async fn ask_as_bot(url: String, token: &str, public_url: &str) -> Result<String, String> {
    let agent = sitespark_bot::channels::discord::agent(public_url);
    let request = reqwest::Client::new().get(url).header("user-agent", agent);
    answer(request.header("authorization", format!("Bot {token}"))).await
}

async fn answer(request: reqwest::RequestBuilder) -> Result<String, String> {
    let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
    if answer.status().is_success() {
        Ok("answers".to_owned())
    } else {
        Err(format!("answers with status {}", answer.status().as_u16()))
    }
}
