//! The rules as they stand in `data/` now, without a new build.

use bouncelens::rules::Rules;
use bouncelens::types::{Reason, Source};
use rulec::data::Data;
use std::path::Path;

/// Rules compiled at run time, with their data and names.
pub struct Engine {
    /// The data.
    pub data: Data,
    /// The compiled rules.
    pub rules: Rules,
    names: [Vec<String>; 5],
}

impl Engine {
    /// Reads and compiles a `data` folder.
    pub fn load(data: &Path) -> Result<Engine, String> {
        let (data, tables) = rulec::compile(data)?;
        // the tool runs once, so the tables may live as long as it does
        let rules = Rules::from_bytes(Box::leak(tables.bytes.into_boxed_slice()));
        Ok(Engine { data, rules, names: tables.names })
    }

    fn name(&self, list: usize, number: usize) -> &str {
        self.names[list].get(number).map_or("", String::as_str)
    }

    /// The name of a reason.
    pub fn reason(&self, reason: Option<Reason>) -> &str {
        reason.map_or("-", |reason| self.name(0, usize::from(reason.0)))
    }

    /// The name of the category of a reason.
    pub fn category(&self, reason: Option<Reason>) -> &str {
        reason.map_or("-", |reason| self.name(1, usize::from(self.rules.category(reason).0)))
    }

    /// The name of a provider.
    pub fn provider(&self, provider: Option<bouncelens::types::Provider>) -> &str {
        provider.map_or("-", |provider| self.name(2, usize::from(provider.0)))
    }

    /// The source of evidence.
    pub fn source(&self, source: Source) -> String {
        match source {
            Source::Rule(rule) => self.name(3, usize::from(rule)).to_owned(),
            Source::ProviderCode(provider, status) => {
                format!("code/{}/{status}", self.name(2, usize::from(provider.0)))
            }
            Source::Status(status) => format!("code/{status}"),
            Source::Reply(code) => format!("code/{code}"),
            Source::Blocklist(list) => format!("blocklist/{}", self.name(4, usize::from(list))),
            Source::Class => "class".into(),
            Source::Form => "form".into(),
        }
    }
}
