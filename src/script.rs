//! Lines of a chat script as what a person sends.

use std::path::{Path, PathBuf};

/// One line, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Plain text.
    Text(String),
    /// `!photo PATH CAPTION`
    Photo(PathBuf, Option<String>),
    /// `!voice PATH`
    Voice(PathBuf),
    /// `!location LAT,LON`
    Location(f64, f64),
    /// `!contact NAME PHONE`
    Contact(String, String),
    /// `!choice ID`
    Choice(String),
}

/// A line that is no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {number} of the script: {what}")]
pub struct ScriptError {
    /// Counted from 1.
    pub number: usize,
    /// What is wrong with it.
    pub what: String,
}

/// Understands a whole script; blank lines are passed over. Paths are looked up from `folder`.
pub fn parse(text: &str, folder: &Path) -> Result<Vec<Line>, ScriptError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            parse_line(line, folder).map_err(|what| ScriptError { number: at + 1, what })
        })
        .collect()
}

/// Understands one line.
pub fn parse_line(line: &str, folder: &Path) -> Result<Line, String> {
    let line = line.trim();
    let Some(command) = line.strip_prefix('!') else { return Ok(Line::Text(line.to_owned())) };
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let rest = rest.trim();
    match name {
        "photo" => {
            let (path, caption) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let caption = Some(caption.trim().to_owned()).filter(|caption| !caption.is_empty());
            Ok(Line::Photo(existing(path, folder)?, caption))
        }
        "voice" => Ok(Line::Voice(existing(rest, folder)?)),
        "location" => {
            let (latitude, longitude) =
                rest.split_once(',').ok_or("a location is LAT,LON, such as -6.2,106.8")?;
            let degrees = |text: &str, most: f64| {
                let parsed = text.trim().parse::<f64>().ok().filter(|d| d.abs() <= most);
                parsed.ok_or_else(|| format!("{} is not a number of degrees", text.trim()))
            };
            Ok(Line::Location(degrees(latitude, 90.0)?, degrees(longitude, 180.0)?))
        }
        "contact" => {
            let start = rest.find(|c: char| c == '+' || c.is_ascii_digit());
            let (contact, phone) =
                start.map(|at| rest.split_at(at)).ok_or("a contact is NAME PHONE")?;
            Ok(Line::Contact(contact.trim().to_owned(), phone.trim().to_owned()))
        }
        "choice" if !rest.is_empty() => Ok(Line::Choice(rest.to_owned())),
        "choice" => Err("a choice needs its id".to_owned()),
        other => {
            Err(format!("there is no !{other}; use photo, voice, location, contact or choice"))
        }
    }
}

fn existing(path: &str, folder: &Path) -> Result<PathBuf, String> {
    if path.is_empty() {
        return Err("the file is not named".to_owned());
    }
    let found = folder.join(path);
    if found.is_file() { Ok(found) } else { Err(format!("there is no file {path}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.jpg"), b"x").unwrap();
        let script = "halo\n\n!photo a.jpg Nastar 85rb\n!location -6.2, 106.8\n!contact Bu Ani 0812 3456 7890\n!choice trade:food";
        let lines = parse(script, folder.path()).unwrap();
        assert_eq!(lines.len(), 5);
        assert_eq!(
            lines[1],
            Line::Photo(folder.path().join("a.jpg"), Some("Nastar 85rb".to_owned()))
        );
        assert_eq!(lines[2], Line::Location(-6.2, 106.8));
        assert_eq!(lines[3], Line::Contact("Bu Ani".to_owned(), "0812 3456 7890".to_owned()));
        assert_eq!(lines[4], Line::Choice("trade:food".to_owned()));
    }

    #[test]
    fn a_broken_line_is_named_by_its_number() {
        for (script, number) in
            [("halo\n!foto x", 2), ("!photo none.jpg", 1), ("!location x", 1), ("a\nb\n!choice", 3)]
        {
            assert_eq!(parse(script, Path::new(".")).unwrap_err().number, number, "{script}");
        }
    }
}
