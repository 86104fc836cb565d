//! The table at the end.

/// Figures so far.
pub(crate) struct Report {
    rows: Vec<[String; 4]>,
}

/// What a figure is held against.
pub(crate) enum Aim {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
    /// A peer measured in this run, and the share of it that is wanted at least.
    Peer(&'static str, f64, f64),
    /// Only told.
    None,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Adds a figure and prints it at once, so that a broken run still shows what it measured.
    pub(crate) fn add(&mut self, name: &str, figure: f64, unit: &str, aim: Aim) {
        let (against, ratio) = match aim {
            Aim::AtLeast(limit) => {
                (format!("≥ {}", number(limit)), verdict(figure / limit, figure >= limit))
            }
            Aim::AtMost(limit) => {
                (format!("≤ {}", number(limit)), verdict(figure / limit, figure <= limit))
            }
            Aim::Peer(peer, value, share) => {
                let ratio = figure / value;
                (
                    format!("{peer} {} (≥ {share} of it)", number(value)),
                    verdict(ratio, ratio >= share),
                )
            }
            Aim::None => (String::new(), String::new()),
        };
        let row = [name.to_owned(), format!("{} {unit}", number(figure)), against, ratio];
        eprintln!("  {}", row.join(" | "));
        self.rows.push(row);
    }

    /// Prints everything as a table.
    pub(crate) fn print(&self) {
        println!("\n| what | measured | limit or peer | ratio |\n|---|---|---|---|");
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
    }
}

fn verdict(ratio: f64, reached: bool) -> String {
    format!("{ratio:.2} {}", if reached { "reached" } else { "NOT reached" })
}

fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The value below which this share of the samples lies.
pub(crate) fn percentile(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    samples.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}
