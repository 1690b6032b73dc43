//! No setting lets a write be repeated, and no call can be declared to be a read.

use billsby_sdk::model::{CustomerCreated, NewCustomer};
use billsby_sdk::{AnswerForm, Call, Client, Effect, Method, Operation, RetryPolicy};

struct Harmless;

impl Operation for Harmless {
    type Answer = CustomerCreated;
    const ID: &'static str = "customers.create";
    const METHOD: Method = Method::Post;
    const SERVICE: &'static str = "core";
    const PATH: &'static str = "/{companyDomain}/customers";
    const EFFECT: Effect = Effect::Read;
    const ANSWER: AnswerForm = AnswerForm::Json;
}

fn by_policy(client: &Client, customer: &NewCustomer) {
    let policy = RetryPolicy::attempts(3).writes(true);
    let _ = client.customers().create(customer).with_retry(policy);
}

fn by_declaration(client: &Client) {
    let _ = Call::<Harmless>::new(client);
}

fn main() {}
