//! Whether this process can serve: database and storage answer, and keep what is written.

use std::time::Duration;

use async_trait::async_trait;
use metrics_exporter_prometheus::PrometheusHandle;
use sitespark_core::clock::SharedClock;
use sitespark_core::db::Db;
use sitespark_core::queue;
use sitespark_core::storage::Objects;
use sitespark_webhook::Readiness;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::house::House;

/// How long an answer holds: whoever asks often makes no work.
const MEMORY: Duration = Duration::from_secs(5);
/// Longest the database or the storage is waited for: probes wait no longer.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Answers for the whole process.
pub(crate) struct HouseReadiness {
    db: Db,
    objects: Objects,
    clock: SharedClock,
    metrics: PrometheusHandle,
    known: Mutex<Option<(Instant, Result<(), String>)>>,
}

impl HouseReadiness {
    /// Nothing is known yet.
    pub(crate) fn new(house: &House, metrics: PrometheusHandle) -> Self {
        Self {
            db: house.db.clone(),
            objects: house.objects.clone(),
            clock: house.clock.clone(),
            metrics,
            known: Mutex::new(None),
        }
    }

    async fn look(&self) -> Result<(), String> {
        let (database, storage) = tokio::join!(
            tokio::time::timeout(PATIENCE, self.db.try_write()),
            tokio::time::timeout(PATIENCE, self.objects.ping()),
        );
        match database {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "the database cannot be written");
                return Err("the database cannot be written".to_owned());
            }
            Err(_) => return Err("the database does not answer".to_owned()),
        }
        match storage {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the storage cannot be written");
                Err("the storage cannot be written".to_owned())
            }
            Err(_) => Err("the storage does not answer".to_owned()),
        }
    }

    async fn measure_queue(&self) {
        match tokio::time::timeout(PATIENCE, queue::depths(&self.db)).await {
            Ok(Ok(depths)) => {
                let now_ms = self.clock.now_ms();
                for depth in depths {
                    let lane = depth.lane.slug();
                    let waited_ms = depth.oldest_at_ms.map_or(0, |at_ms| (now_ms - at_ms).max(0));
                    metrics::gauge!("sitespark_queue_depth", "lane" => lane).set(depth.open as f64);
                    metrics::gauge!("sitespark_queue_dead", "lane" => lane).set(depth.dead as f64);
                    metrics::gauge!("sitespark_queue_oldest_seconds", "lane" => lane)
                        .set(waited_ms as f64 / 1_000.0);
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "the queue could not be measured"),
            Err(_) => tracing::warn!("the queue could not be measured in time"),
        }
    }
}

#[async_trait]
impl Readiness for HouseReadiness {
    async fn check(&self) -> Result<(), String> {
        let mut known = self.known.lock().await;
        if let Some((at, answer)) = &*known
            && at.elapsed() < MEMORY
        {
            return answer.clone();
        }
        let answer = self.look().await;
        *known = Some((Instant::now(), answer.clone()));
        answer
    }

    async fn metrics(&self) -> String {
        self.measure_queue().await;
        self.metrics.render()
    }
}
