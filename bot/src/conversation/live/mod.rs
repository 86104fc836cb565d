//! Reviewing, Refining and Complete: a live site that is changed by talking.

mod reports;
mod slots;

use sitespark_core::generation::Refinement;
use sitespark_core::site::Edit;
use sitespark_core::site::document::SectionKind;

use super::effect::{Deed, Effect};
use super::event::SiteFacts;
use super::state::{Complete, Live, Pending, PickOption, Refining, Reviewing, Slot, State, Talk};
use super::turn::Turn;
use super::understand::change::field_at_front;
use super::understand::command::Command;
use super::understand::edits::{self, Shelf, Wish};
use super::understand::gather::gather;
use super::understand::question::Question;
use super::understand::tap::{LiveTap, Tap};
use super::understand::words::{mentions, normalise};
use super::understand::{proofs, question};
use super::{address, answers, closed, general, generating, mine, said_back, welcome};
pub(crate) use reports::{edit_report, renamed, rewritten, take_name, undone, visitor};
use slots::ask_slot;

/// A conversation about a live site, whichever of the three states it is in.
pub(crate) struct Review {
    pub(crate) live: Live,
    pub(crate) slot: Option<Slot>,
    pub(crate) waiting: u8,
    pub(crate) looks: bool,
    pub(crate) talk: Talk,
}

impl Review {
    /// The parts of a state; of `Complete` without a site, the person's newest one.
    fn of(state: State, turn: &Turn<'_>) -> Result<Self, Box<State>> {
        match state {
            State::Reviewing(Reviewing { live, talk }) => {
                Ok(Self { live, slot: None, waiting: 0, looks: false, talk })
            }
            State::Refining(Refining { live, slot, waiting, looks, talk }) => {
                Ok(Self { live, slot, waiting, looks, talk })
            }
            State::Complete(Complete { live, talk }) => {
                match live.clone().or_else(|| general::first_site(turn)) {
                    Some(live) => Ok(Self { live, slot: None, waiting: 0, looks: false, talk }),
                    None => Err(Box::new(State::Complete(Complete { live, talk }))),
                }
            }
            State::Welcome | State::Collecting(_) | State::Confirming(_) | State::Generating(_) => {
                Err(Box::new(state))
            }
        }
    }

    fn into_state(self) -> State {
        let Self { live, slot, waiting, looks, talk } = self;
        if slot.is_none() && waiting == 0 {
            State::Reviewing(Reviewing { live, talk })
        } else {
            State::Refining(Refining { live, slot, waiting, looks, talk })
        }
    }

    fn items<'t>(&self, turn: &Turn<'t>) -> &'t [String] {
        self.site(turn).map_or(&[], |site| &site.items)
    }

    fn site<'t>(&self, turn: &Turn<'t>) -> Option<&'t SiteFacts> {
        turn.facts.sites.iter().find(|site| site.id == self.live.site)
    }

    fn shelf<'t>(&self, turn: &Turn<'t>) -> Shelf<'t> {
        Shelf {
            items: self.items(turn),
            prices: self.site(turn).map_or(&[], |site| &site.prices),
            today_ms: general::day_start_ms(turn.now_ms, turn.facts.utc_offset_min),
            phone: self.site(turn).and_then(|site| site.phone.as_deref()),
            spoken: None,
        }
    }
}

/// Reminds of what is open, after an answer to something else.
pub(crate) fn resume(state: &State, turn: &mut Turn<'_>) {
    match state {
        State::Refining(Refining { slot: Some(slot), .. }) => ask_slot(slot, turn),
        State::Complete(Complete { live: None, .. }) => {
            let begin = vec![turn.button(Command::New, "label-begin-again")];
            turn.ask("ask-begin", &[], begin);
        }
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => {
            let is_off = state.live().is_some_and(|live| closed::say_if_suspended(live, turn));
            if !is_off {
                turn.ask("ask-anything-else", &[], generating::live_choices(turn));
            }
        }
        State::Welcome | State::Collecting(_) | State::Confirming(_) | State::Generating(_) => {}
    }
}

