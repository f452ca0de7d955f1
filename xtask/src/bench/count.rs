//! Instructions, counted by callgrind: the figure without noise. Each stage once over all replies, after
//! another such pass has made what is made at the first call.

use super::native;
use crate::shell::{Outcome, program, quiet, version};
use serde_json::{Value, json};
use std::path::Path;

/// As `benches/engine.rs` names them.
const STAGES: [&str; 8] = [
    "floor: a table look-up per byte",
    "floor: a scan for one byte",
    "input",
    "words",
    "words, find",
    "input, collect",
    "input, collect, decide",
    "classify",
];

/// Counts all stages.
pub fn run() -> Outcome<Value> {
    let valgrind = version("valgrind".as_ref()).ok_or(
        "valgrind is not there, and only it counts instructions: install your system's package of it",
    )?;
    let bench = native::build()?;
    let mut rows = Vec::new();
    let mut all = 0;
    for stage in STAGES {
        let (texts, instructions) = count(&bench, stage)?;
        rows.push(json!({ "name": stage, "instructions": instructions / texts.max(1) }));
        all = texts;
    }
    let (_, first) = count(&bench, "the first call")?;
    Ok(json!({ "version": valgrind, "texts": all, "rows": rows, "first": first }))
}

/// How many texts a run took, and how many instructions.
fn count(bench: &Path, stage: &str) -> Outcome<(u64, u64)> {
    let file = bench.with_extension("callgrind");
    let mut valgrind = program("valgrind");
    valgrind.args([
        "--tool=callgrind",
        "--toggle-collect=*counted*",
        &format!("--callgrind-out-file={}", file.display()),
    ]);
    let said = quiet(valgrind.arg(bench).args(["count", stage]))?;
    let texts = said.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0);
    let counted = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let total =
        counted.lines().find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
    let total = total.and_then(|total| total.trim().parse().ok());
    Ok((texts, total.ok_or_else(|| format!("callgrind counted nothing in {}", file.display()))?))
}
