//! The generator from the outside: text in, files and diagnostics out.

mod cases;
mod corrected;
mod determinism;
mod diagnostics;
mod hostile;
mod mutation;
mod published;
mod purity;
mod random;
mod support;
