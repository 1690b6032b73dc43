//! `key.rs` of the server: what a model can be told about each kind of identity key.

use proc_macro2::TokenStream;
use quote::quote;

use super::answer_key;
use super::rust::{self, Item};
use crate::ir::{Api, Key, Scalar};

pub(super) fn file(api: &Api) -> String {
    let keys = api.keys.iter().map(|key| row(api, key));
    let doc = rust::doc("Every kind of identity key, sorted by name.");
    let items: [Item; 2] = [
        quote!(
            use crate::tool::{Key, KeyForm, KeySource};
        )
        .into(),
        quote!(#doc pub static KEYS: &[Key] = &[#(#keys),*];).into(),
    ];
    rust::file("The kinds of identity keys.", &items)
}

fn row(api: &Api, key: &Key) -> TokenStream {
    let (name, description, example) = (&key.kind, &key.description, &key.example);
    let form = match key.form {
        Scalar::Text => quote!(Text),
        Scalar::Integer => quote!(Integer),
    };
    let not = if let Some(not) = &key.not {
        quote!(Some(#not))
    } else {
        quote!(None)
    };
    let sources = key.sources.iter().map(|source| {
        let (operation, property) = (&source.operation, &source.property);
        let bare = api
            .operations()
            .find(|found| found.id == *operation)
            .is_some_and(|found| answer_key::is_item(api, found, property));
        quote!(KeySource { operation: #operation, property: #property, bare: #bare })
    });
    quote! {
        Key {
            name: #name,
            form: KeyForm::#form,
            description: #description,
            example: #example,
            sources: &[#(#sources),*],
            not: #not,
        }
    }
}
