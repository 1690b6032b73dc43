//! Looking at screens of one width.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::axe;
use crate::support::Browser;

const SCHEMES: [&str; 2] = ["light", "dark"];

/// A browser of one width, and all that was found so far.
pub(super) struct Survey {
    pub(super) browser: Browser,
    axe: String,
    width: u32,
    found: Vec<String>,
}

impl Survey {
    /// Gives the browser its width.
    pub(super) async fn begin(browser: Browser, axe: String, width: u32, height: u32) -> Self {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        browser
            .command("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        Self {
            browser,
            axe,
            width,
            found: Vec::new(),
        }
    }

    /// Opens a screen and looks at it.
    pub(super) async fn visit(&mut self, name: &str, path: &str) {
        self.browser.go(path).await;
        self.look(name).await;
    }

    /// Presses a button and waits for what it leads to.
    pub(super) async fn press(&self, button: &str, leads_to: &str) {
        self.browser.run("window.left = true", &[]).await;
        self.browser.click(button).await;
        let script = "return !window.left && !!document.querySelector(arguments[0])";
        self.browser.until(script, &[json!(leads_to)]).await;
    }

    /// Looks at what is open, light and dark.
    pub(super) async fn look(&mut self, name: &str) {
        self.frame(name).await;
        for scheme in SCHEMES {
            let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            self.browser
                .command("Emulation.setEmulatedMedia", media)
                .await;
            let screen = format!("{name}-{}-{scheme}", self.width);
            self.browser.picture(&screen).await;
            for problem in axe::problems(&self.browser, &self.axe).await {
                self.found.push(format!("{screen}: {problem}"));
            }
        }
        let console = self.browser.console().await;
        let said = console
            .into_iter()
            .map(|said| format!("{name}: the console says {said}"));
        self.found.extend(said);
    }

    /// What every screen has in common.
    async fn frame(&mut self, name: &str) {
        let script = "return {
            width: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
            wide: [...document.querySelectorAll('body *')].filter(part =>
                part.getBoundingClientRect().right > arguments[0] + 0.5 && !part.closest('.scroll, pre'))
                .slice(0, 5).map(part => part.outerHTML.slice(0, 120)),
            headings: document.querySelectorAll('h1').length,
            title: document.title,
            lang: document.documentElement.lang,
        }";
        let frame = self.browser.run(script, &[json!(self.width)]).await;
        let fits = frame["width"].as_u64() <= Some(u64::from(self.width));
        let title = frame["title"].as_str().unwrap_or_default();
        let checks = [
            (
                fits,
                format!("is {} wide because of {}", frame["width"], frame["wide"]),
            ),
            (
                frame["headings"] == 1,
                format!("has {} headings", frame["headings"]),
            ),
            (
                title.ends_with(" · Billsby MCP"),
                format!("has the title {title}"),
            ),
            (
                frame["lang"] == "en",
                format!("has the language {}", frame["lang"]),
            ),
        ];
        for (is_right, problem) in checks {
            if !is_right {
                self.found.push(format!("{name}-{}: {problem}", self.width));
            }
        }
    }

    /// Ends the browser. Nothing may have been found.
    pub(super) async fn end(self) {
        self.browser.end().await;
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

impl Browser {
    /// A picture of all that is open, kept where people look for it.
    async fn picture(&self, name: &str) {
        let size = "const root = document.documentElement;
            return [root.scrollWidth, root.scrollHeight]";
        let size = self.run(size, &[]).await;
        let clip = json!({"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1});
        let parameters = json!({"captureBeyondViewport": true, "clip": clip});
        let picture: Value = self.ask("Page.captureScreenshot", parameters).await;
        let picture = picture["data"].as_str().expect("a picture");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/page");
        fs::create_dir_all(&folder).expect("a writable folder");
        let picture = STANDARD.decode(picture).expect("base64");
        fs::write(folder.join(format!("{name}.png")), picture).expect("a writable folder");
    }
}
