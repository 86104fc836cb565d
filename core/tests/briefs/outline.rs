//! A page as it is heard: headings, words, links, pictures, fields, a line each.

use super::html::{Node, read};

/// The outline of a page's body.
pub(crate) fn of(html: &str) -> String {
    let nodes = read(html).unwrap();
    let body = nodes.iter().position(|node| matches!(node, Node::Open(name, _) if name == "body"));
    let mut out = String::new();
    let mut hidden = 0;
    for node in nodes.iter().skip(body.unwrap()) {
        match node {
            Node::Open(name, _) if name == "svg" || hidden > 0 => {
                if name == "svg" && hidden == 0 && node.attribute("class") != Some("off") {
                    out.push_str(" *");
                }
                hidden += 1;
            }
            Node::Close(_) if hidden > 0 => hidden -= 1,
            Node::Open(name, _) => opened(&mut out, name, node),
            Node::Text(text) if hidden == 0 => {
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if !words.is_empty() {
                    out.push(' ');
                    out.push_str(&words);
                }
            }
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    out.trim_start().to_owned()
}

fn opened(out: &mut String, name: &str, node: &Node) {
    const QUIET: [&str; 13] = [
        "body", "div", "ul", "ol", "dl", "picture", "source", "span", "strong", "b", "tbody", "br",
        "summary",
    ];
    if QUIET.contains(&name) {
        return;
    }
    out.push('\n');
    out.push_str(name);
    for key in ["id", "href", "alt", "action", "name", "aria-label"] {
        if let Some(value) = node.attribute(key) {
            let short: String = value.chars().take(70).collect();
            out.push_str(&format!(" {key}={short}"));
        }
    }
    out.push(':');
}

/// JSON with every object of a list on a line of its own.
pub(crate) fn lines_of(json: &str) -> String {
    json.replace(",{", ",\n{").replace(",\"", ",\n\"").replace("\n\"text\"", "\"text\"")
}
