//! What every page must be, told from its bytes alone.

use std::collections::BTreeSet;

use serde_json::Value;
use sitespark_core::site::gate;
use sitespark_core::site::palette::{Palette, TEXT_CONTRAST, contrast, parse_hex};
use sitespark_core::site::theme::theme;

use super::Made;
use super::html::{Node, read};

/// HTML and CSS of a page.
const PAGE_BYTES_AT_MOST: usize = 30 * 1024;
/// The card that is shown where a link is shared; some chats show no larger one.
const CARD_BYTES_AT_MOST: usize = 300 * 1024;

/// Fails with what is wrong with a site.
pub(crate) fn judge(made: &Made) {
    let name = made.case.name;
    assert_eq!(gate::check(&made.document, &made.site), vec![], "{name}");
    contrasts(made);
    for (path, html) in made.pages() {
        let at = format!("{name} {path}");
        assert!(html.len() <= PAGE_BYTES_AT_MOST, "{at} has {} bytes", html.len());
        let nodes = read(html).unwrap_or_else(|fault| panic!("{at}: {fault}"));
        landmarks(&at, &nodes);
        headings(&at, &nodes);
        landmark_names(&at, &nodes);
        let ids = ids(&at, &nodes);
        links(&at, &nodes, &ids, made);
        pictures(&at, &nodes);
        fields(&at, &nodes, &ids);
        nothing_foreign(&at, &nodes);
    }
    structured(made);
    card(made);
    photos(made);
}

fn opened<'a>(nodes: &'a [Node], wanted: &'a str) -> impl Iterator<Item = &'a Node> {
    nodes.iter().filter(move |node| matches!(node, Node::Open(name, _) if name == wanted))
}

fn contrasts(made: &Made) {
    let design = &made.document.design;
    let scheme = &theme(&design.theme).unwrap().scheme;
    let colour = parse_hex(&design.colour).unwrap();
    let palette = Palette::derive(colour, scheme.ground, scheme.hero, scheme.shift);
    for (what, text, ground) in [palette.light, palette.dark].iter().flat_map(|one| one.pairs()) {
        let ratio = contrast(text, ground);
        assert!(ratio >= TEXT_CONTRAST, "{} {what}: {ratio}", made.case.name);
    }
}

fn landmarks(at: &str, nodes: &[Node]) {
    for landmark in ["header", "main", "footer"] {
        assert_eq!(opened(nodes, landmark).count(), 1, "{at} {landmark}");
    }
    for nav in opened(nodes, "nav") {
        assert!(nav.attribute("aria-label").is_some_and(|label| !label.is_empty()), "{at}");
    }
    let html = opened(nodes, "html").next().and_then(|html| html.attribute("lang"));
    assert!(html.is_some_and(|lang| ["id", "en"].contains(&lang)), "{at} {html:?}");
    let title =
        nodes.iter().skip_while(|node| !matches!(node, Node::Open(one, _) if one == "title"));
    assert!(matches!(title.into_iter().nth(1), Some(Node::Text(text)) if !text.is_empty()), "{at}");
    // A way past the head, before anything else that can be reached by key.
    let first = opened(nodes, "a").next().and_then(|link| link.attribute("href"));
    assert_eq!(first, Some("#_main"), "{at}");
}

/// Who hears the list of landmarks tells them apart by their names.
fn landmark_names(at: &str, nodes: &[Node]) {
    let text_of = |id: &str| {
        let from = nodes.iter().position(|node| node.attribute("id") == Some(id));
        let from = from.unwrap_or_else(|| panic!("{at}: nothing is #{id}"));
        let Node::Open(element, _) = &nodes[from] else { panic!("{at} #{id}") };
        let inside = nodes[from..].iter().take_while(|node| **node != Node::Close(element.clone()));
        let texts = inside.filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Open(..) | Node::Close(_) => None,
        });
        texts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    for landmark in ["section", "nav", "form"] {
        let mut names = BTreeSet::new();
        for node in opened(nodes, landmark) {
            let name = match (node.attribute("aria-labelledby"), node.attribute("aria-label")) {
                (Some(id), _) => text_of(id),
                (None, Some(label)) => label.to_lowercase(),
                (None, None) => continue,
            };
            assert!(!name.is_empty(), "{at}: <{landmark}> has no name");
            assert!(names.insert(name.clone()), "{at}: two <{landmark}> are named {name:?}");
        }
    }
}

