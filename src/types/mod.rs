//! The vocabulary of the pipeline. Every stage takes one of these types and gives the next.

mod code;
mod evidence;
mod kind;
mod notice;
mod verdict;

pub use code::{ReplyCode, StatusCode};
pub use evidence::{Evidence, Role, Source, Strength};
pub use kind::{BounceType, Fault, Form, Kind, Stage};
pub use notice::{Class, Notice, Quote};
pub use verdict::{Because, RunnerUp, Verdict};

/// Index of a category in `data/categories.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category(pub u8);

/// Index of a reason in `data/reasons.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reason(pub u8);

/// Index of a provider: the files of `data/providers/`, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Provider(pub u8);
