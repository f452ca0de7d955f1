//! The histories of many addresses.
//!
//! ```
//! use bouncelens::policy::{Action, Event, Ledger, Policy, What};
//! let mut ledger = Ledger::new(Policy::named("default")?);
//! let verdicts = bouncelens::classify(b"550 5.1.1 <ann@example.com>: User unknown");
//! let what = What::of(&verdicts[0]).expect("a bounce");
//! ledger.record("Ann@Example.com", &Event { what, time: 1_700_000_000_000, campaign: Some("spring") })?;
//! let decision = ledger.decision("ann@example.com", 1_700_000_000_000)?;
//! assert_eq!(decision.action, Action::Suppress);
//! # Ok::<(), bouncelens::error::Error>(())
//! ```
//!
//! A ledger also keeps a history for each domain, under `@example.com`: bounces that say that the
//! whole domain is dead, deliveries to any of its addresses, clearings. When two addresses of a
//! domain showed that it is dead and nothing was delivered to any address since, the decision for its
//! other addresses is the same. One address is not enough: a single odd reply must not take a big
//! provider's addresses off a list.

use super::address::{domain, normalise};
use super::book::Book;
use super::decide::{Decision, Scope, Why, hard, judge};
use super::event::{Event, Mark, What, campaign_hash, check_time};
use super::history::History;
use super::json::{Json, quote};
use super::packed::{pack, unpack};
use super::policy::Policy;
use super::state;
use super::suppression::{Entry, SuppressionList};
use super::table;
use crate::error::{Error, ErrorKind};
use crate::order::order;
use crate::types::BounceType;

/// The histories of many addresses, and the policy that judges them.
#[derive(Clone, Debug)]
pub struct Ledger {
    policy: Policy,
    book: Book,
    states: Vec<Box<[u8]>>,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(policy: Policy) -> Ledger {
        Ledger { policy, book: Book::default(), states: Vec::new() }
    }

    /// The policy that judges.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Judges by another policy from now on; histories hold for all policies.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// How many addresses and domains are known.
    pub fn len(&self) -> usize {
        self.book.len()
    }

    /// Whether nothing was recorded yet.
    pub fn is_empty(&self) -> bool {
        self.book.len() == 0
    }

    /// Bytes of memory that the histories take, with what an allocator adds to each.
    pub fn memory(&self) -> usize {
        const ALLOCATION: usize = 16;
        let states: usize = self.states.iter().map(|state| state.len() + ALLOCATION).sum();
        self.book.memory() + self.states.capacity() * size_of::<Box<[u8]>>() + states
    }

    /// Adds an event of an address; `@example.com` is a domain, whose only event of use is a
    /// clearing. An error names what the event lacks.
    pub fn record(&mut self, address: &str, event: &Event<'_>) -> Result<(), Error> {
        let address = key(address)?;
        self.mark(&address, Mark::of(event)?);
        Ok(())
    }

    /// Adds an event of a normalised address.
    pub(super) fn mark(&mut self, address: &str, mark: Mark) {
        if let Some(of_domain) = of_domain(address, &mark) {
            self.add(&format!("@{}", domain(address)), of_domain);
        }
        self.add(address, mark);
    }

    /// What to do with an address as it stands at `now`, in epoch milliseconds.
    pub fn decision(&self, address: &str, now: i64) -> Result<Decision, Error> {
        check_time("now", now)?;
        let address = key(address)?;
        let mut decision = self.judge(&address, &self.policy, now);
        decision.history = self.history(&address);
        Ok(decision)
    }

    /// The history of an address.
    pub fn history(&self, address: &str) -> History {
        self.history_of(&normalise(address))
    }

    fn history_of(&self, address: &str) -> History {
        self.book.find(address).map(|number| self.state(number)).unwrap_or_default()
    }

    /// Adds all that another ledger knows, whatever both know already.
    pub fn merge(&mut self, other: &Ledger) {
        for (number, state) in other.states.iter().enumerate() {
            self.put(other.book.name(number), &unpack(state));
        }
    }

    /// Every address that gets no more mail at `now`, and every domain that is dead.
    pub fn suppressed(&self, now: i64) -> Result<SuppressionList, Error> {
        check_time("now", now)?;
        let mut list = SuppressionList::new();
        for number in 0..self.book.len() {
            let name = self.book.name(number);
            let decision = if name.starts_with('@') {
                self.judge_domain(name, &self.policy, now)
            } else {
                Some(judge_own(&self.state(number), &self.policy, now))
                    .filter(|decision| decision.action.stops())
            };
            if let Some(decision) = decision {
                list.add(Entry::of(name, &decision, self.policy.id()));
            }
        }
        Ok(list)
    }

