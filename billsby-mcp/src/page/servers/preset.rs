//! Choices of tools that many want.

use std::str::FromStr;

use crate::record::ServerConfig;

/// A choice of tools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Preset {
    Support,
    Refunds,
    Catalogue,
    Everything,
    /// What the boxes of the form say. The others say it instead of them.
    #[default]
    Custom,
}

impl Preset {
    pub(super) const ALL: [Self; 5] = [
        Self::Custom,
        Self::Support,
        Self::Refunds,
        Self::Catalogue,
        Self::Everything,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Refunds => "refunds",
            Self::Catalogue => "catalogue",
            Self::Everything => "everything",
            Self::Custom => "custom",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Support => "Support, reads only",
            Self::Refunds => "Refunds desk",
            Self::Catalogue => "Catalogue admin",
            Self::Everything => "Everything",
            Self::Custom => "My own choice",
        }
    }

    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::Support => "Looks up customers, subscriptions, invoices and payments.",
            Self::Refunds => "The same and credit notes, and refunds invoices.",
            Self::Catalogue => {
                "Products, plans, cycles, add-ons and allowances, with their changes."
            }
            Self::Everything => "All that Billsby's API can do.",
            Self::Custom => "What is ticked below.",
        }
    }

    /// Its methods and its tags, if the form does not say them. No preset has single tools.
    const fn parts(self) -> Option<(&'static [&'static str], &'static [&'static str])> {
        match self {
            Self::Support => Some((
                &["read"],
                &["customers", "subscriptions", "invoices", "payments"],
            )),
            Self::Refunds => Some((
                &["read", "invoices.refund", "credit_notes.reattempt_payment"],
                &[
                    "customers",
                    "subscriptions",
                    "invoices",
                    "payments",
                    "credit_notes",
                ],
            )),
            Self::Catalogue => Some((
                &["read", "write", "custom"],
                &["products", "plans", "cycles", "add_ons", "allowances"],
            )),
            Self::Everything => Some((&["read", "write", "custom"], &[])),
            Self::Custom => None,
        }
    }

    /// Puts its choice into a configuration.
    pub(super) fn apply(self, config: &mut ServerConfig) {
        if let Some((methods, tags)) = self.parts() {
            config.methods = owned(methods);
            config.tags = owned(tags);
            config.tools.clear();
            config.exclude_tools.clear();
        }
    }

    /// The one whose choice a configuration has.
    pub(super) fn of(config: &ServerConfig) -> Self {
        let is_it = |preset: &Self| {
            let mut applied = config.clone();
            preset.apply(&mut applied);
            *preset != Self::Custom && applied == *config
        };
        Self::ALL.into_iter().find(is_it).unwrap_or_default()
    }
}

impl FromStr for Preset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let preset = all.find(|preset| preset.as_str() == text);
        preset.ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str);
            format!("expected one of {}", words.join(", "))
        })
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::{Catalogue, Effect, Entry};

    fn served(preset: Preset) -> Vec<(&'static str, Effect)> {
        let mut config = ServerConfig::default();
        preset.apply(&mut config);
        let catalogue = Catalogue::new(crate::tools(), "widgets", &config.settings()).unwrap();
        let tools = catalogue.entries().iter().map(Entry::tool);
        tools.map(|tool| (tool.short_name, tool.effect)).collect()
    }

    #[test]
    fn each_serves_what_it_says() {
        let support = served(Preset::Support);
        assert!(
            support.iter().all(|(_, effect)| effect.is_read()),
            "{support:?}"
        );
        assert!(support.len() >= 10, "{support:?}");
        let changes: Vec<&str> = served(Preset::Refunds)
            .into_iter()
            .filter(|(_, effect)| !effect.is_read())
            .map(|(name, _)| name)
            .collect();
        assert_eq!(changes, ["retry_credit_note", "refund_invoice"]);
        let catalogue = served(Preset::Catalogue);
        for name in [
            "create_plan",
            "update_product",
            "create_cycle",
            "list_add_ons",
        ] {
            assert!(catalogue.iter().any(|(known, _)| *known == name), "{name}");
        }
        // Nothing in the catalogue reaches a customer.
        let harmless = [Effect::Read, Effect::Write];
        assert!(
            catalogue
                .iter()
                .all(|(_, effect)| harmless.contains(effect))
        );
        let reviewed = crate::tools().filter(|tool| tool.reviewed).count();
        assert_eq!(served(Preset::Everything).len(), reviewed);
    }

    #[test]
    fn a_preset_is_recognised_and_nothing_else_is() {
        for preset in Preset::ALL {
            assert_eq!(preset.as_str().parse(), Ok(preset));
            let mut config = ServerConfig::default();
            preset.apply(&mut config);
            assert_eq!(Preset::of(&config), preset);
            config.exclude_tools = vec!["get_invoice".to_owned()];
            assert_eq!(Preset::of(&config), Preset::Custom);
        }
        assert!("suport".parse::<Preset>().unwrap_err().contains("support"));
    }
}
