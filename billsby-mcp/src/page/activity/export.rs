//! Calls as a file: one after another as they are read, however many there are.
//!
//! The file has the calls that the screen would show on all of its pages. As JSON lines each is what the API
//! gives. As CSV (RFC 4180, UTF-8) each is a row, also with what server and account are called now: the ids that a
//! call named have a column for every kind that there is, and a text that a spreadsheet would take for a formula
//! begins with an apostrophe.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use csv::{Terminator, Writer, WriterBuilder};
use futures_util::stream;
use maud::{Markup, html};

use super::filter::{self, Wanted};
use super::names::Names;
use super::outcome;
use crate::page::Page;
use crate::page::asked::Asked;
use crate::page::form::Form;
use crate::provision::{ActivityFilter, Call, List, Paging, ProvisionError};

/// How many calls are read at once.
const AT_ONCE: u32 = 100;
/// The columns before those of the ids that a call named.
const COLUMNS: [&str; 14] = [
    "id",
    "at",
    "server_id",
    "server_name",
    "account_id",
    "account_label",
    "client_name",
    "client_version",
    "tool",
    "is_write",
    "is_error",
    "outcome",
    "status",
    "milliseconds",
];
/// What a spreadsheet takes for the beginning of a formula; some read the wide signs as the usual ones.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Lines,
    Table,
}

/// Why a file ends before its end.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Read(#[from] ProvisionError),
    #[error("no JSON: {0}")]
    Lines(#[from] serde_json::Error),
    #[error("no CSV: {0}")]
    Table(#[from] csv::Error),
}

/// What is left to write.
struct Rest {
    page: Arc<Page>,
    filter: ActivityFilter,
    format: Format,
    /// For a table.
    names: Names,
    next: Next,
}

enum Next {
    /// The first calls, which were read before the answer began: what is wrong is told as a screen.
    First(List<Call>),
    After(String),
    Nothing,
}

/// One JSON object on each line.
pub(super) async fn lines(asked: Asked) -> Response {
    asked.answer(file(&asked, Format::Lines).await)
}

/// A table for spreadsheets.
pub(super) async fn table(asked: Asked) -> Response {
    asked.answer(file(&asked, Format::Table).await)
}

async fn file(asked: &Asked, format: Format) -> Result<Response, ProvisionError> {
    let rest = Rest::begin(asked, format).await?;
    let visitor = &asked.visitor;
    let day = visitor.now.to_zoned(visitor.zone.clone()).date();
    let name = format!("billsby-activity-{day}.{}", format.ending());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    // An error breaks the connection off, so that nobody takes a part for the whole.
    let chunks = stream::try_unfold(rest, async |rest| {
        let chunk = rest.chunk().await;
        if let Err(error) = &chunk {
            tracing::error!(%error, "an export of the activity broke off");
        }
        chunk
    });
    Ok((headers, Body::from_stream(chunks)).into_response())
}

impl Rest {
    async fn begin(asked: &Asked, format: Format) -> Result<Self, ProvisionError> {
        let (visitor, paging) = (&asked.visitor, after(None));
        let wanted = Wanted::of_file(&asked.form, &visitor.zone, visitor.now)?;
        let first = asked.provisioning().activity(&wanted.filter, &paging);
        let first = first.await?;
        let names = match format {
            Format::Lines => Names::default(),
            Format::Table => Names::load(asked).await?,
        };
        Ok(Self {
            next: Next::First(first),
            names,
            page: Arc::clone(&asked.page),
            filter: wanted.filter,
            format,
        })
    }

    /// The next part of the file, and what is left then.
    async fn chunk(mut self) -> Result<Option<(Vec<u8>, Self)>, ExportError> {
        let is_first = matches!(self.next, Next::First(_));
        let provisioning = &self.page.provisioning;
        let calls = match self.next {
            Next::First(calls) => calls,
            Next::After(cursor) => {
                let paging = after(Some(cursor));
                provisioning.activity(&self.filter, &paging).await?
            }
            Next::Nothing => return Ok(None),
        };
        let chunk = match self.format {
            Format::Lines => as_lines(&calls.result)?,
            Format::Table => {
                self.names.complete(provisioning, &calls.result).await?;
                as_table(&calls.result, &self.names, is_first)?
            }
        };
        let next = calls.next_cursor.map_or(Next::Nothing, Next::After);
        Ok(Some((chunk, Self { next, ..self })))
    }
}

impl Format {
    const fn ending(self) -> &'static str {
        match self {
            Self::Lines => "jsonl",
            Self::Table => "csv",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Lines => "application/x-ndjson",
            Self::Table => "text/csv; charset=utf-8; header=present",
        }
    }
}

fn after(cursor: Option<String>) -> Paging {
    Paging {
        limit: Some(AT_ONCE),
        cursor,
    }
}

