//! A house with one channel and the server behind it.

use std::sync::Arc;

use sitespark_bot::channels::fakes::{
    Call, DiscordFailure, FakeDiscord, FakeGraph, FakeTelegram, GraphFailure, TelegramFailure,
};

use super::person::NUMBER;
use crate::support::{Running, World, discord, telegram, whatsapp};

/// A channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Telegram,
    Whatsapp,
    Discord,
    Web,
    Terminal,
}

impl Place {
    /// Every channel.
    pub(crate) const ALL: [Self; 5] =
        [Self::Telegram, Self::Whatsapp, Self::Discord, Self::Web, Self::Terminal];
}

/// The server behind a channel; our own have none.
pub(crate) enum Server {
    Telegram(FakeTelegram),
    Whatsapp(Arc<FakeGraph>),
    Discord(FakeDiscord),
    Web,
    Terminal,
}

/// What a server shall do instead of sending the next message.
pub(crate) enum Trouble {
    /// Ask to wait some seconds.
    TooFast,
    /// Fail without a word.
    Broken,
    /// Say that the person wants nothing from us.
    Blocked,
}

/// A house and its channel's server.
pub(crate) struct Stage {
    pub(crate) place: Place,
    pub(crate) world: World,
    pub(crate) server: Server,
}

impl Stage {
    pub(crate) async fn open(place: Place) -> Self {
        let mut world = World::new();
        let server = match place {
            Place::Telegram => {
                let fake = FakeTelegram::start().await;
                telegram::connect(&mut world, &fake, "webhook");
                Server::Telegram(fake)
            }
            Place::Whatsapp => {
                let fake = Arc::new(FakeGraph::start().await);
                whatsapp::connect(&mut world, &fake);
                world.keep_time_with(&fake);
                Server::Whatsapp(fake)
            }
            Place::Discord => {
                let fake = FakeDiscord::start_with(world.clock.clone()).await;
                discord::connect(&mut world, &fake);
                Server::Discord(fake)
            }
            Place::Web => Server::Web,
            Place::Terminal => Server::Terminal,
        };
        Self { place, world, server }
    }

    pub(crate) async fn start(&self) -> Running {
        self.world.start_listening().await
    }

    /// Whether messages leave the house here, so that something may go wrong on the way.
    pub(crate) fn is_outside(&self) -> bool {
        match self.server {
            Server::Telegram(_) | Server::Whatsapp(_) | Server::Discord(_) => true,
            Server::Web | Server::Terminal => false,
        }
    }

    pub(crate) fn trouble_next(&self, trouble: &Trouble) {
        match &self.server {
            Server::Telegram(fake) => fake.fail_next(
                "sendMessage",
                match trouble {
                    Trouble::TooFast => TelegramFailure::RetryAfter(7),
                    Trouble::Broken => TelegramFailure::Internal,
                    Trouble::Blocked => TelegramFailure::Blocked,
                },
            ),
            Server::Whatsapp(fake) => fake.fail_next(
                "messages",
                match trouble {
                    Trouble::TooFast => GraphFailure::Code(131_056),
                    Trouble::Broken => GraphFailure::Internal,
                    Trouble::Blocked => GraphFailure::Code(131_026),
                },
            ),
            Server::Discord(fake) => fake.fail_next(
                "channels/",
                match trouble {
                    Trouble::TooFast => DiscordFailure::RateLimited { seconds: 7.0, global: false },
                    Trouble::Broken => DiscordFailure::Internal,
                    Trouble::Blocked => DiscordFailure::Refuse { status: 403, code: 50_007 },
                },
            ),
            Server::Web | Server::Terminal => {}
        }
    }

    /// The emoji on the person's messages, each with what the channel calls its message, and how
    /// often the server was asked for one.
    pub(crate) fn reactions(&self) -> (Vec<(String, String)>, usize) {
        let asked =
            |calls: Vec<Call>, is_one: fn(&Call) -> bool| calls.into_iter().filter(is_one).count();
        let number = NUMBER.to_string();
        match &self.server {
            Server::Telegram(fake) => {
                let there = fake.reactions(NUMBER).into_iter();
                let there = there.map(|(message, emoji)| (message.to_string(), emoji));
                (there.collect(), fake.calls_of("setMessageReaction").len())
            }
            Server::Whatsapp(fake) => {
                let asked = asked(fake.calls(), |call| call.params["type"] == "reaction");
                (fake.reactions_to(&number), asked)
            }
            Server::Discord(fake) => {
                let asked = asked(fake.calls(), |call| call.method.contains("/reactions/"));
                (fake.reactions(&fake.channel_with(&number)), asked)
            }
            Server::Web | Server::Terminal => (Vec::new(), 0),
        }
    }

    /// The next emoji cannot be put where it belongs.
    pub(crate) fn fail_next_reaction(&self) {
        match &self.server {
            Server::Telegram(fake) => {
                fake.fail_next("setMessageReaction", TelegramFailure::RetryAfter(7));
            }
            Server::Whatsapp(fake) => fake.fail_next("reactions", GraphFailure::Code(131_026)),
            Server::Discord(fake) => {
                fake.fail_next("reactions", DiscordFailure::Refuse { status: 403, code: 50_013 })
            }
            Server::Web | Server::Terminal => {}
        }
    }

    /// Whether the newest question lets the place be shared with one tap; true where no app can.
    pub(crate) fn asks_for_the_place(&self) -> bool {
        match &self.server {
            Server::Telegram(fake) => fake.calls_of("sendMessage").last().is_some_and(|call| {
                let keys = call.params["reply_markup"]["keyboard"].to_string();
                keys.contains("request_location") && keys.contains("request_contact")
            }),
            Server::Whatsapp(fake) => fake
                .calls()
                .iter()
                .any(|call| call.params["interactive"]["type"] == "location_request_message"),
            Server::Discord(_) | Server::Web | Server::Terminal => true,
        }
    }

    /// Requests the real server would have refused.
    pub(crate) fn violations(&self) -> Vec<String> {
        match &self.server {
            Server::Telegram(fake) => fake.violations(),
            Server::Whatsapp(fake) => fake.violations(),
            Server::Discord(fake) => fake.violations(),
            Server::Web | Server::Terminal => Vec::new(),
        }
    }

    /// Nothing refused, nothing left behind; ends the house.
    pub(crate) async fn end(&self, house: Running) {
        assert_eq!(self.violations(), [""; 0]);
        house.assert_tidy().await;
        house.stop().await;
    }
}
