//! What the house reports, as events of the conversation.

use sitespark_core::brief::{Focus, Photo, PhotoId, PhotoRole, Rgb};
use sitespark_core::generation::{FailureReason, Report, Stage};
use sitespark_core::safety::Forbidden;
use sitespark_core::site::FaultKind;

use crate::conversation::{
    EditRefusal, Event, ExportFile, NoPicture, Objection, PhotoRefusal, PhotoReport, RunFailure,
    RunReport,
};
use crate::exports::Takeaway;

/// What of the gate's objections an owner can do something about.
fn objection(kinds: &[String]) -> Objection {
    let has = |kind: FaultKind| kinds.iter().any(|slug| slug == kind.slug());
    if has(FaultKind::AsksSecrets) {
        Objection::AsksSecrets
    } else if has(FaultKind::Impersonation) {
        Objection::Impersonation
    } else if has(FaultKind::LinkLookAlike) {
        Objection::LinkLookAlike
    } else {
        Objection::Unnamed
    }
}

/// The event of a report; `None` for one that says nothing we know.
pub(super) fn event_of(report: Report, public_url: &str) -> Option<Event> {
    Some(match report {
        Report::Stage { run, stage } => {
            Event::Run { run, report: RunReport::Stage(Stage::from_slug(&stage)?) }
        }
        Report::Live { run, url, picture_key, picture_url, captured } => {
            Event::Run { run, report: RunReport::Live { url, picture_key, picture_url, captured } }
        }
        Report::Shown { run, url, picture_key, picture_url } => {
            Event::Run { run, report: RunReport::Shown { url, picture_key, picture_url } }
        }
        Report::Written { run, url, captured } => {
            Event::Run { run, report: RunReport::Written { url, captured } }
        }
        Report::Unwritten { run, url, released } => {
            Event::Run { run, report: RunReport::Unwritten { url, released } }
        }
        Report::Failed { run, reason, released, why } => {
            let refused = reason == FailureReason::Refused.slug();
            let reason = match Forbidden::from_reason(&reason) {
                Some(kind) => RunFailure::Forbidden(kind),
                None if refused => RunFailure::Refused(objection(&why)),
                None => RunFailure::Internal,
            };
            Event::Run { run, report: RunReport::Failed { reason, released } }
        }
        Report::PhotoReady { id, width_px, height_px, caption, colour, focus, role } => {
            let colour = Rgb::from_hex(&colour)?;
            let id = PhotoId(id);
            let focus = Focus::from_stored(focus);
            let photo = Photo { id, width_px, height_px, caption, colour, focus };
            Event::Photo(match PhotoRole::from_slug(&role).unwrap_or_default() {
                PhotoRole::Shown => PhotoReport::Ready(photo),
                PhotoRole::Logo => PhotoReport::Logo(photo),
                PhotoRole::Menu => PhotoReport::Menu(photo),
            })
        }
        Report::PhotoRefused { reason } => {
            Event::Photo(PhotoReport::Refused(match reason.as_str() {
                "too_large" => PhotoRefusal::TooLarge,
                "gone" => PhotoRefusal::Gone,
                _ => PhotoRefusal::Unreadable,
            }))
        }
        Report::MenuRead { photo, items } => {
            Event::Menu { photo: Photo::try_from(photo).ok()?, items: Some(items) }
        }
        Report::MenuUnread { photo } => {
            Event::Menu { photo: Photo::try_from(photo).ok()?, items: None }
        }
        Report::Visitor { site: _, name, contact, message } => {
            Event::Visitor { name, contact, message }
        }
        Report::Rewritten { site, captured } => Event::Rewritten { site, captured },
        Report::Exported { site, key, name, size_bytes: _ } => {
            let (what, token) = Takeaway::token_of(&key)?;
            let url = format!("{public_url}/files/{token}/{name}");
            let file = ExportFile { what, key: key.clone(), name, url };
            Event::Exported { site, file: Some(file) }
        }
        Report::Compared { site, picture_key, reason } => {
            let picture = match (picture_key.is_empty(), reason.as_str()) {
                (false, _) => Ok(picture_key),
                (true, "same") => Err(NoPicture::Same),
                (true, _) => Err(NoPicture::Failed),
            };
            Event::Compared { site, picture }
        }
        Report::ExportFailed { site } => Event::Exported { site, file: None },
        Report::Silence {} => Event::Silence,
        Report::LinkedElsewhere {} => Event::LinkedElsewhere,
        Report::Edited { site } => Event::Edit { site, result: Ok(()) },
        Report::EditRefused { site, reason } => Event::Edit {
            site,
            result: Err(match (Forbidden::from_reason(&reason), reason.as_str()) {
                (Some(kind), _) => EditRefusal::Forbidden(kind),
                (None, "not_found") => EditRefusal::NotFound,
                (None, "refused") => EditRefusal::Refused,
                (None, "locked") => EditRefusal::Locked,
                (None, "closed") => EditRefusal::Closed,
                (None, "nothing") => EditRefusal::Nothing,
                (None, _) => EditRefusal::Internal,
            }),
        },
    })
}
