//! The files of the page, compiled in.

use std::sync::OnceLock;

use axum::extract::{Path, RawQuery};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

/// Where they are.
pub(super) const PATH: &str = "/ui/assets/";
/// Whoever asks with the content's own hash may keep it for ever.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A file.
pub(super) struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
    version: OnceLock<String>,
}

pub(super) static STYLE: Asset = Asset::new(
    "style.css",
    "text/css; charset=utf-8",
    include_str!("style.css"),
);
pub(super) static SCRIPT: Asset = Asset::new(
    "page.js",
    "text/javascript; charset=utf-8",
    include_str!("page.js"),
);
pub(super) static ICON: Asset = Asset::new("icon.svg", "image/svg+xml", include_str!("icon.svg"));

impl Asset {
    const fn new(name: &'static str, media_type: &'static str, content: &'static str) -> Self {
        Self {
            name,
            media_type,
            content,
            version: OnceLock::new(),
        }
    }

    /// Its address, which changes with its content.
    pub(super) fn address(&self) -> String {
        format!("{PATH}{}?v={}", self.name, self.version())
    }

    fn caching(&self, query: Option<&str>) -> &'static str {
        let version = query.and_then(|query| query.strip_prefix("v="));
        if version == Some(self.version()) {
            FOREVER
        } else {
            "no-cache"
        }
    }

    /// The beginning of its content's hash.
    fn version(&self) -> &str {
        self.version.get_or_init(|| {
            let hash = Sha256::digest(self.content);
            let start = hash.first_chunk().copied().unwrap_or_default();
            format!("{:016x}", u64::from_be_bytes(start))
        })
    }
}

/// Gives a file to whoever asks; there is no secret in it. While replicas are replaced, one may be asked for the
/// content of another: that must not be kept.
pub(super) async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    let assets = [&STYLE, &SCRIPT, &ICON];
    match assets.into_iter().find(|asset| asset.name == name) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.media_type),
                (header::CACHE_CONTROL, asset.caching(query.as_deref())),
            ];
            (headers, asset.content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast that small text needs, and that edges of controls need.
    const TEXT: f64 = 4.5;
    const EDGE: f64 = 3.0;
    const GROUNDS: [&str; 3] = ["ground", "raised", "sunken"];
    const TINTED: [&str; 5] = ["accent", "good", "care", "bad", "other"];

    #[test]
    fn whatever_is_written_can_be_read_in_light_and_dark() {
        for scheme in [0, 1] {
            for text in ["ink", "soft", "accent", "good", "care", "bad", "other"] {
                for ground in GROUNDS {
                    has(scheme, text, ground, TEXT);
                }
            }
            for name in TINTED {
                let ground = format!("{name}-ground");
                for text in ["ink", "soft", "accent", name] {
                    has(scheme, text, &ground, TEXT);
                }
            }
            has(scheme, "on-accent", "accent", TEXT);
            has(scheme, "on-bad", "bad", TEXT);
            for ground in GROUNDS {
                has(scheme, "edge", ground, EDGE);
            }
        }
    }

    #[test]
    fn only_what_was_asked_for_by_its_content_is_kept() {
        let address = STYLE.address();
        let (_, query) = address.split_once('?').expect("a version");
        assert_eq!(STYLE.caching(Some(query)), FOREVER);
        assert_eq!(STYLE.caching(Some("v=0")), "no-cache");
        assert_eq!(STYLE.caching(None), "no-cache");
    }

    fn has(scheme: usize, text: &str, ground: &str, least: f64) {
        let (one, other) = (
            luminance(&colour(scheme, text)),
            luminance(&colour(scheme, ground)),
        );
        let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
        assert!(
            contrast >= least,
            "{text} on {ground} has {contrast:.2} in scheme {scheme}"
        );
    }

    /// A colour of the first rule, which has one for light and one for dark.
    fn colour(scheme: usize, name: &str) -> String {
        let start = format!("\n  --{name}: light-dark(");
        let (_, rest) = STYLE.content.split_once(&start).expect(name);
        let (both, _) = rest.split_once(')').expect(name);
        both.split(", ").nth(scheme).expect(name).to_owned()
    }

    fn luminance(colour: &str) -> f64 {
        let part = |from: usize| {
            let value = u8::from_str_radix(&colour[from..from + 2], 16).expect(colour);
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }
}
