//! `tool/`: one descriptor and one typed dispatch function per operation.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::{self, Item};
use super::{answer_key, output_schema};
use crate::ir::{Answer, Api, Class, Effect, Operation, Parameter, Resource, Role, Scalar, Type};

/// `generated/mod.rs` of the server.
pub(super) fn root(api: &Api) -> String {
    let names: Vec<_> = api
        .resources
        .iter()
        .map(|resource| rust::ident(&resource.name))
        .collect();
    let doc = rust::doc("All tools, grouped by resource.");
    let items: [Item; 4] = [
        quote!(
            mod key;
            mod tool;
        )
        .into(),
        quote!(
            use crate::tool::Tool;
        )
        .into(),
        quote!(
            pub use key::KEYS;
        )
        .into(),
        quote!(#doc pub static TOOLS: &[&[Tool]] = &[#(tool::#names::TOOLS),*];).into(),
    ];
    rust::file("The tools of the server.", &items)
}

/// File name without ending, and text.
pub(super) fn files(api: &Api) -> BTreeMap<String, String> {
    let modules = api.resources.iter().map(|resource| {
        let name = rust::ident(&resource.name);
        Item::from(quote!(pub(super) mod #name;))
    });
    let mut files = BTreeMap::new();
    let doc = "Descriptors and dispatch, one module per resource.";
    files.insert(
        "mod".to_owned(),
        rust::file(doc, &modules.collect::<Vec<_>>()),
    );
    for resource in &api.resources {
        files.insert(resource.name.clone(), file(api, resource));
    }
    files
}

fn file(api: &Api, resource: &Resource) -> String {
    let descriptors: Vec<TokenStream> = resource
        .operations
        .iter()
        .map(|operation| descriptor(api, operation))
        .collect();
    let renames = resource
        .operations
        .iter()
        .any(|operation| !answer_key::renamed(api, operation).is_empty());
    let renamed_key = renames.then(|| quote!(RenamedKey,));
    let doc = rust::doc(&format!("Tools on {}.", resource.name.replace('_', " ")));
    let mut items: Vec<Item> = vec![
        quote!(
            use billsby_sdk::Client;
        )
        .into(),
        quote!(
            use crate::tool::{Arguments, Class, Dispatch, Effect, #renamed_key Tool, answer};
        )
        .into(),
        quote! {
            #doc
            pub(in crate::generated) static TOOLS: &[Tool] = &[#(#descriptors),*];
        }
        .into(),
    ];
    items.extend(
        resource
            .operations
            .iter()
            .map(|operation| dispatch(api, operation).into()),
    );
    rust::file(
        &format!("Tools on {}.", resource.name.replace('_', " ")),
        &items,
    )
}

fn descriptor(api: &Api, operation: &Operation) -> TokenStream {
    let tool = &operation.tool;
    let (name, short_name, tag) = (&tool.name, &tool.short_name, &tool.tag);
    let aliases = &tool.aliases;
    let title = if operation.summary.is_empty() {
        name
    } else {
        &operation.summary
    };
    let description = if tool.description.is_empty() {
        title
    } else {
        &tool.description
    };
    let id = &operation.id;
    let class = match tool.class {
        Class::Read => quote!(Read),
        Class::Write => quote!(Write),
        Class::Custom => quote!(Custom),
    };
    let effect = match tool.effect {
        Effect::Read => quote!(Read),
        Effect::Write => quote!(Write),
        Effect::Money => quote!(Money),
        Effect::Message => quote!(Message),
        Effect::Irreversible => quote!(Irreversible),
        Effect::Accumulates => quote!(Accumulates),
    };
    let reviewed = tool.reviewed;
    let (additive, idempotent) = (tool.additive, tool.idempotent);
    let schema = format!("../schema/{short_name}.json");
    let output = format!("../output/{short_name}.json");
    let paged = matches!(operation.answer, Answer::Json(Type::Page(_)));
    let long_answer = output_schema::is_long(api, operation);
    let renamed_keys = answer_key::renamed(api, operation);
    let renamed_keys = renamed_keys.iter().map(|key| {
        let (path, argument) = (&key.path, &key.argument);
        quote!(RenamedKey { path: &[#(#path),*], argument: #argument })
    });
    let call = rust::ident(&operation.method);
    quote! {
        Tool {
            name: #name,
            short_name: #short_name,
            aliases: &[#(#aliases),*],
            title: #title,
            description: #description,
            operation: #id,
            tag: #tag,
            class: Class::#class,
            effect: Effect::#effect,
            reviewed: #reviewed,
            additive: #additive,
            idempotent: #idempotent,
            input_schema: include_str!(#schema),
            output_schema: include_str!(#output),
            paged: #paged,
            long_answer: #long_answer,
            renamed_keys: &[#(#renamed_keys),*],
            call: #call,
        }
    }
}

/// Takes the arguments apart and makes the typed call.
fn dispatch(api: &Api, operation: &Operation) -> TokenStream {
    let name = rust::ident(&operation.method);
    let group = rust::ident(&operation.resource);
    let mut taken = Vec::new();
    let mut passed = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|p| p.role == Role::Caller && p.field.required)
    {
        let ident = rust::ident(&parameter.field.ident);
        let argument = &parameter.field.argument;
        let annotation = annotation(&parameter.field.ty);
        taken.push(quote!(let #ident #annotation = arguments.take(#argument)?;));
        passed.push(by_value_or_reference(api, parameter));
    }
    let optional: Vec<TokenStream> = operation
        .query_parameters()
        .filter(|parameter| parameter.role != Role::Caller || !parameter.field.required)
        .map(|parameter| {
            let taking = take_optional(parameter);
            if operation.body.is_none() {
                return optional(api, parameter, &taking);
            }
            // The body takes whatever the other inputs have left.
            let ident = rust::ident(&parameter.field.ident);
            taken.push(quote!(let #ident = #taking;));
            optional(api, parameter, &quote!(#ident))
        })
        .collect();
    let late = if let Some(body) = &operation.body {
        passed.push(if body.required {
            quote!(&body)
        } else {
            quote!(body.as_ref())
        });
        let is_object = matches!(body.ty, Type::Struct(_));
        Some(match (is_object, body.required) {
            (true, true) => quote!(let body = arguments.body()?;),
            (true, false) => quote!(let body = arguments.optional_body()?;),
            (false, true) => quote!(let body = arguments.take("body")?;),
            (false, false) => quote!(let body = arguments.take_optional("body")?;),
        })
    } else {
        None
    };
    let call = quote!(client.#group().#name(#(#passed),*));
    let steps = if optional.is_empty() {
        quote!(#late answer(#call.send().await))
    } else {
        quote! {
            #late
            let mut call = #call;
            #(#optional)*
            answer(call.send().await)
        }
    };
    let arguments = if taken.is_empty() && optional.is_empty() && late.is_none() {
        quote!(_arguments: Arguments)
    } else {
        quote!(mut arguments: Arguments)
    };
    quote! {
        fn #name(client: &Client, #arguments) -> Dispatch<'_> {
            Box::pin(async move {
                #(#taken)*
                #steps
            })
        }
    }
}

/// Inference finds every type but the one behind `&str`.
fn annotation(ty: &Type) -> Option<TokenStream> {
    matches!(ty, Type::Text).then(|| quote!(: String))
}

fn by_value_or_reference(api: &Api, parameter: &Parameter) -> TokenStream {
    let ident = rust::ident(&parameter.field.ident);
    if rust::is_copy(api, &parameter.field.ty) {
        quote!(#ident)
    } else {
        quote!(&#ident)
    }
}

fn take_optional(parameter: &Parameter) -> TokenStream {
    let argument = &parameter.field.argument;
    let annotation = matches!(parameter.field.ty, Type::Text).then(|| quote!(::<String>));
    quote!(arguments.take_optional #annotation (#argument)?)
}

/// Passes an optional input on, if there is one.
fn optional(api: &Api, parameter: &Parameter, taken: &TokenStream) -> TokenStream {
    let field = &parameter.field;
    let ident = rust::ident(&field.ident);
    let by_reference = match &field.ty {
        Type::Key(key) => api.key(*key).form == Scalar::Text,
        Type::Timestamp => true,
        _ => false,
    };
    let value = if by_reference {
        quote!(&#ident)
    } else {
        quote!(#ident)
    };
    quote! {
        if let Some(#ident) = #taken {
            call = call.#ident(#value);
        }
    }
}
