//! Lines of a chat script as what a person sends.

use std::path::{Path, PathBuf};

use sitespark_core::plain::plain;

/// Shortest first word of a telephone number, as in "021" or "0812".
const MIN_PREFIX_CHARS: usize = 3;

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

/// Understands a whole script; blank lines are passed over. Paths are looked up from `folder`, then from
/// where the program runs.
pub fn parse(text: &str, folder: &Path) -> Result<Vec<Line>, ScriptError> {
    let text = plain(text);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            parse_line(line, folder).map_err(|what| ScriptError { number: at + 1, what })
        })
        .collect()
}

/// Understands one line. A command is `!` and a letter; "!!! tolong" is said.
pub fn parse_line(line: &str, folder: &Path) -> Result<Line, String> {
    let line = line.trim();
    let command = line.strip_prefix('!').filter(|rest| rest.starts_with(char::is_alphabetic));
    let Some(command) = command else { return Ok(Line::Text(line.to_owned())) };
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
            let at = phone_start(rest).ok_or("a contact is NAME PHONE")?;
            let (contact, phone) = rest.split_at(at);
            Ok(Line::Contact(contact.trim().to_owned(), phone.trim().to_owned()))
        }
        "choice" if !rest.is_empty() => Ok(Line::Choice(rest.to_owned())),
        "choice" => Err("a choice needs its id".to_owned()),
        other => {
            Err(format!("there is no !{other}; use photo, voice, location, contact or choice"))
        }
    }
}

/// Where the telephone number at the end of a contact begins. A name may end in a number of its own
/// ("Toko 99 0812 3456"): among the words of digits at the end, the first that begins as numbers are
/// written counts, or all of them.
fn phone_start(contact: &str) -> Option<usize> {
    let is_of_number = |c: char| c.is_ascii_digit() || "+-.()".contains(c);
    let mut words = Vec::new();
    for word in contact.split_whitespace().rev().take_while(|word| word.chars().all(is_of_number)) {
        // Both are parts of one text.
        words.push((word.as_ptr().addr() - contact.as_ptr().addr(), word));
    }
    words.reverse();
    let begins = |word: &str| {
        let word = word.trim_start_matches('(');
        word.starts_with('+') || word.len() >= MIN_PREFIX_CHARS && word.starts_with(['0', '6'])
    };
    let first = words.iter().find(|(_, word)| begins(word)).or(words.first())?;
    words.iter().any(|(_, word)| word.contains(|c: char| c.is_ascii_digit())).then_some(first.0)
}

fn existing(path: &str, folder: &Path) -> Result<PathBuf, String> {
    if path.is_empty() {
        return Err("the file is not named".to_owned());
    }
    let mut places = [folder.join(path), PathBuf::from(path)].into_iter();
    places.find(|place| place.is_file()).ok_or_else(|| format!("there is no file {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_stay_outside() {
        let lines = parse("ha\0lo\r\n\u{1}\n!contact A\0ni 0812\n", Path::new(".")).unwrap();
        let contact = Line::Contact("Ani".to_owned(), "0812".to_owned());
        assert_eq!(lines, [Line::Text("halo".to_owned()), contact]);
    }

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
    fn a_contacts_number_is_what_stands_at_the_end() {
        let cases = [
            ("Toko 99 0812 3456 7890", "Toko 99", "0812 3456 7890"),
            ("Toko 08 +62 812-3456", "Toko 08", "+62 812-3456"),
            ("Warung 21 (021) 555-1234", "Warung 21", "(021) 555-1234"),
            ("Bu Ani 6281234567890", "Bu Ani", "6281234567890"),
            ("Ani 812 3456 7890", "Ani", "812 3456 7890"),
            ("7 Eleven 08123", "7 Eleven", "08123"),
        ];
        for (told, name, phone) in cases {
            let line = parse_line(&format!("!contact {told}"), Path::new(".")).unwrap();
            assert_eq!(line, Line::Contact(name.to_owned(), phone.to_owned()), "{told}");
        }
        for odd in ["Bu Ani", "Bu Ani -", "0812 Bu Ani", ""] {
            assert!(parse_line(&format!("!contact {odd}"), Path::new(".")).is_err(), "{odd}");
        }
    }

    #[test]
    fn only_a_mark_and_a_letter_is_a_command() {
        for said in ["!!! tolong", "!", "! halo", "!?", "!123"] {
            let line = parse_line(said, Path::new(".")).unwrap();
            assert_eq!(line, Line::Text(said.to_owned()), "{said}");
        }
        assert!(parse_line("!nonsense", Path::new(".")).is_err());
    }

    #[test]
    fn a_path_is_looked_for_beside_the_script_and_then_here() {
        let folder = tempfile::tempdir().unwrap();
        let here = parse_line("!photo Cargo.toml", folder.path()).unwrap();
        assert_eq!(
            here,
            Line::Photo(PathBuf::from("Cargo.toml"), None),
            "tests run in the package"
        );
        std::fs::write(folder.path().join("Cargo.toml"), b"x").unwrap();
        let beside = parse_line("!photo Cargo.toml", folder.path()).unwrap();
        assert_eq!(beside, Line::Photo(folder.path().join("Cargo.toml"), None));
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
