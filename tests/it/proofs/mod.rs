//! What has to hold whatever happens to the program, its store and the clock, proved with the real ones.

mod admin;
mod disk;
mod expiry;
mod kills;
mod ledger;
mod limit;
mod outage;
mod process;
mod replicas;
mod worker;
