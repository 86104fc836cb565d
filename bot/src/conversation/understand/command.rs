//! Commands: the words that mean the same everywhere, with and without a slash, mistyped or not.

use std::sync::LazyLock;

use sitespark_core::brief::{Language, slips};

use super::words::{canonical, is_laughter, knows, list, normalise};

/// What a person can ask for at any time. What some of them mean depends on the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    Start,
    Help,
    Back,
    Cancel,
    Status,
    Balance,
    History,
    Claim,
    Invite,
    Language(Option<Language>),
    New,
    Sites,
    Undo,
    Restart,
    Repeat,
    Yes,
    No,
    Skip,
    Done,
    Any,
    Thanks,
    Greet,
    Mine(Mine),
}

/// What a person asks for about what is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Mine {
    /// The change that was taken back, after all.
    Redo,
    /// What was changed when.
    Versions,
    /// A code for another channel.
    Link,
    /// The site as files.
    Export,
    /// A sheet to print, with the site's address as a QR code.
    Poster,
    /// How the page looked before the last change.
    Compare,
    /// The site down for good.
    DeleteSite,
    /// Everything erased.
    Forget,
}

impl Command {
    pub(crate) const ALL: [Self; 32] = [
        Self::Start,
        Self::Help,
        Self::Back,
        Self::Cancel,
        Self::Status,
        Self::Balance,
        Self::History,
        Self::Claim,
        Self::Invite,
        Self::Language(None),
        Self::Language(Some(Language::Id)),
        Self::Language(Some(Language::En)),
        Self::New,
        Self::Sites,
        Self::Undo,
        Self::Restart,
        Self::Repeat,
        Self::Yes,
        Self::No,
        Self::Skip,
        Self::Done,
        Self::Any,
        Self::Thanks,
        Self::Greet,
        Self::Mine(Mine::Redo),
        Self::Mine(Mine::Versions),
        Self::Mine(Mine::Link),
        Self::Mine(Mine::Export),
        Self::Mine(Mine::Poster),
        Self::Mine(Mine::Compare),
        Self::Mine(Mine::DeleteSite),
        Self::Mine(Mine::Forget),
    ];

    /// The stable name: in choice ids and the phrase file.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Help => "help",
            Self::Back => "back",
            Self::Cancel => "cancel",
            Self::Status => "status",
            Self::Balance => "balance",
            Self::History => "history",
            Self::Claim => "claim",
            Self::Invite => "invite",
            Self::Language(None) => "language",
            Self::Language(Some(Language::Id)) => "indonesian",
            Self::Language(Some(Language::En)) => "english",
            Self::New => "new",
            Self::Sites => "sites",
            Self::Undo => "undo",
            Self::Restart => "restart",
            Self::Repeat => "repeat",
            Self::Yes => "yes",
            Self::No => "no",
            Self::Skip => "skip",
            Self::Done => "done",
            Self::Any => "any",
            Self::Thanks => "thanks",
            Self::Greet => "greet",
            Self::Mine(Mine::Redo) => "redo",
            Self::Mine(Mine::Versions) => "versions",
            Self::Mine(Mine::Link) => "link",
            Self::Mine(Mine::Export) => "export",
            Self::Mine(Mine::Poster) => "poster",
            Self::Mine(Mine::Compare) => "compare",
            Self::Mine(Mine::DeleteSite) => "delete-site",
            Self::Mine(Mine::Forget) => "forget",
        }
    }

    /// Whether it takes away what cannot be brought back: never read from a typing error.
    const fn destroys(self) -> bool {
        matches!(self, Self::Mine(Mine::DeleteSite | Mine::Forget))
    }

    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.slug() == slug)
    }

    /// Reads a whole message as a command. With `exact`, typing errors are not forgiven: where a
    /// free answer is expected, a name must not be mistaken for a mistyped command.
    pub(crate) fn read(text: &str, exact: bool) -> Option<Self> {
        let trimmed = text.trim();
        if let Some(slashed) = trimmed.strip_prefix('/') {
            let word = slashed.split(|c: char| c.is_whitespace() || c == '@').next()?;
            return find(&canonical(&normalise(word)), false);
        }
        let plain = canonical(&normalise(trimmed));
        if plain.is_empty() {
            return read_emoji(trimmed);
        }
        find(&plain, exact)
            .or_else(|| {
                let bare = without_courtesy(&plain);
                (bare != plain).then(|| find(&bare, true)).flatten()
            })
            .or_else(|| by_words(&plain))
    }
}

/// Longest message that can be a command.
const MAX_COMMAND_CHARS: usize = 40;
/// Shortest word whose typing errors are forgiven: shorter ones are too easily another word.
const MIN_FUZZY_CHARS: usize = 5;

static PHRASES: LazyLock<Vec<(String, Command)>> = LazyLock::new(|| {
    include_str!("../../../data/commands.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(slug, phrases)| Command::from_slug(slug.trim()).map(|found| (found, phrases)))
        .flat_map(|(command, phrases)| {
            phrases.split(',').map(move |phrase| (canonical(&normalise(phrase)), command))
        })
        .collect()
});

fn find(text: &str, exact: bool) -> Option<Command> {
    let length = text.chars().count();
    if length == 0 || length > MAX_COMMAND_CHARS {
        return None;
    }
    if let Some((_, command)) = PHRASES.iter().find(|(phrase, _)| phrase == text) {
        return Some(*command);
    }
    if exact || length < MIN_FUZZY_CHARS {
        return None;
    }
    PHRASES
        .iter()
        .filter(|(_, command)| !command.destroys())
        .filter(|(phrase, _)| phrase.chars().count() >= MIN_FUZZY_CHARS)
        .filter(|(phrase, _)| phrase.chars().next() == text.chars().next())
        .filter_map(|(phrase, command)| {
            Some((slips(phrase, text, allowed_errors(phrase))?, *command))
        })
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, command)| command)
}

