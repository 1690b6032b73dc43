//! All entries of a list, page by page behind the scenes.

use futures_core::Stream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::de::DeserializeOwned;

use crate::call::{Call, Operation};
use crate::error::Error;
use crate::page::Page;

/// Names of the query parameters that choose a page.
const PAGE: &str = "page";
const PAGE_SIZE: &str = "pageSize";

/// Where no honest list goes: ten million entries at the largest page size.
const LAST_PAGE: u32 = 100_000;

impl<T, O> Call<O>
where
    T: DeserializeOwned + Send + 'static,
    O: Operation<Answer = Page<T>>,
{
    /// Reads all entries, from the first page or the one that was set. The next page is asked for
    /// when its first entry is wanted.
    ///
    /// The stream ends after an empty page, a page that is not full, the last page by the API's own
    /// count, or a page that repeats the one before; it never runs forever, whatever the API
    /// answers. After an error it ends too. Entries that are added or removed meanwhile may be
    /// missed or come twice: the API has no snapshot of a list.
    ///
    /// ```no_run
    /// # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
    /// use futures_util::TryStreamExt;
    /// use std::pin::pin;
    ///
    /// let mut customers = pin!(client.customers().list().into_stream());
    /// while let Some(customer) = customers.try_next().await? {
    ///     println!("{:?}", customer.customer_unique_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_stream(self) -> impl Stream<Item = Result<T, Error>> + Send {
        let first = Walk {
            number: self.number(PAGE).unwrap_or(1),
            size: self.number(PAGE_SIZE),
            reported: None,
            body: Vec::new(),
        };
        let pages = stream::try_unfold(Some(first), move |walk| {
            let call = walk
                .as_ref()
                .map(|walk: &Walk| self.clone().query_value(PAGE, walk.number));
            async move {
                let (Some(walk), Some(call)) = (walk, call) else {
                    return Ok(None);
                };
                let response = call.send().await?;
                if walk.is_repeated(&response, response.body()) {
                    return Ok(None);
                }
                let next = walk.next(&response, response.body());
                Ok(Some((response.into_inner().results, next)))
            }
        });
        pages
            .map_ok(|entries| stream::iter(entries).map(Ok))
            .try_flatten()
    }
}

/// What is known about the walk so far.
#[derive(Clone, Debug, PartialEq)]
struct Walk {
    /// The page to ask for.
    number: u32,
    /// The page size that was asked for.
    size: Option<u32>,
    /// The number that the page before gave itself.
    reported: Option<i64>,
    /// The page before as it came; empty at the beginning.
    body: Vec<u8>,
}

impl Walk {
    /// Whether the page is the one before once more: some servers answer with their last page to
    /// any number behind it.
    fn is_repeated<T>(&self, page: &Page<T>, body: &[u8]) -> bool {
        let stands_still = match (self.reported, page.current_page) {
            (Some(before), Some(now)) => now <= before,
            _ => false,
        };
        stands_still || (!self.body.is_empty() && self.body == body)
    }

    fn next<T>(self, page: &Page<T>, body: &[u8]) -> Option<Self> {
        if self.is_last(page) {
            return None;
        }
        Some(Self {
            number: self.number + 1,
            size: self.size,
            reported: page.current_page,
            body: body.to_vec(),
        })
    }

    fn is_last<T>(&self, page: &Page<T>) -> bool {
        let entries = page.results.len();
        // The API may give smaller pages than it was asked for, and says so.
        let asked = self.size.map(i64::from);
        let full = match (asked, page.page_size.filter(|size| *size > 0)) {
            (Some(asked), Some(given)) => Some(asked.min(given)),
            (asked, given) => asked.or(given),
        };
        let is_short =
            full.is_some_and(|full| i64::try_from(entries).is_ok_and(|entries| entries < full));
        // A count of 0 beside entries counts nothing.
        let is_counted_out = page
            .page_count
            .filter(|count| *count > 0)
            .is_some_and(|count| i64::from(self.number) >= count);
        entries == 0 || is_short || is_counted_out || self.number >= LAST_PAGE
    }
}

#[cfg(test)]
mod tests {
    use super::{LAST_PAGE, Walk};
    use crate::page::Page;

    fn walk(number: u32) -> Walk {
        Walk {
            number,
            size: Some(2),
            reported: None,
            body: Vec::new(),
        }
    }

    fn page(
        entries: usize,
        current: Option<i64>,
        count: Option<i64>,
        size: Option<i64>,
    ) -> Page<usize> {
        Page {
            current_page: current,
            page_count: count,
            page_size: size,
            results: (0..entries).collect(),
            ..Page::default()
        }
    }

    #[test]
    fn ends_where_the_list_ends() {
        for (name, number, page, last) in [
            (
                "full, nothing else known",
                1,
                page(2, None, None, None),
                false,
            ),
            (
                "full, more to come",
                1,
                page(2, Some(1), Some(2), Some(2)),
                false,
            ),
            ("last by count", 2, page(2, Some(2), Some(2), Some(2)), true),
            ("short", 1, page(1, Some(1), Some(9), Some(2)), true),
            ("empty", 1, page(0, Some(1), Some(9), Some(2)), true),
            (
                "smaller pages than asked for",
                1,
                page(1, Some(1), Some(9), Some(1)),
                false,
            ),
            (
                "a size of 0 says nothing",
                1,
                page(2, Some(1), Some(9), Some(0)),
                false,
            ),
            (
                "a count of 0 says nothing",
                1,
                page(2, Some(1), Some(0), Some(2)),
                false,
            ),
            (
                "nowhere near an end",
                LAST_PAGE,
                page(2, None, None, None),
                true,
            ),
        ] {
            assert_eq!(walk(number).is_last(&page), last, "{name}");
        }
    }

    #[test]
    fn notices_a_page_that_comes_again() {
        let full = |current| page(2, current, None, None);
        let first = walk(1);
        assert!(!first.is_repeated(&full(Some(1)), b"a"));
        let second = first.next(&full(Some(1)), b"a").unwrap();
        assert_eq!(second.number, 2);
        assert!(
            second.is_repeated(&full(Some(1)), b"b"),
            "the number stands still"
        );
        assert!(second.is_repeated(&full(None), b"a"), "the same bytes");
        assert!(!second.is_repeated(&full(Some(2)), b"b"));
        assert!(!second.is_repeated(&full(None), b"b"));
    }
}
