//! Where an answer to something a person did may go first, as
//! [`Inbound::acknowledge`](crate::message::Inbound::acknowledge) carries it through the queue.
//!
//! It may hold the token of an interaction, which lets its bearer speak for a quarter of an hour:
//! never logged, forgotten with the rows it stands in.

/// Milliseconds of Discord's first day, from which its ids count.
const EPOCH_MS: i64 = 1_420_070_400_000;
/// How long the token of an interaction is good, less a margin.
const TOKEN_LIFE_MS: i64 = 14 * 60 * 1_000;

/// Where an answer may go first.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum ReplyTo {
    /// The private channel the person wrote in.
    Private { channel: String },
    /// A command or form in private, whose waiting sign is to be replaced.
    Command { channel: String, ticket: Ticket },
    /// The same before others: there only a pointer to the private channel is left.
    Aside { ticket: Ticket },
    /// A mention before others.
    Mention { channel: String, message: String },
}

/// What an interaction is answered with after its first moment.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) application: String,
    pub(super) token: String,
    /// The interaction's id; it tells when it was.
    pub(super) interaction: String,
}

impl ReplyTo {
    /// As one word.
    pub(super) fn to_word(&self) -> String {
        match self {
            Self::Private { channel } => format!("private/{channel}"),
            Self::Command { channel, ticket } => format!("command/{channel}/{}", ticket.to_word()),
            Self::Aside { ticket } => format!("aside/{}", ticket.to_word()),
            Self::Mention { channel, message } => format!("mention/{channel}/{message}"),
        }
    }

    /// From such a word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('/').collect();
        Some(match parts.as_slice() {
            ["private", channel] => Self::Private { channel: (*channel).to_owned() },
            ["command", channel, rest @ ..] => {
                Self::Command { channel: (*channel).to_owned(), ticket: Ticket::of(rest)? }
            }
            ["aside", rest @ ..] => Self::Aside { ticket: Ticket::of(rest)? },
            ["mention", channel, message] => {
                Self::Mention { channel: (*channel).to_owned(), message: (*message).to_owned() }
            }
            _ => return None,
        })
    }

    /// The private channel with the person, where it is known.
    pub(super) fn private_channel(&self) -> Option<&str> {
        match self {
            Self::Private { channel } | Self::Command { channel, .. } => Some(channel),
            Self::Aside { .. } | Self::Mention { .. } => None,
        }
    }
}

impl Ticket {
    fn to_word(&self) -> String {
        format!("{}/{}/{}", self.application, self.interaction, self.token)
    }

    fn of(parts: &[&str]) -> Option<Self> {
        let [application, interaction, token] = parts else { return None };
        Some(Self {
            application: (*application).to_owned(),
            interaction: (*interaction).to_owned(),
            token: (*token).to_owned(),
        })
    }

    /// Whether it may still be used.
    pub(super) fn is_good(&self, now_ms: i64) -> bool {
        now_ms - time_of(&self.interaction) < TOKEN_LIFE_MS
    }
}

/// When something with this id came to be, in epoch milliseconds; 0 for what is no id.
pub(super) fn time_of(id: &str) -> i64 {
    id.parse::<u64>().ok().and_then(|id| i64::try_from(id >> 22).ok()).map_or(0, |ms| ms + EPOCH_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_from_its_word() {
        let ticket = Ticket {
            application: "9".into(),
            token: "aW50.x-y_z".into(),
            interaction: "77".into(),
        };
        let kinds = [
            ReplyTo::Private { channel: "1".into() },
            ReplyTo::Command { channel: "1".into(), ticket: ticket.clone() },
            ReplyTo::Aside { ticket },
            ReplyTo::Mention { channel: "1".into(), message: "2".into() },
        ];
        for kind in kinds {
            assert!(ReplyTo::from_word(&kind.to_word()) == Some(kind));
        }
        for odd in ["", "private", "private/1/2", "command/1", "dance/1"] {
            assert!(ReplyTo::from_word(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn an_id_tells_its_time_and_a_ticket_runs_out() {
        assert_eq!(time_of("175928847299117063"), 1_462_015_105_796);
        assert_eq!(time_of("x"), 0);
        let interaction = "175928847299117063".to_owned();
        let ticket = Ticket { application: String::new(), token: String::new(), interaction };
        assert!(ticket.is_good(1_462_015_105_796 + 13 * 60_000));
        assert!(!ticket.is_good(1_462_015_105_796 + 14 * 60_000));
    }
}
