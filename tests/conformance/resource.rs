//! The resources of the conformance suite.

use rmcp::model::*;
use serde_json::json;

use super::{IMAGE, build};

pub(super) fn list() -> Vec<Resource> {
    [
        ("test://static-text", "text/plain"),
        ("test://static-binary", "image/png"),
        ("test://watched-resource", "text/plain"),
    ]
    .map(|(uri, kind)| {
        Resource::new(uri, uri)
            .with_description("A resource of the suite.")
            .with_mime_type(kind)
    })
    .into()
}

pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new("test://template/{id}/data", "template")
            .with_description("A template of the suite.")
            .with_mime_type("application/json"),
    ]
}

pub(super) fn read(uri: &str) -> Result<ReadResourceResponse, ErrorData> {
    let content = match uri {
        "test://static-text" => json!({
            "mimeType": "text/plain",
            "text": "This is the content of the static text resource.",
        }),
        "test://static-binary" => json!({"mimeType": "image/png", "blob": IMAGE}),
        "test://watched-resource" => json!({"mimeType": "text/plain", "text": "watched"}),
        _ => {
            let inside = uri.strip_prefix("test://template/");
            let Some(id) = inside.and_then(|rest| rest.strip_suffix("/data")) else {
                let data = json!({"uri": uri});
                return Err(ErrorData::resource_not_found(
                    "Resource not found",
                    Some(data),
                ));
            };
            let data =
                json!({"id": id, "templateTest": true, "data": format!("Data for ID: {id}")});
            json!({"mimeType": "application/json", "text": data.to_string()})
        }
    };
    let mut content = content;
    content["uri"] = json!(uri);
    Ok(ReadResourceResult::new(vec![build(content)]).into())
}
