//! The phrase language: from `@mailbox [quota] (exceeded|full)` to sequences of word sets.

use crate::text::words::{self, Item};
use std::collections::{BTreeMap, BTreeSet};

/// A word, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom {
    /// Exactly this word.
    Word(String),
    /// Any word that begins so.
    Prefix(String),
    /// A thing: `addr`, `host`, `url`, `ip`, `id`, `n`.
    Thing(usize),
}

impl Atom {
    /// Whether it is a beginning of words that another begins with, or is.
    pub fn begins(&self, other: &Atom) -> bool {
        matches!((self, other), (Atom::Prefix(prefix), Atom::Word(word) | Atom::Prefix(word)) if word.starts_with(prefix))
    }
}

/// The names of things, in the order of their symbol numbers.
pub const THINGS: [&str; 6] = ["addr", "host", "url", "ip", "id", "n"];

/// What may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Any of these words.
    One(BTreeSet<Atom>),
    /// Any of these short sequences; none of them holds another group.
    Group(BTreeSet<Vec<Place>>),
}

/// One place of a phrase, after a gap.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What may stand here.
    pub what: What,
    /// How many words may stand before it: 0 none, 1 up to 4, 2 up to 12.
    pub gap: u8,
    /// May be missing.
    pub optional: bool,
}

/// Word classes, resolved.
#[derive(Debug, Default)]
pub struct Classes {
    /// Each class's atoms; a class may hold several words in a row only through phrases.
    pub atoms: BTreeMap<String, BTreeSet<Atom>>,
    /// Words that are dropped.
    pub fillers: BTreeSet<String>,
}

/// How many ways one group may have.
const MOST: usize = 400;

/// How many rows of words one phrase may stand for: one for each choice among its groups and the words
/// that may be missing. The matcher looks for each.
const MOST_LINES: usize = 500;

fn lines(places: &[Place]) -> usize {
    let ways = |place: &Place| match &place.what {
        What::One(_) => 1,
        What::Group(ways) => ways.iter().map(|way| lines(way)).sum(),
    };
    places.iter().map(|place| ways(place) + usize::from(place.optional)).product()
}

#[derive(Clone, Debug)]
enum Node {
    Atoms(BTreeSet<Atom>),
    Gap(u8),
    Any(Vec<Vec<Node>>),
}

/// Compiles one phrase: to one sequence of places, or to two where the order is free.
pub fn compile(phrase: &str, classes: &Classes) -> Result<Vec<Vec<Place>>, String> {
    let halves: Vec<&str> = split_top(phrase, '&');
    let sequences = match halves.as_slice() {
        [one] => vec![sequence(one, classes)?],
        [left, right] => vec![
            sequence(&format!("{left} .. {right}"), classes)?,
            sequence(&format!("{right} .. {left}"), classes)?,
        ],
        _ => return Err("one & at the most".into()),
    };
    for sequence in &sequences {
        if sequence.iter().all(|place| place.optional) {
            return Err("nothing in it is required".into());
        }
        if sequence.len() > 24 {
            return Err("more than 24 words".into());
        }
        if sequence.iter().filter(|place| place.gap > 0).count() > 4 {
            return Err("more than four gaps".into());
        }
        let lines = lines(sequence);
        if lines > MOST_LINES {
            return Err(format!("it stands for {lines} rows of words: {MOST_LINES} at the most"));
        }
    }
    Ok(sequences)
}

