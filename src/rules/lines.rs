//! The rows of words that phrases stand for, drawn when a text has the word that they are looked for at.
//!
//! A *line* is a phrase whose groups and missing words are multiplied out: `mailbox [quota] (full|over limit)`
//! is four lines, `mailbox quota full`, `mailbox quota over limit`, `mailbox full`, `mailbox over limit`. Where
//! something is left out, its gap goes on to what comes next. So what is looked for in a text knows neither
//! groups nor what is optional. `rulec` refuses a phrase that would become too many lines.
//!
//! The lines of a word are kept by what must stand near it. Each other word of a line must be in some row of
//! places near the anchor ([`super::near`]), and has bits there. The word that tells most names a *bundle*,
//! that of its row; in it each line lies in a *bucket* for each of the word's bits. What stands in that row in
//! a text has few bits, and only the buckets of these are looked at: a word may have hundreds of lines, and
//! most texts touch a few of them. The two words that tell most beside it are tested by their bits. Lines that
//! switch a rule off are a bundle of their own; what tells them is the rule, as few rules are ever spoken for.

#![allow(clippy::indexing_slicing, reason = "halves of two, bounds that `get` has checked")]

use super::index::{ANCHOR, Bits, GAP, GROUP, Index, LAST, OPTIONAL, Phrase, bit, bit_of, u16_at, varint};
use super::near::{ALL, ANYTHING, BEFORE, ROWS, places};
use super::tables::Target;

/// One place of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// The number of a word, or where the slots of a set begin.
    at: u32,
    /// How many slots these are, less one; 0 for a word.
    mask: u16,
    /// How far it may stand from the one before it, seen from the anchor: index into the sizes of gaps.
    pub gap: u8,
}

/// The slot that a word has first in each set, before it is cut to the number of slots. Words that begin alike
/// have numbers in a row; their slots lie apart, so that few searches meet a row that is taken.
#[inline(always)]
fn home(word: u16) -> u16 {
    word.wrapping_mul(0x9e3b) >> 7
}

/// A slot of a set without a member.
const NO_MEMBER: u16 = u16::MAX;

/// A line that may stand where its anchor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Bits of words one of which must stand in a row near, and of others in another row.
    pub tests: [Bits; 2],
    pub rows: [u8; 2],
    /// How many of its elements stand after the anchor, and how many before it.
    after: u8,
    before: u8,
    /// Where its elements begin: the anchor, those after it, those before it, the nearest first.
    start: u32,
    /// Which phrase it is of, and what that is of.
    pub phrase: u16,
    pub target: Target,
}

/// The row of lines that switch a rule off: what tells them are the rules that are spoken for.
pub(super) const GUARDS: u8 = ANYTHING + 1;

/// The lines of a word that are told by what stands in the same row near.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bundle {
    /// The bits that have a bucket.
    pub bits: Bits,
    /// Where the first bucket begins, as a place among the bounds.
    first: u32,
    /// How many buckets are of the lower 64 bits.
    low: u8,
    /// The row near.
    pub row: u8,
}

/// All lines that were drawn.
#[derive(Debug, Default)]
pub(super) struct Lines {
    all: Vec<Line>,
    elements: Vec<Element>,
    /// The sets that were met, each with the bits of its members: places in the next, from 1 on.
    sets: Vec<u16>,
    met: Vec<(Element, Bits)>,
    /// The members of each set at their [`home`], or in the next slot that was free. At most half are taken.
    slots: Vec<u16>,
    bundles: Vec<Bundle>,
    /// Where each bucket of a bundle begins among the entries, and where the last ends.
    bounds: Vec<u32>,
    /// The lines of each bucket.
    entries: Vec<u32>,
    draft: Draft,
}

/// How many rows there are, and bits.
const KINDS: usize = GUARDS as usize + 1;
const WIDTH: usize = Bits::BITS as usize;

impl Lines {
    /// Draws the lines that are anchored at a word; gives its first bundle and how many there are.
    #[cold]
    pub(super) fn draw(&mut self, index: &Index, word: u16) -> (u32, u16) {
        let (line, bundle) = (self.all.len(), self.bundles.len());
        for phrase in index.anchored(word) {
            self.draw_phrase(index, phrase, Some(word));
        }
        self.sort_into_bundles(line);
        (bundle as u32, (self.bundles.len() - bundle) as u16)
    }

    /// Draws the lines of a phrase, or those alone that are anchored at a word.
    pub(super) fn draw_phrase(&mut self, index: &Index, phrase: u16, word: Option<u16>) {
        let Some(cursor) = index.phrase(phrase) else { return };
        let mut draft = std::mem::take(&mut self.draft);
        draft.read(index, self, cursor);
        let Draft { steps, ways, places, line, telling } = &mut draft;
        line.clear();
        let lines = &mut *self;
        Pen { index, phrase, word, steps, ways, line, gap: 0, lines, telling }.over_places(places);
        self.draft = draft;
    }

