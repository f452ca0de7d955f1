//! Rows and cells (RFC 4180), and what else stands in files of that name.
//!
//! Cells may be quoted, with line ends and doubled quotes inside. The separator is found: comma,
//! semicolon, tab or bar. Lines that begin with `#` are remarks; Exchange names its columns in one.

use crate::input::{log, seek};
use crate::text::ends;
use crate::types::Quote;

/// One row.
pub type Row<'a> = Vec<Quote<'a>>;

/// More cells than this of a row are not kept.
const MOST: usize = 512;

/// The rows of a text.
pub struct Rows<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
    /// A quote was opened and never closed: quotes are plain characters from here on.
    unquoted: bool,
    /// The columns that a remark names, or that are known without one.
    pub fields: Option<&'a str>,
}

impl<'a> Rows<'a> {
    /// Reads a text; the separator is the one that parts the first lines most evenly.
    pub fn new(text: &'a str) -> Rows<'a> {
        let mut rows = Rows { text, at: 0, separator: b',', unquoted: false, fields: None };
        if text.starts_with('\u{FEFF}') {
            rows.at = 3;
        }
        rows.remarks();
        let stated = rows.rest().get(..5).and_then(|start| start.strip_prefix("sep="));
        if let Some(separator) = stated.and_then(|separator| separator.bytes().next()) {
            rows.separator = separator;
            rows.line();
        } else {
            rows.separator = separator(rows.rest());
        }
        if log::is_powermta_row(rows.rest()) {
            rows.fields = Some(log::POWERMTA_COLUMNS);
        }
        rows
    }

    /// Where the next row begins.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether the next row can have more than one cell: whether its first line has what parts or quotes cells.
    pub fn may_have_columns(&self) -> bool {
        SEPARATORS.iter().any(|separator| may_part(self.rest(), *separator))
    }

    /// How many cells the next row has.
    fn width(&mut self) -> Option<usize> {
        self.remarks();
        if ends::start(self.rest(), b"\0").is_empty() {
            return None;
        }
        let mut width = 1;
        while self.cell().1 {
            width += 1;
        }
        Some(width.min(MOST))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn line(&mut self) -> &'a str {
        let rest = self.rest();
        let len = rest.find('\n').map_or(rest.len(), |at| at + 1);
        self.at += len;
        ends::trim_end(rest.get(..len).unwrap_or_default())
    }

    /// Steps over blank lines and remarks.
    fn remarks(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.starts_with(['\n', '\r']);
            if !blank && !rest.starts_with('#') {
                return;
            }
            if blank {
                self.at += 1;
                continue;
            }
            let line = self.line();
            if let Some(fields) = line.strip_prefix("#Fields:") {
                self.fields = Some(ends::trim(fields));
            } else if let Some(fields) = line.strip_prefix('#').map(ends::trim_start)
                && fields.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("date\ttime"))
            {
                // Exchange 2003 and before
                self.fields = Some(fields);
            }
        }
    }

    /// Reads a cell; says whether the row goes on.
    fn cell(&mut self) -> (Quote<'a>, bool) {
        let quoted = if self.unquoted { None } else { self.quoted() };
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let end = bytes
            .iter()
            .position(|byte| *byte == self.separator || matches!(byte, b'\n' | b'\r'))
            .unwrap_or(bytes.len());
        let cell = quoted.unwrap_or_else(|| {
            let raw = rest.get(..end).unwrap_or_default();
            let lead = raw.len() - ends::trim_start(raw).len();
            Quote::at(ends::trim(raw), self.at + lead)
        });
        let more = bytes.get(end) == Some(&self.separator);
        self.at += end + usize::from(end < bytes.len());
        if bytes.get(end) == Some(&b'\r') && bytes.get(end + 1) == Some(&b'\n') {
            self.at += 1;
        }
        (cell, more)
    }

    /// Reads `"a ""quoted"" cell"`, where one begins here.
    fn quoted(&mut self) -> Option<Quote<'a>> {
        let rest = self.rest();
        let lead = rest.len() - ends::start(rest, b" ").len();
        let inner = rest.get(lead..)?.strip_prefix('"')?;
        let bytes = inner.as_bytes();
        let (mut at, mut doubled) = (0, false);
        let end = loop {
            let next = at
                + bytes.get(at..)?.iter().position(|byte| *byte == b'"').or_else(|| {
                    self.unquoted = true;
                    None
                })?;
            if bytes.get(next + 1) != Some(&b'"') {
                break next;
            }
            doubled = true;
            at = next + 2;
        };
        let start = self.at + lead + 1;
        self.at = start + end + 1;
        let cell = inner.get(..end)?;
        Some(if doubled { Quote::made(cell.replace("\"\"", "\"")) } else { Quote::at(cell, start) })
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        self.remarks();
        if ends::start(self.rest(), b"\0").is_empty() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let (cell, more) = self.cell();
            if row.len() < MOST {
                row.push(cell);
            }
            if !more {
                return Some(row);
            }
        }
    }
}

