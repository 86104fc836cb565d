//! A service that judges whether a brief is for something no site may be for.
//!
//! It only adds to the house's own rules ([`crate::safety`]): where it is missing, slow or silent the
//! brief passes, and the rules still stand. It is shown what the owner said about the business, and
//! no way to reach anyone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::ProviderConfig;
use super::call_log::{CallLog, CallRecord, status};
use crate::brief::Brief;
use crate::clock::SharedClock;
use crate::ids::RunId;
use crate::safety::{self, Forbidden};

/// Longest the service is waited for: a site is live within a second of the yes.
const PATIENCE: Duration = Duration::from_millis(900);
/// Largest body of an answer that is read.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// Most characters of a brief that are shown.
const MAX_INPUT_CHARS: usize = 12_000;
/// The model that is asked by its family name; the service knows the newest.
const MODEL: &str = "omni-moderation-latest";
const STAGE: &str = "moderation";
/// Hosts of the known vendors that have no such service.
const WITHOUT: [&str; 4] = ["api.moonshot.ai", "api.moonshot.cn", "api.x.ai", "api.anthropic.com"];

/// What the service calls a thing, and what we call it, the worst first. Its other categories
/// (violence, self-harm, harassment) say nothing about a business.
const CATEGORIES: [(&str, Forbidden); 7] = [
    ("sexual/minors", Forbidden::Sexual),
    ("hate/threatening", Forbidden::Hate),
    ("hate", Forbidden::Hate),
    ("illicit/violent", Forbidden::Weapons),
    ("illicit", Forbidden::Illicit),
    ("sexual", Forbidden::Sexual),
    ("harassment/threatening", Forbidden::Hate),
];

