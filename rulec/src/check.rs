//! What must hold of the data before it is compiled: ids, references, sources.

use crate::data::Data;
use std::collections::{BTreeMap, BTreeSet};

/// The four strengths, weakest first.
pub const STRENGTHS: [&str; 4] = ["weak", "fair", "strong", "definite"];

/// The SMTP stages, in the order of `Stage` in `src/types/kind.rs`.
pub const STAGES: [&str; 8] = ["connect", "helo", "starttls", "auth", "mail-from", "rcpt-to", "data", "quit"];

/// Everything that is wrong, in words that name file and rule.
pub fn check(data: &Data) -> Vec<String> {
    let mut errors = Vec::new();
    let categories: BTreeSet<&str> = data.categories.iter().map(|category| category.id.as_str()).collect();
    let mut reasons = BTreeSet::new();
    for reason in &data.reasons {
        let id = &reason.id;
        if !reasons.insert(id.as_str()) {
            errors.push(format!("reasons.toml: duplicate id `{id}`"));
        }
        if !categories.contains(reason.category.as_str()) {
            errors.push(format!("reasons.toml: `{id}`: unknown category `{}`", reason.category));
        }
        for (key, value, known) in [
            ("type", &reason.r#type, &["hard", "soft"][..]),
            ("fault", &reason.fault, &["recipient", "sender", "content", "receiver", "network", "unknown"]),
            ("scope", &reason.scope, &["address", "domain"]),
        ] {
            if !known.contains(&value.as_str()) {
                errors.push(format!("reasons.toml: `{id}`: unknown {key} `{value}`"));
            }
        }
    }
    rules(data, &reasons, &mut errors);
    references(data, &reasons, &mut errors);
    errors
}

fn rules(data: &Data, reasons: &BTreeSet<&str>, errors: &mut Vec<String>) {
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    for placed in &data.rules {
        let (file, rule) = (&placed.file, &placed.rule);
        let id = &rule.id;
        if let Some(other) = ids.insert(id, file) {
            errors.push(format!("{file}: rule `{id}`: the id is taken in {other}"));
        }
        if !reasons.contains(rule.reason.as_str()) {
            errors.push(format!("{file}: rule `{id}`: unknown reason `{}`", rule.reason));
        }
        if !STRENGTHS.contains(&rule.strength.as_str()) {
            errors.push(format!("{file}: rule `{id}`: unknown strength `{}`", rule.strength));
        }
        if rule.stage.as_deref().is_some_and(|stage| !STAGES.contains(&stage)) {
            errors.push(format!(
                "{file}: rule `{id}`: unknown stage `{}`",
                rule.stage.as_deref().unwrap_or_default()
            ));
        }
        if rule.source.trim().is_empty() {
            errors.push(format!("{file}: rule `{id}`: no source"));
        }
        if rule.phrases.is_empty() {
            errors.push(format!("{file}: rule `{id}`: no phrases"));
        }
        if rule.is.is_empty() {
            errors.push(format!("{file}: rule `{id}`: no example in `is`"));
        }
        let mut seen = BTreeSet::new();
        for phrase in &rule.phrases {
            if !seen.insert(phrase) {
                errors.push(format!("{file}: rule `{id}`: phrase `{phrase}` stands twice"));
            }
        }
    }
}

fn references(data: &Data, reasons: &BTreeSet<&str>, errors: &mut Vec<String>) {
    let mut wanted = |file: &str, what: &str, reason: &str| {
        if !reasons.contains(reason) {
            errors.push(format!("{file}: {what}: unknown reason `{reason}`"));
        }
    };
    for reason in &data.order {
        wanted("precedence.toml", "order", reason);
    }
    for beats in &data.beats {
        for reason in beats.winner.iter().chain(&beats.loser) {
            wanted("precedence.toml", &format!("beats ({})", beats.why), reason);
        }
    }
    for list in &data.lists {
        wanted("blocklists.toml", &list.name, &list.reason);
    }
    for status in data.statuses.iter().chain(&data.subjects) {
        for reason in status.reason.iter().chain(&status.reason4) {
            wanted("codes/enhanced.toml", &status.code, reason);
        }
    }
    for reply in &data.replies {
        if let Some(reason) = &reply.reason {
            wanted("codes/reply.toml", &reply.code.to_string(), reason);
        }
    }
    for (file, provider) in &data.providers {
        for code in &provider.code {
            wanted(file, &code.code, &code.reason);
        }
    }
    for class in &data.classes {
        wanted("classes.toml", &class.system, &class.reason);
    }
    let ordered: BTreeSet<&str> = data.order.iter().map(String::as_str).collect();
    for reason in reasons {
        if !ordered.contains(reason) {
            errors.push(format!("precedence.toml: order: `{reason}` is missing"));
        }
    }
    for (index, (file, provider)) in data.providers.iter().enumerate() {
        if data.providers.iter().take(index).any(|(_, other)| other.name == provider.name) {
            errors.push(format!("{file}: provider `{}` stands twice", provider.name));
        }
    }
}
