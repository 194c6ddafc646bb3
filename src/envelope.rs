//! The envelope: what an admin knows of a new user and Authgear's `createUser` cannot say. It travels in the Admin API URL's
//! parameter `x_state`, as `PAYLOAD.MAC`; `docs/envelope.md` is its format.

use crate::config::{Config, PASSWORD};
use crate::event::{Event, Kind};
use crate::json::{Json, after, byte, find, join, slice, starts_at};
use crate::locale::lookup;
#[cfg(feature = "npm")]
use crate::signature::Key;

/// What the text that is signed begins with.
const CONTEXT: &str = "authgear-invite.envelope.v1\n";
/// The hexadecimal digits of a MAC.
const MAC_LENGTH: usize = 64;
/// The keys that hold a string.
const TEXTS: &[&str] = &["name", "given_name", "family_name", "nickname", "inviter", "message"];

/// The MACs of an envelope's text under each of the configuration's secrets.
#[derive(Clone, Copy)]
pub enum Seals<'s> {
    /// Not known: the decision is to ask for them.
    Unknown,
    /// In hexadecimal, by whoever runs the core.
    Known(&'s [Json<'s>]),
    /// To be made here.
    #[cfg(feature = "npm")]
    Keys(&'s [Key]),
}

/// The MACs of this text must be known first.
pub struct Unsealed<'e>(pub &'e str);

/// An envelope, and why one was ignored.
type Opened<'e> = (Json<'e>, &'static str);

/// The envelope of an event; null when it has none, when the configuration knows of none, and when it is ignored: then the
/// reason is not empty.
///
/// # Errors
/// It cannot be opened yet.
pub fn open<'e>(event: &Event<'e>, config: &Config<'e>) -> Result<Opened<'e>, Unsealed<'e>> {
    let ignored = |why| Ok((Json::Null, why));
    let text = event.context.get("oauth").text("x_state");
    if text.is_empty() || config.get("envelope").is_null() {
        return ignored("");
    }
    let at = text.len().wrapping_sub(MAC_LENGTH + 1);
    let payload = slice(text, 0, at);
    // On one line, so that it cannot be read as a longer login ID and a shorter payload.
    if byte(text, at) != b'.' || !starts_at(payload, "{", 0) || find(payload, "\n", 0) < payload.len() {
        return ignored("malformed");
    }
    let signed = config.arena.text(join(&[CONTEXT, login_id(event), "\n", payload]));
    if !config.seals.hold(signed, after(text, at + 1))? {
        return ignored("signature");
    }
    match read(payload, event, config) {
        Ok(envelope) => Ok((envelope, "")),
        Err(why) => ignored(why),
    }
}

/// As `createUser` was given it: it makes one login ID.
fn login_id<'e>(event: &Event<'e>) -> &'e str {
    let is_login = |kind| matches!(kind, Kind::Email | Kind::Phone | Kind::Username);
    event.identities.iter().find(|identity| is_login(identity.kind)).map_or("", |identity| identity.typed)
}

/// Reads what was sealed by somebody who knows a secret.
fn read<'e>(payload: &'e str, event: &Event, config: &Config<'e>) -> Result<Json<'e>, &'static str> {
    let envelope = Json::parse(payload, config.arena).unwrap_or(Json::Null);
    let expiry = envelope.get("exp").integer();
    if !envelope.get("v").is(&Json::Number("1")) || expiry == 0 || !envelope.members().iter().all(is_known) {
        return Err("malformed");
    }
    if event.timestamp <= 0 || event.timestamp as u64 >= expiry {
        return Err("expired");
    }
    let message = envelope.get("message");
    let is_missing = |name| name == PASSWORD || lookup(config.default_locale(), config.locales(name)).is_none();
    if message.as_str().is_some_and(is_missing) {
        return Err("names no message");
    }
    let placeholders = config.get("envelope").get("placeholders");
    if !envelope.get("values").members().iter().all(|(name, _)| placeholders.lists(name)) {
        return Err("names no placeholder");
    }
    Ok(envelope)
}

fn is_known((name, value): &(&str, Json)) -> bool {
    match *name {
        "v" | "exp" => true,
        "suppress" => matches!(value, Json::Bool(_)),
        "values" => matches!(value, Json::Object(members) if members.iter().all(|(_, value)| value.as_str().is_some())),
        _ => TEXTS.contains(name) && value.as_str().is_some(),
    }
}

impl Seals<'_> {
    /// Whether this is the MAC of a text under one of the secrets.
    fn hold<'e>(&self, text: &'e str, mac: &str) -> Result<bool, Unsealed<'e>> {
        match self {
            Seals::Unknown => Err(Unsealed(text)),
            Seals::Known(macs) => Ok(macs.iter().any(|known| is_same(known.str(), mac))),
            #[cfg(feature = "npm")]
            Seals::Keys(keys) => Ok(keys.iter().any(|key| is_same(&key.sign_hex(text), mac))),
        }
    }
}

/// Takes as long for a wrong MAC as for the right one.
fn is_same(known: &str, given: &str) -> bool {
    let mut difference = known.len() ^ given.len();
    for (known, given) in known.bytes().zip(given.bytes()) {
        difference |= usize::from(known ^ given);
    }
    difference == 0
}