    /// Puts the lines from one on into bundles and buckets.
    fn sort_into_bundles(&mut self, first: usize) {
        let telling = &self.draft.telling;
        if telling.is_empty() {
            return;
        }
        let mut all = [0; KINDS];
        // of each bucket the number of its lines, then where the next goes
        let mut counts = [0u32; KINDS * WIDTH];
        let each_bucket = |with: &mut dyn FnMut(usize, u32)| {
            for (number, (row, bits)) in (first as u32..).zip(telling) {
                ones(*bits).for_each(|bit| with(usize::from(*row) * WIDTH + bit, number));
            }
        };
        each_bucket(&mut |bucket, _| {
            if let (Some(count), Some(bits)) = (counts.get_mut(bucket), all.get_mut(bucket / WIDTH)) {
                *count += 1;
                *bits |= bit((bucket % WIDTH) as u16);
            }
        });
        let mut end = self.entries.len() as u32;
        for (row, bits) in (0..).zip(all).filter(|(_, bits)| *bits != 0) {
            let low = (bits as u64).count_ones() as u8;
            self.bundles.push(Bundle { bits, first: self.bounds.len() as u32, low, row });
            self.bounds.push(end);
            for bit in ones(bits) {
                if let Some(count) = counts.get_mut(usize::from(row) * WIDTH + bit) {
                    end += std::mem::replace(count, end);
                    self.bounds.push(end);
                }
            }
        }
        self.entries.resize(end as usize, 0);
        let entries = &mut self.entries;
        each_bucket(&mut |bucket, line| {
            if let Some(next) = counts.get_mut(bucket)
                && let Some(entry) = entries.get_mut(*next as usize)
            {
                *entry = line;
                *next += 1;
            }
        });
        self.draft.telling.clear();
    }

    /// A bundle.
    #[inline(always)]
    pub(super) fn bundle(&self, bundle: u32) -> Option<&Bundle> {
        self.bundles.get(bundle as usize)
    }

    /// The bundles of a word.
    #[inline(always)]
    pub(super) fn bundles(&self, first: u32, count: u16) -> &[Bundle] {
        let first = first as usize;
        self.bundles.get(first..first + usize::from(count)).unwrap_or_default()
    }

    /// The lines of a bundle that share a bit with what stands at its place; one that shares two comes twice.
    #[inline(always)]
    pub(super) fn told<'a>(&'a self, bundle: &'a Bundle, near: Bits) -> Told<'a> {
        let bits = halves(bundle.bits);
        let shared = halves(bundle.bits & near);
        Told { lines: self, bundle, bits, shared, bucket: [].iter() }
    }

    /// A line.
    #[inline(always)]
    pub(super) fn line(&self, line: u32) -> Option<&Line> {
        self.all.get(line as usize)
    }

    /// The elements of a line after its anchor, and those before it, from the anchor on.
    #[inline(always)]
    pub(super) fn elements(&self, line: &Line) -> (&[Element], &[Element]) {
        let elements = self.elements.get(line.start as usize + 1..).unwrap_or_default();
        let (after, rest) = elements.split_at_checked(usize::from(line.after)).unwrap_or_default();
        (after, rest.get(..usize::from(line.before)).unwrap_or_default())
    }

    /// The anchor of a line.
    #[cfg(test)]
    pub(super) fn anchor(&self, line: &Line) -> Element {
        self.elements[line.start as usize]
    }

    /// Whether a word is that of an element or one of its set.
    #[inline(always)]
    pub(super) fn lists(&self, element: Element, word: u16) -> bool {
        if element.mask == 0 {
            return element.at == u32::from(word);
        }
        let mut slot = home(word);
        loop {
            let at = element.at as usize + usize::from(slot & element.mask);
            match self.slots.get(at).copied().unwrap_or(NO_MEMBER) {
                NO_MEMBER => return false,
                member if member == word => return true,
                _ => slot = slot.wrapping_add(1),
            }
        }
    }

