//! The core's two functions as JSON text in and out.

use crate::decide;
use crate::json::{Json, quote};
use crate::provider::{self, Verdict};

/// `{"event": …, "config": …, "builtin": …}` to a decision. Text that is no JSON is a Skip.
pub fn decide(input: &str) -> String {
    let input = Json::parse(input).unwrap_or(Json::Null);
    decide::decide(input.get("event"), input.get("config"), input.get("builtin")).to_json()
}

/// `{"provider": …, "status": …, "errorType": …, "body": …}` to a verdict.
pub fn classify(input: &str) -> String {
    let input = Json::parse(input).unwrap_or(Json::Null);
    let status = input.get("status").as_i64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
    let verdict = provider::classify(
        input.get("provider").str(),
        status,
        input.get("errorType").str(),
        input.get("body").as_str(),
    );
    let (name, member, text) = match verdict {
        Verdict::Sent { id } => ("sent", "id", id.unwrap_or_default()),
        Verdict::Retry { detail } => ("retry", "detail", detail),
        Verdict::Refused { detail } => ("refused", "detail", detail),
        Verdict::Unknown { detail } => ("unknown", "detail", detail),
    };
    let mut out = ["{\"verdict\":\"", name, "\",\"", member, "\":"].concat();
    quote(&mut out, &text);
    out.push('}');
    out
}
