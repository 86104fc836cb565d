//! An interaction (command, tap, filled-in form, ping) into what it means and what Discord is
//! answered within its three seconds. Pure.

use serde_json::{Value, json};
use sitespark_core::plain::from_json;

use crate::channels::ParseError;
use crate::channels::lenient::cut_chars;
use crate::message::{Channel, Content, Inbound, MAX_TEXT_CHARS};

use super::commands::{FORM_ID, form, is_form_command, sentences_of};
use super::letter::sender_of;
use super::pieces::MENU_ID;
use super::reply_to::{ReplyTo, Ticket, time_of};
use super::wire::{Asked, AskedData};

/// Only the person sees the answer.
const EPHEMERAL: u64 = 64;
/// The context of an interaction in the private channel with us.
const WITH_THE_BOT: u64 = 1;
/// Longest payload of a start.
const MAX_PAYLOAD_CHARS: usize = 64;

/// An interaction, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedInteraction {
    /// What the person did, if it is more than asking for a form.
    pub inbound: Option<Inbound>,
    /// What Discord is told at once, after the inbound is stored.
    pub answer: Value,
    /// Where the answer is posted when the interaction came over the gateway:
    /// `interactions/ID/TOKEN/callback`. Holds a secret: never logged.
    pub callback: String,
}

impl ParsedInteraction {
    /// Whether Discord only asks whether somebody is there.
    pub fn is_ping(&self) -> bool {
        self.answer["type"] == 1
    }
}

/// Reads the body of one interaction. Kinds we do not know are acknowledged with a form of silence.
pub fn parse_interaction(body: &[u8]) -> Result<ParsedInteraction, ParseError> {
    let asked: Asked = from_json(body).map_err(|_| ParseError::Malformed)?;
    let callback = format!("interactions/{}/{}/callback", asked.id, asked.token);
    let only =
        |answer: Value| ParsedInteraction { inbound: None, answer, callback: callback.clone() };
    let data = asked.data.as_ref();
    Ok(match asked.kind {
        1 => only(json!({ "type": 1 })),
        2 if data.is_some_and(|data| is_form_command(data.name.as_deref())) => {
            only(form(asked.locale.as_deref()))
        }
        2 => heard(&asked, data.and_then(command_content), waiting(&asked), callback),
        3 => heard(&asked, data.and_then(tapped_content), json!({ "type": 6 }), callback),
        5 => heard(&asked, data.and_then(form_content), waiting(&asked), callback),
        4 => only(json!({ "type": 8, "data": { "choices": [] } })),
        _ => only(json!({ "type": 6 })),
    })
}

/// The waiting sign: among others only the person sees it.
fn waiting(asked: &Asked) -> Value {
    if is_private(asked) {
        json!({ "type": 5 })
    } else {
        json!({ "type": 5, "data": { "flags": EPHEMERAL } })
    }
}

fn heard(
    asked: &Asked,
    content: Option<Content>,
    answer: Value,
    callback: String,
) -> ParsedInteraction {
    let person = asked.user.as_ref().or(asked.member.as_ref().map(|member| &member.user));
    let inbound = person.filter(|person| !person.bot).map(|person| Inbound {
        channel: Channel::Discord,
        chat: person.id.clone(),
        cause: format!("discord:{}", asked.id),
        sender: sender_of(person, asked.locale.as_deref()),
        sent_at_ms: time_of(&asked.id),
        content: content.unwrap_or(Content::Unsupported),
        acknowledge: reply_to(asked).map(|reply_to| reply_to.to_word()),
        message_ref: None,
        edited: false,
    });
    ParsedInteraction { inbound, answer, callback }
}

fn reply_to(asked: &Asked) -> Option<ReplyTo> {
    let ticket = Ticket {
        application: asked.application_id.clone(),
        token: asked.token.clone(),
        interaction: asked.id.clone(),
    };
    let channel = asked.channel_id.clone().filter(|_| is_private(asked));
    match (asked.kind, channel) {
        (3, Some(channel)) => Some(ReplyTo::Private { channel }),
        (3, None) => None,
        (_, Some(channel)) => Some(ReplyTo::Command { channel, ticket }),
        (_, None) => Some(ReplyTo::Aside { ticket }),
    }
}

/// Whether nobody else reads along: not on a server and not in a group of friends.
fn is_private(asked: &Asked) -> bool {
    asked.guild_id.is_none() && asked.context.is_none_or(|context| context == WITH_THE_BOT)
}

/// A command as if it had been typed; `/start` carries its invitation.
fn command_content(data: &AskedData) -> Option<Content> {
    let name = data.name.as_deref()?;
    if name == "start" {
        let payload = data.options.iter().find_map(|option| option.value.as_deref());
        let payload = payload.map(str::trim).filter(|payload| {
            (1..=MAX_PAYLOAD_CHARS).contains(&payload.len()) && payload.bytes().all(is_payload)
        });
        return Some(Content::Start { payload: payload.map(str::to_owned) });
    }
    Some(Content::Text { text: format!("/{}", cut_chars(name, MAX_TEXT_CHARS - 1)) })
}

