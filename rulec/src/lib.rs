//! The rule compiler: `data/` in, the tables of `src/rules` out.
//!
//! It is a crate of its own, and not a long `build.rs`, because build scripts cannot be tested.
//! It never enters the wasm. `check` looks at what can be seen without the engine; that each
//! example comes out as stated is the business of `cargo xtask check`, which runs the engine.

use std::fmt::Write;
use std::path::Path;

pub mod check;
pub mod data;
mod lexicon;
pub mod phrase;
pub mod policies;
pub mod reference;
pub mod schema;
pub mod tables;
pub mod text;

/// Reads, checks and compiles `data`.
pub fn compile(data: &Path) -> Result<(data::Data, tables::Tables), String> {
    let data = data::Data::read(data).map_err(|errors| errors.join("\n"))?;
    let errors = check::check(&data);
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    let tables = tables::tables(&data).map_err(|errors| errors.join("\n"))?;
    Ok((data, tables))
}

/// Compiles `data` and writes the tables into `out`: `rules.bin`, `names.txt`,
/// `frames.rs`, `columns.rs`, `hints.rs`, `reasons.rs`, `policies.rs`.
pub fn build(data: &Path, out: &Path) -> Result<(), String> {
    let (all, tables) = compile(data)?;
    write(out, "reasons.rs", reasons(&all).as_bytes())?;
    write(out, "policies.rs", policies::source(data, &all)?.as_bytes())?;
    let names: Vec<String> = tables.names.iter().map(|list| list.join("\n")).collect();
    write(out, "rules.bin", &tables.bytes)?;
    write(out, "names.txt", names.join("\n\n").as_bytes())?;
    write(out, "frames.rs", lists(data, "frames")?.as_bytes())?;
    write(out, "columns.rs", lists(data, "columns")?.as_bytes())?;
    write(out, "hints.rs", lists(data, "hints")?.as_bytes())
}

/// The number of each reason as a constant, for the few that code names.
fn reasons(data: &data::Data) -> String {
    let constant = |(index, reason): (usize, &schema::Reason)| {
        let name = reason.id.replace('-', "_").to_uppercase();
        format!(
            "/// `{}`\npub const {name}: crate::types::Reason = crate::types::Reason({index});\n",
            reason.id
        )
    };
    data.reasons.iter().enumerate().map(constant).collect()
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(out.join(name), bytes).map_err(|error| format!("{name}: {error}"))
}

/// `frames.toml`, `columns.toml`, `hints.toml`: lists of strings, as Rust statics.
fn lists(data: &Path, name: &str) -> Result<String, String> {
    let file = format!("{name}.toml");
    let text = std::fs::read_to_string(data.join(&file)).map_err(|error| format!("{file}: {error}"))?;
    let lists: std::collections::BTreeMap<String, Vec<String>> =
        toml::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    let mut source = String::new();
    for (key, items) in lists {
        let name = key.replace('-', "_").to_uppercase();
        let _ = write!(source, "/// `{key}` of `data/{file}`.\npub static {name}: &[&str] = &{items:?};\n");
    }
    Ok(source)
}
