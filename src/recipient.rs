//! Who gets the message, on which channel.

use crate::address::{Email, is_phone};
use crate::config::{Channel, Config};
use crate::event::{Event, Kind};
use crate::filter::Reason;
use crate::json::append;

const NO_IDENTITY: Reason = &("no_reachable_identity", "the user has neither an e-mail address nor a phone number");
const INVALID: Reason = &("invalid_address", "the user's address is not one plain address");
const NO_SENDER: Reason = &("no_sender", "no sender is configured for the only channel that reaches the user");

/// The first channel of the configuration's order that has both an address and a sender, and the address: an e-mail
/// address with an ASCII domain, or a phone number in E.164.
///
/// # Errors
/// What is missing when no channel has both.
pub fn find(event: &Event, config: &Config) -> Result<(Channel, String), Reason> {
    let mut problem = NO_IDENTITY;
    for &channel in config.channels() {
        let candidates = candidates(event, config, channel);
        match first(&candidates, channel) {
            Some(address) if !config.senders(channel).is_empty() => return Ok((channel, address)),
            Some(_) => problem = NO_SENDER,
            None if !candidates.is_empty() && problem.0 == NO_IDENTITY.0 => problem = INVALID,
            None => {}
        }
    }
    Err(problem)
}

/// The domain of the user's e-mail address; empty when there is none.
pub fn email_domain(event: &Event, config: &Config) -> String {
    let address = first(&candidates(event, config, Channel::Email), Channel::Email).unwrap_or_default();
    Email { address }.domain().to_owned()
}

/// What may be the address, and the same as Authgear normalised it.
type Candidate<'e> = (&'e str, &'e str);

/// Login IDs, then the attribute, then OAuth identities where they are asked for.
fn candidates<'e>(event: &Event<'e>, config: &Config, channel: Channel) -> Vec<Candidate<'e>> {
    let (kind, name) = match channel {
        Channel::Email => (Kind::Email, "email"),
        Channel::Sms => (Kind::Phone, "phone_number"),
    };
    let by_oauth = config.get("oauthEmail").is_true();
    let mut candidates = Vec::new();
    let mut accounts = Vec::new();
    let mut attribute = event.attribute(name);
    for identity in &event.identities {
        if identity.kind == kind {
            candidates.push((identity.typed, identity.normalised));
        } else if identity.kind == Kind::OAuth && kind == Kind::Email {
            if by_oauth && !identity.normalised.is_empty() {
                accounts.push((identity.normalised, identity.normalised));
            }
            // The attribute may be the copy of the account's claim, and counts as one then.
            if !by_oauth && identity.normalised.eq_ignore_ascii_case(attribute) {
                attribute = "";
            }
        }
    }
    if !attribute.is_empty() {
        candidates.push((attribute, attribute));
    }
    candidates.append(&mut accounts);
    candidates
}

/// The first valid candidate.
fn first(candidates: &[Candidate], channel: Channel) -> Option<String> {
    for (typed, normalised) in candidates {
        let address = match channel {
            Channel::Sms if is_phone(typed) => Some((*typed).to_owned()),
            Channel::Sms if is_phone(normalised) => Some((*normalised).to_owned()),
            Channel::Sms => None,
            Channel::Email => email(typed, normalised),
        };
        if address.is_some() {
            return address;
        }
    }
    None
}

/// The mailbox is what was typed; a domain that only normalisation can fold comes from the claim.
fn email(typed: &str, normalised: &str) -> Option<String> {
    if let Some(email) = Email::parse(typed) {
        return Some(email.address);
    }
    let (local, _) = typed.split_once('@')?;
    let (_, domain) = normalised.split_once('@')?;
    let mut address = local.to_owned();
    append(&mut address, &["@", domain]);
    Email::parse(&address).map(|email| email.address)
}
