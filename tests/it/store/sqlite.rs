//! What only SQLite has: a file on a disk.

mod child;
mod damaged;
mod full;
mod permissions;
mod read_only;
