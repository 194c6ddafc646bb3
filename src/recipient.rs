//! Who gets the message, on which channel.

use crate::address::{email, is_phone};
use crate::arena::Arena;
use crate::clean::holds;
use crate::config::{Channel, Config};
use crate::event::{Event, Kind};
use crate::filter::Reason;
use crate::json::{after, find as find_text, join, slice};

const NO_IDENTITY: Reason = &("no_reachable_identity", "the user has neither an e-mail address nor a phone number");
const INVALID: Reason = &("invalid_address", "the user's address is not one plain address");
const NO_SENDER: Reason = &("no_sender", "no sender is configured for the only channel that reaches the user");

/// The first channel of the configuration's order that has both an address and a sender, and the address: an e-mail
/// address with an ASCII domain, or a phone number in E.164.
///
/// # Errors
/// What is missing when no channel has both.
pub fn find<'e>(event: &Event<'e>, config: &Config<'e>) -> Result<(Channel, &'e str), Reason> {
    let (mut unsent, mut invalid) = (false, false);
    for &channel in config.channels() {
        let search = search(event, config, channel);
        match search.address {
            Some(address) if !config.senders(channel).is_empty() => return Ok((channel, address)),
            Some(_) => unsent = true,
            None => invalid |= search.any,
        }
    }
    Err(if unsent {
        NO_SENDER
    } else if invalid {
        INVALID
    } else {
        NO_IDENTITY
    })
}

/// The address on a channel that has a sender.
///
/// # Errors
/// What is missing.
#[cfg(feature = "npm")]
pub fn on<'e>(channel: Channel, event: &Event<'e>, config: &Config<'e>) -> Result<&'e str, Reason> {
    match search(event, config, channel) {
        _ if config.senders(channel).is_empty() => Err(NO_SENDER),
        Search { address: Some(address), .. } => Ok(address),
        Search { any: true, .. } => Err(INVALID),
        _ => Err(NO_IDENTITY),
    }
}

/// The first valid address on a channel.
pub struct Search<'e> {
    channel: Channel,
    arena: &'e Arena,
    /// Whether there was anything to try.
    pub any: bool,
    /// The address.
    pub address: Option<&'e str>,
}

/// Tries login IDs, then the attribute, then OAuth identities where they are asked for.
pub fn search<'e>(event: &Event<'e>, config: &Config<'e>, channel: Channel) -> Search<'e> {
    let (kind, account, name) = match channel {
        Channel::Email => (Kind::Email, Kind::OAuth, "email"),
        Channel::Sms => (Kind::Phone, Kind::Phone, "phone_number"),
    };
    let by_oauth = config.get("oauthEmail").is_true();
    let mut search = Search { channel, arena: config.arena, any: false, address: None };
    let mut attribute = event.attribute(name);
    for identity in event.identities {
        if identity.kind == kind {
            search.attempt(identity.typed, identity.normalised);
        } else if identity.kind == account && !by_oauth && identity.normalised.eq_ignore_ascii_case(attribute) {
            // The attribute may be the copy of the account's claim, and counts as one then.
            attribute = "";
        }
    }
    if !attribute.is_empty() {
        search.attempt(attribute, attribute);
    }
    for identity in event.identities {
        if by_oauth && identity.kind == account && !identity.normalised.is_empty() {
            search.attempt(identity.normalised, identity.normalised);
        }
    }
    search
}

impl<'e> Search<'e> {
    /// Tries what may be the address, and the same as Authgear normalised it.
    #[inline(never)]
    fn attempt(&mut self, typed: &'e str, normalised: &'e str) {
        self.any = true;
        if self.address.is_none() {
            self.address = match self.channel {
                Channel::Sms if is_phone(typed) => Some(typed),
                Channel::Sms if is_phone(normalised) => Some(normalised),
                Channel::Sms => None,
                Channel::Email => folded(typed, normalised, self.arena).or_else(|| email(typed, self.arena)),
            };
        }
    }
}

/// The mailbox is what was typed; a domain beyond ASCII, which takes normalisation to fold, comes from the claim. Two letters
/// would be folded into others there, though domains know them.
fn folded<'a>(typed: &str, normalised: &str, arena: &'a Arena) -> Option<&'a str> {
    if typed.is_ascii() || holds(typed, "ß") || holds(typed, "ς") {
        return None;
    }
    let local = slice(typed, 0, find_text(typed, "@", 0));
    let domain = after(normalised, find_text(normalised, "@", 0));
    email(arena.text(join(&[local, domain])), arena)
}
