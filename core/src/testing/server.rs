//! A server program that cannot outlive the test process.
//!
//! A small shell stands between: it starts the program, waits for the end of its own standard input,
//! then ends the program by its process id and clears its folder away. That input is a pipe this
//! process holds, so it ends with the process, however that ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Longest a server may take to say that it is ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Times a server is started: somebody else may take its port before it does.
const STARTS: usize = 3;
/// First lines kept of what a server said, for when it does not come up.
const MOST_LINES: usize = 40;

/// Starts the program, ends it when the input ends. `$1` signal, `$2` folder, then the program.
const GUARD: &str = r#"
signal=$1; folder=$2; shift 2
"$@" 2>&1 </dev/null &
server=$!
exec >/dev/null 2>&1
read -r _
kill -s "$signal" "$server"
wait "$server"
rm -rf "$folder"
"#;

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct Server {
    guard: Child,
}

/// How to start one.
#[derive(Debug)]
pub(super) struct Start<'a> {
    /// The program and its arguments.
    pub(super) command: &'a [String],
    /// Run as this user and group, by number.
    pub(super) identity: Option<(u32, u32)>,
    /// What ends it: `QUIT`, `TERM`.
    pub(super) signal: &'a str,
    /// A folder of its own, removed afterwards.
    pub(super) folder: &'a Path,
    /// Part of the line that says it is ready.
    pub(super) ready: &'static str,
}

impl Server {
    /// Starts a server and waits until it says that it is ready; `Err` holds what it said instead.
    pub(super) fn start(start: &Start<'_>) -> Result<Self, String> {
        let mut command = shell_as(start.identity);
        command.arg("-c").arg(GUARD).arg("guard").arg(start.signal).arg(start.folder);
        command.args(start.command).current_dir(start.folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // An interrupt typed at the tests must not reach the guard: it has an end to bring about.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut guard = command.spawn().map_err(|error| error.to_string())?;
        let said = guard.stdout.take().ok_or("the guard has no output")?;
        let server = Self { guard };
        wait_until_ready(said, start.ready)?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // A guard that cannot be waited for has ended already.
        let _ended = self.guard.wait();
    }
}

fn wait_until_ready(
    said: impl std::io::Read + Send + 'static,
    ready: &'static str,
) -> Result<(), String> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = Vec::new();
        let mut came_up = false;
        // Read to its end, so that the server never blocks on a full pipe.
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if came_up {
                continue;
            }
            came_up = line.contains(ready);
            if came_up {
                // Nobody waits any more after a timeout.
                let _late = tell.send(Ok(()));
            } else if lines.len() < MOST_LINES {
                lines.push(line);
            }
        }
        if !came_up {
            let _late = tell.send(Err(lines.join("\n")));
        }
    });
    told.recv_timeout(READY_WITHIN).map_err(|_| "it did not become ready in time".to_owned())?
}

fn shell_as(identity: Option<(u32, u32)>) -> Command {
    let Some((user, group)) = identity else { return Command::new("sh") };
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
    command.arg("--clear-groups").arg("sh");
    command
}

/// Starts an installed server, on another port when the first was taken meanwhile.
pub(super) fn insist<T>(name: &str, start: impl Fn() -> Result<T, String>) -> T {
    let mut said = String::new();
    for _ in 0..STARTS {
        match start() {
            Ok(server) => return server,
            Err(error) => said = error,
        }
    }
    panic!("{name} is installed but did not start: {said}");
}

/// A port nobody listens on right now.
pub(super) fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Where a program lies: on the path, or in one of these folders.
pub(super) fn find_program(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
