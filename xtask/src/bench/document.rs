//! `cargo xtask bench --write`: the measured part of `docs/PERFORMANCE.md`, between its marks.

use super::budgets;
use super::print::{self, Results, markdown, rounded};
use crate::paths;
use crate::shell::{Outcome, naming, version};
use serde_json::Value;
use std::fmt::Write;

const BEGIN: &str = "<!-- made by `cargo xtask bench --write` -->\n";
const END: &str = "<!-- end -->\n";
const PARTS: [&str; 4] = ["node", "chromium", "native", "count"];

/// What was measured last, of all parts.
pub fn last() -> Outcome<Results> {
    let mut all = Results::new();
    for part in PARTS {
        let file = paths::target().join(format!("bench/{part}.json"));
        if let Ok(text) = std::fs::read_to_string(&file) {
            let value =
                serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            all.insert(part.to_owned(), value);
        }
    }
    Ok(all)
}

/// Writes what was measured now, and of the other parts what was measured last.
pub fn write(results: &Results) -> Outcome {
    let mut all = last()?;
    all.extend(results.clone());
    let file = paths::root().join("docs/PERFORMANCE.md");
    let text = naming(&file, std::fs::read_to_string(&file))?;
    let (before, rest) =
        text.split_once(BEGIN).ok_or_else(|| format!("{}: no line {BEGIN}", file.display()))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{}: no line {END}", file.display()))?;
    naming(&file, std::fs::write(&file, format!("{before}{BEGIN}\n{}\n{END}{after}", block(&all))))
}

fn block(results: &Results) -> String {
    let said = |part: &str, key: &str| {
        results.get(part).and_then(|result| result[key].as_str()).unwrap_or("not measured").to_owned()
    };
    let rust = version("rustc".as_ref()).unwrap_or_default();
    let mut text = format!(
        "Measured on {} on {}, shared with other work. Node {}, Chromium {}, {rust}.\n\n",
        said("node", "date"),
        said("node", "machine"),
        said("node", "version"),
        said("chromium", "version"),
    );
    text += "| budget, as on the quiet machine of the prototypes | measured | must, ambitious | |\n|---|---|---|---|\n";
    for line in budgets::lines(results) {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            line.name,
            rounded(line.measured),
            line.limit,
            line.outcome
        );
    }
    for part in PARTS {
        for table in results.get(part).map(|result: &Value| print::of(part, result)).unwrap_or_default() {
            let _ = write!(text, "\n{}", markdown(&table));
        }
    }
    text
}
