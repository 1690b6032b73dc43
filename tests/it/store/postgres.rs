//! What only PostgreSQL has: a server that may go away.

mod address;
mod away;
mod line;
mod tls;
