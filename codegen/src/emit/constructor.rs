//! How values to send are made: `new` takes what the API needs, and setters take the rest.

use proc_macro2::TokenStream;
use quote::quote;

use super::model::describe_field;
use super::rust;
use crate::ir::{Api, Constructor, Field, Struct, Type};

/// The constructor and the setters, and the struct that the constructor takes.
pub(super) fn items(api: &Api, structure: &Struct) -> impl Iterator<Item = TokenStream> {
    methods(api, structure)
        .into_iter()
        .chain(required(api, structure))
}

/// The struct that the constructor takes, if it takes one, for any lifetime.
pub(super) fn required_type(structure: &Struct) -> Option<String> {
    let is_named = structure.constructor() == Some(Constructor::Named);
    let lifetime = if borrows(structure) { "<'_>" } else { "" };
    is_named.then(|| format!("{}{lifetime}", structure.required_name()))
}

fn methods(api: &Api, structure: &Struct) -> Option<TokenStream> {
    if !structure.sent {
        return None;
    }
    let name = rust::ident(&structure.name);
    let new = structure
        .constructor()
        .map(|constructor| new(api, structure, constructor));
    let setters = structure
        .fields
        .iter()
        .filter(|field| !field.required)
        .map(|field| setter(api, field));
    let members: Vec<TokenStream> = new.into_iter().chain(setters).collect();
    (!members.is_empty()).then(|| quote!(impl #name { #(#members)* }))
}

fn new(api: &Api, structure: &Struct, constructor: Constructor) -> TokenStream {
    let parameters = match constructor {
        Constructor::Ordered => {
            let parameters = structure.required().map(|field| {
                let ident = rust::ident(&field.ident);
                let ty = taken(api, &field.ty);
                quote!(#ident: #ty)
            });
            quote!(#(#parameters),*)
        }
        Constructor::Named => {
            let name = rust::ident(&structure.required_name());
            let lifetime = borrows(structure).then(|| quote!(<'_>));
            quote!(required: #name #lifetime)
        }
    };
    let values = structure.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        if !field.required {
            return quote!(#ident: None);
        }
        let input = match constructor {
            Constructor::Ordered => quote!(#ident),
            Constructor::Named => quote!(required.#ident),
        };
        let value = converted(&field.ty, &input);
        match (structure.received, constructor) {
            (true, _) => quote!(#ident: Some(#value)),
            (false, Constructor::Ordered) if !is_text(&field.ty) => value,
            (false, _) => quote!(#ident: #value),
        }
    });
    let doc = rust::doc("What the API needs; everything else is optional.");
    quote! {
        #doc
        #[must_use]
        pub fn new(#parameters) -> Self {
            Self { #(#values),* }
        }
    }
}

/// Texts are borrowed, so that a literal reads like a list of arguments.
fn required(api: &Api, structure: &Struct) -> Option<TokenStream> {
    if structure.constructor() != Some(Constructor::Named) {
        return None;
    }
    let name = rust::ident(&structure.required_name());
    let lifetime = borrows(structure).then(|| quote!(<'a>));
    let doc = format!("What [`{}::new`] takes.", structure.name);
    let doc = rust::doc(&doc);
    let fields = structure.required().map(|field| {
        let doc = rust::doc(&rust::sentence(&describe_field(api, field)));
        let ident = rust::ident(&field.ident);
        let ty = if is_text(&field.ty) {
            quote!(&'a str)
        } else {
            rust::ty(api, &field.ty)
        };
        quote!(#doc pub #ident: #ty)
    });
    let is_copy = structure
        .required()
        .all(|field| is_text(&field.ty) || rust::is_copy(api, &field.ty));
    let copy = is_copy.then(|| quote!(, Copy));
    Some(quote! {
        #doc
        #[derive(Clone #copy)]
        pub struct #name #lifetime {
            #(#fields,)*
        }
    })
}

fn borrows(structure: &Struct) -> bool {
    structure.required().any(|field| is_text(&field.ty))
}

fn setter(api: &Api, field: &Field) -> TokenStream {
    let ident = rust::ident(&field.ident);
    let doc = rust::doc(&rust::sentence(&describe_field(api, field)));
    let ty = taken(api, &field.ty);
    let value = converted(&field.ty, &quote!(#ident));
    quote! {
        #doc
        #[must_use]
        pub fn #ident(mut self, #ident: #ty) -> Self {
            self.#ident = Some(#value);
            self
        }
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Text)
}

/// How a value of the type is taken from a caller.
fn taken(api: &Api, ty: &Type) -> TokenStream {
    if is_text(ty) {
        quote!(impl Into<String>)
    } else {
        rust::ty(api, ty)
    }
}

fn converted(ty: &Type, input: &TokenStream) -> TokenStream {
    if is_text(ty) {
        quote!(#input.into())
    } else {
        input.clone()
    }
}
