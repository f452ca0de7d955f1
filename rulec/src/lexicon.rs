//! Words and phrases: what the matcher reads.
//!
//! The tables travel, so they are written small: each column in a section of its own, where a
//! compressor sees what repeats, and nothing that the other columns tell. The core unpacks them
//! once (`src/rules/index.rs`, which reads the sections in the same order).
//!
//! The vocabulary is sorted, so that the words that begin with a prefix follow the prefix. A place
//! of a phrase holds a *number*: that of a word, or beyond them that of a set of words. A set is
//! written out where it first stands; its number is what later places say.

use crate::data::Data;
use crate::phrase::{Atom, Classes, Place, THINGS, What};
use crate::tables::{Sections, u16s};
use crate::text::words::hash;
use std::collections::{BTreeMap, BTreeSet};

type Atoms = BTreeSet<Atom>;

/// The numbers of words, prefixes and things.
struct Vocabulary {
    numbers: BTreeMap<Atom, u16>,
    /// The number of the first set.
    size: usize,
}

/// What ends an entry of the vocabulary; below all letters and digits, so that a prefix comes
/// before the words that it begins.
const FILLER: u8 = b'!';
const PREFIX: u8 = b'*';
const WORD: u8 = b'+';
/// The longest word in bytes; the matcher looks at no more of any word.
const LONGEST: usize = 64;

/// The highest number of a word, set or phrase; the matcher needs the few above it.
const MOST: usize = 0xFFF0;
/// The most words of a set: its size is a byte.
const LARGEST: usize = 255;

/// Bits of a kind: the gap is in the lowest two.
const OPTIONAL: u8 = 4;
const NEW_SET: u8 = 8;
const GROUP: u8 = 16;
/// Some line of the phrase is looked for at this place.
const ANCHOR: u8 = 32;
/// The last kind of a phrase.
const LAST: u8 = 64;

/// Writes the sections of the matcher. The phrases are in the order of their targets.
pub(crate) fn lay_out(
    phrases: &[(u16, Vec<Place>)],
    classes: &Classes,
    data: &Data,
    sections: &mut Sections,
) -> Result<(), String> {
    let vocabulary = vocabulary(phrases, classes, sections)?;
    let mut columns = Columns {
        vocabulary: &vocabulary,
        sets: BTreeMap::new(),
        kinds: Vec::new(),
        numbers: Vec::new(),
        sizes: Vec::new(),
        members: Vec::new(),
        groups: Vec::new(),
    };
    let frequencies = frequencies(data);
    let mut links = 0;
    for (_, places) in phrases {
        let anchors = anchors(places, &|atoms| common(atoms, &frequencies));
        columns.add(places, &anchors);
        if let Some(last) = columns.kinds.last_mut() {
            *last |= LAST;
        }
        links += anchors.iter().map(|place| words_of(place)).sum::<usize>();
    }
    let numbers = vocabulary.size + columns.sets.len();
    // the places of all phrases of one word are numbered too; all of them might be of one
    let places = columns.kinds.len();
    if numbers.max(phrases.len()).max(places).max(links) > MOST {
        let phrases = phrases.len();
        return Err(format!(
            "{numbers} words and sets, {phrases} phrases, {places} places, {links} of them to look at: \
             {MOST} at the most"
        ));
    }
    if let Some(set) = columns.sets.keys().find(|set| set.len() > LARGEST) {
        return Err(format!("{} words for one place: {LARGEST} at the most", set.len()));
    }
    sections.push(columns.kinds);
    sections.push(u16s(columns.numbers));
    sections.push(columns.sizes);
    sections.push(u16s(columns.members));
    sections.push(columns.groups);
    sections.push(targets(phrases));
    Ok(())
}

/// In how many of the data's examples each word stands: how common it is in bounces.
fn frequencies(data: &Data) -> BTreeMap<String, usize> {
    let of_rules = data.rules.iter().flat_map(|placed| placed.rule.is.iter().chain(&placed.rule.is_not));
    let of_codes = data.providers.iter().flat_map(|(_, provider)| &provider.code).flat_map(|code| &code.is);
    let of_reasons = data.reasons.iter().map(|reason| &reason.example);
    let mut frequencies = BTreeMap::new();
    for text in of_rules.chain(of_codes).chain(of_reasons) {
        let read = crate::text::words::read(text);
        let words: BTreeSet<&[u8]> = read.words.iter().map(|word| read.letters(word)).collect();
        for word in words {
            *frequencies.entry(String::from_utf8_lossy(word).into_owned()).or_insert(0) += 1;
        }
    }
    frequencies
}

