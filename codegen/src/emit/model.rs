//! `model/`: structs and enumerations, one file per resource and one for what several share.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::constructor;
use super::rust::{self, Item, Uses};
use crate::ir::{Api, Enum, EnumValue, Field, Scalar, Struct, Type, WireValue};

/// Home of types that more than one resource uses.
const SHARED: &str = "shared";

/// File name without ending, and text.
pub(super) fn files(api: &Api) -> BTreeMap<String, String> {
    let mut homes: BTreeMap<&str, (Vec<&Struct>, Vec<&Enum>)> = BTreeMap::new();
    for structure in &api.structs {
        let home = structure.home.as_deref().unwrap_or(SHARED);
        homes.entry(home).or_default().0.push(structure);
    }
    for enumeration in &api.enums {
        let home = enumeration.home.as_deref().unwrap_or(SHARED);
        homes.entry(home).or_default().1.push(enumeration);
    }
    let mut files = BTreeMap::new();
    files.insert("mod".to_owned(), root(&homes));
    for (home, (mut structs, mut enums)) in homes {
        structs.sort_by(|a, b| a.name.cmp(&b.name));
        enums.sort_by(|a, b| a.name.cmp(&b.name));
        files.insert(home.to_owned(), file(api, home, &structs, &enums));
    }
    files
}