/// A message of nothing but emoji.
fn read_emoji(text: &str) -> Option<Command> {
    let has = |name: &str| list(name).iter().any(|emoji| text.contains(emoji));
    if has("emoji-yes") {
        Some(Command::Yes)
    } else if has("emoji-thanks") {
        Some(Command::Thanks)
    } else {
        None
    }
}

fn allowed_errors(phrase: &str) -> usize {
    if phrase.chars().count() >= 9 { 2 } else { 1 }
}

/// The text without laughter and the small words people wrap a command in.
fn without_courtesy(text: &str) -> String {
    let kept = text.split(' ').filter(|word| !knows("courtesy", word) && !is_laughter(word));
    kept.collect::<Vec<_>>().join(" ")
}

/// Most words of a message that is told by its words alone.
const MAX_LOOSE_WORDS: usize = 8;

/// A yes, no or skip in whatever order of words: "oke siap kak lanjut", "belum ada, nanti aja ya".
fn by_words(text: &str) -> Option<Command> {
    const KINDS: [(&str, &str, Command); 11] = [
        ("undo-core", "undo-more", Command::Undo),
        ("balance-core", "balance-more", Command::Balance),
        ("claim-core", "claim-more", Command::Claim),
        ("invite-core", "invite-more", Command::Invite),
        ("export-core", "export-more", Command::Mine(Mine::Export)),
        ("poster-core", "poster-more", Command::Mine(Mine::Poster)),
        ("agree", "agree-more", Command::Yes),
        ("refuse", "refuse-more", Command::No),
        ("pass", "pass-more", Command::Skip),
        ("leave", "leave-more", Command::Any),
        ("enough", "enough-more", Command::Done),
    ];
    let words: Vec<&str> = text.split(' ').collect();
    let fits = |(core, more, _): &(&str, &str, Command)| {
        let known = |word: &&str| {
            knows(core, word) || knows(more, word) || knows("courtesy", word) || is_laughter(word)
        };
        words.iter().any(|word| knows(core, word)) && words.iter().all(known)
    };
    let read = || KINDS.into_iter().find(fits).map(|(_, _, command)| command);
    (2..=MAX_LOOSE_WORDS).contains(&words.len()).then(read).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_phrases() {
        for command in Command::ALL {
            assert!(PHRASES.iter().any(|(_, found)| *found == command), "{command:?}");
        }
    }

    #[test]
    fn no_phrase_means_two_things() {
        for (phrase, command) in PHRASES.iter() {
            let first = PHRASES.iter().find(|(other, _)| other == phrase).unwrap();
            assert_eq!(first.1, *command, "{phrase}");
        }
    }

    #[rstest::rstest]
    #[case("/saldo", Command::Balance)]
    #[case("/start@SiteSparkBot", Command::Start)]
    #[case("/bantaun", Command::Help)]
    #[case("Kembalii", Command::Back)]
    #[case("bantaun", Command::Help)]
    #[case("SALDO!!", Command::Balance)]
    #[case("riwayt", Command::Mine(Mine::Versions))]
    #[case("riwayat token", Command::History)]
    #[case("minta filenya dong kak", Command::Mine(Mine::Export))]
    #[case("minta poster qr dong kak", Command::Mine(Mine::Poster))]
    #[case("kirim kode QR-nya", Command::Mine(Mine::Poster))]
    #[case("can i get a QR code to print?", Command::Mine(Mine::Poster))]
    #[case("gimana bedanya?", Command::Mine(Mine::Compare))]
    #[case("lihat sebelum sesudah dong kak", Command::Mine(Mine::Compare))]
    #[case("before after", Command::Mine(Mine::Compare))]
    #[case("hapus data saya", Command::Mine(Mine::Forget))]
    #[case("gak ada 😅", Command::Skip)]
    #[case("klaim dong kak", Command::Claim)]
    #[case("english", Command::Language(Some(Language::En)))]
    #[case("gas", Command::Yes)]
    #[case("nggih", Command::Yes)]
    #[case("muhun kang", Command::Yes)]
    #[case("okeee kakk", Command::Yes)]
    #[case("udah ya buat aja", Command::Yes)]
    #[case("iya kak, tolong dibuatkan ya, terima kasih", Command::Yes)]
    #[case("looks great, go", Command::Yes)]
    #[case("thanks, yes do it", Command::Yes)]
    #[case("oke wkwk", Command::Yes)]
    #[case("belum ada kak, nanti aja ya", Command::Skip)]
    #[case("mboten wonten", Command::Skip)]
    #[case("nggak deh kak", Command::No)]
    #[case("gak ngerti, terserah lah", Command::Any)]
    #[case("udah itu aja kak, lanjut", Command::Done)]
    #[case("pun leres, monggo didamel", Command::Yes)]
    #[case("Betul, silakan dibuat", Command::Yes)]
    #[case("Ya, sudah sesuai", Command::Yes)]
    #[case("hatur nuhun", Command::Thanks)]
    #[case("👍🏽", Command::Yes)]
    fn commands_are_read(#[case] text: &str, #[case] expected: Command) {
        assert_eq!(Command::read(text, false), Some(expected));
    }

    #[test]
    fn what_cannot_be_brought_back_is_never_guessed() {
        for text in ["hapus wa", "hapus teh", "hapus dara saya", "hapus wensite"] {
            let read = Command::read(text, false);
            assert!(read.is_none_or(|command| !command.destroys()), "{text}: {read:?}");
        }
    }

    #[test]
    fn an_exact_reading_leaves_names_alone() {
        assert_eq!(Command::read("Balika", true), None);
        assert_eq!(Command::read("Kopi Senja", false), None);
    }
}
