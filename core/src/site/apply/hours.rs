//! Opening hours: all of them, or some days of the week.

use super::super::document::{Business, DocumentHours, DocumentSpan};
use super::super::edit::{EditError, HoursEdit};
use super::ensure;
use crate::brief::{Hours, HoursChange, OpenSpan};

const DAY_MIN: u16 = 1_440;

pub(super) fn set(business: &mut Business, hours: Option<&DocumentHours>) -> Result<(), EditError> {
    let spans = hours.map_or(&[][..], |hours| &hours.spans);
    ensure(spans.iter().all(is_sound), "the hours are out of bounds")?;
    business.hours = hours.cloned();
    Ok(())
}

pub(super) fn change(business: &mut Business, change: &HoursEdit) -> Result<(), EditError> {
    let known = business.hours.as_ref().map(said);
    let changed = HoursChange {
        spans: change.spans.iter().map(span_said).collect(),
        closed: change.closed.clone(),
        usual: change.usual.clone(),
        breaks: change.breaks.iter().map(span_said).collect(),
        opens_min: change.opens_min,
        closes_min: change.closes_min,
        days: change.days.clone(),
    };
    let Some(hours) = changed.applied_to(known.as_ref()) else {
        return Err(EditError::NotFound("hours".to_owned()));
    };
    let spans = hours.spans.into_iter().map(|span| DocumentSpan {
        days: span.days,
        opens_min: span.opens_min,
        closes_min: span.closes_min,
    });
    let hours = DocumentHours { always: hours.always, spans: spans.collect() };
    set(business, Some(&hours))
}

fn is_sound(span: &DocumentSpan) -> bool {
    span.opens_min < DAY_MIN
        && span.closes_min <= DAY_MIN
        && span.days.iter().all(|day| (1..=7).contains(day))
}

fn said(hours: &DocumentHours) -> Hours {
    Hours { always: hours.always, spans: hours.spans.iter().map(span_said).collect() }
}

fn span_said(span: &DocumentSpan) -> OpenSpan {
    OpenSpan { days: span.days.clone(), opens_min: span.opens_min, closes_min: span.closes_min }
}
