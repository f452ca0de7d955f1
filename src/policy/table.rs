//! What `data/reasons.toml` and `data/policies.toml` say, as `rulec` wrote it down.

#![allow(clippy::indexing_slicing, reason = "slots are masked to the size of the table")]

use crate::types::{Category, Fault, Reason};

include!(concat!(env!("OUT_DIR"), "/policies.rs"));

/// What decisions need of a reason.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the data")]
pub struct ReasonRow {
    /// `user-unknown`
    pub id: &'static str,
    /// Its category.
    pub category: Category,
    /// Hard by nature.
    pub hard: bool,
    /// Whose fault it is.
    pub fault: Fault,
    /// Seconds after the first failure.
    pub retry: &'static [u32],
    /// A new look decides: DNS did not know the domain.
    pub recheck: bool,
    /// A delay that the reply names comes first.
    pub stated_delay: bool,
    /// Strikes of one soft bounce.
    pub strike: u8,
    /// What is dead when it is hard: the whole domain, not the address alone.
    pub domain: bool,
}

/// The row of a reason; that of an unknown number is the last one, "put off, without a reason".
pub fn row(reason: Reason) -> &'static ReasonRow {
    let at = (reason.0 as usize).min(REASONS.len() - 1);
    &REASONS[at]
}

/// The reason with this id.
pub fn reason(id: &str) -> Option<Reason> {
    REASONS.iter().position(|row| row.id == id).map(|at| Reason(at as u8))
}

/// The id of a category.
pub fn category_id(category: Category) -> &'static str {
    CATEGORIES.get(category.0 as usize).copied().unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::{CATEGORIES, REASONS, reason, row};
    use crate::rules::Rules;
    use crate::types::{BounceType, Reason};

    #[test]
    fn the_tables_agree_with_the_rules() {
        let rules = Rules::embedded();
        for (number, entry) in REASONS.iter().enumerate() {
            let number = Reason(number as u8);
            assert_eq!(reason(entry.id), Some(number));
            assert_eq!(rules.category(number), entry.category, "{}", entry.id);
            assert_eq!(rules.fault(number), entry.fault, "{}", entry.id);
            assert_eq!(rules.bounce_type(number) == BounceType::Hard, row(number).hard, "{}", entry.id);
            assert!(entry.retry.windows(2).all(|pair| pair[0] < pair[1]), "{}: {:?}", entry.id, entry.retry);
        }
        assert_eq!(CATEGORIES.len(), 18);
    }
}
