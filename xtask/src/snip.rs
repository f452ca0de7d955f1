//! Takes out of a wasm what only panics: nobody can read their messages, as nothing prints them, and the trap that
//! ends a panic is all that JavaScript sees. So the functions that begin one trap at once, and the optimiser drops
//! what they would have called. The places in the sources that such messages would name become zeros.

use crate::shell::Outcome;

/// Functions of the standard library that never return.
const PANICS: &[&str] = &[
    "::panicking::panic",
    "::panicking::assert_failed",
    "::str::slice_error_fail",
    "::slice::index::slice_",
    "::option::unwrap_failed",
    "::option::expect_failed",
    "::result::unwrap_failed",
    "::cell::panic_already",
    "::thread::local::panic_access_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "alloc::alloc::handle_alloc_error",
    // what a panic would show, and nothing else does
    "<str as core::fmt::Debug>::fmt",
    "<char as core::fmt::Debug>::fmt",
    "<core::ops::range::Range<usize> as core::fmt::Debug>::fmt",
];

const IMPORTS: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;
/// No locals, `unreachable`, `end`.
const TRAP: &[u8] = &[0, 0x00, 0x0B];

/// The same module, its panics cut short.
pub fn panics(wasm: &[u8]) -> Outcome<Vec<u8>> {
    cut(wasm).ok_or_else(|| "the wasm cannot be read: its sections are not what they should be".to_owned())
}

fn cut(wasm: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = wasm.split_at_checked(8)?;
    let mut sections = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        let (content, after) = rest.split_at_checked(length)?;
        sections.push((*id, content));
        rest = after;
    }
    let imported = match sections.iter().find(|(id, _)| *id == IMPORTS) {
        Some((_, content)) => imported_functions(content)?,
        None => 0,
    };
    let names =
        sections.iter().filter(|(id, _)| *id == 0).find_map(|(_, content)| function_names(content))?;
    let panics: Vec<usize> = names
        .iter()
        .filter(|(_, name)| PANICS.iter().any(|panic| plain(name).contains(panic)))
        .map(|(index, _)| *index)
        .collect();
    let mut out = head.to_vec();
    for (id, content) in sections {
        let made = match id {
            CODE => Some(bodies(content, imported, &panics)?),
            DATA => Some(without_places(content)?),
            _ => None,
        };
        let content = made.as_deref().unwrap_or(content);
        out.push(id);
        put(content.len(), &mut out);
        out.extend_from_slice(content);
    }
    Some(out)
}

/// A name without the hashes of crates: `core[c5930c85a12de822]::panicking::panic`.
fn plain(name: &str) -> String {
    let parts = name.split('[').map(|part| part.split_once(']').map_or(part, |(_, after)| after));
    parts.collect()
}

/// The code section with the bodies of some functions replaced.
fn bodies(mut content: &[u8], imported: usize, panics: &[usize]) -> Option<Vec<u8>> {
    let count = number(&mut content)?;
    let mut out = Vec::new();
    put(count, &mut out);
    for function in 0..count {
        let length = number(&mut content)?;
        let (body, after) = content.split_at_checked(length)?;
        content = after;
        let body = if panics.contains(&(imported + function)) { TRAP } else { body };
        put(body.len(), &mut out);
        out.extend_from_slice(body);
    }
    Some(out)
}

/// The data section without places in sources: each is the address and length of a file's name, a line and a column,
/// four numbers of four bytes. Addresses are above all lines: the first megabyte is the stack's.
fn without_places(content: &[u8]) -> Option<Vec<u8>> {
    let mut out = content.to_vec();
    let mut rest = content;
    for _ in 0..number(&mut rest)? {
        // a segment of the one memory at a constant address
        let after = rest.strip_prefix(&[0, 0x41])?;
        rest = after;
        let address = number(&mut rest)?;
        rest = rest.strip_prefix(&[0x0B])?;
        let length = number(&mut rest)?;
        let start = content.len() - rest.len();
        let (segment, after) = rest.split_at_checked(length)?;
        rest = after;
        for at in (0..segment.len().saturating_sub(15)).step_by(4) {
            let four = |index: usize| {
                let bytes = segment.get(at + 4 * index..)?.first_chunk()?;
                Some(u32::from_le_bytes(*bytes) as usize)
            };
            let (name, length, line, column) = (four(0)?, four(1)?, four(2)?, four(3)?);
            let is_place = (1..STACK).contains(&line) && (1..STACK).contains(&column) && length < STACK;
            let Some(name) = name.checked_sub(address).filter(|_| is_place && name >= STACK) else {
                continue;
            };
            if segment
                .get(name..name + length)
                .is_some_and(|name| name.ends_with(b".rs") && name.contains(&b'/'))
            {
                out.get_mut(start + at..start + at + 16)?.fill(0);
                out.get_mut(start + name..start + name + length)?.fill(0);
            }
        }
    }
    Some(out)
}

