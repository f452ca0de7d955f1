//! Epoch milliseconds as dates of UTC, and back; the calendar of RFC 3339.

const DAY: i64 = 86_400_000;

/// The day in UTC.
///
/// ```
/// # use bouncelens::policy::date;
/// assert_eq!(date::day(1_700_000_000_000), "2023-11-14");
/// assert_eq!(date::day(-1), "1969-12-31");
/// ```
pub fn day(time: i64) -> String {
    let (year, month, day) = civil(time.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Date and time in UTC.
///
/// ```
/// # use bouncelens::policy::date;
/// assert_eq!(date::iso(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
/// ```
pub fn iso(time: i64) -> String {
    let rest = time.rem_euclid(DAY);
    let (hours, minutes) = (rest / 3_600_000, rest / 60_000 % 60);
    format!("{}T{hours:02}:{minutes:02}:{:02}.{:03}Z", day(time), rest / 1000 % 60, rest % 1000)
}

/// Reads a day, or a date and time with `Z` or an offset; without either UTC is meant.
///
/// ```
/// # use bouncelens::policy::date;
/// assert_eq!(date::parse("2023-11-14T23:13:20.123+01:00"), Some(1_700_000_000_123));
/// assert_eq!(date::parse("2023-02-29"), None);
/// ```
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let date = text.get(..10)?;
    let (year, month, day) = (number(date, 0, 4)?, number(date, 5, 7)?, number(date, 8, 10)?);
    if date.as_bytes().get(4) != Some(&b'-') || date.as_bytes().get(7) != Some(&b'-') {
        return None;
    }
    let days = days(year, month, day);
    if civil(days) != (year, month, day) {
        return None;
    }
    let rest = text.get(10..)?;
    let Some(clock) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty().then_some(days * DAY);
    };
    Some(days * DAY + time_of_day(clock)?)
}

/// Milliseconds since midnight in UTC, of `10:11:12.345+01:00`.
fn time_of_day(clock: &str) -> Option<i64> {
    let (hours, minutes, seconds) = (number(clock, 0, 2)?, number(clock, 3, 5)?, number(clock, 6, 8)?);
    let colons = clock.as_bytes().get(2) == Some(&b':') && clock.as_bytes().get(5) == Some(&b':');
    if !colons || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    let mut rest = clock.get(8..)?;
    let mut millis = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let shown: String = fraction.chars().take(digits).chain("000".chars()).take(3).collect();
        millis = shown.parse().ok()?;
        rest = fraction.get(digits..)?;
    }
    let offset = match rest.as_bytes() {
        [] | [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let offset = std::str::from_utf8(offset).ok()?.replace(':', "");
            let minutes = number(&offset, 0, 2)? * 60 + number(&offset, 2, 4)?;
            if *sign == b'+' { minutes } else { -minutes }
        }
        _ => return None,
    };
    Some(((hours * 60 + minutes - offset) * 60 + seconds) * 1000 + millis)
}

fn number(text: &str, from: usize, to: usize) -> Option<i64> {
    let digits = text.get(from..to)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Year, month and day of a number of days since 1970 (Howard Hinnant, "chrono-compatible low-level
/// date algorithms"): years begin in March, so that a leap day is the last one.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The other way; days that do not exist come out as others.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{DAY, iso, parse};

    #[test]
    fn every_day_comes_back() {
        for day in (-200_000..200_000).step_by(7) {
            assert_eq!(parse(&iso(day * DAY + 3_723_004)), Some(day * DAY + 3_723_004));
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "2023",
            "2023-13-01",
            "2023-11-14T25:00:00Z",
            "2023-11-14x",
            "2023/11/14",
            "2023-11-14T10:00:00+1",
            "é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("2024-02-29 10:00:00"), parse("2024-02-29T12:00:00+0200"));
    }
}
