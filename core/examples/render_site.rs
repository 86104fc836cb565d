//! Compiles the sample documents into a folder, to look at and to judge: `render_site FOLDER [DOCUMENT.json THEME COLOUR]`.

use std::path::{Path, PathBuf};

use sitespark_core::photos::{self, Format};
use sitespark_core::site::document::{Document, DocumentPhoto};
use sitespark_core::site::{BuiltSite, Place, compile, palette};

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
    for (name, text) in SAMPLES {
        let mut document: Document = serde_json::from_str(text)?;
        let mut masters = Vec::new();
        if name == "barber" {
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
        }
        write(&folder, name, &document, &masters)?;
    }
    Ok(())
}

fn write(
    folder: &Path,
    name: &str,
    document: &Document,
    masters: &[photos::PreparedPhoto],
) -> Result<(), Failure> {
    let place = Place {
        origin: format!("http://{name}.localhost:18431"),
        operator: "Demo".to_owned(),
        updated_at_ms: 1_790_000_000_000,
    };
    let built = compile(document, &place)?;
    let root = folder.join(name);
    for file in &built.files {
        save(&root, &file.path, &file.bytes)?;
    }
    save_photos(&root, &built, masters)?;
    let faults = sitespark_core::site::gate::check(document, &built);
    let size = built.files.iter().find(|file| file.path == "/index.html").map(|f| f.bytes.len());
    println!("{name}: {size:?} bytes, style {:?}, faults {faults:?}", built.style_hashes);
    Ok(())
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