/// Where data begins, behind the stack.
const STACK: usize = 1 << 20;

/// How many functions are imported: they have the first numbers.
fn imported_functions(mut content: &[u8]) -> Option<usize> {
    let mut functions = 0;
    for _ in 0..number(&mut content)? {
        for _ in 0..2 {
            let length = number(&mut content)?;
            content = content.get(length..)?;
        }
        let (kind, after) = content.split_first()?;
        content = after;
        // wasm-bindgen imports nothing but functions
        if *kind != 0 {
            return None;
        }
        number(&mut content)?;
        functions += 1;
    }
    Some(functions)
}

/// The names of functions by number, of the section `name`.
fn function_names(mut content: &[u8]) -> Option<Vec<(usize, &str)>> {
    if text(&mut content)? != "name" {
        return None;
    }
    while let Some((id, after)) = content.split_first() {
        content = after;
        let length = number(&mut content)?;
        let (mut names, after) = content.split_at_checked(length)?;
        if *id == 1 {
            let count = number(&mut names)?;
            return (0..count).map(|_| Some((number(&mut names)?, text(&mut names)?))).collect();
        }
        content = after;
    }
    None
}

fn text<'a>(content: &mut &'a [u8]) -> Option<&'a str> {
    let length = number(content)?;
    let (text, after) = content.split_at_checked(length)?;
    *content = after;
    std::str::from_utf8(text).ok()
}

/// Reads a number in LEB128.
fn number(content: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let (byte, after) = content.split_first()?;
        *content = after;
        value |= usize::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Writes a number in LEB128.
fn put(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let byte = (value & 0x7F) as u8;
        value >>= 7;
        if value == 0 {
            return out.push(byte);
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::panics;

    /// Two functions, `a` and one of this name, each with the body `i32.const 5; drop`.
    fn module(name: &str) -> Vec<u8> {
        let body = [6, 0, 0x41, 5, 0x1A, 0x01, 0x0B];
        let code = [&[2][..], &body, &body].concat();
        let names = [&[2, 0, 1, b'a', 1, name.len() as u8], name.as_bytes()].concat();
        let custom = [&[4][..], b"name", &[1, names.len() as u8], &names].concat();
        let section = |id: u8, content: &[u8]| [&[id, content.len() as u8], content].concat();
        [&b"\0asm\x01\0\0\0"[..], &section(10, &code), &section(0, &custom)].concat()
    }

    #[test]
    fn a_panic_traps_at_once_and_others_stay() {
        let before = module("core[c5930c85a12de822]::panicking::panic_fmt");
        let after = panics(&before).expect("it is a module");
        assert_eq!(
            &after[8..],
            &[&[10, 12, 2], &before[11..18], &[3, 0, 0, 0x0B], &before[25..]].concat()[..]
        );
        let others = module("core::fmt::write");
        assert_eq!(panics(&others).as_ref(), Ok(&others));
    }

    #[test]
    fn places_in_sources_become_zeros() {
        let four = |number: u32| number.to_le_bytes();
        let segment = |path: &[u8]| {
            let numbers = [four(1 << 20), four(path.len() as u32), four(7), four(3)].concat();
            [&[1, 0, 0x41, 0x80, 0x80, 0xC0, 0, 0x0B, 24][..], path, &numbers].concat()
        };
        let module =
            |data: &[u8]| [&b"\0asm\x01\0\0\0\x0B"[..], &[data.len() as u8], data, NO_NAMES].concat();
        let place = module(&segment(b"src/a.rs"));
        let zeros = [&place[..19], &[0; 24], NO_NAMES].concat();
        assert_eq!(panics(&place), Ok(zeros));
        let words = module(&segment(b"src/a.rx"));
        assert_eq!(panics(&words).as_ref(), Ok(&words));
    }

    /// A section of names that has none.
    const NO_NAMES: &[u8] = &[0, 8, 4, b'n', b'a', b'm', b'e', 1, 1, 0];

    #[test]
    fn what_is_no_module_is_said_to_be_none() {
        assert!(panics(b"\0asm\x01\0\0\0\x0A\x7F").is_err());
        assert!(panics(b"").is_err());
    }
}
