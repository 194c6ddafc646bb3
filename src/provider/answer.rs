//! What a provider's answer means.

use super::{EMAIL, Provider, SMS};
use crate::json::{Json, decimal};

/// What became of a request that was answered.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "npm", derive(serde::Serialize), serde(tag = "verdict", rename_all = "lowercase"))]
pub enum Verdict {
    /// The provider took the message.
    Sent {
        /// The provider's id of it.
        id: Option<String>,
    },
    /// The provider did not take it, and may later.
    Retry {
        /// Status and code, safe to log.
        detail: String,
    },
    /// The provider does not take it.
    Refused {
        /// Status and code, safe to log.
        detail: String,
    },
    /// The provider may have taken it.
    Unknown {
        /// Status and code, safe to log.
        detail: String,
    },
}

/// The meaning of an answer that its status does not tell.
#[derive(Clone, Copy)]
pub(super) enum Special {
    /// Already taken, under the same key.
    Sent,
    Retry,
    Refused,
    Unknown,
}

/// Reads the answer of a provider: `status`, the header `x-amzn-errortype` and the body, `None` when it could not be
/// read whole.
pub fn classify(provider: &str, status: u16, error_type: &str, body: Option<&str>) -> Verdict {
    let known = EMAIL.iter().chain(SMS).find(|known| known.name == provider);
    let Some(provider) = known else { return Verdict::Refused { detail: "unknown provider".to_owned() } };
    let json = body.and_then(Json::parse).unwrap_or(Json::Null);
    let code = code(provider, error_type, &json);
    let special = provider.answer.special.iter().find(|(for_status, for_code, _)| {
        (*for_status == 0 || *for_status == status) && (for_code.is_empty() || *for_code == code)
    });
    let detail = || {
        let mut detail = String::new();
        decimal(&mut detail, usize::from(status));
        if !code.is_empty() {
            detail.push(' ');
            detail.push_str(code);
        }
        detail
    };
    match special.map(|(_, _, special)| *special).unwrap_or_else(|| by_status(provider, status, body.is_some(), &json))
    {
        Special::Sent => {
            Verdict::Sent { id: json.path(provider.answer.id).scalar().and_then(printable).map(str::to_owned) }
        }
        Special::Retry => Verdict::Retry { detail: detail() },
        Special::Refused => Verdict::Refused { detail: detail() },
        Special::Unknown => Verdict::Unknown { detail: detail() },
    }
}

fn by_status(provider: &Provider, status: u16, complete: bool, json: &Json) -> Special {
    match status {
        200..300 => match provider.answer.proof {
            None => Special::Sent,
            Some(_) if !complete => Special::Unknown,
            Some((path, value)) => match json.path(path).scalar() {
                Some(found) if value.is_empty() || found == value => Special::Sent,
                _ => Special::Refused,
            },
        },
        // A gateway that got no answer says nothing of what stands behind it.
        502 | 504 if provider.key_seconds == 0 => Special::Unknown,
        408 | 425 | 429 | 500.. => Special::Retry,
        _ => Special::Refused,
    }
}

/// The error's code, when it is a code and not prose that might repeat an address.
fn code<'j>(provider: &Provider, error_type: &'j str, json: &'j Json) -> &'j str {
    let found = match provider.answer.code {
        "@type" => error_type.split([':', ',']).next(),
        path => json.path(path).scalar(),
    };
    found.and_then(printable).unwrap_or("")
}

fn printable(text: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-@<>".contains(&b);
    (!text.is_empty() && text.len() <= 128 && text.bytes().all(plain)).then_some(text)
}
