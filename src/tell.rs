//! Lines for whoever called the program. A reader that went away (`| head`) ends it quietly.

use std::io::Write;

/// Writes a line to standard output.
pub(crate) fn tell(line: impl std::fmt::Display) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// `println!` that a closed pipe does not turn into a panic.
macro_rules! say {
    () => { $crate::tell::tell("") };
    ($($part:tt)*) => { $crate::tell::tell(format_args!($($part)*)) };
}
pub(crate) use say;
