//! Bytes of a mail as text: transfer encodings, charsets and encoded words.
//!
//! Nothing here fails. What cannot be decoded is kept as it stands, and the caller is told, so
//! that a damaged charset never hides the reply inside (RFC 2045 section 6, RFC 2047).
//!
//! ```
//! use bouncelens::text::decode::{encoded_words, native};
//! assert_eq!(encoded_words("=?utf-8?q?Zustellung_fehlgeschlagen?=", native), "Zustellung fehlgeschlagen");
//! ```

use crate::text::ends;
use std::borrow::Cow;

/// Decodes a charset that this module does not know by itself: `encoding_rs` natively, the
/// `TextDecoder` of the host in JavaScript. `None` where the label is unknown there too.
pub type Charsets = fn(label: &str, bytes: &[u8]) -> Option<String>;

/// The charsets of the host when there is none: only what this module knows by itself.
pub fn none(_: &str, _: &[u8]) -> Option<String> {
    None
}

/// The charsets of the WHATWG Encoding Standard, natively.
#[cfg(not(target_arch = "wasm32"))]
pub fn native(label: &str, bytes: &[u8]) -> Option<String> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Bytes as text, by the charset they are said to be in.
///
/// The second value says what was wrong, in words for people. Text that is UTF-8 is taken as
/// that whatever its label says: relays and archives convert bytes and forget the label.
pub fn text<'a>(bytes: &'a [u8], label: &str, charsets: Charsets) -> (Cow<'a, str>, Option<String>) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let label = normal_label(label);
    let escapes = bytes.contains(&0x1B) && bytes.windows(2).any(|pair| pair == b"\x1B$");
    if label.contains("utf-7") {
        return (utf7(bytes).into(), None);
    }
    if let Some(wide) = utf16(bytes) {
        return (wide.into(), None);
    }
    if !escapes && let Ok(text) = std::str::from_utf8(bytes) {
        return (text.into(), None);
    }
    for candidate in candidates(&label, bytes, escapes) {
        if let Some(text) = charsets(candidate, bytes)
            && !text.contains('\u{FFFD}')
        {
            let note = (candidate != label).then(|| format!("text in `{label}` was read as `{candidate}`"));
            return (text.into(), note.filter(|_| !label.is_empty()));
        }
    }
    fallback(bytes, &label, charsets)
}

/// What could not be read without a loss: as the label says with gaps, else byte by byte.
fn fallback<'a>(bytes: &'a [u8], label: &str, charsets: Charsets) -> (Cow<'a, str>, Option<String>) {
    if ["", "us-ascii", "iso-8859-1", "windows-1252", "iso-8859-15", "unknown-8bit"].contains(&label) {
        return (windows_1252(bytes).into(), None);
    }
    // A cut or damaged UTF-8 text keeps its good parts; elsewhere the host's gaps are kept.
    if label == "utf-8" {
        let note = "some bytes are not valid in `utf-8`".to_owned();
        return (String::from_utf8_lossy(bytes).into_owned().into(), Some(note));
    }
    match charsets(label, bytes) {
        Some(text) => (text.into(), Some(format!("some bytes are not valid in `{label}`"))),
        None => (windows_1252(bytes).into(), Some(format!("the charset `{label}` is not known"))),
    }
}

/// Labels worth a try, best first. Japanese mail is often labelled with one of its three
/// charsets and written in another.
fn candidates<'l>(label: &'l str, bytes: &[u8], escapes: bool) -> Vec<&'l str> {
    if escapes {
        return vec!["iso-2022-jp"];
    }
    let eight_bit = !bytes.is_ascii();
    match label {
        "iso-2022-jp" | "euc-jp" | "shift_jis" if eight_bit => {
            let mut list = vec!["euc-jp", "shift_jis"];
            if label == "shift_jis" {
                list.reverse();
            }
            list
        }
        "" | "us-ascii" | "iso-8859-1" | "windows-1252" | "unknown-8bit" => {
            guess(bytes).into_iter().collect()
        }
        "utf-8" => Vec::new(),
        _ => vec![label],
    }
}

/// Bytes by which a charset is guessed.
const SAMPLE: usize = 4096;

