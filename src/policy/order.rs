//! One sort for everything here. Each use of the library's generic one would add ten kilobytes to the
//! wasm, and what is sorted here is sorted once, at the end.

use std::cmp::Ordering;

/// The numbers below `count`, sorted; equals stay in their order.
pub(crate) fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count as u32).collect();
    numbers.sort_by(|a, b| compare(*a as usize, *b as usize));
    numbers
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn equals_stay_in_their_order() {
        let items = [3, 1, 2, 1, 3];
        assert_eq!(order(items.len(), &mut |a, b| items[a].cmp(&items[b])), [1, 3, 2, 0, 4]);
    }
}
