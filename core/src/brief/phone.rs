//! Phone numbers as E.164.

use std::fmt;

/// A valid number in E.164, such as `+6281234567890`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// Why a text is not a phone number; each gets its own kind sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// No run of digits in it.
    #[error("no number in the text")]
    Missing,
    /// Digits are missing.
    #[error("the number is too short")]
    TooShort,
    /// There are too many digits.
    #[error("the number is too long")]
    TooLong,
    /// No country or operator uses it.
    #[error("no such number exists")]
    Unknown,
}

impl Phone {
    /// The E.164 text with its plus sign.
    pub fn as_e164(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
