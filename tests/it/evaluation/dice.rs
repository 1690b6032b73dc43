//! Choices that repeat with their seed.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// A source of choices.
#[derive(Debug, Clone)]
pub(crate) struct Dice(Pcg64Mcg);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Whether something happens that happens this often.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability)
    }

    /// One of so many, of which there must be at least one.
    pub(crate) fn one_of(&mut self, many: usize) -> usize {
        self.0.random_range(..many)
    }
}
