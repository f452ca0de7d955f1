//! Waiting times that a text states: "Greylisted for 120 seconds", "try again in 5 minutes".

use crate::rules::hints::{WAIT_LEFT, WAIT_NOT, WAIT_SIGNS, WAIT_UNITS, WAIT_WORDS};
use crate::text::words::{Item, Words};

/// A stated delay longer than this is not one.
const LONGEST: u32 = 7 * 86_400;

/// How many words before a waiting time, and after it, are looked at for the wish to come back.
const NEAR: usize = 7;

/// The waiting time in seconds; the first one that the text states beside the wish to come back.
/// How long a message has been waiting, and what a rate is counted over, are no waiting times.
pub(super) fn retry_after(words: &Words, text: &str) -> Option<u32> {
    let bytes = |at: usize| words.words.get(at).map(|word| words.letters(word));
    let letters = |at: usize| bytes(at).map(|word| std::str::from_utf8(word).unwrap_or_default());
    let numbers =
        |at: usize| words.words.get(at).is_some_and(|word| matches!(word.item, Item::Number | Item::Mixed));
    let is_one_of = |at: usize, list: &[&str]| {
        bytes(at).is_some_and(|word| list.iter().any(|known| known.as_bytes() == word))
    };
    // few numbers are times: what stands around is only looked at where one is
    (0..words.words.len()).filter(|at| numbers(*at)).find_map(|at| {
        let seconds = clock(words, text, at).or_else(|| {
            let word = letters(at)?;
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            let count: u32 = word.get(..digits)?.parse().ok()?;
            let unit = if digits < word.len() { word.get(digits..)? } else { letters(at + 1)? };
            count.checked_mul(unit_seconds(unit)?)
        })?;
        if seconds == 0 || seconds > LONGEST {
            return None;
        }
        let before = |most: usize, list: &[&str]| {
            (1..=most).any(|back| at.checked_sub(back).is_some_and(|place| is_one_of(place, list)))
        };
        let left = (1..=3).any(|on| is_one_of(at + on, WAIT_LEFT));
        let asked = before(NEAR, WAIT_SIGNS)
            || (1..=NEAR).any(|on| is_one_of(at + on, WAIT_SIGNS))
            || left && (0..words.words.len()).any(|at| is_one_of(at, WAIT_SIGNS));
        let introduced = (left || before(3, WAIT_WORDS)) && asked && !before(3, WAIT_NOT);
        introduced.then_some(seconds)
    })
}

fn unit_seconds(unit: &str) -> Option<u32> {
    let first = unit.as_bytes().first()?;
    let mut alike = WAIT_UNITS.iter().filter(|known| known.as_bytes().first() == Some(first));
    alike.find_map(|known| known.strip_prefix(unit)?.strip_prefix('=')?.parse().ok())
}

/// `00:04:59`
fn clock(words: &Words, text: &str, at: usize) -> Option<u32> {
    let place = words.words.get(at)?;
    let shown = text.as_bytes().get(place.start as usize..)?.first_chunk::<8>()?;
    let [h, hours, b':', m, minutes, b':', s, seconds] = *shown else { return None };
    let two = |ten: u8, one: u8| {
        let digits = ten.is_ascii_digit() && one.is_ascii_digit();
        digits.then(|| u32::from(ten - b'0') * 10 + u32::from(one - b'0'))
    };
    Some(two(h, hours)? * 3600 + two(m, minutes)? * 60 + two(s, seconds)?)
}

#[cfg(test)]
mod tests {
    use super::retry_after;
    use crate::text::words::read;

    #[test]
    fn delays_are_read() {
        for (text, expected) in [
            ("450 Greylisted for 120 seconds!", Some(120)),
            ("451 4.7.1 try again in 5 minutes", Some(300)),
            ("Please retry after 60s", Some(60)),
            ("Greylisting in action, please come back in 00:04:59", Some(299)),
            ("Please wait at least 2 hours before you try again", Some(7200)),
            ("bitte versuchen Sie es in 10 Minuten erneut", Some(600)),
            ("450 greylisted, 299 seconds left", Some(299)),
            ("Delivery is delayed for 5 minutes, your server will retry by itself", Some(300)),
            ("Your limit is 500 messages in 5 minutes", None),
            ("Too many messages in 5 minutes, try again later", None),
            ("Deferred: busy. The message could not be delivered for 12 hours", None),
            ("not yet delivered after more than 72 hours on the queue, will retry", None),
            (
                "not delivered in 4 hours. The message will be deleted from the queue of this host. Retry",
                None,
            ),
            ("over the limit of 100", None),
        ] {
            assert_eq!(retry_after(&read(text), text), expected, "{text}");
        }
    }
}
