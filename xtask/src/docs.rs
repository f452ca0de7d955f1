//! `cargo xtask docs`: writes what is made from the data.

use std::path::Path;

/// Writes `docs/CATEGORIES.md`.
pub fn run() -> Result<(), String> {
    let (data, _) = rulec::compile(Path::new("data"))?;
    std::fs::write("docs/CATEGORIES.md", rulec::reference::markdown(&data)).map_err(|error| format!("docs/CATEGORIES.md: {error}"))
}
