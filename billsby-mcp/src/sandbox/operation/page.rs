//! Pages of a list.

use serde::Serialize;

use super::Call;
use crate::sandbox::wire::Answer;

/// One page of a list, as the API wraps it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<V> {
    current_page: usize,
    page_count: usize,
    page_size: usize,
    /// The rows of this page, not of all pages.
    row_count: usize,
    results: Vec<V>,
}

/// The page that was asked for, out of `count` rows. Behind the last page there are empty ones.
pub(super) fn page<T, V: Serialize>(
    call: &Call<'_>,
    count: usize,
    rows: impl Iterator<Item = T>,
    view: impl FnMut(T) -> V,
) -> Answer {
    let number = |name| {
        let value = call.query(name).and_then(|value| value.parse().ok());
        value.expect("the document requires it to be a positive integer")
    };
    let (current_page, page_size): (usize, usize) = (number("page"), number("pageSize"));
    let before = (current_page - 1).saturating_mul(page_size);
    let results: Vec<V> = rows.skip(before).take(page_size).map(view).collect();
    Answer::json(&Envelope {
        current_page,
        page_count: count.div_ceil(page_size),
        page_size,
        row_count: results.len(),
        results,
    })
}
