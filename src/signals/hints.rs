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
    if !(0..words.words.len()).any(numbers) {
        return None;
    }
    let is_one_of = |at: usize, list: &[&str]| {
        bytes(at).is_some_and(|word| list.iter().any(|known| known.as_bytes() == word))
    };
    if !(0..words.words.len()).any(|at| is_one_of(at, WAIT_SIGNS)) {
        return None;
    }
    (0..words.words.len()).filter(|at| numbers(*at)).find_map(|at| {
        let before = |most: usize, list: &[&str]| {
            (1..=most).any(|back| at.checked_sub(back).is_some_and(|place| is_one_of(place, list)))
        };
        let left = (1..=3).any(|on| is_one_of(at + on, WAIT_LEFT));
        let asked = left || before(NEAR, WAIT_SIGNS) || (1..=NEAR).any(|on| is_one_of(at + on, WAIT_SIGNS));
        let introduced = (left || before(3, WAIT_WORDS)) && asked && !before(3, WAIT_NOT);
        let seconds = clock(words, text, at).or_else(|| {
            let word = letters(at)?;
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            let count: u32 = word.get(..digits)?.parse().ok()?;
            let unit = if digits < word.len() { word.get(digits..)? } else { letters(at + 1)? };
            count.checked_mul(unit_seconds(unit)?)
        })?;
        (introduced && seconds > 0 && seconds <= LONGEST).then_some(seconds)
    })
}

fn unit_seconds(unit: &str) -> Option<u32> {
    WAIT_UNITS.iter().find_map(|known| {
        let (word, seconds) = known.split_once('=')?;
        (word == unit).then(|| seconds.parse().ok())?
    })
}

/// `00:04:59`
fn clock(words: &Words, text: &str, at: usize) -> Option<u32> {
    let place = words.words.get(at)?;
    let shown = text.get(place.start as usize..place.start as usize + 8)?;
    let parts: Vec<u32> =
        shown.split(':').filter(|part| part.len() == 2).filter_map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [hours, minutes, seconds] => Some(hours * 3600 + minutes * 60 + seconds),
        _ => None,
    }
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
