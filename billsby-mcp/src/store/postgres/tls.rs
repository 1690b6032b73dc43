//! How connections are encrypted.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Address;
use crate::store::StoreError;

/// Encrypts where the address asks for it, and then always checks the server's certificate.
pub(super) fn connector(address: &Address) -> Result<MakeRustlsConnect, StoreError> {
    let roots = match &address.roots {
        Some(file) => read(file)?,
        None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Unusable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn read(file: &Path) -> Result<RootCertStore, StoreError> {
    let problem = || {
        StoreError::Unusable(format!(
            "{}: no certificates in PEM form can be read from it",
            file.display()
        ))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|_| problem())? {
        let certificate = certificate.map_err(|_| problem())?;
        roots.add(certificate).map_err(|_| problem())?;
    }
    if roots.is_empty() {
        Err(problem())
    } else {
        Ok(roots)
    }
}
