//! Words, symbols and phrases: what the matcher reads.
//!
//! A *symbol* is a set of words that may stand at some place of some phrase. A word of the
//! vocabulary has a list of the symbols it belongs to. Every phrase has an *anchor*, its rarest
//! required place, and is looked for only where a word of the anchor's symbol stands. Symbols that
//! anchor something have the lowest numbers, so that the matcher reads a word's list only to there.

use crate::data::Data;
use crate::phrase::{Atom, Classes, Place, THINGS, What};
use crate::tables::{Sections, hash, hashed, u16s};
use std::collections::{BTreeMap, BTreeSet};

type Atoms = BTreeSet<Atom>;
type Ways = BTreeSet<Vec<Place>>;

/// An element with this bit names a group, not a symbol.
const GROUP: u16 = 0x8000;

/// Numbers of all symbols and groups.
struct Numbers<'a> {
    symbols: BTreeMap<&'a Atoms, u16>,
    groups: BTreeMap<&'a Ways, u16>,
    /// Symbols below this number may anchor a phrase.
    anchoring: u16,
}

/// Writes the sections of the matcher.
pub(crate) fn lay_out(phrases: &[(u16, Vec<Place>)], classes: &Classes, data: &Data, sections: &mut Sections) -> Result<(), String> {
    let frequencies = frequencies(data);
    let anchors: Vec<usize> = phrases.iter().map(|(_, places)| anchor(places, &frequencies)).collect();
    let numbers = number(phrases, &anchors)?;
    vocabulary(&numbers, classes, sections)?;
    elements(phrases, &anchors, &numbers, sections)
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

/// The sets of words that a place can begin with: its own, or the first of each way of a group.
fn firsts(place: &Place) -> Vec<&Atoms> {
    match &place.what {
        What::One(atoms) => vec![atoms],
        What::Group(ways) => {
            let mut firsts: Vec<&Atoms> = ways
                .iter()
                .filter_map(|way| match &way.first()?.what {
                    What::One(atoms) => Some(atoms),
                    What::Group(_) => None,
                })
                .collect();
            firsts.sort();
            firsts.dedup();
            firsts
        }
    }
}

/// The required place whose words are rarest in bounces. A word that no example has is still possible.
fn anchor(places: &[Place], frequencies: &BTreeMap<String, usize>) -> usize {
    let common = |atom: &Atom| match atom {
        Atom::Word(word) => 1 + 4 * frequencies.get(word).copied().unwrap_or(0),
        Atom::Prefix(prefix) => {
            let words = frequencies.range(prefix.clone()..).take_while(|(word, _)| word.starts_with(prefix));
            2 + 4 * words.map(|(_, count)| count).sum::<usize>()
        }
        Atom::Thing(_) => 4000,
    };
    let weight = |place: &Place| -> usize { firsts(place).into_iter().flatten().map(common).sum() };
    (0..places.len()).filter(|at| !places[*at].optional).min_by_key(|at| weight(&places[*at])).unwrap_or(0)
}

/// Numbers the symbols, those that anchor a phrase first; and the groups.
fn number<'a>(phrases: &'a [(u16, Vec<Place>)], anchors: &[usize]) -> Result<Numbers<'a>, String> {
    let mut symbols: BTreeMap<&Atoms, u16> = BTreeMap::new();
    let mut groups: BTreeMap<&Ways, u16> = BTreeMap::new();
    let mut add = |atoms: &'a Atoms| {
        let next = symbols.len() as u16;
        symbols.entry(atoms).or_insert(next);
    };
    for ((_, places), anchor) in phrases.iter().zip(anchors) {
        firsts(&places[*anchor]).into_iter().for_each(&mut add);
    }
    let mut rest: BTreeSet<&Atoms> = BTreeSet::new();
    for place in phrases.iter().flat_map(|(_, places)| places) {
        match &place.what {
            What::One(atoms) => {
                rest.insert(atoms);
            }
            What::Group(ways) => {
                let next = groups.len() as u16;
                groups.entry(ways).or_insert(next);
                rest.extend(ways.iter().flatten().filter_map(|place| match &place.what {
                    What::One(atoms) => Some(atoms),
                    What::Group(_) => None,
                }));
            }
        }
    }
    let anchoring = symbols.len() as u16;
    for atoms in rest {
        let next = symbols.len() as u16;
        symbols.entry(atoms).or_insert(next);
    }
    if symbols.len() >= usize::from(GROUP) || groups.len() >= usize::from(GROUP) {
        return Err(format!("{} symbols, {} groups; {GROUP} at the most", symbols.len(), groups.len()));
    }
    Ok(Numbers { symbols, groups, anchoring })
}

