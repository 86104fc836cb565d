//! Lines for whoever called the program. A reader that went away (`| head`) is told nothing more, and
//! changes nothing: what was to be found out is, and the exit code says it.

use std::io::{ErrorKind, Write};
use std::sync::OnceLock;

/// Why a line could not be written, other than that nobody reads.
static UNTOLD: OnceLock<String> = OnceLock::new();

/// Writes to standard output, at once.
pub(crate) fn tell(text: impl std::fmt::Display) {
    let mut out = std::io::stdout();
    let told = write!(out, "{text}").and_then(|()| out.flush());
    if let Err(error) = told
        && error.kind() != ErrorKind::BrokenPipe
    {
        // The first reason is told; those after it are of the same kind.
        let _first = UNTOLD.set(error.to_string());
    }
}

/// Writes a line to standard error. Nobody could be told if that fails.
pub fn complain(text: impl std::fmt::Display) {
    let _untold = writeln!(std::io::stderr(), "{text}");
}

/// "1 row", "2 rows".
pub(crate) fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// Why something that was to be told could not be.
pub fn untold() -> Option<&'static str> {
    UNTOLD.get().map(String::as_str)
}

/// `println!` that a closed pipe does not turn into a panic.
macro_rules! say {
    () => { $crate::tell::tell("\n") };
    ($($part:tt)*) => { $crate::tell::tell(format_args!("{}\n", format_args!($($part)*))) };
}
pub(crate) use say;