/// One service that judges.
pub struct Moderator {
    provider: String,
    url: String,
    api_key: SecretString,
    http: reqwest::Client,
    log: Option<Arc<dyn CallLog>>,
    clock: SharedClock,
    /// The server has said that it knows no such service.
    absent: AtomicBool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Judgement {
    results: Vec<Verdict>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Verdict {
    flagged: bool,
    categories: Value,
}

/// Why there is no judgement.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error("status {0}")]
    Status(u16),
    #[error("no answer")]
    Http(#[source] reqwest::Error),
    #[error("an answer of another shape")]
    Shape,
}

impl Moderator {
    /// The service of the first provider that may have one.
    pub fn of(
        providers: &[ProviderConfig],
        http: reqwest::Client,
        log: Option<Arc<dyn CallLog>>,
        clock: SharedClock,
    ) -> Option<Self> {
        let provider = providers.iter().find(|provider| may_judge(&provider.base_url))?;
        Some(Self {
            provider: provider.name.clone(),
            url: format!("{}/moderations", provider.base_url.trim_end_matches('/')),
            api_key: provider.api_key.clone(),
            http,
            log,
            clock,
            absent: AtomicBool::new(false),
        })
    }

    /// Shows a brief to the service. Silence is consent: the house's own rules stand before it.
    ///
    /// # Errors
    /// With what the brief was judged to be for.
    pub async fn check(&self, brief: &Brief, run: RunId) -> Result<(), Forbidden> {
        if self.absent.load(Ordering::Relaxed) {
            return Ok(());
        }
        let began_ms = self.clock.now_ms();
        let judged = tokio::time::timeout(PATIENCE, self.ask(&safety::told(brief))).await;
        let (found, label) = match judged {
            Ok(Ok(judgement)) => (judgement.worst(), status::OK),
            Ok(Err(Silence::Status(404 | 405 | 501))) => {
                self.absent.store(true, Ordering::Relaxed);
                (None, "rejected")
            }
            Ok(Err(error)) => {
                tracing::warn!(llm.provider = self.provider, %error, "a brief was not judged");
                (None, "transient")
            }
            Err(_) => {
                tracing::warn!(llm.provider = self.provider, "a brief was not judged in time");
                (None, status::CANCELLED)
            }
        };
        self.note(run, label, began_ms).await;
        found.map_or(Ok(()), Err)
    }

    async fn ask(&self, text: &str) -> Result<Judgement, Silence> {
        let input: String = text.chars().take(MAX_INPUT_CHARS).collect();
        let mut request =
            self.http.post(&self.url).json(&json!({ "model": MODEL, "input": input }));
        let key = self.api_key.expose_secret();
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        let mut response = request.send().await.map_err(Silence::Http)?;
        if response.status() != StatusCode::OK {
            return Err(Silence::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(Silence::Http)? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(Silence::Shape);
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|_| Silence::Shape)
    }

    /// Free of charge, and written down like every other request.
    async fn note(&self, run: RunId, label: &str, began_ms: i64) {
        let at_ms = self.clock.now_ms();
        let record = CallRecord {
            run: Some(run),
            stage: STAGE.to_owned(),
            prompt: String::new(),
            provider: self.provider.clone(),
            model: MODEL.to_owned(),
            status: label.to_owned(),
            prompt_tokens: 0,
            completion_tokens: 0,
            cost_nano_usd: 0,
            estimated: false,
            latency_ms: at_ms - began_ms,
            at_ms,
        };
        let Some(log) = &self.log else { return };
        if let Err(error) = log.write(&record).await {
            tracing::warn!(%error, "a judgement could not be written down");
        }
    }
}

impl Judgement {
    fn worst(&self) -> Option<Forbidden> {
        let flagged = |name: &str| {
            self.results.iter().filter(|verdict| verdict.flagged).any(|verdict| {
                verdict.categories.get(name).and_then(Value::as_bool).unwrap_or(false)
            })
        };
        CATEGORIES.iter().find(|(name, _)| flagged(name)).map(|(_, kind)| *kind)
    }
}

fn may_judge(base_url: &str) -> bool {
    let host = Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| !WITHOUT.contains(&host.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::{Answer, Trade};
    use crate::clock::ManualClock;
    use crate::llm::fake::{Behaviour, FAKE_KEY, FakeModel, Judging, MemoryCallLog};

    fn moderator(model: &FakeModel, log: &Arc<MemoryCallLog>) -> Moderator {
        // Another test may have installed it before.
        rustls::crypto::ring::default_provider().install_default().ok();
        let lookup = |_: &str| Some(FAKE_KEY.to_owned());
        let providers =
            ProviderConfig::parse_list(&model.setting("judge", "KEY"), &lookup).unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let clock = Arc::new(ManualClock::at(0));
        Moderator::of(&providers, http, Some(log.clone()), clock).unwrap()
    }

    fn brief() -> Brief {
        Brief { trade: Some(Answer::new(Trade::Other, "toko kue")), ..Brief::default() }
    }

    #[tokio::test]
    async fn what_the_service_flags_is_forbidden_and_written_down() {
        let model = FakeModel::start(Behaviour::Good).await;
        let log = Arc::new(MemoryCallLog::default());
        let judge = moderator(&model, &log);
        let run = RunId::fresh();
        assert_eq!(judge.check(&brief(), run).await, Ok(()));
        for (category, kind) in [
            ("sexual", Forbidden::Sexual),
            ("illicit", Forbidden::Illicit),
            ("hate", Forbidden::Hate),
        ] {
            model.judge(Judging::Flag(category));
            assert_eq!(judge.check(&brief(), run).await, Err(kind));
        }
        model.judge(Judging::Flag("violence"));
        assert_eq!(judge.check(&brief(), run).await, Ok(()), "a butcher is no crime");
        assert_eq!(model.judged(), vec!["toko kue"; 5]);
        assert!(log.calls().iter().all(|call| call.run == Some(run) && call.cost_nano_usd == 0));
        assert_eq!(log.calls().len(), 5);
    }

    #[tokio::test]
    async fn a_silent_service_blocks_nobody_and_an_absent_one_is_asked_once() {
        let model = FakeModel::start(Behaviour::Good).await;
        let log = Arc::new(MemoryCallLog::default());
        let judge = moderator(&model, &log);
        for silent in [Judging::Status(500), Judging::Status(429), Judging::Garbage] {
            model.judge(silent);
            assert_eq!(judge.check(&brief(), RunId::fresh()).await, Ok(()));
        }
        assert_eq!(model.judged().len(), 3);
        model.judge(Judging::Status(404));
        for _ in 0..3 {
            assert_eq!(judge.check(&brief(), RunId::fresh()).await, Ok(()));
        }
        assert_eq!(model.judged().len(), 4);
    }

    #[test]
    fn vendors_without_such_a_service_are_passed_over() {
        assert!(may_judge("https://api.openai.com/v1"));
        assert!(!may_judge("https://api.x.ai/v1"));
        assert!(!may_judge("nonsense"));
    }
}
