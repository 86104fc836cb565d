//! Opening hours.

/// When a business is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Day and night, every day; `spans` is empty then.
    pub always: bool,
    /// Spans in the order said.
    pub spans: Vec<OpenSpan>,
}

/// The same hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSpan {
    /// ISO weekdays, 1 is Monday; ascending, without repeats.
    pub days: Vec<u8>,
    /// Minutes after midnight, 0 to 1439.
    pub opens_min: u16,
    /// Minutes after midnight, 0 to 1440; less than `opens_min` when it closes after midnight.
    pub closes_min: u16,
}
