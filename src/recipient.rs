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
    NoSender(Channel),
}

/// The first channel of the configuration's order that has both an address and a sender.
///
/// # Errors
/// What is missing when no channel has both.
pub fn find(event: &Event, config: &Config) -> Result<Recipient, Unreachable> {
    let mut problem = Unreachable::NoIdentity;
    for channel in config.channels() {
        let found = match channel {
            Channel::Email => email(event, config),
            Channel::Sms => phone(event),
        };
        match found {
            Ok(_) if config.senders(channel).is_empty() => problem = Unreachable::NoSender(channel),
            Ok(address) => return Ok(Recipient { channel, address }),
            Err(Unreachable::Invalid) if problem == Unreachable::NoIdentity => problem = Unreachable::Invalid,
            Err(_) => {}
        }
    }
    Err(problem)
}

/// The user's e-mail address: login IDs, then the attribute, then OAuth identities where they are asked for.
///
/// # Errors
/// [`Unreachable::NoIdentity`] or [`Unreachable::Invalid`].
pub fn email(event: &Event, config: &Config) -> Result<String, Unreachable> {
    let external: Vec<&str> = normalised(event, Kind::OAuth).collect();
    let attribute = event.attribute("email");
    // The attribute may be the copy of an OAuth identity's claim, and counts as one then.
    let is_external = external.iter().any(|address| address.eq_ignore_ascii_case(attribute));
    let attribute = (config.oauth_email() || !is_external).then_some(attribute);
    let external = external.into_iter().filter(|_| config.oauth_email());
    let parse = |address: &str| Email::parse(address).map(|email| email.address);
    // The mailbox is what was typed; a domain that only normalisation can fold comes from the claim.
    let logins = event.identities.iter().filter(|identity| identity.kind == Kind::Email).map(|identity| {
        parse(identity.typed).or_else(|| {
            let (local, _) = identity.typed.split_once('@')?;
            let (_, domain) = identity.normalised.split_once('@')?;
            parse(&[local, "@", domain].concat())
        })
    });
    first(logins.chain(attribute.into_iter().chain(external).filter(|address| !address.is_empty()).map(parse)))
}

fn phone(event: &Event) -> Result<String, Unreachable> {
    let parse = |text: &str| is_phone(text).then(|| text.to_owned());
    let logins = event.identities.iter().filter(|identity| identity.kind == Kind::Phone);
    let attribute = Some(event.attribute("phone_number")).filter(|phone| !phone.is_empty());
    first(logins.map(|phone| parse(phone.typed).or_else(|| parse(phone.normalised))).chain(attribute.map(parse)))
}

fn normalised<'e>(event: &Event<'e>, kind: Kind) -> impl Iterator<Item = &'e str> {
    event.identities.iter().filter(move |identity| identity.kind == kind).map(|identity| identity.normalised)
}

/// The first valid candidate.
fn first(candidates: impl Iterator<Item = Option<String>>) -> Result<String, Unreachable> {
    let mut outcome = Unreachable::NoIdentity;
    for candidate in candidates {
        match candidate {
            Some(address) => return Ok(address),
            None => outcome = Unreachable::Invalid,
        }
    }
    Err(outcome)
}
