//! The list of addresses that get no more mail: written, read, shared without addresses.
//!
//! ```
//! use bouncelens::policy::SuppressionList;
//! let list = SuppressionList::read("address,reason\nann@example.com,user-unknown\n")?;
//! assert!(list.find("Ann@Example.com", 0).is_some());
//! let shared = SuppressionList::read(&list.hashed().to_lines())?;
//! assert!(shared.find("ann@example.com", 0).is_some());
//! # Ok::<(), bouncelens::error::Error>(())
//! ```

use super::address::{domain, hash, normalise};
use super::cells::{read_rows, write_row};
use super::date;
use super::decide::{Decision, Scope, Why};
use super::json::{Json, quote};
use super::state::VERSION;
use super::table;
use crate::error::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::fmt::Write;

const COLUMNS: [&str; 7] = ["address", "scope", "reason", "since", "until", "policy", "evidence"];

/// One address or domain of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The normalised address, `@example.com` for a domain, or the hash of either.
    pub key: String,
    /// What the key stands for.
    pub domain: bool,
    /// The id of a reason, `soft-bounces`, `complaint`, `unsubscribe`, or what another system wrote.
    pub reason: String,
    /// Since when, in epoch milliseconds.
    pub since: Option<i64>,
    /// Until when; `None` for ever.
    pub until: Option<i64>,
    /// The policy that decided.
    pub policy: String,
    /// The bounce that it rests on: `550 5.1.1 user-unknown`.
    pub evidence: String,
}

impl Entry {
    /// The entry of a decision that stops an address or domain.
    pub fn of(name: &str, decision: &Decision, policy: &str) -> Entry {
        let evidence = decision.evidence.as_ref();
        let reason = match decision.why {
            Why::Complaint => "complaint",
            Why::Unsubscribe => "unsubscribe",
            Why::StrikesFull => "soft-bounces",
            _ => evidence.map_or("", |facts| table::row(facts.reason).id),
        };
        Entry {
            key: normalise(name),
            domain: name.starts_with('@')
                || decision.why == Why::DomainDead && decision.scope == Scope::Domain,
            reason: reason.to_owned(),
            since: decision.since,
            until: decision.until,
            policy: policy.to_owned(),
            evidence: evidence.map(super::event::Facts::evidence).unwrap_or_default(),
        }
    }

    /// An address of which nothing else is known.
    fn bare(name: &str) -> Entry {
        let key = normalise(name);
        let domain = key.starts_with('@');
        Entry {
            key,
            domain,
            reason: String::new(),
            since: None,
            until: None,
            policy: String::new(),
            evidence: String::new(),
        }
    }

    /// Which of two entries for one key stays: the one that lasts longer, then the older one.
    fn rank(&self) -> (std::cmp::Reverse<i64>, i64, &Entry) {
        (std::cmp::Reverse(self.until.unwrap_or(i64::MAX)), self.since.unwrap_or(i64::MAX), self)
    }
}

/// A list of addresses and domains, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuppressionList {
    entries: BTreeMap<String, Entry>,
}

impl SuppressionList {
    /// An empty list.
    pub fn new() -> SuppressionList {
        SuppressionList::default()
    }

    /// Adds an entry; of two for one key the one that lasts longer stays, then the older one.
    pub fn add(&mut self, entry: Entry) {
        match self.entries.get(&entry.key) {
            Some(other) if other.rank() <= entry.rank() => {}
            _ => {
                self.entries.insert(entry.key.clone(), entry);
            }
        }
    }

    /// Adds all entries of another list.
    pub fn merge(&mut self, other: SuppressionList) {
        other.entries.into_values().for_each(|entry| self.add(entry));
    }

    /// The entries by key.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry that stops an address at `now`: its own or its domain's, plain or hashed.
    pub fn find(&self, address: &str, now: i64) -> Option<&Entry> {
        let address = normalise(address);
        let domain = format!("@{}", domain(&address));
        let (hashed, domain_hashed) = (hash(&address), hash(&domain));
        let keys = [address, hashed, domain, domain_hashed];
        let mut found = keys.iter().filter_map(|key| self.entries.get(key));
        found.find(|entry| entry.until.is_none_or(|until| now < until))
    }

    /// The list with the SHA-256 of each key in its place; codes and reasons stay, they name nobody.
    #[must_use]
    pub fn hashed(&self) -> SuppressionList {
        let mut list = SuppressionList::new();
        for entry in self.entries.values() {
            let key = if is_hash(&entry.key) { entry.key.clone() } else { hash(&entry.key) };
            list.add(Entry { key, ..entry.clone() });
        }
        list
    }

    /// One key a line.
    pub fn to_lines(&self) -> String {
        self.entries.keys().flat_map(|key| [key.as_str(), "\n"]).collect()
    }

