//! Fills the skeletons of requests.

use super::Slots;
use crate::json::quote;

/// How a slot's text is written.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    /// As it is.
    Plain,
    /// As a JSON string with its quotes.
    Json,
    /// Percent-encoded.
    Percent,
}

/// Appends the skeleton with its slots filled: `$name`, and `<name:…>` only where the slot is not empty.
pub(super) fn fill(out: &mut String, skeleton: &str, encoding: Encoding, slots: &Slots) {
    let mut rest = skeleton;
    while let Some(at) = rest.bytes().position(|b| b == b'$' || b == b'<') {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        let optional = mark.starts_with('<');
        let name = mark.get(1..).unwrap_or("");
        let (name, after) = name.split_at(name.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(name.len()));
        let text = slots.get(name);
        if !optional {
            match encoding {
                Encoding::Plain => out.push_str(text),
                Encoding::Json => quote(out, text),
                Encoding::Percent => percent(out, text),
            }
            rest = after;
            continue;
        }
        let (group, after) = after.split_once('>').unwrap_or((after, ""));
        if !text.is_empty() {
            fill(out, group.get(1..).unwrap_or(""), encoding, slots);
        }
        rest = after;
    }
    out.push_str(rest);
}

/// Appends text with everything but unreserved characters (RFC 3986) percent-encoded.
pub(super) fn percent(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for bits in [byte >> 4, byte] {
                out.push(crate::json::hex(u32::from(bits)).to_ascii_uppercase());
            }
        }
    }
}
