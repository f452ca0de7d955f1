//! The shapes of the files in `data/`, as `data/README.md` describes them.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsFile {
    /// Words that are dropped from text and phrases.
    pub fillers: Vec<String>,
    /// Word classes by name.
    pub classes: BTreeMap<String, Vec<String>>,
}

/// `categories.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoriesFile {
    /// In the order of their numbers.
    pub category: Vec<Category>,
}

/// One category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// `PowerMTA`'s name of it.
    pub id: String,
    /// `hard` or `soft`.
    pub r#type: String,
    /// One line for people.
    pub meaning: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// A reply.
    pub example: String,
}

/// `reasons.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonsFile {
    /// In the order of their numbers.
    pub reason: Vec<Reason>,
}

/// One reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reason {
    /// For ever.
    pub id: String,
    /// The category's id.
    pub category: String,
    /// `hard` or `soft`.
    pub r#type: String,
    /// Whose fault.
    pub fault: String,
    /// Retry schedule, seconds.
    pub retry: Vec<u32>,
    /// What a new try waits for.
    pub when: String,
    /// The reply's own delay comes first.
    pub stated_delay: bool,
    /// How much one such soft bounce counts.
    pub strike: u8,
    /// `address` or `domain`.
    pub scope: String,
    /// One line for people.
    pub meaning: String,
    /// Codes that go with it.
    pub codes: Vec<String>,
    /// A reply that comes out so.
    pub example: String,
    /// Standards.
    #[serde(default)]
    pub help: Vec<String>,
}

/// A file of `phrases/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhrasesFile {
    /// The rules.
    #[serde(default)]
    pub rule: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// For ever.
    pub id: String,
    /// What it speaks for.
    pub reason: String,
    /// How much it proves.
    pub strength: String,
    /// Any of these.
    pub phrases: Vec<String>,
    /// None of these.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Only under one of these codes.
    #[serde(default)]
    pub codes: Vec<String>,
    /// Only when the refusal came at this SMTP stage.
    #[serde(default)]
    pub stage: Option<String>,
    /// A provider's rule that needs no other sign of the provider.
    #[serde(default)]
    pub anywhere: bool,
    /// Only where the phrase is all that the reply says.
    #[serde(default)]
    pub alone: bool,
    /// Where this is known from.
    #[serde(default)]
    pub source: String,
    /// Texts that come out so.
    #[serde(default)]
    pub is: Vec<String>,
    /// Texts that do not.
    #[serde(default)]
    pub is_not: Vec<String>,
}

/// A file of `providers/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderFile {
    /// The id in verdicts.
    pub name: String,
    /// For people.
    pub title: String,
    /// Where this is known from.
    pub source: String,
    /// Its hosts, with subdomains.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Its recipients' domains.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Phrases that prove it.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Where senders turn to.
    #[serde(default)]
    pub postmaster: Option<String>,
    /// Its own codes.
    #[serde(default)]
    pub code: Vec<ProviderCode>,
    /// Its own phrases.
    #[serde(default)]
    pub rule: Vec<Rule>,
}

/// What an enhanced code means at a provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProviderCode {
    /// `5.7.26` or `5.7.606-649`.
    pub code: String,
    /// The class is meant exactly.
    #[serde(default)]
    pub exact: bool,
    /// Nobody else uses the code: it proves the provider by itself.
    #[serde(default)]
    pub anywhere: bool,
    /// What it speaks for.
    pub reason: String,
    /// How much it proves.
    pub strength: String,
    /// Where this is known from.
    #[serde(default)]
    pub source: Option<String>,
    /// Texts that come out so.
    #[serde(default)]
    pub is: Vec<String>,
    /// Texts that do not.
    #[serde(default)]
    pub is_not: Vec<String>,
}

/// `blocklists.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlocklistsFile {
    /// The lists.
    pub list: Vec<Blocklist>,
}

/// One DNS blocklist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocklist {
    /// For people.
    pub name: String,
    /// Its DNS zones.
    #[serde(default)]
    pub zones: Vec<String>,
    /// How prose names it.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// What a listing means.
    pub reason: String,
    /// How much the name proves; `definite` where nothing is said, less for a site that is only linked to.
    #[serde(default)]
    pub strength: Option<String>,
    /// Where to look and ask for removal.
    #[serde(default)]
    pub lookup: Option<String>,
    /// Where this is known from.
    pub source: String,
}

