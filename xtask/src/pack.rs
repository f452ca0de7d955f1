//! `cargo xtask pack`: the npm package, unpacked in `target/package` and as a tarball beside it.
//!
//! wasm-pack builds the wasm; `pkg-template/` is everything else. wasm-pack's own `package.json` and
//! `.gitignore` are never used: the one lacks the exports map, the other would empty the package.

use crate::shell::{Outcome, naming, npm, program, quiet, script, skip, step};
use crate::stamp::Stamp;
use crate::{names, paths, snip, tools};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "src",
    "data",
    "rulec",
    "pkg-template",
    "xtask/src/pack.rs",
    "xtask/src/names.rs",
    "xtask/src/snip.rs",
    "xtask/node/package-lock.json",
    "xtask/node/workbook.mjs",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];

/// What was made.
pub struct Package {
    /// The tarball.
    pub tarball: PathBuf,
    /// A hash of all that it was made from.
    pub stamp: String,
}

/// Builds it, unless it is up to date.
pub fn run() -> Outcome<Package> {
    tools::node()?;
    tools::wasm_target()?;
    tools::npm_packages("xtask/node")?;
    let metadata = metadata()?;
    let tarball =
        paths::target().join(format!("bouncelens-{}.tgz", metadata["version"].as_str().unwrap_or_default()));
    let mut stamp = Stamp::of("package", SOURCES, "")?;
    if stamp.holds() && tarball.exists() && paths::package().exists() {
        skip("package");
        return Ok(Package { tarball, stamp: stamp.text().to_owned() });
    }
    loop {
        let wasm = build_wasm()?;
        step("laying out the package", || lay_out(&wasm, &metadata, &tarball))?;
        // Names and numbers come from the same data only if nobody wrote to it meanwhile.
        let after = Stamp::of("package", SOURCES, "")?;
        if after.text() == stamp.text() {
            stamp.set()?;
            println!("  unpacked in {}, packed in {}", paths::package().display(), tarball.display());
            return Ok(Package { tarball, stamp: stamp.text().to_owned() });
        }
        println!("  sources have changed meanwhile: once more");
        stamp = after;
    }
}

/// A wasm file of the package.
struct Part {
    /// `NAME.wasm`.
    name: &'static str,
    /// The feature of the crate that it has.
    feature: &'static str,
    /// How it is compiled.
    opt_level: &'static str,
    rustflags: &'static str,
    /// Where it stands as text, and the glue of its imports.
    modules: [&'static str; 2],
    /// The functions that its glue is given.
    given: &'static str,
}

/// `bouncelens.wasm` reads bounces; `desk.wasm` decides and counts; `regex.wasm` finds the user's own patterns. What
/// each level weighs and takes: `docs/PERFORMANCE.md`.
const PARTS: [Part; 3] = [
    Part {
        name: "bouncelens",
        feature: "engine",
        opt_level: "2",
        rustflags: OUTLINED,
        modules: ["lib/wasm.js", "lib/glue.js"],
        given: "askOwnRules",
    },
    Part {
        name: "desk",
        feature: "desk",
        opt_level: "2",
        rustflags: OUTLINED,
        modules: ["lib/desk-wasm.js", "lib/desk-glue.js"],
        given: "",
    },
    Part {
        name: "regex",
        feature: "regex",
        opt_level: "s",
        rustflags: "",
        modules: ["lib/regex-wasm.js", "lib/regex-glue.js"],
        given: "",
    },
];

/// SIMD is in every engine since 2023: Node 16.4, Chrome 91, Firefox 89, Safari 16.4.
const SIMD: &str = "-C target-feature=+simd128";

/// A function is only put into its callers where it is shorter than a call, whether the library marks it `inline` or not: what
/// is copied to where it is rarely used makes 18 KB of the engine after Brotli. What each word or line of a text passes is
/// marked `inline(always)`. `docs/PERFORMANCE.md` shows what that costs.
const OUTLINED: &str = concat!(
    " -C llvm-args=-inline-threshold=20",
    " -C llvm-args=-inlinehint-threshold=20",
    " -C llvm-args=-rotation-max-header-size=0",
);

/// The folder of the wasm, optimised, and of its glue: `NAME.wasm` and `NAME.js` for each part.
fn build_wasm() -> Outcome<PathBuf> {
    let out = paths::work().join("wasm");
    naming(&out, std::fs::create_dir_all(&out))?;
    PARTS.iter().try_for_each(|part| build_part(part, &out))?;
    Ok(out)
}

fn build_part(part: &Part, out: &Path) -> Outcome {
    let wasm_pack = tools::wasm_pack()?;
    let Part { name, feature, opt_level, rustflags, .. } = part;
    let what = if tools::wasm_bindgen_missing() {
        format!("compiling {name}.wasm (and, once, wasm-bindgen: some minutes)")
    } else {
        format!("compiling {name}.wasm")
    };
    step(&what, || {
        let mut build = program(&wasm_pack.to_string_lossy());
        build.env("WASM_PACK_CACHE", tools::wasm_pack_cache());
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("{SIMD}{rustflags}"));
        build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level);
        // A glue without modules is one function: `lib/glue.js` can make it anew for a new instance.
        build.args([
            "build",
            "--release",
            "--target",
            "no-modules",
            "--no-pack",
            "--no-opt",
            "--no-gitignore",
        ]);
        build.args(["--no-typescript", "--out-name", name, "--out-dir"]).arg(out).arg(".");
        quiet(build.args(["--", "--no-default-features", "--features", feature])).map(drop)
    })?;
    let (raw, optimised) = (out.join(format!("{name}_bg.wasm")), out.join(format!("{name}.wasm")));
    let stamp = Stamp::of(
        &format!("wasm-opt-{name}"),
        &["xtask/src/tools.rs", "xtask/src/snip.rs"],
        &format!("{:?}", naming(&raw, std::fs::read(&raw))?),
    )?;
    if stamp.holds() && optimised.exists() {
        skip(&format!("optimised {name}.wasm"));
    } else {
        step(&format!("optimising {name}.wasm"), || {
            let snipped = out.join(format!("{name}_snipped.wasm"));
            naming(&snipped, std::fs::write(&snipped, snip::panics(&naming(&raw, std::fs::read(&raw))?)?))?;
            tools::wasm_opt(&snipped, &optimised)
        })?;
        stamp.set()?;
    }
    Ok(())
}

