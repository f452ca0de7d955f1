//! Bounce texts that say the same, made the same.

use crate::text::beginning;
use crate::text::words::{self, Item};

/// No reply is longer; what follows is a quoted mail.
const LONGEST: usize = 1_000;
/// Shorter mixed words are codes of a provider (`TSS04`), longer ones are ids.
const SHORT: usize = 7;

/// A text without what differs from mail to mail: addresses, links, IPs, ids and numbers become
/// placeholders, codes and words stay, white space becomes one space.
///
/// ```
/// # use bouncelens::report::normalise;
/// assert_eq!(
///     normalise("450 <ann@example.com>: Sender address rejected: Greylisted for 120 seconds! Please, see https://x.example/y"),
///     "450 <<EMAIL>>: Sender address rejected: Greylisted for <N> seconds! Please, see <URL>");
/// assert_eq!(normalise("421 4.7.0 [TSS04] from 192.0.2.1, id 4Vb2Q1abcz"), "421 4.7.0 [TSS04] from <IP>, id <ID>");
/// ```
///
/// Host names stay, unless they have digits in them: the name of a blocklist tells, that of one of
/// a provider's hundred servers does not.
pub fn normalise(text: &str) -> String {
    let text = beginning(text, LONGEST);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for word in words::read(text).words {
        let (start, end) = (word.start as usize, word.end as usize);
        let Some(own) = text.get(start..end) else { continue };
        let Some(placeholder) = placeholder(word.item, own) else { continue };
        // a placeholder that the text brought along stays
        if start < at || own.starts_with('<') {
            continue;
        }
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(placeholder);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    squeeze(&out)
}

fn placeholder(item: Item, own: &str) -> Option<&'static str> {
    let digits = own.bytes().any(|byte| byte.is_ascii_digit());
    match item {
        Item::Address => Some("<EMAIL>"),
        Item::Url => Some("<URL>"),
        Item::Ip => Some("<IP>"),
        Item::Host if digits => Some("<HOST>"),
        Item::Mixed if own.len() >= SHORT => Some("<ID>"),
        Item::Number => Some("<N>"),
        _ => None,
    }
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn what_differs_from_mail_to_mail_is_folded() {
        for (one, other) in [
            ("550 5.1.1 <a@example.com>: User unknown", "550 5.1.1 <bob.b@example.org>: User unknown"),
            ("421 too many from 192.0.2.1", "421 too many  from\r\n 198.51.100.7"),
            ("451 wait 30 seconds", "451 wait 299 seconds"),
            ("250 mta1.bf2.mail.example.com closed", "250 mta77.ne1.mail.example.com closed"),
            ("550 see https://x.example/?a=1", "550 see https://x.example/?a=2"),
        ] {
            assert_eq!(normalise(one), normalise(other));
        }
    }

    #[test]
    fn what_tells_stays() {
        for text in [
            "550 5.1.1 User unknown",
            "554 5.7.1 blocked using zen.spamhaus.org",
            "421 [TSS04] deferred",
            "",
            "用户不存在",
        ] {
            assert_eq!(normalise(text), text);
        }
        assert_ne!(normalise("550 5.1.1 No"), normalise("550 5.7.1 No"));
    }

    #[test]
    fn a_text_that_was_folded_stays_as_it_is() {
        let once = normalise(
            "450 <a@example.com>: Greylisted for 120 seconds! see http://a.example/b from [192.0.2.1] id 4Vb2Q1abcz",
        );
        assert_eq!(normalise(&once), once);
    }

    #[test]
    fn any_length_and_letter_is_taken() {
        assert!(normalise(&"é".repeat(5_000)).len() <= 1_000);
        assert_eq!(normalise(" \t\r\n"), "");
    }
}
