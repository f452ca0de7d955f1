//! A verdict: what a notice means.

use super::{
    BounceType, Category, Fault, Kind, Notice, Provider, Reason, ReplyCode, Role, Source, Stage, StatusCode,
    Strength,
};
use std::borrow::Cow;

/// One link in the chain of reasons for a verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Because<'a> {
    /// Whether it supports the verdict.
    pub role: Role,
    /// What it speaks for.
    pub reason: Reason,
    /// How much it proves.
    pub strength: Strength,
    /// Where it comes from.
    pub source: Source,
    /// The words, as they stand in the notice; empty where a field states it.
    pub text: Cow<'a, str>,
    /// The bytes of the input that hold the words, where they stand there exactly so.
    pub span: Option<(usize, usize)>,
}

/// The next best reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunnerUp {
    /// Its reason.
    pub reason: Reason,
    /// Its category.
    pub category: Category,
}

/// What a notice means.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    /// What happened.
    pub kind: Kind,
    /// Hard or soft; `None` where nothing failed.
    pub bounce_type: Option<BounceType>,
    /// The category; `None` where nothing failed.
    pub category: Option<Category>,
    /// The reason; `None` where nothing failed.
    pub reason: Option<Reason>,
    /// Whose fault it is.
    pub fault: Fault,
    /// How sure this is, 0 to 1: of verdicts at 0.9, nine in ten are right.
    pub confidence: f32,
    /// A soft bounce whose words say that the address is dead: expect a hard one next.
    pub likely_hard: bool,
    /// The basic reply code.
    pub code: Option<ReplyCode>,
    /// The enhanced code.
    pub status: Option<StatusCode>,
    /// The SMTP stage.
    pub stage: Option<Stage>,
    /// Who spoke.
    pub provider: Option<Provider>,
    /// Seconds to wait, where the text states them.
    pub retry_after: Option<u32>,
    /// Of an expired message: what its last try met; of a forwarded one: what befell its target.
    pub cause: Option<Reason>,
    /// Why, the strongest first; supporting links before contradicting ones.
    pub because: Vec<Because<'a>>,
    /// The next best reading.
    pub runner_up: Option<RunnerUp>,
    /// The notice that was read.
    pub notice: Notice<'a>,
}

impl Verdict<'_> {
    /// Whether no rule and no code of a provider's own speaks for the reason, but words that are at home
    /// with it: a guess.
    pub fn is_guess(&self) -> bool {
        let mut support = self.because.iter().filter(|link| link.role == Role::Supports).peekable();
        support.peek().is_some() && support.all(|link| link.source == Source::Word)
    }
}
