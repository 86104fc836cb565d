//! All briefs of `core/briefs` as sites, photographed on a phone and on a desk, on one sheet:
//! `cargo run --example contact-sheet -- --out FOLDER`.
//!
//! Needs Chromium and chromedriver for the pictures; without them it writes the sites and says so.
//! Everything stays on this machine.

mod browser;
mod sheet;
mod sites;

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;

use browser::View;
use sites::Shelf;
use tokio::net::TcpListener;

/// Builds every brief's site and photographs it.
#[derive(Parser)]
struct Wishes {
    /// Where the sheet (`sheet.png`, `sheet.html`) and the single pictures go.
    #[arg(long, default_value = "target/contact-sheet")]
    out: PathBuf,
    /// Where the sites go, a folder each; `sites` under the sheet's folder when not said.
    #[arg(long)]
    sites: Option<PathBuf>,
    /// The briefs of a folder, told like those of `core/briefs`, in their place.
    #[arg(long)]
    briefs: Option<PathBuf>,
    /// Only briefs whose name holds this.
    #[arg(long, default_value = "")]
    only: String,
    /// Looks at the sites in dark surroundings.
    #[arg(long)]
    dark: bool,
    /// Writes the sites and takes no pictures.
    #[arg(long)]
    no_pictures: bool,
    /// After that, serves the sites at `http://NAME.localhost:PORT`, as the program does, until it is
    /// stopped.
    #[arg(long)]
    serve: bool,
    /// Where they are served; any free port when not said.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let wishes = Wishes::parse();
    let folder = wishes.sites.clone().unwrap_or_else(|| wishes.out.join("sites"));
    let listener = TcpListener::bind(("127.0.0.1", wishes.port)).await?;
    let port = listener.local_addr()?.port();
    let shelf = Shelf::open(port).await?;
    let told = sites::told(wishes.briefs.as_deref(), &wishes.only)?;
    let names = shelf.fill(&folder, told).await?;
    println!("{} sites are in {}", names.len(), folder.display());
    let server = tokio::spawn(shelf.serve(listener));
    if !wishes.no_pictures {
        photograph(&wishes, &names, port).await?;
    }
    if wishes.serve {
        for name in &names {
            println!("http://{name}.localhost:{port}/");
        }
        return server.await.context("the server broke down")?;
    }
    Ok(())
}

async fn photograph(wishes: &Wishes, names: &[String], port: u16) -> anyhow::Result<()> {
    if let Some(program) = browser::missing() {
        println!("no pictures are taken: {program} is not installed");
        return Ok(());
    }
    std::fs::create_dir_all(&wishes.out)?;
    for view in View::ALL {
        browser::photograph(view, wishes.dark, names, port, &wishes.out).await?;
    }
    sheet::compose(&wishes.out, names)?;
    println!("the sheet is {}", wishes.out.join("sheet.png").display());
    Ok(())
}