fn as_lines(calls: &[Call]) -> Result<Vec<u8>, ExportError> {
    let mut lines = Vec::new();
    for call in calls {
        serde_json::to_writer(&mut lines, call)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn as_table(calls: &[Call], names: &Names, with_head: bool) -> Result<Vec<u8>, ExportError> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    if with_head {
        let keys = crate::KEYS.iter().map(|key| column(key.name));
        let columns = COLUMNS.into_iter().map(str::to_owned);
        writer.write_record(columns.chain(keys))?;
    }
    for call in calls {
        write(&mut writer, call, names)?;
    }
    let written = writer.into_inner();
    written.map_err(|error| ExportError::Table(error.into_error().into()))
}

fn write(writer: &mut Writer<Vec<u8>>, call: &Call, names: &Names) -> Result<(), csv::Error> {
    let server = call.server_id.and_then(|id| names.server(id));
    let account = call.account_id.and_then(|id| names.account(id));
    let cells = [
        call.id.to_string(),
        call.at.to_string(),
        call.server_id.map(|id| id.to_string()).unwrap_or_default(),
        server.unwrap_or_default().to_owned(),
        call.account_id.map(|id| id.to_string()).unwrap_or_default(),
        account
            .map(|account| account.label.clone())
            .unwrap_or_default(),
        call.client.name.clone().unwrap_or_default(),
        call.client.version.clone().unwrap_or_default(),
        call.tool.clone(),
        call.is_write.to_string(),
        call.is_error.to_string(),
        outcome::name(call.outcome),
        call.status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        call.milliseconds.to_string(),
    ];
    let key = |name: &str| call.keys.get(name).cloned().unwrap_or_default();
    let keys = crate::KEYS.iter().map(|kind| key(kind.name));
    writer.write_record(cells.into_iter().chain(keys).map(harmless))
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: String) -> String {
    if cell.starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}

/// The name of a column: `customer_unique_id` for `customerUniqueId`.
fn column(key: &str) -> String {
    let mut name = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// Links to the files with what the screen shows.
pub(super) fn links(form: &Form) -> Markup {
    let address = |format: Format| {
        let path = format!("{}/export.{}", super::PATH, format.ending());
        filter::address(&path, form, None)
    };
    html! {
        p.actions {
            "All calls of this filter as a file: "
            a.button.quiet href=(address(Format::Table)) { "CSV" }
            a.button.quiet href=(address(Format::Lines)) { "JSON lines" }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::record::{AccountId, ActivityId, ServerId};

    fn call(client: &str) -> Call {
        let at = "2026-11-23T14:05:06.789Z".parse().unwrap();
        let id = ActivityId::new(at).unwrap();
        let call = json!({
            "id": id.to_string(), "at": at.to_string(), "server_id": null, "account_id": null,
            "client": {"name": client, "version": "1, \"2\""}, "tool": "get_invoice", "is_write": false,
            "is_error": true, "outcome": "not_sent", "status": 404, "milliseconds": 12,
            "keys": {"customerUniqueId": "=1+1", "invoiceNumber": "INV-1"},
        });
        serde_json::from_value(call).unwrap()
    }

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes);
        let rows = reader.records().map(|row| row.unwrap());
        rows.map(|row| row.iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn a_table_has_a_head_and_a_row_for_each_call() {
        let names = Names::default();
        let bytes = as_table(&[call("Ünï\r\ncode"), call("b")], &names, true).unwrap();
        let rows = rows(&bytes);
        assert_eq!(rows.len(), 3);
        let at = |column: &str, row: usize| {
            let index = rows[0].iter().position(|name| name == column).unwrap();
            rows[row][index].clone()
        };
        assert_eq!(at("client_name", 1), "Ünï\r\ncode");
        assert_eq!(at("client_version", 2), "1, \"2\"");
        assert_eq!(at("invoice_number", 2), "INV-1");
        assert_eq!(at("server_id", 2), "");
        assert_eq!(at("server_name", 2), "");
        assert_eq!(at("outcome", 2), "not_sent");
        assert_eq!(at("status", 2), "404");
        assert!(bytes.ends_with(b"\r\n"));
        assert_eq!(as_table(&[], &names, false).unwrap(), b"");
    }

    #[test]
    fn a_server_is_named_beside_its_id() {
        let now = "2026-11-23T14:05:06.789Z".parse().unwrap();
        let (server, account) = (ServerId::new(now).unwrap(), AccountId::new(now).unwrap());
        let mut call = call("a");
        (call.server_id, call.account_id) = (Some(server), Some(account));
        let mut names = Names::default();
        names.add(server, account, "=Support".to_owned());
        let rows = rows(&as_table(&[call], &names, false).unwrap());
        let expected = [&*server.to_string(), "'=Support", &account.to_string(), ""];
        assert_eq!(rows[0][2..6], expected);
    }

    #[test]
    fn no_cell_is_a_formula() {
        let names = Names::default();
        let client = COLUMNS.iter().position(|name| *name == "client_name");
        let client = client.unwrap();
        for name in [
            "=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "＝x", "＋1", "－1", "＠x",
        ] {
            let rows = rows(&as_table(&[call(name)], &names, false).unwrap());
            assert_eq!(rows[0][client], format!("'{name}"));
            assert!(rows[0].contains(&"'=1+1".to_owned()));
        }
        let rows = rows(&as_table(&[call("a=b")], &names, false).unwrap());
        assert_eq!(rows[0][client], "a=b");
    }

    #[test]
    fn a_line_is_what_the_api_gives() {
        let calls = [call("a\nb"), call("c")];
        let lines = String::from_utf8(as_lines(&calls).unwrap()).unwrap();
        let read: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let expected = calls.map(|call| serde_json::to_value(call).unwrap());
        assert_eq!(read, expected);
    }
}
