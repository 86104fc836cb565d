//! Journeys through the whole house: real settings, the real router on a real port, real workers;
//! only the servers of other people are stand-ins, and those refuse what the real ones refuse.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it must be")]

mod comparisons;
mod conformance;
mod discord;
mod doors;
mod given_up;
mod hearing;
mod host;
mod menus;
mod models;
mod operator;
mod pipeline;
mod polling;
mod preview;
mod refine;
mod support;
mod telegram;
mod telegram_troubles;
mod troubles;
mod web;
mod whatsapp;
