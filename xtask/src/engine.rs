//! The rules as they stand in `data/` now, without a new build.

use bouncelens::rules::Rules;
use bouncelens::rules::names::Names;
use bouncelens::types::{Provider, Reason, Source};
use rulec::data::Data;
use std::collections::BTreeSet;
use std::path::Path;

/// Rules compiled at run time, with their data and names.
pub struct Engine {
    /// The data.
    pub data: Data,
    /// The compiled rules.
    pub rules: Rules,
    names: Names,
}

impl Engine {
    /// Reads and compiles a `data` folder.
    pub fn load(data: &Path) -> Result<Engine, String> {
        let (data, tables) = rulec::compile(data)?;
        // the tool runs once, so the tables may live as long as it does
        let rules = Rules::from_bytes(Box::leak(tables.bytes.into_boxed_slice()));
        Ok(Engine { data, rules, names: Names { lists: tables.names } })
    }

    /// The same without some phrase rules.
    pub fn without(data: &Path, ids: &BTreeSet<String>) -> Result<Engine, String> {
        let (mut data, _) = rulec::compile(data)?;
        data.rules.retain(|placed| !ids.contains(&placed.rule.id));
        let tables = rulec::tables::tables(&data).map_err(|errors| errors.join("\n"))?;
        let rules = Rules::from_bytes(Box::leak(tables.bytes.into_boxed_slice()));
        Ok(Engine { data, rules, names: Names { lists: tables.names } })
    }

    /// The name of a reason.
    pub fn reason(&self, reason: Option<Reason>) -> &str {
        reason.map_or("-", |reason| self.names.reason(reason))
    }

    /// The name of the category of a reason.
    pub fn category(&self, reason: Option<Reason>) -> &str {
        reason.map_or("-", |reason| self.names.category(self.rules.category(reason)))
    }

    /// The name of a provider.
    pub fn provider(&self, provider: Option<Provider>) -> &str {
        provider.map_or("-", |provider| self.names.provider(provider))
    }

    /// The source of evidence.
    pub fn source(&self, source: Source) -> String {
        self.names.source(source)
    }
}
