/// Implements `Debug` so that it prints the type's name and nothing else: the fields hold personal
/// and payment data, and `{:?}` ends up in logs.
macro_rules! redacted_debug {
    ($($name:ident),+ $(,)?) => {
        $(
            impl ::std::fmt::Debug for $name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(concat!(stringify!($name), " { .. }"))
                }
            }
        )+
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn prints_the_name_only() {
        struct Card {
            digits: &'static str,
        }
        redacted_debug!(Card);

        let card = Card { digits: "4111" };
        assert_eq!(format!("{card:?}"), "Card { .. }");
        assert_eq!(card.digits, "4111");
    }
}
