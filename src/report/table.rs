//! A finished report, as plain data and as CSV.

use super::group::{Counts, Field};
use crate::policy::cells::write_row;

/// One group of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What the rows have in common, in the order of the fields; empty where it is not known.
    pub keys: Vec<String>,
    /// The numbers.
    pub counts: Counts,
    /// One of the texts in full: the first in the alphabet.
    pub example: String,
}

/// A finished report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What the rows are grouped by.
    pub fields: Vec<Field>,
    /// The groups, the greatest amount first.
    pub lines: Vec<Line>,
    /// The sums.
    pub total: Counts,
}

/// The columns of numbers.
pub const NUMBERS: [&str; 6] = ["amount", "hard", "soft", "first-attempt", "final", "delivered-later"];

impl Counts {
    /// The numbers in the order of [`NUMBERS`].
    pub fn numbers(&self) -> [u64; 6] {
        [self.amount, self.hard, self.soft, self.first, self.failed, self.delivered_later]
    }
}

impl Table {
    pub(super) fn new(fields: Vec<Field>, lines: Vec<Line>) -> Table {
        let mut total = Counts::default();
        for Line { counts, .. } in &lines {
            total.amount += counts.amount;
            total.hard += counts.hard;
            total.soft += counts.soft;
            total.first += counts.first;
            total.failed += counts.failed;
            total.delivered_later += counts.delivered_later;
        }
        Table { fields, lines, total }
    }

    /// CSV (RFC 4180) with a header: the fields, the numbers, an example. Cells that a spreadsheet
    /// would run as a formula are neutralised.
    ///
    /// ```
    /// use bouncelens::report::{Field, Options, Report, Row};
    /// use bouncelens::types::Kind;
    /// let mut report = Report::new(Options { group_by: vec![Field::Campaign], ..Options::default() });
    /// report.add(&Row { campaign: "=1+1", text: "550 No", ..Row::new(Kind::Bounce) });
    /// assert_eq!(report.table().to_csv(),
    ///     "campaign,amount,hard,soft,first-attempt,final,delivered-later,example\r\n\"'=1+1\",1,0,1,1,1,0,550 No\r\n");
    /// ```
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        let header = self.fields.iter().map(|field| field.as_str()).chain(NUMBERS).chain(["example"]);
        write_row(header, &mut out);
        for line in &self.lines {
            let numbers = line.counts.numbers().map(|number| number.to_string());
            let keys = line.keys.iter().map(String::as_str);
            write_row(
                keys.chain(numbers.iter().map(String::as_str)).chain([line.example.as_str()]),
                &mut out,
            );
        }
        out
    }
}