/// The charset of text that is labelled as Western and cannot be: words of nothing but bytes beyond
/// ASCII. In Western text such bytes stand alone or in pairs.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let (mut all, mut in_words) = (0, 0);
    let (mut upper, mut early, mut late) = (0, 0, 0);
    let (mut pairs, mut kana, mut hangul) = (0, 0, 0);
    for run in sample.split(|byte| *byte < 0x80).filter(|run| !run.is_empty()) {
        all += run.len();
        in_words += if run.len() > 3 { run.len() } else { 0 };
        for byte in run {
            upper += usize::from(*byte >= 0xA1);
            early += usize::from((0xC0..=0xDF).contains(byte));
            late += usize::from(*byte >= 0xE0);
        }
        if run.len() % 2 == 0 {
            for pair in run.chunks_exact(2) {
                pairs += 2;
                kana += usize::from(matches!(pair, [0xA4 | 0xA5, _])) * 2;
                hangul += usize::from(matches!(pair, [0xB0..=0xC8, _])) * 2;
            }
        }
    }
    if all < 6 {
        return None;
    }
    // Shift_JIS: kana begin with 0x82 and 0x83, which stand for nothing in Western text
    let shifted =
        sample.windows(2).filter(|pair| matches!(pair, [0x82, 0x9F..=0xF1] | [0x83, 0x40..=0x96])).count();
    if shifted * 4 > all {
        return Some("shift_jis");
    }
    if in_words * 4 < all * 3 {
        return None;
    }
    let share = |part: usize| part * 100 / all;
    if share(early + late) >= 95 {
        return Some(if early > late { "koi8-r" } else { "windows-1251" });
    }
    if share(upper) < 97 || share(pairs) < 80 {
        return None;
    }
    Some(if share(kana) >= 25 {
        "euc-jp"
    } else if share(hangul) >= 85 {
        "euc-kr"
    } else {
        "gbk"
    })
}

/// A charset label in the spelling of the registry, as far as misspelt ones can be guessed.
fn normal_label(label: &str) -> String {
    let label = ends::bare(label, b"\"';").to_ascii_lowercase();
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.as_str() {
        "utf8" | "uft8" | "utf8mb4" | "xutf8" | "unicode11utf8" => "utf-8".into(),
        "usascii" | "ascii" | "ansix341968" | "iso646us" | "7bit" | "default" => "us-ascii".into(),
        "iso88591" | "latin1" | "isolatin1" | "l1" | "88591" => "iso-8859-1".into(),
        "windows1252" | "cp1252" | "win1252" | "ansi" | "xansi" => "windows-1252".into(),
        "unknown8bit" | "8bit" | "unknown" | "xunknown" | "binary" => "unknown-8bit".into(),
        "iso2022jp" | "jis" | "iso2022jpms" | "cp50220" | "cp50221" => "iso-2022-jp".into(),
        "shiftjis" | "sjis" | "xsjis" | "cp932" | "windows31j" | "mskanji" => "shift_jis".into(),
        "eucjp" | "xeucjp" | "ujis" => "euc-jp".into(),
        "gb2312" | "gbk" | "xgbk" | "cp936" | "gb231280" | "euccn" => "gbk".into(),
        "euckr" | "ksc56011987" | "ksc5601" | "cp949" => "euc-kr".into(),
        "koi8r" | "koi8" => "koi8-r".into(),
        _ => cp_label(&plain).unwrap_or(label),
    }
}

/// `cp1251`, `win-1251`, `iso8859_2`: the same with the dashes of the registry.
fn cp_label(plain: &str) -> Option<String> {
    if let Some(number) = plain.strip_prefix("iso8859") {
        return Some(format!("iso-8859-{number}"));
    }
    ["cp125", "win125", "windows125"]
        .iter()
        .find_map(|prefix| plain.strip_prefix(prefix))
        .map(|digit| format!("windows-125{digit}"))
}