/// What parts cells; of equals the last one wins.
const SEPARATORS: [u8; 4] = [b'|', b';', b'\t', b','];

/// Whether a separator can part the first row: it stands in its first line, or a quoted cell ends in a later one.
fn may_part(text: &str, separator: u8) -> bool {
    let line = first_line(text).as_bytes();
    seek::any(line, [separator, b'"']) < line.len()
}

fn first_line(text: &str) -> &str {
    text.get(..seek::any(text.as_bytes(), [b'\n', b'\r'])).unwrap_or(text)
}

/// The separator that parts the first lines into the same number of cells most often.
fn separator(text: &str) -> u8 {
    let evenness = |separator: u8| {
        if !may_part(text, separator) {
            return 0;
        }
        let mut rows = Rows { text, at: 0, separator, unquoted: false, fields: None };
        let widths: Vec<usize> = std::iter::from_fn(|| rows.width()).take(12).collect();
        let first = widths.first().copied().unwrap_or(0);
        let even = widths.iter().filter(|width| **width == first).count();
        if first < 2 { 0 } else { even * 1000 / widths.len() + first.min(100) }
    };
    SEPARATORS.into_iter().max_by_key(|separator| evenness(*separator)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::Rows;

    fn cells(text: &str) -> Vec<Vec<String>> {
        Rows::new(text).map(|row| row.into_iter().map(|cell| cell.text.into_owned()).collect()).collect()
    }

    #[test]
    fn cells_are_what_they_are_meant_to_be() {
        assert_eq!(cells("a,\"b, \"\"c\"\"\"\r\nd,\"e\nf\"\r\n"), [["a", "b, \"c\""], ["d", "e\nf"]]);
        assert_eq!(cells("a;b\nc;d, e"), [["a", "b"], ["c", "d, e"]]);
        assert_eq!(cells("a\tb, c\nd\te"), [["a", "b, c"], ["d", "e"]]);
        assert_eq!(cells("sep=;\na;b"), [["a", "b"]]);
        assert_eq!(cells("a,\"b\nc,d"), [["a", "\"b"], ["c", "d"]]);
    }

    #[test]
    fn places_are_those_of_the_cells() {
        let text = "a, b ,\"c d\"\n";
        for row in Rows::new(text) {
            for cell in row {
                let at = cell.at.unwrap_or_default();
                assert_eq!(text.get(at..at + cell.text.len()), Some(cell.text.as_ref()));
            }
        }
    }

    #[test]
    fn remarks_name_columns() {
        let rows = Rows::new("#Software: x\r\n#Fields: date-time,event-id\r\n1,FAIL\r\n");
        assert_eq!(rows.fields, Some("date-time,event-id"));
        assert_eq!(rows.count(), 1);
    }
}
