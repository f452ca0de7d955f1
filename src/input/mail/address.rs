//! Mail addresses in fields and in running text.

use crate::input::seek;
use crate::text::decode;
use crate::text::ends;
use std::borrow::Cow;
use std::ops::Range;

/// Longest local part and domain that are looked at (RFC 5321 section 4.5.3.1, and some more for
/// the encoded local parts of gateways).
const LOCAL: usize = 192;
const DOMAIN: usize = 255;

/// All addresses in a text, in order.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + seek::any(text.as_bytes().get(from..)?, [b'@']);
            if at >= text.len() {
                return None;
            }
            let found = around(text, at, from);
            from = found.as_ref().map_or(at + 1, |range| range.end);
            if found.is_some() {
                return found;
            }
        }
    })
}

/// The address around an `@`, not reaching before `from`.
fn around(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let before = bytes.get(from..at)?;
    let mut local = before.iter().rev().take(LOCAL).take_while(|byte| is_local(**byte)).count();
    if local == 0 && before.last() == Some(&b'"') {
        // A quoted local part: "ann b"@example.com
        let inner = before.iter().rev().skip(1).take(64).position(|byte| *byte == b'"')?;
        local = inner + 2;
    }
    let mut start = at - local;
    while start < at
        && matches!(bytes.get(start), Some(b'.' | b'\'' | b'/' | b'=' | b'-' | b'*' | b'#' | b'|' | b'{'))
    {
        start += 1;
    }
    if let Some(rest) = text.get(start..at) {
        start += rest.len() - strip_type(rest).len();
    }
    start += in_running_text(text.get(start..at).unwrap_or_default());
    let after = bytes.get(at + 1..)?;
    let mut domain = after.iter().take(DOMAIN).take_while(|byte| is_domain(**byte)).count();
    if after.first() == Some(&b'[') {
        domain = after.iter().take(64).position(|byte| *byte == b']')? + 1;
    }
    let mut end = at + 1 + text.get(at + 1..at + 1 + domain).map_or(domain, before_running_text);
    while end > at + 1 && matches!(bytes.get(end - 1), Some(b'.' | b'-' | b'_')) {
        end -= 1;
    }
    (start < at && end > at + 1 && text.is_char_boundary(start) && text.is_char_boundary(end))
        .then_some(start..end)
}

/// Where the local part begins, if words that are written without blanks stand before it:
/// `收件人ann@example.com`, `地址（ann@example.com）`.
fn in_running_text(local: &str) -> usize {
    if local.is_ascii() {
        return 0;
    }
    let after = |(at, letter): (usize, char)| {
        let rest = at + letter.len_utf8();
        let latin =
            local.get(rest..).is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_alphanumeric()));
        (is_wide_mark(letter) || is_wide(letter) && latin).then_some(rest)
    };
    local.char_indices().rev().find_map(after).unwrap_or(0)
}

/// Where the domain ends, if such words stand behind it: `ann@example.com不存在`.
fn before_running_text(domain: &str) -> usize {
    if domain.is_ascii() {
        return domain.len();
    }
    let mut latin = false;
    for (at, letter) in domain.char_indices() {
        if is_wide_mark(letter) || latin && is_wide(letter) {
            return at;
        }
        latin = letter.is_ascii_alphanumeric();
    }
    domain.len()
}

/// Letters of scripts that are written without blanks.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
        && !is_wide_mark(letter)
}

/// Brackets, stops and quotes of these scripts, and typographic ones of others.
fn is_wide_mark(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '«' | '»' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

fn is_local(byte: u8) -> bool {
    // RFC 5322 section 3.2.3
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-'..=b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
        || byte >= 0x80
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'-' | b'_')
}

fn strip_type(text: &str) -> &str {
    ["mailto:", "smtp:", "rfc822:"]
        .iter()
        .find_map(|kind| {
            text.get(..kind.len()).filter(|head| head.eq_ignore_ascii_case(kind)).and(text.get(kind.len()..))
        })
        .unwrap_or(text)
}

/// The address that stands at the very start of a text.
pub fn at_start(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let at = seek::any(bytes.get(..LOCAL + 16).unwrap_or(bytes), [b'@']);
    let range = bytes.get(at).filter(|byte| **byte == b'@').and_then(|_| around(text, at, 0))?;
    (range.start == 0).then_some(range.end)
}