/// Things are in most bounces.
const COMMON_THING: usize = 4000;

/// How common one of these words is in bounces. A word that no example has is still possible.
fn common(atoms: &Atoms, frequencies: &BTreeMap<String, usize>) -> usize {
    let of = |atom: &Atom| match atom {
        Atom::Word(word) => 1 + 4 * frequencies.get(word).copied().unwrap_or(0),
        Atom::Prefix(prefix) => {
            let begun = frequencies.range(prefix.clone()..).take_while(|(word, _)| word.starts_with(prefix));
            1 + 4 * begun.map(|(_, count)| count).sum::<usize>()
        }
        Atom::Thing(_) => COMMON_THING,
    };
    atoms.iter().filter(|atom| !begins_with_another(atom, atoms)).map(of).sum()
}

/// Whether a word begins with another of a set, which then stands for it.
fn begins_with_another(atom: &Atom, atoms: &Atoms) -> bool {
    atoms.iter().any(|other| other != atom && other.begins(atom))
}

/// The places at which the matcher looks for a phrase: of each line that it stands for the rarest word that
/// the line must have. Of two that are as rare, it is the one that all lines share.
fn anchors<'a>(places: &'a [Place], common: &dyn Fn(&Atoms) -> usize) -> Vec<&'a Place> {
    let rarest = |places: &'a [Place]| {
        let words = places.iter().filter(|place| !place.optional).filter_map(|place| match &place.what {
            What::One(atoms) => Some((common(atoms), place)),
            What::Group(_) => None,
        });
        words.min_by_key(|(common, _)| *common)
    };
    let shared = rarest(places);
    let least = shared.map_or(usize::MAX, |(common, _)| common);
    let mut anchors = Vec::new();
    let mut each_line_has_one = false;
    for place in places {
        let What::Group(ways) = &place.what else { continue };
        let rarer = |way: &'a Vec<Place>| rarest(way).filter(|(common, _)| *common < least);
        anchors.extend(ways.iter().filter_map(rarer).map(|(_, place)| place));
        each_line_has_one |= !place.optional && ways.iter().all(|way| rarer(way).is_some());
    }
    anchors.extend(shared.filter(|_| !each_line_has_one).map(|(_, place)| place));
    anchors
}

/// How many words may stand at a place.
fn words_of(place: &Place) -> usize {
    match &place.what {
        What::One(atoms) => atoms.len(),
        What::Group(_) => 0,
    }
}

/// Writes the vocabulary, each entry as what it does not share with the one before, and gives the
/// numbers of its words and prefixes. Things have the lowest numbers and are not written.
fn vocabulary(
    phrases: &[(u16, Vec<Place>)],
    classes: &Classes,
    sections: &mut Sections,
) -> Result<Vocabulary, String> {
    let entry = |atom: &Atom| match atom {
        Atom::Word(word) if classes.fillers.contains(word) => Some([word.as_bytes(), &[FILLER]].concat()),
        Atom::Word(word) => Some([word.as_bytes(), &[WORD]].concat()),
        Atom::Prefix(prefix) => Some([prefix.as_bytes(), &[PREFIX]].concat()),
        Atom::Thing(_) => None,
    };
    let fillers: BTreeSet<Atom> = classes.fillers.iter().cloned().map(Atom::Word).collect();
    let mut atoms: BTreeSet<&Atom> = fillers.iter().collect();
    for (_, places) in phrases {
        atoms_of(places, &mut atoms);
    }
    let entries: BTreeSet<Vec<u8>> = atoms.iter().filter_map(|atom| entry(atom)).collect();
    let (mut shared, mut tails) = (Vec::new(), Vec::new());
    // of each two letters that words begin with: how many words, and how long all of them are written
    let mut buckets: Vec<[usize; 2]> = Vec::new();
    let (mut before, mut hashes): (&[u8], _) = (&[], BTreeSet::new());
    for written in &entries {
        let (word, end) = written.split_at(written.len() - 1);
        if word.len() > LONGEST {
            return Err(format!("`{}` is longer than {LONGEST} bytes", String::from_utf8_lossy(word)));
        }
        if !hashes.insert((end == [PREFIX], hash(word))) {
            return Err(format!("`{}` has the hash of another word", String::from_utf8_lossy(word)));
        }
        let same = before.iter().zip(word).take_while(|(one, other)| one == other).count();
        let begins_anew = before.is_empty() || before.iter().take(2).ne(word.iter().take(2));
        if begins_anew {
            buckets.push([0, 0]);
        }
        if let Some([words, bytes]) = buckets.last_mut() {
            *words += 1;
            *bytes += written.len() - same;
        }
        shared.push(same as u8);
        tails.extend(written.iter().skip(same));
        before = word;
    }
    sections.push(shared);
    sections.push(tails);
    let mut beginnings = Vec::new();
    buckets.into_iter().flatten().for_each(|number| varint(&mut beginnings, number));
    sections.push(beginnings);
    let places: BTreeMap<&Vec<u8>, usize> = entries.iter().zip(THINGS.len()..).collect();
    let number = |atom: &Atom| match atom {
        Atom::Thing(thing) => *thing,
        other => entry(other).and_then(|entry| places.get(&entry).copied()).unwrap_or(0),
    };
    let numbers = atoms.into_iter().map(|atom| (atom.clone(), number(atom) as u16)).collect();
    Ok(Vocabulary { numbers, size: THINGS.len() + entries.len() })
}

