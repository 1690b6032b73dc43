//! Mistakes that do not compile, and what the compiler says about them.
//!
//! The messages are those of the toolchain that the checks use. `TRYBUILD=overwrite` in the
//! environment writes them anew.

#[test]
fn mistakes_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
