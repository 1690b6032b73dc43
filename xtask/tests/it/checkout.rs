//! A copy of what `xtask` works on, so that no test touches the real one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

pub(crate) const UPSTREAM: &str = "openapi/upstream.yaml";
pub(crate) const CUSTOMERS: &str = "billsby-sdk/src/generated/resource/customers.rs";
pub(crate) const SCHEMA: &str = "billsby-mcp/src/generated/schema/list_customers.json";

/// What people write; everything else is made of it.
const INPUTS: [&str; 3] = [
    UPSTREAM,
    "openapi/corrections.overlay.yaml",
    "openapi/tools.overlay.yaml",
];

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program.
pub(crate) fn xtask(arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .expect("the program starts");
    Outcome {
        code: output.status.code().expect("the program ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Path, bytes and time of the last change of every file.
pub(crate) type Snapshot = BTreeMap<String, (Vec<u8>, SystemTime)>;

/// A folder with the inputs and all generated files.
#[derive(Debug)]
pub(crate) struct Checkout(TempDir);

impl Checkout {
    /// Everything is up to date, and every file is old, so that a write shows.
    pub(crate) fn new() -> Self {
        // Generated once and copied, which is quicker than to generate each time.
        static FRESH: OnceLock<Checkout> = OnceLock::new();
        let fresh = FRESH.get_or_init(|| {
            let checkout = Self(tempfile::tempdir().expect("a folder"));
            let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
            for input in INPUTS {
                let text = fs::read(real.join(input)).expect("an input");
                checkout.write(input, &text);
            }
            let outcome = checkout.run(&["regen"]);
            assert_eq!(outcome.code, 0, "{}", outcome.stderr);
            checkout
        });
        let copy = Self(tempfile::tempdir().expect("a folder"));
        for (path, (bytes, _)) in fresh.snapshot() {
            copy.write(&path, &bytes);
        }
        copy.age();
        copy
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    /// Runs the program on this copy.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let mut all = vec!["--repository", super::text(self.0.path())];
        all.extend(arguments);
        xtask(&all)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).expect("a text")
    }

    pub(crate) fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a written file");
    }

    pub(crate) fn remove(&self, relative: &str) {
        fs::remove_file(self.path(relative)).expect("a file to remove");
    }

    /// Replaces a text that is there once.
    pub(crate) fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = self.read(relative);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {relative}");
        self.write(relative, text.replace(from, to));
    }

    /// Makes every file old.
    pub(crate) fn age(&self) {
        for path in self.snapshot().keys() {
            let file = File::options().write(true).open(self.path(path));
            let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
            let file = file.expect("a file");
            file.set_modified(long_ago).expect("a time stamp");
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        snapshot(self.0.path())
    }
}

/// Every file of a folder; none if there is no such folder.
pub(crate) fn snapshot(folder: &Path) -> Snapshot {
    let mut files = Snapshot::new();
    collect(folder, folder, &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Snapshot) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
            continue;
        }
        let relative = path.strip_prefix(root).expect("a path inside");
        let name: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let changed = path.metadata().and_then(|metadata| metadata.modified());
        let bytes = fs::read(&path).expect("a file");
        files.insert(name.join("/"), (bytes, changed.expect("a time stamp")));
    }
}
