//! Collecting: the six questions.

use std::collections::BTreeSet;

use sitespark_core::brief::{Answer, Brief, Feature, Rgb, Style, Trade};

use super::absorb::{absorb, amend_items, cut, noted, remove};
use super::answers::{self, Reply};
use super::deferring::{any, can_wait, done, go_on_without, skip, unclear};
use super::state::{Collecting, Pending, State, Step};
use super::turn::Turn;
use super::understand::command::Command;
use super::understand::gather::{features_of, gather, wants_everything};
use super::understand::question::Question;
use super::understand::tap::{Audience, Field, Swatch, Tap};
use super::understand::words::{canonical, cut_all, cut_prefix, mentions, normalise};
use super::understand::{change, correction, language, number, proofs, question, tap};
use super::{amending, confirming, correcting, forms, general, mine, names, questions};

/// Free text.
pub(crate) fn free(mut state: Collecting, text: &str, turn: &mut Turn<'_>) -> State {
    let told = state.brief.clone();
    let open = state.step;
    if forms::take(&mut state, text, turn) {
        acknowledge(&told, &state, (open, &Reply::Stay), turn);
        return questions::advance(state, turn);
    }
    let spoken = state.talk.spoken.as_deref();
    if let Some(amended) = amending::amend(&mut state.brief, spoken, text, turn) {
        amending::note(&amended, turn);
        acknowledge(&told, &state, (state.step, &Reply::Stay), turn);
        return resume(state, turn);
    }
    if let Some(rest) = correction::read(text).or_else(|| correction::behind(text)) {
        return correcting::correct(state, rest, turn);
    }
    if let Some((first, meant)) = correction::within(text, state.step == Step::Name) {
        let step = state.step;
        let unsaid = correction::unsaid(text, first, meant);
        let (first, meant) = unsaid.unwrap_or((first, meant));
        let found = gather(first, Some(step));
        absorb(&mut state, &found, first, Some(step));
        // "sorry, I mean Ruang Teduh": what is meant answers the same question.
        let meant = correction::read(meant).unwrap_or(meant);
        return free(state, meant, turn);
    }
    follow_language(&mut state, text, turn);
    let said = text;
    let (asked, text) = asked_back(&state, said);
    let text = text.as_str();
    if asked.is_none()
        && let Some(wish) = change::read(cut_all("interjection", text))
    {
        match wish.field {
            Some(field) => return change_field(state, field, wish.value, turn),
            None if !matches!(state.step, Step::Name | Step::Audience) => {
                return ask_which(State::Collecting(state), turn);
            }
            None => {}
        }
    }
    if let Some(gone) = remove(&mut state.brief, text) {
        turn.note("say-removed", &[("what", gone.into())]);
        return resume(state, turn);
    }
    let before = state.brief.clone();
    let step = state.step;
    let found = gather(text, Some(step));
    absorb(&mut state, &found, text, Some(step));
    if let Some(kind) = found.certificate_fault {
        turn.note(proofs::fault(kind), &[]);
    }
    if let Some(question) = asked {
        let nothing = normalise(cut_all("interjection", text)).is_empty()
            || matches!(question, Question::Other | Question::Can)
                && text == said
                && state.brief == before
                && found.phone_error.is_none();
        // "gaya itu maksudnya apa?": the question itself, asked in other words, explains it.
        let explained = question == Question::Other && mentions("meaning-asked", &normalise(said));
        if (nothing || question != Question::Other) && !explained {
            general::answer_question(question, turn);
        }
        if nothing {
            return resume(state, turn);
        }
    }
    settle_answer(state, *before, text, &found, turn)
}