/// Free text.
pub(crate) fn free(state: State, text: &str, turn: &mut Turn<'_>) -> State {
    let mut review = match Review::of(state, turn) {
        Ok(review) => review,
        Err(_) => return welcome::begin_with(text, turn),
    };
    review.talk.pending = None;
    let spoken = review.talk.spoken.clone();
    let shelf = Shelf { spoken: spoken.as_deref(), ..review.shelf(turn) };
    let removed = review.talk.removed.as_deref();
    let brought = removed.is_some_and(|item| edits::brings_back(text, item));
    if review.slot.is_none() && (brought || edits::takes_back(text, &shelf)) {
        review.talk.removed = None;
        review.talk.spoken = None;
        return commanded(review.into_state(), Command::Undo, turn);
    }
    if review.slot.is_none() && question::is_about_later(text) {
        return no_edit(review, text, turn);
    }
    let wish = edits::read(text, &shelf);
    let wish = match (&review.slot, wish) {
        (Some(slot), other) if !edits::begins_with_verb(text) => {
            edits::read_slot(slot, text, &shelf).or(other)
        }
        (Some(_) | None, other) => other,
    };
    let wants_site = mentions("site-words", &normalise(text))
        && !edits::begins_with_verb(text)
        // "warna webnya coba ganti ungu"
        && field_at_front(text).is_none()
        && !proofs::wants_two_languages(text);
    match wish {
        Some(wish) if !wants_site || wish.is_about_a_site() => grant(review, wish, turn),
        Some(_) | None => no_edit(review, text, turn),
    }
}

/// Most words that are nothing but another trade.
const MAX_TRADE_WORDS: usize = 3;

/// A question, a new business, or something not understood.
fn no_edit(mut review: Review, text: &str, turn: &mut Turn<'_>) -> State {
    if let Some(question) = question::read(text) {
        match question {
            Question::Visitors => general::visitors(Some(review.live.site), turn),
            other => general::answer_question(other, turn),
        }
        let state = review.into_state();
        resume(&state, turn);
        return state;
    }
    let normal = normalise(text);
    let found = gather(text, None);
    // "kopi susu salah" speaks of what is sold, "bikin laundry" of another site.
    let sold = review.shelf(turn).is_named_in(&normal);
    let another_trade = found.trade.is_some()
        && review.slot.is_none()
        && !sold
        && (mentions("make-words", &normal) || normal.split(' ').count() <= MAX_TRADE_WORDS);
    if mentions("site-words", &normal) || another_trade {
        if mentions("another", &normal) {
            return welcome::begin_with(text, turn);
        }
        let pending = Pending::NewOrChange { said: super::absorb::cut(text) };
        general::ask_pending(&pending, turn);
        review.talk.pending = Some(pending);
        return review.into_state();
    }
    match review.slot.clone() {
        Some(slot) => {
            turn.oops(&mut review.talk, ["oops-slot-1", "oops-slot-2"], &[]);
            ask_slot(&slot, turn);
        }
        None => {
            turn.oops(&mut review.talk, ["oops-edit-1", "oops-edit-2"], &[]);
            turn.ask("ask-what-to-change", &[], generating::live_choices(turn));
        }
    }
    review.into_state()
}

/// Does what an owner wants, or asks for what is lacking.
fn grant(mut review: Review, wish: Wish, turn: &mut Turn<'_>) -> State {
    match wish {
        Wish::Edits(edits) => return apply(review, edits, turn),
        Wish::Partly(edits, missed) => {
            turn.note("say-partly", &[("missed", missed.join("; ").into())]);
            return apply(review, edits, turn);
        }
        Wish::Pick(options) => {
            let pending = Pending::Pick { options };
            general::ask_pending(&pending, turn);
            review.talk.pending = Some(pending);
        }
        Wish::Refine(wish) => return refine(review, wish, turn),
        Wish::Rewrite { section, said } => match turn.facts.price_refine {
            Some(_) => {
                let pending = Pending::Rewrite { section, said };
                general::ask_pending(&pending, turn);
                review.talk.pending = Some(pending);
            }
            None => return refine(review, Refinement::Voice { section }, turn),
        },
        Wish::Rename(text) => match address::read(&text, &turn.facts.site_url_pattern) {
            Some(subdomain) => {
                review.slot = None;
                review.talk.last_error = None;
                turn.wish(Effect::Rename { site: review.live.site, subdomain });
            }
            None => {
                turn.oops(&mut review.talk, ["oops-address-1", "oops-address-2"], &[]);
                ask_slot(&Slot::Subdomain, turn);
                review.slot = Some(Slot::Subdomain);
            }
        },
        Wish::Ask(slot) => {
            ask_slot(&slot, turn);
            review.slot = Some(slot);
        }
        Wish::NoItem(name) => {
            let known = said_back::names(review.items(turn), turn);
            let variants = if known.is_empty() {
                ["oops-no-items-1", "oops-no-items-2"]
            } else {
                ["oops-no-item-1", "oops-no-item-2"]
            };
            let args = [("name", name.into()), ("items", known.into())];
            turn.oops(&mut review.talk, variants, &args);
        }
        Wish::BadPhone(error) => {
            turn.oops(&mut review.talk, answers::phone_error(error), &[]);
            ask_slot(&Slot::Phone, turn);
            review.slot = Some(Slot::Phone);
        }
        Wish::BadCertificate(kind) => {
            turn.note(proofs::fault(kind), &[]);
            turn.ask("ask-anything-else", &[], generating::live_choices(turn));
        }
        Wish::Something => turn.ask("ask-what-to-change", &[], generating::live_choices(turn)),
    }
    review.into_state()
}

