//! `resource/`: one file per resource with its calls.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::{self, Item, Uses};
use crate::ir::{
    Answer, Api, Body, Effect, Field, HttpMethod, Operation, Parameter, Resource, Role, Type,
};

/// Page that is asked for if the caller names none.
const FIRST_PAGE: u32 = 1;
/// Largest page that the API gives.
const LARGEST_PAGE: u32 = 100;

/// `generated/mod.rs` of the SDK.
pub(super) fn root(api: &Api) -> String {
    let (version, base_url) = (&api.version, &api.base_url);
    let version_doc = rust::doc("Version of the API's document that this code was generated from.");
    let base_doc = rust::doc("Where the API is, unless a client is told otherwise.");
    let items = [
        quote!(
            pub mod key;
        )
        .into(),
        quote!(
            pub mod model;
        )
        .into(),
        quote!(
            pub mod resource;
        )
        .into(),
        quote!(#base_doc pub const BASE_URL: &str = #base_url;).into(),
        quote!(#version_doc pub const DOCUMENT_VERSION: &str = #version;).into(),
    ];
    rust::file("The API's keys, types and calls.", &items)
}

/// File name without ending, and text.
pub(super) fn files(api: &Api) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    files.insert("mod".to_owned(), modules(api));
    for resource in &api.resources {
        files.insert(resource.name.clone(), file(api, resource));
    }
    files
}

fn modules(api: &Api) -> String {
    let modules = api.resources.iter().map(|resource| {
        let name = rust::ident(&resource.name);
        Item::from(quote!(pub mod #name;))
    });
    rust::file(
        "The API's calls, grouped by what they work on.",
        &modules.collect::<Vec<_>>(),
    )
}

fn file(api: &Api, resource: &Resource) -> String {
    let mut items: Vec<Item> = imports(api, resource).into_iter().map(Item::from).collect();
    items.extend(group(resource).into_iter().map(Item::from));
    items.push(methods(api, resource).into());
    for operation in &resource.operations {
        items.push(marker(resource, operation).into());
        items.push(operation_impl(api, operation).into());
        items.extend(setters(api, operation).map(Item::from));
    }
    rust::file(&resource.doc, &items)
}

fn imports(api: &Api, resource: &Resource) -> Vec<TokenStream> {
    let mut uses = Uses::default();
    for operation in &resource.operations {
        for parameter in callers(operation) {
            uses.add(api, &parameter.field.ty);
        }
        if let Some(body) = &operation.body {
            uses.add(api, &body.ty);
        }
        if let Answer::Json(ty) = &operation.answer {
            uses.add(api, ty);
        }
    }
    let mut imports = vec![
        quote!(
            use crate::call::{AnswerForm, Call, Effect, Method, Operation};
        ),
        quote!(
            use crate::client::Client;
        ),
    ];
    if !uses.models.is_empty() {
        imports.push(quote!(
            use crate::model;
        ));
    }
    imports.extend(uses.imports());
    rust::in_order(imports)
}

fn group(resource: &Resource) -> [TokenStream; 2] {
    let name = rust::ident(&resource.type_name);
    let method = rust::ident(&resource.name);
    let doc = rust::doc(&rust::sentence(&resource.doc));
    let method_doc = rust::doc(&format!("Calls on {}.", resource.name.replace('_', " ")));
    [
        quote! {
            #doc
            #[derive(Debug, Clone, Copy)]
            pub struct #name<'a> {
                client: &'a Client,
            }
        },
        quote! {
            impl Client {
                #method_doc
                #[must_use]
                pub fn #method(&self) -> #name<'_> {
                    #name { client: self }
                }
            }
        },
    ]
}

fn methods(api: &Api, resource: &Resource) -> TokenStream {
    let name = rust::ident(&resource.type_name);
    let methods = resource
        .operations
        .iter()
        .map(|operation| method(api, operation));
    quote!(impl #name<'_> { #(#methods)* })
}

fn callers(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation
        .parameters
        .iter()
        .filter(|parameter| parameter.role != Role::Company)
}

/// Path parameters and required query parameters.
fn arguments(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    callers(operation)
        .filter(|parameter| parameter.field.required && parameter.role == Role::Caller)
}

fn method(api: &Api, operation: &Operation) -> TokenStream {
    let name = rust::ident(&operation.method);
    let marker = rust::ident(&operation.type_name);
    let doc = rust::doc(&describe(api, operation));
    let mut parameters: Vec<TokenStream> = arguments(operation)
        .map(|parameter| {
            let ident = rust::ident(&parameter.field.ident);
            let ty = borrowed(api, &parameter.field.ty);
            quote!(#ident: #ty)
        })
        .collect();
    let path = operation
        .path_parameters()
        .filter(|p| p.role == Role::Caller)
        .map(|parameter| {
            let wire = &parameter.field.wire;
            let value = on_wire(&parameter.field);
            quote!(.path_value(#wire, #value))
        });
    let query = operation.query_parameters().filter_map(|parameter| {
        let wire = &parameter.field.wire;
        let value = on_wire(&parameter.field);
        match parameter.role {
            Role::Page => Some(quote!(.query_value(#wire, #FIRST_PAGE))),
            Role::PageSize => Some(quote!(.query_value(#wire, #LARGEST_PAGE))),
            _ => parameter
                .field
                .required
                .then(|| quote!(.query_value(#wire, #value))),
        }
    });
    let steps = path.chain(query);
    let call = quote!(Call::new(self.client) #(#steps)*);
    let call = match &operation.body {
        None => call,
        Some(body) => {
            let ty = model_type(api, &body.ty);
            let least = least_fields(api, body);
            if body.required {
                parameters.push(quote!(body: &#ty));
                quote!(#call.json_body(body) #least)
            } else {
                parameters.push(quote!(body: Option<&#ty>));
                quote! {
                    let call = #call;
                    match body {
                        Some(body) => call.json_body(body) #least,
                        None => call,
                    }
                }
            }
        }
    };
    quote! {
        #doc
        pub fn #name(&self, #(#parameters),*) -> Call<#marker> {
            #call
        }
    }
}

/// The type sees to it that required fields are there; how many of the others are is known only at run time.
fn least_fields(api: &Api, body: &Body) -> Option<TokenStream> {
    let required = match body.ty {
        Type::Struct(id) => api.structure(id).required().count(),
        _ => 0,
    };
    let least = body.min_properties;
    (least > required).then(|| quote!(.least_fields(#least)))
}

/// An input as what is written into a path or query.
fn on_wire(field: &Field) -> TokenStream {
    let ident = rust::ident(&field.ident);
    if field.ty == Type::Amount {
        quote!(#ident.minor_units())
    } else {
        quote!(#ident)
    }
}

fn describe(api: &Api, operation: &Operation) -> String {
    let summary = if operation.summary.is_empty() {
        format!("`{} {}`", operation.http, operation.path)
    } else {
        operation.summary.clone()
    };
    let mut rest = vec![operation.description.as_str()];
    let effect = effect_note(operation);
    rest.extend(effect);
    let mut text = rust::paragraphs(&summary, &rest);
    let arguments: Vec<String> = arguments(operation)
        .map(|parameter| {
            let described = rust::sentence(&super::model::describe_field(api, &parameter.field));
            format!("* `{}`: {described}", parameter.field.ident)
        })
        .collect();
    if !arguments.is_empty() {
        text.push_str("\n\n");
        text.push_str(&arguments.join("\n"));
    }
    text
}

/// What a program has to know about errors of calls that move money.
fn effect_note(operation: &Operation) -> Option<&'static str> {
    (operation.tool.effect == Effect::Money)
        .then_some("Moves money: repeat it only if the error's outcome says that nothing was done.")
}

/// How a value is passed to a call.
fn borrowed(api: &Api, ty: &Type) -> TokenStream {
    match ty {
        Type::Text => quote!(&str),
        _ if rust::is_copy(api, ty) => model_type(api, ty),
        _ => {
            let ty = model_type(api, ty);
            quote!(&#ty)
        }
    }
}

/// As [`rust::ty`], with models named through their module: an operation may have the same name.
fn model_type(api: &Api, ty: &Type) -> TokenStream {
    match ty {
        Type::Enum(_) | Type::Struct(_) => {
            let name = rust::ty(api, ty);
            quote!(model::#name)
        }
        Type::List(item) => {
            let item = model_type(api, item);
            quote!(Vec<#item>)
        }
        Type::Page(item) => {
            let item = model_type(api, item);
            quote!(Page<#item>)
        }
        _ => rust::ty(api, ty),
    }
}

fn marker(resource: &Resource, operation: &Operation) -> TokenStream {
    let name = rust::ident(&operation.type_name);
    let doc = rust::doc(&format!(
        "The operation of [`{}::{}`].",
        resource.type_name, operation.method
    ));
    quote! {
        #doc
        #[derive(Debug)]
        pub enum #name {}
    }
}

fn operation_impl(api: &Api, operation: &Operation) -> TokenStream {
    let name = rust::ident(&operation.type_name);
    let answer = match &operation.answer {
        Answer::Accepted => quote!(()),
        Answer::Json(ty) => model_type(api, ty),
    };
    let form = match operation.answer {
        Answer::Accepted => quote!(Word),
        Answer::Json(_) => quote!(Json),
    };
    let method = match operation.http {
        HttpMethod::Get => quote!(Get),
        HttpMethod::Post => quote!(Post),
        HttpMethod::Put => quote!(Put),
        HttpMethod::Patch => quote!(Patch),
        HttpMethod::Delete => quote!(Delete),
    };
    // A GET that nobody has looked at may do more than read.
    let reads = operation.tool.effect == Effect::Read && operation.tool.reviewed;
    let effect = if reads && operation.http == HttpMethod::Get {
        quote!(Read)
    } else {
        quote!(Write)
    };
    let (id, service, path) = (&operation.id, &operation.service, &operation.path);
    quote! {
        impl Operation for #name {
            type Answer = #answer;
            const ID: &'static str = #id;
            const METHOD: Method = Method::#method;
            const SERVICE: &'static str = #service;
            const PATH: &'static str = #path;
            const EFFECT: Effect = Effect::#effect;
            const ANSWER: AnswerForm = AnswerForm::#form;
        }
    }
}

/// Setters for what the caller may leave out.
fn setters(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let setters: Vec<TokenStream> = operation
        .query_parameters()
        .filter(|parameter| !parameter.field.required || parameter.role != Role::Caller)
        .map(|parameter| setter(api, parameter))
        .collect();
    let marker = rust::ident(&operation.type_name);
    (!setters.is_empty()).then(|| quote!(impl Call<#marker> { #(#setters)* }))
}

fn setter(api: &Api, parameter: &Parameter) -> TokenStream {
    let field = &parameter.field;
    let ident = rust::ident(&field.ident);
    let wire = &field.wire;
    let doc = rust::doc(&rust::sentence(&super::model::describe_field(api, field)));
    let (ty, value) = match (&field.ty, parameter.role) {
        (_, Role::Page) => (quote!(u32), quote!(#ident.max(#FIRST_PAGE))),
        (_, Role::PageSize) => (quote!(u32), quote!(#ident.clamp(1, #LARGEST_PAGE))),
        (Type::Text, _) => (quote!(impl Into<String>), quote!(#ident.into())),
        (Type::Enum(_), _) => (model_type(api, &field.ty), quote!(#ident)),
        _ => (borrowed(api, &field.ty), on_wire(field)),
    };
    quote! {
        #doc
        pub fn #ident(self, #ident: #ty) -> Self {
            self.query_value(#wire, #value)
        }
    }
}
