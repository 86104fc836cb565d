//! The command line, as the contract has it.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// A website for every small business, made by talking.
///
/// Without a command everything runs in one process and listens on LISTEN (default 127.0.0.1:8080).
/// Settings come from the environment or a .env file; none is required.
#[derive(Debug, Parser)]
#[command(
    name = "sitespark",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// What to do; `serve` when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve when no command is named.
    #[command(flatten)]
    pub serve: Serve,
}

/// What the program can be told to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs everything in one process, or some of its roles.
    Serve(Serve),
    /// Talks in the terminal: the same conversation, on the same data.
    Chat(Chat),
    /// Writes a built site and its document out.
    Export {
        /// The site's name, address or id.
        site: String,
        /// A new or empty folder, or a new file ending in .zip, or in .json for the document alone.
        #[arg(long)]
        out: PathBuf,
    },
    /// Reads a document back and publishes it.
    Import {
        /// A document as JSON, or an exported folder or .zip.
        file: PathBuf,
        /// Who shall own it: a user id, CHANNEL:ID, or a terminal name, also a new one.
        #[arg(long, default_value = "me")]
        user: String,
        /// The name it shall live under; made from the business's name when left out.
        #[arg(long)]
        name: Option<String>,
    },
    /// Checks settings, database, Redis, storage, models and channels, a line each.
    Doctor,
    /// Brings the database schema up to date.
    Migrate,
    /// Writes database and objects into one file, consistent with each other.
    Backup {
        /// The file to write; it must not exist.
        file: PathBuf,
        /// Go on although the storage lacks files that the database names; they are listed.
        #[arg(long)]
        allow_missing: bool,
    },
    /// Reads a backup into an empty house; works across SQLite and PostgreSQL.
    Restore {
        /// A file that `backup` wrote.
        file: PathBuf,
        /// Throw away what is there.
        #[arg(long)]
        force: bool,
        /// Go on although the file lacks files that its rows name, or holds damaged ones.
        #[arg(long)]
        allow_missing: bool,
    },
    /// Looks into wallets, gives tokens, proves the books.
    #[command(subcommand)]
    Wallet(Wallet),
    /// The operator's hand on sites.
    #[command(subcommand)]
    Sites(Sites),
    /// The queue's dead lane.
    #[command(subcommand)]
    Jobs(Jobs),
}

/// `serve`.
#[derive(Debug, Default, clap::Args)]
pub struct Serve {
    /// Which roles this process plays; all when left out.
    #[arg(long, value_delimiter = ',')]
    pub roles: Vec<Role>,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Takes deliveries of channels; the web chat.
    Webhook,
    /// Holds conversations: inbox and outbox.
    Bot,
    /// Makes and changes sites; housekeeping.
    Worker,
    /// Serves sites.
    Host,
}

/// `chat`.
#[derive(Debug, clap::Args)]
pub struct Chat {
    /// Sends one message a line from a file, or from standard input with `-`. A line may also be
    /// `!photo PATH CAPTION`, `!voice PATH`, `!location LAT,LON`, `!contact NAME PHONE` or
    /// `!choice ID`.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Who talks.
    #[arg(long, default_value = "me")]
    pub user: String,
    /// The language to begin in.
    #[arg(long)]
    pub lang: Option<Lang>,
    /// A line of JSON for each message of the bot.
    #[arg(long)]
    pub json: bool,
}

/// A language of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Bahasa Indonesia.
    Id,
    /// English.
    En,
}

/// `wallet`.
#[derive(Debug, Subcommand)]
pub enum Wallet {
    /// Shows a wallet and its last movements.
    Show {
        /// A user id, CHANNEL:ID (on WhatsApp also its number), or a terminal name.
        user: String,
    },
    /// Gives tokens.
    Grant {
        /// A user id, CHANNEL:ID (on WhatsApp also its number), or a terminal name.
        user: String,
        /// How many.
        amount: i64,
        /// The reason, a line of at most 200 characters; it stays in the books.
        #[arg(long)]
        why: String,
    },
    /// Recomputes every balance from the transfers; exit code 1 and the rows on any difference.
    Audit,
}

/// `sites`.
#[derive(Debug, Subcommand)]
pub enum Sites {
    /// Lists sites, newest first.
    List(Page),
    /// Takes a site off; visitors are told so.
    Suspend {
        /// The site's name, address or id.
        site: String,
    },
    /// Puts a suspended site back.
    Resume {
        /// The site's name, address or id.
        site: String,
    },
    /// Takes a site off for good; its name stays reserved.
    Delete {
        /// The site's name, address or id.
        site: String,
    },
}

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Page {
    /// How many lines.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    pub most: i64,
}

/// `jobs`.
#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// Lists rows that failed for good, newest first.
    List(Page),
    /// Puts one back to be tried again, or all of them.
    Retry {
        /// The row's number; all when left out.
        seq: Option<i64>,
    },
}