/// `precedence.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrecedenceFile {
    /// All reasons, the one that wins a tie first.
    pub order: Vec<String>,
    /// What beats what.
    pub beats: Vec<Beats>,
}

/// One settlement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beats {
    /// These win
    pub winner: Vec<String>,
    /// over these,
    pub loser: Vec<String>,
    /// because.
    pub why: String,
    /// Whatever the strengths.
    #[serde(default)]
    pub always: bool,
}

/// `codes/enhanced.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnhancedFile {
    /// The detail codes.
    pub status: Vec<Status>,
    /// The subjects.
    pub subject: Vec<Status>,
}

/// An enhanced code `X.1.1`, or a subject `X.1`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// With `X` for the class.
    pub code: String,
    /// The registry's words.
    pub title: String,
    /// In our words.
    #[serde(default)]
    pub meaning: String,
    /// What it speaks for.
    #[serde(default)]
    pub reason: Option<String>,
    /// What it speaks for with class 4.
    #[serde(default)]
    pub reason4: Option<String>,
    /// How much it proves.
    #[serde(default)]
    pub strength: Option<String>,
    /// The RFC.
    #[serde(default)]
    pub source: String,
}

/// `codes/reply.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyFile {
    /// The codes.
    pub reply: Vec<Reply>,
}

/// A basic reply code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// In our words.
    pub meaning: String,
    /// What it weakly speaks for.
    #[serde(default)]
    pub reason: Option<String>,
    /// The RFC.
    pub source: String,
}

/// `classes.toml`: what reporting systems call a failure.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassesFile {
    /// The classes.
    #[serde(default)]
    pub class: Vec<SystemClass>,
}

/// One class of one system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemClass {
    /// `ses`, `powermta`, …
    pub system: String,
    /// As the system writes it.
    pub names: Vec<String>,
    /// What it speaks for.
    pub reason: String,
    /// How much it proves.
    pub strength: String,
    /// Where this is known from.
    pub source: String,
}

/// `policies.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoliciesFile {
    /// The policies, the one taken where none is named first.
    pub policy: Vec<Policy>,
}

/// One policy. What it does not say is as in `src/policy/policy.rs`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// For ever.
    pub id: String,
    /// What it settles, point by point, for people.
    pub settles: Vec<String>,
    /// `reason` or `code`.
    #[serde(default)]
    pub hard_by: Option<String>,
    /// `suppress` or `flag`.
    #[serde(default)]
    pub on_hard: Option<String>,
    /// `suppress` or `flag`.
    #[serde(default)]
    pub on_threshold: Option<String>,
    /// Strikes at which an address turns hard; never where it is missing.
    #[serde(default)]
    pub threshold: Option<u32>,
    /// `consecutive` or `cumulative`.
    #[serde(default)]
    pub counting: Option<String>,
    /// Days after which a strike no longer counts; never where it is missing.
    #[serde(default)]
    pub expiry_days: Option<u32>,
    /// At most one strike per recipient and campaign.
    #[serde(default)]
    pub per_campaign: Option<bool>,
    /// A domain that DNS does not know is looked at once more.
    #[serde(default)]
    pub recheck: Option<bool>,
    /// A delay that the reply names comes before the schedule.
    #[serde(default)]
    pub stated_delay: Option<bool>,
    /// Below this no bounce counts as hard.
    #[serde(default)]
    pub min_confidence: Option<f32>,
    /// The weight of every soft bounce, in place of the reasons' own.
    #[serde(default)]
    pub weight: Option<u8>,
    /// The schedule of every reason, in place of the reasons' own.
    #[serde(default)]
    pub retry: Option<Vec<u32>>,
    /// Whose faults count.
    #[serde(default)]
    pub faults: Option<Vec<String>>,
    /// Rules for whole categories.
    #[serde(default)]
    pub categories: BTreeMap<String, PolicyRule>,
    /// Rules for reasons; they go before those for categories.
    #[serde(default)]
    pub reasons: BTreeMap<String, PolicyRule>,
}

/// What a policy says about a category or a reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// `hard` or `soft`, in place of the verdict's.
    #[serde(default)]
    pub r#type: Option<String>,
    /// How much one soft bounce counts.
    #[serde(default)]
    pub weight: Option<u8>,
    /// Seconds after the first failure.
    #[serde(default)]
    pub retry: Option<Vec<u32>>,
}
