//! The tables: how compiled rules lie in bytes.
//!
//! One blob of sections; each section an array of little-endian integers. The reader is
//! `src/rules/tables.rs`, which must list the sections in the same order.

use crate::check::{STAGES, STRENGTHS};
use crate::data::Data;
use crate::phrase::{Classes, Place, compile};
use std::collections::{BTreeMap, BTreeSet};

/// The bytes of the tables, and the names that their numbers stand for.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// The blob.
    pub bytes: Vec<u8>,
    /// Names by number: reasons, categories, providers, rules, blocklists.
    pub names: [Vec<String>; 5],
}

/// Target of a phrase: a rule, or one of these with a number.
const GUARD: u16 = 0x8000;
const MARK: u16 = 0x4000;
const LIST: u16 = 0x2000;
/// Nothing.
const NONE: u8 = 255;

/// The sections so far.
pub(crate) struct Sections(Vec<Vec<u8>>);

impl Sections {
    pub(crate) fn push(&mut self, bytes: Vec<u8>) {
        self.0.push(bytes);
    }

    fn into_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut at = self.0.len() as u32 * 8;
        for section in &self.0 {
            bytes.extend(at.to_le_bytes());
            bytes.extend((section.len() as u32).to_le_bytes());
            at += section.len() as u32;
        }
        bytes.extend(self.0.into_iter().flatten());
        bytes
    }
}

pub(crate) fn u16s(values: impl IntoIterator<Item = u16>) -> Vec<u8> {
    values.into_iter().flat_map(u16::to_le_bytes).collect()
}

/// FNV-1a, as the matcher computes it while it reads a word.
pub fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The hash of a host name, from its end, as the reader of hosts computes it.
fn hash_name(name: &str) -> u32 {
    let reversed: Vec<u8> = name.to_lowercase().bytes().rev().collect();
    hash(&reversed)
}

/// An open-addressing table from hash to number, at most four fifths full.
pub(crate) fn hashed(entries: &[(u32, u16)]) -> Result<Vec<u8>, String> {
    let size = (entries.len() * 5 / 4 + 1).next_power_of_two().max(2);
    let mut slots = vec![(0u32, u16::MAX); size];
    let mut seen = BTreeSet::new();
    for (hash, number) in entries {
        if !seen.insert(*hash) {
            return Err(format!("two words share the hash {hash:08x}"));
        }
        let mut at = *hash as usize & (size - 1);
        while slots[at].1 != u16::MAX {
            at = (at + 1) & (size - 1);
        }
        slots[at] = (*hash, *number);
    }
    Ok(slots
        .into_iter()
        .flat_map(|(hash, number)| hash.to_le_bytes().into_iter().chain(number.to_le_bytes()))
        .collect())
}

/// The number of a stage, from 1; 0 for any.
fn stage(name: Option<&str>) -> u8 {
    name.and_then(|name| STAGES.iter().position(|known| *known == name)).map_or(0, |at| at as u8 + 1)
}

fn strength(name: &str) -> u8 {
    STRENGTHS.iter().position(|known| *known == name).map_or(1, |at| at as u8 + 1)
}

/// A condition on codes: reply, class, subject, detail; `0xFFFF` for any. `450 4.3.2` asks for both.
fn condition(code: &str) -> Result<[u16; 4], String> {
    let any = u16::MAX;
    if let Some((reply, status)) = code.split_once(' ') {
        let ([reply, ..], [_, class, subject, detail]) = (condition(reply)?, condition(status)?);
        return Ok([reply, class, subject, detail]);
    }
    let parts: Vec<&str> = code.split('.').collect();
    let number = |text: &str| text.parse::<u16>().map_err(|_| format!("`{code}` is no code"));
    let class = |text: &str| if text.eq_ignore_ascii_case("x") { Ok(any) } else { number(text) };
    match parts.as_slice() {
        [reply] if reply.len() == 3 => Ok([number(reply)?, any, any, any]),
        [one] if one.len() == 1 => Ok([any, number(one)?, any, any]),
        [first, subject] => Ok([any, class(first)?, number(subject)?, any]),
        [first, subject, detail] => Ok([any, class(first)?, number(subject)?, number(detail)?]),
        _ => Err(format!("`{code}` is no code")),
    }
}

