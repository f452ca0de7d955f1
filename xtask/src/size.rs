//! `cargo xtask size`: the parts as they travel, against their budgets.

use crate::shell::{Outcome, loud, script};
use crate::{page, paths};

/// Builds everything and weighs it.
pub fn run() -> Outcome {
    let package = page::build()?;
    let builds = paths::target().join("wasm32-unknown-unknown/release/build");
    let mut size = script("xtask/node/size.mjs");
    loud(size.arg(paths::package()).arg(package.tarball).arg(paths::page()).arg(builds))
        .map_err(|_| "a part is over its budget".to_owned())
}
