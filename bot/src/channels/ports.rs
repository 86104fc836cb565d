//! The channels of this house, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ChannelPort;
use crate::message::{Channel, Message};

/// The outside channels that are switched on. The web chat and the terminal need no port: what is
/// said there goes into our own transcript.
#[derive(Default, Clone)]
pub struct Ports {
    outside: BTreeMap<Channel, Arc<dyn ChannelPort>>,
}

impl Ports {
    /// No outside channel yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Switches a channel on.
    #[must_use]
    pub fn with(mut self, port: Arc<dyn ChannelPort>) -> Self {
        self.outside.insert(port.channel(), port);
        self
    }

    /// The port of an outside channel that is on.
    pub fn get(&self, channel: Channel) -> Option<&Arc<dyn ChannelPort>> {
        self.outside.get(&channel)
    }

    /// Whether what is said there goes into our own transcript.
    pub const fn is_local(channel: Channel) -> bool {
        match channel {
            Channel::Web | Channel::Terminal => true,
            Channel::Telegram | Channel::Whatsapp | Channel::Discord => false,
        }
    }

    /// A message as the pieces its channel can send; whole where there is no port.
    pub fn split(&self, channel: Channel, message: Message) -> Vec<Message> {
        match self.outside.get(&channel) {
            Some(port) => port.split(message),
            None => vec![as_shown(channel, message)],
        }
    }
}

/// The page has no files of its own: there they are links. The terminal names where they lie.
fn as_shown(channel: Channel, mut message: Message) -> Message {
    match channel {
        Channel::Web => message.links.extend(message.document.take().map(|file| file.link())),
        Channel::Telegram | Channel::Whatsapp | Channel::Discord | Channel::Terminal => {}
    }
    message
}
