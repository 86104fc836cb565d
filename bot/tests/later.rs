//! What comes after a message: other words put into it, an emoji on an answer, news of a live site.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use sitespark_bot::conversation::{
    Deed, Done, Effect, Event, Outcome, State, Step, remember, told,
};
use sitespark_bot::message::Content;
use sitespark_core::brief::{Brief, Language};
use sitespark_core::sites::Traffic;
use support::Chat;

/// Says something that the channel calls `message`, as the driver does.
fn write(chat: &mut Chat, message: &str, text: &str) {
    let before = chat.state.clone();
    chat.text(text);
    let content = Content::Text { text: text.to_owned() };
    let told = told(&before, &content, message).expect("words are remembered");
    remember(&mut chat.state, told);
}

/// Puts other words into it; gives the answer.
fn edit(chat: &mut Chat, message: &str, text: &str) -> String {
    chat.log.clear();
    chat.event(Event::Edited { message: message.to_owned(), text: text.to_owned() });
    chat.log.clone()
}

/// The questions of a café, answered by messages `m0` and on.
fn cafe(answers: usize) -> Chat {
    let mut chat = Chat::new(Language::Id);
    let lines = [
        "halo",
        "kedai kopi",
        "Kopi Senja",
        "anak muda",
        "menu harga, pesan lewat wa, jam buka",
        "Kopi Susu 18rb, Americano 15rb",
        "warna coklat, hangat",
        "WA 0812-3456-7890, Jl. Braga No. 12 Bandung, buka tiap hari 08.00-22.00",
    ];
    for (number, line) in lines.into_iter().take(answers).enumerate() {
        write(&mut chat, &format!("m{number}"), line);
    }
    chat
}

fn brief(chat: &Chat) -> &Brief {
    chat.state.brief().expect("there is a brief")
}

fn open_step(chat: &Chat) -> Option<Step> {
    match &chat.state {
        State::Collecting(open) => Some(open.step),
        State::Welcome | State::Confirming(_) | State::Generating(_) => None,
        State::Reviewing(_) | State::Refining(_) | State::Complete(_) => None,
    }
}

#[test]
fn other_words_correct_the_answer_they_were_and_the_questions_go_on() {
    let mut chat = cafe(4);
    assert_eq!(open_step(&chat), Some(Step::Features));
    let answer = edit(&mut chat, "m2", "Kopi Pagi");
    assert_eq!(brief(&chat).name.as_ref().unwrap().value, "Kopi Pagi");
    assert_eq!(brief(&chat).audience.as_ref().unwrap().value, "Anak muda");
    assert_eq!(open_step(&chat), Some(Step::Features));
    assert!(answer.contains("Kopi Pagi"), "{answer}");
    edit(&mut chat, "m3", "pekerja kantoran");
    assert_eq!(brief(&chat).audience.as_ref().unwrap().value, "pekerja kantoran");
    assert_eq!(open_step(&chat), Some(Step::Features));
}

#[test]
fn other_words_at_the_summary_correct_it() {
    let mut chat = cafe(8);
    assert_eq!(chat.state.name(), "confirming", "{}", chat.log);
    let answer = edit(&mut chat, "m5", "Kopi Susu 20rb, Latte 25rb");
    assert!(answer.contains("20.000") && answer.contains("Latte"), "{answer}");
    let names: Vec<_> = brief(&chat).items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["Kopi Susu", "Latte"], "what is not said any more is gone");
    edit(
        &mut chat,
        "m7",
        "WA 0813-1111-2222, Jl. Braga No. 12 Bandung, buka tiap hari 08.00-22.00",
    );
    let contact = &brief(&chat).contact.as_ref().unwrap().value;
    assert_eq!(contact.phone.as_ref().unwrap().as_e164(), "+6281311112222");
    assert!(contact.address.as_ref().unwrap().contains("Braga"));
    assert_eq!(chat.state.name(), "confirming");
}

#[test]
fn an_edit_that_changes_nothing_has_no_effect() {
    for answers in [3, 4, 8] {
        let mut chat = cafe(answers);
        let (before, step) = (chat.state.clone(), open_step(&chat));
        for text in ["Kopi Senja", " Kopi Senja \n"] {
            assert_eq!(edit(&mut chat, "m2", text), "", "{answers} {text}");
            assert_eq!(chat.effects, []);
            assert_eq!(chat.state.brief(), before.brief());
            assert_eq!((chat.state.name(), open_step(&chat)), (before.name(), step));
        }
    }
    let mut chat = cafe(8);
    edit(&mut chat, "m2", "Kopi Pagi");
    assert_eq!(edit(&mut chat, "m2", "Kopi Pagi"), "", "the same edit told again");
}

#[test]
fn a_first_rich_message_is_corrected_in_what_it_told() {
    let mut chat = Chat::new(Language::Id);
    write(&mut chat, "m0", "bikin web toko kue Ani, warna pink, WA 0812 3456 7890");
    edit(&mut chat, "m0", "bikin web toko kue Ina, warna hijau, WA 0812 3456 7891");
    let told = brief(&chat);
    assert_eq!(told.name.as_ref().unwrap().value, "Toko Kue Ina");
    let phone = told.contact.as_ref().unwrap().value.phone.clone();
    assert_eq!(phone.unwrap().as_e164(), "+6281234567891");
}

