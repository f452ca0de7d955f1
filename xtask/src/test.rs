//! `cargo xtask test`: everything that can fail, from the core to the page in a real browser.

use crate::shell::{Outcome, flag_value, overheard, program, script};
use crate::{bench, pack, page, paths, tools};
use std::process::Command;
use std::time::{Duration, Instant};

/// How many tests passed and failed, and what failed outside of any test.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    errors: Vec<String>,
}

type Part = (&'static str, fn(&mut Tally));

const PARTS: &[Part] = &[("native", native), ("wasm", wasm), ("package", package), ("page", page)];

/// Runs the parts, all of them even if one fails, and sums up.
pub fn run(args: &[String]) -> Outcome {
    let only = flag_value(args, "--only");
    let known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(name) = only.filter(|name| !known.contains(name)) {
        return Err(format!("unknown part `{name}`; known: {}", known.join(", ")));
    }
    let mut results: Vec<(&str, Tally, Duration)> = Vec::new();
    for (name, part) in PARTS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        println!("\n══ {name}");
        let begin = Instant::now();
        let mut tally = Tally::default();
        part(&mut tally);
        results.push((name, tally, begin.elapsed()));
    }
    sum_up(&results)
}

fn sum_up(results: &[(&str, Tally, Duration)]) -> Outcome {
    println!("\n══ summary");
    let (mut passed, mut failed) = (0, 0);
    for (name, tally, time) in results {
        let failures = tally.failed + tally.errors.len() as u32;
        for error in &tally.errors {
            println!("{name}: {error}");
        }
        println!("{name}: {} passed, {failures} failed in {:.0} s", tally.passed, time.as_secs_f32());
        passed += tally.passed;
        failed += failures;
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err("the tests have failed".into()) }
}

impl Tally {
    /// Notes an error of something that is no test.
    fn check(&mut self, outcome: Outcome) -> bool {
        let fine = outcome.is_ok();
        self.errors.extend(outcome.err());
        fine
    }

    /// Counts `test result: ok. 12 passed; 0 failed; …`, and a failure without a failed test.
    fn cargo(&mut self, command: &mut Command) {
        let (said, outcome) = overheard(command);
        let mut failed = 0;
        for line in said.lines().filter(|line| line.starts_with("test result: ")) {
            self.passed += number_before(line, " passed");
            failed += number_before(line, " failed");
        }
        self.count(failed, outcome);
    }

    /// Counts the totals of Node's test runner: `# pass 12`, `# fail 0`.
    fn node(&mut self, command: &mut Command) {
        let (said, outcome) = overheard(command);
        let total = |label: &str| {
            let line = said
                .lines()
                .rev()
                .find_map(|line| line.trim_start_matches(['#', 'ℹ', ' ']).strip_prefix(label));
            line.and_then(|number| number.trim().parse::<u32>().ok()).unwrap_or(0)
        };
        self.passed += total("pass ");
        let failed = total("fail ") + total("cancelled ");
        self.count(failed, outcome);
    }

    fn count(&mut self, failed: u32, outcome: Outcome) {
        self.failed += failed;
        if failed == 0 {
            self.errors.extend(outcome.err());
        }
    }
}

fn number_before(line: &str, label: &str) -> u32 {
    let before = line.split(label).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// Format, lints on both targets, and the tests of the workspace.
fn native(tally: &mut Tally) {
    let mut cargo = |args: &[&str]| {
        println!("▸ cargo {}", args.join(" "));
        let outcome = overheard(program("cargo").args(args)).1;
        tally.check(outcome)
    };
    cargo(&["fmt", "--all", "--check"]);
    cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    println!("▸ cargo test --workspace");
    tally.cargo(program("cargo").args(["test", "--quiet", "--workspace", "--no-fail-fast"]));
}

/// The border to JavaScript, in Node.
fn wasm(tally: &mut Tally) {
    // The package's build leaves the test runner in the cache.
    let runner = match pack::run().and_then(|_| tools::wasm_test_runner()) {
        Ok(runner) => runner,
        Err(error) => return tally.errors.push(error),
    };
    let what = ["--target", "wasm32-unknown-unknown", "--package", "bouncelens"];
    println!("▸ cargo clippy {} --lib", what.join(" "));
    tally.check(
        overheard(
            program("cargo").args(["clippy", "--quiet"]).args(what).args(["--lib", "--", "-D", "warnings"]),
        )
        .1,
    );
    println!("▸ cargo test {} --test wasm", what.join(" "));
    let mut test = program("cargo");
    test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    tally.cargo(test.arg("test").args(what).args(["--test", "wasm"]));
}

/// The packed package, in the projects of people who would use it.
fn package(tally: &mut Tally) {
    let ready = || Ok((pack::run()?, tools::browser()?, bench::prepare()?));
    let (package, browser, (material, floor)) = match ready() {
        Ok(all) => all,
        Err(error) => return tally.errors.push(error),
    };
    let mut test = script("xtask/node/test.mjs");
    test.arg("tests/package").env("BOUNCELENS_TARBALL", &package.tarball).env("BOUNCELENS_BROWSER", browser);
    test.env("BOUNCELENS_MATERIAL", material).env("BOUNCELENS_FLOOR", floor);
    tally.node(&mut test);
}

/// The page, in a browser.
fn page(tally: &mut Tally) {
    let browser = match page::build().and_then(|_| tools::browser()) {
        Ok(browser) => browser,
        Err(error) => return tally.errors.push(error),
    };
    let mut test = script("xtask/node/test.mjs");
    test.arg("tests/browser").env("BOUNCELENS_PAGE", paths::page()).env("BOUNCELENS_BROWSER", browser);
    tally.node(&mut test);
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn totals_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (12, 3));
    }
}
