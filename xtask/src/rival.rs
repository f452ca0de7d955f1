//! Another classifier on the same cases: `cargo xtask score --rival COMMAND`.
//!
//! The command gets a JSON line a case on standard input, `{id, form, encoding, text}`, and prints
//! one a case, in any order: `{"id": …, "category": …, "type": …, "kind": …}`. `category` may be a
//! list, where the rival's class holds several of ours; `type` and `kind` may be missing. A case
//! without an answer counts as wrong.

use crate::score::{Answer, Case};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    category: Categories,
    r#type: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Categories {
    One(String),
    Several(Vec<String>),
    None(()),
}

impl Default for Categories {
    fn default() -> Self {
        Categories::None(())
    }
}

/// What the rival says of each case.
pub fn answers(command: &str, cases: &[Case]) -> Result<Vec<Option<Answer>>, String> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{command}: {error}"))?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    let lines: Vec<String> = cases.iter().map(line).collect();
    // written from a thread: the rival may answer before it has read all
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let output = child.wait_with_output().map_err(|error| format!("{command}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command}: {}", output.status));
    }
    // a rival that stops reading has its reasons; what it answered counts
    let _ = writer.join();
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    for text in String::from_utf8_lossy(&output.stdout).lines().filter(|line| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(text).map_err(|error| format!("{command}: {error}: {text}"))?;
        answers.insert(line.id.clone(), answer(line));
    }
    Ok(cases.iter().map(|case| answers.remove(&case.id).or_else(|| Some(silent()))).collect())
}

fn line(case: &Case) -> String {
    serde_json::json!({ "id": case.id, "form": case.form, "encoding": case.encoding, "text": case.text })
        .to_string()
}

fn answer(line: Line) -> Answer {
    let categories = match line.category {
        Categories::One(category) => vec![category],
        Categories::Several(categories) => categories,
        Categories::None(()) => Vec::new(),
    };
    let shown = categories.join("|");
    Answer { kind: line.kind, categories, bounce_type: line.r#type, shown, confidence: None }
}

fn silent() -> Answer {
    Answer { kind: None, categories: Vec::new(), bounce_type: None, shown: "-".into(), confidence: None }
}
