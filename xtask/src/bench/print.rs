//! Results as tables, for the terminal and for `docs/PERFORMANCE.md`.

use serde_json::{Map, Value};
use std::fmt::Write;

/// Results by part, as `bench::measure` gives them.
pub type Results = Map<String, Value>;

/// A table with its title.
pub struct Table {
    /// What stands above it.
    pub title: String,
    /// The names of the columns, and the rows.
    pub rows: Vec<Vec<String>>,
}

/// Shows all results.
pub fn tables(results: &Results) {
    for (part, result) in results {
        for table in of(part, result) {
            println!("\n{}", aligned(&table));
        }
    }
}

/// The tables of one part.
pub fn of(part: &str, result: &Value) -> Vec<Table> {
    if part == "count" {
        return vec![counts(result)];
    }
    let mut all: Vec<Table> = groups(result).filter_map(|group| table(part, group)).collect();
    if let Some(agreement) = result["agreement"].as_f64() {
        let title = format!(
            "{part}: the regexes come to the same reason for {:.0} % of the replies",
            agreement * 100.0
        );
        all.push(Table { title, rows: Vec::new() });
    }
    all
}

/// The groups of a part.
pub fn groups(result: &Value) -> impl Iterator<Item = &Value> {
    result["groups"].as_array().into_iter().flatten()
}

fn table(part: &str, group: &Value) -> Option<Table> {
    let id = group["id"].as_str().or(group["group"].as_str())?;
    let rows = group["rows"].as_array()?;
    let title = group["title"].as_str().unwrap_or(id);
    let (more, rows) = match id {
        "lines" | "length" => (String::new(), scaling(id, rows)),
        "cold" => (String::new(), cold(rows)),
        "workers" => (String::new(), workers(rows)),
        _ if id.starts_with("hostile") => (native_bytes(group), per_byte(rows)),
        _ => (average(group), times(group, rows)),
    };
    Some(Table { title: format!("{part}: {title}{more}"), rows })
}

fn average(group: &Value) -> String {
    match (group["texts"].as_u64(), group["bytes"].as_f64()) {
        (Some(texts), Some(bytes)) => format!(", {texts} texts of {bytes:.0} bytes on average"),
        _ => String::new(),
    }
}

fn native_bytes(group: &Value) -> String {
    group["bytes"].as_u64().map_or(String::new(), |bytes| format!(", {bytes} bytes"))
}

fn times(group: &Value, rows: &[Value]) -> Vec<Vec<String>> {
    let bytes = group["bytes"].as_f64();
    let slow = rows.iter().find(|row| row["id"] == "regexes").and_then(|row| row["ratio"].as_f64());
    let mut table = vec![head(&["", "ns a text", "quartiles", "MB/s", "× the first"])];
    if slow.is_some() {
        table[0].push("× faster than the regexes".to_owned());
    }
    for row in rows {
        let median = number(row, "median");
        let mut cells = vec![
            text(row, "name"),
            rounded(median),
            format!("{}–{}", rounded(number(row, "q1")), rounded(number(row, "q3"))),
            bytes.map_or(String::new(), |bytes| rounded(bytes * 1000.0 / median)),
            rounded(number(row, "ratio")),
        ];
        if let Some(slow) = slow {
            cells.push(rounded(slow / number(row, "ratio")));
        }
        table.push(cells);
    }
    table
}

fn scaling(id: &str, rows: &[Value]) -> Vec<Vec<String>> {
    let megabytes =
        |row: &Value, key: &str| row[key].as_f64().map_or(String::new(), |bytes| rounded(bytes / 1e6));
    let lines = id == "lines";
    let mut table = vec![head(&[
        if lines { "lines" } else { "bytes" },
        if lines { "ns a line" } else { "ns a byte" },
        "× a look-up per byte",
        "MB/s",
        "wasm, MB",
        "process, MB",
    ])];
    for row in rows {
        let (time, rate) = if lines {
            (number(row, "perLine"), number(row, "megabytesPerSecond"))
        } else {
            (number(row, "perByte"), 1000.0 / number(row, "perByte"))
        };
        table.push(vec![
            grouped(number(row, "at")),
            rounded(time),
            rounded(number(row, "ratio")),
            rounded(rate),
            megabytes(row, "wasm"),
            megabytes(row, "rss"),
        ]);
    }
    table
}

