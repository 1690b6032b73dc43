//! The query of a request.

use std::borrow::Cow;

use super::parameter::Parameter;
use super::percent;
use crate::sandbox::wire::Refusal;

/// The decoded pairs of a query, in its order.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let decoded = |text: &str| {
        // A plus sign is a blank to the servers that read queries like forms.
        let text = text.replace('+', " ");
        let decoded = percent::decode(&text).map(Cow::into_owned);
        decoded.ok_or_else(|| {
            Refusal::bad_request("the query is not percent-encoded UTF-8 text throughout")
        })
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// Everything that is wrong with the pairs, for an operation that takes these parameters.
pub(super) fn problems(pairs: &[(String, String)], known: &[Parameter]) -> Vec<String> {
    let mut problems = Vec::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        let Some(parameter) = known.iter().find(|known| known.name == name) else {
            problems.push(match known {
                [] => format!("query `{}` is unknown; none is taken", shown(name)),
                known => {
                    let known: Vec<&str> = known.iter().map(|known| known.name).collect();
                    let known = known.join(", ");
                    format!(
                        "query `{}` is unknown; the known ones are {known}",
                        shown(name)
                    )
                }
            });
            continue;
        };
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            problems.push(format!("query `{name}` is there more than once"));
        } else if let Some(wanted) = parameter.wanted(value) {
            problems.push(format!("query `{name}` is not {wanted}"));
        }
    }
    for parameter in known.iter().filter(|parameter| parameter.required) {
        if !pairs.iter().any(|(name, _)| name == parameter.name) {
            problems.push(format!("query `{}` is missing", parameter.name));
        }
    }
    problems
}

/// The start of a name that is not the document's: it may be of any length.
pub(crate) fn shown(name: &str) -> &str {
    const LONGEST: usize = 64;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => &name[..end],
        None => name,
    }
}
