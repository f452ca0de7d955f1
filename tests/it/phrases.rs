//! The matcher against a plain reading of the phrase language: no tables, no hashes, no anchors. Every
//! phrase is tried from every word on, and all ways through it are followed at once.

use bouncelens::rules::{Rules, Target, find};
use bouncelens::text::words::{self, Item};
use bouncelens::types::Provider;
use rulec::data::Data;
use rulec::phrase::{Atom, Classes, Place, What, compile};
use std::collections::BTreeSet;
use std::path::Path;

/// How many words a gap may hold, and how many things are stepped over beside them.
const GAPS: [usize; 3] = [0, 4, 12];
const THINGS: usize = 3;

/// A word as phrases see it.
#[derive(Default)]
struct Token {
    /// The word, where a phrase has it; else the longest beginning that one asks for.
    known: String,
    is_word: bool,
    thing: Option<usize>,
    passable: bool,
}

/// All phrases, and all words in them.
struct Language {
    phrases: Vec<(Target, Vec<Place>)>,
    fillers: BTreeSet<String>,
    words: BTreeSet<String>,
    prefixes: BTreeSet<String>,
}

impl Language {
    fn new(data: &Data) -> Language {
        let classes = Classes::new(&data.words.fillers, &data.words.classes).expect("good classes");
        let mut all: Vec<(Target, &String)> = Vec::new();
        for (rule, placed) in (0..).zip(&data.rules) {
            all.extend(placed.rule.phrases.iter().map(|phrase| (Target::Rule(rule), phrase)));
            all.extend(placed.rule.unless.iter().map(|phrase| (Target::Guard(rule), phrase)));
        }
        for (provider, (_, file)) in (0..).zip(&data.providers) {
            all.extend(file.marks.iter().map(|phrase| (Target::Mark(Provider(provider)), phrase)));
        }
        for (list, blocklist) in (0..).zip(&data.lists) {
            all.extend(blocklist.phrases.iter().map(|phrase| (Target::Blocklist(list), phrase)));
        }
        let sequences = |(target, phrase): (Target, &String)| {
            let sequences = compile(phrase, &classes).expect("good phrases");
            sequences.into_iter().map(move |sequence| (target, sequence))
        };
        let mut language = Language {
            phrases: all.into_iter().flat_map(sequences).collect(),
            fillers: classes.fillers.clone(),
            words: BTreeSet::new(),
            prefixes: BTreeSet::new(),
        };
        let phrases = std::mem::take(&mut language.phrases);
        for (_, places) in &phrases {
            language.learn(places);
        }
        Language { phrases, ..language }
    }

    fn learn(&mut self, places: &[Place]) {
        for place in places {
            match &place.what {
                What::Group(ways) => ways.iter().for_each(|way| self.learn(way)),
                What::One(atoms) => {
                    for atom in atoms {
                        match atom {
                            Atom::Word(word) => self.words.insert(word.clone()),
                            Atom::Prefix(prefix) => self.prefixes.insert(prefix.clone()),
                            Atom::Thing(_) => false,
                        };
                    }
                }
            }
        }
    }

    fn tokens(&self, text: &str) -> Vec<Token> {
        let read = words::read(text);
        let token = |word: &words::Word| {
            let letters = String::from_utf8_lossy(read.letters(word)).into_owned();
            let thing = match word.item {
                Item::Word => None,
                Item::Address => Some(0),
                Item::Host => Some(1),
                Item::Url => Some(2),
                Item::Ip => Some(3),
                Item::Mixed => Some(4),
                Item::Number => Some(5),
            };
            if word.item.is_thing() {
                return Some(Token { thing, passable: true, ..Token::default() });
            }
            if self.fillers.contains(&letters) {
                return None;
            }
            let is_word = self.words.contains(&letters);
            let known = if is_word { letters } else { self.beginning(&letters, word.item) };
            let passable = thing.is_some() && (known.is_empty() || word.item == Item::Number);
            Some(Token { known, is_word, thing, passable })
        };
        read.words.iter().filter_map(token).collect()
    }

