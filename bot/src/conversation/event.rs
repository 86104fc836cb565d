//! What happens to a conversation.

use sitespark_core::brief::{Brief, Language, Photo};
use sitespark_core::generation::Stage;
use sitespark_core::ids::{RunId, SiteId, Tokens};
use sitespark_core::safety::Forbidden;
use sitespark_core::site::document::DocumentItem;
use sitespark_core::sites::{Traffic, VersionLine};

use super::state::State;
use crate::exports::Takeaway;
use crate::message::Content;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The person did something.
    Said(Content),
    /// The person put other words into an earlier message.
    Edited {
        /// What the channel calls it.
        message: String,
        /// Its words now.
        text: String,
    },
    /// The person put an emoji on a message of ours.
    Reacted {
        /// Which.
        emoji: String,
        /// Whether it is the last thing we said.
        latest: bool,
    },
    /// An effect of this very turn came out so; handled in the same transaction.
    Came(Outcome),
    /// A generation reports.
    Run {
        /// Which.
        run: RunId,
        /// What.
        report: RunReport,
    },
    /// A photo the person sent was looked at.
    Photo(PhotoReport),
    /// A photo was read as a list of what is sold, or could not be.
    Menu {
        /// Which.
        photo: Photo,
        /// What stands in it, empty when there is nothing of the kind; `None` when nobody could read it.
        items: Option<Vec<DocumentItem>>,
    },
    /// A visitor has written in the form of one of the person's sites.
    Visitor {
        /// Who; empty when they did not say.
        name: String,
        /// How to reach them; empty when they did not say.
        contact: String,
        /// What they wrote; empty when they wrote nothing.
        message: String,
    },
    /// A change that was paid for is live.
    Rewritten {
        /// Which site.
        site: SiteId,
        /// What it cost.
        captured: Tokens,
    },
    /// A site's files are ready to be taken away; `None` when they could not be put together.
    Exported {
        /// Which site.
        site: SiteId,
        /// The files.
        file: Option<ExportFile>,
    },
    /// What a change did to a page can be seen; or who asked to see it cannot.
    Compared {
        /// Which site.
        site: SiteId,
        /// Storage key of a JPEG.
        picture: Result<String, NoPicture>,
    },
    /// The person has said nothing for long, in the middle of something.
    Silence,
    /// Another channel was linked to this person by a code made here.
    LinkedElsewhere,
    /// A free change of a live site was carried out or could not be.
    Edit {
        /// Which site.
        site: SiteId,
        /// Whether it is live now; otherwise why not, as a catalogue key of the reason.
        result: Result<(), EditRefusal>,
    },
}

/// How an effect came out.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A run has begun and its price is on hold.
    RunStarted {
        /// The run.
        run: RunId,
        /// The site it makes.
        site: SiteId,
        /// Where the site will be.
        url: String,
        /// Where its draft can be watched.
        preview_url: String,
    },
    /// No site may be for this; nothing was taken.
    Forbidden(Forbidden),
    /// A model tries once more to write the words of a live site; the price is on hold.
    WritingAgain {
        /// The new run.
        run: RunId,
        /// The site.
        site: SiteId,
        /// Where it is live.
        url: String,
        /// Where the draft can be watched.
        preview_url: String,
        /// What the site was made from.
        brief: Box<Brief>,
    },
    /// There is nothing to be written again.
    NothingToWrite,
    /// The wallet cannot pay.
    InsufficientTokens {
        /// What there is.
        available: Tokens,
        /// What it costs.
        price: Tokens,
    },
    /// The day's generations are used up.
    GenerationsUsedUp {
        /// How many a day the person's tier has.
        per_day: i64,
    },
    /// Somebody has this name, or nobody may have it.
    SubdomainRefused {
        /// What was asked for.
        asked: String,
        /// Whether it is somebody else's (otherwise it is reserved or malformed).
        taken: bool,
        /// A free one like it.
        suggestion: String,
    },
    /// The site moved to another name.
    Renamed {
        /// Its new address.
        url: String,
    },
    /// The run was stopped before it was live and its hold released.
    RunCancelled {
        /// Tokens that came back.
        released: Tokens,
    },
    /// It was too late to stop: the site is live or just being published.
    RunNotCancelled,
    /// The version before is live again.
    Undone {
        /// The number of the version that is live now.
        version: i64,
    },
    /// There is no version before.
    NothingToUndo,
    /// The daily bonus was credited.
    DailyClaimed {
        /// How much.
        amount: Tokens,
        /// What there is now.
        balance: Tokens,
    },
    /// It was claimed less than 24 hours ago.
    DailyNotYet {
        /// When it can be claimed again, epoch milliseconds.
        next_at_ms: i64,
    },
    /// An invitation was accepted; both got their bonus.
    ReferralAccepted {
        /// How much each got.
        amount: Tokens,
    },
    /// An invitation was not valid, one's own, or not the first: nothing happened and nothing is said.
    ReferralIgnored,
    /// A deed came out.
    Did(Done),
}

/// How a deed came out.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// What was undone is live again.
    Redone {
        /// The number of the version that is live now.
        version: i64,
    },
    /// Nothing was undone.
    NothingToRedo,
    /// The site's versions, newest first.
    Versions(Vec<VersionLine>),
    /// How much the site is visited.
    Visitors {
        /// What it is called.
        name: String,
        /// How much.
        traffic: Traffic,
    },
    /// A model writes; its price is on hold.
    RewriteBegun,
    /// A picture is being taken.
    Picturing,
    /// None can be taken here.
    NoPictures,
    /// The site is down.
    SiteDeleted {
        /// What it was called.
        name: String,
    },
    /// Everything about the person is erased.
    Forgotten,
    /// A code for another channel.
    LinkCode {
        /// The code.
        code: String,
        /// How long it works.
        minutes: i64,
    },
    /// Too many codes were asked for.
    TooManyCodes,
    /// Two channels are one person now.
    Linked {
        /// How the conversation stood on the other channel, if it goes on from there.
        state: Option<Box<State>>,
        /// Tokens that came along.
        moved: Tokens,
    },
    /// They were already.
    LinkedBefore,
    /// There is no such code any more.
    LinkWrong,
    /// Too many tries.
    LinkTooMany,
}