#[test]
fn what_was_not_understood_is_heard_once_more() {
    let mut chat = cafe(1);
    write(&mut chat, "m1", "zzz qqq");
    assert_eq!(open_step(&chat), Some(Step::Trade));
    edit(&mut chat, "m1", "kedai kopi");
    assert!(brief(&chat).trade.is_some());
    assert_eq!(open_step(&chat), Some(Step::Name));
}

#[test]
fn what_cannot_follow_an_edit_says_so_kindly() {
    let mut chat = cafe(8);
    let late = edit(&mut chat, "unknown", "Kopi Pagi");
    assert!(late.contains("Tulis saja"), "{late}");
    chat.text("ya");
    chat.go_live();
    let before = chat.state.clone();
    let live = edit(&mut chat, "m2", "Kopi Pagi");
    assert!(live.contains("ganti nama"), "{live}");
    assert!(!chat.effects.iter().any(|effect| matches!(effect, Effect::ApplyEdits { .. })));
    assert_eq!(chat.state.name(), before.name());
    assert_eq!(edit(&mut chat, "m2", "Kopi Pagi"), "", "it is said once");
}

#[test]
fn a_yes_that_is_edited_starts_nothing_twice() {
    let mut chat = cafe(8);
    write(&mut chat, "m8", "ya");
    assert_eq!(chat.state.name(), "generating");
    for text in ["ya kak", "tidak", "ya"] {
        edit(&mut chat, "m8", text);
        let started = chat.effects.iter().any(|effect| matches!(effect, Effect::StartRun { .. }));
        assert!(!started, "{text}");
        assert_eq!(chat.state.name(), "generating");
    }
}

#[test]
fn answers_of_another_brief_are_not_touched() {
    let mut chat = cafe(8);
    chat.tap("do:restart");
    chat.tap("sure");
    write(&mut chat, "n0", "salon");
    edit(&mut chat, "m2", "Kopi Pagi");
    assert!(brief(&chat).name.is_none(), "{:?}", brief(&chat).name);
}

#[test]
fn only_the_newest_messages_are_remembered() {
    let mut chat = cafe(2);
    for number in 0..30 {
        let told = told(&chat.state, &Content::Text { text: "x".repeat(900) }, &number.to_string());
        remember(&mut chat.state, told.unwrap());
    }
    let State::Collecting(open) = &chat.state else { panic!("it stays") };
    assert!(open.talk.told.len() <= 7 && open.talk.told.last().unwrap().message == "29");
}

fn react(chat: &mut Chat, emoji: &str, latest: bool) -> Vec<Effect> {
    chat.event(Event::Reacted { emoji: emoji.to_owned(), latest });
    chat.effects.clone()
}

#[test]
fn a_thumb_or_a_heart_on_the_open_question_is_a_yes() {
    for emoji in ["👍", "👍🏽", "❤️", "🙏"] {
        let mut chat = cafe(8);
        react(&mut chat, emoji, true);
        assert_eq!(chat.state.name(), "generating", "{emoji}");
    }
}

#[test]
fn any_other_emoji_is_taken_in_silence() {
    for (answers, emoji, latest) in
        [(8, "👍", false), (8, "👎", true), (8, "😂", true), (4, "👍", true), (0, "👍", true)]
    {
        let mut chat = cafe(answers);
        let before = chat.state.clone();
        assert_eq!(react(&mut chat, emoji, latest), [], "{answers} {emoji} {latest}");
        assert_eq!(chat.state, before);
    }
    let mut chat = cafe(8);
    chat.tap("do:cancel");
    assert_eq!(react(&mut chat, "👍", true), [], "nothing is thrown away by a thumb");
    assert_eq!(chat.state.name(), "confirming");
}

fn live() -> Chat {
    let mut chat = cafe(8);
    chat.text("ya");
    chat.go_live();
    chat.log.clear();
    chat
}

#[test]
fn visitors_are_told_on_asking_in_both_languages() {
    for question in ["berapa pengunjung web saya?", "pengunjungnya berapa", "how many visitors"] {
        let mut chat = live();
        chat.text(question);
        let count = Effect::Do(Deed::CountVisitors(support::site_id()));
        assert!(chat.effects.contains(&count), "{question}: {}", chat.log);
    }
    for language in Language::ALL {
        for traffic in [
            Traffic { today: 3, week: 12, month: 40, letters: 2 },
            Traffic { today: 1, week: 1, month: 1, letters: 0 },
            Traffic::default(),
        ] {
            let mut chat = live();
            chat.facts.language = language;
            let visitors = Done::Visitors { name: "Kopi Senja".to_owned(), traffic };
            chat.event(Event::Came(Outcome::Did(visitors)));
            insta::assert_snapshot!(
                format!("visitors_{}_{}", language.tag(), traffic.month),
                chat.log
            );
        }
    }
}

#[test]
fn before_there_is_a_site_the_question_is_answered_in_words() {
    let mut chat = cafe(2);
    chat.log.clear();
    chat.text("berapa pengunjungnya?");
    assert!(chat.log.contains("berapa pengunjung"), "{}", chat.log);
    assert!(!chat.effects.iter().any(|effect| matches!(effect, Effect::Do(_))));
}