fn headings(at: &str, nodes: &[Node]) {
    let level = |node: &Node| match node {
        Node::Open(name, _) => name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()),
        Node::Close(_) | Node::Text(_) => None,
    };
    let levels: Vec<u8> = nodes.iter().filter_map(level).collect();
    assert_eq!(levels.first(), Some(&1), "{at} {levels:?}");
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{at}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{at} {levels:?}");
}

fn ids<'a>(at: &str, nodes: &'a [Node]) -> BTreeSet<&'a str> {
    let mut ids = BTreeSet::new();
    for id in nodes.iter().filter_map(|node| node.attribute("id")) {
        assert!(ids.insert(id), "{at} has #{id} twice");
    }
    for node in nodes {
        for id in node.attribute("aria-labelledby").iter().flat_map(|ids| ids.split(' ')) {
            assert!(ids.contains(id), "{at} is labelled by #{id}, which is not there");
        }
    }
    ids
}

fn links(at: &str, nodes: &[Node], ids: &BTreeSet<&str>, made: &Made) {
    let paths: BTreeSet<&str> = made.site.files.iter().map(|file| file.path.as_str()).collect();
    let photos: BTreeSet<&str> = made.site.photos.iter().map(|photo| photo.path.as_str()).collect();
    let there = |path: &str| {
        let whole = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        paths.contains(whole.as_str()) || photos.contains(path)
    };
    for node in nodes {
        let single = ["href", "src"].iter().filter_map(|key| node.attribute(key));
        let several = node.attribute("srcset").into_iter().flat_map(|set| set.split(", "));
        for link in single.chain(several.filter_map(|one| one.split(' ').next())) {
            let known = ["https://", "mailto:", "tel:"].iter().any(|one| link.starts_with(one));
            if known {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            assert!(path.is_empty() || there(path), "{at} to {link}");
            let here = path.is_empty();
            assert!(!here || ids.contains(anchor), "{at} to {link}");
            if !here && !anchor.is_empty() {
                let whole = format!("{path}index.html");
                let target = read(made.pages()[whole.as_str()]).unwrap();
                let found = target.iter().any(|node| node.attribute("id") == Some(anchor));
                assert!(found, "{at} to {link}");
            }
        }
    }
    for link in opened(nodes, "a") {
        let href = link.attribute("href").unwrap_or_default();
        assert!(!href.trim_start().to_lowercase().starts_with("javascript"), "{at} {href}");
    }
}

fn pictures(at: &str, nodes: &[Node]) {
    let mut eager = 0;
    for picture in opened(nodes, "img") {
        let alt = picture.attribute("alt").unwrap_or_else(|| panic!("{at}: a picture without alt"));
        assert!(!alt.trim().is_empty(), "{at}: an empty alt");
        for key in ["width", "height"] {
            let size = picture.attribute(key).and_then(|value| value.parse::<u32>().ok());
            assert!(size.is_some_and(|size| size > 0), "{at} {key}");
        }
        match (picture.attribute("loading"), picture.attribute("fetchpriority")) {
            (Some("lazy"), None) => {}
            (None, Some("high")) => eager += 1,
            other => panic!("{at}: {other:?}"),
        }
    }
    assert!(eager <= 1, "{at}: {eager} pictures want to be first");
    let mut hidden = Vec::new();
    for node in nodes {
        match node {
            Node::Open(name, _) => {
                // What is in something hidden is hidden with it.
                let above = hidden.last().copied().unwrap_or(false);
                hidden.push(above || node.attribute("aria-hidden") == Some("true"));
                assert!(name != "svg" || hidden.last() == Some(&true), "{at}: {node:?} is heard");
            }
            Node::Close(_) => {
                hidden.pop();
            }
            Node::Text(_) => {}
        }
    }
}

fn fields(at: &str, nodes: &[Node], ids: &BTreeSet<&str>) {
    let mut labels = 0u32;
    for node in nodes {
        match node {
            Node::Open(name, _) if name == "label" => labels += 1,
            Node::Close(name) if name == "label" => labels -= 1,
            Node::Open(name, _) if ["input", "textarea", "select"].contains(&name.as_str()) => {
                let by_id = node.attribute("id").is_some_and(|id| ids.contains(id));
                let named = labels > 0 || by_id || node.attribute("type") == Some("hidden");
                assert!(named, "{at}: a field without a label");
            }
            Node::Open(..) | Node::Close(_) | Node::Text(_) => {}
        }
    }
}

/// No script, no frame, no handler, nothing loaded from elsewhere.
fn nothing_foreign(at: &str, nodes: &[Node]) {
    for node in nodes {
        let Node::Open(name, attributes) = node else { continue };
        let data = node.attribute("type") == Some("application/ld+json");
        assert!(name != "script" || data, "{at}: a script");
        let banned = ["iframe", "object", "embed", "base", "frame", "applet"];
        assert!(!banned.contains(&name.as_str()), "{at}: <{name}>");
        for (key, value) in attributes {
            assert!(!key.starts_with("on") && key != "style", "{at}: {key}={value}");
            let loads = match key.as_str() {
                "src" | "srcset" | "action" | "data" => true,
                "href" => ["link", "use", "image"].contains(&name.as_str()),
                _ => false,
            };
            let canonical = node.attribute("rel") == Some("canonical");
            let ours = value.starts_with('/') && !value.starts_with("//") || value.starts_with('#');
            assert!(!loads || canonical || ours, "{at}: <{name}> loads {value}");
        }
    }
    for sheet in nodes.windows(2) {
        if let [Node::Open(name, _), Node::Text(css)] = sheet
            && name == "style"
        {
            assert!(!css.contains("@import") && !css.contains("//"), "{at}: the sheet loads");
            assert!(!css.contains('<'), "{at}: markup in the sheet");
        }
    }
}

fn structured(made: &Made) {
    let name = made.case.name;
    let pages = made.pages();
    let nodes = read(pages["/index.html"]).unwrap();
    let mut found = Vec::new();
    for pair in nodes.windows(2) {
        if let [Node::Open(script, _), Node::Text(text)] = pair
            && script == "script"
        {
            found.push(serde_json::from_str::<Value>(text).unwrap());
        }
    }
    let business =
        found.iter().flat_map(|data| match data.get("@graph").and_then(Value::as_array) {
            Some(graph) => graph.clone(),
            None => vec![data.clone()],
        });
    let business = business.into_iter().find(|one| one.get("address").is_some());
    let business = business.unwrap_or_else(|| panic!("{name}: no business in {found:?}"));
    assert_eq!(business["name"].as_str(), Some(made.document.business.name.as_str()), "{name}");
    assert!(business["@type"].as_str().is_some_and(|kind| !kind.is_empty()), "{name}");
    assert!(business["url"].as_str().is_some_and(|url| url.starts_with("https://")), "{name}");
    assert_eq!(business["address"]["@type"], "PostalAddress", "{name}");
    if let Some(phone) = &made.document.business.phone {
        assert_eq!(business["telephone"].as_str(), Some(phone.as_str()), "{name}");
    }
    for told in ["aggregateRating", "review", "award", "foundingDate"] {
        assert!(business.get(told).is_none(), "{name}: {told} was told by nobody");
    }
}

fn card(made: &Made) {
    let html = made.pages()["/index.html"];
    let nodes = read(html).unwrap();
    let card = opened(&nodes, "meta")
        .find(|meta| meta.attribute("property") == Some("og:image"))
        .and_then(|meta| meta.attribute("content"))
        .unwrap();
    let path = card.strip_prefix(&format!("https://{}.example.id", made.case.name)).unwrap();
    let file = made.site.files.iter().find(|file| file.path == path);
    let file = file.unwrap_or_else(|| panic!("{}: no {path}", made.case.name));
    let size = image::load_from_memory(&file.bytes).unwrap();
    assert_eq!((size.width(), size.height()), (1200, 630), "{}", made.case.name);
    assert!(file.bytes.len() <= CARD_BYTES_AT_MOST, "{} {}", made.case.name, file.bytes.len());
}

fn photos(made: &Made) {
    let ids: BTreeSet<&str> = made.case.photos.iter().map(|photo| photo.id.0.as_str()).collect();
    for file in &made.site.photos {
        assert!(ids.contains(file.photo.as_str()), "{} {}", made.case.name, file.path);
    }
}
