//! Which phrases add nothing, because every text that has them has another phrase of the same rule?
//!
//! `mailbox is full` says no more than `mailbox full`, nor does `user .. unknown` beside `user ... unknown`. Such a
//! phrase costs bytes and time and decides nothing but which words are shown as the proof.
//!
//! A phrase stands for rows of words. It adds nothing when each of its rows holds a row of another phrase: the
//! words of that one in the same order, each at least as free, none of them farther apart than it allows. That is
//! asked of phrases that switch a rule off, of marks and of names of blocklists too, each among its own. It is not
//! asked of rules that hold where their phrase is `alone`, as there the longer phrase leaves fewer words beside it.

use crate::data::Data;
use crate::phrase::{Atom, Classes, Place, What, compile};
use std::collections::{BTreeMap, BTreeSet};

/// A phrase that adds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redundant {
    /// The file, relative to `data/`.
    pub file: String,
    /// The rule, provider or list, and the key that the phrase stands in.
    pub place: String,
    /// The phrase.
    pub phrase: String,
    /// Those that hold wherever it does.
    pub others: Vec<String>,
}

/// One place of a row: how many words may stand before it, and which may stand at it.
type Step<'a> = (usize, &'a BTreeSet<Atom>);
type Row<'a> = Vec<Step<'a>>;

/// How many words a gap holds at the most.
const GAPS: [usize; 3] = [0, 4, 12];

/// All phrases that add nothing. Of two that say the same, one does.
pub fn redundant(data: &Data) -> Result<Vec<Redundant>, String> {
    let classes = Classes::new(&data.words.fillers, &data.words.classes)?;
    let mut found = Vec::new();
    let mut look = |file: &str, place: &str, phrases: &[String]| -> Result<(), String> {
        for (phrase, others) in among(phrases, &classes)? {
            found.push(Redundant { file: file.into(), place: place.into(), phrase, others });
        }
        Ok(())
    };
    for placed in &data.rules {
        let place = format!("rule `{}`", placed.rule.id);
        if !placed.rule.alone {
            look(&placed.file, &place, &placed.rule.phrases)?;
        }
        look(&placed.file, &format!("{place}, unless"), &placed.rule.unless)?;
    }
    for (file, provider) in &data.providers {
        look(file, "marks", &provider.marks)?;
    }
    for list in &data.lists {
        look("blocklists.toml", &format!("list `{}`", list.name), &list.phrases)?;
    }
    Ok(found)
}

/// Those of some phrases that add nothing to the others, each with the others that hold where it does.
fn among(phrases: &[String], classes: &Classes) -> Result<Vec<(String, Vec<String>)>, String> {
    let compiled: Vec<Vec<Vec<Place>>> =
        phrases.iter().map(|phrase| compile(phrase, classes)).collect::<Result<_, _>>()?;
    let mut rows: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for (index, sequences) in compiled.iter().enumerate() {
        rows.insert(index, sequences.iter().flat_map(|places| rows_of(places)).collect());
    }
    // the longest first: of two that cover each other the shorter one stays
    let mut order: Vec<usize> = (0..phrases.len()).collect();
    let words = |index: &usize| rows.get(index).into_iter().flatten().map(Vec::len).max();
    order.sort_by_key(|index| std::cmp::Reverse((words(index), phrases.get(*index).map(String::len))));
    let mut found = Vec::new();
    for index in order {
        let Some(own) = rows.remove(&index) else { continue };
        let covering = |row: &Row| {
            rows.iter()
                .find(|(_, others)| others.iter().any(|other| holds(row, other)))
                .map(|(other, _)| *other)
        };
        match own.iter().map(covering).collect::<Option<BTreeSet<usize>>>() {
            Some(others) => {
                let name = |index: &usize| phrases.get(*index).cloned();
                found.extend(name(&index).map(|phrase| (phrase, others.iter().filter_map(name).collect())));
            }
            None => drop(rows.insert(index, own)),
        }
    }
    Ok(found)
}

