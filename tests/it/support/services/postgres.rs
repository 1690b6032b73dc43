//! `PostgreSQL`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::Instant;

use super::keeper::{Keeper, Stop};
use super::{PATIENCE, free_port};
use crate::support::can_run;

/// The password of the servers, which nothing may show.
pub(crate) const PASSWORD: &str = "pg-secret-9f3c";
const USER: &str = "billsby";
const MISSING: &str = "PostgreSQL is not installed; tests/services/install installs it";

/// A `PostgreSQL` of this test run, ended with this value or with the tests.
#[derive(Debug)]
pub(crate) struct Postgres {
    keeper: Mutex<Keeper>,
    port: u16,
}

/// A database that only one test uses.
#[derive(Debug)]
pub(crate) struct Database {
    server: &'static Postgres,
    name: String,
}

/// A new database, or nothing if the test is to be skipped.
pub(crate) fn database(test: &str) -> Option<Database> {
    static SHARED: OnceLock<Postgres> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(1);
    if !can_run(test, PROGRAMS.is_none().then_some(MISSING)) {
        return None;
    }
    let server = SHARED.get_or_init(Postgres::launch);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    server.sql("postgres", &format!("CREATE DATABASE {name}"));
    Some(Database { server, name })
}

impl Database {
    /// The address of the database, with the password.
    pub(crate) fn url(&self) -> String {
        self.server.url_of(&self.name)
    }

    /// Runs a statement; gives the values of its rows, a line for each.
    pub(crate) fn sql(&self, statement: &str) -> String {
        self.server.sql(&self.name, statement)
    }
}

impl Postgres {
    /// A server that only one test uses, or nothing if the test is to be skipped.
    pub(crate) fn start(test: &str) -> Option<Self> {
        can_run(test, PROGRAMS.is_none().then_some(MISSING)).then(Self::launch)
    }

    /// The address of its only database, with the password.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Ends the server, and with it all connections, and waits for its end.
    pub(crate) fn stop(&self, how: Stop) {
        self.keeper.lock().expect("no test has failed").stop(how);
    }

    /// Starts it again on the same port with what it kept, and waits until it answers.
    pub(crate) fn restart(&self) {
        self.keeper.lock().expect("no test has failed").start();
        self.wait();
    }

    /// Runs a statement; gives the values of its rows, a line for each.
    pub(crate) fn sql(&self, database: &str, statement: &str) -> String {
        let output = Command::new(program("psql"))
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set=ON_ERROR_STOP=1", "--command", statement])
            .arg(self.url_of(database))
            .output()
            .expect("psql runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statement}: {errors}");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .trim()
            .to_owned()
    }

    fn url_of(&self, database: &str) -> String {
        format!(
            "postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// Where it listens on this machine.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn launch() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("billsby-postgres-")
            .tempdir();
        // From here on the keeper removes it.
        let folder = folder.expect("a temporary folder").keep();
        if let Some(user) = &*USER_OF_SERVER {
            let id = |flag| number(&["id", flag, user]);
            chown(&folder, Some(id("-u")), Some(id("-g"))).expect("root may do this");
        }
        let port = free_port();
        let data = initialise(&folder);
        fs::write(data.join("postgresql.auto.conf"), configuration(port))
            .expect("a writable folder");
        let mut command = as_user("postgres");
        command.extend(["-D".into(), data.into()]);
        let mut keeper = Keeper::new(&folder, command);
        keeper.start();
        let server = Self {
            keeper: Mutex::new(keeper),
            port,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        let began = Instant::now();
        let is_ready = || {
            let mut ready = Command::new(program("pg_isready"));
            ready.args([
                "--quiet",
                "--host=127.0.0.1",
                "--port",
                &self.port.to_string(),
            ]);
            ready.status().expect("pg_isready runs").success()
        };
        while !is_ready() {
            if began.elapsed() > PATIENCE {
                let log = self.keeper.lock().expect("no test has failed").log();
                panic!("PostgreSQL does not start: {log}");
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

/// Makes the folder of the data. What the server writes later reaches the disk as it always does.
fn initialise(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    let password = folder.join("password");
    fs::write(&password, PASSWORD).expect("a writable folder");
    let mut command = as_user("initdb").into_iter();
    let output = Command::new(command.next().expect("a program"))
        .args(command)
        .args([
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ])
        .arg(format!("--username={USER}"))
        .arg(format!("--pwfile={}", password.display()))
        .arg(format!("--pgdata={}", data.display()))
        .current_dir(folder)
        .output()
        .expect("initdb runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    data
}

fn configuration(port: u16) -> String {
    format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
         max_connections = 400\nshared_buffers = '64MB'\n"
    )
}

/// The folder of `PostgreSQL`'s programs: of the newest version of Debian's, or wherever `initdb` is.
static PROGRAMS: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = versions
        .filter_map(|version| {
            let number: u32 = version.ok()?.file_name().to_str()?.parse().ok()?;
            Some((
                number,
                PathBuf::from(format!("/usr/lib/postgresql/{number}/bin")),
            ))
        })
        .max();
    let debian = newest.map(|(_, folder)| folder);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = debian.into_iter().chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").is_file())
});

/// Whom the server runs as if these tests are run by root, which it refuses to be.
static USER_OF_SERVER: LazyLock<Option<&'static str>> = LazyLock::new(|| {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let exists = |user: &&str| {
        Command::new("id")
            .arg(user)
            .output()
            .is_ok_and(|id| id.status.success())
    };
    is_root.then(|| {
        ["postgres", "nobody"]
            .into_iter()
            .find(exists)
            .expect("a user who is not root")
    })
});

fn program(name: &str) -> PathBuf {
    PROGRAMS.as_ref().expect("PostgreSQL").join(name)
}

/// What to run for a program that root must not run itself.
fn as_user(name: &str) -> Vec<OsString> {
    let mut command = Vec::new();
    if let Some(user) = *USER_OF_SERVER {
        command.extend(["setpriv".into(), format!("--reuid={user}").into()]);
        let group = number(&["id", "-g", user]);
        command.extend([format!("--regid={group}").into(), "--clear-groups".into()]);
    }
    command.push(program(name).into());
    command
}

/// The number that a command prints.
fn number(command: &[&str]) -> u32 {
    let output = Command::new(command[0])
        .args(&command[1..])
        .output()
        .expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.trim().parse().expect("a number")
}