/// UTF-16 with a byte order mark: mails saved by some editors.
fn utf16(bytes: &[u8]) -> Option<String> {
    let read = match bytes.get(..2)? {
        b"\xFF\xFE" => u16::from_le_bytes,
        b"\xFE\xFF" => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes.get(2..)?.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(read);
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')).collect())
}

/// What the bytes 0x80 to 0x9F are in windows-1252; mail labelled ISO-8859-1 means these too.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Any bytes as windows-1252: every byte is a character.
pub fn windows_1252(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9F => WINDOWS_1252.get(usize::from(byte - 0x80)).copied().unwrap_or('?'),
            _ => char::from(byte),
        })
        .collect()
}

/// UTF-7 (RFC 2152): `+` base64 of UTF-16 `-`. Windows' mail service labels plain ASCII so.
fn utf7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'+' {
            out.push(char::from(byte));
            continue;
        }
        let len = after.iter().take_while(|byte| sextet(**byte).is_some()).count();
        let (code, tail) = after.split_at(len);
        if len == 0 {
            out.push('+');
        } else {
            let wide = base64(code);
            let units = wide
                .chunks_exact(2)
                .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
                .map(u16::from_be_bytes);
            out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')));
        }
        rest = tail.strip_prefix(b"-").unwrap_or(tail);
    }
    out
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Base64 (RFC 2045 section 6.8); bytes outside the alphabet are skipped, a cut end is kept.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for value in bytes.iter().filter_map(|byte| sextet(*byte)) {
        bits = (bits << 6 | value) & 0xFF_FFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}

/// Quoted-printable (RFC 2045 section 6.7); what is no code stands as it is.
pub fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(tail) = soft_break(after) {
            rest = tail;
        } else if let [high, low, tail @ ..] = after
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
        } else {
            out.push(byte);
        }
    }
    out
}

/// What follows a soft line break: blanks a relay added, then the end of the line.
fn soft_break(after: &[u8]) -> Option<&[u8]> {
    let blanks = after.iter().take(16).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let tail = after.get(blanks..)?;
    match tail {
        [] => Some(tail),
        [b'\r', b'\n', tail @ ..] | [b'\r' | b'\n', tail @ ..] => Some(tail),
        _ => None,
    }
}

/// The value of a hexadecimal digit.
pub fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// `%41` of RFC 2231 and `+41` of xtext (RFC 3461 section 4): a mark and two hexadecimal digits.
pub fn hex_marks(text: &str, mark: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == mark
            && let [high, low, tail @ ..] = after
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
        } else {
            out.push(byte);
        }
    }
    out
}

/// How far the end of an encoded word is looked for, so that the time stays linear.
const WORD: usize = 4096;

/// Decodes the encoded words of a header (RFC 2047): `=?charset?q?text?=`.
pub fn encoded_words(header: &str, charsets: Charsets) -> Cow<'_, str> {
    if !header.contains("=?") {
        return header.into();
    }
    let mut out = String::with_capacity(header.len());
    let mut rest = header;
    // Words of one charset may split a character, so their bytes are joined before decoding.
    let mut open: Option<(&str, Vec<u8>)> = None;
    while let Some(start) = rest.find("=?") {
        let (before, word) = rest.split_at(start);
        let Some((charset, bytes, len)) = encoded_word(word) else {
            close(&mut open, &mut out, charsets);
            out.push_str(before);
            out.push_str("=?");
            rest = word.get(2..).unwrap_or_default();
            continue;
        };
        match &mut open {
            Some((label, held)) if ends::trim(before).is_empty() && label.eq_ignore_ascii_case(charset) => {
                held.extend(bytes);
            }
            _ => {
                let between_words = open.is_some() && ends::trim(before).is_empty();
                close(&mut open, &mut out, charsets);
                out.push_str(if between_words { "" } else { before });
                open = Some((charset, bytes));
            }
        }
        rest = word.get(len..).unwrap_or_default();
    }
    close(&mut open, &mut out, charsets);
    out.push_str(rest);
    out.into()
}

fn close(open: &mut Option<(&str, Vec<u8>)>, out: &mut String, charsets: Charsets) {
    if let Some((label, bytes)) = open.take() {
        out.push_str(&text(&bytes, label, charsets).0);
    }
}

