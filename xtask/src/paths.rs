//! Where things are.

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(Path::to_path_buf).unwrap_or(manifest)
}

/// What the chores make: `target/package`, `target/page` and their own files.
pub fn target() -> PathBuf {
    root().join("target")
}

/// The package, unpacked.
pub fn package() -> PathBuf {
    target().join("package")
}

/// The page, built.
pub fn page() -> PathBuf {
    target().join("page")
}

/// Half-made things and notes about what is up to date.
pub fn work() -> PathBuf {
    target().join("xtask")
}

/// Tools that take minutes to build; all clones of the repository share them.
pub fn cache() -> PathBuf {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    var("XDG_CACHE_HOME")
        .or_else(|| var("LOCALAPPDATA"))
        .or_else(|| var("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(|| work().join("cache"))
        .join("bouncelens")
}
