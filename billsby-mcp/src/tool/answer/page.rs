//! Pages of lists.

use serde_json::Value;

use super::View;

/// The list of entries in a page.
pub(super) const ENTRIES: &str = "results";
/// What a page says about itself.
pub(super) const COUNTERS: [&str; 4] = ["currentPage", "pageCount", "pageSize", "rowCount"];
/// How many entries a tool asks for when nobody says.
const USUAL_SIZE: usize = 100;

/// Where a page is in its list. Pages are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    number: usize,
    size: usize,
    entries: usize,
    last: bool,
}

impl Page {
    /// Reads what a body says about its page; `None` when it is no page.
    pub(super) fn of(body: &Value, view: &View) -> Option<Self> {
        let entries = body.get(ENTRIES)?.as_array()?.len();
        let counter = |name: &str| body.get(name).and_then(number);
        let size = match (view.page_size, counter("pageSize").filter(|size| *size > 0)) {
            // Of two, the smaller: a page that begins too early leaves nothing out.
            (Some(asked), Some(told)) => asked.min(told),
            (Some(size), None) => size,
            (None, Some(told)) => told.min(USUAL_SIZE),
            (None, None) => USUAL_SIZE,
        };
        let size = size.max(1);
        let number = view.page.unwrap_or(1).max(1);
        let last = match counter("pageCount") {
            Some(count) => counter("currentPage").unwrap_or(number) >= count,
            None => entries < size,
        };
        Some(Self {
            number,
            size,
            entries,
            last: last || entries == 0,
        })
    }

    /// The page number and page size that give what comes next, when so many entries are shown;
    /// `None` when nothing does.
    ///
    /// When entries were cut, the next page begins with the first of them or, if no page size of a
    /// useful length can do that, a little before it.
    pub(super) fn next(self, shown: usize) -> Option<(usize, usize)> {
        if shown >= self.entries {
            return (!self.last).then_some((self.number + 1, self.size));
        }
        let shown = shown.max(1);
        let first_cut = (self.number - 1).saturating_mul(self.size) + shown;
        let half = shown.div_ceil(2);
        let size = (half..=shown)
            .rev()
            .min_by_key(|size| first_cut % size)
            .unwrap_or(1);
        Some((first_cut / size + 1, size))
    }
}

/// A whole number that is not negative, in any form in which the API or a model may write it.
pub(super) fn number(value: &Value) -> Option<usize> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => match number.as_u64() {
            Some(number) => number,
            None => number.to_string().strip_suffix(".0")?.parse().ok()?,
        },
        _ => return None,
    };
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn view(page: usize, page_size: usize) -> View {
        View {
            page: Some(page),
            page_size: Some(page_size),
            ..View::default()
        }
    }

    fn body(current: impl Into<Value>, count: impl Into<Value>, entries: usize) -> Value {
        json!({
            "currentPage": current.into(), "pageCount": count.into(), "pageSize": 50,
            "results": vec![0; entries],
        })
    }

    #[test]
    fn the_next_page_has_the_next_number_and_the_same_size() {
        let next = |body: &Value, view: &View| Page::of(body, view).and_then(|page| page.next(50));
        assert_eq!(next(&body(2, 5, 50), &view(2, 50)), Some((3, 50)));
        assert_eq!(next(&body("2", 5.0, 50), &view(2, 50)), Some((3, 50)));
        // What is not asked for is what the tool sends by itself.
        assert_eq!(next(&body(1, 5, 50), &View::default()), Some((2, 50)));
        let bare = json!({"results": vec![0; 50]});
        assert_eq!(next(&bare, &view(4, 50)), Some((5, 50)));
    }

    #[test]
    fn behind_the_last_page_there_is_none() {
        let next = |body: &Value, view: &View| Page::of(body, view).unwrap().next(usize::MAX);
        assert_eq!(next(&body(5, 5, 50), &view(5, 50)), None);
        assert_eq!(next(&body(5, 5, 3), &view(5, 50)), None);
        assert_eq!(next(&body(1, 0, 0), &view(1, 50)), None);
        // An empty page ends the list, whatever its counters say.
        assert_eq!(next(&body(3, 9, 0), &view(3, 50)), None);
        assert_eq!(next(&json!({"results": [1, 2]}), &view(1, 50)), None);
    }

    #[test]
    fn what_is_no_page_has_no_next() {
        for body in [
            json!({"currentPage": 1, "pageCount": 9, "results": null}),
            json!({"currentPage": 1, "pageCount": 9}),
            json!([1, 2]),
            json!("Success"),
        ] {
            assert_eq!(Page::of(&body, &view(1, 2)), None, "{body}");
        }
    }

    /// Follows the advice through a list while each result holds a random number of entries.
    #[test]
    fn no_entry_is_ever_skipped() {
        for seed in 1..300_usize {
            let (total, mut fits) = (1 + seed * 7 % 463, seed);
            let mut seen = vec![false; total];
            let (mut number, mut size) = (1, 1 + seed * 13 % 100);
            for call in 0.. {
                assert!(call < 4 * total + 10, "the advice goes round in circles");
                let begin = (number - 1) * size;
                let entries = size.min(total.saturating_sub(begin));
                fits = (fits * 1_103 + 12_345) % 65_521;
                let shown = entries.min(1 + fits % 40);
                seen[begin..begin + shown].fill(true);
                let body = json!({
                    "currentPage": number, "pageCount": total.div_ceil(size), "pageSize": size,
                    "results": vec![0; entries],
                });
                match Page::of(&body, &view(number, size)).unwrap().next(shown) {
                    Some(next) => (number, size) = next,
                    None => break,
                }
                assert!(
                    seen[..((number - 1) * size).min(total)]
                        .iter()
                        .all(|seen| *seen)
                );
            }
            assert!(
                seen.iter().all(|seen| *seen),
                "{total} entries, seed {seed}"
            );
        }
    }

    #[test]
    fn the_first_cut_entry_begins_the_next_page_where_it_can() {
        let next = |number, size, shown| {
            let page = Page {
                number,
                size,
                entries: size,
                last: true,
            };
            page.next(shown)
        };
        assert_eq!(next(1, 100, 40), Some((2, 40)));
        // 100 + 60 = 4 × 40.
        assert_eq!(next(2, 100, 60), Some((5, 40)));
        // Not even the first one was shown in full.
        assert_eq!(next(3, 100, 0), Some((202, 1)));
    }
}
