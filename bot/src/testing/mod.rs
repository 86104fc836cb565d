//! Written conversations: what an owner sends, and what must have been understood of it.
//!
//! Data for tests, of the pure conversation and of every channel alike. Nothing here is in a
//! shipped program, and nothing here answers or decides anything.

mod facts;
mod live_facts;
mod script;

pub use facts::{fact, wrong_facts};
pub use live_facts::wrong_live_facts;
pub use script::{Conversation, Line, ScriptError, load_all};
