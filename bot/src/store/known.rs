//! Who writes: looked up for every message, one by one or several at once.

use std::collections::BTreeMap;

use serde_json::Value;
use sitespark_core::brief::Language;
use sitespark_core::db::{Db, Tx};
use sitespark_core::each_engine;
use sitespark_core::ids::{AccountId, ConversationId, Tokens, UserId, WorkspaceId};
use sitespark_core::users::{self, Tier, User};
use sitespark_core::wallet::Account;
use sqlx::types::Json;

use super::{Conversation, read_offered};
use crate::message::Channel;

/// Somebody who said hello before, with all a turn of theirs begins with.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Who.
    pub user: User,
    /// Whether they blocked us, as far as we know.
    pub muted: bool,
    /// Their wallet.
    pub wallet: Account,
    /// Whether their workspace has a site.
    pub has_sites: bool,
    /// The conversation of the chat, if there is one.
    pub conversation: Option<Conversation>,
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    #[sqlx(flatten)]
    user: PersonRow,
    #[sqlx(flatten)]
    wallet: WalletRow,
    conversation_id: Option<ConversationId>,
    with_user: Option<UserId>,
    paid_by: Option<WorkspaceId>,
    with_external_id: Option<String>,
    state: Option<Json<Value>>,
    offered: Option<Json<Value>>,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    user_id: UserId,
    workspace_id: WorkspaceId,
    language: String,
    tier: String,
    referral_code: String,
    muted: bool,
    has_sites: bool,
}

#[derive(sqlx::FromRow)]
struct WalletRow {
    account_id: AccountId,
    credits_posted: Tokens,
    debits_posted: Tokens,
    debits_held: Tokens,
}

impl From<KnownRow> for Known {
    fn from(row: KnownRow) -> Self {
        let KnownRow { user: person, wallet, .. } = row;
        let whose = row.with_user.zip(row.paid_by).zip(row.with_external_id);
        let conversation = row.conversation_id.zip(whose).map(|(id, ((user, workspace), name))| {
            let offered = row.offered.unwrap_or_default().0;
            Conversation {
                id,
                user,
                workspace,
                external_id: name,
                state: row.state.unwrap_or_default().0,
                offered: read_offered(offered),
                remind_at_ms: None,
            }
        });
        Self {
            user: User {
                id: person.user_id,
                workspace: person.workspace_id,
                language: Language::from_tag(&person.language).unwrap_or_default(),
                tier: Tier::from_slug(&person.tier),
                referral_code: person.referral_code,
            },
            muted: person.muted,
            has_sites: person.has_sites,
            wallet: Account {
                id: wallet.account_id,
                credits_posted: wallet.credits_posted,
                debits_posted: wallet.debits_posted,
                debits_held: wallet.debits_held,
            },
            conversation,
        }
    }
}

macro_rules! known_sql {
    ($before:literal, $columns:literal, $of:literal, $chat:literal, $where:literal) => {
        concat!(
            $before,
            "select ",
            $columns,
            "u.id as user_id, w.id as workspace_id, u.language, u.tier, ",
            "u.referral_code, i.muted, ",
            "exists(select 1 from sites s where s.workspace_id = w.id) as has_sites, ",
            "a.id as account_id, a.credits_posted, a.debits_posted, a.debits_held, ",
            "c.id as conversation_id, c.user_id as with_user, c.workspace_id as paid_by, ",
            "c.external_id as with_external_id, c.state, c.offered ",
            "from ",
            $of,
            " join users u on u.id = i.user_id join workspaces w on w.personal_of = u.id ",
            "join accounts a on a.workspace_id = w.id ",
            "left join conversations c on c.channel = i.channel and c.chat = ",
            $chat,
            $where
        )
    };
}