    /// The longest beginning that counts; of an id one that has a digit, or that digits alone follow.
    fn beginning(&self, letters: &str, item: Item) -> String {
        let counts = |prefix: &&String| {
            let rest = letters.strip_prefix(prefix.as_str());
            let has_digit = prefix.bytes().any(|byte| byte.is_ascii_digit());
            let before_digits = rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
            rest.is_some() && prefix.len() > 1 && (item != Item::Mixed || has_digit || before_digits)
        };
        self.prefixes.iter().filter(counts).max_by_key(|prefix| prefix.len()).cloned().unwrap_or_default()
    }

    /// What all phrases that are there say; guards where something speaks for their rule.
    fn find(&self, text: &str) -> BTreeSet<String> {
        let tokens = self.tokens(text);
        let there = self.phrases.iter().filter(|(_, places)| is_there(places, &tokens));
        let targets: Vec<Target> = there.map(|(target, _)| *target).collect();
        let counts = |target: &&Target| match target {
            Target::Guard(rule) => targets.contains(&Target::Rule(*rule)),
            _ => true,
        };
        targets.iter().filter(counts).map(|target| format!("{target:?}")).collect()
    }
}

fn is_there(places: &[Place], tokens: &[Token]) -> bool {
    (0..tokens.len()).any(|at| !all_ways(places, at, tokens).is_empty())
}

/// Where places can end that begin at a token.
fn all_ways(places: &[Place], at: usize, tokens: &[Token]) -> BTreeSet<usize> {
    let Some((first, rest)) = places.split_first() else { return BTreeSet::new() };
    // the last token so far, and the gap of what was left out
    let mut states: BTreeSet<(usize, usize)> =
        ends(first, at, tokens).into_iter().map(|last| (last, 0)).collect();
    for place in rest {
        let mut next = BTreeSet::new();
        for (last, carried) in states {
            let gap = GAPS[place.gap as usize].max(carried);
            let (mut words, mut things) = (0, 0);
            for (at, token) in tokens.iter().enumerate().skip(last + 1) {
                next.extend(ends(place, at, tokens).into_iter().map(|last| (last, 0)));
                if token.passable && things < THINGS {
                    things += 1;
                } else {
                    words += 1;
                }
                if words > gap {
                    break;
                }
            }
            if place.optional {
                next.insert((last, gap));
            }
        }
        states = next;
    }
    states.into_iter().map(|(last, _)| last).collect()
}

/// Where one place can end that begins at a token.
fn ends(place: &Place, at: usize, tokens: &[Token]) -> BTreeSet<usize> {
    match &place.what {
        What::Group(ways) => ways.iter().flat_map(|way| all_ways(way, at, tokens)).collect(),
        What::One(atoms) if atoms.iter().any(|atom| is_atom(atom, &tokens[at])) => [at].into(),
        What::One(_) => BTreeSet::new(),
    }
}

fn is_atom(atom: &Atom, token: &Token) -> bool {
    match atom {
        Atom::Word(word) => token.is_word && token.known == *word,
        Atom::Prefix(prefix) => token.known.starts_with(prefix.as_str()),
        Atom::Thing(thing) => token.thing == Some(*thing),
    }
}

#[test]
fn the_matcher_finds_what_a_plain_reading_finds() {
    let data = Data::read(Path::new("data")).expect("the data can be read");
    let language = Language::new(&data);
    let rules = Rules::embedded();
    let examples: Vec<&str> =
        data.rules.iter().flat_map(|placed| &placed.rule.is).map(String::as_str).collect();
    // some examples, texts of words from three others, and words beside what is stepped over
    let words_of = |at: usize| examples[at % examples.len()].split(' ').skip(1);
    let mixed = (0..examples.len()).step_by(151).map(|at| {
        let three = words_of(at * 7).zip(words_of(at * 13 + 5)).zip(words_of(at * 29 + 11));
        three.flat_map(|((a, b), c)| [a, b, c]).collect::<Vec<_>>().join(" ")
    });
    let parted = examples.iter().skip(50).step_by(151).map(|text| text.replace(' ', " a@example.com "));
    let hostile = ["mailbox user message not from host domain ".repeat(6), "a1 ".repeat(40), "用".repeat(40)];
    let plain = examples.iter().step_by(61).map(|text| (*text).to_string());
    for text in plain.chain(mixed).chain(parted).chain(hostile) {
        let hits = find(&rules, &words::read(&text));
        let found: BTreeSet<String> = hits.iter().map(|hit| format!("{:?}", hit.target)).collect();
        assert_eq!(found, language.find(&text), "{text}");
    }
}
