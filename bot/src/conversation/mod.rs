//! The conversation as a pure function: `step(state, event, facts, now) -> (state, effects)`.

mod effect;
mod event;

pub use effect::Effect;
pub use event::{
    EditRefusal, Event, Facts, HistoryLine, Outcome, PhotoRefusal, PhotoReport, RunFailure,
    RunReport, RunStage, SiteFacts,
};
