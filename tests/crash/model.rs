//! The scripted model: good answers after a short random while, and a log of who asked what when.

use std::sync::{Arc, Mutex};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sitespark_core::llm::fake::{Behaviour, FAKE_KEY, FakeModel, Recorded, Script};

use crate::storm::{Moments, now_ms};

/// Longest an answer takes.
const SLOWEST_MS: u64 = 400;

/// One question as it came in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    /// The business it is about.
    pub(crate) business: String,
    /// The stage and part it is asked for.
    pub(crate) part: (String, String),
    /// When, epoch milliseconds.
    pub(crate) at_ms: i64,
}

/// The model and its log.
pub(crate) struct Model {
    server: FakeModel,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Model {
    /// Starts it; each question counts as a moment.
    pub(crate) async fn start(seed: u64, moments: Arc<Moments>) -> Self {
        let log: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let rng = Mutex::new(StdRng::seed_from_u64(seed));
        let notes = Arc::clone(&log);
        let script = Script::by(move |request| {
            notes.lock().unwrap().push(asked(request));
            moments.note();
            let wait_ms = rng.lock().unwrap().random_range(0..SLOWEST_MS);
            Behaviour::Slow(wait_ms, Box::new(Behaviour::Good))
        });
        Self { server: FakeModel::start(script).await, log }
    }

    /// The settings that lead to it.
    pub(crate) fn settings(&self) -> [(&'static str, String); 2] {
        let provider = self.server.setting("scripted", "SCRIPTED_KEY");
        [("LLM_PROVIDERS", provider), ("SCRIPTED_KEY", FAKE_KEY.to_owned())]
    }

    /// Every question so far, oldest first.
    pub(crate) fn log(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    /// What questions did wrong so far.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.server.violations()
    }
}

fn asked(request: &Recorded) -> Asked {
    let data = request.block("owner_data");
    let schema = request.schema_name();
    let part = match schema.strip_prefix("content_") {
        Some(section) => ("content", section),
        None if schema == "meta" => ("content", "meta"),
        None => (schema, ""),
    };
    Asked {
        business: data["name"].as_str().unwrap_or_default().to_owned(),
        part: (part.0.to_owned(), part.1.to_owned()),
        at_ms: now_ms(),
    }
}
