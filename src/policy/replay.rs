//! Events of a whole file under several policies, side by side: who would be stopped, when, and
//! where the policies differ.

#![allow(clippy::indexing_slicing, reason = "one column a policy, numbered by this module")]

use super::book::Book;
use super::decide::{Decision, Why};
use super::event::{Event, Mark};
use super::ledger::{Ledger, key};
use super::policy::{Action, Policy};
use crate::error::Error;
use crate::order::order;

/// When and why an address was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// When, in epoch milliseconds.
    pub time: i64,
    /// Flag or suppress.
    pub action: Action,
    /// Why.
    pub why: Why,
}

/// What became of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The normalised address.
    pub address: String,
    /// How it was stopped, by policy; `None` where it gets mail at the end.
    pub stops: Vec<Option<Stop>>,
}

impl Outcome {
    /// Whether the policies disagree about the action or the time.
    pub fn differs(&self) -> bool {
        let mut stops = self.stops.iter().map(|stop| stop.map(|stop| (stop.time, stop.action)));
        let first = stops.next();
        stops.any(|stop| Some(stop) != first)
    }
}

/// What became of all addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The ids of the policies, in the order of the stops.
    pub policies: Vec<String>,
    /// The addresses that at least one policy stops, sorted.
    pub outcomes: Vec<Outcome>,
    /// How many addresses there were.
    pub addresses: usize,
}

impl Replay {
    /// How many addresses each policy stops.
    pub fn stopped(&self) -> Vec<usize> {
        let count = |index: usize| {
            self.outcomes
                .iter()
                .filter(|outcome| outcome.stops.get(index).is_some_and(Option::is_some))
                .count()
        };
        (0..self.policies.len()).map(count).collect()
    }
}

/// Plays events in the order of their times, whatever their order in the list.
///
/// ```
/// use bouncelens::policy::{Event, Policy, What, replay};
/// let verdicts = bouncelens::classify(b"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org");
/// let what = What::of(&verdicts[0]).expect("a bounce");
/// let events: Vec<(String, Event)> =
///     (1..=5).map(|day| ("ann@example.com".into(), Event { what, time: day * 86_400_000, campaign: None })).collect();
/// let policies = ["default", "five-strikes", "altcraft"].map(|name| Policy::named(name).expect("known"));
/// let replay = replay(&events, &policies)?;
/// // a sender on a blocklist: the default keeps the contact
/// assert_eq!(replay.stopped(), [0, 1, 1]);
/// assert!(replay.outcomes[0].differs());
/// # Ok::<(), bouncelens::error::Error>(())
/// ```
///
/// A suppression that a policy lets expire ends at the next event of the address after it, or at the
/// time of the last event of all. Errors name the event by its place in the list.
pub fn replay(events: &[(String, Event<'_>)], policies: &[Policy]) -> Result<Replay, Error> {
    let mut player = Player::new(policies.to_vec());
    for (index, (address, event)) in events.iter().enumerate() {
        let named = |error: Error| Error::new(error.kind(), format!("event {index}: {error}"));
        player.add(address, event).map_err(named)?;
    }
    player.play()
}

/// Events that are being gathered for a replay, in some 60 bytes each besides the addresses.
#[derive(Clone, Debug)]
pub struct Player {
    policies: Vec<Policy>,
    book: Book,
    marks: Vec<(u32, Mark)>,
}

impl Player {
    /// Nothing to play yet.
    pub fn new(policies: Vec<Policy>) -> Player {
        Player { policies, book: Book::default(), marks: Vec::new() }
    }

    /// Adds an event of an address. An error names what it lacks.
    pub fn add(&mut self, address: &str, event: &Event<'_>) -> Result<(), Error> {
        let mark = Mark::of(event)?;
        let number = self.book.number(&key(address)?);
        self.marks.push((number as u32, mark));
        Ok(())
    }

    /// Plays the events in the order of their times.
    pub fn play(&self) -> Result<Replay, Error> {
        let (policies, book) = (&self.policies, &self.book);
        let Some(policy) = policies.first() else {
            return Ok(Replay { policies: Vec::new(), outcomes: Vec::new(), addresses: 0 });
        };
        let in_time = order(self.marks.len(), &mut |a, b| self.marks[a].1.cmp(&self.marks[b].1));
        let mut ledger = Ledger::new(policy.clone());
        let mut stops: Vec<Vec<Option<Stop>>> = vec![vec![None; policies.len()]; book.len()];
        let mut end = 0;
        for index in in_time {
            let (number, mark) = &self.marks[index as usize];
            let address = book.name(*number as usize);
            ledger.mark(address, *mark);
            end = mark.time;
            let decisions = ledger.judge_by_each(address, policies, end);
            for (stop, decision) in stops[*number as usize].iter_mut().zip(decisions) {
                look(stop, &decision, end);
            }
        }
        for (number, known) in stops.iter_mut().enumerate() {
            let decisions = ledger.judge_by_each(book.name(number), policies, end);
            for (stop, decision) in known.iter_mut().zip(decisions) {
                look(stop, &decision, decision.since.unwrap_or(end));
            }
        }
        let by_name = order(book.len(), &mut |a, b| book.name(a).cmp(book.name(b)));
        let outcome = |number: u32| Outcome {
            address: book.name(number as usize).to_owned(),
            stops: std::mem::take(&mut stops[number as usize]),
        };
        let outcomes = by_name
            .into_iter()
            .map(outcome)
            .filter(|outcome| outcome.stops.iter().any(Option::is_some))
            .collect();
        Ok(Replay {
            policies: policies.iter().map(|policy| policy.id().to_owned()).collect(),
            outcomes,
            addresses: book.len(),
        })
    }
}

/// Notes when an address is stopped, and when it no longer is.
fn look(stop: &mut Option<Stop>, decision: &Decision, time: i64) {
    if !decision.action.stops() {
        *stop = None;
    } else if stop.is_none() {
        *stop = Some(Stop { time, action: decision.action, why: decision.why });
    }
}
