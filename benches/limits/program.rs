//! The built binary itself: how soon it answers, how much memory it takes when nobody asks.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::report::{Aim, Report, percentile};

const STARTS: usize = 10;
/// Aim from start to the first answer.
const START_AIM_MS: f64 = 150.0;
/// Aim for memory at rest.
const MEMORY_AIM_MB: f64 = 64.0;
/// Rest before memory is read.
const REST: Duration = Duration::from_secs(5);
/// Longest a start may take before the run counts as broken.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    // The first start makes the database: told apart from the others.
    let (first, _) = start_once(folder.path(), &[])?;
    let mut starts = Vec::new();
    let mut resting = None;
    for number in 0..STARTS {
        let (took, program) = start_once(folder.path(), &[])?;
        starts.push(took);
        if number + 1 == STARTS {
            std::thread::sleep(REST);
            resting = program.memory_mb();
        }
    }
    report.add("program: first start to answer, empty folder", first, "ms", Aim::None);
    let median = percentile(&mut starts, 0.5);
    report.add("program: start to answer, median of 10", median, "ms", Aim::AtMost(START_AIM_MS));
    let memory = resting.context("the program's memory cannot be read")?;
    report.add("program: memory at rest", memory, "MB", Aim::AtMost(MEMORY_AIM_MB));
    Ok(())
}

/// A running program; killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Resident memory in megabytes.
    pub(crate) fn memory_mb(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kb: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kb / 1_024.0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Gone already is as well.
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// Starts the binary; milliseconds until it answers, and the running program.
pub(crate) fn start_once(folder: &Path, told: &[(&str, &str)]) -> anyhow::Result<(f64, Program)> {
    let address = free_address()?;
    let began = Instant::now();
    let child = Command::new(env!("CARGO_BIN_EXE_sitespark"))
        .env_clear()
        .env("DATA_DIR", folder)
        .env("LISTEN", address.to_string())
        .env("SITES_DOMAIN", "sites.test")
        .env("CHROMIUM_PATH", "off")
        .env("LOG", "error")
        .envs(told.iter().copied())
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .context("the program cannot be started")?;
    let program = Program { child, address };
    while began.elapsed() < PATIENCE {
        if answers(address) {
            return Ok((began.elapsed().as_secs_f64() * 1_000.0, program));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    bail!("the program does not answer")
}

/// A loopback port that nobody has.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let asked =
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
    let mut answer = [0; 12];
    asked.is_ok() && stream.read_exact(&mut answer).is_ok() && answer == *b"HTTP/1.1 200"
}
