//! Which rule an event meets, and if none, why not.

use crate::address::{domain_to_ascii, is_within};
use crate::config::{Config, Rule};
use crate::event::{Event, Kind, Moment};
use crate::json::Json;
use crate::recipient;

/// Who can trigger an event.
pub const TRIGGERS: &[&str] = &["user", "admin_api", "system", "portal", "site_admin"];

/// Why nothing is sent: a stable reason for machines, and a sentence that holds no address and no name.
pub type Reason = &'static (&'static str, &'static str);

/// A Skip's reason, and the rule that came closest, from zero.
#[derive(Debug)]
pub struct Skip {
    /// For example `triggered_by`.
    pub reason: Reason,
    /// `None` where no rule is to blame.
    pub rule: Option<usize>,
}

/// The index of the first rule that the event meets.
///
/// # Errors
/// The first reason of the first rule that names the event's type, or `event_type`.
pub fn find_rule(event: &Event, config: &Config) -> Result<usize, Skip> {
    let mut skip = Skip { reason: &("event_type", "no rule is for this type of event"), rule: None };
    for (index, rule) in config.rules().iter().enumerate() {
        if Rule(rule).on() != event.kind {
            continue;
        }
        match fails(event, config, Rule(rule).when()) {
            None => return Ok(index),
            Some(reason) if skip.rule.is_none() => skip = Skip { reason, rule: Some(index) },
            Some(_) => {}
        }
    }
    Err(skip)
}

/// The first condition that does not hold.
fn fails(event: &Event, config: &Config, when: &Json) -> Option<Reason> {
    let mut reason = trigger(event, when);
    if reason.is_none() {
        reason = user_state(event, when);
    }
    if reason.is_none() {
        reason = identity(event, config, when);
    }
    if reason.is_none() {
        reason = attributes(event, when);
    }
    reason
}

fn trigger(event: &Event, when: &Json) -> Option<Reason> {
    let wanted = when.get("triggeredBy");
    let admin = event.triggered_by == "admin_api";
    if !(if wanted.is_null() { admin } else { wanted.lists(event.triggered_by) }) {
        return Some(&(
            "triggered_by",
            "the event was triggered by somebody whom the rule does not name (the default is admin_api)",
        ));
    }
    let origin = match admin {
        _ if event.is_from_portal() => "portal",
        true => "admin_api_direct",
        false => "neither",
    };
    if !allows(when.get("origin"), origin) {
        return Some(&(
            "origin",
            "the account comes from a door, the Portal or the Admin API, that the rule does not name",
        ));
    }
    if !allows(when.get("clientId"), event.context.get("client_id").str()) {
        return Some(&("client_id", "the rule does not name the event's client"));
    }
    None
}

/// Users who cannot sign in are not told that they can.
fn user_state(event: &Event, when: &Json) -> Option<Reason> {
    const STATES: [(&str, &str, (&str, &str)); 4] = [
        ("is_disabled", "disabled", ("user_disabled", "the user is disabled and cannot sign in")),
        ("is_deactivated", "deactivated", ("user_deactivated", "the user is deactivated and cannot sign in")),
        ("is_anonymous", "anonymous", ("user_anonymous", "the user is anonymous")),
        ("is_anonymized", "", ("user_anonymized", "the user is anonymized")),
    ];
    for (state, include, reason) in &STATES {
        let holds = event.user.get(state).is_true() || (*include == "anonymous" && event.has(Kind::Anonymous));
        if holds && !when.get(include).is_true() {
            return Some(reason);
        }
    }
    let until = Moment::parse(event.user.get("account_valid_until").str());
    if until.seconds > i64::MIN && until.seconds <= event.timestamp {
        return Some(&("user_expired", "the account was valid until before the event"));
    }
    None
}

fn identity(event: &Event, config: &Config, when: &Json) -> Option<Reason> {
    const KINDS: [(&str, Kind); 4] =
        [("email", Kind::Email), ("phone", Kind::Phone), ("username", Kind::Username), ("oauth", Kind::OAuth)];
    let wanted = when.get("identity");
    if !wanted.is_null() && !KINDS.iter().any(|&(name, kind)| wanted.lists(name) && event.has(kind)) {
        return Some(&("identity", "the user has no identity of the kinds that the rule names"));
    }
    let (allow, deny) = (when.get("emailDomain").get("allow"), when.get("emailDomain").get("deny"));
    if allow.is_null() && deny.is_null() {
        return None;
    }
    let domain = recipient::email_domain(event, config);
    let within = |list: &Json| {
        list.items()
            .iter()
            .any(|parent| domain_to_ascii(parent.str()).is_some_and(|parent| is_within(&domain, &parent)))
    };
    if within(deny) || !(allow.is_null() || within(allow)) {
        return Some(&("email_domain", "the rule does not allow the e-mail address's domain"));
    }
    None
}

fn attributes(event: &Event, when: &Json) -> Option<Reason> {
    let has = |list: &str| {
        let wanted = when.get(list);
        wanted.is_null() || event.user.get(list).items().iter().any(|name| wanted.lists(name.str()))
    };
    if !has("roles") {
        return Some(&("role", "the user has no role that the rule names"));
    }
    if !has("groups") {
        return Some(&("group", "the user is in no group that the rule names"));
    }
    for (wanted, given) in [("standardAttributes", "standard_attributes"), ("customAttributes", "custom_attributes")] {
        for (name, value) in when.get(wanted).members() {
            if event.user.get(given).path(name) != value {
                return Some(&("attribute", "an attribute of the user is not what the rule asks for"));
            }
        }
    }
    None
}

/// A condition that is not there allows everything.
fn allows(condition: &Json, name: &str) -> bool {
    condition.is_null() || condition.lists(name)
}
