//! Stage 5: what many bounces have in common, counted exactly.
//!
//! ```
//! use bouncelens::report::{Field, Options, Report, Row};
//! use bouncelens::types::Kind;
//! let mut report = Report::new(Options { group_by: vec![Field::FromDomain, Field::BounceText], ..Options::default() });
//! for seconds in ["118", "119", "120"] {
//!     let text = format!("450 <ann@example.com>: Sender address rejected: Greylisted for {seconds} seconds!");
//!     report.add(&Row { from_domain: "shop.example", text: &text, ..Row::new(Kind::Bounce) });
//! }
//! let table = report.table();
//! assert_eq!(table.lines[0].keys, ["shop.example", "450 <<EMAIL>>: Sender address rejected: Greylisted for <N> seconds!"]);
//! assert_eq!(table.lines[0].counts.amount, 3);
//! ```
//!
//! A report takes one row at a time and can be merged with another; neither order nor chunking
//! changes it. Every number is exact: messages are told apart by 64 bits of a hash, and of a million
//! messages two share one in one report out of 37 million.

mod group;
mod table;
mod text;

pub use group::{Counts, Field, Options, Report, Row};
pub use table::{Line, NUMBERS, Table};
pub use text::normalise;
