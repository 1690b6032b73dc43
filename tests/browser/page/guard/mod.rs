//! Who gets in, and what a browser is told to keep out. Spoken without a browser, so never skipped.

mod forgery;
mod headers;
mod secrets;
mod sessions;
mod sign_in;
