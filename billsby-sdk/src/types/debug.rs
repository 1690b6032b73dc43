/// Implements `Debug` so that it prints the type's name and nothing else: the fields hold personal
/// and payment data, and `{:?}` ends up in logs.
macro_rules! redacted_debug {
    ($($name:ident $(<$lifetime:lifetime>)?),+ $(,)?) => {
        $(
            impl ::std::fmt::Debug for $name $(<$lifetime>)? {
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
        struct Borrowed<'a> {
            digits: &'a str,
        }
        redacted_debug!(Card, Borrowed<'_>);

        let card = Card { digits: "4111" };
        let borrowed = Borrowed {
            digits: card.digits,
        };
        assert_eq!(
            format!("{card:?} {borrowed:?}"),
            "Card { .. } Borrowed { .. }"
        );
        assert_eq!(borrowed.digits, "4111");
    }
}
