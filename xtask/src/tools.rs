//! What has to be there before anything is built, and getting it.

use crate::paths;
use crate::shell::{Outcome, naming, npm, program, quiet, script, skip, step, version};
use crate::stamp::Stamp;
use std::path::{Path, PathBuf};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const WASM_PACK: &str = "0.15.1";
const NODE: (u32, u32) = (20, 19);

/// Node, new enough, with npm.
pub fn node() -> Outcome {
    let cure = format!("install Node {}.{} or later, for instance from https://nodejs.org", NODE.0, NODE.1);
    let Some(found) = version("node".as_ref()) else {
        return Err(format!("Node is not there: {cure}"));
    };
    let mut numbers = found.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < NODE {
        return Err(format!("Node {found} is too old: {cure}"));
    }
    if version(npm().get_program()).is_none() {
        return Err(format!("npm is not there, although Node is: {cure}"));
    }
    Ok(())
}

/// Rust's library for wasm.
pub fn wasm_target() -> Outcome {
    let sysroot = quiet(program("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    if version("rustup".as_ref()).is_none() {
        return Err(format!(
            "Rust has no {WASM_TARGET} target, and rustup, which would add it, is not there: install Rust from \
             https://rustup.rs, or your system's package of that target"
        ));
    }
    step(&format!("adding Rust's {WASM_TARGET} target"), || {
        quiet(program("rustup").args(["target", "add", WASM_TARGET])).map(drop)
    })
}

/// wasm-pack: the one on the PATH where it is of our version, and else our own.
pub fn wasm_pack() -> Outcome<PathBuf> {
    let wanted = format!("wasm-pack {WASM_PACK}");
    let home = paths::cache().join("cargo");
    let own = home.join("bin").join(if cfg!(windows) { "wasm-pack.exe" } else { "wasm-pack" });
    for candidate in [PathBuf::from("wasm-pack"), own.clone()] {
        if version(candidate.as_os_str()).is_some_and(|found| found == wanted) {
            return Ok(candidate);
        }
    }
    step(&format!("building {wanted} into {} (once, some minutes)", home.display()), || {
        let mut install = program("cargo");
        install.args([
            "install",
            "--quiet",
            "--locked",
            "--force",
            "wasm-pack",
            "--version",
            WASM_PACK,
            "--root",
        ]);
        // It only runs other programs: made quickly is better than made fast.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env_remove("CARGO_TARGET_DIR");
        quiet(install.arg(&home)).map(drop)
    })?;
    Ok(own)
}

/// Where wasm-pack keeps its wasm-bindgen.
pub fn wasm_pack_cache() -> PathBuf {
    paths::cache().join("wasm-pack")
}

/// Whether wasm-pack would have to build its wasm-bindgen first.
pub fn wasm_bindgen_missing() -> bool {
    std::fs::read_dir(wasm_pack_cache()).map_or(true, |mut entries| entries.next().is_none())
}

/// The runner of wasm tests, of the very version of our wasm-bindgen.
pub fn wasm_test_runner() -> Outcome<PathBuf> {
    let wanted = format!("wasm-bindgen-test-runner {}", wasm_bindgen_version()?);
    let name = if cfg!(windows) { "wasm-bindgen-test-runner.exe" } else { "wasm-bindgen-test-runner" };
    let cached = std::fs::read_dir(wasm_pack_cache()).into_iter().flatten().flatten();
    let mut candidates = cached.map(|entry| entry.path().join(name)).chain([PathBuf::from(name)]);
    candidates
        .find(|candidate| version(candidate.as_os_str()).is_some_and(|found| found == wanted))
        .ok_or_else(|| format!("{wanted} is neither in {} nor on the PATH", wasm_pack_cache().display()))
}

/// The version that `Cargo.lock` has.
fn wasm_bindgen_version() -> Outcome<String> {
    let file = paths::root().join("Cargo.lock");
    let text = naming(&file, std::fs::read_to_string(&file))?;
    let entry = text.split("[[package]]").find(|entry| entry.contains("\nname = \"wasm-bindgen\"\n"));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next());
    version.map(str::to_owned).ok_or_else(|| "Cargo.lock has no wasm-bindgen".to_owned())
}

/// The npm packages of a folder, as its lock file says.
pub fn npm_packages(folder: &str) -> Outcome {
    let name = format!("npm-{}", folder.replace('/', "-"));
    let lock = format!("{folder}/package-lock.json");
    let stamp = Stamp::of(&name, &[&lock, &format!("{folder}/package.json")], "")?;
    let what = format!("npm packages of {folder}");
    if stamp.holds() && paths::root().join(folder).join("node_modules").is_dir() {
        skip(&what);
        return Ok(());
    }
    step(&what, || quiet(npm().args(["ci", "--no-audit", "--no-fund", "--prefix", folder])).map(drop))?;
    stamp.set()
}

/// wasm-opt, of a pinned version: older ones break the module without a word.
pub fn wasm_opt(from: &Path, to: &Path) -> Outcome {
    let mut command = script("xtask/node/node_modules/binaryen/bin/wasm-opt");
    command.args(["-O3", "--skip-pass=memory-packing", "--strip-debug", "--strip-producers"]);
    // rustc has put together what belongs together; more would make functions that engines compile late.
    command.arg("--one-caller-inline-max-function-size=0");
    quiet(command.arg(from).arg("-o").arg(to)).map(drop)
}

/// A Chrome or Chromium to test the page in.
pub fn browser() -> Outcome<String> {
    let mut find = script("xtask/node/browser.mjs");
    find.arg(paths::cache().join("browser"));
    let output = find.output().map_err(|error| format!("node: {error}"))?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !path.is_empty() {
        Ok(path)
    } else {
        Err("there is no browser to test the page in".into())
    }
}

/// An empty folder.
pub fn fresh(folder: &Path) -> Outcome {
    if folder.exists() {
        naming(folder, std::fs::remove_dir_all(folder))?;
    }
    naming(folder, std::fs::create_dir_all(folder))
}
