//! The rows of words that phrases stand for, drawn when a text has the word that they are looked for at.
//!
//! A *line* is a phrase whose groups and missing words are multiplied out: `mailbox [quota] (full|over limit)`
//! is four lines, `mailbox quota full`, `mailbox quota over limit`, `mailbox full`, `mailbox over limit`. Where
//! something is left out, its gap goes on to what comes next. So what is looked for in a text knows neither
//! groups nor what is optional. `rulec` refuses a phrase that would become too many lines.
//!
//! The lines of a word are kept by what must stand near it. Of the two sides of the word the one that tells
//! more has a place near ([`super::near`]), and bits of the words that may stand there. The lines of one place
//! are a *bundle*; in it each line lies in a *bucket* for each of its bits. What stands at that place in a text
//! has few bits, and only the buckets of these are looked at: a word may have hundreds of lines, and most
//! texts touch one or two of them. Lines that switch a rule off are a bundle of their own; what tells them
//! is the rule, as few rules are ever spoken for.

#![allow(clippy::indexing_slicing, reason = "halves of two, bounds that `get` has checked")]

use super::index::{ANCHOR, Bits, GAP, GROUP, Index, LAST, OPTIONAL, Phrase, bit, u16_at, varint};
use super::near::{BEFORE, GAPS};
use super::tables::Target;

/// One place of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// Bits of the words that may stand here.
    pub bits: Bits,
    /// The number of a word, or where the members of a set begin.
    pub at: u32,
    /// How many these are; 0 for a word.
    pub members: u8,
    /// How far it may stand from the one before: index into the sizes of gaps.
    pub gap: u8,
}

/// A line that may stand where its anchor stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Bits of the words one of which must come next, one of which must stand before, and one of which
    /// must be anywhere.
    pub after: Bits,
    pub before: Bits,
    pub far: Bits,
    /// Its first element, how many there are, and which of them is the anchor.
    start: u32,
    len: u16,
    anchor: u16,
    /// The places near of the first two.
    pub places: (u8, u8),
    /// Which phrase it is of, and what that is of.
    pub phrase: u16,
    pub target: Target,
}

/// Where anything may stand, even nothing: no gap, but a place of its own.
const ANYTHING: u8 = 3;

/// The place of lines that switch a rule off: what tells them are the rules that are spoken for.
pub(super) const GUARDS: u8 = 2 * BEFORE;

impl Line {
    /// The place near that tells most of it, and the bits of what must stand there.
    fn telling(&self) -> (u8, Bits) {
        if let Target::Guard(rule) = self.target {
            return (GUARDS, bit(rule));
        }
        // the more words may stand there and the farther it reaches, the less it tells
        let chance = |bits: Bits, place: u8| match GAPS.get(usize::from(place % BEFORE)) {
            Some(gap) => bits.count_ones() as usize * (gap + 1),
            None => usize::MAX,
        };
        let (after, before) = self.places;
        let (place, bits) = if chance(self.after, after) <= chance(self.before, before) {
            (after, self.after)
        } else {
            (before, self.before)
        };
        // one bucket is enough where all bits do
        (place, if place % BEFORE == ANYTHING { 1 } else { bits })
    }
}

/// The lines of a word that are told by what stands at the same place near.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bundle {
    /// The bits that have a bucket.
    pub bits: Bits,
    /// Where the first bucket begins, as a place among the bounds.
    first: u32,
    /// How many buckets are of the lower 64 bits.
    low: u8,
    /// The place near.
    pub place: u8,
}

/// All lines that were drawn.
#[derive(Debug, Default)]
pub(super) struct Lines {
    all: Vec<Line>,
    elements: Vec<Element>,
    bundles: Vec<Bundle>,
    /// Where each bucket of a bundle begins among the entries, and where the last ends.
    bounds: Vec<u32>,
    /// The lines of each bucket.
    entries: Vec<u32>,
    draft: Draft,
}

