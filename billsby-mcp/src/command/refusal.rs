//! What is said of arguments that cannot be used.

use std::process::exit;

use clap::Error;

/// Ends the program as clap would, but shows no URL that was given: in the wrong place, too, it may be
/// one with a secret.
pub(crate) fn refuse_arguments(error: &Error) -> ! {
    if !error.use_stderr() {
        error.exit();
    }
    let given = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    eprint!("{}", without_urls(&error.render().to_string(), given));
    exit(error.exit_code());
}

fn without_urls(message: &str, given: impl Iterator<Item = String>) -> String {
    let mut message = message.to_owned();
    for argument in given.filter(|argument| argument.contains("://")) {
        // In `--option=URL` the value is shown alone.
        let value = argument.split_once('=').map_or("", |(_, value)| value);
        for secret in [argument.as_str(), value] {
            if secret.contains("://") {
                message = message.replace(secret, "(a URL)");
            }
        }
    }
    message
}
