//! The rule compiler: `data/` in, the tables of `src/rules` out.
//!
//! It is a crate of its own, and not a long `build.rs`, because build scripts cannot be tested.
//! It never enters the wasm. `check` looks at what can be seen without the engine; that each
//! example comes out as stated is the business of `cargo xtask check`, which runs the engine.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

pub mod check;
pub mod data;
mod lexicon;
pub mod phrase;
pub mod policies;
pub mod redundant;
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
    write(out, "frames.rs", (lists(data, "frames")? + &lines(data, "frames")?).as_bytes())?;
    write(out, "columns.rs", lists(data, "columns")?.as_bytes())?;
    write(out, "hints.rs", lists(data, "hints")?.as_bytes())
}

/// The number of each reason as a constant, for the few that code names.
fn reasons(data: &data::Data) -> String {
    let number = |(index, reason): (usize, &schema::Reason)| {
        let name = reason.id.replace('-', "_").to_uppercase();
        format!(
            "/// `{}`\npub const {name}: crate::types::Reason = crate::types::Reason({index});\n",
            reason.id
        )
    };
    data.reasons.iter().enumerate().map(number).collect()
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(out.join(name), bytes).map_err(|error| format!("{name}: {error}"))
}

/// `frames.toml`, `columns.toml`, `hints.toml`: lists of strings.
fn read_lists(data: &Path, name: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let file = format!("{name}.toml");
    let text = std::fs::read_to_string(data.join(&file)).map_err(|error| format!("{file}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{file}: {error}"))
}

/// Such lists as Rust statics.
fn lists(data: &Path, name: &str) -> Result<String, String> {
    let mut source = String::new();
    for (key, items) in read_lists(data, name)? {
        let _ = writeln!(source, "/// `{key}` of `data/{name}.toml`.");
        let _ = writeln!(source, "pub static {}: &[&str] = &{items:?};", constant(&key));
    }
    Ok(source)
}

/// The same as one text each, in a module `lines`, an entry a line. Who goes through all of a list needs no
/// address of each entry, and addresses take as much room on the way as short entries.
fn lines(data: &Path, name: &str) -> Result<String, String> {
    let mut source = String::from("/// The same lists, an entry a line.\npub mod lines {\n");
    for (key, items) in read_lists(data, name)? {
        if let Some(item) = items.iter().find(|item| item.contains('\n')) {
            return Err(format!("{name}.toml: `{key}`: {item:?} has more than one line"));
        }
        let _ =
            write!(source, "/// `{key}`.\npub static {}: &str = {:?};\n", constant(&key), items.join("\n"));
    }
    Ok(source + "}\n")
}

fn constant(key: &str) -> String {
    key.replace('-', "_").to_uppercase()
}
