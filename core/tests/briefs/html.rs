//! A strict reader of HTML: stricter than browsers, so that nothing is left to their repairs.

/// A tag or a text, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A start tag with its attributes, in their order, values decoded.
    Open(String, Vec<(String, String)>),
    /// The end of the element of this name, also of one that ends itself.
    Close(String),
    /// Words, decoded.
    Text(String),
}

impl Node {
    /// An attribute of a start tag.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        match self {
            Self::Open(_, attributes) => {
                attributes.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
            }
            Self::Close(_) | Self::Text(_) => None,
        }
    }
}

const VOID: [&str; 8] = ["meta", "link", "br", "hr", "img", "input", "source", "wbr"];
const RAW: [&str; 2] = ["style", "script"];
/// Elements that may not stand inside a paragraph.
const BLOCKS: [&str; 14] = [
    "p", "div", "ul", "ol", "dl", "table", "section", "form", "h1", "h2", "h3", "header", "footer",
    "address",
];

/// The page as nodes, or what is wrong with it.
pub(crate) fn read(html: &str) -> Result<Vec<Node>, String> {
    let mut rest = html.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    let mut nodes = Vec::new();
    let mut open: Vec<String> = Vec::new();
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            nodes.push(Node::Text(decoded(rest)?));
            break;
        };
        if at > 0 {
            nodes.push(Node::Text(decoded(&rest[..at])?));
        }
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('/') {
            let (name, tail) = after.split_once('>').ok_or("an end tag without an end")?;
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> ends nothing, open: {open:?}"));
            }
            nodes.push(Node::Close(name.to_owned()));
            rest = tail;
            continue;
        }
        let (name, attributes, ended, tail) = tag(rest)?;
        rest = tail;
        if BLOCKS.contains(&name.as_str()) && open.iter().any(|one| one == "p") {
            return Err(format!("<{name}> in a paragraph"));
        }
        if name == "a" && open.iter().any(|one| one == "a") {
            return Err("a link in a link".to_owned());
        }
        let ends_itself = VOID.contains(&name.as_str()) || ended;
        if ended && !open.iter().any(|one| one == "svg") {
            return Err(format!("<{name}/> outside of a drawing"));
        }
        nodes.push(Node::Open(name.clone(), attributes));
        if ends_itself {
            nodes.push(Node::Close(name));
        } else if RAW.contains(&name.as_str()) {
            let end = format!("</{name}>");
            let (text, tail) =
                rest.split_once(&end).ok_or_else(|| format!("<{name}> has no end"))?;
            nodes.push(Node::Text(text.to_owned()));
            nodes.push(Node::Close(name));
            rest = tail;
        } else {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(nodes) } else { Err(format!("never ended: {open:?}")) }
}

type Tag<'a> = (String, Vec<(String, String)>, bool, &'a str);

/// A start tag after its `<`: name, attributes, whether it ends itself, what follows.
fn tag(text: &str) -> Result<Tag<'_>, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let end = text.find(|c| !is_name(c)).ok_or("a tag without an end")?;
    let name = &text[..end];
    if name.is_empty() {
        return Err(format!("a bare < before {:?}", text.get(..20)));
    }
    let mut rest = &text[end..];
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        if let Some(tail) = rest.strip_prefix("/>") {
            return Ok((name.to_owned(), attributes, true, tail));
        }
        if let Some(tail) = rest.strip_prefix('>') {
            return Ok((name.to_owned(), attributes, false, tail));
        }
        rest = rest.strip_prefix(' ').ok_or_else(|| format!("<{name} is malformed"))?;
        let end = rest.find(|c: char| "=> /".contains(c)).ok_or("an attribute without an end")?;
        let (key, tail) = rest.split_at(end);
        let well = |c: char| c.is_ascii_alphanumeric() || "-:".contains(c);
        if key.is_empty() || !key.chars().all(well) {
            return Err(format!("<{name}> has the attribute {key:?}"));
        }
        let (value, tail) = match tail.strip_prefix("=\"") {
            Some(tail) => tail.split_once('"').ok_or("a value without an end")?,
            None if tail.starts_with('=') => return Err(format!("{key} is not quoted")),
            None => ("", tail),
        };
        if attributes.iter().any(|(one, _)| one == key) {
            return Err(format!("<{name}> says {key} twice"));
        }
        attributes.push((key.to_owned(), decoded(value)?));
        rest = tail;
    }
}

/// Text with its character references resolved; a bare `&` or `>` is a fault.
fn decoded(text: &str) -> Result<String, String> {
    if text.contains('>') || text.contains('\0') {
        return Err(format!("a bare sign in {text:?}"));
    }
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, tail) = part.split_once(';').ok_or_else(|| format!("a bare & in {text:?}"))?;
        out.push(match name {
            "amp" | "#38" => '&',
            "lt" | "#60" => '<',
            "gt" | "#62" => '>',
            "quot" | "#34" => '"',
            "apos" | "#39" | "#x27" => '\'',
            "nbsp" => '\u{a0}',
            _ => return Err(format!("the reference &{name}; in {text:?}")),
        });
        out.push_str(tail);
    }
    Ok(out)
}
