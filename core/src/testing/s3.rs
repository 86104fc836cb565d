//! A temporary S3: `moto_server`, which `pip install 'moto[server]'` brings.

use super::server::{Server, Start, find_program, free_port, insist};

/// A running emulator; dropping it ends it.
#[derive(Debug)]
pub struct S3Server {
    port: u16,
    _server: Server,
}

impl S3Server {
    /// Starts one; `None` when the program is missing.
    pub fn start() -> Option<Self> {
        let Some(program) = find_program("moto_server", &[]) else {
            super::skip("S3 emulator binaries (moto_server)");
            return None;
        };
        Some(insist("moto_server", || start_with(&program.display().to_string())))
    }

    /// Its address.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The variables that lead to it.
    pub fn env(&self, name: &str) -> Option<String> {
        match name {
            "AWS_ENDPOINT_URL" => Some(self.endpoint()),
            "AWS_REGION" => Some("us-east-1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("testing".to_owned()),
            _ => None,
        }
    }
}

fn start_with(program: &str) -> Result<S3Server, String> {
    let text = |error: std::io::Error| error.to_string();
    let folder = tempfile::Builder::new().prefix("s3").tempdir().map_err(text)?.keep();
    let port = free_port().map_err(text)?;
    let command = [program, "-H", "127.0.0.1", "-p"].map(str::to_owned);
    let command: Vec<String> = command.into_iter().chain([port.to_string()]).collect();
    let server = Server::start(&Start {
        command: &command,
        identity: None,
        signal: "TERM",
        folder: &folder,
        ready: "Running on http://",
    })?;
    Ok(S3Server { port, _server: server })
}
