//! The rules as a list of JavaScript regular expressions, one a rule: what somebody would write who has no
//! engine. The reference that the engine is measured against (`benches/js/regexes.mjs` runs it).
//!
//! They read a text that has been made plain: lower case, one blank between two words and around all,
//! fillers dropped, things replaced by a capital. So the list is as simple, and as fast, as can be.
//!
//! ```text
//! @mailbox [quota] (exceeded|full) →  (?:mailbox|inbox|…) (?:quota )?(?:exceeded|full)
//! ```

use rulec::data::Data;
use rulec::phrase::{Atom, Classes, Place, What, compile};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What stands in the plain text for an address, a host, a URL, an IP; an id and a number stay words.
const THINGS: [&str; 6] = ["A", "H", "U", "I", "[a-z]*[0-9][^ ]*", "[0-9]+"];
/// The number of things that leave the words.
const LEAVE: usize = 4;
/// How many things a phrase steps over.
const OVER: &str = "(?:[AHUI] ){0,3}";
const GAPS: [&str; 3] = ["", "(?:[^ ]+ ){0,4}?", "(?:[^ ]+ ){0,12}?"];
const STRENGTHS: [&str; 4] = ["weak", "fair", "strong", "definite"];

/// Everything that `benches/js/regexes.mjs` needs.
pub fn list(data: &Data) -> Result<Value, String> {
    let classes = Classes::new(&data.words.fillers, &data.words.classes)?;
    let either = |phrases: &[String]| either(phrases, &classes);
    let strength =
        |name: Option<&str>| STRENGTHS.iter().position(|known| Some(*known) == name).unwrap_or(0) + 1;
    let mut rules = Vec::new();
    for placed in &data.rules {
        let rule = &placed.rule;
        rules.push(json!({
            "reason": rule.reason,
            "strength": strength(Some(&rule.strength)),
            "find": either(&rule.phrases)?,
            "unless": either(&rule.unless)?,
            "needs": needs(&rule.phrases, &classes)?,
            "codes": rule.codes,
            "provider": placed.provider.filter(|_| !rule.anywhere),
        }));
    }
    let mut marks = Vec::new();
    let mut hosts = Vec::new();
    let mut provider_codes = Vec::new();
    for (index, (_, provider)) in data.providers.iter().enumerate() {
        marks.push(either(&provider.marks)?);
        hosts.extend(provider.hosts.iter().map(|host| json!([host, index])));
        provider_codes.extend(
            provider
                .code
                .iter()
                .map(|code| json!([index, code.code, code.reason, strength(Some(&code.strength))])),
        );
    }
    let lists = data.lists.iter().map(|list| {
        json!({ "zones": list.zones, "reason": list.reason, "strength": strength(list.strength.as_deref().or(Some("definite"))) })
    });
    let codes = data.statuses.iter().filter_map(|status| {
        let permanent = status.reason.as_ref()?;
        let transient = status.reason4.as_ref().unwrap_or(permanent);
        let detail = status.code.trim_start_matches(['X', 'x', '.']);
        Some(json!([detail, permanent, transient, strength(status.strength.as_deref())]))
    });
    let replies = data.replies.iter().filter_map(|reply| Some(json!([reply.code, reply.reason.as_ref()?])));
    Ok(json!({
        "fillers": classes.fillers,
        "order": data.order,
        "rules": rules,
        "marks": marks,
        "hosts": hosts,
        "providerCodes": provider_codes,
        "lists": lists.collect::<Vec<_>>(),
        "codes": codes.collect::<Vec<_>>(),
        "replies": replies.collect::<Vec<_>>(),
    }))
}

/// One expression for the phrases that ask for words alone, one for those that ask for things; `null` where
/// there are none.
fn either(phrases: &[String], classes: &Classes) -> Result<[Option<String>; 2], String> {
    let mut ways = [Vec::new(), Vec::new()];
    for phrase in phrases {
        for places in compile(phrase, classes).map_err(|error| format!("`{phrase}`: {error}"))? {
            let things = usize::from(asks_for_things(&places));
            ways[things].push(sequence(&places, things == 1));
        }
    }
    Ok(ways.map(|ways| (!ways.is_empty()).then(|| format!(" (?:{})", ways.join("|")))))
}

