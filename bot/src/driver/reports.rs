//! What the house reports, as events of the conversation.

use sitespark_core::brief::{Photo, PhotoId, Rgb};
use sitespark_core::generation::{FailureReason, Report, Stage};
use sitespark_core::site::Refusal;

use crate::conversation::{EditRefusal, Event, PhotoRefusal, PhotoReport, RunFailure, RunReport};

/// The event of a report; `None` for one that says nothing we know.
pub(super) fn event_of(report: Report) -> Option<Event> {
    Some(match report {
        Report::Stage { run, stage } => {
            Event::Run { run, report: RunReport::Stage(Stage::from_slug(&stage)?) }
        }
        Report::Live { run, url, picture_key, picture_url, captured } => {
            Event::Run { run, report: RunReport::Live { url, picture_key, picture_url, captured } }
        }
        Report::Failed { run, reason, released } => {
            let refused = reason == FailureReason::Refused.slug();
            let reason = match Refusal::from_slug(&reason) {
                Some(refusal) => RunFailure::Gate(refusal),
                None if refused => RunFailure::Refused,
                None => RunFailure::Internal,
            };
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
        Report::Edited { site } => Event::Edit { site, result: Ok(()) },
        Report::EditRefused { site, reason } => Event::Edit {
            site,
            result: Err(match (reason.as_str(), Refusal::from_slug(&reason)) {
                (_, Some(refusal)) => EditRefusal::Gate(refusal),
                ("not_found", None) => EditRefusal::NotFound,
                ("refused", None) => EditRefusal::Refused,
                (_, None) => EditRefusal::Internal,
            }),
        },
    })
}
