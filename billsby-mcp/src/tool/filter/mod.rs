//! Choosing tools.

mod explain;
mod group;
mod part;

use std::fmt;

use super::{Filter, Tool};
pub use group::Group;
pub use part::Part;

/// Everything that is wrong with a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    problems: Vec<FilterProblem>,
}

/// One thing that is wrong with a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterProblem {
    /// The part that has to change; none when it is how the parts work together.
    pub part: Option<Part>,
    /// Which of its values has to change, counted from 0; none when it is the part as a whole.
    pub index: Option<usize>,
    /// What is wrong.
    pub problem: String,
}

impl FilterError {
    /// The problems, at least one.
    #[must_use]
    pub fn problems(&self) -> &[FilterProblem] {
        &self.problems
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, FilterProblem { part, problem, .. }) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            if let Some(part) = part {
                write!(f, "{}: ", part.as_str())?;
            }
            f.write_str(problem)?;
        }
        Ok(())
    }
}

impl std::error::Error for FilterError {}

/// The tools that pass, at least one, and those that do not.
pub(super) fn split(
    filter: &Filter,
    tools: &[&'static Tool],
) -> Result<(Vec<&'static Tool>, Vec<&'static Tool>), FilterError> {
    let problems = explain::wrong_values(filter, tools);
    if !problems.is_empty() {
        return Err(FilterError { problems });
    }
    let passes = |tool: &&'static Tool| {
        may_be_served(filter, tool) && Part::ALL.iter().all(|part| part.passes(filter, tool))
    };
    let (chosen, left_out): (Vec<_>, Vec<_>) = tools.iter().copied().partition(passes);
    if chosen.is_empty() {
        return Err(FilterError {
            problems: vec![FilterProblem {
                part: None,
                index: None,
                problem: explain::nothing_left(filter, tools),
            }],
        });
    }
    Ok((chosen, left_out))
}

const fn may_be_served(filter: &Filter, tool: &Tool) -> bool {
    tool.reviewed || filter.include_unreviewed
}

#[cfg(test)]
mod tests;
