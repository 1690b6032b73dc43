//! The API as plain data: everything named and resolved, nothing of `OpenAPI` or Rust syntax left to decide.

use std::fmt;

use crate::diagnostic::Pointer;

/// One API, ready to be written out.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) version: String,
    /// What every operation's address begins with.
    pub(crate) base_url: String,
    pub(crate) keys: Vec<Key>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) structs: Vec<Struct>,
    /// Sorted by name.
    pub(crate) resources: Vec<Resource>,
    /// Operations that cannot be generated, each with the reason.
    pub(crate) skipped: Vec<(String, String)>,
}

impl Api {
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.resources
            .iter()
            .flat_map(|resource| &resource.operations)
    }

    pub(crate) fn key(&self, id: KeyId) -> &Key {
        &self.keys[id.0]
    }

    pub(crate) fn enumeration(&self, id: EnumId) -> &Enum {
        &self.enums[id.0]
    }

    pub(crate) fn structure(&self, id: StructId) -> &Struct {
        &self.structs[id.0]
    }
}

/// Position in [`Api::keys`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct KeyId(pub(crate) usize);

/// Position in [`Api::enums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EnumId(pub(crate) usize);

/// Position in [`Api::structs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StructId(pub(crate) usize);

/// A kind of identity key, such as `customerUniqueId`.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// As the document declares it.
    pub(crate) kind: String,
    pub(crate) type_name: String,
    pub(crate) form: Scalar,
    pub(crate) description: String,
    /// What a tool's schema says instead of `description`, in a word or two.
    pub(crate) brief: Option<String>,
    pub(crate) example: String,
    /// What it is often confused with.
    pub(crate) not: Option<String>,
    pub(crate) sources: Vec<KeySource>,
}

/// Where a key comes from: the answer of an operation, under some property.
#[derive(Debug, Clone)]
pub(crate) struct KeySource {
    /// Operation id, `resource.method`.
    pub(crate) operation: String,
    pub(crate) property: String,
}

/// The two forms that keys and enumerations have on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Scalar {
    Text,
    Integer,
}

/// Values with names.
#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) form: Scalar,
    pub(crate) values: Vec<EnumValue>,
    /// Whether the document lists only the values that are known so far.
    pub(crate) open: bool,
    /// The resource that alone uses it, if there is just one.
    pub(crate) home: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EnumValue {
    /// Rust variant.
    pub(crate) name: String,
    pub(crate) wire: WireValue,
    /// What a tool caller writes.
    pub(crate) word: String,
    pub(crate) doc: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum WireValue {
    Text(String),
    Integer(i64),
}

/// An object with known fields.
#[derive(Debug, Clone)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) sent: bool,
    pub(crate) received: bool,
    /// The resource that alone uses it, if there is just one.
    pub(crate) home: Option<String>,
    /// Where the document defines it.
    pub(crate) pointer: Pointer,
}

impl Struct {
    /// What the API needs when it is sent.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.required)
    }

    /// What `new` takes, if it can be sent and anything is required.
    pub(crate) fn constructor(&self) -> Option<Constructor> {
        let arguments = self.required().count();
        let texts = self.required().filter(|field| field.ty == Type::Text);
        if !self.sent || arguments == 0 {
            None
        } else if arguments > MOST_ARGUMENTS || texts.count() > MOST_TEXTS {
            Some(Constructor::Named)
        } else {
            Some(Constructor::Ordered)
        }
    }

    /// Name of the struct that [`Constructor::Named`] takes.
    pub(crate) fn required_name(&self) -> String {
        format!("{}Required", self.name)
    }
}

/// What the constructor of a struct takes. No field can be forgotten in either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constructor {
    /// The required fields, one after the other.
    Ordered,
    /// One struct of the required fields, so that callers name each.
    Named,
}

/// Of more arguments than these it is not clear at the call which is which.
const MOST_ARGUMENTS: usize = 7;

/// No type tells texts apart, so of them there may be fewer.
const MOST_TEXTS: usize = 4;

#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Name on the wire.
    pub(crate) wire: String,
    /// Name for tool callers.
    pub(crate) argument: String,
    /// Rust identifier.
    pub(crate) ident: String,
    pub(crate) doc: String,
    /// What a tool's schema says of it instead of `doc`. May name other tools by markers.
    pub(crate) brief: Option<String>,
    pub(crate) ty: Type,
    /// Whether the API needs it when it is sent.
    pub(crate) required: bool,
    /// Whether its keys may be new: no tool has to give them.
    pub(crate) is_new: bool,
    pub(crate) limits: Limits,
    /// Other wire names of the same value in answers.
    pub(crate) aliases: Vec<String>,
}

/// What the document says about admissible values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Limits {
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) pattern: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Type {
    Text,
    Integer,
    Number,
    Boolean,
    /// Any JSON.
    Json,
    /// Integer minor units of a currency.
    Amount,
    /// Minor units, or text that could not be understood as such.
    AmountOrText,
    Timestamp,
    Key(KeyId),
    Enum(EnumId),
    Struct(StructId),
    List(Box<Type>),
    /// One page of a list.
    Page(Box<Type>),
}

/// Operations on one kind of thing.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// `snake_case`.
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) doc: String,
    /// Sorted by method name.
    pub(crate) operations: Vec<Operation>,
}

#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// `resource.method`.
    pub(crate) id: String,
    pub(crate) resource: String,
    /// `snake_case`.
    pub(crate) method: String,
    pub(crate) type_name: String,
    pub(crate) http: HttpMethod,
    /// Server URL minus the document's base URL.
    pub(crate) service: String,
    pub(crate) path: String,
    /// Path parameters in template order, then query parameters in document order.
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) answer: Answer,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) tool: Tool,
    /// Where the document defines it.
    pub(crate) pointer: Pointer,
}

impl Operation {
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.in_location(Location::Path)
    }

    pub(crate) fn query_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.in_location(Location::Query)
    }

    fn in_location(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.location == location)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl fmt::Display for HttpMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) location: Location,
    pub(crate) field: Field,
    pub(crate) role: Role,
}

/// Who supplies a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The caller.
    Caller,
    /// The client: it works for one company.
    Company,
    /// The caller if they want, else the first page.
    Page,
    /// The caller if they want, else the largest page.
    PageSize,
}

#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) ty: Type,
    pub(crate) required: bool,
    /// How many properties it must have at least, required or not.
    pub(crate) min_properties: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Success without data, however the API spells it.
    Accepted,
    Json(Type),
}

/// The operation as an MCP tool.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) tag: String,
    pub(crate) class: Class,
    pub(crate) effect: Effect,
    /// Whether a person has decided class and effect.
    pub(crate) reviewed: bool,
    /// Whether a call only ever adds something.
    pub(crate) additive: bool,
    /// Whether the same call a second time changes nothing more.
    pub(crate) idempotent: bool,
    /// Arguments of which a call needs at least one, though each alone is optional.
    pub(crate) one_of: Vec<String>,
    /// The operation's description for models: other tools are named by markers.
    pub(crate) description: String,
}

/// The filter classes that callers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Read,
    Write,
    Custom,
}

/// What a call does in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Write,
    Money,
    Message,
    Irreversible,
    Accumulates,
}
