//! Figures by category.

use std::collections::BTreeMap;
use std::fmt;

/// What was asked of the rows, and how often the answer was right.
#[derive(Default)]
pub(crate) struct Table {
    categories: BTreeMap<String, BTreeMap<&'static str, Figure>>,
    misses: Vec<String>,
}

#[derive(Default, Clone, Copy)]
struct Figure {
    passed: usize,
    total: usize,
}

impl Table {
    /// Counts one answer. `explain` says what was wrong with it, if it was.
    pub(crate) fn count(&mut self, category: &str, aspect: &'static str, id: &str, explain: Option<String>) {
        let figure = self.categories.entry(category.to_owned()).or_default().entry(aspect).or_default();
        figure.total += 1;
        match explain {
            None => figure.passed += 1,
            Some(explanation) => self.misses.push(format!("{id} ({aspect}): {explanation}")),
        }
    }

    /// The categories that miss more than they may.
    pub(crate) fn categories_with_more_misses_than(&self, allowed: &[(&str, usize)]) -> Vec<String> {
        let allowed =
            |name: &str| allowed.iter().find(|(category, _)| *category == name).map_or(0, |(_, count)| *count);
        let misses = |figures: &BTreeMap<_, Figure>| figures.values().map(|f| f.total - f.passed).sum::<usize>();
        let worse = self.categories.iter().filter(|(name, figures)| misses(figures) > allowed(name));
        worse.map(|(name, _)| name.clone()).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sums: BTreeMap<&str, Figure> = BTreeMap::new();
        for (category, figures) in &self.categories {
            write!(f, "  {category:<12}")?;
            for (aspect, figure) in figures {
                write!(f, "  {aspect} {:>5}/{:<5}", figure.passed, figure.total)?;
                let sum = sums.entry(aspect).or_default();
                *sum = Figure { passed: sum.passed + figure.passed, total: sum.total + figure.total };
            }
            writeln!(f)?;
        }
        write!(f, "  {:<12}", "all")?;
        for (aspect, figure) in sums {
            write!(f, "  {aspect} {:>5}/{:<5}", figure.passed, figure.total)?;
        }
        writeln!(f)?;
        self.misses.iter().try_for_each(|miss| writeln!(f, "  MISS {miss}"))
    }
}