/// One encoded word at the start: its charset, its bytes and its length.
fn encoded_word(word: &str) -> Option<(&str, Vec<u8>, usize)> {
    let inner = word.get(2..)?;
    let mut parts = inner.splitn(3, '?');
    let (charset, encoding, rest) = (parts.next()?, parts.next()?, parts.next()?);
    // An encoded word has 75 characters at most; some writers make far longer ones.
    let end = rest.as_bytes().windows(2).take(WORD).position(|pair| pair == b"?=")?;
    let content = rest.get(..end)?;
    if charset.len() > 40 {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => base64(content.as_bytes()),
        "q" | "Q" => quoted_printable(content.replace('_', " ").as_bytes()),
        _ => return None,
    };
    let charset_name = charset.split('*').next().unwrap_or(charset); // RFC 2231 section 5: a language
    Some((charset_name, bytes, 2 + charset.len() + 1 + encoding.len() + 1 + end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: &str) -> String {
        text(bytes, label, native).0.into_owned()
    }

    #[test]
    fn text_without_a_label_is_told_by_its_bytes() {
        for (name, words) in [
            ("koi8-r", "почтовый ящик переполнен"),
            ("windows-1251", "почтовый ящик переполнен"),
            ("euc-jp", "ユーザーが見つかりません"),
            ("shift_jis", "メールボックスがいっぱいです"),
            ("gbk", "用户不存在，邮件无法送达"),
            ("euc-kr", "사용자를 찾을 수 없습니다"),
        ] {
            let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).expect("a known charset");
            let (bytes, ..) = encoding.encode(words);
            assert_eq!(text(&bytes, "", native).0, words, "{name}");
        }
        for words in
            ["Empfänger größer als üblich", "boîte pleine, réessayez plus tard", "não é possível", "ÄÖÜ"]
        {
            let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(words);
            assert_eq!(text(&bytes, "", native).0, words);
        }
    }

    #[test]
    fn charsets_are_read_whatever_their_label() {
        assert_eq!(read(b"plain", "x-nonsense"), "plain");
        assert_eq!(read("Empfänger".as_bytes(), "iso-2022-jp"), "Empfänger");
        assert_eq!(read(b"Empf\xE4nger", ""), "Empfänger");
        assert_eq!(read(b"isn\x92t", "ISO-8859-1"), "isn’t");
        assert_eq!(read(b"\xC1\xC4\xD2\xC5\xD3", "koi8_r"), "адрес");
        assert_eq!(read(b"\x1B$B%a!<%k\x1B(B", "us-ascii"), "メール");
        assert_eq!(read(b"\xA5\xE1\xA1\xBC\xA5\xEB", "iso-2022-jp"), "メール");
        assert_eq!(read(b"\x83\x81\x81[\x83\x8B", "SJIS"), "メール");
        assert_eq!(read(b"Hi +AOQ- +- +2D3eAQ-", "unicode-1-1-utf-7"), "Hi ä + 😁");
        assert_eq!(read(b"\xFF\xFEH\0i\0", ""), "Hi");
    }

    #[test]
    fn an_unknown_charset_is_a_note_and_not_a_failure() {
        let (text, note) = text(b"caf\xE9", "x-martian", native);
        assert_eq!(text, "café");
        assert_eq!(note.as_deref(), Some("the charset `x-martian` is not known"));
    }

    #[test]
    fn transfer_encodings_survive_damage() {
        assert_eq!(quoted_printable(b"a=\r\nb=3D=3d= \nc=ZZ="), b"ab==c=ZZ");
        assert_eq!(base64(b"SGVs\r\nbG8"), b"Hello");
        assert_eq!(base64(b"SGVsbG8="), b"Hello");
    }

    #[test]
    fn encoded_words_are_joined_before_decoding() {
        let words = |text: &str| encoded_words(text, native).into_owned();
        assert_eq!(words("Re: =?iso-8859-1?Q?Zur=FCck?= now"), "Re: Zurück now");
        assert_eq!(words("=?utf-8?B?5LiN5Q==?= =?utf-8?B?j68=?="), "不可", "a split character");
        assert_eq!(words("=?broken and =?utf-8?x?y?="), "=?broken and =?utf-8?x?y?=");
        assert_eq!(words("=?utf-8*en?q?a_b?="), "a b");
    }
}
