//! Data flows one way: no module imports a later one.

use std::path::{Path, PathBuf};

/// The stages in order; each may use the ones before it. `error` and `types` come first.
const ORDER: [&str; 12] = [
    "error", "types", "text", "rules", "input", "signals", "verdict", "policy", "advice", "report", "desk",
    "wasm",
];

/// Uses that are allowed against the order, with the reason.
const ALLOWED: [(&str, &str); 1] = [
    // a status code is parsed by the reader of words, which the rule compiler shares
    ("types", "text"),
];

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { sources(&path, files) } else { files.push(path) }
    }
}

#[test]
fn no_module_imports_a_later_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let relative = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let module = relative.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some(own) = ORDER.iter().position(|stage| *stage == module) else { continue };
        let source = std::fs::read_to_string(&path).expect("a readable file");
        for used in source.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(stage) = ORDER.iter().position(|stage| *stage == name)
                && stage > own
                && !ALLOWED.contains(&(module, name.as_str()))
            {
                wrong.push(format!("src/{relative} uses {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_knows_no_clock_no_files_and_no_javascript() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for path in files.iter().filter(|path| !path.starts_with(root.join("wasm"))) {
        let source = std::fs::read_to_string(path).expect("a readable file");
        for word in ["std::time", "std::fs", "std::net", "std::env", "wasm_bindgen", "js_sys", "println!"] {
            assert!(!source.contains(word), "{}: {word}", path.display());
        }
    }
}
