//! News and rate limits, in process and through a real Redis.

use std::future::poll_fn;
use std::task::Poll;

use sitespark_core::live::{Bus, Limit, Live, News};
use sitespark_core::testing::START_MS;
use sitespark_core::testing::redis::RedisServer;
use tokio_util::sync::CancellationToken;

use crate::support::{soon, until};

/// Both kinds; the server is ended when it is dropped.
async fn kinds() -> Vec<(Live, Option<RedisServer>)> {
    let mut kinds = vec![(Live::in_process(), None)];
    if let Some(server) = RedisServer::start() {
        kinds.push((soon(Live::redis(&server.url())).await.unwrap(), Some(server)));
    }
    kinds
}

fn site(subdomain: &str) -> News {
    News::Site { subdomain: subdomain.to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_passes_and_the_next_waits_its_turn() {
    let limit = Limit { per_minute: 60, burst: 3 };
    for (live, _server) in kinds().await {
        soon(live.ping()).await.unwrap();
        let limiter = live.limiter;
        for _ in 0..3 {
            assert_eq!(limiter.take("a", limit, START_MS).await, Ok(()));
        }
        assert_eq!(limiter.take("a", limit, START_MS).await, Err(1_000));
        assert_eq!(limiter.take("a", limit, START_MS + 400).await, Err(600));
        assert_eq!(limiter.take("b", limit, START_MS).await, Ok(()), "another key is free");
        assert_eq!(
            limiter.take("a", limit, START_MS + 1_000).await,
            Ok(()),
            "a second refills one"
        );
        assert_eq!(limiter.take("a", limit, START_MS + 1_000).await, Err(1_000));
        for _ in 0..3 {
            assert_eq!(
                limiter.take("a", limit, START_MS + 60_000).await,
                Ok(()),
                "rest refills all"
            );
        }
        assert_eq!(limiter.take("a", limit, START_MS + 60_000).await, Err(1_000), "and no more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_shared_by_everybody_at_once() {
    let limit = Limit { per_minute: 60, burst: 5 };
    for (live, _server) in kinds().await {
        let takes = (0..40).map(|_| live.limiter.take("a", limit, START_MS));
        let taken = soon(futures::future::join_all(takes)).await;
        assert_eq!(taken.iter().filter(|one| one.is_ok()).count(), 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zero_limits_still_let_something_through() {
    for (live, _server) in kinds().await {
        let limit = Limit { per_minute: 0, burst: 0 };
        assert_eq!(live.limiter.take("a", limit, START_MS).await, Ok(()));
        assert_eq!(live.limiter.take("a", limit, START_MS).await, Err(60_000));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_reach_every_listener() {
    for (live, server) in kinds().await {
        let stop = CancellationToken::new();
        let mut forwarding = Vec::new();
        let mut listeners = Vec::new();
        let mut buses = vec![live.bus.clone()];
        if let Some(server) = &server {
            buses.push(soon(Live::redis(&server.url())).await.unwrap().bus);
        }
        for bus in &buses {
            listeners.push(bus.subscribe());
            let (bus, stop) = (bus.clone(), stop.clone());
            forwarding.push(tokio::spawn(async move { bus.forward(stop).await }));
        }
        until_heard(&live.bus, &mut listeners).await;
        let told = [
            site("kopi"),
            News::Chat { channel: "web".into(), chat: "7".into() },
            News::Preview { run: "r".into() },
        ];
        for news in &told {
            live.bus.publish(news.clone()).await;
        }
        for listener in &mut listeners {
            for (place, news) in told.iter().enumerate() {
                // What is told while a subscription begins may come twice; a hint may.
                let mut last = heard(listener).await;
                while told[..place].contains(&last) {
                    last = heard(listener).await;
                }
                assert_eq!(last, *news);
            }
        }
        stop.cancel();
        for task in forwarding {
            soon(task).await.unwrap();
        }
    }
}

type Listener = tokio::sync::broadcast::Receiver<News>;

/// The next news that is no knock.
async fn heard(listener: &mut Listener) -> News {
    loop {
        let news = soon(listener.recv()).await.unwrap();
        if news != site("knock") {
            return news;
        }
    }
}

/// Knocks until every listener hears: subscriptions take a moment.
async fn until_heard(bus: &Bus, listeners: &mut [Listener]) {
    let mut open = vec![false; listeners.len()];
    until(async || {
        bus.publish(site("knock")).await;
        for (listener, open) in listeners.iter_mut().zip(&mut open) {
            *open |= listener.try_recv().is_ok();
        }
        open.iter().all(|open| *open)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_subscription_news_stay_in_the_process() {
    for (live, _server) in kinds().await {
        let mut listener = live.bus.subscribe();
        soon(live.bus.publish(site("kopi"))).await;
        let mut hearing = Box::pin(listener.recv());
        let at_once = poll_fn(|context| Poll::Ready(hearing.as_mut().poll(context))).await;
        assert_eq!(at_once, Poll::Ready(Ok(site("kopi"))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_redis_grants_and_news_stay_in_the_process() {
    let Some(server) = RedisServer::start() else { return };
    let live = soon(Live::redis(&server.url())).await.unwrap();
    let stop = CancellationToken::new();
    let (bus, stopped) = (live.bus.clone(), stop.clone());
    let forwarding = tokio::spawn(async move { bus.forward(stopped).await });
    let mut listener = live.bus.subscribe();
    until_heard(&live.bus, std::slice::from_mut(&mut listener)).await;
    let limit = Limit { per_minute: 1, burst: 1 };
    assert_eq!(live.limiter.take("a", limit, START_MS).await, Ok(()));
    assert!(live.limiter.take("a", limit, START_MS).await.is_err());
    drop(server);
    // Many, so that waiting for the server to come back each time would end the patience.
    soon(async {
        for _ in 0..8 {
            assert_eq!(live.limiter.take("a", limit, START_MS).await, Ok(()));
        }
        for _ in 0..8 {
            live.bus.publish(site("kopi")).await;
        }
    })
    .await;
    for _ in 0..8 {
        assert_eq!(heard(&mut listener).await, site("kopi"));
    }
    stop.cancel();
    soon(forwarding).await.unwrap();
}
