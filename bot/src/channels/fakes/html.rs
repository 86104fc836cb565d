//! Telegram's HTML as its server reads it, written from the published rules and not from our
//! renderer.

/// Tags the server knows, without their attributes.
const TAGS: [&str; 16] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-emoji",
];

/// The text without markup, or why the server cannot parse it.
pub(crate) fn parse_html(html: &str) -> Result<String, String> {
    let mut text = String::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '<' => read_tag(rest, &mut open)?,
            '&' => read_entity(rest, &mut text),
            _ => {
                text.push(c);
                &rest[c.len_utf8()..]
            }
        };
    }
    match open.last() {
        Some(tag) => Err(format!("Can't find end tag corresponding to start tag \"{tag}\"")),
        None => Ok(text),
    }
}

fn read_tag<'a>(rest: &'a str, open: &mut Vec<String>) -> Result<&'a str, String> {
    let end = rest.find('>').ok_or("Unclosed start tag")?;
    let inside = &rest[1..end];
    if let Some(name) = inside.strip_prefix('/') {
        match open.pop() {
            Some(last) if last == name => {}
            Some(_) | None => return Err(format!("Unexpected end tag \"{name}\"")),
        }
    } else {
        let name = inside.split_whitespace().next().unwrap_or_default().to_lowercase();
        if !TAGS.contains(&name.as_str()) {
            return Err(format!("Unsupported start tag \"{name}\""));
        }
        open.push(name);
    }
    Ok(&rest[end + 1..])
}

/// An unknown entity stands for itself.
fn read_entity<'a>(rest: &'a str, text: &mut String) -> &'a str {
    for (entity, c) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')] {
        if let Some(after) = rest.strip_prefix(entity) {
            text.push(c);
            return after;
        }
    }
    let numeric = rest.strip_prefix("&#").and_then(|after| {
        let (digits, after) = after.split_once(';')?;
        let code = match digits.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        Some((char::from_u32(code)?, after))
    });
    let (c, after) = numeric.unwrap_or(('&', &rest[1..]));
    text.push(c);
    after
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("<b>a</b> &lt;x&gt; &#65;&#x42; &foo; &", Some("a <x> AB &foo; &"))]
    #[case("<a href=\"https://a.id\">x</a>", Some("x"))]
    #[case("<b>a", None)]
    #[case("a</b>", None)]
    #[case("<b><i>a</b></i>", None)]
    #[case("<script>a</script>", None)]
    #[case("a < b", None)]
    fn markup_is_read_as_the_server_does(#[case] html: &str, #[case] text: Option<&str>) {
        assert_eq!(parse_html(html).ok().as_deref(), text);
    }
}