/// Hands changes over; the outcome is reported later.
fn apply(mut review: Review, edits: Vec<Edit>, turn: &mut Turn<'_>) -> State {
    let list = said_back::edits(&edits, turn);
    turn.say("say-editing", &[("list", list.into())]);
    review.looks |= edits.iter().any(|edit| {
        matches!(edit, Edit::Retheme { .. } | Edit::SetTheme { .. } | Edit::Recolour { .. })
    });
    let removed = match edits.as_slice() {
        [Edit::RemoveItem { item }] => Some(item.clone()),
        _ => None,
    };
    let spoken = edits::spoken_of(&edits).map(str::to_owned);
    turn.wish(Effect::ApplyEdits { site: review.live.site, edits });
    let mut review = waits(review);
    review.talk.removed = removed;
    review.talk.spoken = spoken;
    review.into_state()
}

/// Something was handed over; its outcome is reported later.
fn waits(mut review: Review) -> Review {
    review.slot = None;
    review.talk.last_error = None;
    review.talk.removed = None;
    review.talk.spoken = None;
    review.waiting = review.waiting.saturating_add(1);
    review
}

/// Hands a change beyond typed edits over.
fn refine(review: Review, wish: Refinement, turn: &mut Turn<'_>) -> State {
    let key = match wish {
        Refinement::Restore { .. } => "say-restoring",
        Refinement::Voice { .. } | Refinement::Rewrite { .. } => "say-rewriting",
        Refinement::Translate { .. } => "say-translating",
    };
    turn.say(key, &[]);
    turn.wish(Effect::Do(Deed::Refine { site: review.live.site, wish }));
    waits(review).into_state()
}

/// One of several readings was picked.
pub(crate) fn picked(
    state: State,
    mut options: Vec<PickOption>,
    at: usize,
    turn: &mut Turn<'_>,
) -> State {
    match (Review::of(state, turn), at < options.len()) {
        (Ok(review), true) => apply(review, options.swap_remove(at).edits, turn),
        (Ok(review), false) => grant(review, Wish::Something, turn),
        (Err(state), _) => {
            general::resume_again(&state, turn);
            *state
        }
    }
}

/// Other words by the built-in writer.
pub(crate) fn other_voice(
    state: State,
    section: Option<SectionKind>,
    turn: &mut Turn<'_>,
) -> State {
    match Review::of(state, turn) {
        Ok(review) => refine(review, Refinement::Voice { section }, turn),
        Err(state) => {
            general::resume_again(&state, turn);
            *state
        }
    }
}

/// Other words by a model, its price agreed to.
pub(crate) fn rewrite(
    state: State,
    section: Option<SectionKind>,
    said: String,
    turn: &mut Turn<'_>,
) -> State {
    match Review::of(state, turn) {
        Ok(review) => {
            let site = review.live.site;
            turn.wish(Effect::Do(Deed::Rewrite { site, section, said }));
            review.into_state()
        }
        Err(state) => {
            general::resume_again(&state, turn);
            *state
        }
    }
}

/// A model writes now.
pub(crate) fn rewrite_begun(state: State, turn: &mut Turn<'_>) -> State {
    turn.say("say-rewrite-begun", &[]);
    match Review::of(state, turn) {
        Ok(review) => waits(review).into_state(),
        Err(state) => *state,
    }
}

/// Changes the live site outright, for photos, places and contact cards.
pub(crate) fn change(state: State, edits: Vec<Edit>, turn: &mut Turn<'_>) -> State {
    match Review::of(state, turn) {
        Ok(review) => apply(review, edits, turn),
        Err(state) => {
            resume(&state, turn);
            *state
        }
    }
}

