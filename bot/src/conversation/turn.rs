//! One turn in the making: what is known, what is said, what is wished for.

use sitespark_core::brief::Language;

use super::effect::Effect;
use super::event::Facts;
use super::state::{State, Talk};
use super::understand::command::Command;
use super::understand::tap::Tap;
use crate::message::{Body, Choice, LinkButton, Message, Reaction, Span};
use crate::texts::{Arg, Texts};

/// What the keys of sentences begin with that say an input was not understood.
pub(crate) const NOT_UNDERSTOOD: &str = "oops-";

/// Arguments of a message.
pub(crate) type Args<'a> = &'a [(&'static str, Arg)];

/// What a step sees besides its state, and what it has wished for so far.
pub(crate) struct Turn<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) now_ms: i64,
    /// The language of this turn: that of the facts, unless this turn changes it.
    pub(crate) language: Language,
    formal: bool,
    texts: &'a Texts,
    lead: Vec<Body>,
    effects: Vec<Effect>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(state: &State, facts: &'a Facts, now_ms: i64, texts: &'a Texts) -> Self {
        let (language, formal) = (facts.language, state.formal());
        Self { facts, now_ms, language, formal, texts, lead: Vec::new(), effects: Vec::new() }
    }

    /// Addresses the owner formally, or not, from here on.
    pub(crate) fn set_formal(&mut self, formal: bool) {
        self.formal = formal;
    }

    /// Wishes for something; what was noted before is said before it.
    pub(crate) fn wish(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Wishes for an emoji on the message that is answered; one is enough.
    pub(crate) fn react(&mut self, reaction: Reaction) {
        if !self.effects.iter().any(|effect| matches!(effect, Effect::React(_))) {
            self.effects.push(Effect::React(reaction));
        }
    }

    /// Switches the language, for this turn and for good.
    pub(crate) fn set_language(&mut self, language: Language) {
        if language != self.language {
            self.language = language;
            self.effects.push(Effect::SetLanguage(language));
        }
    }

    /// A paragraph that stands at the top of the next bubble.
    pub(crate) fn note(&mut self, key: &str, args: Args<'_>) {
        let body = self.body(key, args);
        self.lead.push(body);
    }

    /// Says something in a bubble with choices.
    pub(crate) fn ask(&mut self, key: &str, args: Args<'_>, choices: Vec<Choice>) {
        let body = self.body(key, args);
        self.send(Message { body, choices, ..Message::default() });
    }

    /// Says something in a bubble of its own.
    pub(crate) fn say(&mut self, key: &str, args: Args<'_>) {
        self.ask(key, args, Vec::new());
    }

    /// Sends a message, with the paragraphs noted before it on top.
    pub(crate) fn send(&mut self, message: Message) {
        let mut paragraphs = std::mem::take(&mut self.lead);
        paragraphs.push(message.body);
        let body = join(paragraphs);
        self.effects.push(Effect::Say(Message { body, ..message }));
    }

    /// The choices of the last message that has any.
    pub(crate) fn offered(&self) -> Option<Vec<Choice>> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Say(message) if !message.choices.is_empty() => Some(message.choices.clone()),
            Effect::Say(_) | Effect::SetLanguage(_) | Effect::StartRun { .. } => None,
            Effect::CancelRun(_) | Effect::Undo(_) | Effect::ApplyEdits { .. } => None,
            Effect::WriteAgain(_) | Effect::RecallMovements => None,
            Effect::Rename { .. } | Effect::ClaimDaily | Effect::AcceptReferral { .. } => None,
            Effect::FetchPhoto { .. } | Effect::Mute | Effect::Do(_) => None,
            Effect::ReadMenu { .. } | Effect::React(_) => None,
        })
    }

    /// Lets the last thing said lead to the draft.
    pub(crate) fn offer_preview(&mut self) {
        let Some(url) = self.facts.preview_url.clone() else { return };
        let link = LinkButton { label: self.plain("label-watch", &[]), url };
        let last = self.effects.iter_mut().rev().find_map(|effect| match effect {
            Effect::Say(message) => Some(message),
            Effect::SetLanguage(_) | Effect::StartRun { .. } | Effect::WriteAgain(_) => None,
            Effect::CancelRun(_) | Effect::Undo(_) | Effect::ApplyEdits { .. } => None,
            Effect::Rename { .. } | Effect::ClaimDaily | Effect::AcceptReferral { .. } => None,
            Effect::FetchPhoto { .. } | Effect::Mute | Effect::Do(_) => None,
            Effect::ReadMenu { .. } | Effect::React(_) => None,
            Effect::RecallMovements => None,
        });
        if let Some(message) = last {
            message.links.push(link);
        }
    }

    /// How many things were wished for that are more than words and signs.
    pub(crate) fn deeds(&self) -> usize {
        let is_word = |effect: &&Effect| {
            matches!(effect, Effect::Say(_) | Effect::SetLanguage(_) | Effect::React(_))
        };
        self.effects.iter().filter(|effect| !is_word(effect)).count()
    }

    /// Takes back all that was noted and wished for in this turn.
    pub(crate) fn unsay(&mut self) {
        self.lead.clear();
        self.effects.clear();
    }

    /// Everything wished for; paragraphs left over become the last bubble.
    pub(crate) fn finish(mut self) -> Vec<Effect> {
        if !self.lead.is_empty() {
            let body = join(std::mem::take(&mut self.lead));
            self.effects.push(Effect::Say(Message { body, ..Message::default() }));
        }
        self.effects
    }

    /// Text of the catalogue in the language and form of address of this turn.
    pub(crate) fn body(&self, key: &str, args: Args<'_>) -> Body {
        self.texts.say(self.language, key, &self.with_address(args))
    }

    /// The same without marks.
    pub(crate) fn plain(&self, key: &str, args: Args<'_>) -> String {
        self.texts.plain(self.language, key, &self.with_address(args))
    }

    /// A choice with its label.
    pub(crate) fn choice(&self, tap: Tap, label: &str) -> Choice {
        Choice { id: tap.id(), label: self.plain(label, &[]) }
    }

    /// A choice that is a command.
    pub(crate) fn button(&self, command: Command, label: &str) -> Choice {
        self.choice(Tap::Command(command), label)
    }

    /// Notes that an input was not understood, never in the same words as the last time.
    pub(crate) fn oops(&mut self, talk: &mut Talk, variants: [&'static str; 2], args: Args<'_>) {
        let [first, second] = variants;
        let key = if talk.last_error.as_deref() == Some(first) { second } else { first };
        talk.last_error = Some(key.to_owned());
        self.note(key, args);
    }

    fn with_address(&self, args: Args<'_>) -> Vec<(&'static str, Arg)> {
        let (kak, anda) = if self.formal { ("", "Anda") } else { (", Kak", "Kakak") };
        let mut all = args.to_vec();
        all.push(("kak", Arg::from(kak)));
        all.push(("anda", Arg::from(anda)));
        all
    }
}

fn join(paragraphs: Vec<Body>) -> Body {
    let mut joined = Body::default();
    for paragraph in paragraphs {
        if !joined.0.is_empty() {
            joined.0.push(Span { text: "\n\n".to_owned(), bold: false, italic: false });
        }
        joined.0.extend(paragraph.0);
    }
    joined
}
