//! The threads that build sites: one a core, and behind whoever answers people.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How far back they stand: where all cores are wanted they get a quarter.
#[cfg(target_os = "linux")]
const NICE: i32 = 5;

static BUILDERS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let pool = ThreadPoolBuilder::new()
        .thread_name(|number| format!("builder-{number}"))
        .start_handler(|_| stand_back())
        .build();
    if let Err(error) = &pool {
        tracing::warn!(%error, "sites are built without threads of their own");
    }
    pool.ok()
});

/// Does `work` on the builders' threads and waits for it.
pub(super) fn build_with<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match &*BUILDERS {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Elsewhere than on Linux a priority is the whole process's.
#[cfg(target_os = "linux")]
fn stand_back() {
    // Without a process id it is the calling thread's. A system that refuses loses nothing but time.
    let _refused = rustix::process::setpriority_process(None, NICE);
}

#[cfg(not(target_os = "linux"))]
fn stand_back() {}