    /// The ledger as JSON, sorted by address; the policy is not part of it.
    pub fn to_json(&self) -> String {
        let numbers = order(self.book.len(), &mut |a, b| self.book.name(a).cmp(self.book.name(b)));
        let mut out = format!("{{\"bouncelens\":\"ledger\",\"version\":{},\"addresses\":{{", state::VERSION);
        for (index, number) in numbers.into_iter().map(|number| number as usize).enumerate() {
            out.push_str(if index > 0 { ",\n" } else { "\n" });
            quote(self.book.name(number), &mut out);
            out.push_str(":{");
            state::write_body(&self.state(number), &mut out);
            out.push('}');
        }
        out.push_str("}}");
        out
    }

    /// Reads what [`Ledger::to_json`] wrote; errors are `bad-history` and `future-history`, and name
    /// the address.
    pub fn from_json(text: &str, policy: Policy) -> Result<Ledger, Error> {
        Ledger::from_value(&state::parse(text, "ledger")?, policy)
    }

    /// The same, of JSON that was read already.
    pub(crate) fn from_value(json: &Json, policy: Policy) -> Result<Ledger, Error> {
        state::check_head(json, "ledger")?;
        let Some(Json::Object(addresses)) = json.get("addresses") else {
            return Err(Error::new(ErrorKind::BadHistory, "ledger: `addresses` must be an object"));
        };
        let mut ledger = Ledger::new(policy);
        for (address, body) in addresses {
            let history = state::read_body(body, &format!("`{address}`: "))?;
            ledger.put(&normalise(address), &history);
        }
        Ok(ledger)
    }

    /// Judges a normalised address by any policy, without its history.
    fn judge(&self, address: &str, policy: &Policy, now: i64) -> Decision {
        self.judge_with(&self.history_of(address), address, policy, now)
    }

    /// The same by several policies.
    pub(super) fn judge_by_each(
        &self,
        address: &str,
        policies: &[Policy],
        now: i64,
    ) -> impl Iterator<Item = Decision> {
        let history = self.history_of(address);
        policies.iter().map(move |policy| self.judge_with(&history, address, policy, now))
    }

    fn judge_with(&self, history: &History, address: &str, policy: &Policy, now: i64) -> Decision {
        let own = judge_own(history, policy, now);
        if own.action.stops() {
            return own;
        }
        let strikes = own.strikes;
        match self.judge_domain(&format!("@{}", domain(address)), policy, now) {
            Some(of_domain) => Decision { why: Why::DomainDead, strikes, ..of_domain },
            None => own,
        }
    }

    /// What speaks against a whole domain, of which enough addresses told.
    fn judge_domain(&self, name: &str, policy: &Policy, now: i64) -> Option<Decision> {
        let number = self.book.find(name)?;
        let history = self.state(number);
        let delivered = history.marks().iter().rposition(|mark| mark.what == What::Delivered);
        let marks = history.marks().get(delivered.map_or(0, |at| at + 1)..).unwrap_or_default();
        let told = marks.iter().filter(|mark| mark.facts().is_some());
        let first = told.clone().next()?;
        let second = told.clone().find(|mark| mark.campaign != first.campaign)?;
        let nothing = judge(&History::new(), policy, None, now);
        let decision =
            hard(marks, policy, now, &nothing).filter(|decision| decision.scope == Scope::Domain)?;
        Some(Decision { since: decision.since.max(Some(second.time)), ..decision })
    }

    fn state(&self, number: usize) -> History {
        self.states.get(number).map(|bytes| unpack(bytes)).unwrap_or_default()
    }

    fn add(&mut self, name: &str, mark: Mark) {
        self.change(name, |history| history.add(mark));
    }

    fn put(&mut self, name: &str, other: &History) {
        self.change(name, |history| history.merge(other));
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut History)) {
        let number = self.book.number(name);
        let mut history = self.state(number);
        change(&mut history);
        let state = pack(&history);
        match self.states.get_mut(number) {
            Some(place) => *place = state,
            None => self.states.push(state),
        }
    }
}

/// Judges an address by itself; what happened last is what the decision is about.
fn judge_own(history: &History, policy: &Policy, now: i64) -> Decision {
    judge(history, policy, history.marks().last(), now)
}

/// The normalised address, or an error where there is none.
pub(super) fn key(address: &str) -> Result<String, Error> {
    let key = normalise(address);
    if domain(&key).is_empty() {
        return Err(Error::new(
            ErrorKind::BadEvent,
            format!("`address` must be a mail address, not `{address}`"),
        ));
    }
    Ok(key)
}

/// What an event of an address says about its domain; the address stands in the campaign's place.
fn of_domain(address: &str, mark: &Mark) -> Option<Mark> {
    let tells = match &mark.what {
        What::Delivered | What::ManualClear => true,
        What::Bounce(facts) => facts.bounce_type == BounceType::Hard && table::row(facts.reason).domain,
        _ => false,
    };
    let campaign = if mark.facts().is_some() { campaign_hash(address) } else { 0 };
    (tells && !address.starts_with('@')).then_some(Mark { campaign, ..*mark })
}