fn cold(rows: &[Value]) -> Vec<Vec<String>> {
    let mut table = vec![head(&[
        "",
        "ms",
        "quartiles",
        "compile",
        "instantiate",
        "first call",
        "second call",
        "import of the JavaScript",
    ])];
    for row in rows {
        let part = |name: &str| row["parts"][name].as_f64().map_or(String::new(), rounded);
        table.push(vec![
            text(row, "name"),
            rounded(number(row, "median")),
            format!("{}–{}", rounded(number(row, "q1")), rounded(number(row, "q3"))),
            part("compile"),
            part("instantiate"),
            part("first"),
            part("second"),
            part("imported"),
        ]);
    }
    table
}

fn workers(rows: &[Value]) -> Vec<Vec<String>> {
    let mut table = vec![head(&["", "ns a text, one thread", "gain of a second", "quartiles"])];
    for row in rows {
        table.push(vec![
            text(row, "name"),
            rounded(number(row, "alone")),
            format!("× {:.2}", number(row, "median")),
            format!("{:.2}–{:.2}", number(row, "q1"), number(row, "q3")),
        ]);
    }
    table
}

fn per_byte(rows: &[Value]) -> Vec<Vec<String>> {
    let mut table = vec![head(&["repeated", "ns a byte", "× ordinary text"])];
    for row in rows {
        table.push(vec![text(row, "name"), rounded(number(row, "perByte")), rounded(number(row, "ratio"))]);
    }
    table
}

fn counts(result: &Value) -> Table {
    let mut rows = vec![head(&["", "instructions a reply"])];
    for row in result["rows"].as_array().into_iter().flatten() {
        rows.push(vec![text(row, "name"), grouped(number(row, "instructions"))]);
    }
    rows.push(vec!["the first call, which unpacks tables".to_owned(), grouped(number(result, "first"))]);
    Table { title: format!("instructions, natively, of {} replies", number(result, "texts")), rows }
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or(f64::NAN)
}

/// Three digits say enough: 0.25, 7.1, 420, 16,700.
pub fn rounded(value: f64) -> String {
    if value.abs() >= 1000.0 {
        let step = 10f64.powi(value.abs().log10().floor() as i32 - 2);
        grouped((value / step).round() * step)
    } else if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// 1,000,000.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn widths(table: &Table) -> Vec<usize> {
    let columns = table.rows.first().map_or(0, Vec::len);
    let width =
        |column: usize| table.rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max();
    (0..columns).map(|column| width(column).unwrap_or(0)).collect()
}

/// For the terminal.
fn aligned(table: &Table) -> String {
    let widths = widths(table);
    let mut text = format!("{}\n", table.title);
    for row in &table.rows {
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ =
                if index == 0 { write!(text, "  {cell:width$}") } else { write!(text, "  {cell:>width$}") };
        }
        text.push('\n');
    }
    text
}

/// For a document.
pub fn markdown(table: &Table) -> String {
    let mut text = format!("{}{}\n\n", table.title, if table.rows.is_empty() { "." } else { ":" });
    for (index, row) in table.rows.iter().enumerate() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Table, grouped, markdown, rounded};

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!(
            [0.254, 7.12, 42.04, 420.4, 16_749.0].map(rounded),
            ["0.25", "7.12", "42.0", "420", "16,700"]
        );
        assert_eq!([1.0, 1000.0, 1e6].map(grouped), ["1", "1,000", "1,000,000"]);
    }

    #[test]
    fn tables_are_markdown() {
        let rows = vec![vec!["a".to_owned(), "ns".to_owned()], vec!["b".to_owned(), "1".to_owned()]];
        let table = Table { title: "node: one reply".to_owned(), rows };
        assert_eq!(markdown(&table), "node: one reply:\n\n| a | ns |\n|---|---|\n| b | 1 |\n");
    }
}
