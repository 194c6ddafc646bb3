//! Who gets the message, on which channel.

use crate::address::{Email, is_phone};
use crate::config::{Channel, Config};
use crate::event::{Event, Kind};

/// Where a message goes.
#[derive(Debug, PartialEq)]
pub struct Recipient {
    /// The channel.
    pub channel: Channel,
    /// An e-mail address with an ASCII domain, or a phone number in E.164.
    pub address: String,
}

/// Why there is no recipient.
#[derive(Debug, PartialEq)]
pub enum Unreachable {
    /// No identity and no attribute holds an e-mail address or a phone number.
    NoIdentity,
    /// There is one, but it is not a plain address.
    Invalid,
    /// There is one, but the configuration has no sender for its channel.
    NoSender,
}

/// The first channel of the configuration's order that has both an address and a sender.
///
/// # Errors
/// What is missing when no channel has both.
pub fn find(event: &Event, config: &Config) -> Result<Recipient, Unreachable> {
    let mut problem = Unreachable::NoIdentity;
    for channel in config.channels().into_iter().flatten() {
        let candidates = match channel {
            Channel::Email => emails(event, config),
            Channel::Sms => phones(event),
        };
        match first(&candidates, channel) {
            Some(_) if config.senders(channel).is_empty() => problem = Unreachable::NoSender,
            Some(address) => return Ok(Recipient { channel, address }),
            None if candidates.is_empty() || problem != Unreachable::NoIdentity => {}
            None => problem = Unreachable::Invalid,
        }
    }
    Err(problem)
}

/// The domain of the user's e-mail address; empty when there is none.
pub fn email_domain(event: &Event, config: &Config) -> String {
    let email = first(&emails(event, config), Channel::Email).unwrap_or_default();
    email.split_once('@').map_or(String::new(), |(_, domain)| domain.to_owned())
}

/// What may be the address, and the same as Authgear normalised it.
type Candidate<'e> = (&'e str, &'e str);

/// Login IDs, then the attribute, then OAuth identities where they are asked for.
fn emails<'e>(event: &Event<'e>, config: &Config) -> Vec<Candidate<'e>> {
    let mut candidates = Vec::new();
    let mut attribute = event.attribute("email");
    for identity in &event.identities {
        if identity.kind == Kind::Email {
            candidates.push((identity.typed, identity.normalised));
        }
        // The attribute may be the copy of an OAuth identity's claim, and counts as one then.
        if identity.kind == Kind::OAuth && !config.oauth_email() && identity.normalised.eq_ignore_ascii_case(attribute)
        {
            attribute = "";
        }
    }
    if !attribute.is_empty() {
        candidates.push((attribute, attribute));
    }
    for identity in &event.identities {
        if identity.kind == Kind::OAuth && config.oauth_email() && !identity.normalised.is_empty() {
            candidates.push((identity.normalised, identity.normalised));
        }
    }
    candidates
}

fn phones<'e>(event: &Event<'e>) -> Vec<Candidate<'e>> {
    let mut candidates = Vec::new();
    for identity in &event.identities {
        if identity.kind == Kind::Phone {
            candidates.push((identity.typed, identity.normalised));
        }
    }
    let attribute = event.attribute("phone_number");
    if !attribute.is_empty() {
        candidates.push((attribute, attribute));
    }
    candidates
}

/// The first valid candidate.
fn first(candidates: &[Candidate], channel: Channel) -> Option<String> {
    candidates.iter().find_map(|&(typed, normalised)| match channel {
        Channel::Sms if is_phone(typed) => Some(typed.to_owned()),
        Channel::Sms => is_phone(normalised).then(|| normalised.to_owned()),
        Channel::Email => email(typed, normalised),
    })
}

/// The mailbox is what was typed; a domain that only normalisation can fold comes from the claim.
fn email(typed: &str, normalised: &str) -> Option<String> {
    if let Some(email) = Email::parse(typed) {
        return Some(email.address);
    }
    let (local, _) = typed.split_once('@')?;
    let (_, domain) = normalised.split_once('@')?;
    Email::parse(&[local, "@", domain].concat()).map(|email| email.address)
}