/// Who writes, their wallet and their conversation, in one look: it is taken for every message.
pub async fn find_known(
    tx: &mut Tx,
    channel: Channel,
    external_id: &str,
    chat: &str,
) -> Result<Option<Known>, sqlx::Error> {
    let row: Option<KnownRow> = each_engine!(tx tx, conn => sqlx::query_as(
        known_sql!("", "", "identities i", "$3", " where i.channel = $1 and i.external_id = $2"))
        .bind(channel.slug()).bind(external_id).bind(chat).fetch_optional(conn).await?);
    Ok(row.map(Known::from))
}

/// Somebody who wrote, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// On which channel.
    pub channel: Channel,
    /// The channel's id of the person.
    pub external_id: String,
    /// In which chat.
    pub chat: String,
}

/// Who somebody who wrote turns out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Met {
    /// Somebody who said hello before.
    Known(Box<Known>),
    /// Nobody, in a chat that is new.
    Nobody {
        /// Whether they asked to be forgotten once.
        is_forgotten: bool,
    },
    /// Nobody, in a chat where others have spoken or that goes by another name now.
    Elsewhere,
}

/// The same look at several at once, beside the writer: what is kept after it says itself whether it
/// still fits. One answer each, in order.
pub async fn look_up(db: &Db, writers: &[&Writer]) -> Result<Vec<Met>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Row {
        place: i64,
        #[sqlx(flatten)]
        known: KnownRow,
    }
    let rows: Vec<Row> = each_engine!(read db, pool => {
        let mut query = sqlx::QueryBuilder::new("with given (place, channel, external_id, chat) as (");
        query.push_values(writers.iter().zip(0_i64..), |mut values, (writer, place)| {
            values.push_bind(place).push_bind(writer.channel.slug());
            values.push_bind(&writer.external_id).push_bind(&writer.chat);
        });
        query.push(known_sql!(") ", "g.place, ", "given g join identities i on i.channel = g.channel
            and i.external_id = g.external_id", "g.chat", ""));
        query.build_query_as().fetch_all(pool).await?
    });
    let mut met: Vec<_> = writers.iter().map(|_| Met::Elsewhere).collect();
    let mut unknown: BTreeMap<_, _> = (0_i64..).zip(writers.iter().copied()).collect();
    for Row { place, known } in rows {
        unknown.remove(&place);
        *at(&mut met, place)? = Met::Known(Box::new(known.into()));
    }
    for (place, is_forgotten) in newcomers(db, unknown).await? {
        *at(&mut met, place)? = Met::Nobody { is_forgotten };
    }
    Ok(met)
}

/// Those of the unknown whose chats are new as well, and whether each asked to be forgotten once.
async fn newcomers(
    db: &Db,
    mut unknown: BTreeMap<i64, &Writer>,
) -> Result<Vec<(i64, bool)>, sqlx::Error> {
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let taken: Vec<i64> = each_engine!(read db, pool => {
        let mut query = sqlx::QueryBuilder::new("with given (place, channel, chat) as (");
        query.push_values(&unknown, |mut values, (place, writer)| {
            values.push_bind(*place).push_bind(writer.channel.slug()).push_bind(&writer.chat);
        });
        query.push(") select g.place from given g join conversations c
            on c.channel = g.channel and c.chat = g.chat union
            select g.place from given g join chat_moves m on m.channel = g.channel and m.old_chat = g.chat");
        query.build_query_scalar().fetch_all(pool).await?
    });
    for place in taken {
        unknown.remove(&place);
    }
    let name = |writer: &&Writer| (writer.channel.slug(), writer.external_id.clone());
    let people: Vec<_> = unknown.values().map(name).collect();
    let forgotten = users::which_are_forgotten(db, &people).await?;
    Ok(unknown.into_keys().zip(forgotten).collect())
}

fn at(met: &mut [Met], place: i64) -> Result<&mut Met, sqlx::Error> {
    let place = usize::try_from(place).map_err(|error| sqlx::Error::Decode(error.into()))?;
    met.get_mut(place).ok_or(sqlx::Error::RowNotFound)
}