const fn is_payload(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// A tap on a button, or on a line of a menu. Its id is whatever the person's app claims.
fn tapped_content(data: &AskedData) -> Option<Content> {
    let custom_id = data.custom_id.as_deref()?;
    let id = if custom_id == MENU_ID { data.values.first()?.as_str() } else { custom_id };
    (!id.is_empty()).then(|| Content::Choice { id: id.to_owned() })
}

fn form_content(data: &AskedData) -> Option<Content> {
    if data.custom_id.as_deref() != Some(FORM_ID) {
        return None;
    }
    let text = cut_chars(&sentences_of(&data.components), MAX_TEXT_CHARS);
    (!text.trim().is_empty()).then_some(Content::Text { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: u64, more: Value) -> Value {
        let mut asked = json!({ "id": "175928847299117063", "type": kind, "token": "tok",
            "application_id": "9", "channel_id": "500", "locale": "id", "version": 1,
            "user": { "id": "55", "username": "budi" } });
        let fields = more.as_object().unwrap().clone();
        asked.as_object_mut().unwrap().extend(fields);
        asked
    }

    fn parse(asked: &Value) -> ParsedInteraction {
        parse_interaction(asked.to_string().as_bytes()).unwrap()
    }

    fn in_guild(kind: u64, data: Value) -> Value {
        let mut asked = asked(
            kind,
            json!({ "guild_id": "3", "data": data,
            "member": { "user": { "id": "55", "username": "budi" }, "permissions": "0" } }),
        );
        asked.as_object_mut().unwrap().remove("user");
        asked
    }

    #[test]
    fn a_ping_is_a_pong() {
        let parsed = parse(&json!({ "id": "1", "application_id": "9", "type": 1, "token": "x" }));
        assert_eq!((parsed.answer, parsed.inbound), (json!({ "type": 1 }), None));
    }

    #[test]
    fn a_command_is_put_off_and_heard_as_typed() {
        let parsed =
            parse(&asked(2, json!({ "data": { "id": "1", "name": "status", "type": 1 } })));
        assert_eq!(parsed.answer, json!({ "type": 5 }));
        let inbound = parsed.inbound.unwrap();
        assert_eq!(inbound.content, Content::Text { text: "/status".into() });
        assert_eq!(inbound.sender.language.as_deref(), Some("id"));
        let word = inbound.acknowledge.unwrap();
        assert_eq!(word, "command/500/9/175928847299117063/tok");
    }

    #[test]
    fn among_others_only_the_person_sees_the_waiting_sign() {
        let parsed = parse(&in_guild(2, json!({ "name": "start" })));
        assert_eq!(parsed.answer, json!({ "type": 5, "data": { "flags": 64 } }));
        let inbound = parsed.inbound.unwrap();
        assert_eq!(
            (inbound.chat.as_str(), inbound.content),
            ("55", Content::Start { payload: None })
        );
        assert!(inbound.acknowledge.unwrap().starts_with("aside/"));
    }

    #[test]
    fn a_group_of_friends_is_not_private() {
        let parsed = parse(&asked(2, json!({ "context": 2, "data": { "name": "start" } })));
        assert_eq!(parsed.answer["data"]["flags"], 64);
        assert!(parsed.inbound.unwrap().acknowledge.unwrap().starts_with("aside/"));
    }

    #[test]
    fn a_start_carries_its_invitation() {
        let start = |value: &str| {
            let data = json!({ "name": "start", "options": [{ "name": "kode", "type": 3, "value": value }] });
            parse(&asked(2, json!({ "data": data }))).inbound.unwrap().content
        };
        assert_eq!(start(" ref_ani7 "), Content::Start { payload: Some("ref_ani7".into()) });
        assert_eq!(start("a b"), Content::Start { payload: None });
    }

    #[test]
    fn taps_and_menus_are_choices() {
        let tap = |data: Value| parse(&asked(3, json!({ "data": data })));
        let button = tap(json!({ "custom_id": "do:yes", "component_type": 2 }));
        assert_eq!(button.answer, json!({ "type": 6 }));
        let inbound = button.inbound.unwrap();
        assert_eq!(inbound.content, Content::Choice { id: "do:yes".into() });
        assert_eq!(inbound.acknowledge.as_deref(), Some("private/500"));
        let menu =
            tap(json!({ "custom_id": "menu", "component_type": 3, "values": ["trade:food"] }));
        assert_eq!(menu.inbound.unwrap().content, Content::Choice { id: "trade:food".into() });
        let odd = tap(json!({ "component_type": 2 }));
        assert_eq!(odd.inbound.unwrap().content, Content::Unsupported);
    }

    #[test]
    fn the_form_opens_at_once_and_comes_back_as_one_message_of_either_shape() {
        let opened = parse(&asked(2, json!({ "data": { "name": "website" } })));
        assert_eq!((&opened.answer["type"], opened.inbound), (&json!(9), None));
        let rows = json!([
            { "type": 1, "components": [{ "type": 4, "custom_id": "name", "value": "Kue Ani" }] },
            { "type": 18, "component": { "type": 4, "custom_id": "goods", "value": "Nastar 85rb" } },
        ]);
        let filled =
            parse(&asked(5, json!({ "data": { "custom_id": FORM_ID, "components": rows } })));
        assert_eq!(filled.answer, json!({ "type": 5 }));
        let Content::Text { text } = filled.inbound.unwrap().content else { panic!() };
        assert!(text.contains("Kue Ani") && text.contains("Nastar 85rb"), "{text}");
    }

    #[test]
    fn what_is_no_interaction_is_malformed() {
        assert!(parse_interaction(b"[]").is_err());
        assert!(parse_interaction(b"{\"type\":1}").is_err());
    }
}