/// Words one of which stands in every text that a rule speaks for; none where that cannot be said.
fn needs(phrases: &[String], classes: &Classes) -> Result<Option<BTreeSet<String>>, String> {
    let mut all = BTreeSet::new();
    for phrase in phrases {
        for places in compile(phrase, classes).map_err(|error| format!("`{phrase}`: {error}"))? {
            match places.iter().filter_map(needed).min_by_key(BTreeSet::len) {
                Some(words) => all.extend(words),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(all))
}

/// The words of a place that must be there, beginnings with a `*`, and things; none where ids or numbers may be.
fn needed(place: &Place) -> Option<BTreeSet<String>> {
    let (false, What::One(atoms)) = (place.optional, &place.what) else { return None };
    let word = |atom: &Atom| match atom {
        Atom::Word(word) => Some(word.clone()),
        Atom::Prefix(prefix) => Some(format!("{prefix}*")),
        Atom::Thing(thing) => (*thing < LEAVE).then(|| THINGS[*thing].to_owned()),
    };
    atoms.iter().map(word).collect()
}

fn asks_for_things(places: &[Place]) -> bool {
    places.iter().any(|place| match &place.what {
        What::One(atoms) => atoms.iter().any(|atom| matches!(atom, Atom::Thing(thing) if *thing < LEAVE)),
        What::Group(ways) => ways.iter().any(|way| asks_for_things(way)),
    })
}

fn sequence(places: &[Place], over_things: bool) -> String {
    let mut pattern = String::new();
    for (index, place) in places.iter().enumerate() {
        let gap = GAPS[usize::from(place.gap)];
        let over = if over_things && index > 0 { OVER } else { "" };
        let what = match &place.what {
            What::One(atoms) => one_of(atoms.iter().map(atom)) + " ",
            What::Group(ways) => one_of(ways.iter().map(|way| sequence(way, over_things))),
        };
        let _ = if place.optional {
            write!(pattern, "(?:{gap}{over}{what})?")
        } else {
            write!(pattern, "{gap}{over}{what}")
        };
    }
    pattern
}

fn one_of(ways: impl Iterator<Item = String>) -> String {
    let ways: Vec<String> = ways.collect();
    if let [one] = ways.as_slice() { one.clone() } else { format!("(?:{})", ways.join("|")) }
}

/// Words hold letters and digits alone, so nothing is escaped.
fn atom(atom: &Atom) -> String {
    match atom {
        Atom::Word(word) => word.clone(),
        Atom::Prefix(prefix) => format!("{prefix}[^ ]*"),
        Atom::Thing(thing) => THINGS[*thing].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::either;
    use rulec::phrase::Classes;
    use std::collections::BTreeMap;

    fn shown(phrase: &str) -> [Option<String>; 2] {
        let classes = BTreeMap::from([("box".to_owned(), vec!["inbox".to_owned(), "mail*".to_owned()])]);
        let classes = Classes::new(&["is".to_owned()], &classes).expect("good classes");
        either(&[phrase.to_owned()], &classes).expect("a good phrase")
    }

    #[test]
    fn phrases_become_expressions() {
        let words = |pattern: &str| [Some(pattern.to_owned()), None];
        assert_eq!(shown("@box is full"), words(" (?:(?:inbox|mail[^ ]*) full )"));
        assert_eq!(shown("a [b] .. c"), words(" (?:a (?:b )?(?:[^ ]+ ){0,4}?c )"));
        assert_eq!(shown("a (b|c d)"), words(" (?:a (?:b |c d ))"));
        assert_eq!(shown("blocked {ip}"), [None, Some(" (?:blocked (?:[AHUI] ){0,3}I )".to_owned())]);
    }
}
