//! The kinds of identity keys.

/// A kind of identity key, such as `customerUniqueId`. Values of this type are generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The name of arguments that take it.
    pub name: &'static str,
    /// What its values look like.
    pub form: KeyForm,
    /// What it is.
    pub description: &'static str,
    /// A value.
    pub example: &'static str,
    /// The operations that give it, the best one first.
    pub sources: &'static [KeySource],
    /// What it is often taken for.
    pub not: Option<&'static str>,
}

/// What the values of a key look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// Letters and digits.
    Text,
    /// A whole number.
    Integer,
}

impl KeyForm {
    /// The words for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "a whole number",
        }
    }
}

/// Where a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySource {
    /// The operation whose answer has it, `resource.method` as in the SDK.
    pub operation: &'static str,
    /// The property of that answer.
    pub property: &'static str,
    /// Whether that is a list of bare keys, whose entries have no name.
    pub bare: bool,
}
