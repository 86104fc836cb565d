//! Where a conversation stands. Pure data; transitions consume it.

use std::collections::BTreeSet;

use sitespark_core::brief::{Brief, Feature};
use sitespark_core::ids::{RunId, SiteId};
use sitespark_core::site::Edit;
use sitespark_core::site::document::{DocumentItem, SectionKind};

use crate::message::Choice;

/// Where a conversation stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// Nobody has said anything yet.
    #[default]
    Welcome,
    /// The six questions are being answered.
    Collecting(Collecting),
    /// All is answered; the owner looks it over.
    Confirming(Confirming),
    /// The site is being made.
    Generating(Generating),
    /// The site is live and can be changed by talking.
    Reviewing(Reviewing),
    /// A change is asked for or under way.
    Refining(Refining),
    /// The owner is content for now.
    Complete(Complete),
}

impl State {
    /// The stable name: in stored data and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Collecting(_) => "collecting",
            Self::Confirming(_) => "confirming",
            Self::Generating(_) => "generating",
            Self::Reviewing(_) => "reviewing",
            Self::Refining(_) => "refining",
            Self::Complete(_) => "complete",
        }
    }

    /// The brief in the making, if there is one.
    pub fn brief(&self) -> Option<&Brief> {
        match self {
            Self::Collecting(state) => Some(&state.brief),
            Self::Confirming(state) => Some(&state.brief),
            Self::Generating(state) => Some(&state.brief),
            Self::Welcome | Self::Reviewing(_) | Self::Refining(_) | Self::Complete(_) => None,
        }
    }

    /// The site this conversation is about, if there is one.
    pub fn live(&self) -> Option<&Live> {
        match self {
            Self::Reviewing(state) => Some(&state.live),
            Self::Refining(state) => Some(&state.live),
            Self::Complete(state) => state.live.as_ref(),
            Self::Welcome | Self::Collecting(_) | Self::Confirming(_) | Self::Generating(_) => None,
        }
    }

    /// Whether the owner is addressed formally.
    pub fn formal(&self) -> bool {
        self.brief().is_some_and(super::address::is_formal)
            || self.live().is_some_and(|live| live.formal)
    }

    pub(crate) fn talk_mut(&mut self) -> Option<&mut Talk> {
        match self {
            Self::Welcome => None,
            Self::Collecting(state) => Some(&mut state.talk),
            Self::Confirming(state) => Some(&mut state.talk),
            Self::Generating(state) => Some(&mut state.talk),
            Self::Reviewing(state) => Some(&mut state.talk),
            Self::Refining(state) => Some(&mut state.talk),
            Self::Complete(state) => Some(&mut state.talk),
        }
    }

    pub(crate) fn talk(&self) -> Option<&Talk> {
        match self {
            Self::Welcome => None,
            Self::Collecting(state) => Some(&state.talk),
            Self::Confirming(state) => Some(&state.talk),
            Self::Generating(state) => Some(&state.talk),
            Self::Reviewing(state) => Some(&state.talk),
            Self::Refining(state) => Some(&state.talk),
            Self::Complete(state) => Some(&state.talk),
        }
    }
}

/// What has to be remembered about the talk itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Talk {
    /// The catalogue key of the last thing said about an input that was not understood.
    pub last_error: Option<String>,
    /// A question of ours that comes before everything else.
    pub pending: Option<Pending>,
    /// Photos on their way to the store.
    pub photos_waiting: u8,
    /// The choices shown last, so that a label or number typed out is understood.
    pub offered: Vec<Choice>,
    /// The question answered last, so that "bukan, yang nomor 2" is understood.
    pub answered: Option<Step>,
    /// Photos at the end of the brief that came after the run had begun.
    pub late_photos: u8,
    /// Photos that are being read.
    pub menus_waiting: u8,
    /// Whether the logo of the brief came after the run had begun.
    pub late_logo: bool,
    /// The newest messages, oldest first, for when one of them is changed.
    pub told: Vec<Told>,
    /// The question whose answer was not understood once, whatever was said since.
    pub missed: Option<Step>,
    /// The item that the last change took off a live site, and nothing besides.
    pub removed: Option<String>,
    /// The item that was told or changed last, alone: "eh kemahalan, 90rb aja" is about it.
    pub spoken: Option<String>,
}

/// A message as it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What the channel calls it.
    pub message: String,
    /// The question it was the answer to; none outside the questions, and for a picture's words.
    pub step: Option<Step>,
    /// Its words.
    pub text: String,
}

/// A question that waits for yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pending {
    /// Shall all answers be thrown away?
    Cancel,
    /// Shall we begin again from the first question?
    Restart,
    /// A new site or a change of the one there is?
    NewOrChange {
        /// What was said.
        said: String,
    },
    /// Shall the site take this free name?
    TakeName {
        /// The free name.
        name: String,
    },
    /// Which web address shall it be?
    Address,
    /// Is this what stands in the photo, and shall it be used?
    Menu {
        /// What was read.
        items: Vec<DocumentItem>,
    },
    /// Shall the models try once more to write the words?
    WriteAgain {
        /// The run they were silent in.
        run: RunId,
    },
    /// Which of these changes was meant?
    Pick {
        /// What they can choose among.
        options: Vec<PickOption>,
    },
    /// Shall the site be taken down for good?
    DeleteSite {
        /// Which.
        site: SiteId,
        /// What it is called.
        name: String,
    },
    /// Shall everything about the person be erased?
    Forget,
    /// Shall a model write it again, at its price?
    Rewrite {
        /// Which family of sections; all without one.
        section: Option<SectionKind>,
        /// In which manner.
        said: String,
    },
}

