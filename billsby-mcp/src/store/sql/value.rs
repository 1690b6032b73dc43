//! What is sent to a database and what comes back.

use std::str::FromStr;

use jiff::Timestamp;

use crate::secret::TokenHash;
use crate::store::StoreError;

/// A value of a statement or of a row.
#[derive(Clone, PartialEq)]
pub(in crate::store) enum Value {
    Null,
    Flag(bool),
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// A text, or what can be shown as one. PostgreSQL keeps no text with a zero byte.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it is given to functions that map what is there or not"
    )]
    pub(super) fn text(text: impl ToString) -> Self {
        let mut text = text.to_string();
        if text.contains('\0') {
            text = text.replace('\0', "\u{fffd}");
        }
        Self::Text(text)
    }

    pub(super) fn hash(hash: &TokenHash) -> Self {
        Self::Bytes(hash.as_bytes().to_vec())
    }

    /// A value that may be missing.
    pub(super) fn or_null<T>(value: Option<T>, some: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, some)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Number(time.as_millisecond())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    /// Generations and counters never come near the end.
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl std::fmt::Debug for Value {
    /// Only its kind: values are not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Flag(_) => "Flag",
            Self::Number(_) => "Number",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}

/// A row, read from its first column to its last.
pub(in crate::store) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(in crate::store) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    pub(super) fn number(&mut self) -> Result<i64, StoreError> {
        match self.next() {
            Value::Number(number) => Ok(number),
            _ => Err(unexpected()),
        }
    }

    /// A number that is not negative and fits.
    pub(super) fn count<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        T::try_from(self.number()?).map_err(|_| unexpected())
    }

    pub(super) fn optional_count<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        match self.next() {
            Value::Number(number) => T::try_from(number).map(Some).map_err(|_| unexpected()),
            Value::Null => Ok(None),
            _ => Err(unexpected()),
        }
    }

    pub(super) fn flag(&mut self) -> Result<bool, StoreError> {
        match self.next() {
            Value::Flag(flag) => Ok(flag),
            // SQLite has no type of its own for it.
            Value::Number(number) => Ok(number != 0),
            _ => Err(unexpected()),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?.ok_or_else(unexpected)
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.next() {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            _ => Err(unexpected()),
        }
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.optional_bytes()?.ok_or_else(unexpected)
    }

    pub(super) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.next() {
            Value::Bytes(bytes) => Ok(Some(bytes)),
            Value::Null => Ok(None),
            _ => Err(unexpected()),
        }
    }

    pub(super) fn array(&mut self) -> Result<[u8; 32], StoreError> {
        self.bytes()?.try_into().map_err(|_| unexpected())
    }

    pub(super) fn optional_hash(&mut self) -> Result<Option<TokenHash>, StoreError> {
        let bytes = self.optional_bytes()?.map(<[u8; 32]>::try_from);
        let bytes = bytes.transpose().map_err(|_| unexpected())?;
        Ok(bytes.map(TokenHash::from))
    }

    /// A text that stands for something else: an id, a word.
    pub(super) fn parsed<T: FromStr>(&mut self) -> Result<T, StoreError> {
        self.optional_parsed()?.ok_or_else(unexpected)
    }

    pub(super) fn optional_parsed<T: FromStr>(&mut self) -> Result<Option<T>, StoreError> {
        let text = self.optional_text()?;
        let parsed = text.map(|text| text.parse()).transpose();
        parsed.map_err(|_| unexpected())
    }

    pub(super) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.optional_time()?.ok_or_else(unexpected)
    }

    pub(super) fn optional_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        match self.next() {
            Value::Number(number) => Timestamp::from_millisecond(number)
                .map(Some)
                .map_err(|_| unexpected()),
            Value::Null => Ok(None),
            _ => Err(unexpected()),
        }
    }

    /// The next value. Behind the last one there is nothing, which is not what anybody expects.
    fn next(&mut self) -> Value {
        self.0.next().unwrap_or(Value::Null)
    }
}

/// Says that a row cannot be read, and not what is in it.
pub(in crate::store) fn unexpected() -> StoreError {
    StoreError::Unusable("a record in it cannot be read; it may be damaged".to_owned())
}
