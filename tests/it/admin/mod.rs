//! The API for whoever runs the server. Every answer that any of these tests gets is held against the
//! document that the API serves of itself.

mod accounts;
mod activity;
mod api;
mod api_tokens;
mod document;
mod faults;
mod fuzz;
mod guard;
mod keys;
mod lists;
mod once;
mod races;
mod schema;
mod secrecy;
mod servers;
mod validation;
mod world;

pub(crate) use api::{Api, Reply};
pub(crate) use world::World;

/// What the article sends to make a server.
const ARTICLE: &str = include_str!("article.json");