/// The rows of words that places stand for. Where something is left out, its gap goes on to what comes next.
fn rows_of(places: &[Place]) -> Vec<Row<'_>> {
    // of each row also the gap that is still to come
    let mut rows: Vec<(Row, usize)> = vec![(Vec::new(), 0)];
    for place in places {
        let gap = GAPS[usize::from(place.gap)];
        let mut next = Vec::new();
        for (row, before) in rows {
            let gap = gap.max(before);
            let ways = match &place.what {
                What::One(atoms) => vec![vec![(0, atoms)]],
                What::Group(ways) => ways.iter().flat_map(|way| rows_of(way)).collect(),
            };
            for way in ways {
                let mut longer = row.clone();
                longer.extend(
                    way.iter()
                        .enumerate()
                        .map(|(at, (own, atoms))| (if at == 0 { gap } else { *own }, *atoms)),
                );
                next.push((longer, 0));
            }
            if place.optional {
                next.push((row, gap));
            }
        }
        rows = next;
    }
    rows.into_iter().map(|(row, _)| row).collect()
}

/// Whether every text that has a row of words has the other.
fn holds(row: &Row, other: &Row) -> bool {
    let Some(((_, first), rest)) = other.split_first() else { return false };
    // the places of the row at which the words so far may end
    let mut ends: BTreeSet<usize> =
        row.iter().enumerate().filter(|(_, (_, atoms))| allows(first, atoms)).map(|(at, _)| at).collect();
    for (gap, wanted) in rest {
        let mut next = BTreeSet::new();
        for end in ends {
            let mut between = 0;
            for (at, (own, atoms)) in row.iter().enumerate().skip(end + 1) {
                between += own;
                if between > *gap {
                    break;
                }
                if allows(wanted, atoms) {
                    next.insert(at);
                }
                between += 1;
            }
        }
        ends = next;
    }
    !ends.is_empty()
}

/// Whether all words that may stand at a place are among those wanted.
fn allows(wanted: &BTreeSet<Atom>, atoms: &BTreeSet<Atom>) -> bool {
    let is_wanted = |atom: &Atom| wanted.contains(atom) || wanted.iter().any(|other| other.begins(atom));
    atoms.iter().all(is_wanted)
}

#[cfg(test)]
mod tests {
    use super::among;
    use crate::phrase::Classes;

    /// Each phrase that adds nothing, and what it adds nothing to.
    fn found(phrases: &[&str]) -> Vec<String> {
        let classes = Classes::new(&["the".into(), "is".into()], &[].into()).expect("good classes");
        let phrases: Vec<String> = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        let found = among(&phrases, &classes).expect("good phrases");
        found.into_iter().map(|(phrase, others)| format!("{phrase} < {}", others.join(", "))).collect()
    }

    #[test]
    fn a_longer_phrase_adds_nothing() {
        assert_eq!(found(&["mailbox full", "the mailbox full now"]), ["the mailbox full now < mailbox full"]);
        assert_eq!(found(&["a b", "x (a b|b a)"]), [""; 0]);
        assert_eq!(found(&["a b", "b a", "x (a b|b a)"]), ["x (a b|b a) < a b, b a"]);
    }

    #[test]
    fn gaps_and_words_must_be_as_wide() {
        assert_eq!(found(&["a .. b", "a ... b"]), ["a .. b < a ... b"]);
        assert_eq!(found(&["a .. b", "a c b"]), ["a c b < a .. b"]);
        assert_eq!(found(&["a .. b", "a .. c b"]), [""; 0]);
        assert_eq!(found(&["a ... b", "a .. c .. b"]), ["a .. c .. b < a ... b"]);
        assert_eq!(found(&["a b", "a c b"]), [""; 0]);
        assert_eq!(found(&["reject*", "(rejected|rejection) mail"]), ["(rejected|rejection) mail < reject*"]);
        assert_eq!(found(&["rejected", "reject* mail"]), [""; 0]);
    }

    #[test]
    fn what_may_be_missing_is_read_both_ways() {
        assert_eq!(found(&["a [b] c", "a b c"]), ["a b c < a [b] c"]);
        assert_eq!(found(&["a b c", "a [b] c"]), ["a b c < a [b] c"]);
        assert_eq!(found(&["a c", "a [b] c"]), ["a c < a [b] c"]);
        assert_eq!(found(&["a .. c", "a .. [b] c d"]), [""; 0]);
    }

    #[test]
    fn of_two_that_say_the_same_one_is_named() {
        assert_eq!(found(&["a (b|c)", "the a (c|b)"]), ["the a (c|b) < a (b|c)"]);
    }
}
