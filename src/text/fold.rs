//! One character, made comparable: lower case, no accent, plain width.
//!
//! `Ü` → `u`, `ß` → `ss`, `Ё` → `е`, `Ａ` → `a`. Written as ranges, because the Unicode tables of
//! the standard library would cost the wasm more than all of this module.

/// What a character is to a reader of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// A letter or digit, folded; the second one where a letter folds to two (`ß` → `s`, `s`).
    Letter(char, Option<char>),
    /// A character that is a word by itself: Chinese, Japanese, Korean.
    Ideograph(char),
    /// Nothing: combining marks, soft hyphens, zero-width characters.
    Skip,
    /// Anything that stands between words.
    Break,
}

/// Base letters of U+00C0 to U+017F in order; `*` is not a letter, capitals fold to two letters.
const LATIN: &[u8; 192] =
    b"aaaaaaAceeeeiiiidnooooo*ouuuuyTSaaaaaaAceeeeiiiidnooooo*ouuuuyTyaaaaaaccccccccddddeeeeeeeeeegggg\
gggghhhhiiiiiiiiiiIIjjkkkllllllllllnnnnnnnnnooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// Folds one character.
pub fn fold(c: char) -> Folded {
    let code = c as u32;
    match code {
        0x30..=0x39 | 0x61..=0x7A => Folded::Letter(c, None),
        0x41..=0x5A => Folded::Letter(c.to_ascii_lowercase(), None),
        0xAA => Folded::Letter('a', None),
        0xBA => Folded::Letter('o', None),
        0x00AD
        | 0x0300..=0x036F
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0xFE00..=0xFE0F
        | 0xFEFF => Folded::Skip,
        0..=0xBF
        | 0x2000..=0x2BFF
        | 0x2E00..=0x2E7F
        | 0x3000..=0x3004
        | 0x3008..=0x303F
        | 0xFE10..=0xFE6F
        | 0xFFE0..=0xFFFF => Folded::Break,
        0xC0..=0x17F => latin(code),
        0x0218 | 0x0219 => Folded::Letter('s', None),
        0x021A | 0x021B => Folded::Letter('t', None),
        0x0386..=0x03CE => Folded::Letter(greek(code), None),
        0x0400..=0x045F => Folded::Letter(cyrillic(code), None),
        0x0490 | 0x0491 => Folded::Letter('г', None),
        0x1E00..=0x1EFF => Folded::Letter(vietnamese(code), None),
        0xFF10..=0xFF19 => Folded::Letter(plain(code, 0xFEE0), None),
        0xFF21..=0xFF3A => Folded::Letter(plain(code, 0xFEC0), None),
        0xFF41..=0xFF5A => Folded::Letter(plain(code, 0xFEE0), None),
        0xFF01..=0xFF20 | 0xFF3B..=0xFF40 | 0xFF5B..=0xFF65 | 0x30FB => Folded::Break,
        0x3005..=0x3007
        | 0x3040..=0x30FF
        | 0x31F0..=0x31FF
        | 0x3400..=0x9FFF
        | 0xAC00..=0xD7AF
        | 0xF900..=0xFAFF
        | 0xFF66..=0xFF9F
        | 0x20000..=0x3FFFF => Folded::Ideograph(c),
        _ => Folded::Letter(c, None),
    }
}

fn plain(code: u32, by: u32) -> char {
    char::from_u32(code - by).unwrap_or(' ')
}

fn latin(code: u32) -> Folded {
    let base = LATIN.get((code - 0xC0) as usize).copied().unwrap_or(b'*');
    match base {
        b'*' => Folded::Break,
        b'A' => Folded::Letter('a', Some('e')),
        b'S' => Folded::Letter('s', Some('s')),
        b'T' => Folded::Letter('t', Some('h')),
        b'I' => Folded::Letter('i', Some('j')),
        b'O' => Folded::Letter('o', Some('e')),
        base => Folded::Letter(base as char, None),
    }
}

fn greek(code: u32) -> char {
    match code {
        0x0386 | 0x03AC => 'α',
        0x0388 | 0x03AD => 'ε',
        0x0389 | 0x03AE => 'η',
        0x038A | 0x03AA | 0x03AF | 0x0390 | 0x03CA => 'ι',
        0x038C | 0x03CC => 'ο',
        0x038E | 0x03AB | 0x03CD | 0x03B0 | 0x03CB => 'υ',
        0x038F | 0x03CE => 'ω',
        0x03C2 => 'σ',
        0x0391..=0x03A9 => char::from_u32(code + 0x20).unwrap_or(' '),
        _ => char::from_u32(code).unwrap_or(' '),
    }
}

fn cyrillic(code: u32) -> char {
    let lower = match code {
        0x0400..=0x040F => code + 0x50,
        0x0410..=0x042F => code + 0x20,
        _ => code,
    };
    match lower {
        0x0450 | 0x0451 => 'е',
        _ => char::from_u32(lower).unwrap_or(' '),
    }
}

/// Latin Extended Additional is mostly Vietnamese: only the vowels that mail servers' words use.
fn vietnamese(code: u32) -> char {
    match code {
        0x1EA0..=0x1EB7 => 'a',
        0x1EB8..=0x1EC7 => 'e',
        0x1EC8..=0x1ECB => 'i',
        0x1ECC..=0x1EE3 => 'o',
        0x1EE4..=0x1EF1 => 'u',
        0x1EF2..=0x1EF9 => 'y',
        0x1E9E => 's',
        _ => char::from_u32(code).unwrap_or(' '),
    }
}

#[cfg(test)]
mod tests {
    use super::{Folded, fold};

    fn folded(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match fold(c) {
                Folded::Letter(a, b) => out.extend([Some(a), b].into_iter().flatten()),
                Folded::Ideograph(a) => out.push(a),
                Folded::Skip => {}
                Folded::Break => out.push(' '),
            }
        }
        out
    }

    #[test]
    fn letters_lose_case_accent_and_width() {
        for (text, expected) in [
            ("Überschritten Größe", "uberschritten grosse"),
            ("Boîte à œufs ÆÐÞ", "boite a oeufs aedth"),
            ("İstanbul ığüşöç", "istanbul igusoc"),
            ("ŁÓDŹ Přeposílání ąćęłńóśźż", "lodz preposilani acelnoszz"),
            ("őű ŐŰ șț ŞŢ", "ou ou st st"),
            ("Ёлка ПОЧТА їґ", "елка почта їг"),
            ("Άγνωστος ΧΡΉΣΤΗΣ", "αγνωστοσ χρηστησ"),
            ("ＡＢｃ１２", "abc12"),
            ("用户 ユーザー 사용자", "用户 ユーザー 사용자"),
            ("×÷", "  "),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }
}