/// A question about us in a message, and the rest of it. Among the parts of a site "harga" and the
/// like are answers, unless a question mark says otherwise.
fn asked_back(state: &Collecting, text: &str) -> (Option<Question>, String) {
    let bare = !text.contains('?');
    // "siapa aja yang butuh mobil" tells who the customers are.
    let anybody = state.step == Step::Audience && bare && cut_prefix("anybody", text).is_some();
    // "what's the difference between order and booking?", whatever is open.
    let of_parts = !bare && features_of(text).len() > 1;
    if (state.step == Step::Features || of_parts)
        && let Some(asked) = question::about_parts(text)
    {
        return asked;
    }
    // "bisa ada foto sama biaya?" asks politely for what it names.
    let wished = state.step == Step::Features && cut_prefix("part-wish", text).is_some();
    let parts = matches!(state.step, Step::Features | Step::Items) && bare || anybody || wished;
    if parts {
        return (None, text.to_owned());
    }
    match question::take(text) {
        (Some(Question::Other), rest) => {
            (Some(Question::Other), question::without_asking(&rest, state.step == Step::Name))
        }
        taken => taken,
    }
}

/// Who answers in clear English is asked on in English, and so the other way round. Names, goods
/// and addresses say nothing about a language.
fn follow_language(state: &mut Collecting, text: &str, turn: &mut Turn<'_>) {
    let telling = match state.step {
        Step::Trade | Step::Audience | Step::Features => true,
        Step::Name | Step::Items | Step::Style | Step::Colour | Step::Contact | Step::Phone => {
            false
        }
    };
    if let Some(language) = language::clearly(text).filter(|_| telling) {
        turn.set_language(language);
        state.brief.language = language;
    }
}

/// Marks an answer that told nothing new; nothing is said of it.
const NOTHING_NEW: &str = "nothing-new";

/// Looks whether the open question is answered now, and goes on or helps.
pub(crate) fn settle_answer(
    mut state: Collecting,
    before: Brief,
    text: &str,
    found: &super::understand::gather::Found,
    turn: &mut Turn<'_>,
) -> State {
    let step = state.step;
    let reply = answers::answer(&mut state, text, found, turn);
    acknowledge(&before, &state, (step, &reply), turn);
    match reply {
        Reply::Settled => questions::advance(state, turn),
        // What tells nothing new twice in a row answers no less than what is not understood.
        Reply::Stay if *state.brief == before && step == state.step => {
            if state.talk.last_error.as_deref() == Some(NOTHING_NEW) {
                return go_on_without(state, text, turn);
            }
            state.talk.last_error = Some(NOTHING_NEW.to_owned());
            resume(state, turn)
        }
        Reply::Stay => resume(state, turn),
        // Said twice and not understood, or a number that is wrong three times: nobody is held up.
        Reply::Oops([_, second], _)
            if state.talk.last_error.as_deref() == Some(second)
                || state.talk.missed == Some(step)
                    && found.phone_error.is_none()
                    && can_wait(step) =>
        {
            go_on_without(state, text, turn)
        }
        Reply::Oops(variants, args) => {
            state.talk.missed = Some(step);
            turn.oops(&mut state.talk, variants, &args);
            questions::ask_again(&state, turn);
            State::Collecting(state)
        }
    }
}

/// One short sentence about what was understood; the summary needs none before it.
pub(crate) fn acknowledge(
    before: &Brief,
    state: &Collecting,
    taken: (Step, &Reply),
    turn: &mut Turn<'_>,
) {
    let lines = noted(before, &state.brief, turn);
    let settled = *taken.1 == Reply::Settled;
    if lines.is_empty() || settled && questions::missing(state).is_none() {
        return;
    }
    if let ([_], Some(name)) = (lines.as_slice(), &state.brief.name)
        && before.name != state.brief.name
    {
        if before.name.is_some() {
            return turn.note("say-corrected", &[("what", name.value.clone().into())]);
        }
        return turn.note("say-name-noted", &[("name", name.value.clone().into())]);
    }
    let obvious = matches!(taken.0, Step::Trade | Step::Audience | Step::Features) && settled;
    match lines.as_slice() {
        [_] if obvious => {}
        [line] if corrects(before, &state.brief) => {
            turn.note("say-corrected", &[("what", line.clone().into())]);
        }
        [line] => turn.note("say-noted-one", &[("what", line.clone().into())]),
        several => {
            let list: Vec<String> = several.iter().map(|line| format!("• {line}")).collect();
            turn.note("say-noted", &[("list", list.join("\n").into())]);
        }
    }
}

