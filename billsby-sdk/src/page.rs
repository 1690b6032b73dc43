use std::fmt;

use serde::Deserialize;

/// One page of a list, as the API sends it. Pages are counted from 1.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Page<T> {
    /// The number of this page.
    #[serde(default)]
    pub current_page: Option<i64>,
    /// How many pages there are.
    #[serde(default)]
    pub page_count: Option<i64>,
    /// How many entries a full page has.
    #[serde(default)]
    pub page_size: Option<i64>,
    /// A number of entries. The vendor's texts disagree whether of this page or of the whole list:
    /// do not rely on it as a total.
    #[serde(default)]
    pub row_count: Option<i64>,
    /// The entries of this page.
    #[serde(default = "Vec::new")]
    pub results: Vec<T>,
}

impl<T> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("current_page", &self.current_page)
            .field("page_count", &self.page_count)
            .field("results", &format_args!("{} entries", self.results.len()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Page;
    use crate::types::lenient::decode;

    #[test]
    fn reads_the_envelope_in_any_form() {
        let mut value = json!({
            "currentPage": "2", "pageCount": 9.0, "pageSize": null, "results": ["a", null, "b"],
        });
        let page: Page<String> = decode(&mut value).unwrap();
        assert_eq!((page.current_page, page.page_count), (Some(2), Some(9)));
        assert_eq!((page.page_size, page.row_count), (None, None));
        assert_eq!(page.results, ["a", "b"]);
        insta::assert_snapshot!(format!("{page:?}"), @"Page { current_page: Some(2), page_count: Some(9), results: 2 entries, .. }");
    }

    #[test]
    fn an_empty_object_is_an_empty_page() {
        let page: Page<String> = decode(&mut json!({})).unwrap();
        assert_eq!(page, Page::default());
    }
}
