//! `cargo xtask score` without a corpus: our own cases, and `tests/corpus/SCORE.md`.

use crate::engine::Engine;
use crate::reliability::Bins;
use crate::score;
use bouncelens::types::Verdict;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    case: Vec<Case>,
}

/// What is scored of a case; `tests/it/corpus.rs` compares the rest.
#[derive(Deserialize)]
struct Case {
    name: String,
    text: String,
    kind: Option<String>,
    category: Option<String>,
    reason: Option<String>,
    r#type: Option<String>,
}

#[derive(Default)]
struct Share(usize, usize);

impl Share {
    fn add(&mut self, wanted: Option<&str>, is: &str) -> bool {
        let Some(wanted) = wanted else { return true };
        self.0 += usize::from(wanted == is);
        self.1 += 1;
        wanted == is
    }

    fn shown(&self) -> String {
        if self.1 == 0 { "–".into() } else { format!("{:.1} %", 100.0 * self.0 as f64 / self.1 as f64) }
    }
}

#[derive(Default)]
struct Row {
    cases: usize,
    kind: Share,
    category: Share,
    reason: Share,
    bounce_type: Share,
    wrong_suppress: usize,
}

/// Scores our own cases and writes the scoreboard.
pub fn run() -> Result<(), String> {
    let engine = Engine::load(Path::new("data"))?;
    let root = Path::new("tests/corpus");
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut bins = Bins::default();
    for (key, file) in read(root)? {
        for case in &file.case {
            let verdicts = bouncelens::classify_with(
                &engine.rules,
                case.text.as_bytes(),
                bouncelens::text::decode::native,
            );
            let Some(verdict) = verdicts.first() else { continue };
            for key in ["all", &key] {
                let problem = judge(&engine, case, verdict, rows.entry(key.to_owned()).or_default());
                wrong.extend(
                    problem.filter(|_| key == "all").map(|problem| format!("- `{}`: {problem}", case.name)),
                );
            }
            if let Some(wanted) = category_of(&engine, case) {
                bins.add(verdict.confidence, engine.category(verdict.reason) == wanted);
            }
        }
    }
    let board = board(&rows, &wrong, &bins);
    println!("{board}");
    std::fs::write(root.join("SCORE.md"), board).map_err(|error| format!("SCORE.md: {error}"))
}

/// All files with their keys: `smtp/google`.
fn read(root: &Path) -> Result<Vec<(String, File)>, String> {
    let one = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file: File = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let key =
            path.strip_prefix(root).unwrap_or(&path).with_extension("").to_string_lossy().replace('\\', "/");
        Ok((key, file))
    };
    files(root).into_iter().map(one).collect()
}

/// Our own cases in the form of others'.
pub fn cases(engine: &Engine) -> Result<Vec<score::Case>, String> {
    let mut cases = Vec::new();
    for (key, file) in read(Path::new("tests/corpus"))? {
        for case in file.case {
            let category = category_of(engine, &case).map(str::to_owned);
            cases.push(score::Case {
                id: case.name,
                source: key.split('/').next().unwrap_or_default().to_owned(),
                form: if key.starts_with("dsn") || key.starts_with("not") { "email" } else { "smtp" }
                    .to_owned(),
                encoding: None,
                text: case.text,
                expect: score::Expect {
                    kinds: vec![case.kind.unwrap_or_else(|| "bounce".to_owned())],
                    accept: category.iter().cloned().collect(),
                    strict: category,
                    r#type: case.r#type,
                },
            });
        }
    }
    Ok(cases)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn judge(engine: &Engine, case: &Case, verdict: &Verdict<'_>, row: &mut Row) -> Option<String> {
    let (category, reason) = (engine.category(verdict.reason), engine.reason(verdict.reason));
    let bounce_type = verdict.bounce_type.map_or("-", bouncelens::types::BounceType::as_str);
    row.cases += 1;
    let right = [
        row.kind.add(case.kind.as_deref(), verdict.kind.as_str()),
        row.reason.add(case.reason.as_deref(), reason),
        row.category.add(category_of(engine, case), category),
        row.bounce_type.add(case.r#type.as_deref(), bounce_type),
    ];
    row.wrong_suppress += usize::from(case.r#type.as_deref() == Some("soft") && bounce_type == "hard");
    (!right.iter().all(|right| *right)).then(|| {
        let wanted = case
            .reason
            .as_deref()
            .or(case.category.as_deref())
            .or(case.kind.as_deref())
            .unwrap_or("another type");
        format!("{reason} ({bounce_type}, {}), should be {wanted}", verdict.kind)
    })
}

/// The category that a case states, or that its reason belongs to.
fn category_of<'a>(engine: &'a Engine, case: &'a Case) -> Option<&'a str> {
    let of_reason = || {
        let id = case.reason.as_deref()?;
        engine.data.reasons.iter().find(|reason| reason.id == id).map(|reason| reason.category.as_str())
    };
    case.category.as_deref().or_else(of_reason)
}

fn board(rows: &BTreeMap<String, Row>, wrong: &[String], bins: &Bins) -> String {
    let mut text = String::from(
        "# Scoreboard\n\nMade by `cargo xtask score` from our own cases. They are written by the people who write the rules, so they\n\
         show what is covered and what is known to be wrong, not how good the rules are on what nobody here has seen:\n\
         `docs/decisions/0008-what-unseen-replies-show.md` has those figures.\n\n\
         | cases of | number | kind | category | reason | type | living called dead |\n|---|---|---|---|---|---|---|\n",
    );
    for (key, row) in rows {
        let _ = writeln!(
            text,
            "| {key} | {} | {} | {} | {} | {} | {} |",
            row.cases,
            row.kind.shown(),
            row.category.shown(),
            row.reason.shown(),
            row.bounce_type.shown(),
            row.wrong_suppress
        );
    }
    text.push_str("\n## Confidence: stated against observed\n\n| stated | right | cases |\n|---|---|---|\n");
    for (stated, right, count) in bins.rows() {
        let _ = writeln!(text, "| {stated:.2} | {right:.2} | {count} |");
    }
    text.push_str("\n## Known wrongs\n\n");
    text.push_str(&if wrong.is_empty() { "None.".to_owned() } else { wrong.join("\n") });
    text.push_str(
        "\n\n## A rival\n\n`cargo xtask score --rival COMMAND` runs another classifier on the same cases, and \
         `README.md` beside this file\nshows an adapter.\n",
    );
    text
}