    /// The element of a word or set, and the bits of what may stand there.
    fn element(&mut self, index: &Index, gap: u8, number: u16) -> (Element, Bits) {
        let Some((set, members)) = index.set(number) else {
            return (Element { at: u32::from(number), mask: 0, gap }, bit_of(number));
        };
        if self.sets.is_empty() {
            self.sets.resize(index.set_count(), 0);
        }
        let met = usize::from(self.sets.get(set).copied().unwrap_or(0));
        if met > 0
            && let Some((element, bits)) = self.met.get(met - 1)
        {
            return (Element { gap, ..*element }, *bits);
        }
        let at = self.slots.len();
        let count = (2 * members.len()).next_power_of_two().max(2);
        let mut bits = 0;
        self.slots.resize(at + count, NO_MEMBER);
        for member in members {
            let number = u16_at(index.packed.members, member);
            bits |= bit_of(number);
            let mut slot = home(number);
            while let Some(free) = self.slots.get_mut(at + usize::from(slot) % count) {
                if *free == NO_MEMBER {
                    *free = number;
                    break;
                }
                slot = slot.wrapping_add(1);
            }
        }
        let element = Element { at: at as u32, mask: (count - 1) as u16, gap };
        self.met.push((element, bits));
        if let Some(met) = self.sets.get_mut(set) {
            *met = self.met.len() as u16;
        }
        (element, bits)
    }
}

/// Lines that share a bit, bucket by bucket.
pub(super) struct Told<'a> {
    lines: &'a Lines,
    bundle: &'a Bundle,
    /// The bits of the bundle, and those that are shared and still to come, lower and upper half.
    bits: [u64; 2],
    shared: [u64; 2],
    bucket: std::slice::Iter<'a, u32>,
}

impl<'a> Iterator for Told<'a> {
    type Item = &'a Line;

    #[inline(always)]
    fn next(&mut self) -> Option<&'a Line> {
        loop {
            if let Some(line) = self.bucket.next() {
                return self.lines.line(*line);
            }
            let half = usize::from(self.shared[0] == 0);
            let shared = &mut self.shared[half];
            if *shared == 0 {
                return None;
            }
            let lowest = *shared & shared.wrapping_neg();
            *shared ^= lowest;
            // as many buckets come before as bits are below
            let below = (self.bits[half] & (lowest - 1)).count_ones();
            let before = if half == 0 { 0 } else { u32::from(self.bundle.low) };
            let bucket = (self.bundle.first + before + below) as usize;
            let bounds = self.lines.bounds.get(bucket..bucket + 2)?;
            self.bucket = self.lines.entries.get(bounds[0] as usize..bounds[1] as usize)?.iter();
        }
    }
}

/// The lower and the upper 64 bits: wasm has no shift of 128, and machines count the bits of 64.
#[inline(always)]
fn halves(bits: Bits) -> [u64; 2] {
    [bits as u64, (bits >> 64) as u64]
}

/// The places of the bits that are set.
fn ones(bits: Bits) -> impl Iterator<Item = usize> {
    // by halves: wasm has no shift of 128 bits
    let half = |mut bits: u64, from: usize| {
        std::iter::from_fn(move || {
            let at = bits.trailing_zeros() as usize;
            let some = bits != 0;
            bits &= bits.wrapping_sub(1);
            some.then_some(from + at)
        })
    };
    half(bits as u64, 0).chain(half((bits >> 64) as u64, 64))
}

/// A word of a phrase.
#[derive(Clone, Copy, Debug)]
struct Step {
    element: Element,
    bits: Bits,
    /// A line may do without it.
    optional: bool,
    /// Some line is looked for here.
    anchor: bool,
    /// It is of a way of a group.
    in_way: bool,
}

/// A place of a phrase.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Where its ways begin and end.
    ways: (usize, usize),
    gap: u8,
    optional: bool,
}

/// A phrase as it is written, and the line that is being drawn.
#[derive(Debug, Default)]
struct Draft {
    steps: Vec<Step>,
    /// Where the steps of each way begin and end.
    ways: Vec<(usize, usize)>,
    places: Vec<Place>,
    /// Steps, each with its gap.
    line: Vec<(Step, u8)>,
    /// What tells each line that was drawn of a word: a row near, and the bits of what must stand there.
    telling: Vec<(u8, Bits)>,
}

impl Draft {
    /// Reads a phrase: its places, then the ways of the groups among them.
    fn read(&mut self, index: &Index, lines: &mut Lines, mut cursor: Phrase) {
        let packed = &index.packed;
        let Draft { steps, ways, places, .. } = self;
        steps.clear();
        ways.clear();
        places.clear();
        let kinds = packed.kinds.get(usize::from(cursor.kind)..).unwrap_or_default();
        let end = kinds.iter().position(|kind| kind & LAST != 0).map_or(0, |last| last + 1);
        let mut kinds = kinds.iter().copied().take(end);
        let mut step = |cursor: &mut Phrase, kind: u8, in_way: bool| {
            let number = cursor.element(packed, kind);
            let (element, bits) = lines.element(index, kind & GAP, number);
            Step {
                element,
                bits,
                optional: in_way && kind & OPTIONAL != 0,
                anchor: kind & ANCHOR != 0,
                in_way,
            }
        };
        let mut left = end;
        while left > 0
            && let Some(kind) = kinds.next()
        {
            left -= 1;
            let first = ways.len();
            if kind & GROUP == 0 {
                ways.push((steps.len(), steps.len() + 1));
                steps.push(step(&mut cursor, kind, false));
            } else {
                // the steps of its ways come after all places
                let mut at = usize::from(cursor.group);
                let count = varint(packed.groups, &mut at);
                for len in packed.groups.get(at..at + count).unwrap_or_default() {
                    left = left.saturating_sub(usize::from(*len));
                    ways.push((usize::MAX, usize::from(*len)));
                }
                cursor.step_over(packed, kind);
            }
            places.push(Place { ways: (first, ways.len()), gap: kind & GAP, optional: kind & OPTIONAL != 0 });
        }
        for way in ways.iter_mut().filter(|way| way.0 == usize::MAX) {
            let first = steps.len();
            steps.extend(kinds.by_ref().take(way.1).map(|kind| step(&mut cursor, kind, true)));
            *way = (first, steps.len());
        }
    }
}

