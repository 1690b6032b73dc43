//! Chromium, driven over the `WebDriver` protocol: one driver for all tests, a browser for each, two at a time.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use serde_json::{Value, json};
use thirtyfour::components::SelectElement;
use thirtyfour::{By, Capabilities, Key, WebDriver, WebElement};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::sleep;

use super::kept::{Kept, free_port};
use super::require::can_run;
use super::{PATIENCE, Site};

const MISSING: &str =
    "Chromium or its driver is not installed; tests/browser/install installs them";
/// How many browsers run at a time.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A browser with an empty profile and one open page.
#[derive(Debug)]
pub(crate) struct Browser {
    driver: WebDriver,
    base: String,
    _turn: SemaphorePermit<'static>,
}

impl Browser {
    /// Opens a browser on a site, or nothing if the test is to be skipped.
    pub(crate) async fn open(test: &str, site: &Site) -> Option<Self> {
        let chromium = find("chromium");
        let driver = find("chromedriver");
        let (Some(chromium), Some(driver)) = (chromium, driver) else {
            assert!(!can_run(test, Some(MISSING)));
            return None;
        };
        let turn = TURNS.acquire().await.expect("turns never end");
        let address = address_of(&driver).await;
        // A browser that a failed test leaves is ended on another thread, which cannot use open connections.
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0);
        let driver = WebDriver::builder(address, capabilities(&chromium))
            .client(http.build().expect("a client"))
            .connect()
            .await;
        Some(Self {
            driver: driver.expect("a browser"),
            base: site.base.clone(),
            _turn: turn,
        })
    }

    /// The same, signed in and on the list of servers.
    pub(crate) async fn signed_in(test: &str, site: &Site) -> Option<Self> {
        let mut browser = Self::open(test, site).await?;
        browser.move_to(site).await;
        Some(browser)
    }

    /// Signs in at a site, which is the one from now on.
    pub(crate) async fn move_to(&mut self, site: &Site) {
        self.base.clone_from(&site.base);
        self.go("/ui/sign-in").await;
        self.fill("token", site.token).await;
        self.submit("form:has([name=token])").await;
        self.until_at("/ui/servers").await;
    }

    /// Ends the browser. Everything the console has said meanwhile must be harmless.
    pub(crate) async fn end(self) {
        self.assert_quiet().await;
        self.driver.quit().await.expect("an end");
    }

    /// Opens an address of the site.
    pub(crate) async fn go(&self, path: &str) {
        let url = format!("{}{path}", self.base);
        self.driver.goto(url).await.expect("a page");
    }

    /// Path and query of what is open.
    pub(crate) async fn path(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        let query = url.query().map(|query| format!("?{query}"));
        format!("{}{}", url.path(), query.unwrap_or_default())
    }

    /// Waits until a path is open, whatever its query.
    pub(crate) async fn until_at(&self, path: &str) {
        let condition =
            "return location.pathname === arguments[0] && document.readyState === 'complete'";
        self.until(condition, &[json!(path)]).await;
    }

    /// Runs a script in the page.
    pub(crate) async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        let ran = self.driver.execute(script, arguments.to_vec()).await;
        ran.unwrap_or_else(|error| panic!("{error}: {script}"))
            .json()
            .clone()
    }

    /// Runs a script that answers by calling its last argument.
    pub(crate) async fn run_async(&self, script: &str, arguments: &[Value]) -> Value {
        let ran = self.driver.execute_async(script, arguments.to_vec()).await;
        ran.unwrap_or_else(|error| panic!("{error}: {script}"))
            .json()
            .clone()
    }

    /// Waits until a script says `true`. A page that is just being left counts as a no.
    pub(crate) async fn until(&self, script: &str, arguments: &[Value]) {
        let began = Instant::now();
        loop {
            let said = self.driver.execute(script, arguments.to_vec()).await;
            let said = said.map(|said| said.json().clone());
            if said.as_ref().is_ok_and(|said| said == true) {
                return;
            }
            if began.elapsed() > PATIENCE {
                self.fail(&format!("{script} {arguments:?}: {said:?}"))
                    .await;
            }
            sleep(PATIENCE / 1000).await;
        }
    }

    /// Waits until some element holds a text.
    pub(crate) async fn until_shown(&self, css: &str, text: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .some(element => element.textContent.includes(arguments[1]))";
        self.until(script, &[json!(css), json!(text)]).await;
    }

    /// Fails the test, with what is open.
    async fn fail(&self, why: &str) -> ! {
        let script = "document.querySelectorAll('select').forEach(list => list.remove());
            return location.href + '\\n' + document.body.innerText.slice(0, 3000)";
        let seen = self.driver.execute(script, Vec::new()).await;
        let seen = seen.map_or_else(|error| error.to_string(), |seen| seen.json().to_string());
        panic!("{why}\n{seen}");
    }

    /// The only element that a selector finds.
    pub(crate) async fn element(&self, css: &str) -> WebElement {
        let mut all = self.elements(css).await;
        if all.len() != 1 {
            self.fail(&format!("{} of {css}", all.len())).await;
        }
        all.remove(0)
    }

    async fn elements(&self, css: &str) -> Vec<WebElement> {
        let all = self.driver.find_all(By::Css(css)).await;
        all.unwrap_or_else(|error| panic!("{error}: {css}"))
    }

    /// How many elements a selector finds.
    pub(crate) async fn count(&self, css: &str) -> usize {
        self.elements(css).await.len()
    }

    /// What the elements that a selector finds say, without the spaces round it.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(found =>
            (found.value ?? found.textContent).trim())";
        let texts = self.run(script, &[json!(css)]).await;
        let texts = texts.as_array().expect("a list").iter();
        texts
            .map(|text| text.as_str().expect("a text").to_owned())
            .collect()
    }

    /// What the only element that a selector finds says.
    pub(crate) async fn text(&self, css: &str) -> String {
        let mut texts = self.texts(css).await;
        if texts.len() != 1 {
            self.fail(&format!("{texts:?} of {css}")).await;
        }
        texts.remove(0)
    }

    /// Clicks the only element that a selector finds.
    pub(crate) async fn click(&self, css: &str) {
        let clicked = self.element(css).await.click().await;
        if let Err(error) = clicked {
            self.fail(&format!("{css}: {error}")).await;
        }
    }

    /// Presses the only button of a form that has no other name, or the one that another selector adds.
    pub(crate) async fn submit(&self, form: &str) {
        self.click(&format!("{form} button[type=submit]")).await;
    }

    /// Opens everything that is folded up.
    pub(crate) async fn unfold(&self) {
        let script = "document.querySelectorAll('main details').forEach(one => one.open = true)";
        self.run(script, &[]).await;
    }

    /// Types into a field in place of what stands there.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.element(&format!("main [name='{name}']")).await;
        field.clear().await.expect("a field");
        field.send_keys(text).await.expect("a field");
    }

    /// Ticks a box that is not ticked, or chooses one of some radio buttons.
    pub(crate) async fn tick(&self, name: &str, value: &str) {
        let css = format!("main input[name='{name}'][value='{value}']");
        if !self.element(&css).await.is_selected().await.expect("a box") {
            self.click(&css).await;
        }
    }

    /// Unticks a box that is ticked.
    pub(crate) async fn untick(&self, name: &str, value: &str) {
        let css = format!("main input[name='{name}'][value='{value}']");
        if self.element(&css).await.is_selected().await.expect("a box") {
            self.click(&css).await;
        }
    }

    /// Chooses from a list.
    pub(crate) async fn choose(&self, name: &str, value: &str) {
        let list = self.element(&format!("main select[name='{name}']")).await;
        let list = SelectElement::new(&list).await.expect("a list");
        list.select_by_value(value).await.expect("a value of it");
    }

    /// Presses a key where the keyboard is.
    pub(crate) async fn press(&self, key: Key) {
        let keys = self.driver.action_chain().send_keys(key);
        keys.perform().await.expect("a pressed key");
    }

    /// Types where the keyboard is.
    pub(crate) async fn types(&self, text: &str) {
        let keys = self.driver.action_chain().send_keys(text);
        keys.perform().await.expect("pressed keys");
    }

    /// Sends a command of the `DevTools` protocol.
    pub(crate) async fn command(&self, name: &str, parameters: Value) {
        self.ask(name, parameters).await;
    }

    /// The same, where the answer matters.
    pub(crate) async fn ask(&self, name: &str, parameters: Value) -> Value {
        let sent = self.driver.cdp().send_raw(name, parameters).await;
        sent.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Whether scripts of pages run from the next page on.
    pub(crate) async fn scripts(&self, run: bool) {
        let off = json!({"value": !run});
        self.command("Emulation.setScriptExecutionDisabled", off)
            .await;
    }

    /// What the console has complained about since it was last asked, but for the status of screens that are
    /// meant to have an error's.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.driver.browser_log().await.expect("a log").into_iter();
        let complaints = entries.filter(|entry| entry.level == "SEVERE");
        complaints
            .map(|entry| entry.message)
            .filter(|message| !message.contains("the server responded with a status of 4"))
            .collect()
    }

    /// The console has complained about nothing since it was last asked.
    pub(crate) async fn assert_quiet(&self) {
        let console = self.console().await;
        if !console.is_empty() {
            self.fail(&format!("{console:#?}")).await;
        }
    }
}

