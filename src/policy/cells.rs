//! Cells of CSV (RFC 4180), safe to open in a spreadsheet.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return would be run as a formula,
//! and bounce texts are written by strangers. Such a cell gets an apostrophe before it; reading takes
//! it away again.

const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// Writes a row of texts.
pub(crate) fn write_row<'a>(cells: impl IntoIterator<Item = &'a str>, out: &mut String) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_cell(cell, out);
    }
    out.push_str("\r\n");
}

/// Writes one text.
pub(crate) fn write_cell(text: &str, out: &mut String) {
    let formula = is_formula(text);
    let quoted =
        formula || text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ');
    if !quoted {
        return out.push_str(text);
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// Reads rows; an error is the number of the line in which a quote is not closed.
pub(crate) fn read_rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, usize> {
    let mut rows = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let (mut line, mut start, mut quoted, mut was_quoted) = (1, 1, false, false);
    let mut letters = text.strip_prefix('\u{FEFF}').unwrap_or(text).chars().peekable();
    while let Some(letter) = letters.next() {
        line += usize::from(letter == '\n');
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            _ if quoted => cell.push(letter),
            '"' if cell.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            ',' => {
                row.push(meant(std::mem::take(&mut cell)));
                was_quoted = false;
            }
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(meant(std::mem::take(&mut cell)));
                rows.push((start, std::mem::take(&mut row)));
                (start, was_quoted) = (line, false);
            }
            _ => cell.push(letter),
        }
    }
    if quoted {
        return Err(start);
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(meant(cell));
        rows.push((start, row));
    }
    rows.retain(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
    Ok(rows)
}

/// Takes the apostrophe away that [`write_cell`] put there.
fn meant(mut cell: String) -> String {
    if cell.starts_with('\'') && is_formula(&cell) {
        cell.remove(0);
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::{read_rows, write_row};

    #[test]
    fn formulas_are_neutralised_and_come_back() {
        let cells = [
            "=1+1",
            "+49",
            "-x",
            "@a",
            "\tx",
            "\rx",
            "'=1",
            "a'b",
            "say \"no\"",
            "two\nlines",
            "a,b",
            " x",
            "",
        ];
        let mut out = String::new();
        write_row(cells, &mut out);
        assert!(
            out.starts_with(
                "\"'=1+1\",\"'+49\",\"'-x\",\"'@a\",\"'\tx\",\"'\rx\",\"''=1\",a'b,\"say \"\"no\"\"\""
            ),
            "{out}"
        );
        assert_eq!(read_rows(&out).expect("good rows")[0].1, cells);
    }

    #[test]
    fn a_quote_without_end_is_an_error_with_its_line() {
        assert_eq!(read_rows("a,b\n\"c,d\n"), Err(2));
    }
}
