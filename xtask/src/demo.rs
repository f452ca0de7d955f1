//! `cargo xtask demo`: from a fresh clone to a verdict and a page.

use crate::shell::{Outcome, flag_value, loud, script};
use crate::{page, paths};

/// Sets up, builds, shows one verdict and serves the page.
pub fn run(args: &[String]) -> Outcome {
    let begin = std::time::Instant::now();
    page::build()?;
    println!("\nset up and built in {:.0} s\n", begin.elapsed().as_secs_f32());
    loud(script("xtask/node/demo.mjs").arg(paths::package()))?;
    if args.iter().any(|arg| arg == "--no-serve") {
        println!("\nthe page is built: `cargo xtask serve` shows it");
        return Ok(());
    }
    println!();
    page::serve(flag_value(args, "--port"))
}