/// Whether one thing that was told took the place of another.
fn corrects(before: &Brief, after: &Brief) -> bool {
    let priced = |item: &sitespark_core::brief::Item| {
        let same = |old: &&sitespark_core::brief::Item| old.name == item.name;
        before.items.iter().find(same).is_some_and(|old| old.price != item.price)
    };
    let contact = |brief: &Brief| brief.contact.as_ref().map(|told| told.value.clone());
    let (old, new) = (contact(before).unwrap_or_default(), contact(after).unwrap_or_default());
    after.items.iter().any(priced)
        || before.audience.is_some() && before.audience != after.audience
        || before.style.as_ref().is_some_and(|old| {
            let colour = |style: &Style| style.colour;
            after.style.as_ref().map(|new| colour(&new.value)) != Some(colour(&old.value))
                && colour(&old.value).is_some()
        })
        || old.hours.is_some() && old.hours != new.hours
        || old.phone.is_some() && old.phone != new.phone
        || old.address.is_some() && old.address != new.address
}

/// Goes on with the open question after something else was said.
pub(crate) fn resume(state: Collecting, turn: &mut Turn<'_>) -> State {
    questions::ask_again(&state, turn);
    State::Collecting(state)
}

/// "ganti nama [jadi …]" while the questions are open.
pub(crate) fn change_field(
    mut state: Collecting,
    field: Field,
    value: &str,
    turn: &mut Turn<'_>,
) -> State {
    state.talk.pending = None;
    let Some(step) = step_of(field) else {
        return confirming::change_address(State::Collecting(state), value, turn);
    };
    state.step = step;
    if value.trim().is_empty() {
        if field == Field::Features {
            state.picked = state
                .brief
                .features
                .as_ref()
                .map(|answer| answer.value.clone())
                .unwrap_or_default();
        }
        questions::ask(&state, turn);
        return State::Collecting(state);
    }
    let before = state.brief.clone();
    let mut found = gather(value, Some(step));
    if field == Field::Address && found.address.is_none() {
        found.address = Some(cut(value));
        found.rest.clear();
    }
    if field == Field::Features {
        state.picked = BTreeSet::new();
    }
    if field == Field::Trade {
        state.brief.trade = None;
    }
    if field == Field::Price {
        let items = std::mem::take(&mut found.items);
        amend_items(&mut state.brief, &items);
        absorb(&mut state, &found, value, Some(step));
        found.items = items;
    } else {
        absorb(&mut state, &found, value, Some(step));
    }
    settle_answer(state, *before, value, &found, turn)
}

pub(crate) fn step_of(field: Field) -> Option<Step> {
    match field {
        Field::Trade => Some(Step::Trade),
        Field::Name => Some(Step::Name),
        Field::Audience => Some(Step::Audience),
        Field::Features => Some(Step::Features),
        Field::Items | Field::Price => Some(Step::Items),
        Field::Style => Some(Step::Style),
        Field::Colour => Some(Step::Colour),
        Field::Contact | Field::Address | Field::Hours => Some(Step::Contact),
        Field::Phone => Some(Step::Phone),
        Field::Subdomain => None,
        Field::Heading => Some(Step::Name),
    }
}

/// Asks which answer shall change.
pub(crate) fn ask_which(state: State, turn: &mut Turn<'_>) -> State {
    let choices = CHANGEABLE
        .into_iter()
        .map(|field| turn.choice(Tap::Change(Some(field)), field.label()))
        .collect();
    turn.ask("ask-which-change", &[], choices);
    state
}

