//! What the step from one corrected document to another means for people.
//!
//! Breaking is what makes working code fail to compile, or makes a tool call that was right be refused or mean
//! something else. What counts as breaking:
//!
//! | what changes | SDK users | tool callers |
//! |---|---|---|
//! | operation added | no | no |
//! | operation removed, or left out from now on | **yes** | **yes** |
//! | operation id changed, same HTTP method and path | **yes**: the method is renamed | no |
//! | HTTP method, path or service, name of a query parameter on the wire | no, but it is said | no, but it is said |
//! | type of the answer | **yes** | no: tools pass the API's own answer on |
//! | required argument added | **yes** | **yes** |
//! | optional argument added | no | no |
//! | argument removed | **yes** | **yes**: unknown arguments are refused |
//! | argument became required | **yes** | **yes** |
//! | argument became optional | **yes**: it moves from the call to a setter | no |
//! | argument renamed | only a setter | **yes** |
//! | order of arguments | **yes** | no |
//! | type of an argument | **yes** | **yes**, unless the new one takes all that the old one took |
//! | limit tightened, or a pattern changed | no: the client does not check limits | **yes** |
//! | limit loosened or removed | no | no |
//! | more members needed in an update | no: it compiles, and is refused when it is sent | **yes** |
//! | optional body became required, or the reverse | **yes** | as its arguments |
//! | enumeration: value added | no: matches have a wildcard arm | no |
//! | enumeration: value removed or renamed | **yes** | **yes** where it is sent |
//! | enumeration: numbers became texts or the reverse | **yes** | no: callers write words |
//! | text became a closed enumeration / the reverse | **yes** | **yes** / no |
//! | struct or enumeration added | no | – |
//! | struct or enumeration removed or renamed | **yes** | – |
//! | struct no longer sent | **yes**: constructor and setters are gone | – |
//! | field added to an answer | no: literals end in `..Default::default()` | – |
//! | required field added to what is sent | **yes** | as the argument it is |
//! | optional field added to what is sent | no | as the argument it is |
//! | field removed, renamed, other type, became required or optional | **yes** | as the argument it is |
//! | name of a field on the wire, other names it is read from | no, but it is said | no |
//! | order of a constructor's arguments, or whether it takes them by name | **yes** | – |
//! | key added | no | – |
//! | key removed, text became integer or the reverse | **yes** | as the arguments it is |
//! | tool keeps its name, but calls another operation | – | no, but it is said |
//! | tool renamed, also its short name | – | **yes**, unless the old name can still be called |
//! | alias added | – | no |
//! | alias removed | – | **yes** |
//! | class or tag of a tool | – | **yes**: filters select other tools |
//! | effect of a tool | said if repeating changes | **yes** if it was a read; else no, but it is said |
//! | hint of a tool: additive, idempotent | – | no, but it is said |
//! | arguments of which a tool needs one | – | fewer of them, or any at all |
//! | tool is no longer reviewed | – | **yes**: it is served on request only |
//! | version of the document | no, but it is said | no, but it is said |
//! | descriptions, titles, examples | no, counted | no, counted |
//!
//! Things are named as people have them today: by the old name, unless they are new.

mod argument;
mod method;
mod pairs;
mod prose;
mod rust_type;
mod tool;

#[cfg(test)]
mod tests;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::document::{self, Source};
use crate::ir::Api;
use crate::{canonical, check, lower};
use pairs::Pairs;

/// Whom a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// People whose Rust code uses the client.
    SdkUsers,
    /// Models, and people who set up servers for them.
    ToolCallers,
    /// All of them.
    Everyone,
}

/// One difference between two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whether something that works today will not work any more.
    pub breaking: bool,
    /// Whom it concerns.
    pub audience: Audience,
    /// What changes: a call such as `customers().list()`, a type or field such as `Customer.status`, a tool by
    /// its listed name, an operation id, or `document`.
    pub subject: String,
    /// How it changes, in a few words.
    pub text: String,
}

/// Compares two corrected documents.
///
/// What breaks comes first; within that the order is by audience, subject and text.
///
/// # Errors
///
/// What is wrong with either document.
pub fn diff(old: Source<'_>, new: Source<'_>) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let (old, new) = match (read(old), read(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let found = [old.err(), new.err()].into_iter().flatten();
            return Err(found.flatten().collect());
        }
    };
    let pairs = Pairs::find(&old, &new);
    let mut changes = Changes::default();
    if old.version != new.version {
        let text = format!("version {} is now {}", old.version, new.version);
        changes.harmless(Audience::Everyone, "document", text);
    }
    method::compare(&pairs, &mut changes);
    rust_type::compare(&pairs, &mut changes);
    tool::compare(&pairs, &mut changes);
    prose::compare(&pairs, &mut changes);
    Ok(changes.sorted())
}

fn read(source: Source<'_>) -> Result<Api, Vec<Diagnostic>> {
    let document = canonical::order(document::parse(source)?);
    let mut diagnostics = Diagnostics::new(source.name);
    let typed = check::check(&document, &mut diagnostics);
    let api = typed.map(|typed| lower::lower(&document, &typed, &mut diagnostics));
    match api {
        Some(api) if !diagnostics.has_errors() => Ok(api),
        _ => {
            let mut found = diagnostics.into_vec();
            found.retain(|diagnostic| diagnostic.severity == Severity::Error);
            found.sort();
            Err(found)
        }
    }
}

/// The changes found so far.
#[derive(Debug, Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn breaking(&mut self, audience: Audience, subject: &str, text: impl Into<String>) {
        self.add(true, audience, subject, text);
    }

    fn harmless(&mut self, audience: Audience, subject: &str, text: impl Into<String>) {
        self.add(false, audience, subject, text);
    }

    fn add(&mut self, breaking: bool, audience: Audience, subject: &str, text: impl Into<String>) {
        self.0.push(Change {
            breaking,
            audience,
            subject: subject.to_owned(),
            text: text.into(),
        });
    }

    fn sorted(self) -> Vec<Change> {
        let mut changes = self.0;
        changes.sort_by(|a, b| {
            let key = |change: &Change| (!change.breaking, change.audience);
            (key(a), &a.subject, &a.text).cmp(&(key(b), &b.subject, &b.text))
        });
        changes
    }
}

/// Whether the names that both lists have stand in another order.
fn is_reordered(old: &[&str], new: &[&str]) -> bool {
    let kept = |list: &[&str], other: &[&str]| -> Vec<String> {
        let kept = list.iter().filter(|name| other.contains(name));
        kept.map(|name| (*name).to_owned()).collect()
    };
    kept(old, new) != kept(new, old)
}
