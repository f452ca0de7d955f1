//! The rule compiler: `data/` in, tables out.

use std::path::Path;

/// Reads `data`, checks it and writes the tables into `out`.
pub fn build(data: &Path, out: &Path) -> Result<(), String> {
    frames(data, out)
}

/// `frames.toml`: lists of strings, as Rust statics.
fn frames(data: &Path, out: &Path) -> Result<(), String> {
    let file = data.join("frames.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lists: std::collections::BTreeMap<String, Vec<String>> =
        toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut source = String::new();
    for (key, items) in lists {
        let name = key.replace('-', "_").to_uppercase();
        source += &format!("/// `{key}` of `data/frames.toml`.\npub static {name}: &[&str] = &{items:?};\n");
    }
    std::fs::write(out.join("frames.rs"), source).map_err(|error| format!("frames.rs: {error}"))
}
