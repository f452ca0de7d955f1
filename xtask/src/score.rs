//! `cargo xtask score [--corpus DIR|FILE] [--wrong N] [--source NAME] [--half 0|1]`: how many
//! verdicts are right.
//!
//! A case of others' data is a JSON line:
//! `{id, source, form, encoding, text, expect: {kinds, strict, accept, type}}`.

use crate::engine::Engine;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Case {
    id: String,
    source: String,
    form: String,
    #[serde(default)]
    encoding: Option<String>,
    text: String,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    kinds: Vec<String>,
    strict: Option<String>,
    accept: Vec<String>,
    r#type: Option<String>,
}

#[derive(Default)]
struct Totals {
    cases: usize,
    kind: usize,
    category: (usize, usize),
    strict: (usize, usize),
    wrong_suppress: (usize, usize),
    missed_dead: (usize, usize),
}

/// Scores the rules of `data/` on a corpus.
pub fn run(args: &[String]) -> Result<(), String> {
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let corpus =
        option("--corpus").ok_or("usage: cargo xtask score --corpus DIR [--wrong N] [--source NAME]")?;
    let most: usize = option("--wrong").and_then(|count| count.parse().ok()).unwrap_or(0);
    let only = option("--source");
    let engine = Engine::load(Path::new("data"))?;
    let mut totals: BTreeMap<String, Totals> = BTreeMap::new();
    let mut misses = Vec::new();
    let mut bins = [(0u32, 0u32, 0f32); 10];
    for case in cases(Path::new(corpus))? {
        if only.is_some_and(|only| *only != case.source) {
            continue;
        }
        let problems = judge(&engine, &case, &mut totals, &mut bins);
        if !problems.is_empty() {
            misses.push((case, problems));
        }
    }
    print_totals(&totals);
    println!("confidence: stated against observed, of the verdicts whose label admits a category");
    for (right, count, stated) in bins.iter().filter(|bin| bin.1 > 0) {
        println!("  {:.2} {:.2} of {count}", stated / *count as f32, *right as f32 / *count as f32);
    }
    for (case, problems) in misses.iter().take(most) {
        let text: String =
            case.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(260).collect();
        println!("\n{}: {}\n  {text}", case.id, problems.join("; "));
    }
    Ok(())
}

fn cases(path: &Path) -> Result<Vec<Case>, String> {
    let mut files: Vec<PathBuf> = if path.is_dir() {
        std::fs::read_dir(path)
            .map_err(|error| format!("{}: {error}", path.display()))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect()
    } else {
        vec![path.to_path_buf()]
    };
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        for line in text.lines().filter(|line| !line.is_empty()) {
            cases.push(serde_json::from_str(line).map_err(|error| format!("{}: {error}", file.display()))?);
        }
    }
    Ok(cases)
}

/// The bytes of a case: an e-mail's are kept as latin-1.
fn bytes(case: &Case) -> Vec<u8> {
    if case.form == "email" && case.encoding.as_deref() == Some("latin1") {
        case.text.chars().map(|c| c as u8).collect()
    } else {
        case.text.as_bytes().to_vec()
    }
}

fn judge(
    engine: &Engine,
    case: &Case,
    totals: &mut BTreeMap<String, Totals>,
    bins: &mut [(u32, u32, f32); 10],
) -> Vec<String> {
    let input = bytes(case);
    let verdicts = bouncelens::classify_with(&engine.rules, &input, bouncelens::text::decode::native);
    let Some(verdict) = verdicts.first() else { return vec!["no verdict".into()] };
    let expect = &case.expect;
    let (category, reason) = (engine.category(verdict.reason), engine.reason(verdict.reason));
    let bounce_type = verdict.bounce_type.map(bouncelens::types::BounceType::as_str);
    let kind_right = expect.kinds.iter().any(|kind| kind == verdict.kind.as_str());
    let category_right = expect.accept.iter().any(|accepted| accepted == category);
    let mut problems = Vec::new();
    if !kind_right {
        problems.push(format!("kind {}, not {}", verdict.kind, expect.kinds.join("|")));
    }
    if !expect.accept.is_empty() && !category_right {
        problems.push(format!("{category}/{reason}, not {}", expect.accept.join("|")));
    }
    let (dead, alive) = (expect.r#type.as_deref() == Some("hard"), expect.r#type.as_deref() == Some("soft"));
    if alive && bounce_type == Some("hard") {
        problems.push("WRONG SUPPRESS".into());
    }
    if dead && bounce_type != Some("hard") {
        problems.push(format!("missed dead ({})", bounce_type.unwrap_or("-")));
    }
    if !expect.accept.is_empty() {
        let bin = &mut bins[((verdict.confidence * 10.0) as usize).min(9)];
        *bin = (bin.0 + u32::from(category_right), bin.1 + 1, bin.2 + verdict.confidence);
    }
    for key in ["total", &case.source] {
        let total = totals.entry(key.to_owned()).or_default();
        total.cases += 1;
        total.kind += usize::from(kind_right);
        if !expect.accept.is_empty() {
            total.category = (total.category.0 + usize::from(category_right), total.category.1 + 1);
        }
        if let Some(strict) = &expect.strict {
            total.strict = (total.strict.0 + usize::from(strict == category), total.strict.1 + 1);
        }
        if alive {
            total.wrong_suppress = (
                total.wrong_suppress.0 + usize::from(bounce_type == Some("hard")),
                total.wrong_suppress.1 + 1,
            );
        }
        if dead {
            total.missed_dead =
                (total.missed_dead.0 + usize::from(bounce_type != Some("hard")), total.missed_dead.1 + 1);
        }
    }
    problems
}

fn print_totals(totals: &BTreeMap<String, Totals>) {
    let share = |(part, whole): (usize, usize)| {
        if whole == 0 { "-".to_owned() } else { format!("{:.1}%", 100.0 * part as f64 / whole as f64) }
    };
    println!(
        "{:16} {:>5} {:>7} {:>8} {:>7} {:>14} {:>11}",
        "source", "cases", "kind", "category", "strict", "wrong-suppress", "missed-dead"
    );
    for (source, total) in totals {
        println!(
            "{source:16} {:5} {:>7} {:>8} {:>7} {:>14} {:>11}",
            total.cases,
            share((total.kind, total.cases)),
            share(total.category),
            share(total.strict),
            format!("{}/{}", total.wrong_suppress.0, total.wrong_suppress.1),
            format!("{}/{}", total.missed_dead.0, total.missed_dead.1),
        );
    }
}
