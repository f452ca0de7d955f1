//! `cargo xtask score [--corpus DIR|FILE] [--wrong N] [--source NAME] [--rival COMMAND]`: how many
//! verdicts are right, ours and another classifier's.
//!
//! A case of others' data is a JSON line:
//! `{id, source, form, encoding, text, expect: {kinds, strict, accept, type}}`. Without `--corpus`
//! the cases are our own. `--halves` scores each half of the sources with what the other half shows;
//! `--reliability` writes `docs/CONFIDENCE.md` from both.

use crate::engine::Engine;
use crate::halves;
use crate::own;
use crate::reliability::{self, Bins};
use crate::rival;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A text and what is right for it.
#[derive(Deserialize)]
pub struct Case {
    /// Unique.
    pub id: String,
    /// Where it is from.
    pub source: String,
    /// `smtp`, `email`, `log`, …
    pub form: String,
    /// `latin1` where each character of the text is a byte.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The input.
    pub text: String,
    /// What is right.
    pub expect: Expect,
}

/// What is right.
#[derive(Deserialize)]
pub struct Expect {
    /// Any of these kinds.
    pub kinds: Vec<String>,
    /// The best category.
    pub strict: Option<String>,
    /// The categories that are right; none where none can be told.
    pub accept: Vec<String>,
    /// Hard or soft, where the label says so.
    pub r#type: Option<String>,
}

/// What a classifier says of a case.
pub struct Answer {
    /// What happened; missing where a rival does not tell.
    pub kind: Option<String>,
    /// The category; several where a rival's class is wider than ours.
    pub categories: Vec<String>,
    /// Hard or soft.
    pub bounce_type: Option<String>,
    /// For people.
    pub shown: String,
    /// How sure, where it is told.
    pub confidence: Option<f32>,
}

#[derive(Default)]
struct Totals {
    cases: usize,
    kind: (usize, usize),
    category: (usize, usize),
    strict: (usize, usize),
    wrong_suppress: (usize, usize),
    missed_dead: (usize, usize),
}

/// Scores the rules of `data/` on a corpus, and a rival beside them.
pub fn run(args: &[String]) -> Result<(), String> {
    let option = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let most: usize = option("--wrong").and_then(|count| count.parse().ok()).unwrap_or(0);
    let engine = Engine::load(Path::new("data"))?;
    let mut cases = match option("--corpus") {
        Some(corpus) => cases(Path::new(corpus))?,
        None => own::cases(&engine)?,
    };
    if let Some(only) = option("--source") {
        cases.retain(|case| case.source == *only);
    }
    if args.iter().any(|arg| arg == "--halves") {
        return halves::run(&engine, &cases);
    }
    let answers: Vec<Option<Answer>> = cases.iter().map(|case| ours(&engine, case)).collect();
    if args.iter().any(|arg| arg == "--reliability") {
        return reliability::write(&engine, &cases, &answers);
    }
    let (misses, bins) = count(&cases, &answers);
    println!("\nconfidence: stated against observed, of the verdicts whose label admits a category");
    for (stated, right, count) in bins.rows() {
        println!("  {stated:.2} {right:.2} of {count}");
    }
    for (case, problems) in misses.iter().take(most) {
        let text: String =
            case.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(260).collect();
        println!("\n{}: {}\n  {text}", case.id, problems.join("; "));
    }
    if let Some(command) = option("--rival") {
        println!("\n{command}");
        count(&cases, &rival::answers(command, &cases)?);
    }
    Ok(())
}

/// Compares answers with labels, prints the totals, gives what is wrong.
fn count<'a>(cases: &'a [Case], answers: &[Option<Answer>]) -> (Vec<(&'a Case, Vec<String>)>, Bins) {
    let mut totals: BTreeMap<&str, Totals> = BTreeMap::new();
    let (mut misses, mut bins) = (Vec::new(), Bins::default());
    for (case, answer) in cases.iter().zip(answers) {
        let problems = match answer {
            Some(answer) => judge(case, answer, &mut totals, &mut bins),
            None => vec!["no answer".into()],
        };
        if !problems.is_empty() {
            misses.push((case, problems));
        }
    }
    print_totals(&totals);
    (misses, bins)
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
pub fn bytes(case: &Case) -> Vec<u8> {
    if case.form == "email" && case.encoding.as_deref() == Some("latin1") {
        case.text.chars().map(|c| c as u8).collect()
    } else {
        case.text.as_bytes().to_vec()
    }
}

/// Our own answer.
pub fn ours(engine: &Engine, case: &Case) -> Option<Answer> {
    let input = bytes(case);
    let verdicts = bouncelens::classify_with(&engine.rules, &input, bouncelens::text::decode::native);
    let verdict = verdicts.first()?;
    let category = engine.category(verdict.reason);
    Some(Answer {
        kind: Some(verdict.kind.to_string()),
        shown: format!("{category}/{}", engine.reason(verdict.reason)),
        categories: vec![category.to_owned()],
        bounce_type: verdict.bounce_type.map(|bounce_type| bounce_type.to_string()),
        confidence: Some(verdict.confidence),
    })
}

/// Whether the category is one of those that the label admits.
pub fn is_right(case: &Case, answer: &Answer) -> bool {
    answer.categories.iter().any(|category| case.expect.accept.contains(category))
}

fn judge<'a>(
    case: &'a Case,
    answer: &Answer,
    totals: &mut BTreeMap<&'a str, Totals>,
    bins: &mut Bins,
) -> Vec<String> {
    let expect = &case.expect;
    let bounce_type = answer.bounce_type.as_deref();
    let kind_right = answer.kind.as_ref().map(|kind| expect.kinds.contains(kind));
    let category_right = is_right(case, answer);
    let mut problems = Vec::new();
    if kind_right == Some(false) {
        problems.push(format!(
            "kind {}, not {}",
            answer.kind.as_deref().unwrap_or("-"),
            expect.kinds.join("|")
        ));
    }
    if !expect.accept.is_empty() && !category_right {
        problems.push(format!("{}, not {}", answer.shown, expect.accept.join("|")));
    }
    let (dead, alive) = (expect.r#type.as_deref() == Some("hard"), expect.r#type.as_deref() == Some("soft"));
    if alive && bounce_type == Some("hard") {
        problems.push("WRONG SUPPRESS".into());
    }
    if dead && bounce_type != Some("hard") {
        problems.push(format!("missed dead ({})", bounce_type.unwrap_or("-")));
    }
    if let Some(confidence) = answer.confidence.filter(|_| !expect.accept.is_empty()) {
        bins.add(confidence, category_right);
    }
    let add = |pair: &mut (usize, usize), right: bool| *pair = (pair.0 + usize::from(right), pair.1 + 1);
    for key in ["total", &case.source] {
        let total = totals.entry(key).or_default();
        total.cases += 1;
        if let Some(right) = kind_right {
            add(&mut total.kind, right);
        }
        if !expect.accept.is_empty() {
            add(&mut total.category, category_right);
        }
        if let Some(strict) = &expect.strict {
            add(&mut total.strict, answer.categories.contains(strict));
        }
        if alive {
            add(&mut total.wrong_suppress, bounce_type == Some("hard"));
        }
        if dead {
            add(&mut total.missed_dead, bounce_type != Some("hard"));
        }
    }
    problems
}

fn print_totals(totals: &BTreeMap<&str, Totals>) {
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
            share(total.kind),
            share(total.category),
            share(total.strict),
            format!("{}/{}", total.wrong_suppress.0, total.wrong_suppress.1),
            format!("{}/{}", total.missed_dead.0, total.missed_dead.1),
        );
    }
}
