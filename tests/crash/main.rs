//! The real program under SIGKILL: whatever moment it dies at, what was acknowledged happens once.
//!
//! Several people talk to `sitespark serve` at once, each to a live site and a change of it, while
//! the process is killed at random moments and started again. What was not acknowledged is sent
//! again, as channels do; some of what was acknowledged is, too. Afterwards the database, the pages
//! and the model's log are held against each other and against conversations nobody disturbed.
//!
//! `CRASH_KILLS` sets how often it is killed, `CRASH_SEED` repeats a storm's plan.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it must be")]

mod evidence;
mod model;
mod people;
mod program;
mod storm;

use std::time::Instant;

use sitespark_core::testing::postgres::Cluster;
use storm::Storm;
use tokio::sync::Mutex;

/// Kills where CI asks for all of it, and elsewhere.
const KILLS_IN_CI: usize = 50;
const KILLS: usize = 15;

/// Storms do not share the machine: each wants its own time.
static ONE_STORM: Mutex<()> = Mutex::const_new(());

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_message_has_its_effect_once_on_sqlite() {
    let _alone = ONE_STORM.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("sitespark.db").display());
    survive("sqlite", folder.path(), &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_message_has_its_effect_once_on_postgres() {
    let _alone = ONE_STORM.lock().await;
    // Says by itself what is missing, and fails where CI wants it.
    let Some(cluster) = Cluster::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = cluster.fresh_database().await.unwrap();
    survive("postgres", folder.path(), &url).await;
}

async fn survive(engine: &str, folder: &std::path::Path, database_url: &str) {
    sitespark::init_tls();
    let (kills, seed) = (kills(), seed());
    println!("{engine}: {kills} kills, CRASH_SEED={seed}");
    let begun = Instant::now();
    let (storm, mut program) = Storm::gather(folder, database_url, seed).await;
    let aftermath = std::sync::Arc::clone(&storm).rage(&mut program, kills, seed).await;
    let stormed = begun.elapsed();
    let summary = evidence::judge(&storm, aftermath).await;
    program.stop().await;
    let (is_right, said) = program.run(&["wallet", "audit"]).await;
    assert!(is_right, "wallet audit: {said}");
    println!("{engine}: {summary}");
    println!("{engine}: wallet audit: {}", said.trim());
    println!(
        "{engine}: {:.1} s of storm, {:.1} s in all",
        stormed.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
}

fn kills() -> usize {
    let told = std::env::var("CRASH_KILLS").ok().map(|text| text.parse());
    let is_ci = std::env::var_os("CI").is_some();
    told.map_or(if is_ci { KILLS_IN_CI } else { KILLS }, |kills| {
        kills.expect("CRASH_KILLS is a number")
    })
}

fn seed() -> u64 {
    let told = std::env::var("CRASH_SEED").ok().map(|text| text.parse());
    told.map_or_else(
        || u64::from(rand::random::<u32>()),
        |seed| seed.expect("CRASH_SEED is a number"),
    )
}