fn lay_out(wasm: &Path, metadata: &Value, tarball: &Path) -> Outcome {
    let root = paths::root();
    let made = paths::work().join("package");
    tools::fresh(&made)?;
    copy_folder(&root.join("pkg-template"), &made)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root.join(licence), &made.join(licence))?;
    }
    for Part { name, modules: [text, glue], given, .. } in PARTS {
        let module = wasm.join(format!("{name}.wasm"));
        copy(&module, &made.join(format!("{name}.wasm")))?;
        let inline = format!(
            "// Made by `cargo xtask pack`: {name}.wasm.\n\nexport const base64 =\n  \"{}\";\n",
            base64(&naming(&module, std::fs::read(&module))?)
        );
        write(&made.join(text), &inline)?;
        let script = wasm.join(format!("{name}.js"));
        write(&made.join(glue), &glue_module(&naming(&script, std::fs::read_to_string(&script))?, given))?;
    }
    quiet(script("xtask/node/workbook.mjs").arg(made.join("lib/workbook.js")))?;
    names::write(&made)?;
    write(&made.join("package.json"), &manifest(&made.join("package.json"), metadata)?)?;
    let package = paths::package();
    if package.exists() {
        naming(&package, std::fs::remove_dir_all(&package))?;
    }
    naming(&package, std::fs::rename(&made, &package))?;
    if tarball.exists() {
        naming(tarball, std::fs::remove_file(tarball))?;
    }
    quiet(npm().args(["pack", "--silent", "--pack-destination"]).arg(paths::target()).current_dir(&package))
        .map(drop)
}

/// wasm-bindgen's glue as a function that makes a new one.
fn glue_module(script: &str, given: &str) -> String {
    format!(
        "// Made by wasm-bindgen: the imports of the wasm.\n\nexport function glue({given}) {{\n{script}\nreturn wasm_bindgen;\n}}\n"
    )
}

/// The template's `package.json` with what Cargo knows.
fn manifest(template: &Path, metadata: &Value) -> Outcome<String> {
    let text = naming(template, std::fs::read_to_string(template))?;
    let mut manifest: Value =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", template.display()))?;
    for key in ["name", "version", "description", "keywords", "license"] {
        manifest[key] = metadata[key].clone();
    }
    if let Some(address) = metadata["repository"].as_str() {
        manifest["repository"] = json!({ "type": "git", "url": format!("git+{address}.git") });
    }
    Ok(format!("{manifest:#}\n"))
}

/// What `cargo metadata` says about the root package.
fn metadata() -> Outcome<Value> {
    let text = quiet(program("cargo").args(["metadata", "--format-version", "1", "--no-deps", "--offline"]))?;
    let all: Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = all["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let root = packages.iter().find(|package| package["name"] == "bouncelens");
    root.cloned().ok_or_else(|| "cargo metadata does not name bouncelens".to_owned())
}

fn copy_folder(from: &Path, to: &Path) -> Outcome {
    naming(to, std::fs::create_dir_all(to))?;
    for entry in naming(from, std::fs::read_dir(from))?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() { copy_folder(&source, &target)? } else { copy(&source, &target)? }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    naming(from, std::fs::copy(from, to)).map(drop)
}

fn write(file: &Path, text: &str) -> Outcome {
    naming(file, std::fs::write(file, text))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes(group);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= chunk.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }
}
