//! One sort for everything here. Each use of the library's generic one would add ten kilobytes to the
//! wasm, and what is sorted here is sorted once, at the end.

use std::cmp::Ordering;

/// As many are put in order in place; nearly all lists are that short.
const FEW: usize = 32;

/// Sorts a list; equals stay in their order.
pub(crate) fn sort<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    if list.len() > FEW {
        return sort_places(list.len(), &mut Items { list, compare });
    }
    for end in 1..list.len() {
        let mut at = end;
        while let Some([before, item]) = list.get_mut(at.wrapping_sub(1)..=at)
            && compare(before, item) == Ordering::Greater
        {
            std::mem::swap(before, item);
            at -= 1;
        }
    }
}

/// What sorting does with a list: it need not know what stands in it.
trait Places {
    /// How the items at two places stand to each other.
    fn compare(&self, a: usize, b: usize) -> Ordering;
    /// Changes the items at two places.
    fn swap(&mut self, a: usize, b: usize);
}

struct Items<'a, T, F> {
    list: &'a mut [T],
    compare: F,
}

impl<T, F: Fn(&T, &T) -> Ordering> Places for Items<'_, T, F> {
    fn compare(&self, a: usize, b: usize) -> Ordering {
        match (self.list.get(a), self.list.get(b)) {
            (Some(a), Some(b)) => (self.compare)(a, b),
            _ => Ordering::Equal,
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.list.swap(a, b);
    }
}

fn sort_places(len: usize, places: &mut dyn Places) {
    if (1..len).all(|at| places.compare(at - 1, at) != Ordering::Greater) {
        return;
    }
    let wanted = order(len, &mut |a, b| places.compare(a, b));
    // where each item goes; each swap brings one to its place
    let mut goal = vec![0; wanted.len()];
    for (place, item) in wanted.iter().enumerate() {
        if let Some(goal) = goal.get_mut(*item as usize) {
            *goal = place;
        }
    }
    for at in 0..goal.len() {
        while let Some(&to) = goal.get(at).filter(|&&to| to != at) {
            places.swap(at, to);
            goal.swap(at, to);
        }
    }
}

/// The numbers below `count`, sorted; equals stay in their order.
pub(crate) fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<u32> {
    let mut numbers: Vec<u32> = (0..count as u32).collect();
    let mut merged = numbers.clone();
    let mut run = 1;
    while run < count {
        for (both, room) in numbers.chunks(2 * run).zip(merged.chunks_mut(2 * run)) {
            let (left, right) = both.split_at(run.min(both.len()));
            merge(left, right, room, compare);
        }
        std::mem::swap(&mut numbers, &mut merged);
        run *= 2;
    }
    numbers
}

/// Brings two sorted runs together; of equals the left one comes first.
fn merge(left: &[u32], right: &[u32], room: &mut [u32], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    for place in room {
        let from_right = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => compare(**b as usize, **a as usize) == Ordering::Less,
            (left, _) => left.is_none(),
        };
        if let Some(number) = if from_right { right.next() } else { left.next() } {
            *place = *number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn a_list_is_sorted_in_place() {
        for len in 0..40_u32 {
            let mut list: Vec<(u32, u32)> = (0..len).map(|each| (each * 7919 % 5, each)).collect();
            let mut expected = list.clone();
            expected.sort_unstable();
            super::sort(&mut list, |a, b| a.0.cmp(&b.0));
            assert_eq!(list, expected);
        }
    }

    #[test]
    fn equals_stay_in_their_order() {
        let items = [3, 1, 2, 1, 3];
        assert_eq!(order(items.len(), &mut |a, b| items[a].cmp(&items[b])), [1, 3, 2, 0, 4]);
    }
}
