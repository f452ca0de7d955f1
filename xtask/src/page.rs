//! `cargo xtask build-page` and `serve`: the page in `target/page`.

use crate::shell::{Outcome, loud, npm, quiet, script, skip, step};
use crate::stamp::Stamp;
use crate::{pack, paths, tools};

/// Builds the package and the page on it, unless they are up to date.
pub fn build() -> Outcome<pack::Package> {
    let package = pack::run()?;
    tools::npm_packages("www")?;
    let stamp = Stamp::of("page", &["www"], &package.stamp)?;
    if stamp.holds() && paths::page().join("index.html").exists() {
        skip("page");
        return Ok(package);
    }
    step("building the page", || {
        quiet(npm().args(["run", "--silent", "build", "--prefix", "www"])).map(drop)
    })?;
    stamp.set()?;
    println!("  in {}", paths::page().display());
    Ok(package)
}

/// Serves the page until it is stopped.
pub fn serve(port: Option<&str>) -> Outcome {
    loud(script("xtask/node/serve.mjs").arg(paths::page()).args(["--port", port.unwrap_or("4173")]))
}
