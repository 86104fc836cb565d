//! Every limit this program sets itself, measured in one run: figure, limit or peer, ratio, machine.
//!
//! `cargo bench --bench limits` runs all parts, `cargo bench --bench limits -- turns host` some.
//! A peer (raw SQL, nginx) runs in the same process run, on the same disk, right after or before the
//! part it is held against; nothing is compared with a number from elsewhere.

mod cpu;
mod disk;
mod host;
mod live;
mod load;
mod machine;
mod pages;
mod postgres;
mod program;
mod report;
mod server;
mod turns;
mod wallet;
mod words;

use anyhow::bail;

use report::Report;

const PARTS: [&str; 8] =
    ["turns", "postgres", "wallet", "pages", "live", "words", "program", "host"];

fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if let Some(unknown) = wanted.iter().find(|part| !PARTS.contains(&part.as_str())) {
        bail!("there is no part {unknown}; parts are {}", PARTS.join(", "));
    }
    sitespark::init_tls();
    println!("{}", machine::describe());
    let mut report = Report::new();
    for part in PARTS {
        if wanted.is_empty() || wanted.iter().any(|name| name == part) {
            eprintln!("… {part}");
            run(part, &mut report)?;
        }
    }
    report.print();
    Ok(())
}

fn run(part: &str, report: &mut Report) -> anyhow::Result<()> {
    match part {
        "turns" => turns::on_sqlite(report),
        "postgres" => postgres::all(report),
        "wallet" => wallet::on_sqlite(report),
        "pages" => pages::all(report),
        "live" => live::all(report),
        "words" => words::all(report),
        "program" => program::all(report),
        _ => host::all(report),
    }
}