fn split_top(text: &str, at: char) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (index, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            c if c == at && depth == 0 => {
                parts.push(text[from..index].trim());
                from = index + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts
}

fn sequence(text: &str, classes: &Classes) -> Result<Vec<Place>, String> {
    let mut places = places(&parse(text, classes)?)?;
    // what may be missing at either end decides nothing
    while places.first().is_some_and(|place| place.optional) && places.len() > 1 {
        places.remove(0);
    }
    while places.last().is_some_and(|place| place.optional) && places.len() > 1 {
        places.pop();
    }
    match places.first_mut() {
        Some(first) => first.gap = 0,
        None => return Err("no words in it".into()),
    }
    Ok(places)
}

/// Turns nodes into places: alternatives of one word each become one place, others a group.
fn places(nodes: &[Node]) -> Result<Vec<Place>, String> {
    let mut places = Vec::new();
    let mut gap = 0;
    for node in nodes {
        let (what, optional) = match node {
            Node::Gap(size) => {
                gap = gap.max(*size);
                continue;
            }
            Node::Atoms(atoms) => (What::One(atoms.clone()), false),
            Node::Any(branches) => {
                let ways = ways(branches)?;
                let optional = ways.iter().any(Vec::is_empty);
                match alternatives(ways) {
                    Some(what) => (what, optional),
                    None => continue,
                }
            }
        };
        places.push(Place { what, gap: std::mem::take(&mut gap), optional });
    }
    Ok(places)
}

/// The branches of alternatives, each as flat places; inner alternatives are multiplied out.
fn ways(branches: &[Vec<Node>]) -> Result<Vec<Vec<Place>>, String> {
    let mut all = Vec::new();
    for branch in branches {
        let mut ways: Vec<Vec<Place>> = vec![Vec::new()];
        for place in places(branch)? {
            let mut next = Vec::new();
            for way in &ways {
                let extend = |more: &[Place]| {
                    let joint = way.len();
                    let mut way = way.clone();
                    way.extend_from_slice(more);
                    if let (true, Some(first)) = (place.gap > 0, way.get_mut(joint)) {
                        first.gap = place.gap;
                    }
                    way
                };
                match &place.what {
                    What::One(_) => next.push(extend(std::slice::from_ref(&place))),
                    What::Group(inner) => {
                        next.extend(inner.iter().map(|sequence| extend(sequence)));
                        if place.optional {
                            next.push(way.clone());
                        }
                    }
                }
            }
            ways = next;
        }
        all.extend(ways);
        if all.len() > MOST {
            return Err(format!("alternatives within alternatives: more than {MOST} ways"));
        }
    }
    Ok(all)
}

/// Merges the one-word ways into one set; a group where there are longer ones.
fn alternatives(ways: Vec<Vec<Place>>) -> Option<What> {
    let mut words = BTreeSet::new();
    let mut longer = BTreeSet::new();
    for mut way in ways {
        while way.first().is_some_and(|place| place.optional) && way.len() > 1 {
            way.remove(0);
        }
        while way.last().is_some_and(|place| place.optional) && way.len() > 1 {
            way.pop();
        }
        match (way.len(), way.first_mut()) {
            (1, Some(Place { what: What::One(atoms), .. })) => words.append(atoms),
            (_, Some(first)) => {
                first.gap = 0;
                longer.insert(way);
            }
            (_, None) => {}
        }
    }
    if longer.is_empty() {
        return (!words.is_empty()).then_some(What::One(words));
    }
    if !words.is_empty() {
        longer.insert(vec![Place { what: What::One(words), gap: 0, optional: false }]);
    }
    Some(What::Group(longer))
}

fn parse(text: &str, classes: &Classes) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let first = rest.chars().next().unwrap_or(' ');
        if first == '(' || first == '[' {
            let end = closing(rest).ok_or_else(|| format!("`{rest}`: bracket without its partner"))?;
            let mut branches = Vec::new();
            for branch in split_top(&rest[1..end], '|') {
                let nodes = parse(branch, classes)?;
                // a branch of fillers alone is no alternative; one without words is "or nothing"
                if !nodes.is_empty() || branch.is_empty() {
                    branches.push(nodes);
                }
            }
            if first == '[' {
                branches.push(Vec::new());
            }
            nodes.push(Node::Any(branches));
            rest = &rest[end + 1..];
        } else {
            let len = rest.find([' ', '(', '[']).unwrap_or(rest.len());
            word(&rest[..len], classes, &mut nodes)?;
            rest = &rest[len..];
        }
        rest = rest.trim_start();
    }
    Ok(nodes)
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (index, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

fn word(text: &str, classes: &Classes, nodes: &mut Vec<Node>) -> Result<(), String> {
    match text {
        ".." => nodes.push(Node::Gap(1)),
        "..." | "…" => nodes.push(Node::Gap(2)),
        _ if text.starts_with('@') => {
            let atoms =
                classes.atoms.get(&text[1..]).ok_or_else(|| format!("unknown word class `{text}`"))?;
            nodes.push(Node::Atoms(atoms.clone()));
        }
        _ if text.starts_with('{') => {
            let name = text.trim_matches(['{', '}']);
            let thing = THINGS
                .iter()
                .position(|thing| *thing == name)
                .ok_or_else(|| format!("unknown thing `{text}`"))?;
            nodes.push(Node::Atoms([Atom::Thing(thing)].into()));
        }
        _ => {
            for atom in atoms(text)? {
                if !matches!(&atom, Atom::Word(word) if classes.fillers.contains(word)) {
                    nodes.push(Node::Atoms([atom].into()));
                }
            }
        }
    }
    Ok(())
}

/// The words of a piece of a phrase, as the reader of texts would see them.
pub fn atoms(text: &str) -> Result<Vec<Atom>, String> {
    let prefix = text.ends_with('*');
    let text = text.trim_end_matches('*');
    if text.contains('*') {
        return Err(format!("`{text}`: * only at the end of a word"));
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(vec![if prefix { Atom::Prefix(text.into()) } else { Atom::Word(text.into()) }]);
    }
    // a word before it keeps a number from being read as a reply code
    let read = words::read(&format!("w {text}"));
    if !read.codes.is_empty() {
        return Err(format!("`{text}` is a code: use `codes`"));
    }
    let mut atoms = Vec::new();
    for word in read.words.iter().skip(1) {
        if !matches!(word.item, Item::Word | Item::Number | Item::Mixed) {
            return Err(format!("`{text}` is a host name, address or URL, not words"));
        }
        atoms.push(Atom::Word(String::from_utf8_lossy(read.letters(word)).into_owned()));
    }
    if prefix
        && let Some(last) = atoms.last_mut()
        && let Atom::Word(word) = &*last
    {
        *last = Atom::Prefix(word.clone());
    }
    if atoms.is_empty() { Err(format!("`{text}` holds no word")) } else { Ok(atoms) }
}

impl Classes {
    /// Resolves the classes of `words.toml`.
    pub fn new(fillers: &[String], classes: &BTreeMap<String, Vec<String>>) -> Result<Classes, String> {
        let mut resolved = Classes::default();
        for filler in fillers {
            for atom in atoms(filler)? {
                if let Atom::Word(word) = atom {
                    resolved.fillers.insert(word);
                }
            }
        }
        for name in classes.keys() {
            let atoms = resolve(name, classes, 0)?;
            resolved.atoms.insert(name.clone(), atoms);
        }
        Ok(resolved)
    }
}

fn resolve(
    name: &str,
    classes: &BTreeMap<String, Vec<String>>,
    depth: u32,
) -> Result<BTreeSet<Atom>, String> {
    let words = classes.get(name).ok_or_else(|| format!("unknown word class `@{name}`"))?;
    if depth > 8 {
        return Err(format!("word class `@{name}` contains itself"));
    }
    let mut set = BTreeSet::new();
    for word in words {
        if let Some(inner) = word.strip_prefix('@') {
            set.extend(resolve(inner, classes, depth + 1)?);
        } else {
            let atoms = atoms(word)?;
            if atoms.len() != 1 {
                return Err(format!("class `@{name}`: `{word}` is more than one word"));
            }
            set.extend(atoms);
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::{Atom, Classes, Place, What, compile};
    use std::collections::BTreeMap;

    fn classes() -> Classes {
        let classes = BTreeMap::from([("who".to_string(), vec!["user".to_string(), "reject*".to_string()])]);
        Classes::new(&["the".into(), "is".into()], &classes).expect("good classes")
    }

    fn shown_places(places: &[Place]) -> String {
        let shown = |place: &Place| {
            let what = match &place.what {
                What::One(atoms) => atoms.iter().map(shown_atom).collect::<Vec<_>>().join("|"),
                What::Group(ways) => {
                    format!("({})", ways.iter().map(|way| shown_places(way)).collect::<Vec<_>>().join("|"))
                }
            };
            let gap = ["", "..", "..."][place.gap as usize];
            format!("{gap}{what}{}", if place.optional { "?" } else { "" })
        };
        places.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    fn shown_atom(atom: &Atom) -> String {
        match atom {
            Atom::Word(word) => word.clone(),
            Atom::Prefix(prefix) => format!("{prefix}*"),
            Atom::Thing(thing) => format!("{{{}}}", super::THINGS[*thing]),
        }
    }

    fn shown(phrase: &str) -> Vec<String> {
        compile(phrase, &classes())
            .expect("a good phrase")
            .iter()
            .map(|places| shown_places(places))
            .collect()
    }

    #[test]
    fn phrases_expand() {
        assert_eq!(shown("The User is unknown"), ["user unknown"]);
        assert_eq!(shown("@who (full|gone)"), ["user|reject* full|gone"]);
        assert_eq!(shown("a (b|c d) e"), ["a (b|c d) e"]);
        assert_eq!(shown("a [b] c"), ["a b? c"]);
        assert_eq!(shown("a [b c] d"), ["a (b c)? d"]);
        assert_eq!(shown("a (the|b) c"), ["a b c"]);
        assert_eq!(shown("(a (b|c d)|e) f"), ["(a b|a c d|e) f"]);
        assert_eq!(shown("a .. b ... c"), ["a ..b ...c"]);
        assert_eq!(shown("a & b c"), ["a ..b c", "b c ..a"]);
        assert_eq!(shown("doesn't {addr} e-mail"), ["doesnt {addr} email"]);
        assert_eq!(shown("用户 .. 不"), ["用 户 ..不"]);
        assert_eq!(shown("[x] a [the]"), ["a"]);
        assert_eq!(shown("554 30"), ["554 30"]);
    }

    #[test]
    fn bad_phrases_say_why() {
        for (phrase, why) in [
            ("(a|b", "bracket"),
            ("@nobody", "unknown word class"),
            ("the", "no words"),
            ("see example.com", "host name"),
            ("a*b", "end of a word"),
        ] {
            let error = compile(phrase, &classes()).expect_err(phrase);
            assert!(error.contains(why), "{phrase}: {error}");
        }
    }
}
