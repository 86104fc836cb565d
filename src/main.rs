//! The binary `sitespark`.

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = sitespark::cli::Cli::parse();
    sitespark::init_tls();
    match sitespark::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
