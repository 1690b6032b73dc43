//! The tools of a server: which there are, and how a client finds them.

use super::{
    Catalogue, CatalogueError, Discovery, Exposure, Listing, Settings, Step, Tool, UnknownTool,
};
use serde_json::{Map, Value};

/// The tools of a server. Servers with the same settings and company domain have the same ones.
#[derive(Debug)]
pub struct Toolset {
    settings: Settings,
    company_domain: String,
    catalogue: Catalogue,
    discovery: Option<Discovery>,
}

impl Toolset {
    /// Chooses from `tools` what the settings ask for. What a client sees of them is made when it is asked for.
    ///
    /// # Errors
    ///
    /// The filter names something that does not exist or leaves no tool, or the tool table is damaged.
    pub fn new(
        tools: impl IntoIterator<Item = &'static Tool>,
        company_domain: &str,
        settings: &Settings,
    ) -> Result<Self, CatalogueError> {
        let catalogue = Catalogue::lazy(tools, company_domain, settings)?;
        let discovery = match settings.exposure {
            Exposure::All => None,
            Exposure::Discovery => Some(Discovery::new(&catalogue, settings)?),
        };
        Ok(Self {
            settings: settings.clone(),
            company_domain: company_domain.to_owned(),
            catalogue,
            discovery,
        })
    }

    /// How the tools are chosen and shown.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The company whose tools they are.
    #[must_use]
    pub fn company_domain(&self) -> &str {
        &self.company_domain
    }

    /// The tools, listed or found by searching.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The tools as a client sees them.
    #[must_use]
    pub fn listings(&self) -> &[Listing] {
        match &self.discovery {
            None => self.catalogue.listings(),
            Some(discovery) => discovery.listings(),
        }
    }

    /// Whether calls by this name can change anything: it is the name of a tool that has an effect, or
    /// of the one that calls such tools.
    #[must_use]
    pub fn has_effect(&self, name: &str) -> bool {
        let listings = self.discovery.as_ref().map(Discovery::listings);
        let mut listed = listings.unwrap_or_default().iter();
        match listed.find(|listing| listing.name == name) {
            Some(listing) => !listing.hints.read_only,
            None => self
                .catalogue
                .find(name)
                .is_some_and(|entry| !entry.tool().effect.is_read()),
        }
    }

    /// What a call means.
    pub(crate) fn step(
        &self,
        name: &str,
        arguments: Map<String, Value>,
    ) -> Result<Step<'_>, UnknownTool> {
        match &self.discovery {
            Some(discovery) => discovery.step(&self.catalogue, name, arguments),
            None => match self.catalogue.find(name) {
                Some(entry) => Ok(Step::Call(entry, arguments)),
                None => Err(self.catalogue.unknown(name)),
            },
        }
    }
}
