//! The core's two functions as JSON text in and out.

use crate::arena::Arena;
use crate::decide;
use crate::json::{Json, append, quote};
use crate::provider;

/// `{"event": …, "config": …, "builtin": …}` to a decision. Text that is no JSON is a Skip.
pub fn decide(input: &str) -> String {
    let arena = Arena::default();
    let input = Json::parse(input, &arena).unwrap_or(Json::Null);
    decide::decide(input.get("event"), input.get("config"), input.get("builtin"), &arena)
}

/// `{"provider": …, "status": …, "errorType": …, "body": …}` to a verdict.
pub fn classify(input: &str) -> String {
    let arena = Arena::default();
    let input = Json::parse(input, &arena).unwrap_or(Json::Null);
    let status = input.get("status").integer() as u16;
    let verdict = provider::classify(
        input.get("provider").str(),
        status,
        input.get("errorType").str(),
        input.get("body").as_str(),
    );
    let name = verdict.meaning.name();
    let mut out = String::new();
    append(&mut out, &["{\"verdict\":\"", name, "\",\"", if name == "sent" { "id" } else { "detail" }, "\":"]);
    quote(&mut out, &verdict.detail);
    out.push('}');
    out
}