fn atoms_of<'a>(places: &'a [Place], atoms: &mut BTreeSet<&'a Atom>) {
    for place in places {
        match &place.what {
            What::One(set) => atoms.extend(set),
            What::Group(ways) => ways.iter().for_each(|way| atoms_of(way, atoms)),
        }
    }
}

/// The places of all phrases, by column.
struct Columns<'a> {
    vocabulary: &'a Vocabulary,
    sets: BTreeMap<&'a Atoms, u16>,
    /// Of each place: its gap, whether it is optional, what it is.
    kinds: Vec<u8>,
    /// Of each place that holds a word, or a set that stood somewhere before.
    numbers: Vec<u16>,
    /// Of each new set: how many words it has, and which.
    sizes: Vec<u8>,
    members: Vec<u16>,
    /// Of each group: how many ways it has, and how many places each way.
    groups: Vec<u8>,
}

impl<'a> Columns<'a> {
    /// Adds places, then the ways of the groups among them.
    fn add(&mut self, places: &'a [Place], anchors: &[&Place]) {
        for place in places {
            let is_anchor = anchors.iter().any(|anchor| std::ptr::eq(*anchor, place));
            let kind =
                place.gap | if place.optional { OPTIONAL } else { 0 } | if is_anchor { ANCHOR } else { 0 };
            let what = match &place.what {
                What::One(atoms) => self.add_set(atoms),
                What::Group(ways) => {
                    varint(&mut self.groups, ways.len());
                    self.groups.extend(ways.iter().map(|way| way.len() as u8));
                    GROUP
                }
            };
            self.kinds.push(kind | what);
        }
        for place in places {
            if let What::Group(ways) = &place.what {
                for way in ways {
                    self.add(way, anchors);
                }
            }
        }
    }

    /// Adds a word or set; gives its bit of the kind.
    fn add_set(&mut self, atoms: &'a Atoms) -> u8 {
        let numbers = &self.vocabulary.numbers;
        let known = match atoms.first() {
            Some(only) if atoms.len() == 1 => numbers.get(only),
            _ => self.sets.get(atoms),
        };
        if let Some(known) = known {
            self.numbers.push(*known);
            return 0;
        }
        let needed = atoms.iter().filter(|atom| !begins_with_another(atom, atoms));
        let members: BTreeSet<u16> = needed.filter_map(|atom| numbers.get(atom).copied()).collect();
        self.sizes.push(members.len() as u8);
        self.members.extend(members);
        self.sets.insert(atoms, (self.vocabulary.size + self.sets.len()) as u16);
        NEW_SET
    }
}

/// How many phrases each target has, as steps from target to target and counts.
fn targets(phrases: &[(u16, Vec<Place>)]) -> Vec<u8> {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for (target, _) in phrases {
        *counts.entry(*target).or_insert(0) += 1;
    }
    let (mut bytes, mut before) = (Vec::new(), 0);
    for (target, count) in counts {
        // more than fit in a byte are told again, a step of nothing further
        for from in (0..count).step_by(255) {
            bytes.extend((target - before).to_le_bytes());
            bytes.push((count - from).min(255) as u8);
            before = target;
        }
    }
    bytes
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}
