//! What the house reports, as events of the conversation.

use sitespark_core::brief::{Photo, PhotoId, Rgb};
use sitespark_core::generation::{FailureReason, Report, Stage};

use crate::conversation::{
    EditRefusal, Event, ExportFile, PhotoRefusal, PhotoReport, RunFailure, RunReport,
};

use crate::exports::{EXPORTS, ZIP};

/// The event of a report; `None` for one that says nothing we know.
pub(super) fn event_of(report: Report, public_url: &str) -> Option<Event> {
    Some(match report {
        Report::Stage { run, stage } => {
            Event::Run { run, report: RunReport::Stage(Stage::from_slug(&stage)?) }
        }
        Report::Live { run, url, picture_key, picture_url, captured } => {
            Event::Run { run, report: RunReport::Live { url, picture_key, picture_url, captured } }
        }
        Report::Failed { run, reason, released } => {
            let refused = reason == FailureReason::Refused.slug();
            let reason = if refused { RunFailure::Refused } else { RunFailure::Internal };
            Event::Run { run, report: RunReport::Failed { reason, released } }
        }
        Report::PhotoReady { id, width_px, height_px, caption, colour } => {
            let colour = Rgb::from_hex(&colour)?;
            let id = PhotoId(id);
            let photo = Photo { id, width_px, height_px, caption, colour };
            Event::Photo(PhotoReport::Ready(photo))
        }
        Report::PhotoRefused { reason } => {
            Event::Photo(PhotoReport::Refused(match reason.as_str() {
                "too_large" => PhotoRefusal::TooLarge,
                "gone" => PhotoRefusal::Gone,
                _ => PhotoRefusal::Unreadable,
            }))
        }
        Report::Visitor { site: _, name, contact, message } => {
            Event::Visitor { name, contact, message }
        }
        Report::Rewritten { site, captured } => Event::Rewritten { site, captured },
        Report::Exported { site, key, name, size_bytes: _ } => {
            let token = key.trim_start_matches(EXPORTS).trim_end_matches(ZIP);
            let url = format!("{public_url}/files/{token}/{name}");
            Event::Exported { site, file: Some(ExportFile { key: key.clone(), name, url }) }
        }
        Report::ExportFailed { site } => Event::Exported { site, file: None },
        Report::Silence {} => Event::Silence,
        Report::LinkedElsewhere {} => Event::LinkedElsewhere,
        Report::Edited { site } => Event::Edit { site, result: Ok(()) },
        Report::EditRefused { site, reason } => Event::Edit {
            site,
            result: Err(match reason.as_str() {
                "not_found" => EditRefusal::NotFound,
                "refused" => EditRefusal::Refused,
                "locked" => EditRefusal::Locked,
                "nothing" => EditRefusal::Nothing,
                _ => EditRefusal::Internal,
            }),
        },
    })
}
