//! What the JavaScript side measures with, as one file: `target/bench/material.json`.

use super::regexes;
use super::texts::{self, Hostile};
use crate::paths;
use crate::shell::{Outcome, naming};
use rulec::data::Data;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Writes it.
pub fn write(folder: &Path) -> Outcome<PathBuf> {
    let data = Data::read(&paths::root().join("data")).map_err(|errors| errors.join("\n"))?;
    let replies = texts::replies(&paths::root(), &data);
    let material = json!({
        "replies": replies,
        "reports": texts::reports(&replies),
        "ordinary": shape(&texts::ordinary(&replies)),
        "hostile": texts::hostile(&data).iter().map(shape).collect::<Vec<_>>(),
        "regexes": regexes::list(&data)?,
    });
    let file = folder.join("material.json");
    naming(&file, std::fs::write(&file, material.to_string()))?;
    Ok(file)
}

fn shape(hostile: &Hostile) -> Value {
    json!({ "name": hostile.name, "head": hostile.head, "unit": hostile.unit })
}
