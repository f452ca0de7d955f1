//! Many names, in little memory.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// Names by number and numbers by name, in some forty bytes a name: the letters one after the other,
/// and a table of numbers, open-addressed. A `HashMap<String, _>` would take a hundred.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    letters: String,
    ends: Vec<usize>,
    /// Number plus one; 0 is free. A power of two.
    slots: Vec<u32>,
}

impl Book {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        self.letters.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.slots.capacity() * size_of::<u32>()
    }

    pub fn name(&self, number: usize) -> &str {
        let start =
            number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(number).copied().unwrap_or_default();
        self.letters.get(start..end).unwrap_or_default()
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        if self.slots.is_empty() { None } else { self.slot(name).1 }
    }

    /// The number of a name, which is added where it is new.
    pub fn number(&mut self, name: &str) -> usize {
        if self.slots.len() * 3 <= self.ends.len() * 4 {
            self.grow();
        }
        let (slot, found) = self.slot(name);
        if let Some(number) = found {
            return number;
        }
        self.letters.push_str(name);
        self.ends.push(self.letters.len());
        if let Some(place) = self.slots.get_mut(slot) {
            *place = self.ends.len() as u32;
        }
        self.ends.len() - 1
    }

    fn slot(&self, name: &str) -> (usize, Option<usize>) {
        let mask = self.slots.len() - 1;
        let mut slot = BuildHasherDefault::<DefaultHasher>::default().hash_one(name) as usize & mask;
        loop {
            match self.slots.get(slot).copied().unwrap_or_default() as usize {
                0 => return (slot, None),
                taken if self.name(taken - 1) == name => return (slot, Some(taken - 1)),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for number in 0..self.len() {
            let (slot, _) = self.slot(self.name(number));
            if let Some(place) = self.slots.get_mut(slot) {
                *place = number as u32 + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Book;

    #[test]
    fn a_book_finds_what_was_written() {
        let mut book = Book::default();
        assert_eq!(book.find("a"), None);
        for number in 0..1000 {
            assert_eq!(book.number(&format!("name {number}")), number);
        }
        for number in 0..1000 {
            assert_eq!(
                (book.number(&format!("name {number}")), book.name(number)),
                (number, format!("name {number}").as_str())
            );
        }
        assert_eq!(book.find("name"), None);
    }
}