fn root(homes: &BTreeMap<&str, (Vec<&Struct>, Vec<&Enum>)>) -> String {
    let names: Vec<_> = homes.keys().map(|home| rust::ident(home)).collect();
    let modules = names.iter().map(|name| Item::from(quote!(mod #name;)));
    let exports = names
        .iter()
        .map(|name| Item::from(quote!(pub use #name::*;)));
    let items: Vec<Item> = modules.chain(exports).collect();
    rust::file("What the API takes and returns.", &items)
}

fn file(api: &Api, home: &str, structs: &[&Struct], enums: &[&Enum]) -> String {
    let mut items: Vec<Item> = imports(api, structs, enums)
        .into_iter()
        .map(Item::from)
        .collect();
    for structure in structs {
        items.push(declaration(api, structure).into());
        items.extend(constructor::items(api, structure).map(Item::from));
    }
    if !structs.is_empty() {
        items.push(redaction(structs));
    }
    items.extend(enums.iter().map(|enumeration| open_enum(enumeration)));
    let doc = if home == SHARED {
        "Types that several resources share.".to_owned()
    } else {
        format!("Types of {}.", home.replace('_', " "))
    };
    rust::file(&doc, &items)
}

fn imports(api: &Api, structs: &[&Struct], enums: &[&Enum]) -> Vec<TokenStream> {
    let mut uses = Uses::default();
    for field in structs.iter().flat_map(|structure| &structure.fields) {
        uses.add(api, &field.ty);
    }
    let here = |name: &String| {
        structs.iter().any(|s| s.name == *name) || enums.iter().any(|e| e.name == *name)
    };
    uses.models.retain(|name| !here(name));
    let mut imports = Vec::new();
    let sends = structs.iter().any(|structure| structure.sent);
    match (structs.is_empty(), sends) {
        (true, _) => {}
        (false, true) => imports.push(quote!(
            use serde::{Deserialize, Serialize};
        )),
        (false, false) => imports.push(quote!(
            use serde::Deserialize;
        )),
    }
    imports.extend(uses.imports());
    if !uses.models.is_empty() {
        let models = uses.models.iter().map(|name| rust::ident(name));
        imports.push(quote!(use super::{#(#models),*};));
    }
    rust::in_order(imports)
}

fn declaration(api: &Api, structure: &Struct) -> TokenStream {
    let name = rust::ident(&structure.name);
    let doc = rust::doc(&describe(structure));
    let fields = structure.fields.iter().map(|field| {
        let doc = rust::doc(&rust::sentence(&describe_field(api, field)));
        let attribute = names_attribute(field);
        let ident = rust::ident(&field.ident);
        let ty = field_type(api, structure, field);
        quote!(#doc #attribute pub #ident: #ty)
    });
    let derives = match (structure.received, structure.sent) {
        (true, true) => quote!(Clone, Default, PartialEq, Deserialize, Serialize),
        (true, false) => quote!(Clone, Default, PartialEq, Deserialize),
        (false, _) if structure.required().next().is_none() => {
            quote!(Clone, Default, PartialEq, Deserialize, Serialize)
        }
        (false, _) => quote!(Clone, PartialEq, Deserialize, Serialize),
    };
    // Whatever an answer leaves out is absent in the struct; the API documents no field as certain.
    let default = structure.received.then(|| quote!(, default));
    // The API grows, and callers are not to break with it.
    quote! {
        #doc
        #[derive(#derives)]
        #[serde(rename_all = "camelCase" #default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
        }
    }
}

fn describe(structure: &Struct) -> String {
    if structure.doc.is_empty() {
        format!("`{}` of the API.", structure.name)
    } else {
        rust::sentence(&structure.doc)
    }
}

/// What a field means; a key that needs no words of its own gets those of its kind.
pub(super) fn describe_field(api: &Api, field: &Field) -> String {
    if !field.doc.is_empty() {
        return field.doc.clone();
    }
    match &field.ty {
        Type::Key(id) => api.key(*id).description.clone(),
        _ => format!("`{}` of the API", field.wire),
    }
}

/// The struct-wide rule gives most names; an attribute covers the rest.
fn names_attribute(field: &Field) -> Option<TokenStream> {
    let mut names = Vec::new();
    let by_rule = serde_camel_case(&field.ident);
    if by_rule != field.wire {
        let wire = &field.wire;
        names.push(quote!(rename = #wire));
    }
    let mut aliases: Vec<&str> = field.aliases.iter().map(String::as_str).collect();
    if field.argument != field.wire {
        aliases.push(&field.argument);
    }
    names.extend(aliases.iter().map(|alias| quote!(alias = #alias)));
    (!names.is_empty()).then(|| quote!(#[serde(#(#names),*)]))
}

/// serde's own rule for `rename_all = "camelCase"`.
fn serde_camel_case(ident: &str) -> String {
    let mut name = String::new();
    let mut upper = false;
    for c in ident.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            name.push(c.to_ascii_uppercase());
            upper = false;
        } else {
            name.push(c);
        }
    }
    name
}

fn is_optional(structure: &Struct, field: &Field) -> bool {
    structure.received || !field.required
}

fn field_type(api: &Api, structure: &Struct, field: &Field) -> TokenStream {
    let ty = rust::ty(api, &field.ty);
    // An empty list and no list are different things to say, but the same thing to be told.
    let is_list_of_answer = matches!(field.ty, Type::List(_)) && !structure.sent;
    if is_optional(structure, field) && !is_list_of_answer {
        quote!(Option<#ty>)
    } else {
        ty
    }
}

fn redaction(structs: &[&Struct]) -> Item {
    let names: Vec<String> = structs
        .iter()
        .flat_map(|structure| {
            let required = constructor::required_type(structure);
            [Some(structure.name.clone()), required]
                .into_iter()
                .flatten()
        })
        .collect();
    Item::Macro(format!(
        "redacted_debug!(\n    {},\n);\n",
        names.join(",\n    ")
    ))
}

fn open_enum(enumeration: &Enum) -> Item {
    let form = match enumeration.form {
        Scalar::Text => "str",
        Scalar::Integer => "i64",
    };
    let mut doc = if enumeration.doc.is_empty() {
        format!("`{}` of the API.", enumeration.name)
    } else {
        rust::sentence(&enumeration.doc)
    };
    if enumeration.open {
        doc.push_str(" The API may know more values than these.");
    }
    let doc = rust::doc_text("    ", &doc);
    let name = &enumeration.name;
    let values: Vec<String> = enumeration.values.iter().map(variant).collect();
    let values = values.join("");
    Item::Macro(format!(
        "open_enum! {{\n{doc}    pub enum {name}: {form} {{\n{values}    }}\n}}\n"
    ))
}

fn variant(value: &EnumValue) -> String {
    let name = &value.name;
    let doc = if value.doc.is_empty() {
        format!("`{name}`.")
    } else {
        rust::sentence(&value.doc)
    };
    let doc = rust::doc_text("        ", &doc);
    match &value.wire {
        WireValue::Text(text) => format!("{doc}        {name} = {text:?},\n"),
        WireValue::Integer(number) => format!("{doc}        {name} = {number},\n"),
    }
}