/// A command whose meaning depends on this state.
pub(crate) fn commanded(state: State, command: Command, turn: &mut Turn<'_>) -> State {
    match command {
        Command::New | Command::Restart => general::begin(turn),
        Command::Undo => match Review::of(state, turn) {
            Ok(review) => {
                turn.wish(Effect::Undo(review.live.site));
                review.into_state()
            }
            Err(state) => {
                turn.note("say-nothing-to-undo", &[]);
                resume(&state, turn);
                *state
            }
        },
        Command::Done | Command::Thanks => finished(state, turn),
        Command::No | Command::Cancel | Command::Back | Command::Skip => stopped(state, turn),
        Command::Yes | Command::Any => match Review::of(state, turn) {
            Ok(review) => {
                turn.ask("ask-what-to-change", &[], generating::live_choices(turn));
                review.into_state()
            }
            Err(_) => general::begin(turn),
        },
        Command::Start | Command::Greet => {
            turn.note("say-hello-again", &[]);
            resume(&state, turn);
            state
        }
        Command::Help | Command::Status | Command::Balance | Command::History => {
            general::inform(state, command, turn)
        }
        Command::Claim | Command::Invite | Command::Language(_) | Command::Sites => {
            general::inform(state, command, turn)
        }
        Command::Repeat => general::inform(state, command, turn),
        Command::Mine(mine) => mine::commanded(state, mine, turn),
    }
}

/// "sudah", "terima kasih".
fn finished(state: State, turn: &mut Turn<'_>) -> State {
    match Review::of(state, turn) {
        Ok(Review { live, talk, .. }) => {
            general::say_with_link(turn, "say-complete", &live.url, Vec::new());
            State::Complete(Complete { live: Some(live), talk: Talk { pending: None, ..talk } })
        }
        Err(state) => {
            turn.note("say-welcome-thanks", &[]);
            resume(&state, turn);
            *state
        }
    }
}

/// "batal" and its like: what was asked for is dropped.
fn stopped(state: State, turn: &mut Turn<'_>) -> State {
    match Review::of(state, turn) {
        Ok(mut review) => {
            let key = if review.slot.is_some() { "say-change-dropped" } else { "say-nothing-open" };
            review.slot = None;
            review.talk.last_error = None;
            turn.ask(key, &[], generating::live_choices(turn));
            review.into_state()
        }
        Err(state) => {
            resume(&state, turn);
            *state
        }
    }
}

/// A tapped choice.
pub(crate) fn tapped(state: State, tap: Tap, turn: &mut Turn<'_>) -> State {
    let mut review = match (Review::of(state, turn), tap) {
        (_, Tap::Command(Command::New)) => return general::begin(turn),
        (Ok(review), _) => review,
        (Err(state), Tap::Command(command)) => return commanded(*state, command, turn),
        (Err(state), _) => {
            resume(&state, turn);
            return *state;
        }
    };
    match tap {
        Tap::Command(command) => commanded(review.into_state(), command, turn),
        Tap::Colour(swatch) => {
            let shelf = review.shelf(turn);
            let wish = edits::read_slot(&Slot::Colour, swatch.slug(), &shelf);
            grant(review, wish.unwrap_or(Wish::Something), turn)
        }
        Tap::Change(Some(field)) => {
            let wish = edits::slot_of(field).map_or(Wish::Something, Wish::Ask);
            grant(review, wish, turn)
        }
        Tap::Site(site) => {
            if let Some(found) = turn.facts.sites.iter().find(|found| found.id == site) {
                review.live =
                    general::live_of(found, review.live.formal && review.live.site == site);
                review.slot = None;
                review.talk.spoken = None;
            }
            closed::present(&review.live, turn);
            review.into_state()
        }
        Tap::Change(None) | Tap::ChangeSite => grant(review, Wish::Something, turn),
        Tap::Tone(tone) => {
            let tone = Some(tone.slug().to_owned());
            apply(review, vec![Edit::Retheme { tone }], turn)
        }
        Tap::Live(LiveTap::Look) => apply(review, vec![Edit::Retheme { tone: None }], turn),
        Tap::Live(LiveTap::Version(number)) => {
            let number = Some(number);
            let wish = Refinement::Restore { section: None, before_ms: None, number };
            refine(review, wish, turn)
        }
        Tap::Live(LiveTap::Pick(_) | LiveTap::OwnWriter) => {
            turn.note("say-old-button", &[]);
            grant(review, Wish::Something, turn)
        }
        Tap::Trade(_) | Tap::Audience(_) | Tap::Feature(_) | Tap::SuggestedName => {
            turn.note("say-old-button", &[]);
            grant(review, Wish::Something, turn)
        }
        Tap::Sure | Tap::Keep => stopped(review.into_state(), turn),
    }
}
