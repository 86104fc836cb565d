//! Generation: from a brief to a published site.

pub mod stages;
