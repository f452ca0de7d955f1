//! `policies.toml` and the parts of `reasons.toml` that decisions need, as Rust: `policies.rs`.
//!
//! A policy crosses as JSON in the very form in which a user writes one, so that there is one
//! reader of policies, and no policy that a user could not have written.

use crate::data::Data;
use crate::schema::{PoliciesFile, Policy, PolicyRule, Reason};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The Rust source of the tables.
pub fn source(data: &Path, all: &Data) -> Result<String, String> {
    let policies = read(data)?;
    let errors = check(&policies, all);
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    let categories: Vec<&str> = all.categories.iter().map(|category| category.id.as_str()).collect();
    let mut source = format!(
        "/// The ids of the categories, by number.\npub static CATEGORIES: &[&str] = &{categories:?};\n"
    );
    source += "/// What decisions need of the reasons, by number.\npub static REASONS: &[ReasonRow] = &[\n";
    source.extend(all.reasons.iter().map(|reason| row(reason, &categories)));
    source += "];\n/// The built-in policies: id and options.\npub static PRESETS: &[(&str, &str)] = &[\n";
    source.extend(policies.iter().map(|policy| format!("    ({:?}, {:?}),\n", policy.id, json(policy))));
    Ok(source + "];\n")
}

/// What is wrong with the policies, in words that name the field.
pub fn check(policies: &[Policy], all: &Data) -> Vec<String> {
    let categories: BTreeSet<&str> = all.categories.iter().map(|category| category.id.as_str()).collect();
    let reasons: BTreeSet<&str> = all.reasons.iter().map(|reason| reason.id.as_str()).collect();
    let mut errors = Vec::new();
    let mut ids = BTreeSet::new();
    for policy in policies {
        let id = &policy.id;
        if !ids.insert(id) {
            errors.push(format!("policies.toml: `{id}` stands twice"));
        }
        for (key, rules, known) in
            [("categories", &policy.categories, &categories), ("reasons", &policy.reasons, &reasons)]
        {
            for name in rules.keys().filter(|name| !known.contains(name.as_str())) {
                errors.push(format!("policies.toml: `{id}`: {key}: unknown id `{name}`"));
            }
        }
        if policy.settles.is_empty() {
            errors.push(format!("policies.toml: `{id}`: settles: say what the policy settles"));
        }
    }
    errors
}

fn row(reason: &Reason, categories: &[&str]) -> String {
    let category = categories.iter().position(|category| *category == reason.category).unwrap_or_default();
    let fault = match reason.fault.as_str() {
        "recipient" => "Recipient",
        "sender" => "Sender",
        "content" => "Content",
        "receiver" => "Receiver",
        "network" => "Network",
        _ => "Unknown",
    };
    format!(
        "    ReasonRow {{ id: {:?}, category: Category({category}), hard: {}, fault: Fault::{fault}, retry: &{:?}, recheck: {}, \
         stated_delay: {}, strike: {}, domain: {} }},\n",
        reason.id,
        reason.r#type == "hard",
        reason.retry,
        reason.when == "recheck",
        reason.stated_delay,
        reason.strike,
        reason.scope == "domain",
    )
}

/// The policies of `policies.toml`.
pub fn read(data: &Path) -> Result<Vec<Policy>, String> {
    let text = std::fs::read_to_string(data.join("policies.toml"))
        .map_err(|error| format!("policies.toml: {error}"))?;
    toml::from_str::<PoliciesFile>(&text)
        .map(|file| file.policy)
        .map_err(|error| format!("policies.toml: {error}"))
}

/// A policy as the options of a custom one, in JSON.
pub fn json(policy: &Policy) -> String {
    let mut fields = vec![format!("\"id\":{:?}", policy.id)];
    let mut text = |key: &str, value: &Option<String>| {
        fields.extend(value.iter().map(|value| format!("\"{key}\":{value:?}")));
    };
    text("hardBy", &policy.hard_by);
    text("onHard", &policy.on_hard);
    text("onThreshold", &policy.on_threshold);
    text("counting", &policy.counting);
    fields.push(format!("\"threshold\":{}", or_null(policy.threshold)));
    fields.push(format!("\"expiryDays\":{}", or_null(policy.expiry_days)));
    let mut flag =
        |key: &str, value: Option<bool>| fields.extend(value.map(|value| format!("\"{key}\":{value}")));
    flag("perCampaign", policy.per_campaign);
    flag("recheck", policy.recheck);
    flag("statedDelay", policy.stated_delay);
    fields.extend(policy.min_confidence.map(|value| format!("\"minConfidence\":{value}")));
    fields.extend(policy.weight.map(|value| format!("\"weight\":{value}")));
    fields.extend(policy.retry.iter().map(|value| format!("\"retry\":{value:?}")));
    fields.extend(policy.faults.iter().map(|value| format!("\"faults\":{value:?}")));
    fields.push(format!("\"categories\":{}", rules(&policy.categories)));
    fields.push(format!("\"reasons\":{}", rules(&policy.reasons)));
    format!("{{{}}}", fields.join(","))
}

fn or_null(value: Option<u32>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}

fn rules(rules: &BTreeMap<String, PolicyRule>) -> String {
    let rule = |(id, rule): (&String, &PolicyRule)| {
        let mut fields: Vec<String> = Vec::new();
        fields.extend(rule.r#type.iter().map(|value| format!("\"type\":{value:?}")));
        fields.extend(rule.weight.map(|value| format!("\"weight\":{value}")));
        fields.extend(rule.retry.iter().map(|value| format!("\"retry\":{value:?}")));
        format!("{id:?}:{{{}}}", fields.join(","))
    };
    format!("{{{}}}", rules.iter().map(rule).collect::<Vec<_>>().join(","))
}
