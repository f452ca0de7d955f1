//! The names that the numbers in the tables stand for; native only, JavaScript has its own tables.

#![allow(clippy::indexing_slicing, reason = "five lists of names, by constant numbers")]

use crate::types::{Category, Provider, Reason, Source};
use std::sync::OnceLock;

static EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));

/// Names by number.
#[derive(Debug)]
pub struct Names {
    /// Reasons, categories, providers, rules, blocklists.
    pub lists: [Vec<String>; 5],
}

impl Names {
    /// The names of the rules that were compiled into this build.
    pub fn embedded() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            let mut lists: [Vec<String>; 5] = Default::default();
            for (list, text) in lists.iter_mut().zip(EMBEDDED.split("\n\n")) {
                *list = text.lines().map(str::to_owned).collect();
            }
            Names { lists }
        })
    }

    fn name(&self, list: usize, number: usize) -> &str {
        self.lists[list].get(number).map_or("", String::as_str)
    }

    /// `user-unknown`
    pub fn reason(&self, reason: Reason) -> &str {
        self.name(0, reason.0 as usize)
    }

    /// The reason with this name.
    pub fn reason_named(&self, name: &str) -> Option<Reason> {
        self.lists[0].iter().position(|reason| reason == name).map(|at| Reason(at as u8))
    }

    /// `bad-mailbox`
    pub fn category(&self, category: Category) -> &str {
        self.name(1, category.0 as usize)
    }

    /// `google`
    pub fn provider(&self, provider: Provider) -> &str {
        self.name(2, provider.0 as usize)
    }

    /// `bad-mailbox/user-unknown`
    pub fn rule(&self, rule: u16) -> &str {
        self.name(3, rule as usize)
    }

    /// `Spamhaus ZEN`
    pub fn blocklist(&self, list: u16) -> &str {
        self.name(4, list as usize)
    }

    /// The source of evidence, as verdicts name it.
    pub fn source(&self, source: Source) -> String {
        match source {
            Source::Rule(rule) => self.rule(rule).to_owned(),
            Source::ProviderCode(provider, status) => format!("code/{}/{status}", self.provider(provider)),
            Source::Status(status) => format!("code/{status}"),
            Source::Reply(code) => format!("code/{code}"),
            Source::Blocklist(list) => format!("blocklist/{}", self.blocklist(list)),
            Source::Class => "class".into(),
            Source::Form => "form".into(),
            Source::Own(rule) => format!("own/{rule}"),
            Source::Word => "word".into(),
        }
    }
}
