//! HTML as the text that a reader would see.

use super::lines::end_len;
use crate::input::seek;
use crate::text::ends;

/// Text of an HTML body: blocks end lines, entities are characters, styles and scripts are gone.
pub fn text(html: &str) -> String {
    let mut out = Out { text: String::with_capacity(html.len() / 2), blank: false, pre: false, link: None };
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        out.words(before);
        rest = out.tag(tag);
    }
    out.words(rest);
    out.text
}

/// Characters in which marks of HTML are looked for.
const HEAD: usize = 400;

/// A text that is HTML although nothing says so: pasted from a page or a mail program.
pub fn looks_like_html(text: &str) -> bool {
    let text = ends::trim_start(text);
    let end = match text.get(..HEAD) {
        Some(head) if head.is_ascii() => HEAD,
        None if text.len() < HEAD => text.len(),
        _ => text.char_indices().nth(HEAD).map_or(text.len(), |(end, _)| end),
    };
    let mut rest = text.as_bytes().get(..end).unwrap_or_default();
    let begins = |rest: &[u8], tag: &str| {
        rest.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
    };
    if begins(rest, "<!doctype") || begins(rest, "<html") {
        return true;
    }
    loop {
        rest = rest.get(seek::any(rest, [b'<'])..).unwrap_or_default();
        if rest.is_empty() {
            return false;
        }
        if ["<br", "<p>", "<div", "<td", "<pre", "<body"].iter().any(|tag| begins(rest, tag)) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
}

struct Out<'h> {
    text: String,
    blank: bool,
    /// Within `<pre>`: line ends are line ends.
    pre: bool,
    link: Option<&'h str>,
}

impl<'h> Out<'h> {
    /// Words between tags: runs of blanks are one blank.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if self.pre && matches!(c, '\n' | '\r') {
                rest = rest.get(end_len(rest.as_bytes())..).unwrap_or_default();
                self.text.push('\n');
                self.blank = false;
                continue;
            }
            let (c, len) = if c == '&' { entity(rest).unwrap_or(('&', 1)) } else { (c, c.len_utf8()) };
            rest = rest.get(len..).unwrap_or_default();
            if c.is_ascii_whitespace() || c == '\u{A0}' {
                self.blank = true;
                continue;
            }
            if std::mem::take(&mut self.blank) && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.text.push(c);
        }
    }

    /// One tag at the start of `html`; gives what follows it.
    fn tag(&mut self, html: &'h str) -> &'h str {
        if let Some(comment) = html.strip_prefix("<!--") {
            return comment.split_once("-->").map_or("", |(_, rest)| rest);
        }
        let inner = html.get(1..).unwrap_or_default();
        let name_len = inner
            .bytes()
            .take(12)
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'/' || *byte == b'!')
            .count();
        let name = inner.get(..name_len).unwrap_or_default().to_ascii_lowercase();
        // `<a@example.com>` and a lone `<` are text.
        // where the next `<` stands another one begins, so that a million of them take no longer than as many letters
        let word = inner.split([' ', '\t', '\n', '\r', '>', '"', '<']).next().unwrap_or_default();
        if name.is_empty() || word.contains('@') || word.len() > name_len && word.contains('.') {
            self.words("<");
            return inner;
        }
        let (tag, rest) = inner.split_at(inner.find('>').unwrap_or(inner.len()));
        let rest = rest.get(1..).unwrap_or_default();
        match name.as_str() {
            "pre" => self.pre = true,
            "/pre" => self.pre = false,
            _ => {}
        }
        match name.as_str() {
            "style" | "script" | "title" => return skip(rest, &name),
            "a" => self.link = mail_link(tag),
            "/a" => self.end_link(),
            "br" | "br/" | "/tr" | "/td" | "/th" | "/li" | "/div" | "div" | "tr" | "li" => self.end_line(1),
            "p" | "/p" | "hr" | "/table" | "table" | "ul" | "/ul" | "pre" | "/pre" | "blockquote" | "/h1"
            | "/h2" | "/h3" => {
                self.end_line(2);
            }
            _ => {}
        }
        rest
    }

    fn end_line(&mut self, lines: usize) {
        self.blank = false;
        if self.text.is_empty() {
            return;
        }
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        let have = self.text.bytes().rev().take_while(|byte| *byte == b'\n').count();
        self.text.extend(std::iter::repeat_n('\n', lines.saturating_sub(have)));
    }

    /// A link to an address whose text is only a name keeps the address.
    fn end_link(&mut self) {
        let Some(address) = self.link.take() else { return };
        let shown = self.text.rsplit(['\n', ' ']).next().unwrap_or_default();
        if !shown.contains('@') {
            self.text.push_str(" <");
            self.text.push_str(address);
            self.text.push('>');
        }
    }
}

/// The address of `href="mailto:…"`.
fn mail_link(tag: &str) -> Option<&str> {
    let start = tag.find("mailto:")? + "mailto:".len();
    let rest = tag.get(start..)?;
    rest.split(['"', '\'', '?', ' ', '>']).next().filter(|address| address.contains('@'))
}

/// What follows the closing tag of an element whose content nobody sees.
fn skip<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("</") {
        rest = after;
        if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

/// Names of the characters U+00A0 to U+00FF in order (HTML 4 section 24.2).
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring \
AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc \
euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
thorn yuml";

/// The entity at the start and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" | "rsquo" | "lsquo" => '\'',
        "quot" | "ldquo" | "rdquo" => '"',
        "ndash" | "mdash" => '-',
        "hellip" => '…',
        _ => match name.strip_prefix('#') {
            Some(number) => numbered(number)?,
            None => LATIN.split(' ').zip('\u{A0}'..).find(|(latin, _)| *latin == name)?.1,
        },
    };
    Some((c, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let hex = number.strip_prefix(['x', 'X']);
    let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
    char::from_u32(code).filter(|c| *c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_lines_and_entities_are_characters() {
        let html = "<html><head><style>p { color: red }</style></head><body><p>Ihre&nbsp;Nachricht an\n  &lt;a@example.com&gt;<br>Empf&auml;nger</p><table><tr><td>550</td><td>5.1.1&#46;</td></tr></table>";
        assert_eq!(text(html), "Ihre Nachricht an <a@example.com>\nEmpfänger\n\n550\n5.1.1.\n\n");
    }

    #[test]
    fn an_address_in_angle_brackets_is_text_and_a_mail_link_keeps_its_address() {
        assert_eq!(text("to <a@example.com>: no"), "to <a@example.com>: no");
        assert_eq!(text("<ann_long-name@example.com>: no"), "<ann_long-name@example.com>: no");
        assert_eq!(text("<pre>a\n &lt;b&gt;\n</pre>c\nd"), "a\n<b>\n\nc d");
        assert_eq!(text("<a href=\"mailto:ann@example.com\">Ann</a> failed"), "Ann <ann@example.com> failed");
    }

    #[test]
    fn broken_html_ends() {
        assert_eq!(text("a <b"), "a");
        assert_eq!(text("<!-- never closed"), "");
        assert_eq!(text("a < b & c"), "a < b & c");
    }
}
