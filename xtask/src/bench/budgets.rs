//! `cargo xtask bench --check`: what was measured against the budgets.
//!
//! The budgets are times on the quiet machine of the prototypes. There a table look-up for each byte of a
//! reply took 240 ns for 110 bytes (460 MB/s). The same look-ups run here in the same process, so a time is
//! compared as its *ratio* to them: `quiet time = ratio to the look-ups × 240 ns ÷ 110 × bytes`. How busy or how
//! fast this machine is drops out.

use super::print::{Results, groups, rounded};
use crate::shell::Outcome;
use serde_json::Value;

/// Nanoseconds a byte that the look-ups took on the quiet machine.
const QUIET: f64 = 240.0 / 110.0;
/// The same natively, where the compiler makes them faster: by the ratio of both on one machine.
const QUIET_NATIVE: f64 = QUIET * 1.36 / 2.25;

/// What may be at the most, or must be at the least.
enum Limit {
    Most(f64, Option<f64>),
    Least(f64, Option<f64>),
}

/// One line of the check.
pub struct Line {
    /// What is limited, and in what unit.
    pub name: String,
    /// What was measured.
    pub measured: f64,
    /// The limit, and the ambition where there is one.
    pub limit: String,
    /// `met`, `ambitious` or `MISSED`.
    pub outcome: &'static str,
}

/// Compares and fails with the names of what misses.
pub fn check(results: &Results) -> Outcome {
    let lines = lines(results);
    println!("\nbudgets, as on the quiet machine of the prototypes");
    for line in &lines {
        println!("  {:10} {:70} {:>10}   {}", line.outcome, line.name, rounded(line.measured), line.limit);
    }
    let missed: Vec<&str> =
        lines.iter().filter(|line| line.outcome == "MISSED").map(|line| line.name.as_str()).collect();
    if missed.is_empty() { Ok(()) } else { Err(format!("over budget: {}", missed.join("; "))) }
}

/// All that can be said from what was measured.
pub fn lines(results: &Results) -> Vec<Line> {
    let mut lines = Vec::new();
    for place in ["node", "chromium"] {
        if let Some(result) = results.get(place) {
            javascript(place, result, &mut lines);
        }
    }
    if let Some(result) = results.get("native") {
        native(result, &mut lines);
    }
    lines
}

fn javascript(place: &str, result: &Value, lines: &mut Vec<Line>) {
    let mut say = |what: &str, measured: Option<f64>, limit: Limit| {
        lines.extend(measured.map(|measured| line(format!("{place}: {what}"), measured, &limit)));
    };
    let ratio = |group: &str, id: &str| row(result, group, "id", id)?["ratio"].as_f64();
    let bytes = |name: &str| group(result, name)?["bytes"].as_f64();
    let quiet = |name: &str, id: &str| Some(ratio(name, id)? * QUIET * bytes(name)?);
    let rate = |id: &str| Some(1000.0 / (ratio("reply", id)? * QUIET));
    let faster = || Some(ratio("reply", "regexes")? / ratio("reply", "classify")?);
    say("classify of a reply, ns", quiet("reply", "classify"), Limit::Most(700.0, Some(400.0)));
    say("classify of a reply, times faster than the regexes", faster(), Limit::Least(50.0, None));
    say("classifyBatch of strings, MB/s", rate("batch"), Limit::Least(200.0, Some(350.0)));
    say("classifyBatch of bytes, MB/s", rate("batch-bytes"), Limit::Least(200.0, Some(350.0)));
    let report = quiet("report", "classify").map(|nanoseconds| nanoseconds / 1000.0);
    say("a whole report (DSN), µs", report, Limit::Most(40.0, Some(20.0)));
    // How much slower this machine is now than the quiet one, by the look-ups.
    let slower = || Some(row(result, "reply", "id", "look")?["median"].as_f64()? / (QUIET * bytes("reply")?));
    let cold = || Some(row(result, "cold", "id", "package")?["median"].as_f64()? / slower()?);
    say("cold start, ms", cold(), Limit::Most(5.0, Some(2.0)));
    for group in
        groups(result).filter(|group| group["id"].as_str().is_some_and(|id| id.starts_with("hostile")))
    {
        let slower = group["look"].as_f64().map(|look| look / QUIET).or_else(slower);
        worst(place, group, slower, lines);
    }
}

