//! The binary `sitespark`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use sitespark::tell::{complain, untold};

/// How long threads may go on when all is said: one may wait for a line that nobody types.
const LAST_THREADS: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let cli = sitespark::cli::Cli::parse();
    sitespark::init_tls();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(format_args!("no threads can be started: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(sitespark::run(cli));
    runtime.shutdown_timeout(LAST_THREADS);
    match (ended, untold()) {
        (Err(error), _) => {
            complain(sitespark_core::causes::with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
        (Ok(_), Some(why)) => {
            complain(format_args!("standard output cannot be written: {why}"));
            ExitCode::FAILURE
        }
        (Ok(code), None) => code,
    }
}
