//! Why a site must not go live, told so that its owner can mend it.

use std::fmt;

use super::super::brands::brands;
use super::{Fault, FaultKind};

/// What an owner can do something about, and all the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// Name or words are those of a bank, wallet, marketplace or office.
    Impersonation,
    /// Words ask for a PIN, a password, a code or a card number.
    AsksSecrets,
    /// A link imitates a protected name.
    LinkLookAlike,
    /// Nothing the owner wrote: ours to mend.
    Ours,
}

impl RefusalKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::Impersonation, Self::AsksSecrets, Self::LinkLookAlike, Self::Ours];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Impersonation => "impersonation",
            Self::AsksSecrets => "asks_secrets",
            Self::LinkLookAlike => "link_look_alike",
            Self::Ours => "ours",
        }
    }

    const fn of(fault: FaultKind) -> Self {
        match fault {
            FaultKind::Impersonation => Self::Impersonation,
            FaultKind::AsksSecrets => Self::AsksSecrets,
            FaultKind::LinkLookAlike => Self::LinkLookAlike,
            FaultKind::Contrast
            | FaultKind::Link
            | FaultKind::Phone
            | FaultKind::Size
            | FaultKind::Headings
            | FaultKind::Meta
            | FaultKind::StructuredData
            | FaultKind::AltText
            | FaultKind::Markup => Self::Ours,
        }
    }
}

/// The gate's no: the first fault that its owner can mend, else that it is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// Of which kind.
    pub kind: RefusalKind,
    /// The protected name or the word it is about, from our own lists; empty when there is none.
    pub about: &'static str,
}

impl Refusal {
    /// The refusal that faults amount to; `None` when none of them blocks.
    pub fn of(faults: &[Fault]) -> Option<Self> {
        let blocking = || faults.iter().filter(|fault| fault.kind.blocks());
        let mendable = blocking().find(|fault| RefusalKind::of(fault.kind) != RefusalKind::Ours);
        let fault = mendable.or_else(|| blocking().next())?;
        Some(Self { kind: RefusalKind::of(fault.kind), about: listed(&fault.about) })
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn from_slug(text: &str) -> Option<Self> {
        let (slug, about) = text.split_once(':').unwrap_or((text, ""));
        let kind = RefusalKind::ALL.into_iter().find(|kind| kind.slug() == slug)?;
        Some(Self { kind, about: listed(about) })
    }
}

impl fmt::Display for Refusal {
    /// `impersonation:BCA`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.about {
            "" => f.write_str(self.kind.slug()),
            about => write!(f, "{}:{about}", self.kind.slug()),
        }
    }
}

/// The entry of our lists, so that nothing a page says is passed on.
fn listed(about: &str) -> &'static str {
    let all = brands();
    let words = all.always.iter().chain(&all.secrets).map(String::as_str);
    let brand = all.named(about).map(|brand| brand.shown.as_str());
    brand.or_else(|| words.into_iter().find(|word| *word == about)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: FaultKind, about: &str) -> Fault {
        Fault { kind, about: about.to_owned(), detail: String::new() }
    }

    #[test]
    fn what_its_owner_can_mend_is_told_first() {
        let faults = [
            fault(FaultKind::Size, ""),
            fault(FaultKind::Contrast, ""),
            fault(FaultKind::AsksSecrets, "otp"),
        ];
        let refusal = Refusal::of(&faults).unwrap();
        assert_eq!(refusal.to_string(), "asks_secrets:otp");
        assert_eq!(Refusal::of(&faults[..2]).unwrap().kind, RefusalKind::Ours);
        assert_eq!(Refusal::of(&faults[..1]), None);
    }

    #[test]
    fn a_refusal_reads_back_and_carries_only_our_own_words() {
        for kind in RefusalKind::ALL {
            let refusal = Refusal { kind, about: "" };
            assert_eq!(Refusal::from_slug(&refusal.to_string()), Some(refusal));
        }
        let bank = Refusal { kind: RefusalKind::Impersonation, about: listed("BCA") };
        assert_eq!(Refusal::from_slug(&bank.to_string()), Some(bank));
        let foreign = Refusal::from_slug("impersonation:<b>anything</b>").unwrap();
        assert_eq!(foreign.about, "");
        assert_eq!(Refusal::from_slug("refused"), None);
    }
}