/// Multiplies a phrase out.
struct Pen<'a> {
    index: &'a Index,
    phrase: u16,
    /// The word at which the lines are anchored that are wanted.
    word: Option<u16>,
    steps: &'a [Step],
    ways: &'a [(usize, usize)],
    line: &'a mut Vec<(Step, u8)>,
    /// The gap of what was left out.
    gap: u8,
    lines: &'a mut Lines,
    telling: &'a mut Vec<(u8, Bits)>,
}

impl Pen<'_> {
    fn over_places(&mut self, places: &[Place]) {
        let Some((place, rest)) = places.split_first() else { return self.end() };
        let gap = self.gap;
        self.gap = gap.max(place.gap);
        for (start, end) in self.ways.get(place.ways.0..place.ways.1).unwrap_or_default() {
            self.along_way(self.steps.get(*start..*end).unwrap_or_default(), rest);
        }
        if place.optional {
            self.over_places(rest);
        }
        self.gap = gap;
    }

    fn along_way(&mut self, way: &[Step], places: &[Place]) {
        let Some((step, rest)) = way.split_first() else { return self.over_places(places) };
        let gap = self.gap;
        let widest = if step.in_way { gap.max(step.element.gap) } else { gap };
        self.line.push((*step, widest));
        self.gap = 0;
        self.along_way(rest, places);
        self.line.pop();
        if step.optional {
            self.gap = widest;
            self.along_way(rest, places);
        }
        self.gap = gap;
    }

    /// Adds the line that is drawn, if it is anchored at the word.
    fn end(&mut self) {
        // a word of a way is an anchor where it is rarer than what all lines share
        let anchor = |in_way| self.line.iter().position(|(step, _)| step.anchor && step.in_way == in_way);
        let Some(anchor) = anchor(true).or_else(|| anchor(false)) else { return };
        let Some((before, [(at, gap), after @ ..])) = self.line.split_at_checked(anchor) else { return };
        if self.word.is_some_and(|word| !self.lines.lists(at.element, word)) {
            return;
        }
        // the words by how much they tell: the more may stand there and the farther off, the less
        let mut tests = [(usize::MAX, ANYTHING, 1); 3];
        let mut test = |reach: usize, side: u8, bits: Bits| {
            let row = ROWS.iter().position(|row| reach <= *row);
            let (row, width) = row.map_or((ALL, 2 * ROWS[2]), |row| (row as u8, ROWS[row]));
            let mut test = (bits.count_ones() as usize * width, side + row, bits);
            for place in &mut tests {
                if test.0 < place.0 {
                    std::mem::swap(place, &mut test);
                }
            }
        };
        let start = self.lines.elements.len() as u32;
        self.lines.elements.push(at.element);
        let mut reach = 0;
        for (step, gap) in after {
            reach += places(*gap);
            test(reach, 0, step.bits);
            self.lines.elements.push(Element { gap: *gap, ..step.element });
        }
        // the gap of a word lies before it
        let mut gap = *gap;
        reach = 0;
        for (step, next_gap) in before.iter().rev() {
            reach += places(gap);
            test(reach, BEFORE, step.bits);
            self.lines.elements.push(Element { gap, ..step.element });
            gap = *next_gap;
        }
        let [first, second, third] = tests;
        let target = self.index.target(self.phrase);
        let (telling, second, third) = match target {
            Target::Guard(rule) => ((GUARDS, bit(rule)), first, second),
            _ => ((first.1, first.2), second, third),
        };
        self.telling.push(telling);
        self.lines.all.push(Line {
            tests: [second.2, third.2],
            rows: [second.1, third.1],
            after: after.len() as u8,
            before: before.len() as u8,
            start,
            phrase: self.phrase,
            target,
        });
    }
}