/// The address of a field: `rfc822; <a@example.com>`, xtext and `\x{…}` decoded (RFC 3464 section
/// 2.3.1, RFC 3461 section 4, RFC 6533 section 3).
pub fn of_field<'a>(value: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    let (kind, rest) = match value.split_once(';') {
        Some((kind, rest)) if !kind.contains('@') => (ends::trim(kind), rest),
        _ => ("", value.as_ref()),
    };
    let address = clean(rest);
    if address.is_empty() {
        return None;
    }
    if kind.eq_ignore_ascii_case("utf-8") && address.contains("\\x{") {
        return Some(unicode(address).into());
    }
    let encoded = |mark| seek::mark(address, mark, b'+').is_some();
    if encoded("+40") && !address.contains('@') || encoded("+3D") && !kind.is_empty() {
        return Some(String::from_utf8_lossy(&decode::hex_marks(address, b'+')).into_owned().into());
    }
    if let Some(inner) = exchange(address) {
        return Some(inner.into());
    }
    Some(match value {
        Cow::Borrowed(value) => {
            borrowed(value, address).map_or_else(|| address.to_owned().into(), Cow::Borrowed)
        }
        Cow::Owned(_) => address.to_owned().into(),
    })
}

/// The same words as a slice with the longer life.
fn borrowed<'a>(value: &'a str, part: &str) -> Option<&'a str> {
    let start = (part.as_ptr() as usize).checked_sub(value.as_ptr() as usize)?;
    value.get(start..start + part.len())
}

/// Without brackets, quotes, comments and a `name <…>` around it.
fn clean(text: &str) -> &str {
    let text = ends::trim(text);
    // `@relay:ann@host`: a source route (RFC 5321 appendix C).
    let text =
        text.strip_prefix('@').and_then(|route| route.split_once(':')).map_or(text, |(_, address)| address);
    if seek::any(text.as_bytes(), [b'<', b'(', b' ']) < text.len()
        && let Some(range) = find(text).next()
    {
        return text.get(range).unwrap_or(text);
    }
    strip_type(ends::bare(text, b"<>\"',;"))
}

/// `\x{E9}` (RFC 6533 section 3).
fn unicode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x{") {
        out.push_str(before);
        let (code, tail) = after.split_once('}').unwrap_or((after, ""));
        out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Exchange's encapsulated addresses: `IMCEAEX-_O=…+2E…@host` and `IMCEASMTP-ann+40example+2Ecom@host`.
fn exchange(address: &str) -> Option<String> {
    let inner = address.get(..9)?.eq_ignore_ascii_case("IMCEASMTP").then(|| address.get(10..))??;
    let inner = inner.split('@').next()?;
    Some(String::from_utf8_lossy(&decode::hex_marks(inner, b'+')).into_owned())
}

/// Two addresses are the same mailbox, as far as case can tell.
pub fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<&str> {
        find(text).filter_map(|range| text.get(range)).collect()
    }

    #[test]
    fn addresses_are_found_in_running_text() {
        assert_eq!(all("to <a@example.com>: b+c@example.org."), ["a@example.com", "b+c@example.org"]);
        assert_eq!(
            all("x<mailto:a@example.com> \"an b\"@example.com"),
            ["a@example.com", "\"an b\"@example.com"]
        );
        assert_eq!(
            all("root@localhost user@[192.0.2.1] @nobody nobody@ @"),
            ["root@localhost", "user@[192.0.2.1]"]
        );
        assert_eq!(all("用户@例子.cn"), ["用户@例子.cn"]);
        assert_eq!(all("收件人地址（li@example.com）不存在。"), ["li@example.com"]);
        assert_eq!(all("宛先taro@example.comは存在しません"), ["taro@example.com"]);
        assert_eq!(all("«müller@example.com»"), ["müller@example.com"]);
    }

    #[test]
    fn fields_are_decoded() {
        let field = |text: &'static str| of_field(&Cow::Borrowed(text)).unwrap_or_default().into_owned();
        assert_eq!(field("rfc822; <Ann@Example.com>"), "Ann@Example.com");
        assert_eq!(field("RFC822;a@example.com"), "a@example.com");
        assert_eq!(field("rfc822;ann+40example.com"), "ann@example.com");
        assert_eq!(field("utf-8; \\x{75}ser\\x{E9}@example.com"), "useré@example.com");
        assert_eq!(field("IMCEASMTP-ann+40example+2Ecom@example.org"), "ann@example.com");
        assert_eq!(field("X-LOCAL;<ann>"), "ann");
    }
}
