//! An encrypted connection goes to the server that is meant, or nowhere.

use std::fs;

use billsby_mcp::store::{Lock, StoreUrl, open};

use crate::store::record::new_account;
use crate::support::can_run;
use crate::support::services::Postgres;

/// Run by the server itself, so that the files are where it looks for them.
const CERTIFICATE: &str = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=database \
     -keyout server.key -out server.crt -addext basicConstraints=critical,CA:FALSE \
     -addext subjectAltName=IP:127.0.0.1 && chmod 600 server.key";

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_certificate_is_checked() {
    let test = "the_server_s_certificate_is_checked";
    let openssl = std::process::Command::new("openssl")
        .arg("version")
        .output();
    let missing = openssl
        .is_err()
        .then_some("the program openssl is not installed");
    if !can_run(test, missing) {
        return;
    }
    let Some(server) = Postgres::start(test) else {
        return;
    };
    let sql = |statement: &str| server.sql("postgres", statement);
    sql(&format!("COPY (SELECT 1) TO PROGRAM '{CERTIFICATE}'"));
    sql("ALTER SYSTEM SET ssl = on");
    sql("SELECT pg_reload_conf()");
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("root certificate.pem");
    fs::write(&roots, sql("SELECT pg_read_file('server.crt')")).unwrap();
    let roots = roots.display().to_string().replace(' ', "%20");

    let url =
        |options: &str| -> StoreUrl { format!("{}?{options}", server.url()).parse().unwrap() };
    for mode in ["require", "verify-ca", "verify-full"] {
        let trusted = url(&format!("sslmode={mode}&sslrootcert={roots}"));
        let store = open(&trusted, Lock::Shared)
            .await
            .expect("it is the one that is meant");
        new_account(&*store).await;
        let plain = sql(
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
             WHERE application_name = 'billsby-mcp' AND NOT ssl",
        );
        assert_eq!(plain, "0");

        let unknown = open(&url(&format!("sslmode={mode}")), Lock::Shared).await;
        let error = unknown.err().expect("nobody vouches for it").to_string();
        assert!(error.contains("certificate"), "{error}");
    }
}