/// How many places there are, and bits.
const PLACES: usize = GUARDS as usize + 1;
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
        self.draft.read(index, cursor);
        let Draft { steps, ways, places, line } = &mut self.draft;
        line.clear();
        let (lines, elements) = (&mut self.all, &mut self.elements);
        Pen { index, phrase, word, steps, ways, line, gap: 0, lines, elements }.over_places(places);
    }

    /// Puts the lines from one on into bundles and buckets.
    fn sort_into_bundles(&mut self, first: usize) {
        let drawn = self.all.get(first..).unwrap_or_default();
        if drawn.is_empty() {
            return;
        }
        let mut all = [0; PLACES];
        // of each bucket the number of its lines, then where the next goes
        let mut counts = [0u32; PLACES * WIDTH];
        let each_bucket = |with: &mut dyn FnMut(usize, u32)| {
            for (number, line) in (first as u32..).zip(drawn) {
                let (place, bits) = line.telling();
                ones(bits).for_each(|bit| with(usize::from(place) * WIDTH + bit, number));
            }
        };
        each_bucket(&mut |bucket, _| {
            if let (Some(count), Some(bits)) = (counts.get_mut(bucket), all.get_mut(bucket / WIDTH)) {
                *count += 1;
                *bits |= bit((bucket % WIDTH) as u16);
            }
        });
        let mut end = self.entries.len() as u32;
        for (place, bits) in (0..).zip(all).filter(|(_, bits)| *bits != 0) {
            let low = (bits as u64).count_ones() as u8;
            self.bundles.push(Bundle { bits, first: self.bounds.len() as u32, low, place });
            self.bounds.push(end);
            for bit in ones(bits) {
                if let Some(count) = counts.get_mut(usize::from(place) * WIDTH + bit) {
                    end += std::mem::replace(count, end);
                    self.bounds.push(end);
                }
            }
        }
        self.entries.resize(end as usize, 0);
        each_bucket(&mut |bucket, line| {
            if let Some(next) = counts.get_mut(bucket)
                && let Some(entry) = self.entries.get_mut(*next as usize)
            {
                *entry = line;
                *next += 1;
            }
        });
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

    /// The elements of a line before its anchor, the anchor, and those after it.
    #[inline(always)]
    pub(super) fn elements(&self, line: &Line) -> Option<(&[Element], &Element, &[Element])> {
        let start = line.start as usize;
        let elements = self.elements.get(start..start + usize::from(line.len))?;
        match elements.split_at_checked(usize::from(line.anchor))? {
            (before, [anchor, after @ ..]) => Some((before, anchor, after)),
            _ => None,
        }
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

impl Index {
    /// The element of a word or set.
    fn element(&self, gap: u8, number: u16) -> Element {
        let Some((start, end)) = self.set(number) else {
            return Element { bits: bit(number), at: u32::from(number), members: 0, gap };
        };
        let bits = (start..end).fold(0, |bits, at| bits | bit(u16_at(self.packed.members, at)));
        Element { bits, at: start as u32, members: (end - start) as u8, gap }
    }

    /// Whether a word is that of an element or one of a set.
    fn lists(&self, element: &Element, word: u16) -> bool {
        let start = element.at as usize;
        match element.members {
            0 => start == usize::from(word),
            members => {
                (start..start + usize::from(members)).any(|at| u16_at(self.packed.members, at) == word)
            }
        }
    }
}

/// A word of a phrase.
#[derive(Clone, Copy, Debug)]
struct Step {
    element: Element,
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
}

impl Draft {
    /// Reads a phrase: its places, then the ways of the groups among them.
    fn read(&mut self, index: &Index, mut cursor: Phrase) {
        let packed = &index.packed;
        let Draft { steps, ways, places, .. } = self;
        steps.clear();
        ways.clear();
        places.clear();
        let kinds = packed.kinds.get(usize::from(cursor.kind)..).unwrap_or_default();
        let end = kinds.iter().position(|kind| kind & LAST != 0).map_or(0, |last| last + 1);
        let mut kinds = kinds.iter().copied().take(end);
        let step = |cursor: &mut Phrase, kind: u8, in_way: bool| {
            let number = cursor.element(packed, kind);
            Step {
                element: index.element(kind & GAP, number),
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
    lines: &'a mut Vec<Line>,
    elements: &'a mut Vec<Element>,
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
        let Some((at, gap_before)) = self.line.get(anchor) else { return };
        if self.word.is_some_and(|word| !self.index.lists(&at.element, word)) {
            return;
        }
        let beside = |step: Option<&(Step, u8)>| {
            step.map_or((Bits::MAX, ANYTHING), |(step, gap)| (step.element.bits, *gap))
        };
        let (after, gap_after) = beside(self.line.get(anchor + 1));
        let (before, gap) = beside(anchor.checked_sub(1).and_then(|before| self.line.get(before)));
        let others = self.line.iter().enumerate().filter(|(at, _)| at.abs_diff(anchor) > 1);
        let far = others.map(|(_, (step, _))| step.element.bits).min_by_key(|bits| bits.count_ones());
        self.lines.push(Line {
            after,
            before,
            far: far.unwrap_or(Bits::MAX),
            start: self.elements.len() as u32,
            len: self.line.len() as u16,
            anchor: anchor as u16,
            places: (gap_after, BEFORE + if anchor == 0 { gap } else { *gap_before }),
            phrase: self.phrase,
            target: self.index.target(self.phrase),
        });
        self.elements.extend(self.line.iter().map(|(step, gap)| Element { gap: *gap, ..step.element }));
    }
}
