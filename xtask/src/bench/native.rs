//! The native side: `benches/engine.rs`, which prints one group a line.

use crate::paths;
use crate::shell::{Outcome, program, quiet};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Builds and runs it.
pub fn run(few: bool) -> Outcome<Value> {
    let said = quiet(program(&build()?.to_string_lossy()).args(few.then_some("quick")))?;
    let groups: Result<Vec<Value>, _> = said.lines().map(serde_json::from_str).collect();
    Ok(json!({ "groups": groups.map_err(|error| format!("benches/engine.rs: {error}: {said}"))? }))
}

/// Builds the bench and gives its path.
pub fn build() -> Outcome<PathBuf> {
    let mut cargo = program("cargo");
    cargo.args(["bench", "--quiet", "--bench", "engine", "--no-run", "--message-format=json"]);
    let said = quiet(cargo.current_dir(paths::root()))?;
    let mut messages = said.lines().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let made = messages.find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    made.ok_or_else(|| "cargo did not say where it put the bench".to_owned())
}
