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

/// The names of things, in the order of their symbol numbers.
pub const THINGS: [&str; 6] = ["addr", "host", "url", "ip", "id", "n"];

/// One place of a sequence: any of the atoms, after a gap of at most so many words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What may stand here.
    pub atoms: BTreeSet<Atom>,
    /// 0, 1 (up to 4 words between) or 2 (up to 12).
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

const MOST: usize = 1200;

#[derive(Clone, Debug)]
enum Node {
    Atoms(BTreeSet<Atom>),
    Gap(u8),
    Any(Vec<Vec<Node>>),
}

/// Compiles one phrase to its sequences.
pub fn compile(phrase: &str, classes: &Classes) -> Result<Vec<Vec<Place>>, String> {
    let mut sequences = Vec::new();
    let halves: Vec<&str> = split_top(phrase, '&');
    match halves.as_slice() {
        [one] => sequences.extend(sequence(one, classes)?),
        [left, right] => {
            for (first, second) in [(left, right), (right, left)] {
                sequences.extend(sequence(&format!("{first} .. {second}"), classes)?);
            }
        }
        _ => return Err("one & at the most".into()),
    }
    sequences.sort();
    sequences.dedup();
    if sequences.len() > MOST {
        return Err(format!("expands to {} sequences; {MOST} at the most", sequences.len()));
    }
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

fn sequence(text: &str, classes: &Classes) -> Result<Vec<Vec<Place>>, String> {
    let nodes = parse(text, classes)?;
    let mut done = Vec::new();
    for flat in expand(&nodes)? {
        let mut places: Vec<Place> = Vec::new();
        let mut gap = 0;
        for node in flat {
            match node {
                Flat::Gap(size) => gap = gap.max(size),
                Flat::Place(atoms, optional) => {
                    let gap = if places.is_empty() { 0 } else { std::mem::take(&mut gap) };
                    places.push(Place { atoms, gap, optional });
                }
            }
        }
        // what may be missing at either end decides nothing
        while places.first().is_some_and(|place| place.optional) && places.len() > 1 {
            places.remove(0);
        }
        while places.last().is_some_and(|place| place.optional) && places.len() > 1 {
            places.pop();
        }
        if let Some(first) = places.first_mut() {
            first.gap = 0;
        }
        if !places.is_empty() {
            done.push(places);
        }
    }
    if done.is_empty() { Err("no words in it".into()) } else { Ok(done) }
}

#[derive(Clone, Debug)]
enum Flat {
    Place(BTreeSet<Atom>, bool),
    Gap(u8),
}

/// All ways through the alternatives. Alternatives of one word each stay one place.
fn expand(nodes: &[Node]) -> Result<Vec<Vec<Flat>>, String> {
    let mut ways: Vec<Vec<Flat>> = vec![Vec::new()];
    for node in nodes {
        let options: Vec<Vec<Flat>> = match node {
            Node::Atoms(atoms) => vec![vec![Flat::Place(atoms.clone(), false)]],
            Node::Gap(size) => vec![vec![Flat::Gap(*size)]],
            Node::Any(branches) => {
                let mut single = BTreeSet::new();
                let mut empty = false;
                let mut longer: Vec<Vec<Flat>> = Vec::new();
                for branch in branches {
                    for way in expand(branch)? {
                        match way.as_slice() {
                            [] => empty = true,
                            [Flat::Place(atoms, optional)] => {
                                single.extend(atoms.iter().cloned());
                                empty |= *optional;
                            }
                            _ => longer.push(way),
                        }
                    }
                }
                let mut options = longer;
                if !single.is_empty() {
                    options.push(vec![Flat::Place(single, empty)]);
                } else if empty {
                    options.push(Vec::new());
                }
                options
            }
        };
        if ways.len() * options.len() > MOST * 4 {
            return Err(format!("expands to more than {} sequences", MOST * 4));
        }
        ways = ways
            .iter()
            .flat_map(|way| options.iter().map(move |option| way.iter().chain(option).cloned().collect()))
            .collect();
    }
    Ok(ways)
}

fn parse(text: &str, classes: &Classes) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let first = rest.chars().next().unwrap_or(' ');
        if first == '(' || first == '[' {
            let end = closing(rest).ok_or_else(|| format!("`{rest}`: bracket without its partner"))?;
            let mut branches = split_top(&rest[1..end], '|')
                .into_iter()
                .map(|branch| parse(branch, classes))
                .collect::<Result<Vec<_>, _>>()?;
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
            let atoms = classes.atoms.get(&text[1..]).ok_or_else(|| format!("unknown word class `{text}`"))?;
            nodes.push(Node::Atoms(atoms.clone()));
        }
        _ if text.starts_with('{') => {
            let name = text.trim_matches(['{', '}']);
            let thing = THINGS.iter().position(|thing| *thing == name).ok_or_else(|| format!("unknown thing `{text}`"))?;
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
    if prefix && let Some(last) = atoms.last_mut() && let Atom::Word(word) = &*last {
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

fn resolve(name: &str, classes: &BTreeMap<String, Vec<String>>, depth: u32) -> Result<BTreeSet<Atom>, String> {
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
    use super::{Classes, compile};
    use std::collections::BTreeMap;

    fn classes() -> Classes {
        let classes = BTreeMap::from([("who".to_string(), vec!["user".to_string(), "reject*".to_string()])]);
        Classes::new(&["the".into(), "is".into()], &classes).expect("good classes")
    }

    fn shown(phrase: &str) -> Vec<String> {
        let shown = |sequence: &Vec<super::Place>| {
            sequence
                .iter()
                .map(|place| {
                    let atoms: Vec<String> = place.atoms.iter().map(|atom| match atom {
                        super::Atom::Word(word) => word.clone(),
                        super::Atom::Prefix(prefix) => format!("{prefix}*"),
                        super::Atom::Thing(thing) => format!("{{{}}}", super::THINGS[*thing]),
                    }).collect();
                    let gap = ["", "..", "..."][place.gap as usize];
                    format!("{gap}{}{}", atoms.join("|"), if place.optional { "?" } else { "" })
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        compile(phrase, &classes()).expect("a good phrase").iter().map(shown).collect()
    }

    #[test]
    fn phrases_expand() {
        assert_eq!(shown("The User is unknown"), ["user unknown"]);
        assert_eq!(shown("@who (full|gone)"), ["user|reject* full|gone"]);
        assert_eq!(shown("a (b|c d) e"), ["a b e", "a c d e"]);
        assert_eq!(shown("a [b] c"), ["a b? c"]);
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