    /// CSV with a header; times are in UTC, a domain stands without its `@`.
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        write_row(COLUMNS, &mut out);
        for entry in self.entries.values() {
            let time = |time: Option<i64>| time.map(date::iso).unwrap_or_default();
            let scope = if entry.domain { "domain" } else { "address" };
            let key = entry.key.strip_prefix('@').unwrap_or(&entry.key);
            let (since, until) = (time(entry.since), time(entry.until));
            write_row([key, scope, &entry.reason, &since, &until, &entry.policy, &entry.evidence], &mut out);
        }
        out
    }

    /// JSON: the columns of the CSV as keys, times in epoch milliseconds.
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\"bouncelens\":\"suppression-list\",\"version\":{VERSION},\"entries\":[");
        for (index, entry) in self.entries.values().enumerate() {
            out.push_str(if index > 0 { ",\n{\"address\":" } else { "\n{\"address\":" });
            quote(&entry.key, &mut out);
            out.push_str(if entry.domain { ",\"scope\":\"domain\"" } else { ",\"scope\":\"address\"" });
            for (key, time) in [("since", entry.since), ("until", entry.until)] {
                let time = time.map_or_else(|| "null".to_owned(), |time| time.to_string());
                let _ = write!(out, ",\"{key}\":{time}");
            }
            for (key, text) in
                [("reason", &entry.reason), ("policy", &entry.policy), ("evidence", &entry.evidence)]
            {
                let _ = write!(out, ",\"{key}\":");
                quote(text, &mut out);
            }
            out.push('}');
        }
        out.push_str("]}");
        out
    }

    /// Reads any of the three forms: JSON, CSV with a header that has a column `address` or `email`,
    /// or one address, domain (`@example.com`) or hash a line. An error names the line.
    pub fn read(text: &str) -> Result<SuppressionList, Error> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if text.trim_start().starts_with('{') {
            return from_json(text);
        }
        let header = text.lines().next().unwrap_or_default().to_ascii_lowercase();
        if !header.contains('@')
            && header.split(',').any(|name| is_address_column(name.trim().trim_matches('"')))
        {
            return from_csv(text);
        }
        let mut list = SuppressionList::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let entry = Entry::bare(line);
            check_key(&entry.key, index + 1)?;
            list.add(entry);
        }
        Ok(list)
    }
}

fn is_address_column(name: &str) -> bool {
    matches!(name, "address" | "email" | "e-mail" | "email address" | "recipient")
}

fn is_hash(key: &str) -> bool {
    key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cold]
#[inline(never)]
fn bad(line: usize, what: &str) -> Error {
    Error::new(ErrorKind::BadList, format!("suppression list, line {line}: {what}"))
}

fn check_key(key: &str, line: usize) -> Result<(), Error> {
    let good = is_hash(key) || (!domain(key).is_empty() && !key.contains(char::is_whitespace));
    if good { Ok(()) } else { Err(bad(line, &format!("`{key}` is no address, domain or hash"))) }
}

fn from_csv(text: &str) -> Result<SuppressionList, Error> {
    let rows = read_rows(text).map_err(|line| bad(line, "a quote is not closed"))?;
    let header: Vec<String> = rows
        .first()
        .map(|(_, row)| row.iter().map(|name| name.trim().to_ascii_lowercase()).collect())
        .unwrap_or_default();
    let mut list = SuppressionList::new();
    for (line, row) in rows.iter().skip(1) {
        let cell = |name: &str| {
            let at = header
                .iter()
                .position(|column| column == name || (name == "address" && is_address_column(column)))?;
            row.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
        };
        let time = |name: &str| match cell(name) {
            None => Ok(None),
            Some(text) => date::parse(text)
                .map(Some)
                .ok_or_else(|| bad(*line, &format!("`{name}` must be a date, not `{text}`"))),
        };
        let address = cell("address").ok_or_else(|| bad(*line, "no address"))?;
        let domain = cell("scope") == Some("domain");
        let key = if domain && !address.contains('@') && !is_hash(address) {
            format!("@{address}")
        } else {
            address.to_owned()
        };
        let text = |name: &str| cell(name).unwrap_or_default().to_owned();
        let entry = Entry {
            domain: domain || key.starts_with('@'),
            reason: text("reason"),
            since: time("since")?,
            until: time("until")?,
            policy: text("policy"),
            evidence: text("evidence"),
            ..Entry::bare(&key)
        };
        check_key(&entry.key, *line)?;
        list.add(entry);
    }
    Ok(list)
}

fn from_json(text: &str) -> Result<SuppressionList, Error> {
    let wrong = |what: String| Error::new(ErrorKind::BadList, format!("suppression list: {what}"));
    from_value(&Json::parse(text).map_err(wrong)?)
}

/// The list of JSON that was read already.
pub(crate) fn from_value(json: &Json) -> Result<SuppressionList, Error> {
    let wrong = |what: String| Error::new(ErrorKind::BadList, format!("suppression list: {what}"));
    if json.get("version").and_then(Json::whole).is_some_and(|version| version > VERSION) {
        return Err(wrong("a later bouncelens wrote it".into()));
    }
    let Some(Json::List(entries)) = json.get("entries") else {
        return Err(wrong("`entries` must be a list".into()));
    };
    let mut list = SuppressionList::new();
    for (index, item) in entries.iter().enumerate() {
        let text = |name: &str| item.get(name).and_then(Json::text);
        let address =
            text("address").ok_or_else(|| wrong(format!("`entries[{index}].address` must be a text")))?;
        let time = |name: &str| match item.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(time) => time
                .whole()
                .map(Some)
                .ok_or_else(|| wrong(format!("`entries[{index}].{name}` must be a time"))),
        };
        let own = |name: &str| text(name).unwrap_or_default().to_owned();
        let bare = Entry::bare(address);
        let entry = Entry {
            domain: bare.domain || text("scope") == Some("domain"),
            reason: own("reason"),
            since: time("since")?,
            until: time("until")?,
            policy: own("policy"),
            evidence: own("evidence"),
            ..bare
        };
        check_key(&entry.key, index + 1)?;
        list.add(entry);
    }
    Ok(list)
}
