//! The model path: how much longer it takes than the slowest chain of answers it has to wait for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use sitespark_core::llm::fake::{Behaviour, FAKE_KEY, FakeModel, Script};

use crate::live::{say, tell_everything, until_quiet};
use crate::report::{Aim, Report, percentile};
use crate::server::{Server, open_house_with};

const RUNS: usize = 10;
/// How long each answer takes by what is asked, milliseconds: as small hosted models do.
const INTENT_MS: u64 = 1_200;
const DESIGN_MS: u64 = 1_000;
const META_MS: u64 = 900;
const SECTION_MS: [u64; 4] = [1_600, 2_000, 2_400, 1_800];
/// Aim: the whole path over its slowest chain of dependent answers.
const AIM: f64 = 1.05;

/// When the slowest answer to each kind of question was due, counted from the question.
type Waits = Arc<Mutex<HashMap<String, u64>>>;

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut ratios, mut over_ms) = runtime.block_on(async {
        let waits = Waits::default();
        let model = FakeModel::start(script(Arc::clone(&waits))).await;
        let settings = [
            ("LLM_PROVIDERS", model.setting("scripted", "SCRIPTED_KEY")),
            ("SCRIPTED_KEY", FAKE_KEY.to_owned()),
        ];
        let house = open_house_with(folder.path(), None, None, &settings).await?;
        let server = Server::start(&house).await?;
        let (mut ratios, mut over_ms) = (Vec::new(), Vec::new());
        for number in 0..RUNS {
            let owner = format!("owner{number}");
            tell_everything(&house, &owner).await?;
            waits.lock().unwrap_or_else(PoisonError::into_inner).clear();
            let began = Instant::now();
            say(&house, &owner, "ya").await?;
            until_quiet(&house, &owner).await?;
            let took_ms = began.elapsed().as_secs_f64() * 1_000.0;
            let chain_ms = chain(&waits).context("the model was not asked")?;
            ratios.push(took_ms / chain_ms);
            over_ms.push(took_ms - chain_ms);
        }
        server.stop().await;
        house.db.close().await;
        anyhow::Ok((ratios, over_ms))
    })?;
    let median = percentile(&mut ratios, 0.5);
    report.add("words: model path over its slowest chain", median, "×", Aim::AtMost(AIM));
    report.add(
        "words: what the house adds, median",
        percentile(&mut over_ms, 0.5),
        "ms",
        Aim::None,
    );
    Ok(())
}

fn script(waits: Waits) -> Script {
    Script::by(move |request| {
        let schema = request.schema_name().to_owned();
        let mut waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
        let wait_ms = match schema.as_str() {
            "intent" => INTENT_MS,
            "design" => DESIGN_MS,
            "meta" => META_MS,
            _ => SECTION_MS[waits.len() % SECTION_MS.len()],
        };
        waits.insert(schema, wait_ms);
        Behaviour::Slow(wait_ms, Box::new(Behaviour::Good))
    })
}

/// Everything waits for the intent; the rest needs nothing of each other.
fn chain(waits: &Waits) -> Option<f64> {
    let waits = waits.lock().unwrap_or_else(PoisonError::into_inner);
    let intent = *waits.get("intent")?;
    let rest = waits.iter().filter(|(schema, _)| *schema != "intent").map(|(_, ms)| *ms).max()?;
    Some(Duration::from_millis(intent + rest).as_secs_f64() * 1_000.0)
}