/// Compiles checked data.
pub fn tables(data: &Data) -> Result<Tables, Vec<String>> {
    let mut errors = Vec::new();
    let classes = Classes::new(&data.words.fillers, &data.words.classes)
        .map_err(|error| vec![format!("words.toml: {error}")])?;
    let reason =
        |id: &str| data.reasons.iter().position(|reason| reason.id == id).map_or(NONE, |at| at as u8);

    // phrases of rules, guards, marks and lists, as sequences of places
    let mut phrases: Vec<(u16, Vec<Place>)> = Vec::new();
    let mut add =
        |target: u16, phrase: &str, place: &str, errors: &mut Vec<String>| match compile(phrase, &classes) {
            Ok(sequences) => phrases.extend(sequences.into_iter().map(|sequence| (target, sequence))),
            Err(error) => errors.push(format!("{place}: phrase `{phrase}`: {error}")),
        };
    for (index, placed) in data.rules.iter().enumerate() {
        let place = format!("{}: rule `{}`", placed.file, placed.rule.id);
        for phrase in &placed.rule.phrases {
            add(index as u16, phrase, &place, &mut errors);
        }
        for phrase in &placed.rule.unless {
            add(GUARD | index as u16, phrase, &place, &mut errors);
        }
    }
    for (index, (file, provider)) in data.providers.iter().enumerate() {
        for phrase in &provider.marks {
            add(MARK | index as u16, phrase, file, &mut errors);
        }
    }
    for (index, list) in data.lists.iter().enumerate() {
        for phrase in &list.phrases {
            add(LIST | index as u16, phrase, "blocklists.toml", &mut errors);
        }
    }
    if data.rules.len() >= LIST as usize {
        errors.push(format!("{} rules; {LIST} at the most", data.rules.len()));
    }
    phrases.sort();
    phrases.dedup();

    let mut sections = Sections(Vec::new());
    if let Err(error) = crate::lexicon::lay_out(&phrases, &classes, data, &mut sections) {
        errors.push(error);
    }
    rules(data, &reason, &mut sections, &mut errors);
    providers(data, &reason, &mut sections, &mut errors);
    codes(data, &reason, &mut sections, &mut errors);
    reasons(data, &reason, &mut sections);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Tables {
        bytes: sections.into_bytes(),
        names: [
            data.reasons.iter().map(|reason| reason.id.clone()).collect(),
            data.categories.iter().map(|category| category.id.clone()).collect(),
            data.providers.iter().map(|(_, provider)| provider.name.clone()).collect(),
            data.rules.iter().map(|placed| placed.rule.id.clone()).collect(),
            data.lists.iter().map(|list| list.name.clone()).collect(),
        ],
    })
}

fn rules(data: &Data, reason: &dyn Fn(&str) -> u8, sections: &mut Sections, errors: &mut Vec<String>) {
    let (mut rows, mut conditions) = (Vec::new(), Vec::new());
    for placed in &data.rules {
        let rule = &placed.rule;
        rows.extend([
            reason(&rule.reason),
            strength(&rule.strength),
            placed.provider.map_or(NONE, |provider| provider as u8),
            u8::from(rule.anywhere) | stage(rule.stage.as_deref()) << 1 | u8::from(rule.alone) << 7,
        ]);
        rows.extend(((conditions.len() / 4) as u16).to_le_bytes());
        rows.extend((rule.codes.len() as u16).to_le_bytes());
        for code in &rule.codes {
            match condition(code) {
                Ok(condition) => conditions.extend(condition),
                Err(error) => errors.push(format!("{}: rule `{}`: {error}", placed.file, rule.id)),
            }
        }
    }
    sections.push(rows);
    sections.push(u16s(conditions));
}