const CHANGEABLE: [tap::Field; 8] = [
    Field::Name,
    Field::Trade,
    Field::Audience,
    Field::Features,
    Field::Items,
    Field::Style,
    Field::Contact,
    Field::Subdomain,
];

/// A tapped choice.
pub(crate) fn tapped(mut state: Collecting, tap: Tap, turn: &mut Turn<'_>) -> State {
    match tap {
        Tap::Trade(trade) => {
            let said = turn.plain(names::trade_label(trade), &[]);
            let said = if trade == Trade::Other { String::new() } else { said };
            state.brief.trade = Some(Answer::new(trade, said));
        }
        Tap::Audience(audience) => {
            let said = turn.plain(audience.label(), &[]);
            let value = if audience == Audience::Everyone { String::new() } else { said.clone() };
            state.brief.audience = Some(Answer::new(value, said));
        }
        Tap::Feature(feature) => return pick(state, feature, turn),
        Tap::Tone(tone) => {
            let said = turn.plain(names::tone_label(tone), &[]);
            let colour = state.brief.style.as_ref().and_then(|answer| answer.value.colour);
            state.brief.style = Some(Answer::new(Style { tone: Some(tone), colour }, said));
            state.settled.remove(&Step::Colour);
        }
        Tap::Colour(swatch) => set_colour(&mut state, swatch, turn),
        Tap::SuggestedName => return take_suggested(state, turn),
        Tap::Change(Some(field)) => return change_field(state, field, "", turn),
        Tap::Change(None) => return ask_which(State::Collecting(state), turn),
        Tap::Command(command) => return commanded(state, command, turn),
        Tap::Sure | Tap::Keep | Tap::ChangeSite | Tap::Site(_) => return resume(state, turn),
        Tap::Live(_) => return resume(state, turn),
    }
    questions::advance(state, turn)
}

/// "umum", "everyone": whoever comes is meant, in the words it was said.
pub(crate) fn for_everybody(mut state: Collecting, text: &str, turn: &mut Turn<'_>) -> State {
    state.brief.audience = Some(Answer::new(String::new(), cut(text)));
    questions::advance(state, turn)
}

fn set_colour(state: &mut Collecting, swatch: Swatch, turn: &Turn<'_>) {
    let label = turn.plain(swatch.label(), &[]);
    let (tone, before) = match &state.brief.style {
        Some(answer) => (answer.value.tone, answer.said.clone()),
        None => (None, String::new()),
    };
    let said = if before.is_empty() { label } else { format!("{before}, {label}") };
    let colour = Rgb::parse_name(swatch.slug());
    state.brief.style = Some(Answer::new(Style { tone, colour }, said));
    state.settled.insert(Step::Colour);
}

fn pick(mut state: Collecting, feature: Feature, turn: &mut Turn<'_>) -> State {
    if state.step != Step::Features {
        state.picked =
            state.brief.features.as_ref().map(|answer| answer.value.clone()).unwrap_or_default();
        state.step = Step::Features;
    }
    if !state.picked.remove(&feature) {
        state.picked.insert(feature);
    }
    questions::ask(&state, turn);
    State::Collecting(state)
}

pub(crate) fn take_suggested(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    match questions::suggested_name(&state, turn) {
        Some(name) => {
            turn.note("say-name-noted", &[("name", name.clone().into())]);
            state.brief.name = Some(Answer::new(name.clone(), name));
            questions::advance(state, turn)
        }
        None => resume(state, turn),
    }
}

