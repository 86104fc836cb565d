//! What a step wants done. The driver does it in the same transaction as the new state.

use sitespark_core::brief::{Brief, Language, Photo, PhotoRole};
use sitespark_core::generation::Refinement;
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::site::Edit;
use sitespark_core::site::document::SectionKind;

use crate::exports::Takeaway;
use crate::message::{FileRef, Message, Reaction};

/// One wish of a step, carried out in order.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly every effect says something")]
pub enum Effect {
    /// Say something.
    Say(Message),
    /// Step once more from the same state, with `Facts::history` filled in: few steps tell it, and
    /// reading it for each message would cost more than the step.
    RecallMovements,
    /// Remember the person's language.
    SetLanguage(Language),
    /// Reserve the name, hold the price, start making the site. Comes back as
    /// `RunStarted`, `InsufficientTokens`, `GenerationsUsedUp` or `SubdomainRefused`.
    StartRun {
        /// What to make.
        brief: Box<Brief>,
        /// The name it shall live under; `None` lets the driver take a free one like the business's name.
        subdomain: Option<String>,
    },
    /// Let the models try once more where this run found none. Comes back as `WritingAgain`,
    /// `NothingToWrite`, `InsufficientTokens` or `GenerationsUsedUp`.
    WriteAgain(RunId),
    /// Stop a run. Comes back as `RunCancelled` or `RunNotCancelled`.
    CancelRun(RunId),
    /// Put the version before back. Comes back as `Undone` or `NothingToUndo`.
    Undo(SiteId),
    /// Change a live site, free of charge; reported later as `Event::Edit`.
    ApplyEdits {
        /// Which site.
        site: SiteId,
        /// Changes, applied together or not at all.
        edits: Vec<Edit>,
    },
    /// Move a site to another name. Comes back as `Renamed` or `SubdomainRefused`.
    Rename {
        /// Which site.
        site: SiteId,
        /// As asked for.
        subdomain: String,
    },
    /// Credit the daily bonus. Comes back as `DailyClaimed` or `DailyNotYet`.
    ClaimDaily,
    /// Accept an invitation. Comes back as `ReferralAccepted` or `ReferralIgnored`.
    AcceptReferral {
        /// The code of the link.
        code: String,
    },
    /// Fetch, clean and store a photo; reported later as `Event::Photo`.
    FetchPhoto {
        /// Where its bytes are.
        file: FileRef,
        /// What was written with it.
        caption: Option<String>,
        /// What it was sent for.
        role: PhotoRole,
    },
    /// Have a stored photo read; reported later as `Event::Menu`.
    ReadMenu {
        /// Which.
        photo: Photo,
    },
    /// Put an emoji on the message that is answered, where it is one that can carry it and its
    /// channel knows such a thing. Best effort: never the only answer.
    React(Reaction),
    /// Send nothing more until the person writes again.
    Mute,
    /// Something about what is theirs.
    Do(Deed),
}

/// Wishes about a person's sites, versions, files, data and accounts.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Put back what was undone. Comes back as [`Done::Redone`](super::Done) or `NothingToRedo`.
    Redo(SiteId),
    /// List the site's versions. Comes back as `Versions`.
    ListVersions(SiteId),
    /// Change a live site beyond typed edits, free of charge; reported later as `Event::Edit`.
    Refine {
        /// Which site.
        site: SiteId,
        /// What.
        wish: Refinement,
    },
    /// Have a model write it again. Comes back as `RewriteBegun` or `InsufficientTokens`; reported
    /// later as `Event::Rewritten` or `Event::Edit`.
    Rewrite {
        /// Which site.
        site: SiteId,
        /// Which family of sections; all without one.
        section: Option<SectionKind>,
        /// In which manner.
        said: String,
    },
    /// Count who opened the site. Comes back as `Visitors`.
    CountVisitors(SiteId),
    /// Put the site's files or its poster together; reported later as `Event::Exported`.
    Export(SiteId, Takeaway),
    /// Show what changed last. Comes back as `Picturing` or `NoPictures`; reported later as
    /// `Event::Compared`.
    Compare(SiteId),
    /// Take a site down for good. Comes back as `SiteDeleted`.
    DeleteSite(SiteId),
    /// Erase everything about the person. Comes back as `Forgotten`.
    Forget,
    /// Make a code for another channel. Comes back as `LinkCode` or `TooManyCodes`.
    MakeLinkCode,
    /// Enter a code of another channel. Comes back as `Linked`, `LinkedBefore`, `LinkWrong` or
    /// `LinkTooMany`.
    EnterLinkCode {
        /// As it is compared.
        code: String,
    },
}
