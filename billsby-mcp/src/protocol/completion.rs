//! Completions: what the argument of a prompt or the name in an address can be.

use rmcp::model::{CompleteRequestParams, CompletionInfo, ErrorData, Reference};

use super::scene::Scene;
use super::{prompt, resource};

/// The values that fit what has been typed so far.
///
/// # Errors
///
/// There is no such prompt, address or argument.
pub(super) fn complete(
    scene: Scene<'_>,
    request: &CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let argument = &request.argument;
    let values = match &request.r#ref {
        Reference::Prompt(prompt) => prompt::values(scene, &prompt.name, &argument.name)?.to_vec(),
        Reference::Resource(template) => resource::values(scene, &template.uri, &argument.name)?,
        _ => return Err(ErrorData::invalid_params("unknown kind of reference", None)),
    };
    Ok(fitting(values, &argument.value))
}

/// Values that begin as typed, then those that hold it elsewhere; as many as the protocol allows.
fn fitting(values: Vec<&str>, typed: &str) -> CompletionInfo {
    let typed = typed.to_ascii_lowercase();
    let (mut fitting, others): (Vec<&str>, Vec<&str>) = values
        .into_iter()
        .partition(|value| value.to_ascii_lowercase().starts_with(&typed));
    fitting.extend(
        others
            .into_iter()
            .filter(|value| value.to_ascii_lowercase().contains(&typed)),
    );
    let total = fitting.len();
    fitting.truncate(CompletionInfo::MAX_VALUES);
    let mut info = CompletionInfo::default();
    info.has_more = Some(total > fitting.len());
    info.total = u32::try_from(total).ok();
    info.values = fitting.into_iter().map(str::to_owned).collect();
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_typed_comes_first() {
        let info = fitting(vec!["customer_invoices", "get_invoice", "invoices"], "Inv");
        assert_eq!(
            info.values,
            ["invoices", "customer_invoices", "get_invoice"]
        );
        assert_eq!((info.total, info.has_more), (Some(3), Some(false)));
    }

    #[test]
    fn no_more_than_the_protocol_allows() {
        let info = fitting(vec!["a"; 101], "");
        assert_eq!((info.values.len(), info.total), (100, Some(101)));
        assert_eq!(info.has_more, Some(true));
    }
}
