//! `sitespark serve`: the roles of this process behind one port, until told to stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use metrics_exporter_prometheus::PrometheusHandle;
use sitespark_core::db::Db;
use sitespark_site_host::{
    HostFault, HostSettings, Place, PreviewSources, SiteTable, SitesDomain, follow, host_of,
    preview_router,
};
use sitespark_webhook::web::{PageSettings, Prices, WebChat};
use sitespark_webhook::{
    BrowserChat, DiscordDoor, TelegramDoor, WhatsappDoor, count_requests, discord_router,
    exports_router, ops_router, telegram_router, web, whatsapp_router,
};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::cli::Role;
use crate::house::{House, OPERATOR};
use crate::http::run_http;
use crate::readiness::HouseReadiness;
use crate::sketches::Conversations;
use crate::{gateway, number, polling, summary};

/// Every role, for a house on one machine.
pub const ALL_ROLES: [Role; 4] = [Role::Webhook, Role::Bot, Role::Worker, Role::Host];
/// What probes and Prometheus ask for, whatever they call this machine.
const OPS_PATHS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// Longest from the stop to the end: a moment more than running jobs get.
const DRAIN: Duration = Duration::from_secs(21);
/// Longest the connections to the database may take to close.
const CLOSING: Duration = Duration::from_secs(2);
/// Manifests and file bytes a host keeps at hand.
const MOST_SITES: usize = 50_000;
const CACHE_BYTES: u64 = 192 * 1_024 * 1_024;

/// Runs until `stop`, then drains: no new work, running jobs get 20 s.
pub async fn serve(
    house: House,
    roles: Vec<Role>,
    metrics: PrometheusHandle,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(house.settings.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", house.settings.listen))?;
    let mut tasks = JoinSet::new();
    let front = build_front(&house, &roles, metrics, &stop, &mut tasks).await?;
    house.start(&roles, &stop, &mut tasks)?;
    if roles.contains(&Role::Webhook) || roles.contains(&Role::Bot) {
        polling::start(&house, roles.contains(&Role::Webhook), &stop, &mut tasks);
    }
    if roles.contains(&Role::Webhook) {
        gateway::start(&house, &stop, &mut tasks);
        number::start(&house, &stop, &mut tasks);
    }
    summary::print(&house.settings, &roles, listener.local_addr()?);
    drain(run_http(listener, front, &stop), tasks, &stop, &house.db).await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for the end of what is served and worked, however the stop comes; after the stop no longer than
/// running jobs get. A database that does not answer holds nobody up.
pub(crate) async fn drain(
    serving: impl Future<Output = ()>,
    mut tasks: JoinSet<()>,
    stop: &CancellationToken,
    db: &Db,
) {
    let ended = async {
        serving.await;
        while tasks.join_next().await.is_some() {}
    };
    let too_long = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = ended => {}
        () = too_long => tracing::warn!("not everything had ended; what was running is left to its leases"),
    }
    tasks.abort_all();
    if tokio::time::timeout(CLOSING, db.close()).await.is_err() {
        tracing::warn!("the database did not let go in time");
    }
}

/// What stands behind the port: the operator's pages and the sites, told apart by `Host`.
#[derive(Clone)]
pub struct Front {
    domain: Arc<SitesDomain>,
    house: Router,
    sites: Option<SiteTable>,
}

impl Front {
    /// Answers one request.
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let host = match host_of(request.uri(), request.headers()) {
            Ok(host) => host,
            // Probes may be as simple as that.
            Err(HostFault::Missing) if OPS_PATHS.contains(&request.uri().path()) => {
                return self.answer_of_house(request).await;
            }
            Err(fault) => return (StatusCode::BAD_REQUEST, format!("{fault}\n")).into_response(),
        };
        match (self.domain.place(&host), &self.sites) {
            (Place::Unknown, _) if OPS_PATHS.contains(&request.uri().path()) => {
                // Probes reach a container under names nobody has told us.
                self.answer_of_house(request).await
            }
            (Place::House, _) => self.answer_of_house(request).await,
            (Place::Site(name), Some(table)) => {
                sitespark_site_host::serve(table, &name, request).await
            }
            (Place::Site(_) | Place::Unknown, _) => sitespark_site_host::unknown_host(),
        }
    }

    async fn answer_of_house(&self, request: Request<Body>) -> Response<Body> {
        let answered = self.house.clone().oneshot(request).await;
        answered.unwrap_or_else(|never| match never {})
    }
}