fn providers(data: &Data, reason: &dyn Fn(&str) -> u8, sections: &mut Sections, errors: &mut Vec<String>) {
    let mut codes = Vec::new();
    let (mut hosts, mut domains) = (Vec::new(), Vec::new());
    for (index, (file, provider)) in data.providers.iter().enumerate() {
        for code in &provider.code {
            let (name, last) = code.code.split_once('-').unwrap_or((&code.code, ""));
            let Ok([_, class, subject, detail]) = condition(name) else {
                errors.push(format!("{file}: `{}` is no code", code.code));
                continue;
            };
            let last = last.rsplit('.').next().unwrap_or_default().parse::<u16>().unwrap_or(detail);
            codes.push([
                subject,
                index as u16,
                u16::from(reason(&code.reason))
                    | u16::from(strength(&code.strength)) << 8
                    | u16::from(code.anywhere) << 15,
                if code.exact { class } else { u16::MAX },
                detail,
                last,
            ]);
        }
        for (names, table) in [(&provider.hosts, &mut hosts), (&provider.domains, &mut domains)] {
            table.extend(names.iter().map(|name| (hash_name(name), index as u16, file, name)));
        }
    }
    codes.sort_by_key(|row| row[0]);
    sections.push(u16s(codes.into_iter().flatten()));
    for (what, table) in [("host", hosts), ("domain", domains)] {
        let mut unique: BTreeMap<u32, (u16, &String)> = BTreeMap::new();
        for (hash, index, file, name) in table {
            if let Some((other, other_file)) = unique.insert(hash, (index, file))
                && other != index
            {
                errors.push(format!("{file}: {what} `{name}` belongs to {other_file}"));
            }
        }
        let entries: Vec<(u32, u16)> = unique.into_iter().map(|(hash, (index, _))| (hash, index)).collect();
        match hashed(&entries) {
            Ok(bytes) => sections.push(bytes),
            Err(error) => errors.push(error),
        }
    }
    let mut zones = BTreeMap::new();
    for (index, list) in data.lists.iter().enumerate() {
        for zone in &list.zones {
            if zones.insert(hash_name(zone), index as u16).is_some() {
                errors.push(format!("blocklists.toml: zone `{zone}` stands twice"));
            }
        }
    }
    match hashed(&zones.into_iter().collect::<Vec<_>>()) {
        Ok(bytes) => sections.push(bytes),
        Err(error) => errors.push(error),
    }
    let strength_of =
        |list: &crate::schema::Blocklist| strength(list.strength.as_deref().unwrap_or("definite"));
    sections.push(data.lists.iter().flat_map(|list| [reason(&list.reason), strength_of(list)]).collect());
    let classes: BTreeMap<u32, u16> = data
        .classes
        .iter()
        .flat_map(|class| {
            let value = u16::from(reason(&class.reason)) | u16::from(strength(&class.strength)) << 8;
            class.names.iter().map(move |name| {
                (hash(format!("{}/{}", class.system, name.to_lowercase()).as_bytes()), value)
            })
        })
        .collect();
    match hashed(&classes.into_iter().collect::<Vec<_>>()) {
        Ok(bytes) => sections.push(bytes),
        Err(error) => errors.push(error),
    }
}

fn codes(data: &Data, reason: &dyn Fn(&str) -> u8, sections: &mut Sections, errors: &mut Vec<String>) {
    let mut statuses = Vec::new();
    for status in data.statuses.iter().chain(&data.subjects) {
        match condition(&status.code) {
            Ok([_, _, subject, detail]) => {
                let of = |reason_id: &Option<String>| reason_id.as_deref().map_or(NONE, reason);
                let permanent = of(&status.reason);
                let transient = if status.reason4.is_some() { of(&status.reason4) } else { permanent };
                statuses.push([
                    subject,
                    detail,
                    u16::from(permanent) | u16::from(transient) << 8,
                    u16::from(status.strength.as_deref().map_or(1, strength)),
                ]);
            }
            Err(error) => errors.push(format!("codes/enhanced.toml: {error}")),
        }
    }
    statuses.sort_by_key(|row| (row[0], row[1]));
    sections.push(u16s(statuses.into_iter().flatten()));
    let reply =
        |reply: &crate::schema::Reply| Some([reply.code, u16::from(reason(reply.reason.as_deref()?))]);
    let mut replies: Vec<_> = data.replies.iter().filter_map(reply).collect();
    replies.sort_by_key(|row| row[0]);
    sections.push(u16s(replies.into_iter().flatten()));
}

fn reasons(data: &Data, reason: &dyn Fn(&str) -> u8, sections: &mut Sections) {
    let mut rows = Vec::new();
    for entry in &data.reasons {
        let category = data.categories.iter().position(|category| category.id == entry.category).unwrap_or(0);
        let fault = ["recipient", "sender", "content", "receiver", "network", "unknown"];
        rows.extend([
            category as u8,
            u8::from(entry.r#type == "soft"),
            fault.iter().position(|fault| *fault == entry.fault).unwrap_or(5) as u8,
            data.order.iter().position(|id| *id == entry.id).unwrap_or(255) as u8,
        ]);
    }
    sections.push(rows);
    let count = data.reasons.len();
    let mut beats = vec![0u8; count * count];
    for entry in &data.beats {
        for winner in &entry.winner {
            for loser in &entry.loser {
                let (winner, loser) = (usize::from(reason(winner)), usize::from(reason(loser)));
                if winner != loser && winner < count && loser < count {
                    let cell = &mut beats[winner * count + loser];
                    *cell = (*cell).max(1 + u8::from(entry.always));
                }
            }
        }
    }
    sections.push(beats);
}
