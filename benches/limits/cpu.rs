//! Processor time of this process, the load generator's own threads left out: on a shared machine it
//! tells more than the clock.

use std::time::Duration;

/// Threads whose name starts like this generate load.
pub(crate) const LOAD_THREAD: &str = "load";
/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// Processor time spent so far by every thread that is not a load generator.
pub(crate) fn spent() -> Duration {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return Duration::ZERO };
    let ticks: u32 = threads
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("stat")).ok())
        .filter_map(|stat| ticks_of(&stat))
        .sum();
    TICK * ticks
}

fn ticks_of(stat: &str) -> Option<u32> {
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
    if name.starts_with(LOAD_THREAD) {
        return Some(0);
    }
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?)
}
