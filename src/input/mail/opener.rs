//! Lines that open a recipient's block: they begin with an address, or are little else.

use super::{address, code};
use crate::input::seek;
use crate::text::ends;

/// A line that opens a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Opener<'t> {
    /// The addresses it names.
    pub addresses: Vec<&'t str>,
    /// The words behind them.
    pub rest: &'t str,
    /// A name stands before the address, as in a header.
    pub named: bool,
}

/// Reads a line as an opener. `fresh`: no paragraph is open, so a weaker form will do. `told`:
/// the line itself tells of a failure, so it may be a sentence.
pub fn read(line: &str, fresh: bool, told: impl Fn() -> bool) -> Option<Opener<'_>> {
    if seek::any(line.as_bytes(), [b'@']) == line.len() {
        return local(line);
    }
    let body = line.trim_start_matches([' ', '\t', '*', '-', '>', '•', '·', '|', '+', '=', '"', '\'', '→']);
    leading(body, told).or_else(|| fresh.then(|| trailing(line)).flatten()).or_else(|| local(line))
}

/// `<a@example.com>: …`, `a@example.com`, `a@example.com, b@example.com`, `a@example.com [no]`.
fn leading(body: &str, told: impl Fn() -> bool) -> Option<Opener<'_>> {
    let open = ends::start(body, b"<[(\" ");
    let len = address::at_start(open.strip_prefix("mailto:").unwrap_or(open))?
        + (open.len() - open.strip_prefix("mailto:").unwrap_or(open).len());
    let mut addresses = vec![open.get(..len)?.trim_start_matches("mailto:")];
    let mut rest = close(open.get(len..)?);
    while let Some(next) = rest.strip_prefix([',', ';']).map(|rest| ends::start(rest, b" <"))
        && let Some(len) = address::at_start(next)
    {
        addresses.push(next.get(..len)?);
        rest = close(next.get(len..)?);
    }
    if let Some(link) = link(rest) {
        rest = link;
    }
    let sure = rest.is_empty()
        || rest.starts_with([':', ',', '(', '[', ';'])
        || rest.starts_with("...")
        || rest.starts_with("  ")
        || [" :", " (", " [", " ...", " -", "\t", " <", " \""].iter().any(|start| rest.starts_with(start))
        || dated(rest);
    if !sure && (rest.len() > 300 || !told()) {
        return None;
    }
    let rest = if dated(rest) { end(rest) } else { rest };
    let rest = ends::trim_end(ends::start(rest, b" :,\t-."));
    Some(Opener { addresses, rest, named: false })
}

fn close(rest: &str) -> &str {
    ends::start(rest, b">\"'")
}

/// `<mailto:a@example.com>` behind the address that it repeats.
fn link(rest: &str) -> Option<&str> {
    let inner = ends::trim_start(rest).strip_prefix(['<', '[', '('])?;
    let (link, after) = inner.split_once(['>', ']', ')'])?;
    let address = link
        .get(..7)
        .filter(|head| head.eq_ignore_ascii_case("mailto:"))
        .map_or(link, |_| link.get(7..).unwrap_or_default());
    (address::at_start(address) == Some(address.len())).then_some(after)
}

/// ` on 5/1/2024 10:00 AM`: a time and nothing else, in any language.
fn dated(rest: &str) -> bool {
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    rest.starts_with(' ')
        && digits >= 6
        && rest.len() < 48
        && rest.matches([':', '/', '.']).count() >= 2
        && !rest.contains('@')
        && code::find(rest).is_none_or(|place| place.form != code::Form::Reply)
}

/// `Ann Example (ann@example.com)`, `Ann <ann@example.com>`: a name and an address, nothing more.
fn trailing(line: &str) -> Option<Opener<'_>> {
    let body = ends::trim_end(line).strip_suffix([')', '>'])?;
    let body = ends::end(body, b">) ");
    let range = address::find(body).last()?;
    let before = body.get(..range.start)?;
    if ends::end(before, b" <(").ends_with(':') && !before.ends_with("<mailto:") {
        return None;
    }
    let name = ends::trim(ends::end(before, b"(<: ").trim_end_matches("<mailto"));
    let is_name = range.end == body.len()
        && name.len() <= 64
        && !name.contains([':', '.', '@', '=', '、', '。', '，'])
        && name.split(' ').count() <= 4;
    let addresses = || body.get(range).into_iter().collect();
    is_name.then(|| Opener { addresses: addresses(), rest: end(line), named: !name.is_empty() })
}

/// Nothing, as a slice of the line.
fn end(line: &str) -> &str {
    line.get(line.len()..).unwrap_or_default()
}

/// `<ann>:` where the domain is left out.
fn local(line: &str) -> Option<Opener<'_>> {
    let (name, rest) = line.strip_prefix('<')?.split_once(">:")?;
    let is_name = !name.is_empty() && name.len() < 64 && !name.contains([' ', '@', '<']);
    is_name.then(|| Opener { addresses: vec![name], rest: ends::trim(rest), named: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(line: &str) -> Option<(Vec<&str>, &str)> {
        read(line, true, || false).map(|opener| (opener.addresses, opener.rest))
    }

    #[test]
    fn lines_that_begin_with_an_address_open_a_block() {
        let one = |line| opens(line).map(|(addresses, rest)| (addresses.len(), rest));
        assert_eq!(one("<a@example.com>: host mx said: 550"), Some((1, "host mx said: 550")));
        assert_eq!(one("a@example.com: 550 5.1.1 no"), Some((1, "550 5.1.1 no")));
        assert_eq!(one("   * a@example.com"), Some((1, "")));
        assert_eq!(one("a@example.com, b@example.com"), Some((2, "")));
        assert_eq!(one("a@example.com<mailto:a@example.com>"), Some((1, "")));
        assert_eq!(one("a@example.com (a@example.com)"), Some((1, "")));
        assert_eq!(one("\"a@example.com\":"), Some((1, "")));
        assert_eq!(one("a@example.com on 5/1/2024 10:00 AM"), Some((1, "")));
        assert_eq!(one("a@example.com - is gone (554 5.2.1)"), Some((1, "is gone (554 5.2.1)")));
        assert_eq!(one("<a@example.com>   (User unknown)"), Some((1, "(User unknown)")));
        assert_eq!(one("Ann Example (ann@example.com)"), Some((1, "")));
        assert_eq!(one("a@example.com, ERROR_CODE :550"), Some((1, "ERROR_CODE :550")));
        assert_eq!(one("<ann>: no such user"), Some((1, "no such user")));
    }

    #[test]
    fn sentences_do_not() {
        assert_eq!(opens("Your message to a@example.com failed."), None);
        assert_eq!(opens("550 5.1.1 <a@example.com>: no"), None);
        assert_eq!(opens("User x (a@example.com) not listed"), None);
        assert_eq!(opens("a@example.com is here to help"), None);
        assert!(read("a@example.com is not here", false, || true).is_some());
        assert_eq!(opens("To:   <a@example.com>"), None);
        assert_eq!(opens("解決できない場合は、<a@example.com>"), None);
    }
}
