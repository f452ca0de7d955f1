//! `cargo xtask bench`: how fast the package is, in Node, in Chromium and natively, beside references in the
//! same process. Prints tables, writes `target/bench/*.json`.
//!
//! `--only PART` measures one of node, browser, native; `--quick` takes few rounds and says little;
//! `--against DIR` measures an older package, unpacked, as well; `--json FILE` writes all results into one
//! file; `--check` compares ratios with the budgets; `--write` brings `docs/PERFORMANCE.md` up to date;
//! `--last` measures nothing and takes what was measured last; `--count` has callgrind count instructions natively, and with `--only native` does nothing else.

mod budgets;
mod count;
mod document;
mod material;
mod native;
mod print;
mod regexes;
#[path = "../../../benches/texts.rs"]
mod texts;

use crate::shell::{Outcome, flag_value, naming, quiet, script, step};
use crate::{pack, paths, tools};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::process::Command;

const PARTS: [&str; 3] = ["node", "browser", "native"];
const SWITCHES: [&str; 5] = ["--check", "--quick", "--write", "--count", "--last"];
const OPTIONS: [&str; 3] = ["--only", "--json", "--against"];

/// What was asked for.
struct Wanted<'a> {
    only: Option<&'a str>,
    against: Option<PathBuf>,
    quick: bool,
    count: bool,
}

/// Measures what is asked for, shows it, and says what misses its budget.
pub fn run(args: &[String]) -> Outcome {
    known(args)?;
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let only = flag_value(args, "--only");
    if let Some(part) = only.filter(|part| !PARTS.contains(part)) {
        return Err(format!("unknown part `{part}`; known: {}", PARTS.join(", ")));
    }
    if has("--write") && has("--quick") {
        return Err("--quick takes too few rounds to write down".to_owned());
    }
    let against = flag_value(args, "--against").map(Path::new).map(older).transpose()?;
    let wanted = Wanted { only, against, quick: has("--quick"), count: has("--count") };
    let results = if has("--last") { document::last()? } else { measure(&wanted)? };
    print::tables(&results);
    if let Some(file) = flag_value(args, "--json") {
        write(Path::new(file), &Value::Object(results.clone()))?;
    }
    if has("--write") {
        document::write(&results)?;
    }
    if has("--check") { budgets::check(&results) } else { Ok(()) }
}

fn known(args: &[String]) -> Outcome {
    let mut rest = args.iter().map(String::as_str);
    while let Some(arg) = rest.next() {
        if OPTIONS.contains(&arg) {
            rest.next().ok_or_else(|| format!("{arg} wants a value"))?;
        } else if !SWITCHES.contains(&arg) {
            return Err(format!(
                "unknown option `{arg}`; known: {} {}",
                SWITCHES.join(" "),
                OPTIONS.join(" ")
            ));
        }
    }
    Ok(())
}

/// A package that was unpacked before.
fn older(folder: &Path) -> Outcome<PathBuf> {
    if !folder.join("inline.js").exists() {
        return Err(format!("{}: no unpacked package is there", folder.display()));
    }
    naming(folder, std::fs::canonicalize(folder))
}

/// The results by part: `node`, `chromium`, `native`, `count`.
fn measure(wanted: &Wanted<'_>) -> Outcome<Map<String, Value>> {
    let part = |name: &str| wanted.only.is_none_or(|only| only == name);
    let folder = paths::target().join("bench");
    naming(&folder, std::fs::create_dir_all(&folder))?;
    let mut results = Map::new();
    let mut keep = |name: &str, value: Value| {
        write(&folder.join(format!("{name}.json")), &value)?;
        results.insert(name.to_owned(), value);
        Ok::<(), String>(())
    };
    if part("node") || part("browser") {
        pack::run()?;
        let (material, floor) = prepare()?;
        let site = folder.join("site");
        let package = paths::package();
        let of = |mut script: Command, files: &[&PathBuf]| {
            script.args(files);
            if let Some(against) = &wanted.against {
                script.arg("--against").arg(against);
            }
            json(script.args(wanted.quick.then_some("--quick")))
        };
        if part("node") {
            let value = step("measuring in Node", || {
                of(script("benches/js/node.mjs"), &[&package, &material, &floor])
            })?;
            keep("node", value)?;
        }
        if part("browser") {
            let mut browser = script("benches/js/browser.mjs");
            browser.env("BOUNCELENS_BROWSER", tools::browser()?);
            let value = step("measuring in Chromium", || of(browser, &[&package, &material, &floor, &site]))?;
            keep("chromium", value)?;
        }
    }
    if part("native") {
        if wanted.count {
            keep("count", step("counting instructions", count::run)?)?;
        }
        // To count alone is what one does again and again while one changes the core.
        if !wanted.count || wanted.only.is_none() {
            keep("native", step("measuring natively", || native::run(wanted.quick))?)?;
        }
    }
    Ok(results)
}

/// Makes what the JavaScript side needs beside the package: texts and expressions, and the floors.
pub fn prepare() -> Outcome<(PathBuf, PathBuf)> {
    let folder = paths::target().join("bench");
    naming(&folder, std::fs::create_dir_all(&folder))?;
    Ok((material::write(&folder)?, floor(&folder)?))
}

/// The floors, from their text.
fn floor(folder: &Path) -> Outcome<PathBuf> {
    let wasm = folder.join("floor.wasm");
    let mut assemble = script("xtask/node/node_modules/binaryen/bin/wasm-as");
    assemble.arg(paths::root().join("benches/js/floor.wat")).args(["--enable-simd", "-o"]).arg(&wasm);
    quiet(&mut assemble)?;
    Ok(wasm)
}

/// Runs a program that says on standard error what it does, and prints JSON.
fn json(command: &mut Command) -> Outcome<Value> {
    command.stderr(std::process::Stdio::inherit());
    let said = quiet(command)?;
    serde_json::from_str(&said).map_err(|error| format!("{error}: {said}"))
}

fn write(file: &Path, value: &Value) -> Outcome {
    naming(file, std::fs::write(file, format!("{value:#}\n")))
}
