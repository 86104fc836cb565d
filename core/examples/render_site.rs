//! Compiles the sample documents into a folder, to look at and to judge: `render_site FOLDER [DOCUMENT.json THEME COLOUR]`.
//! `render_site FOLDER themes` compiles a site for each theme instead, in the words of its first trade.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sitespark_core::brief::{Answer, Brief, Contact, Hours, Phone, Tone, Trade, parse_items};
use sitespark_core::photos::{self, Format};
use sitespark_core::site::document::{Design, Document, DocumentPhoto};
use sitespark_core::site::theme::{self, Theme};
use sitespark_core::site::{
    BuiltSite, Edit, Place, apply, compile, compile_pages, default_colour, palette,
};
use sitespark_core::writer;

/// Any error, for a tool that only prints it.
type Failure = Box<dyn std::error::Error>;

const SAMPLES: [(&str, &str); 3] = [
    ("kopi", include_str!("documents/kopi.json")),
    ("barber", include_str!("documents/barber.json")),
    ("gigi", include_str!("documents/gigi.json")),
];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from(arguments.first().ok_or("which folder?")?);
    if let [_, path, theme, colour] = arguments.as_slice() {
        let mut document: Document = serde_json::from_slice(&std::fs::read(path)?)?;
        document.design.theme.clone_from(theme);
        document.design.colour.clone_from(colour);
        return write(&folder, "site", &document, &[]);
    }
    if let [_, word] = arguments.as_slice()
        && word == "themes"
    {
        return dress_all(&folder);
    }
    for (name, text) in SAMPLES {
        let mut document: Document = serde_json::from_str(text)?;
        let masters = if name == "barber" { shoot(&mut document)? } else { Vec::new() };
        write(&folder, name, &document, &masters)?;
    }
    Ok(())
}

/// Puts five painted photos into a document.
fn shoot(document: &mut Document) -> Result<Vec<photos::PreparedPhoto>, Failure> {
    let mut masters = Vec::new();
    for seed in 0..5 {
        let photo = photos::prepare(&painted(seed)?)?;
        document.business.photos.push(DocumentPhoto {
            id: photo.id.0.clone(),
            width_px: photo.width_px,
            height_px: photo.height_px,
            alt: format!("Warna sore {}", seed + 1),
            colour: palette::hex(photo.colour),
            focus: photo.focus.stored(),
        });
        masters.push(photo);
    }
    Ok(masters)
}

/// A site for each theme, every other one with photos; pages only, for the pictures take long.
fn dress_all(folder: &Path) -> Result<(), Failure> {
    let mut pictured: Document = serde_json::from_str(SAMPLES[0].1)?;
    let masters = shoot(&mut pictured)?;
    let mut developed: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (at, look) in theme::themes().iter().enumerate() {
        let mut document = dressed(look, u32::try_from(at)?)?;
        if at % 2 == 1 {
            document.business.photos.clone_from(&pictured.business.photos);
        }
        let built = compile_pages(&document, &place(&look.id))?;
        let root = folder.join(&look.id);
        for file in &built.files {
            save(&root, &file.path, &file.bytes)?;
        }
        for wanted in &built.photos {
            if !developed.contains_key(&wanted.path) {
                let one =
                    BuiltSite { files: Vec::new(), photos: vec![wanted.clone()], ..built.clone() };
                save_photos(&folder.join("_photos"), &one, &masters)?;
                let path = folder.join("_photos").join(wanted.path.trim_start_matches('/'));
                developed.insert(wanted.path.clone(), std::fs::read(path)?);
            }
            save(&root, &wanted.path, &developed[&wanted.path])?;
        }
        tell(&look.id, &document, &built);
    }
    Ok(())
}

