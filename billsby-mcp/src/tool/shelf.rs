//! Tools that many servers share.
//!
//! What a server shows, and what calls are checked against, takes far more room than the server itself. It
//! depends on settings and company domain alone and is quickly made again, so only what was used last is kept.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{CatalogueError, CompanyDomainMode, Settings, Toolset};

/// How many are kept.
const KEPT: usize = 16;

/// The toolsets that were used last.
#[derive(Default)]
pub struct Shelf {
    /// The one that was used last is the last one.
    kept: Mutex<Vec<Arc<Toolset>>>,
}

/// What a server takes from a shelf.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    shelf: Arc<Shelf>,
    settings: Arc<Settings>,
    company_domain: Arc<str>,
}

impl Shelf {
    /// The tools of a company with these settings.
    fn get(
        &self,
        company_domain: &str,
        settings: &Settings,
    ) -> Result<Arc<Toolset>, CatalogueError> {
        if let Some(toolset) = self.take_up(company_domain, settings) {
            return Ok(toolset);
        }
        let toolset = Toolset::new(crate::tools(), company_domain, settings)?;
        let toolset = Arc::new(toolset);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Arc::clone(&toolset));
        Ok(toolset)
    }

    fn take_up(&self, company_domain: &str, settings: &Settings) -> Option<Arc<Toolset>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.iter().rposition(|toolset| {
            toolset.company_domain() == company_domain && toolset.settings() == settings
        })?;
        kept[index..].rotate_left(1);
        kept.last().cloned()
    }
}

impl Place {
    /// A place for the tools of a company with these settings.
    ///
    /// # Errors
    ///
    /// The filter names something that does not exist or leaves no tool, or the tool table is damaged.
    pub(crate) fn new(
        shelf: Arc<Shelf>,
        company_domain: &str,
        settings: Settings,
    ) -> Result<Self, CatalogueError> {
        let company_domain = match settings.company_domain {
            CompanyDomainMode::Explicit => company_domain,
            // Nothing of what is shown or checked has it.
            CompanyDomainMode::Bound => "",
        };
        shelf.get(company_domain, &settings)?;
        Ok(Self {
            shelf,
            company_domain: company_domain.into(),
            settings: Arc::new(settings),
        })
    }

    /// The tools.
    pub(crate) fn toolset(&self) -> Arc<Toolset> {
        let toolset = self.shelf.get(&self.company_domain, &self.settings);
        toolset.expect("the same settings have given tools before")
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(shelf: &Arc<Shelf>, company_domain: &str, settings: Settings) -> Place {
        Place::new(Arc::clone(shelf), company_domain, settings).unwrap()
    }

    #[test]
    fn equal_servers_share_their_tools() {
        let shelf = Arc::default();
        let one = place(&shelf, "acme", Settings::default());
        let other = place(&shelf, "acme", Settings::default());
        assert!(Arc::ptr_eq(&one.toolset(), &other.toolset()));
        let another = place(&shelf, "widgets", Settings::default());
        assert!(!Arc::ptr_eq(&one.toolset(), &another.toolset()));
    }

    #[test]
    fn without_a_domain_to_name_companies_share_them_too() {
        let shelf = Arc::default();
        let [one, other] = ["acme", "widgets"].map(|domain| {
            let settings = Settings {
                company_domain: CompanyDomainMode::Bound,
                ..Settings::default()
            };
            place(&shelf, domain, settings).toolset()
        });
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn what_was_not_used_lately_is_made_again() {
        let shelf = Arc::default();
        let first = place(&shelf, "first", Settings::default());
        let kept = first.toolset();
        for number in 0..KEPT - 1 {
            place(&shelf, &format!("other{number}"), Settings::default());
        }
        assert!(Arc::ptr_eq(&kept, &first.toolset()));
        for number in 0..KEPT {
            place(&shelf, &format!("another{number}"), Settings::default());
        }
        assert!(!Arc::ptr_eq(&kept, &first.toolset()));
        let names = |toolset: &Toolset| {
            let listings = toolset.listings().iter();
            listings.map(|listing| listing.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&kept), names(&first.toolset()));
    }
}
