//! People: who writes to us on which channel, and the workspace that owns their wallet and sites.

mod forget;
mod link;
mod model;
mod store;

pub use forget::{forget, is_forgotten, nobody_of, which_are_forgotten};
pub use link::{LINK_CODE_MS, LinkTry, Linked, fresh_link_code, link, normal_code};
pub use model::{Tier, User, Welcome};
pub use store::{
    Newcomer, accept_referral, find_by_referral_code, find_identity, mark_muted, members_role,
    set_language, take_in, user_by_name, welcome,
};
