//! The same journeys on every channel, each with a server that holds it to its limits: what works
//! on one works on all, or the channel cannot do it and says so in a way people understand.

mod afterwards;
mod conversations;
mod files;
mod person;
mod reactions;
mod speaking;
mod stage;
mod talks;

pub(crate) use person::{Act, Person, Said};
pub(crate) use stage::{Place, Stage};

/// One test a channel for every journey.
macro_rules! on_every_channel {
    ($($journey:ident),* $(,)?) => { $(
        mod $journey {
            use super::super::{Place, Stage};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_telegram() {
                super::$journey(Stage::open(Place::Telegram).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_whatsapp() {
                super::$journey(Stage::open(Place::Whatsapp).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_discord() {
                super::$journey(Stage::open(Place::Discord).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_the_web() {
                super::$journey(Stage::open(Place::Web).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_the_terminal() {
                super::$journey(Stage::open(Place::Terminal).await).await;
            }
        }
    )* };
}
pub(crate) use on_every_channel;
