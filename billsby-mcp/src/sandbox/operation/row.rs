//! Rows of the lists that can be filtered and sorted.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Call;
use super::page::page;
use crate::sandbox::company::{Currency, Customer};
use crate::sandbox::id::{DocumentNumber, UniqueId};
use crate::sandbox::wire::{self, Answer, Refusal};

/// A row of a list. Its columns are both what is shown and what can be sorted by.
pub(super) trait Row: Sized {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't;
}

/// A property of a row: its name and where it comes from.
pub(super) type Column<R> = (&'static str, fn(&R) -> Cell<'_>);

/// A value of a row, as it sorts. Those of one column are of one kind, or absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell<'a> {
    Absent,
    Flag(bool),
    Number(i64),
    /// A number that is sent as text.
    Digits(i64),
    /// An amount as it is displayed, and its currency.
    Money(i64, Currency),
    Time(Timestamp, TimeShape),
    Unique(UniqueId),
    Document(DocumentNumber),
    Text(&'a str),
    /// Two texts with a space between them.
    Words(&'a str, &'a str),
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimeShape {
    WithZ,
    WithoutZone,
    WithOffset,
}

impl<'a> From<Option<Cell<'a>>> for Cell<'a> {
    fn from(cell: Option<Cell<'a>>) -> Self {
        cell.unwrap_or(Self::Absent)
    }
}

impl Cell<'_> {
    fn value(self) -> Value {
        match self {
            Self::Absent => Value::Null,
            Self::Flag(flag) => flag.into(),
            Self::Number(number) => number.into(),
            Self::Digits(number) => wire::as_text(number),
            Self::Money(amount, currency) => wire::displayed(amount, currency).into(),
            Self::Time(at, TimeShape::WithZ) => wire::with_z(at).into(),
            Self::Time(at, TimeShape::WithoutZone) => wire::without_zone(at).into(),
            Self::Time(at, TimeShape::WithOffset) => wire::with_offset(at).into(),
            Self::Unique(id) => id.to_string().into(),
            Self::Document(number) => number.to_string().into(),
            Self::Text(text) => text.into(),
            Self::Words(first, second) => format!("{first} {second}").into(),
        }
    }
}

/// How a row is shown.
pub(super) fn view<R: Row>(row: &R) -> Value {
    let columns = R::columns().iter();
    let fields: Map<String, Value> = columns
        .map(|(name, cell)| ((*name).to_owned(), cell(row).value()))
        .collect();
    Value::Object(fields)
}

/// One object of the fields of several.
pub(super) fn joined(parts: impl IntoIterator<Item = Value>) -> Value {
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(fields.flatten().collect())
}

/// A page of the rows that pass a filter, in the order that was asked for, or else in that of `things`.
/// Without a filter and an order it is found without walking to it.
pub(super) fn list<T, R: Row>(
    call: &Call<'_>,
    things: impl ExactSizeIterator<Item = T>,
    row: impl Fn(T) -> R,
    filter: Option<impl Fn(&R) -> bool>,
) -> Result<Answer, Refusal> {
    let order = order::<R>(call)?;
    if filter.is_none() && order.is_none() {
        return Ok(page(call, things.len(), things, |thing| view(&row(thing))));
    }
    let rows = things.map(row);
    let mut rows: Vec<R> = match filter {
        Some(filter) => rows.filter(filter).collect(),
        None => rows.collect(),
    };
    if let Some((cell, direction)) = order {
        rows.sort_by(|one, other| direction(cell(one).cmp(&cell(other))));
    }
    Ok(page(call, rows.len(), rows.into_iter(), |row| view(&row)))
}

/// A row of a list of documents, which is filtered by status and text.
pub(super) trait DocumentRow: Row {
    type Status: Copy + PartialEq;

    fn status(&self) -> Self::Status;

    /// Whether the text is in its number or names its customer.
    fn matches(&self, search: &Search) -> bool;
}

/// A page of documents. Flags name the statuses that can be asked for.
pub(super) fn list_documents<T, R: DocumentRow>(
    call: &Call<'_>,
    flags: &[(&str, R::Status)],
    things: impl ExactSizeIterator<Item = T>,
    row: impl Fn(T) -> R,
) -> Result<Answer, Refusal> {
    let (status, search) = (shown(call, flags), Search::of(call, "query"));
    let is_filtered = status.is_some() || search.is_some();
    let filter = is_filtered.then_some(|row: &R| {
        let has_status = status.as_ref().is_none_or(|shown| shown(row.status()));
        has_status && search.as_ref().is_none_or(|search| row.matches(search))
    });
    list(call, things, row, filter)
}

type Order<R> = (fn(&R) -> Cell<'_>, fn(Ordering) -> Ordering);

fn order<R: Row>(call: &Call<'_>) -> Result<Option<Order<R>>, Refusal> {
    let (name, property, direction): (_, _, fn(Ordering) -> Ordering) =
        match (call.query("orderBy"), call.query("orderByDescending")) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                return Err(Refusal::bad_request(
                    "orderBy and orderByDescending exclude each other: each names a property",
                ));
            }
            (Some(property), None) => ("orderBy", property, |order| order),
            (None, Some(property)) => ("orderByDescending", property, Ordering::reverse),
        };
    let column = R::columns().iter().find(|(known, _)| *known == property);
    let (_, value) = column.ok_or_else(|| {
        let known: Vec<&str> = R::columns().iter().map(|(name, _)| *name).collect();
        Refusal::bad_request(format!(
            "{name} names no property of a row; the properties are {}",
            known.join(", ")
        ))
    })?;
    Ok(Some((*value, direction)))
}

/// A text to search for, in small letters.
#[derive(Debug)]
pub(super) struct Search(String);

impl Search {
    /// `None` if nothing is searched for.
    pub(super) fn of(call: &Call<'_>, name: &str) -> Option<Self> {
        let text = call.query(name).filter(|text| !text.is_empty())?;
        Some(Self(text.to_lowercase()))
    }

    /// Whether the name or an e-mail address of a customer contains it.
    pub(super) fn finds(&self, customer: &Customer) -> bool {
        let name = format!("{} {}", customer.first_name, customer.last_name);
        let additional = customer.additional_email.as_ref();
        self.is_in(&name)
            || self.is_in(&customer.email)
            || additional.is_some_and(|email| self.is_in(email))
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.0)
    }
}

/// Statuses that a list shows, of those that flags can name: the ones whose flags are true. If none is,
/// all whose flags are not false. `None` if no flag was given.
fn shown<S: Copy + PartialEq>(
    call: &Call<'_>,
    flags: &[(&str, S)],
) -> Option<impl Fn(S) -> bool + use<S>> {
    let with = |wanted: bool| -> Vec<S> {
        let flags = flags.iter();
        let given = flags.filter(|(name, _)| call.flag(name) == Some(wanted));
        given.map(|(_, status)| *status).collect()
    };
    let (shown, hidden) = (with(true), with(false));
    let is_restricted = !shown.is_empty() || !hidden.is_empty();
    is_restricted.then_some(move |status| {
        if shown.is_empty() {
            !hidden.contains(&status)
        } else {
            shown.contains(&status)
        }
    })
}
