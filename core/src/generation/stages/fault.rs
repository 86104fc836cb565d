//! What is wrong with an answer, told so that a model can correct it.

/// One rule that an answer breaks. Its text goes back to the model in the repair round.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A field is not there or not of its kind.
    #[error("{0} is missing or of the wrong kind")]
    Missing(String),
    /// A field that must say something is empty.
    #[error("{0} is empty")]
    Empty(String),
    /// A text is too long.
    #[error("{field} has {chars} characters, at most {most} are allowed")]
    TooLong {
        /// Which text.
        field: String,
        /// How long it is.
        chars: usize,
        /// How long it may be.
        most: usize,
    },
    /// A list has too few or too many entries.
    #[error("{field} has {entries} entries, {least} to {most} are allowed")]
    Count {
        /// Which list.
        field: String,
        /// How many it has.
        entries: usize,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A text holds HTML, Markdown, a slot or a control character.
    #[error("{0} holds markup or a placeholder; plain text only")]
    Markup(String),
    /// A text holds a web address or an account name.
    #[error("{0} holds a link or an account name")]
    Link(String),
    /// A text holds an e-mail address.
    #[error("{0} holds an e-mail address")]
    Email(String),
    /// A text holds a phone number.
    #[error("{0} holds a phone number")]
    Phone(String),
    /// Two entries of a list say the same.
    #[error("{0} repeats an earlier entry")]
    Repeated(String),
    /// A value is not one of those offered.
    #[error("{0} is not one of the values offered")]
    NotOffered(String),
    /// The title does not name the business.
    #[error("{0} does not hold the name of the business")]
    NameMissing(String),
}

/// Why an answer cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer breaks {} rules: {}", .0.len(), told(.0).join("; "))]
pub struct StageFault(pub Vec<Breach>);

impl StageFault {
    /// Every fault in words, for the repair round.
    pub fn faults(&self) -> Vec<String> {
        told(&self.0)
    }
}

fn told(breaches: &[Breach]) -> Vec<String> {
    breaches.iter().map(ToString::to_string).collect()
}

/// `Ok` when nothing was found.
pub(super) fn none_of(breaches: Vec<Breach>) -> Result<(), StageFault> {
    if breaches.is_empty() { Ok(()) } else { Err(StageFault(breaches)) }
}
