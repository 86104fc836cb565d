//! The emoji the bot puts on people's messages.

use super::person::Update;
use super::{Act, Person, Place, Stage, on_every_channel};
use crate::support::CAFE;
use crate::support::pictures::jpeg;

on_every_channel![
    what_earns_an_emoji_gets_one_once,
    an_emoji_that_cannot_be_put_does_no_harm,
    of_what_comes_at_once_the_one_that_earned_it_has_it,
];

/// Long enough for the next emoji to be taken.
const A_MOMENT_MS: i64 = 1_000;

/// What the channel calls the message an update brings.
fn name_of(update: &Update) -> String {
    let found = match update {
        Update::Telegram(update) => update.pointer("/message/message_id"),
        Update::Whatsapp(delivery) => delivery.pointer("/entry/0/changes/0/value/messages/0/id"),
        Update::DiscordGateway(letter) => letter.get("id"),
        Update::DiscordInteraction(_) | Update::Inbound(_) => None,
        Update::WebMessage(_) | Update::WebFile { .. } => None,
    };
    found.map(|id| id.to_string().replace('"', "")).unwrap_or_default()
}

/// Looks until the emoji of all messages so far are these, in as many requests; nothing where the
/// channel has no emoji.
async fn assert_there(person: &Person<'_>, expected: &[(&Update, &str)], asked: usize) {
    if !person.stage.is_outside() {
        assert_eq!(person.stage.reactions(), (Vec::new(), 0));
        return;
    }
    let expected: Vec<_> =
        expected.iter().map(|(update, emoji)| (name_of(update), (*emoji).to_owned())).collect();
    let there = async || {
        let (there, so_often) = person.stage.reactions();
        let plain = there.into_iter().map(|(of, emoji)| (of, emoji.replace('\u{fe0f}', "")));
        plain.collect::<Vec<_>>() == expected && so_often == asked
    };
    let what = format!("{expected:?}, not {:?}", person.stage.reactions());
    person.house.until(&what, there).await;
    person.house.advance_ms(A_MOMENT_MS);
}

async fn what_earns_an_emoji_gets_one_once(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say(CAFE[0]).await;
    person.say(CAFE[1]).await;
    let thanks = person.update(Act::Text("makasih ya kak".to_owned())).await;
    assert_eq!(person.do_to(&thanks).await.len(), 1, "thanks are answered in words, too");
    assert_there(&person, &[(&thanks, "❤")], 1).await;
    assert_eq!(person.do_to(&thanks).await, [], "the same again");
    if let Some(edit) = person.edited(&thanks, "makasih banyak kak") {
        person.do_to(&edit).await;
    }
    let photo = person.update(Act::Photo(jpeg(), None)).await;
    person.do_to(&photo).await;
    let mut expected = vec![(&thanks, "❤"), (&photo, "👍")];
    assert_there(&person, &expected, 2).await;
    if let Some(edit) = person.edited(&photo, "Roti sobek") {
        person.do_to(&edit).await;
    }
    // On the other channels a place is words.
    let place = person.update(Act::Location(-6.9175, 107.6191)).await;
    person.do_to(&place).await;
    if matches!(stage.place, Place::Telegram | Place::Whatsapp) {
        expected.push((&place, "👍"));
    }
    assert_there(&person, &expected, expected.len()).await;
    for line in &CAFE[2..] {
        person.say(line).await;
    }
    let yes = person.update(Act::Text("ya".to_owned())).await;
    person.do_to(&yes).await;
    expected.push((&yes, "🎉"));
    assert_there(&person, &expected, expected.len()).await;
    // What is said of the site, and a tap, earn nothing more.
    person.say("ganti warna jadi biru").await;
    person.act(Act::Choice("do:thanks".to_owned())).await;
    assert_there(&person, &expected, expected.len()).await;
    stage.end(house).await;
}

async fn an_emoji_that_cannot_be_put_does_no_harm(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say(CAFE[0]).await;
    person.say(CAFE[1]).await;
    stage.fail_next_reaction();
    assert_eq!(person.say("makasih kak").await.len(), 1);
    assert_there(&person, &[], 1).await;
    assert_eq!(house.count("select count(*) from identities where muted").await, 0);
    let again = person.update(Act::Text("makasih".to_owned())).await;
    assert_eq!(person.do_to(&again).await.len(), 1);
    assert_there(&person, &[(&again, "❤")], 2).await;
    assert_eq!(person.say(CAFE[2]).await.len(), 1);
    stage.end(house).await;
}

async fn of_what_comes_at_once_the_one_that_earned_it_has_it(stage: Stage) {
    let house = stage.start().await;
    let person = Person::new(&house, &stage).await;
    person.say(CAFE[0]).await;
    let mut said = Vec::new();
    for line in CAFE[1..].iter().chain(&["looks good, do it", "semoga laris"]) {
        let update = person.update(Act::Text((*line).to_owned())).await;
        person.bring(&update).await;
        said.push(update);
    }
    house.settle().await;
    assert_there(&person, &[(&said[said.len() - 2], "🎉")], 1).await;
    assert_eq!(house.count("select count(*) from sites where status = 'live'").await, 1);
    stage.end(house).await;
}
