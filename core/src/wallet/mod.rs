//! The wallet: double-entry transfers of tokens between accounts.
//!
//! Every transfer has two sides, a unique cause and never changes. A wallet's spendable balance is
//! kept in guarded counters beside it; `audit` proves the counters from the transfers. A spend on
//! something slow is a hold first, then a capture, a release, or an expiry: exactly one of them.

mod audit;
mod error;
mod model;
mod store;

pub use audit::{AuditReport, Difference, audit};
pub use error::WalletError;
pub use model::{Account, HouseAccount, Movement, Posted, TransferKind, daily_available_at};
pub use store::{
    Opening, account, available, balance, capture, expired_holds, held_amount, history, hold,
    last_of_kind, move_over, open_accounts, open_holds, own_tokens, pay_in, pay_out, release,
};