/// A command whose meaning depends on the open question.
pub(crate) fn commanded(mut state: Collecting, command: Command, turn: &mut Turn<'_>) -> State {
    match command {
        Command::Back | Command::Undo => back(state, turn),
        Command::Cancel => ask_first(state, Pending::Cancel, turn),
        Command::New | Command::Restart => ask_first(state, Pending::Restart, turn),
        Command::Skip | Command::No => skip(state, turn),
        Command::Any => any(state, turn),
        Command::Done => done(state, turn),
        Command::Yes => match state.step {
            Step::Features => done(state, turn),
            Step::Name => take_suggested(state, turn),
            Step::Trade | Step::Audience | Step::Items | Step::Style => unclear(state, turn),
            Step::Colour | Step::Contact | Step::Phone => unclear(state, turn),
        },
        Command::Thanks => {
            turn.note("say-welcome-thanks", &[]);
            resume(state, turn)
        }
        Command::Start | Command::Greet => {
            state.talk.last_error = None;
            turn.note("say-hello-again", &[]);
            resume(state, turn)
        }
        Command::Help | Command::Status | Command::Balance | Command::History => {
            general::inform(State::Collecting(state), command, turn)
        }
        Command::Claim | Command::Invite | Command::Language(_) | Command::Sites => {
            general::inform(State::Collecting(state), command, turn)
        }
        Command::Repeat => resume(state, turn),
        Command::Mine(mine) => mine::commanded(State::Collecting(state), mine, turn),
    }
}

/// Asks before answers are thrown away; without answers there is nothing to ask.
fn ask_first(mut state: Collecting, pending: Pending, turn: &mut Turn<'_>) -> State {
    if !general::is_worth_keeping(&state) {
        return match pending {
            Pending::Cancel => general::cancelled(turn),
            Pending::Restart | Pending::NewOrChange { .. } => general::begin(turn),
            Pending::TakeName { .. } | Pending::Address => general::begin(turn),
            Pending::Pick { .. } | Pending::DeleteSite { .. } | Pending::Forget => {
                general::begin(turn)
            }
            Pending::Rewrite { .. } => general::begin(turn),
            Pending::WriteAgain { .. } | Pending::Menu { .. } => general::begin(turn),
        };
    }
    general::ask_pending(&pending, turn);
    state.talk.pending = Some(pending);
    State::Collecting(state)
}

fn back(mut state: Collecting, turn: &mut Turn<'_>) -> State {
    state.talk.last_error = None;
    if questions::missing(&state).is_none() {
        return questions::advance(state, turn);
    }
    match state.step.before() {
        Some(step) => {
            state.step = step;
            if step == Step::Features {
                state.picked =
                    state.brief.features.take().map(|answer| answer.value).unwrap_or_default();
            }
            turn.note("say-back", &[]);
            questions::ask(&state, turn);
        }
        None => {
            turn.note("say-first-question", &[]);
            questions::ask_again(&state, turn);
        }
    }
    State::Collecting(state)
}

/// Features typed out: several numbers of the list, or their labels, are the whole answer. Gives
/// the state back for a single number, which is a tap, and for other texts.
pub(crate) fn listed_features(
    mut state: Collecting,
    text: &str,
    turn: &mut Turn<'_>,
) -> Result<State, Box<Collecting>> {
    let normal = normalise(text);
    let places = number::places(&canonical(&normal), Feature::ALL.len());
    let numbers: Option<BTreeSet<Feature>> =
        places.map(|places| places.into_iter().map(|at| Feature::ALL[at]).collect());
    let picked = match numbers {
        Some(numbers) if numbers.len() > 1 => numbers,
        Some(_) => return Err(Box::new(state)),
        None if wants_everything(text) => Feature::ALL.into(),
        None => {
            let labelled = |feature: &Feature| {
                normalise(&turn.plain(names::feature_label(*feature), &[])) == normal
            };
            Feature::ALL.into_iter().filter(labelled).collect()
        }
    };
    if picked.is_empty() {
        return Err(Box::new(state));
    }
    let mut features = std::mem::take(&mut state.picked);
    features.extend(picked);
    state.brief.features = Some(Answer::new(features, cut(text)));
    Ok(questions::advance(state, turn))
}
