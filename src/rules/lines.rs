//! The lines of a phrase: what it stands for once its groups and the words that may be missing are
//! multiplied out.
//!
//! `mailbox [quota] (full|over limit)` is four lines: `mailbox quota full`, `mailbox quota over limit`,
//! `mailbox full`, `mailbox over limit`. Where something is left out, its gap goes on to what comes next.

use super::index::Bits;

/// One place of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    /// Bits of the words that may stand here.
    pub bits: Bits,
    /// The number of a word, and how many of the next begin with it; where the members of a set begin
    /// and end.
    pub range: (u32, u32),
    pub is_set: bool,
    /// How far it may stand from the one before: index into the sizes of gaps.
    pub gap: u8,
}

/// A phrase made ready.
#[derive(Debug, Default)]
pub(super) struct Lines {
    elements: Vec<Element>,
    lines: Vec<Line>,
}

/// Where the elements of a line begin and end, and which of them it is anchored at.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: u16,
    end: u16,
    anchor: u16,
}

impl Lines {
    /// The elements of a line before its anchor, the anchor, and those after it.
    #[inline(always)]
    pub(super) fn line(&self, line: u16) -> Option<(&[Element], &Element, &[Element])> {
        let line = self.lines.get(usize::from(line))?;
        let elements = self.elements.get(usize::from(line.start)..usize::from(line.end))?;
        match elements.split_at_checked(usize::from(line.anchor))? {
            (before, [anchor, after @ ..]) => Some((before, anchor, after)),
            _ => None,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u16 {
        self.lines.len() as u16
    }
}

/// A word of a phrase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub element: Element,
    /// A line may do without it.
    pub optional: bool,
    /// How common it is in bounces: a line is anchored at the rarest word that it must have.
    pub common: u32,
}

/// A phrase as it is written.
#[derive(Debug, Default)]
pub(super) struct Plan {
    steps: Vec<Step>,
    /// Where the steps of each way begin and end.
    ways: Vec<(usize, usize)>,
    places: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    /// Where its ways begin and end.
    ways: (usize, usize),
    gap: u8,
    optional: bool,
}

impl Plan {
    /// Adds a place whose ways follow.
    pub(super) fn add_place(&mut self, gap: u8, optional: bool) {
        self.places.push(Place { ways: (self.ways.len(), self.ways.len()), gap, optional });
    }

    /// Adds a way over the last place.
    pub(super) fn add_way(&mut self, steps: impl Iterator<Item = Step>) {
        let start = self.steps.len();
        self.steps.extend(steps);
        self.ways.push((start, self.steps.len()));
        if let Some(place) = self.places.last_mut() {
            place.ways.1 = self.ways.len();
        }
    }

    /// Multiplies it out.
    pub(super) fn lines(&self) -> Lines {
        let mut draft = Draft { plan: self, line: Vec::with_capacity(8), gap: 0, done: Lines::default() };
        draft.over_places(&self.places);
        draft.done
    }
}

/// A line that is being drawn, and those that are done.
struct Draft<'a> {
    plan: &'a Plan,
    line: Vec<Step>,
    /// The gap of what was left out.
    gap: u8,
    done: Lines,
}

impl Draft<'_> {
    fn over_places(&mut self, places: &[Place]) {
        let Some((place, rest)) = places.split_first() else { return self.end() };
        let gap = self.gap;
        self.gap = gap.max(place.gap);
        for (start, end) in self.plan.ways.get(place.ways.0..place.ways.1).unwrap_or_default() {
            self.along_way(self.plan.steps.get(*start..*end).unwrap_or_default(), rest);
        }
        if place.optional {
            self.over_places(rest);
        }
        self.gap = gap;
    }

    fn along_way(&mut self, way: &[Step], places: &[Place]) {
        let Some((step, rest)) = way.split_first() else { return self.over_places(places) };
        let gap = self.gap;
        let widest = gap.max(step.element.gap);
        self.line.push(Step { element: Element { gap: widest, ..step.element }, ..*step });
        self.gap = 0;
        self.along_way(rest, places);
        self.line.pop();
        if step.optional {
            self.gap = widest;
            self.along_way(rest, places);
        }
        self.gap = gap;
    }

    fn end(&mut self) {
        let required = self.line.iter().enumerate().filter(|(_, step)| !step.optional);
        let anchor = required.min_by_key(|(_, step)| step.common).map_or(0, |(at, _)| at) as u16;
        let start = self.done.elements.len() as u16;
        self.done.elements.extend(self.line.iter().map(|step| step.element));
        self.done.lines.push(Line { start, end: self.done.elements.len() as u16, anchor });
    }
}
