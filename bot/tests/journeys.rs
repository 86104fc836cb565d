//! Whole conversations: transcripts of the way through, and messy ones as data files.

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use sitespark_bot::conversation::{Event, State};
use sitespark_core::brief::{Brief, Language};
use support::Chat;

#[test]
fn happy_path_in_indonesian() {
    let mut chat = Chat::new(Language::Id);
    for said in ["halo", "warung kopi", "Kopi Senja", "anak muda"] {
        chat.text(said);
    }
    chat.tap("feature:catalogue");
    chat.tap("feature:visit");
    chat.tap("do:done");
    chat.text("Kopi susu 18rb, roti bakar 12rb");
    chat.tap("tone:warm");
    chat.tap("colour:brown");
    chat.text("0812 3456 7890, Jl. Melati 5 Bandung, buka 8-22");
    chat.text("ya");
    chat.text("masih lama gak?");
    chat.go_live();
    chat.text("kopi susu jadi 20rb");
    chat.event(Event::Edit { site: support::site_id(), result: Ok(()) });
    chat.text("ganti nomor");
    chat.text("0813 1111 2222");
    chat.event(Event::Edit { site: support::site_id(), result: Ok(()) });
    chat.text("makasih ya kak");
    assert!(matches!(chat.state, State::Complete(_)));
    insta::assert_snapshot!(chat.log);
}

#[test]
fn happy_path_in_english() {
    let mut chat = Chat::new(Language::Id);
    chat.text("Hi, I want a website for my bakery");
    for said in ["Sunny Bakery", "families", "menu, photos and opening hours", "skip"] {
        chat.text(said);
    }
    chat.text("elegant, dark green");
    chat.text("my number is 0812 3456 7890, open monday-saturday 8-17");
    chat.text("web address sunny-bread");
    chat.text("yes please");
    chat.go_live();
    chat.text("add Iced Tea 5k");
    chat.event(Event::Edit { site: support::site_id(), result: Ok(()) });
    chat.text("undo");
    chat.text("thanks");
    assert!(matches!(chat.state, State::Complete(_)));
    insta::assert_snapshot!(chat.log);
}

/// What a line beginning with `=` claims of the brief the run started with.
fn told(brief: &Brief, key: &str) -> String {
    let contact = brief.contact.as_ref().map(|answer| answer.value.clone()).unwrap_or_default();
    let style = brief.style.as_ref().map(|answer| answer.value).unwrap_or_default();
    let features = brief.features.as_ref().map(|answer| answer.value.clone()).unwrap_or_default();
    match key {
        "trade" => brief.trade.as_ref().map_or("", |answer| answer.value.slug()).to_owned(),
        "name" => brief.name.as_ref().map(|answer| answer.value.clone()).unwrap_or_default(),
        "audience" => {
            brief.audience.as_ref().map(|answer| answer.value.clone()).unwrap_or_default()
        }
        "features" => features.iter().map(|found| found.slug()).collect::<Vec<_>>().join(" "),
        "items" => {
            let items = brief.items.iter().map(|item| match &item.price {
                Some(price) => format!("{} {price}", item.name),
                None => item.name.clone(),
            });
            items.collect::<Vec<_>>().join(", ")
        }
        "tone" => style.tone.map_or("", |tone| tone.slug()).to_owned(),
        "colour" => style.colour.map(|colour| colour.to_hex()).unwrap_or_default(),
        "phone" => contact.phone.map(|phone| phone.as_e164().to_owned()).unwrap_or_default(),
        "address" => contact.address.unwrap_or_default(),
        "city" => contact.city.unwrap_or_default(),
        "hours" => contact.hours.map(|hours| hours.spans.len().to_string()).unwrap_or_default(),
        "links" => contact.links.iter().map(|link| link.url.clone()).collect::<Vec<_>>().join(" "),
        "photos" => brief.photos.len().to_string(),
        other => panic!("unknown claim {other}"),
    }
}

/// `> text`, `! choice id`, `photo caption`, `= claim value`.
fn play(script: &str) -> (Chat, Vec<String>) {
    let mut chat = Chat::new(Language::Id);
    let mut wrong = Vec::new();
    for line in script.lines() {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match mark {
            ">" => chat.text(&rest.replace("\\n", "\n")),
            "!" => chat.tap(rest),
            "photo" => photo(&mut chat, rest),
            "=" => {
                let (key, expected) = rest.split_once(' ').unwrap_or((rest, ""));
                let found = chat.started.as_ref().map(|brief| told(brief, key));
                if found.as_deref() != Some(expected) {
                    wrong.push(format!("{key} is {found:?}, not {expected}"));
                }
            }
            "" | "#" => {}
            other => panic!("unknown line {other}"),
        }
    }
    (chat, wrong)
}

fn photo(chat: &mut Chat, caption: &str) {
    use sitespark_bot::conversation::PhotoReport;
    use sitespark_bot::message::Content;
    let caption = (!caption.is_empty()).then(|| caption.to_owned());
    let photo = support::photo(caption.as_deref());
    chat.event(Event::Said(Content::Photo { file: support::file(), caption }));
    chat.event(Event::Photo(PhotoReport::Ready(photo)));
}

#[test]
fn messy_conversations_end_in_a_run() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conversations");
    let mut played = 0;
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        let script = std::fs::read_to_string(&path).expect("it is text");
        let (chat, mut wrong) = play(&script);
        if !matches!(chat.state, State::Generating(_)) {
            wrong.push(format!("ends {}", chat.state.name()));
        }
        if !wrong.is_empty() {
            faults.push(format!("{}: {wrong:#?}\n{}", path.display(), chat.log));
        }
        played += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(played >= 12, "only {played} conversations");
}