fn native(result: &Value, lines: &mut Vec<Line>) {
    let reports = || group(result, "reports")?["bytes"].as_f64();
    let ratio = |name: &str| row(result, "reports", "name", name)?["ratio"].as_f64();
    let matching = || {
        let beyond_reading = ratio("input, collect, decide")? - ratio("input")?;
        Some(beyond_reading * QUIET_NATIVE * reports()? / 1000.0)
    };
    let floor = || {
        Some(row(result, "reports", "name", "floor: a table look-up per byte")?["q1"].as_f64()? / reports()?)
    };
    let mut say = |what: &str, measured: Option<f64>, limit: Limit| {
        lines.extend(measured.map(|measured| line(format!("native: {what}"), measured, &limit)));
    };
    say("matching and deciding in a report, its reading apart, µs", matching(), Limit::Most(10.0, Some(5.0)));
    let grown = || row(result, "growth", "name", "900 rules")?["ratio"].as_f64();
    say("growth from 100 to 900 rules, times", grown(), Limit::Most(2.5, Some(2.0)));
    let slower = floor().map(|floor| floor / QUIET_NATIVE);
    for group in groups(result).filter(|group| group["group"] == "hostile") {
        worst("native", group, slower, lines);
    }
}

/// The slowest of the inputs that are made to be slow.
fn worst(place: &str, group: &Value, slower: Option<f64>, lines: &mut Vec<Line>) {
    let rows = group["rows"].as_array().into_iter().flatten().skip(1);
    let by = |key: &'static str| {
        let value = move |row: &Value| row[key].as_f64().unwrap_or(0.0);
        rows.clone()
            .max_by(move |a, b| value(a).total_cmp(&value(b)))
            .map(|row| (row["name"].as_str().unwrap_or_default(), value(row)))
    };
    let size = group["bytes"].as_u64().map_or_else(
        || group["id"].as_str().unwrap_or_default().trim_start_matches("hostile-").to_owned(),
        |bytes| bytes.to_string(),
    );
    if let (Some((name, time)), Some(slower)) = (by("perByte"), slower) {
        let what = format!("{place}: the worst of {size} bytes ({name}), ns a byte");
        lines.push(line(what, time / slower, &Limit::Most(50.0, Some(20.0))));
    }
    if let Some((name, ratio)) = by("ratio") {
        let what = format!("{place}: the worst of {size} bytes ({name}), times ordinary text");
        lines.push(line(what, ratio, &Limit::Most(2.0, None)));
    }
}

fn line(name: String, measured: f64, limit: &Limit) -> Line {
    let (sign, must, ambition) = match limit {
        Limit::Most(must, ambition) => ("≤", *must, *ambition),
        Limit::Least(must, ambition) => ("≥", *must, *ambition),
    };
    let holds = |value: f64| if sign == "≤" { measured <= value } else { measured >= value };
    let outcome = match ambition {
        _ if !holds(must) => "MISSED",
        Some(ambition) if holds(ambition) => "ambitious",
        _ => "met",
    };
    let ambition = ambition.map_or(String::new(), |ambition| format!(", ambitious {sign} {ambition}"));
    Line { name, measured, limit: format!("{sign} {must}{ambition}"), outcome }
}

fn group<'a>(result: &'a Value, id: &str) -> Option<&'a Value> {
    groups(result).find(|group| group["id"] == id || group["group"] == id)
}

fn row<'a>(result: &'a Value, group: &str, key: &str, name: &str) -> Option<&'a Value> {
    self::group(result, group)?["rows"].as_array()?.iter().find(|row| row[key] == name)
}

#[cfg(test)]
mod tests {
    use super::lines;
    use serde_json::{Value, json};

    fn outcome(ratio: f64) -> Vec<(String, &'static str)> {
        let rows = json!([
            { "id": "look", "median": 240.0, "ratio": 1.0 },
            { "id": "classify", "median": 1.0, "ratio": ratio },
            { "id": "regexes", "median": 1.0, "ratio": 200.0 },
        ]);
        let node = json!({ "groups": [{ "id": "reply", "bytes": 110.0, "rows": rows }] });
        let results = [("node".to_owned(), node)].into_iter().collect::<serde_json::Map<String, Value>>();
        lines(&results).into_iter().map(|line| (line.name, line.outcome)).collect()
    }

    #[test]
    fn ratios_decide() {
        let time = "node: classify of a reply, ns".to_owned();
        let faster = "node: classify of a reply, times faster than the regexes".to_owned();
        assert_eq!(outcome(1.5), [(time.clone(), "ambitious"), (faster.clone(), "met")]);
        assert_eq!(outcome(2.9), [(time.clone(), "met"), (faster.clone(), "met")]);
        assert_eq!(outcome(5.0), [(time, "MISSED"), (faster, "MISSED")]);
    }
}
