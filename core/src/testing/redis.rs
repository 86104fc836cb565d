//! A temporary Redis that keeps nothing.

use super::server::{Server, Start, find_program, free_port, insist};

/// A running redis-server; dropping it ends it.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    _server: Server,
}

impl RedisServer {
    /// Starts one; `None` when the program is missing.
    pub fn start() -> Option<Self> {
        let Some(program) = find_program("redis-server", &[]) else {
            super::skip("Redis server binaries");
            return None;
        };
        Some(insist("Redis", || start_with(&program.display().to_string())))
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

fn start_with(program: &str) -> Result<RedisServer, String> {
    let text = |error: std::io::Error| error.to_string();
    let folder = tempfile::Builder::new().prefix("redis").tempdir().map_err(text)?.keep();
    let port = free_port().map_err(text)?;
    let options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"];
    let mut command: Vec<String> = vec![program.to_owned()];
    command.extend(options.map(str::to_owned));
    command.push(port.to_string());
    let server = Server::start(&Start {
        command: &command,
        identity: None,
        signal: "TERM",
        folder: &folder,
        ready: "Ready to accept connections",
    })?;
    Ok(RedisServer { port, _server: server })
}