/// Why there is no picture of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPicture {
    /// The page looks as it did.
    Same,
    /// Ours to mend.
    Failed,
}

/// An export, ready to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// What it holds.
    pub what: Takeaway,
    /// Storage key.
    pub key: String,
    /// File name.
    pub name: String,
    /// Where it can be fetched for some days.
    pub url: String,
}

/// What a run reports while it works.
#[derive(Debug, Clone, PartialEq)]
pub enum RunReport {
    /// A stage has begun.
    Stage(Stage),
    /// The site is live and paid.
    Live {
        /// Its address.
        url: String,
        /// Storage key of its picture (PNG, 1200 × 630), for the result message.
        picture_key: String,
        /// Public address of the same picture.
        picture_url: String,
        /// What it cost.
        captured: Tokens,
    },
    /// The site is live in built-in words; a model's follow.
    Shown {
        /// Its address.
        url: String,
        /// Storage key of its picture (PNG, 1200 × 630), for the message.
        picture_key: String,
        /// Public address of the same picture.
        picture_url: String,
    },
    /// A model's words are in place, and the site is paid.
    Written {
        /// Its address.
        url: String,
        /// What it cost.
        captured: Tokens,
    },
    /// No model had anything to say: the site stays live as it is, the hold was released.
    Unwritten {
        /// Its address.
        url: String,
        /// Tokens that came back.
        released: Tokens,
    },
    /// The run failed for good; its hold was released.
    Failed {
        /// Why, as far as the owner can do something about it.
        reason: RunFailure,
        /// Tokens that came back.
        released: Tokens,
    },
}

/// Why a run failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunFailure {
    /// The publish gate refused the content.
    Refused(Objection),
    /// No site may be for this.
    Forbidden(Forbidden),
    /// Ours to mend; trying again may help.
    Internal,
}

/// What the publish gate has against a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// It poses as a bank, a wallet, a marketplace or an office.
    Impersonation,
    /// It asks for a PIN, a password, a code or a card number.
    AsksSecrets,
    /// A link imitates a bank, a wallet or a marketplace.
    LinkLookAlike,
    /// Something an owner would not know by name.
    Unnamed,
}

/// What became of a photo.
#[derive(Debug, Clone, PartialEq)]
pub enum PhotoReport {
    /// Cleaned and stored.
    Ready(Photo),
    /// The same, of the logo.
    Logo(Photo),
    /// The same, of one that is to be read.
    Menu(Photo),
    /// Not a picture, broken, too large, or gone.
    Refused(PhotoRefusal),
}

/// Why a photo was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoRefusal {
    /// Larger than we take.
    TooLarge,
    /// Not a picture we can read.
    Unreadable,
    /// The channel did not hand it over.
    Gone,
}

/// Why an edit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditRefusal {
    /// The thing to change is not on the site.
    NotFound,
    /// The publish gate refused the result.
    Refused,
    /// No site may say this.
    Forbidden(Forbidden),
    /// The section is locked.
    Locked,
    /// The operator has taken the site off the net.
    Closed,
    /// It is so already, or there is nothing to go back to.
    Nothing,
    /// Ours to mend.
    Internal,
}

/// What a step may know besides its state. Read in the same transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The person's language.
    pub language: Language,
    /// A name to greet with.
    pub name: Option<String>,
    /// Tokens that can be spent.
    pub available: Tokens,
    /// What a generation costs.
    pub price_generate: Tokens,
    /// What a change by a model costs; `None` where there is none to ask.
    pub price_refine: Option<Tokens>,
    /// Whether somebody is there who reads photos.
    pub reads_menus: bool,
    /// The daily bonus.
    pub daily: Tokens,
    /// The bonus for an accepted invitation.
    pub referral: Tokens,
    /// The person's invitation code.
    pub referral_code: String,
    /// A link that starts a conversation with that code, where the channel has such links.
    pub referral_url: Option<String>,
    /// The last movements of the wallet, newest first, at most ten; `None` until a step asks for them
    /// by `Effect::RecallMovements`.
    pub history: Option<Vec<HistoryLine>>,
    /// The person's sites, newest first, at most ten.
    pub sites: Vec<SiteFacts>,
    /// The site the talk is about, when it was deleted.
    pub gone: Option<SiteId>,
    /// `http://NAME.<domain>` with `{name}` in place of the name.
    pub site_url_pattern: String,
    /// Where the draft can be watched while it grows, once there is something to see.
    pub preview_url: Option<String>,
    /// Minutes the person's time zone is ahead of UTC (Jakarta: 420).
    pub utc_offset_min: i32,
}

/// One movement of the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// A wallet transfer type of the contract, such as `signup_bonus`.
    pub kind: String,
    /// What it changed; negative when spent.
    pub amount: Tokens,
    /// When, epoch milliseconds.
    pub at_ms: i64,
}

/// One of the person's sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFacts {
    /// Which.
    pub id: SiteId,
    /// The business's name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Whether visitors see it.
    pub live: bool,
    /// Names of its items, for "price of X" edits.
    pub items: Vec<String>,
    /// Lowest and highest price of each item in whole Rupiah, in the order of `items`.
    pub prices: Vec<Option<(i64, Option<i64>)>>,
    /// Its number as E.164.
    pub phone: Option<String>,
}
