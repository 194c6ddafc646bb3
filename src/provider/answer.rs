//! What a provider's answer means.

use super::{Answer, Proof, find, member};
use crate::arena::Arena;
use crate::json::{Json, append, decimal, escape};

/// What an answer means for the message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// The provider took it, now or before under the same key.
    Sent,
    /// The provider did not take it, and may later.
    Retry,
    /// The provider does not take it.
    Refused,
    /// The provider may have taken it.
    Unknown,
}

impl Meaning {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Meaning::Sent => "sent",
            Meaning::Retry => "retry",
            Meaning::Refused => "refused",
            Meaning::Unknown => "unknown",
        }
    }
}

/// Reads the answer of a provider: its name, the status, the header `x-amzn-errortype`, and the body, null when it could
/// not be read whole. The verdict is JSON text, its shape `Verdict` in `ts/core.ts`: what to do now, and the provider's id
/// of a message that was sent, else status and code. Safe to log.
pub fn classify(reply: &Json, arena: &Arena) -> String {
    let answer = find(reply.get("provider").str()).map_or(&CUSTOM, |provider| &provider.answer);
    let (status, body) = (reply.get("status").integer() as u16, reply.get("body"));
    let parsed = Json::parse(body.str(), arena);
    // What begins as JSON and does not end as such was cut off; other text comes from somebody else than the API.
    let complete = parsed.is_some() || !(body.str().is_empty() || body.str().starts_with('{'));
    let json = parsed.unwrap_or(Json::Null);
    let code = match answer.code {
        "@type" => plain(&Json::String(reply.get("errorType").str().split(':').next().unwrap_or("")), "."),
        path => plain(json.path(path), "._-"),
    };
    let mut meaning = by_status(answer, status, complete, &json);
    for (for_status, for_code, special) in answer.special {
        if (*for_status == 0 || *for_status == status) && (for_code.is_empty() || *for_code == code) {
            meaning = *special;
        }
    }
    let mut out = String::new();
    append(&mut out, &["{\"verdict\":\"", meaning.name(), "\""]);
    if meaning == Meaning::Sent {
        member(&mut out, "id", plain(json.path(answer.id), "._-@<>"));
    } else {
        out.push_str(",\"detail\":\"");
        decimal(&mut out, usize::from(status));
        if !code.is_empty() {
            out.push(' ');
            escape(&mut out, code);
        }
        out.push('"');
    }
    out.push('}');
    out
}

/// The user's own function names no proof: any 2xx means sent.
const CUSTOM: Answer = Answer { id: "", proof: Proof::Status, code: "", special: &[] };

fn by_status(answer: &Answer, status: u16, complete: bool, json: &Json) -> Meaning {
    match status {
        200..300 => {
            let proven = match answer.proof {
                Proof::Status => true,
                _ if !complete => return Meaning::Unknown,
                Proof::Id => json.path(answer.id).scalar().is_some(),
                Proof::Value(path, value) => json.path(path).scalar() == Some(value),
            };
            if proven { Meaning::Sent } else { Meaning::Refused }
        }
        408 | 425 | 429 | 503 => Meaning::Retry,
        // It may have failed behind the sending.
        500.. => Meaning::Unknown,
        _ => Meaning::Refused,
    }
}

/// A code or an id; prose, which might repeat an address, is dropped.
fn plain<'j>(value: &Json<'j>, marks: &str) -> &'j str {
    let text = value.scalar().unwrap_or("");
    let sound = text.len() <= 128 && text.bytes().all(|b| b.is_ascii_alphanumeric() || marks.as_bytes().contains(&b));
    if sound { text } else { "" }
}
