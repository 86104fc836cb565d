//! The recorded conversations through the whole house, on every channel: each ends with a live
//! site, within the limits of its channel.

use std::path::Path;

use super::{Act, Person, Place, Stage, on_every_channel};
use crate::support::pictures::jpeg;

on_every_channel![recorded_conversations_end_with_a_live_site];

const LIVE_SITES: &str = "select count(*) from sites where status = 'live'";
/// Fewer would mean that they are not found.
const FEWEST: usize = 12;

async fn recorded_conversations_end_with_a_live_site(first: Stage) {
    let place = first.place;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bot/tests/conversations");
    let mut scripts: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    scripts.sort();
    // A browser tells no name, after which a business without one could be called.
    scripts.retain(|path| place != Place::Web || !path.ends_with("no-name-yet.txt"));
    assert!(scripts.len() >= FEWEST, "only {} conversations", scripts.len());
    drop(first);
    for script in scripts {
        let text = std::fs::read_to_string(&script).expect("it is text");
        let stage = Stage::open(place).await;
        let house = stage.start().await;
        let person = Person::new(&house, &stage).await;
        for act in acts(&text) {
            person.act(act).await;
        }
        let live = house.count(LIVE_SITES).await;
        assert_eq!(live, 1, "{} on {place:?}: {:#?}", script.display(), person.heard().await);
        stage.end(house).await;
    }
}

/// `> text`, `! choice id`, `photo caption`; other lines are claims of other tests.
fn acts(script: &str) -> Vec<Act> {
    let acts = script.lines().filter_map(|line| {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match mark {
            ">" => Some(Act::Text(rest.replace("\\n", "\n"))),
            "!" => Some(Act::Choice(rest.to_owned())),
            "photo" => Some(Act::Photo(jpeg(), (!rest.is_empty()).then(|| rest.to_owned()))),
            _ => None,
        }
    });
    acts.collect()
}
