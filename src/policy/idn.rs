//! Internationalised domains: one name, one spelling.
//!
//! `BÜCHER.example`, `bücher.example` and `xn--bcher-kva.example` are one domain. The last form is the
//! one that travels, so it is the key: letters are lowered and each label that is not ASCII is written
//! as Punycode (RFC 3492). Tables of the Unicode standard stay out: they would cost more than the
//! policies do. What follows is written as ranges and covers the scripts that have capitals and are in
//! daily use; `docs/decisions/0004-one-key-for-one-address.md` says what is not covered.

/// A label longer than this is none (RFC 1035), in ASCII or not.
const LONGEST: usize = 63;

/// The domain in ASCII and lower case; a label that no domain can have stays in Unicode.
pub(super) fn to_ascii(domain: &str, out: &mut String) {
    if domain.is_ascii() {
        return out.extend(domain.chars().map(|letter| letter.to_ascii_lowercase()));
    }
    let mut label = Vec::new();
    for letter in domain.chars().filter_map(mapped) {
        if letter == '.' {
            write_label(&label, out);
            out.push('.');
            label.clear();
        } else {
            label.push(letter);
        }
    }
    write_label(&label, out);
}

/// A letter as UTS 46 maps it; what it leaves out is `None`.
fn mapped(letter: char) -> Option<char> {
    match letter {
        '\u{3002}' | '\u{FF0E}' | '\u{FF61}' => Some('.'),
        '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' => None,
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(letter as u32 - 0xFEE0).map(|letter| letter.to_ascii_lowercase())
        }
        _ => Some(lower(letter)),
    }
}

fn write_label(label: &[char], out: &mut String) {
    let start = out.len();
    if !label.iter().all(char::is_ascii) && label.len() <= LONGEST {
        out.push_str("xn--");
        if punycode(label, out) && out.len() - start <= LONGEST {
            return;
        }
        out.truncate(start);
    }
    out.extend(label);
}

/// Writes a label as Punycode; false where its numbers would be too great, which no label reaches.
fn punycode(label: &[char], out: &mut String) -> bool {
    const INITIAL: u32 = 128;
    let basic = label.iter().filter(|letter| letter.is_ascii()).count() as u32;
    out.extend(label.iter().filter(|letter| letter.is_ascii()));
    if basic > 0 {
        out.push('-');
    }
    let (mut done, mut next, mut delta, mut bias) = (basic, INITIAL, 0u32, 72);
    while (done as usize) < label.len() {
        let Some(least) = label.iter().map(|letter| *letter as u32).filter(|code| *code >= next).min() else {
            return false;
        };
        let Some(sum) = (least - next).checked_mul(done + 1).and_then(|more| delta.checked_add(more)) else {
            return false;
        };
        (delta, next) = (sum, least);
        for code in label.iter().map(|letter| *letter as u32) {
            if code < next {
                delta += 1;
            }
            if code == next {
                write_number(delta, bias, out);
                bias = adapted(delta, done + 1, done == basic);
                (delta, done) = (0, done + 1);
            }
        }
        (delta, next) = (delta + 1, next + 1);
    }
    true
}

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;

/// A number in digits of varying weight.
fn write_number(number: u32, bias: u32, out: &mut String) {
    let mut rest = number;
    for place in (BASE..).step_by(BASE as usize) {
        let threshold = place.saturating_sub(bias).clamp(LEAST, MOST);
        if rest < threshold {
            break;
        }
        out.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
    }
    out.push(digit(rest));
}

fn digit(value: u32) -> char {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, BASE).unwrap_or('a')
}

fn adapted(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut steps = 0;
    while delta > (BASE - LEAST) * MOST / 2 {
        delta /= BASE - LEAST;
        steps += BASE;
    }
    steps + (BASE - LEAST + 1) * delta / (delta + 38)
}

/// A letter in lower case, by itself.
pub(super) fn lower(letter: char) -> char {
    let code = letter as u32;
    let paired = |first: u32| code + u32::from((code - first).is_multiple_of(2));
    let lowered = match code {
        0..=0x7F => return letter.to_ascii_lowercase(),
        0xC0..=0xD6 | 0xD8..=0xDE => code + 32,
        0x178 => 0xFF,
        // İ is i with a dot of its own
        0x130 => return letter,
        0x100..=0x137 | 0x14A..=0x177 => paired(0x100),
        0x139..=0x148 => paired(0x139),
        0x179..=0x17E => paired(0x179),
        0x1CD..=0x1DC => paired(0x1CD),
        0x1DE..=0x1EF | 0x1F8..=0x21F | 0x222..=0x233 => paired(0),
        0x386 => 0x3AC,
        0x388..=0x38A => code + 37,
        0x38C => 0x3CC,
        0x38E | 0x38F => code + 63,
        0x391..=0x3A1 | 0x3A3..=0x3AB => code + 32,
        0x400..=0x40F => code + 80,
        0x410..=0x42F => code + 32,
        0x460..=0x481 | 0x48A..=0x4BF | 0x4D0..=0x52F => paired(0),
        0x4C1..=0x4CE => paired(0x4C1),
        0x531..=0x556 => code + 48,
        0x1E9E => 0xDF,
        0x1E00..=0x1E95 | 0x1EA0..=0x1EFF => paired(0),
        _ => code,
    };
    char::from_u32(lowered).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::{lower, to_ascii};

    fn ascii(domain: &str) -> String {
        let mut out = String::new();
        to_ascii(domain, &mut out);
        out
    }

    #[test]
    fn labels_are_written_as_punycode() {
        // the last two are samples of RFC 3492, section 7.1
        for (domain, expected) in [
            ("Example.COM", "example.com"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("ПОЧТА.example", "xn--80a1acny.example"),
            ("παράδειγμα.example", "xn--hxajbheg2az3al.example"),
            ("例え。example", "xn--r8jz45g.example"),
            ("ｂücher．example", "xn--bcher-kva.example"),
            ("bü\u{AD}cher.example", "xn--bcher-kva.example"),
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
        ] {
            assert_eq!(ascii(domain), expected);
            assert_eq!(ascii(expected), expected);
        }
    }

    #[test]
    fn what_no_domain_can_have_stays() {
        let long = "ü".repeat(80);
        assert_eq!(ascii(&format!("{long}.example")), format!("{long}.example"));
        assert_eq!(ascii("ü..example"), "xn--tda..example");
        assert_eq!(ascii(""), "");
        assert_eq!(ascii(&"\u{10FFFF}".repeat(63)).len(), 4 * 63);
    }

    #[test]
    fn letters_are_lowered_as_the_standard_library_does() {
        let missing = ('\0'..='\u{1EFF}')
            .filter(|letter| {
                let mut full = letter.to_lowercase();
                let (first, second) = (full.next(), full.next());
                second.is_none() && first != Some(lower(*letter))
            })
            .map(|letter| letter as u32)
            .collect::<Vec<_>>();
        // letters of phonetic and historical alphabets, and those of Cherokee and Georgian capitals
        let known = |code: &u32| matches!(code, 0x180..=0x1CC | 0x1F0..=0x24F | 0x370..=0x3FF | 0x4C0 | 0x10A0..=0x13FF | 0x1C80..=0x1CBF);
        assert_eq!(missing.iter().filter(|code| !known(code)).collect::<Vec<_>>(), Vec::<&u32>::new());
        assert_eq!(missing.iter().filter(|code| **code < 0x180).count(), 0);
        assert!(('\0'..='\u{FFFF}').all(|letter| lower(lower(letter)) == lower(letter)));
    }
}
