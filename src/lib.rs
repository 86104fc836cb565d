//! `sitespark`: reads settings, puts the parts together. No rules live here.
//!
//! A library only so that tests and benchmarks can put the same parts together.

mod chat;
pub mod cli;
pub mod config;
mod doctor;
mod document;
mod export;
pub mod gateway;
pub mod house;
pub mod http;
mod import;
mod keeper;
pub mod number;
mod operate;
pub mod polling;
mod readiness;
pub mod script;
pub mod serve;
mod sketches;
mod summary;
pub mod tell;

use std::process::ExitCode;

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sitespark_core::backup::Restore;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use cli::{Cli, Command, Serve};
use config::{Settings, SettingsError};
use house::House;

// A turn allocates and frees thousands of small pieces on whatever thread it is polled by: the C library's
// arenas made a seventh of its processor time.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Bounds of duration histograms, in seconds.
const SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 120.0];

/// Installs the one TLS provider of the program. Call it first; a second call changes nothing.
pub fn init_tls() {
    // Fails only when a provider is installed already, which is this one.
    let _installed = rustls::crypto::ring::default_provider().install_default();
}

/// Does what the command line says.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // A missing .env is the usual case.
    let env_file = dotenvy::dotenv();
    if let Err(error) = &env_file
        && !error.not_found()
    {
        anyhow::bail!("the .env file cannot be read: {error}");
    }
    let (settings, faults) = Settings::read_with_faults(&|name| std::env::var(name).ok());
    let command = cli.command.unwrap_or(Command::Serve(cli.serve));
    if !faults.is_empty() && !matches!(command, Command::Doctor) {
        return Err(SettingsError(faults).into());
    }
    let quiet = !matches!(command, Command::Serve(_));
    start_log(&settings, quiet)?;
    match command {
        Command::Serve(wish) => serve_until_told(settings, wish).await,
        Command::Chat(wish) => chat::chat(House::open(settings).await?, wish).await,
        Command::Doctor => doctor::check(&settings, &faults).await,
        Command::Export { site, out } => export::export(&settings, &site, &out).await,
        Command::Import { file, user, name } => {
            import::import(&settings, &file, &user, name.as_deref()).await
        }
        Command::Migrate => operate::migrate(&settings).await,
        Command::Backup { file, allow_missing } => {
            operate::backup(&settings, &file, allow_missing).await
        }
        Command::Restore { file, force, allow_missing } => {
            operate::restore(&settings, &file, Restore { force, allow_missing }).await
        }
        Command::Wallet(wish) => operate::wallet(&settings, wish).await,
        Command::Sites(wish) => operate::sites(&settings, wish).await,
        Command::Jobs(wish) => operate::jobs(&settings, wish).await,
    }
}

async fn serve_until_told(settings: Settings, wish: Serve) -> anyhow::Result<ExitCode> {
    let metrics = start_metrics()?;
    let house = House::open(settings).await?;
    let roles = if wish.roles.is_empty() { serve::ALL_ROLES.to_vec() } else { wish.roles };
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    serve::serve(house, roles, metrics, stop).await?;
    Ok(ExitCode::SUCCESS)
}

/// Numbers are gathered from here on.
fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be gathered")
}

/// Logs go to standard error. One-shot commands only log what goes wrong.
fn start_log(settings: &Settings, quiet: bool) -> anyhow::Result<()> {
    let set = std::env::var_os("LOG").is_some();
    let filter = if quiet && !set { "error" } else { &settings.log };
    // What the gateway cannot read it would log whole, with what people wrote.
    let quiet_gateway = "serenity=error".parse().context("a directive cannot be read")?;
    let filter = EnvFilter::try_new(filter).context("LOG cannot be read")?;
    let filter = filter.add_directive(quiet_gateway);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let started = if settings.log_json { log.json().try_init() } else { log.try_init() };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}

/// SIGTERM and Ctrl-C drain; a second one ends at once.
pub(crate) async fn stop_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be listened to");
        return;
    };
    for _ in 0..2 {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if stop.is_cancelled() {
            std::process::exit(1);
        }
        tracing::info!("stopping: no new work, running jobs get 20 s");
        stop.cancel();
    }
}
