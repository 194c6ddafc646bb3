//! Which rule an event meets, and if none, why not.

use crate::address::{domain, domain_to_ascii, is_within};
use crate::arena::Arena;
use crate::config::{Channel, Config, type_of};
use crate::event::{Event, Kind, Moment};
use crate::json::Json;
use crate::recipient;

/// Who can trigger an event.
#[cfg(feature = "schema")]
pub const TRIGGERS: &[&str] = &["user", "admin_api", "system", "portal", "site_admin"];

/// Why nothing is sent: a stable reason for machines, and a sentence that holds no address and no name.
pub type Reason = &'static (&'static str, &'static str);

/// A Skip's reason, and the rule that came closest, from zero; `None` where no rule is to blame.
pub struct Skip {
    /// For example `triggered_by`.
    pub reason: Reason,
    /// The rule's index.
    pub rule: Option<usize>,
}

/// The index of the first rule that the event meets.
///
/// # Errors
/// The first reason of the first rule that names the event's type, or `event_type`.
pub fn find_rule(event: &Event, config: &Config) -> Result<usize, Skip> {
    let mut skip = Skip { reason: &("event_type", "no rule is for this type of event"), rule: None };
    for (index, rule) in config.rules().iter().enumerate() {
        if type_of(rule) == event.kind {
            let Some(reason) = fails(event, config, rule.get("when")) else { return Ok(index) };
            if skip.rule.is_none() {
                skip = Skip { reason, rule: Some(index) };
            }
        }
    }
    Err(skip)
}

/// States of users who are told only by a rule that includes them, under its own name for the state.
const STATES: [(&str, &str, (&str, &str)); 4] = [
    ("is_disabled", "disabled", ("user_disabled", "the user is disabled and cannot sign in")),
    ("is_deactivated", "deactivated", ("user_deactivated", "the user is deactivated and cannot sign in")),
    ("is_anonymous", "anonymous", ("user_anonymous", "the user is anonymous")),
    ("is_anonymized", "", ("user_anonymized", "the user is anonymized")),
];

/// The first condition that does not hold.
pub(crate) fn fails(event: &Event, config: &Config, when: &Json) -> Option<Reason> {
    let wanted = when.get("triggeredBy");
    let admin = event.triggered_by == "admin_api";
    if !(if wanted.is_null() { admin } else { wanted.lists(event.triggered_by) }) {
        return Some(&("triggered_by", "the rule does not name who triggered the event (the default is admin_api)"));
    }
    let origin = match admin {
        _ if event.is_from_portal() => "portal",
        true => "admin_api_direct",
        false => "neither",
    };
    if !allows(when.get("origin"), origin) {
        return Some(&(
            "origin",
            "the rule does not name the door, Portal or Admin API, that the account came through",
        ));
    }
    if !allows(when.get("clientId"), event.context.text("client_id")) {
        return Some(&("client_id", "the rule does not name the event's client"));
    }
    let until = Moment::parse(event.user.text("account_valid_until"));
    if until.seconds > i64::MIN && until.seconds <= event.timestamp {
        return Some(&("user_expired", "the account was valid until before the event"));
    }
    for (state, include, reason) in &STATES {
        let holds = match *include {
            // Authgear counts an account that is not valid yet as disabled (its account_status.go), and a new one cannot
            // have been disabled otherwise.
            "disabled" if event.kind == "user.created" && event.starts().is_some() => false,
            "anonymous" if event.has(Kind::Anonymous) => true,
            _ => event.user.get(state).is_true(),
        };
        if holds && !when.get(include).is_true() {
            return Some(reason);
        }
    }
    if !has_identity(event, when.get("identity")) {
        return Some(&("identity", "the user has no identity of the kinds that the rule names"));
    }
    let domains = when.get("emailDomain");
    let (allow, deny) = (domains.get("allow"), domains.get("deny"));
    if !allow.is_null() || !deny.is_null() {
        let domain = domain(recipient::search(event, config, Channel::Email).address.unwrap_or(""));
        let within = |parents, unreadable| within(domain, parents, unreadable, config.arena);
        if within(deny, true) || !allow.is_null() && !within(allow, false) {
            return Some(&("email_domain", "the rule does not allow the e-mail address's domain"));
        }
    }
    if !shares(event, when, "roles") {
        return Some(&("role", "the user has no role that the rule names"));
    }
    if !shares(event, when, "groups") {
        return Some(&("group", "the user is in no group that the rule names"));
    }
    for (wanted, given) in &[("standardAttributes", "standard_attributes"), ("customAttributes", "custom_attributes")] {
        for (name, value) in when.get(wanted).members() {
            if !event.user.get(given).path(name).is(value) {
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

fn has_identity(event: &Event, wanted: &Json) -> bool {
    const KINDS: [(&str, Kind); 4] =
        [("email", Kind::Email), ("phone", Kind::Phone), ("username", Kind::Username), ("oauth", Kind::OAuth)];
    for (name, kind) in &KINDS {
        if event.has(*kind) && wanted.lists(name) {
            return true;
        }
    }
    wanted.is_null()
}

/// Whether a domain is one of these or below one; `unreadable` is the answer for a parent that is no domain.
fn within(domain: &str, parents: &Json, unreadable: bool, arena: &Arena) -> bool {
    for parent in parents.items() {
        if domain_to_ascii(parent.str(), arena).map_or(unreadable, |parent| is_within(domain, parent)) {
            return true;
        }
    }
    false
}

/// Whether one of the user's roles or groups is among those that the rule names.
fn shares(event: &Event, when: &Json, list: &str) -> bool {
    let wanted = when.get(list);
    for name in event.user.get(list).items() {
        if wanted.lists(name.str()) {
            return true;
        }
    }
    wanted.is_null()
}
