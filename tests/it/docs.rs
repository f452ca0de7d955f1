//! The documents that are made from the data are current.

use std::path::Path;

#[test]
fn categories_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = rulec::data::Data::read(&root.join("data")).expect("good data");
    let written = std::fs::read_to_string(root.join("docs/CATEGORIES.md")).expect("docs/CATEGORIES.md");
    assert!(
        written == rulec::reference::markdown(&data),
        "docs/CATEGORIES.md is not current: cargo xtask docs"
    );
}
