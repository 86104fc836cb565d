//! Journeys through the whole house: real settings, the real router on a real port, real workers;
//! only the servers of other people are stand-ins, and those refuse what the real ones refuse.

mod support;
mod telegram;
mod telegram_troubles;
