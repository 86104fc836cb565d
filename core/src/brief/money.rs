//! Rupiah amounts and prices.

use std::fmt;

/// Whole Rupiah. Never fractional, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rupiah(pub i64);

impl fmt::Display for Rupiah {
    /// `Rp25.000`, as Indonesian shops write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        f.write_str("Rp")?;
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// What something costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The price, or the lower end of a range.
    pub from: Rupiah,
    /// The upper end of a range.
    pub to: Option<Rupiah>,
    /// What it is for, such as "kg"; shown after a slash.
    pub unit: Option<String>,
}