/// A site of a theme's first trade in the built-in writer's words, with people and a customer's words.
fn dressed(look: &Theme, seed: u32) -> Result<Document, Failure> {
    let samples: BTreeMap<String, BTreeMap<String, [String; 6]>> =
        toml::from_str(include_str!("../src/writer/samples.toml"))?;
    let trade = Trade::from_slug(&look.trades[0]).ok_or("an unknown trade")?;
    let [name, said, items, audience, city, note] = samples["id"][trade.slug()].clone();
    let contact = Contact {
        phone: Phone::parse("0812-3456-7890").ok(),
        address: Some("Jl. Merdeka No. 12".to_owned()),
        city: Some(city),
        hours: Hours::parse("senin-jumat 08.00-17.00, sabtu 08.00-12.00"),
        ..Contact::default()
    };
    let brief = Brief {
        trade: Some(Answer::new(trade, said)),
        name: Some(Answer::new(name.clone(), name)),
        audience: Some(Answer::new(audience.clone(), audience)),
        items: parse_items(&items),
        contact: Some(Answer::new(contact, "")),
        notes: vec![note],
        ..Brief::default()
    };
    let plan = writer::plan(&brief);
    let tone = Tone::from_slug(&look.tones[0]);
    let colour = palette::hex(default_colour(trade.slug(), tone, seed));
    let design = Design { theme: look.id.clone(), colour, seed, ..Design::default() };
    let meta = writer::meta(&brief, &plan, seed);
    let variant = |kind| look.variant(kind).to_owned();
    let document = writer::assemble(&brief, &plan, &BTreeMap::new(), meta, design, variant);
    let edits: Vec<Edit> = serde_json::from_str(include_str!("documents/people.json"))?;
    Ok(apply(&document, &edits)?)
}

fn write(
    folder: &Path,
    name: &str,
    document: &Document,
    masters: &[photos::PreparedPhoto],
) -> Result<(), Failure> {
    let built = compile(document, &place(name))?;
    let root = folder.join(name);
    for file in &built.files {
        save(&root, &file.path, &file.bytes)?;
    }
    save_photos(&root, &built, masters)?;
    tell(name, document, &built);
    Ok(())
}

fn place(name: &str) -> Place {
    Place {
        origin: format!("http://{name}.localhost:18431"),
        operator: "Demo".to_owned(),
        updated_at_ms: 1_790_000_000_000,
    }
}

fn tell(name: &str, document: &Document, built: &BuiltSite) {
    let faults = sitespark_core::site::gate::check(document, built);
    let size = built.files.iter().find(|file| file.path == "/index.html").map(|f| f.bytes.len());
    println!("{name}: {size:?} bytes, style {:?}, faults {faults:?}", built.style_hashes);
}

fn save_photos(
    root: &Path,
    built: &BuiltSite,
    masters: &[photos::PreparedPhoto],
) -> Result<(), Failure> {
    for wanted in &built.photos {
        let Some(master) = masters.iter().find(|one| one.id.0 == wanted.photo) else { continue };
        let image = photos::read(&master.jpeg)?;
        let bytes = photos::render(&image, wanted.width_px, Format::of_path(&wanted.path))?;
        save(root, &wanted.path, &bytes)?;
    }
    Ok(())
}

fn save(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = root.join(path.trim_start_matches('/'));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(path, bytes)?)
}

/// A soft evening sky over hills, different by seed.
fn painted(seed: u32) -> Result<Vec<u8>, Failure> {
    let (width, height) = if seed.is_multiple_of(2) { (1800, 1200) } else { (1200, 1500) };
    let turn = f64::from(seed) * 1.3;
    let image = image::RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let hill = |base: f64, wave: f64| base + 0.08 * (u * wave + turn).sin();
        let shade = if v > hill(0.82, 5.0) {
            0.18
        } else if v > hill(0.68, 7.5) {
            0.38
        } else {
            1.0 - v * 0.35
        };
        let part = |phase: f64| {
            let wave = 0.62 + 0.3 * (turn + phase + v * 1.6).sin();
            (wave * shade * 255.0).clamp(0.0, 255.0) as u8
        };
        image::Rgb([part(0.6), part(2.2), part(4.0)])
    });
    let mut bytes = Vec::new();
    image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Jpeg)?;
    Ok(bytes)
}
