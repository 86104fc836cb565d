//! Discord's Markdown as its app reads it, written from how the app behaves and not from our
//! renderer: what stands there, and whether it stands in any style.

/// Every character that is shown, with whether it is in bold, italics, underlined, struck through,
/// hidden, code, a heading, a list or a quote.
pub(crate) fn read_markdown(text: &str) -> Vec<(char, bool)> {
    let mut shown = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            shown.push(('\n', false));
        }
        let (line, headed) = read_line_start(line);
        read_inline(&line, headed, &mut shown);
    }
    shown
}

/// A line without what makes it a heading, a list or a quote, and whether it is one.
fn read_line_start(line: &str) -> (Vec<char>, bool) {
    let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
    let rest = &line[indent.len()..];
    let marks = ["# ", "## ", "### ", "-# ", "- ", "* ", "> ", ">>> "];
    let numbered = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = numbered.len() < rest.len() && numbered.starts_with(". ");
    match marks.iter().find(|mark| rest.starts_with(**mark)) {
        Some(mark) => (rest[mark.len()..].chars().collect(), true),
        None if is_numbered => (numbered[2..].chars().collect(), true),
        None => (line.chars().collect(), false),
    }
}

fn read_inline(line: &[char], styled: bool, shown: &mut Vec<(char, bool)>) {
    let mut at = 0;
    while at < line.len() {
        if let Some(length) = address_length(line, at) {
            shown.extend(line[at..at + length].iter().map(|c| (*c, styled)));
            at += length;
        } else if line[at] == '\\' && line.get(at + 1).is_some_and(|c| is_escapable(*c)) {
            shown.push((line[at + 1], styled));
            at += 2;
        } else if let Some((mark, inside)) = styled_stretch(line, at) {
            read_inline(&line[at + mark..at + mark + inside], true, shown);
            at += inside + 2 * mark;
        } else {
            shown.push((line[at], styled));
            at += 1;
        }
    }
}

fn is_escapable(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// An address is taken whole: nothing in it opens or closes a style.
fn address_length(line: &[char], at: usize) -> Option<usize> {
    let rest: String = line[at..].iter().take(8).collect();
    if !rest.starts_with("https://") && !rest.starts_with("http://") {
        return None;
    }
    Some(line[at..].iter().take_while(|c| !c.is_whitespace() && **c != '<').count())
}

/// The length of the mark that opens at `at` and of what it encloses, if it is closed.
fn styled_stretch(line: &[char], at: usize) -> Option<(usize, usize)> {
    for mark in ["**", "__", "~~", "||", "`", "*", "_"] {
        let signs: Vec<char> = mark.chars().collect();
        if !line[at..].starts_with(&signs) {
            continue;
        }
        let mut end = at + signs.len();
        while end + signs.len() <= line.len() {
            if line[end] == '\\' && mark != "`" {
                end += 2;
                continue;
            }
            let after = line.get(end + signs.len());
            let closes = line[end..].starts_with(&signs)
                && end > at + signs.len()
                && !(mark == "_" && after.is_some_and(|c| c.is_alphanumeric() || *c == '_'))
                && !(mark == "**" && after == Some(&'*'));
            if closes {
                return Some((signs.len(), end - at - signs.len()));
            }
            end += 1;
        }
    }
    None
}