/// Where a program is.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&path).map(|folder| folder.join(program));
    files.find(|file| file.is_file())
}

/// The address of the driver, once it answers.
async fn address_of(driver: &Path) -> String {
    static DRIVER: OnceLock<(Kept, u16)> = OnceLock::new();
    let (kept, port) = DRIVER.get_or_init(|| {
        let port = free_port();
        let arguments = [format!("--port={port}"), "--log-level=WARNING".to_owned()];
        (Kept::start(driver, &arguments, &[]), port)
    });
    let began = Instant::now();
    let address = ("127.0.0.1", *port);
    while tokio::net::TcpStream::connect(address).await.is_err() {
        let log = kept.log();
        assert!(
            began.elapsed() < PATIENCE,
            "the driver does not start: {log}"
        );
        sleep(PATIENCE / 1000).await;
    }
    format!("http://127.0.0.1:{port}")
}

/// A browser without a window that knows no other machine. `--no-sandbox`, because root may run the tests.
fn capabilities(chromium: &Path) -> Capabilities {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--lang=en-GB",
        "--window-size=1280,900",
    ];
    let mut capabilities = Capabilities::new();
    let all = [
        ("browserName", json!("chrome")),
        (
            "goog:chromeOptions",
            json!({"binary": chromium, "args": arguments}),
        ),
        ("goog:loggingPrefs", json!({"browser": "ALL"})),
        // A page that asks something by itself is a mistake, which the next command shall meet.
        ("unhandledPromptBehavior", json!("dismiss and notify")),
    ];
    for (name, value) in all {
        capabilities.set(name, value).expect("a value");
    }
    capabilities
}
