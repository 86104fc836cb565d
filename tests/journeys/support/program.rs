//! The program itself, called as an operator calls it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{CAFE, World};

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program with nothing in its environment but these settings.
pub(crate) fn program(folder: &Path, data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitespark"));
    command.env_clear().current_dir(folder).args(args);
    command
        .env("DATA_DIR", data)
        .env("LISTEN", "127.0.0.1:0")
        .env("SITES_DOMAIN", "situs.test")
        .env("CHROMIUM_PATH", "off");
    command.env("PUBLIC_URL", "http://chat.test");
    command
}

/// Calls it on the world's data and waits for its end.
pub(crate) fn call(world: &World, args: &[&str]) -> Ended {
    let mut command = program(world.path(), &world.data_dir(), args);
    command.output().expect("the program runs").into()
}

/// The same with something on standard input.
pub(crate) fn call_with(world: &World, args: &[&str], input: &str) -> Ended {
    let mut command = program(world.path(), &world.data_dir(), args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("it was asked for");
    stdin.write_all(input.as_bytes()).expect("it can be written");
    drop(stdin);
    child.wait_with_output().expect("the program ends").into()
}

/// It must end well; gives what it said.
pub(crate) fn done(world: &World, args: &[&str]) -> String {
    let ended = call(world, args);
    assert_eq!(ended.code, 0, "{args:?}: {ended:?}");
    ended.out
}

/// It must end with this code and one plain sentence; gives the sentence.
pub(crate) fn refused(world: &World, args: &[&str], code: i32) -> String {
    let ended = call(world, args);
    assert_eq!(ended.code, code, "{args:?}: {ended:?}");
    assert!(!ended.err.trim().is_empty() && !ended.err.contains("panicked"), "{args:?}: {ended:?}");
    ended.err
}

/// The café's site, made in the terminal by `ani`; gives the lines of JSON.
pub(crate) fn make_cafe(world: &World) -> Vec<serde_json::Value> {
    let script = format!("{}\nya\n", CAFE.join("\n"));
    let ended = call_with(world, &["chat", "--script", "-", "--json", "--user", "ani"], &script);
    assert_eq!(ended.code, 0, "{ended:?}");
    let lines = ended.out.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("every line is JSON")
}
