//! Stage 4: what to do with the address, now and over time, under the rules that a sender follows.
//!
//! [`decide`] answers for one address, [`Ledger`] for many, [`replay`] compares policies over a file
//! of events. Published systems disagree about when a soft bounce turns hard and what happens then,
//! so the rules are [`Policy`]s: `data/policies.toml` says what each one settles. State is a
//! [`History`] for each address; it is a set of events, so that it can be merged, and bounded.
//!
//! Nothing here stores anything or looks at a clock: a decision is what the caller should do.

mod address;
pub(crate) mod book;
pub(crate) mod cells;
pub mod date;
mod decide;
mod event;
mod history;
mod idn;
pub(crate) mod json;
mod ledger;
mod packed;
#[expect(clippy::module_inception, reason = "the stage is named after its main type")]
mod policy;
mod replay;
mod state;
mod strikes;
pub(crate) mod suppression;
pub(crate) mod table;

pub use address::{domain, hash, normalise, normalise_domain};
pub use decide::{Context, Decision, Scope, Why, decide, standing};
pub use event::{Event, Facts, LAST_TIME, Mark, What};
pub use history::{CAMPAIGNS, History};
pub use ledger::Ledger;
pub use policy::{Action, HardBy, Policy};
pub use replay::{Outcome, Player, Replay, Stop, replay};
pub use strikes::Strikes;
pub use suppression::{Entry, SuppressionList};