async fn nothing_here() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "there is nothing here\n")
}

/// Builds everything that answers HTTP for these roles.
pub async fn build_front(
    house: &House,
    roles: &[Role],
    metrics: PrometheusHandle,
    stop: &CancellationToken,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<Front> {
    let readiness = Arc::new(HouseReadiness::new(house, metrics));
    let mut router = ops_router(readiness);
    if roles.contains(&Role::Webhook) {
        router = router.merge(doors(house)).merge(page(house));
        router = router.merge(exports_router(house.objects.clone(), house.clock.clone()));
        router = router.merge(preview_router(PreviewSources {
            db: house.db.clone(),
            live: house.live.clone(),
            publisher: house.publisher.clone(),
            objects: house.objects.clone(),
            sketches: Arc::new(Conversations(house.db.clone())),
            origin: house.settings.public_url.clone(),
        }));
    }
    let sites = if roles.contains(&Role::Host) {
        let settings = HostSettings {
            most_sites: MOST_SITES,
            cache_bytes: CACHE_BYTES,
            frame_ancestor: house.settings.public_url.clone(),
            publisher: house.publisher.clone(),
        };
        let (db, objects) = (house.db.clone(), house.objects.clone());
        let (live, clock) = (house.live.clone(), house.clock.clone());
        let table = SiteTable::open(db, objects, live, clock, &settings).await?;
        tasks.spawn(follow(table.clone(), stop.clone()));
        Some(table)
    } else {
        None
    };
    let domain = SitesDomain::new(&house.settings.sites_domain, &house.settings.public_host);
    let house = router.fallback(nothing_here).layer(from_fn(count_requests));
    Ok(Front { domain: Arc::new(domain), house, sites })
}

fn doors(house: &House) -> Router {
    let mut router = Router::new();
    if let Some(telegram) = &house.settings.telegram {
        let (secret, name) = (telegram.webhook_secret.clone(), Arc::clone(&house.telegram_name));
        let door = TelegramDoor { intake: house.intake.clone(), secret, name };
        router = router.merge(telegram_router(door));
    }
    if let Some(whatsapp) = &house.settings.whatsapp {
        router = router.merge(whatsapp_router(WhatsappDoor {
            intake: house.intake.clone(),
            app_secret: whatsapp.app_secret.clone(),
            verify_token: whatsapp.verify_token.clone(),
            phone_number_id: whatsapp.phone_number_id.clone(),
        }));
    }
    if let Some(public_key) = house.settings.discord_key.clone() {
        // Without a token nobody could answer what is asked.
        let intake = house.discord.as_ref().map(|_| house.intake.clone());
        let clock = house.clock.clone();
        router = router.merge(discord_router(DiscordDoor { intake, public_key, clock }));
    }
    router
}

fn page(house: &House) -> Router {
    let settings = &house.settings;
    let chat = BrowserChat::new(
        house.db.clone(),
        house.clock.clone(),
        house.live.clone(),
        house.objects.clone(),
        &settings.public_url,
        (&settings.scheme, &settings.sites_domain),
    );
    let prices = settings.prices;
    let page = PageSettings {
        public_url: settings.public_url.clone(),
        sites_frame_source: settings.sites_frame_source(),
        default_language: settings.language,
        telegram_name: Arc::clone(&house.telegram_name),
        whatsapp_number: Arc::clone(&house.whatsapp_number),
        hears: settings.audio.is_some(),
        operator: OPERATOR.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        prices: Prices {
            signup: prices.signup,
            daily: prices.daily,
            generate: prices.generate,
            refine: house.llm.as_ref().and(Some(prices.refine)).filter(|price| price.0 > 0),
            referral: prices.referral,
        },
    };
    web::router(Arc::new(chat) as Arc<dyn WebChat>, page)
}
