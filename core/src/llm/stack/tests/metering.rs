//! What is counted of every try.

use metrics::{
    Counter, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use super::*;

#[tokio::test]
async fn every_try_is_counted_and_its_cost_kept() {
    let ledger = Ledger::default();
    let _recording = metrics::set_default_local_recorder(&ledger);
    let (outcome, _) = ask_one([Behaviour::ServerError, Behaviour::Good]).await;
    outcome.unwrap();
    let read = |name: &str| ledger.read(name);
    let labels = "{model=gpt-4o-mini,stage=content}";
    let count = |status| {
        format!("sitespark_ai_requests_total{{model=gpt-4o-mini,stage=content,status={status}}}")
    };
    assert_eq!((read(&count("ok")), read(&count("transient"))), (Some(1), Some(1)));
    assert_eq!(read(&format!("sitespark_ai_latency_seconds{labels}")), Some(2));
    assert_eq!(read(&format!("sitespark_ai_cost_usd{labels}")), Some(COST_NANO_USD));
}

#[tokio::test]
async fn a_try_that_is_cut_off_is_counted_too() {
    let ledger = Ledger::default();
    let _recording = metrics::set_default_local_recorder(&ledger);
    let model = FakeModel::start(Behaviour::Slow(600_000, Box::new(Behaviour::Good))).await;
    let config = StackConfig { deadline_ms: 60, ..quick() };
    stack(&[&model], config, &ManualClock::at(NOW_MS)).ask(&request()).await.unwrap_err();
    let name = "sitespark_ai_requests_total{model=gpt-4o-mini,stage=content,status=cancelled}";
    assert_eq!(ledger.read(name), Some(1));
}

/// A recorder that can be read: counts as they are, gauges in billionths, histograms as the number
/// of their samples.
#[derive(Default)]
struct Ledger(std::sync::Mutex<std::collections::BTreeMap<String, Arc<Sum>>>);

#[derive(Default)]
struct Sum(std::sync::atomic::AtomicI64);

impl Ledger {
    fn read(&self, name: &str) -> Option<i64> {
        let entries = self.0.lock().unwrap();
        entries.get(name).map(|sum| sum.0.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn entry(&self, key: &Key) -> Arc<Sum> {
        let labels: Vec<_> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{}{{{}}}", key.name(), labels.join(","));
        self.0.lock().unwrap().entry(name).or_default().clone()
    }
}

impl Sum {
    fn add(&self, by: i64) {
        self.0.fetch_add(by, std::sync::atomic::Ordering::SeqCst);
    }
}

impl metrics::CounterFn for Sum {
    fn increment(&self, value: u64) {
        self.add(i64::try_from(value).unwrap());
    }

    fn absolute(&self, _: u64) {}
}

impl GaugeFn for Sum {
    fn increment(&self, value: f64) {
        self.add((value * 1e9).round() as i64);
    }

    fn decrement(&self, _: f64) {}

    fn set(&self, _: f64) {}
}

impl metrics::HistogramFn for Sum {
    fn record(&self, _: f64) {
        self.add(1);
    }
}

impl Recorder for Ledger {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.entry(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.entry(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.entry(key))
    }
}

#[tokio::test]
async fn a_script_may_decide_by_the_request() {
    let model = FakeModel::start(Script::by(|request| match request.block("owner_data")["name"] {
        Value::String(ref name) if name == "Kue Ani" => Behaviour::Say(json!({"seen": true})),
        _ => Behaviour::ServerError,
    }))
    .await;
    let outcome = stack(&[&model], quick(), &ManualClock::at(NOW_MS)).ask(&request()).await;
    assert_eq!(outcome.unwrap().json, json!({"seen": true}));
}
