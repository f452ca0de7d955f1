//! Values of the core as answers in JSON.

use crate::policy::json::quote;
use crate::policy::{Decision, Facts, Replay, table as reasons};
use crate::report::{Counts, Table};
use std::fmt::{Display, Write};

fn or_null<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn numbers<T: Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

pub(super) fn decision(decision: &Decision) -> String {
    let mut out =
        format!("{{\"action\":\"{}\",\"why\":\"{}\"", decision.action.as_str(), decision.why.as_str());
    let _ = write!(
        out,
        ",\"retryAt\":[{}],\"delays\":[{}]",
        numbers(&decision.retry_at),
        numbers(&decision.delays)
    );
    let strikes = decision.strikes;
    let _ = write!(out, ",\"strikes\":{{\"count\":{},\"of\":{}}}", strikes.count, or_null(strikes.of));
    let _ = write!(out, ",\"scope\":\"{}\"", decision.scope.as_str());
    let _ = write!(out, ",\"since\":{},\"until\":{}", or_null(decision.since), or_null(decision.until));
    out.push_str(",\"evidence\":");
    match &decision.evidence {
        None => out.push_str("null"),
        Some(facts) => evidence(facts, &mut out),
    }
    out + ",\"history\":" + &decision.history.to_json() + "}"
}

fn evidence(facts: &Facts, out: &mut String) {
    let _ =
        write!(out, "{{\"type\":\"{}\",\"reason\":\"{}\"", facts.bounce_type, reasons::row(facts.reason).id);
    let status = facts.status.map(|status| format!("\"{status}\""));
    let _ = write!(out, ",\"confidence\":{}.{:02}", facts.confidence / 100, facts.confidence % 100);
    let _ = write!(out, ",\"code\":{},\"status\":{}}}", or_null(facts.code), or_null(status));
}

pub(super) fn replay(replay: &Replay) -> String {
    let mut out = String::from("{\"policies\":[");
    for (index, id) in replay.policies.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        quote(id, &mut out);
    }
    let _ = write!(
        out,
        "],\"addresses\":{},\"stopped\":[{}],\"outcomes\":[",
        replay.addresses,
        numbers(&replay.stopped())
    );
    for (index, outcome) in replay.outcomes.iter().enumerate() {
        out.push_str(if index > 0 { ",{\"address\":" } else { "{\"address\":" });
        quote(&outcome.address, &mut out);
        let _ = write!(out, ",\"differs\":{},\"stops\":[", outcome.differs());
        for (index, stop) in outcome.stops.iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            match stop {
                None => out.push_str("null"),
                Some(stop) => {
                    let (action, why) = (stop.action.as_str(), stop.why.as_str());
                    let _ =
                        write!(out, "{{\"time\":{},\"action\":\"{action}\",\"why\":\"{why}\"}}", stop.time);
                }
            }
        }
        out.push_str("]}");
    }
    out + "]}"
}

pub(super) fn table(table: &Table, undated: u64) -> String {
    let mut out = String::from("{\"fields\":[");
    for (index, field) in table.fields.iter().enumerate() {
        let _ = write!(out, "{}\"{}\"", if index > 0 { "," } else { "" }, field.as_str());
    }
    out.push_str("],\"lines\":[");
    for (index, line) in table.lines.iter().enumerate() {
        out.push_str(if index > 0 { ",{\"keys\":[" } else { "{\"keys\":[" });
        for (index, key) in line.keys.iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            quote(key, &mut out);
        }
        out.push_str("],");
        counts(&line.counts, &mut out);
        out.push_str(",\"example\":");
        quote(&line.example, &mut out);
        out.push('}');
    }
    out.push_str("],\"total\":{");
    counts(&table.total, &mut out);
    let _ = write!(out, "}},\"undated\":{undated}}}");
    out
}

fn counts(counts: &Counts, out: &mut String) {
    let names = ["amount", "hard", "soft", "first", "final", "deliveredLater"];
    for (index, (name, number)) in names.iter().zip(counts.numbers()).enumerate() {
        let _ = write!(out, "{}\"{name}\":{number}", if index > 0 { "," } else { "" });
    }
}