/// One reading of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickOption {
    /// What stands on its button.
    pub label: String,
    /// What it changes.
    pub edits: Vec<Edit>,
}

/// A question. The six steps, and the small questions that follow from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// 1. What kind of business.
    Trade,
    /// 2. What it is called.
    Name,
    /// 3. For whom.
    Audience,
    /// 4. What the site shall show.
    Features,
    /// Products with prices, once a catalogue was chosen.
    Items,
    /// 5. How it shall feel.
    Style,
    /// The main colour, once a tone was chosen.
    Colour,
    /// 6. How customers reach the business.
    Contact,
    /// The WhatsApp number, once other contacts were told without it.
    Phone,
}

impl Step {
    /// Every question in the order asked.
    pub const ALL: [Self; 9] = [
        Self::Trade,
        Self::Name,
        Self::Audience,
        Self::Features,
        Self::Items,
        Self::Style,
        Self::Colour,
        Self::Contact,
        Self::Phone,
    ];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Trade => "trade",
            Self::Name => "name",
            Self::Audience => "audience",
            Self::Features => "features",
            Self::Items => "items",
            Self::Style => "style",
            Self::Colour => "colour",
            Self::Contact => "contact",
            Self::Phone => "phone",
        }
    }

    /// The question of a stable name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.slug() == slug)
    }

    /// The question before this one, `None` for the first.
    pub const fn before(self) -> Option<Self> {
        match self {
            Self::Trade => None,
            Self::Name => Some(Self::Trade),
            Self::Audience => Some(Self::Name),
            Self::Features => Some(Self::Audience),
            Self::Items | Self::Style => Some(Self::Features),
            Self::Colour | Self::Contact => Some(Self::Style),
            Self::Phone => Some(Self::Contact),
        }
    }
}

/// Answers so far and the question that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Collecting {
    /// What is known.
    pub brief: Box<Brief>,
    /// What was asked last.
    pub step: Step,
    /// Small questions that were answered with "no matter".
    pub settled: BTreeSet<Step>,
    /// Features tapped so far.
    pub picked: BTreeSet<Feature>,
    /// The address the owner asked for, when they did.
    pub subdomain: Option<String>,
    /// The talk itself.
    pub talk: Talk,
}

/// The finished brief.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirming {
    /// What shall be made.
    pub brief: Box<Brief>,
    /// The address the owner asked for, when they did.
    pub subdomain: Option<String>,
    /// The talk itself.
    pub talk: Talk,
}

/// A run under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Generating {
    /// What is being made.
    pub brief: Box<Brief>,
    /// The address the owner asked for, when they did.
    pub subdomain: Option<String>,
    /// The run; its progress bubble is `run:<id>`.
    pub run: RunId,
    /// The site it makes.
    pub site: SiteId,
    /// Where it will be.
    pub url: String,
    /// Where its draft can be watched.
    pub preview_url: String,
    /// Whether the site is live already, in built-in words, and can be changed.
    pub live: bool,
    /// The talk itself.
    pub talk: Talk,
}

/// A site that is live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Which.
    pub site: SiteId,
    /// Its address.
    pub url: String,
    /// Whether its owner is addressed formally.
    pub formal: bool,
}

/// A live site and an owner who may want changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Reviewing {
    /// The site.
    pub live: Live,
    /// The talk itself.
    pub talk: Talk,
}

/// What a change still lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// The new name.
    Name,
    /// The new number.
    Phone,
    /// The new street address.
    Address,
    /// The new hours.
    Hours,
    /// The new colour.
    Colour,
    /// The new heading of the first view.
    Heading,
    /// Items to add.
    NewItem,
    /// Which item to take out.
    RemoveItem,
    /// The price of this item, or of one still to be named.
    Price {
        /// The item, when it was named.
        item: Option<String>,
    },
    /// The new web address.
    Subdomain,
    /// Which photo to take out.
    RemovePhoto,
    /// New words for a section.
    Words {
        /// Which family.
        section: SectionKind,
        /// Which of its words.
        part: WordPart,
    },
}

/// Which words of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordPart {
    /// The heading.
    Heading,
    /// The sentences under it.
    Lead,
    /// A paragraph, counted from 1.
    Paragraph(u32),
    /// The label of the button.
    Action,
}

/// A change that is asked for or under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Refining {
    /// The site.
    pub live: Live,
    /// What we asked for, if anything.
    pub slot: Option<Slot>,
    /// Changes handed over whose outcome is not known yet.
    pub waiting: u8,
    /// Whether any of them is about looks.
    pub looks: bool,
    /// The talk itself.
    pub talk: Talk,
}

/// Nothing to do until the owner wants something.
#[derive(Debug, Clone, PartialEq)]
pub struct Complete {
    /// The last site talked about.
    pub live: Option<Live>,
    /// The talk itself.
    pub talk: Talk,
}
