//! Answers of the admin API for people.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use serde_json::Value;

use crate::command::config::one_line;

/// A column: its head, and where its value is in an entry.
pub(super) type Column = (&'static str, &'static str);

/// A line for each entry of a list.
pub(super) fn list(entries: &[Value], columns: &[Column]) -> String {
    let mut table = table();
    table.set_header(columns.iter().map(|(head, _)| *head));
    for entry in entries {
        let cells = columns.iter().map(|(_, pointer)| entry.pointer(pointer));
        table.add_row(cells.map(|value| shown(value.unwrap_or(&Value::Null))));
    }
    for (index, (_, pointer)) in columns.iter().enumerate() {
        let is_number = |entry: &Value| entry.pointer(pointer).is_some_and(Value::is_number);
        if entries.iter().any(is_number)
            && let Some(column) = table.column_mut(index)
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    text(&table)
}

/// A line for each value of one thing, with the names of what it is in.
pub(super) fn details(of: &Value) -> String {
    let mut table = table();
    let mut rows = Vec::new();
    flatten("", of, &mut rows);
    for row in rows {
        table.add_row(row);
    }
    text(&table)
}

fn flatten(name: &str, value: &Value, rows: &mut Vec<[String; 2]>) {
    let Value::Object(fields) = value else {
        rows.push([plain(name), shown(value)]);
        return;
    };
    for (field, value) in fields {
        let name = if name.is_empty() {
            field.clone()
        } else {
            format!("{name}.{field}")
        };
        flatten(&name, value, rows);
    }
}

/// A value in a cell.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => plain(text),
        Value::Array(values) if values.is_empty() => "-".to_owned(),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            values.join(", ")
        }
        Value::Number(_) | Value::Object(_) => plain(&one_line(value)),
    }
}

/// A text without what a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table
}

/// The table without the spaces that are round it.
fn text(table: &Table) -> String {
    let lines: Vec<String> = table
        .lines()
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_are_lines_and_numbers_stand_right() {
        let entries = [
            json!({"id": "a", "config": {"methods": ["read", "write"]}, "calls": 5}),
            json!({"id": "b", "config": {"methods": []}, "calls": 1200}),
        ];
        let columns = [
            ("ID", "/id"),
            ("METHODS", "/config/methods"),
            ("CALLS", "/calls"),
            ("END", "/no"),
        ];
        let expected = "\
ID  METHODS      CALLS  END
a   read, write      5  -
b   -             1200  -";
        assert_eq!(list(&entries, &columns), expected);
    }

    #[test]
    fn one_thing_is_shown_whole_and_cannot_move_the_cursor() {
        let value = json!({"name": "a\u{1b}[2J\nb", "config": {"is": true, "end": null}});
        let expected = "\
name        a\u{fffd}[2J\u{fffd}b
config.is   yes
config.end  -";
        assert_eq!(details(&value), expected);
    }
}
