//! Messages as hostile as owners can make them, for the channels' own tests: what owners call their
//! things comes back in texts, on buttons and in names of files.

use proptest::prelude::*;

use super::body::tests::any_body;
use crate::message::{Body, Choice, LinkButton, Message, OutFile, Picture, Progress, Request};

/// Names of owners' things.
fn any_label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9 ]{1,20}",
        "[a-c *_~`<>&|\"\\\\]{0,30}",
        "\\PC{0,40}",
        "(😀|👨‍👩‍👧|e\u{301}|\u{200b}|\n|&lt;|<b>|@everyone|1\\. ){0,12}",
    ]
}

fn any_choice() -> impl Strategy<Value = Choice> {
    let id = prop_oneof!["[a-z]{1,8}:[a-z0-9]{1,20}", "\\PC{0,70}", "(menu|😀){0,40}"];
    (id, any_label()).prop_map(|(id, label)| Choice { id, label })
}

fn any_link() -> impl Strategy<Value = LinkButton> {
    let url = prop_oneof![
        Just("https://kue-ani.situsku.id/".to_owned()),
        Just("http://kue-ani.localhost:8080/".to_owned()),
        "https://[a-z]{1,20}\\.id/[a-z0-9/]{0,600}",
    ];
    (any_label(), url).prop_map(|(label, url)| LinkButton { label, url })
}

fn any_file() -> impl Strategy<Value = OutFile> {
    let url = prop_oneof![
        Just("https://chat.situsku.id/files/1-a/kue.zip".to_owned()),
        Just("http://localhost:8080/files/1-a/kue.zip".to_owned()),
    ];
    let media_type = prop_oneof![Just("application/zip"), Just("application/pdf")];
    (url, media_type).prop_map(|(url, media_type)| OutFile {
        key: "exports/1-a.zip".to_owned(),
        name: "kue-ani.zip".to_owned(),
        media_type: media_type.to_owned(),
        url,
        label: "Unduh file".to_owned(),
    })
}

/// Any message at all.
pub(crate) fn any_message() -> impl Strategy<Value = Message> {
    let choices = prop_oneof![
        proptest::collection::vec(any_choice(), 0..4),
        proptest::collection::vec(any_choice(), 0..30),
    ];
    let links = proptest::collection::vec(any_link(), 0..8);
    let extras = (any::<bool>(), any::<bool>(), proptest::option::of(any_file()));
    let request = proptest::option::of(Just(Request {
        number: Some("📱 Nomor saya".to_owned()),
        place: Some("📍 Lokasi saya".to_owned()),
    }));
    let parts = (any_body(), 1usize..30, choices, links, extras, request);
    parts.prop_map(|(body, times, choices, links, (pictured, bubble, document), request)| Message {
        body: Body(std::iter::repeat_n(body.0, times).flatten().collect()),
        choices,
        links,
        picture: pictured.then(|| Picture {
            key: "og.png".to_owned(),
            url: None,
            media_type: "image/png".to_owned(),
        }),
        progress: bubble.then(|| Progress { key: "run".to_owned(), done: true }),
        document,
        request,
        voice: None,
    })
}

/// What can be read of a text, whatever blanks it is cut at.
pub(crate) fn visible(text: &str) -> String {
    text.split_whitespace().collect()
}
