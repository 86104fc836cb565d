//! Sites as they stand: whose they are, under which name, which version visitors see.
//!
//! Publishing is one pointer move to an immutable version; so is undo. Every move leaves a line in the
//! feed of site changes, which running hosts follow.

mod builders;
mod error;
mod export;
mod forget;
mod former;
mod history;
mod model;
mod pack;
mod publish;
mod store;
mod traffic;

pub use error::SitesError;
pub(crate) use export::read_file;
pub use export::{
    DOCUMENT, ExportedFile, exported_files, exported_originals, names_of_photo, pictures, zip_of,
};
pub use forget::{comparisons_of, erase_sites, folders_of, objects_of};
pub use former::{FORMER_NAME_MS, find_former};
pub use history::{Moment, VersionLine, document_at, redo, versions_of};
pub use model::{
    ChangeLine, FormerName, LiveSite, OwnedSite, PageViews, Site, SiteStatus, Version, reworded,
};
pub use pack::{Encoded, Manifest, Pack, PackedFile, brotli, gzip};
pub(crate) use publish::freeze;
pub use publish::{Change, Published, Publisher, publish, take_back, undo};
pub use store::{
    add_page_views, all_names, cause_of, changes_since, count_sites, create_site, delete_site,
    find_live, find_site, free_subdomain, has_followers, is_deleted, list_sites, name_is_free,
    note_change, rename_site, save_form, set_status, site_in, sites_of, version, version_of_cause,
};
pub use traffic::{Traffic, day_of, traffic};