/// Words and prefixes with their symbols, in ascending order.
fn vocabulary(numbers: &Numbers<'_>, classes: &Classes, sections: &mut Sections) -> Result<(), String> {
    let mut of_word: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    let mut of_prefix: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    for (atoms, symbol) in &numbers.symbols {
        for atom in *atoms {
            match atom {
                Atom::Word(word) => of_word.entry(word).or_default().insert(*symbol),
                Atom::Prefix(prefix) => of_prefix.entry(prefix).or_default().insert(*symbol),
                Atom::Thing(_) => false,
            };
        }
    }
    for filler in &classes.fillers {
        of_word.entry(filler).or_default();
    }
    // a word has its own symbols and those of all prefixes that it begins with
    let with_shorter = |word: &str, own: &BTreeSet<u16>| -> BTreeSet<u16> {
        let mut all = own.clone();
        for (index, _) in word.char_indices().skip(1).chain([(word.len(), ' ')]) {
            all.extend(of_prefix.get(&word[..index]).into_iter().flatten());
        }
        all
    };
    let (mut words, mut prefixes, mut filter) = (Vec::new(), Vec::new(), vec![0u8; 1024]);
    let (mut starts, mut list) = (Vec::new(), Vec::new());
    // things come first: their entries have the numbers of the things
    for thing in 0..THINGS.len() {
        starts.push(list.len() as u16);
        let holds = |(atoms, symbol): (&&Atoms, &u16)| atoms.contains(&Atom::Thing(thing)).then_some(*symbol);
        list.extend(numbers.symbols.iter().filter_map(holds).collect::<BTreeSet<u16>>());
    }
    for (word, own) in &of_word {
        words.push((hash(word.as_bytes()), starts.len() as u16));
        starts.push(list.len() as u16);
        let filler = classes.fillers.contains(*word);
        list.extend(if filler { BTreeSet::from([u16::MAX]) } else { with_shorter(word, own) });
    }
    for (prefix, own) in &of_prefix {
        let hash = hash(prefix.as_bytes());
        prefixes.push((hash, starts.len() as u16));
        filter[(hash as usize & 8191) / 8] |= 1 << (hash & 7);
        starts.push(list.len() as u16);
        list.extend(with_shorter(prefix, own));
    }
    starts.push(list.len() as u16);
    if list.len() > usize::from(u16::MAX) {
        return Err(format!("{} word symbols; 65535 at the most", list.len()));
    }
    sections.push(hashed(&words)?);
    sections.push(hashed(&prefixes)?);
    sections.push(filter);
    sections.push(u16s(starts));
    sections.push(u16s(list));
    Ok(())
}

/// Anchors, phrases, their elements, and the ways of groups.
fn elements(phrases: &[(u16, Vec<Place>)], anchors: &[usize], numbers: &Numbers<'_>, sections: &mut Sections) -> Result<(), String> {
    let mut elements: Vec<u8> = Vec::new();
    let mut add = |places: &[Place]| -> u32 {
        let start = elements.len() as u32 / 3;
        for place in places {
            let number = match &place.what {
                What::One(atoms) => numbers.symbols[atoms],
                What::Group(ways) => GROUP | numbers.groups[ways],
            };
            elements.extend(number.to_le_bytes());
            elements.push(place.gap | u8::from(place.optional) << 2);
        }
        start
    };
    let mut in_order: Vec<&Ways> = numbers.groups.keys().copied().collect();
    in_order.sort_by_key(|ways| numbers.groups[*ways]);
    let (mut group_starts, mut ways_table) = (vec![0u16], Vec::new());
    for ways in in_order {
        for way in ways {
            ways_table.extend(add(way).to_le_bytes());
            ways_table.push(way.len() as u8);
        }
        group_starts.push((ways_table.len() / 5) as u16);
    }
    let mut anchored: Vec<Vec<u16>> = vec![Vec::new(); usize::from(numbers.anchoring)];
    let mut rows = Vec::new();
    for (index, ((target, places), anchor)) in phrases.iter().zip(anchors).enumerate() {
        for atoms in firsts(&places[*anchor]) {
            anchored[usize::from(numbers.symbols[atoms])].push(index as u16);
        }
        rows.extend(add(places).to_le_bytes());
        rows.extend(target.to_le_bytes());
        rows.extend([places.len() as u8, *anchor as u8]);
    }
    if phrases.len() > usize::from(u16::MAX) {
        return Err(format!("{} phrases; 65535 at the most", phrases.len()));
    }
    let mut anchor_starts = vec![0u16];
    for list in &anchored {
        anchor_starts.push(anchor_starts.last().copied().unwrap_or(0) + list.len() as u16);
    }
    sections.push(u16s(anchor_starts));
    sections.push(u16s(anchored.into_iter().flatten()));
    sections.push(rows);
    sections.push(elements);
    sections.push(u16s(group_starts));
    sections.push(ways_table);
    Ok(())
}
