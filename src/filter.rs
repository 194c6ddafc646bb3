//! Which rule an event meets, and if none, why not.

use crate::address::{domain_to_ascii, is_within};
use crate::config::{Config, Rule};
use crate::event::{Event, Kind, Moment};
use crate::json::Json;
use crate::recipient;

/// Who can trigger an event.
pub const TRIGGERS: &[&str] = &["user", "admin_api", "system", "portal", "site_admin"];

/// Why nothing is sent. `reason` is stable, for machines; `detail` is for people and holds no address and no name.
#[derive(Debug, PartialEq)]
pub struct Skip {
    /// For example `triggered_by`.
    pub reason: &'static str,
    /// A sentence.
    pub detail: String,
    /// The rule that came closest, from zero.
    pub rule: Option<usize>,
}

impl Skip {
    /// A reason that no rule is to blame for.
    pub fn new(reason: &'static str, detail: &[&str]) -> Self {
        Skip { reason, detail: detail.concat(), rule: None }
    }
}

/// The first rule that the event meets.
///
/// # Errors
/// The first reason of the first rule that names the event's type, or `event_type`.
pub fn find_rule<'c>(event: &Event, config: &Config<'c>) -> Result<Rule<'c>, Skip> {
    let mut skip = None;
    for rule in config.rules().into_iter().filter(|rule| rule.on() == event.kind) {
        match meets(event, config, rule) {
            Ok(()) => return Ok(rule),
            Err(reason) => skip = skip.or(Some(Skip { rule: Some(rule.index), ..reason })),
        }
    }
    Err(skip.unwrap_or_else(|| Skip::new("event_type", &["no rule is for this type of event"])))
}

fn meets(event: &Event, config: &Config, rule: Rule) -> Result<(), Skip> {
    let when = rule.when();
    trigger(event, when)?;
    user_state(event, when)?;
    identity(event, config, when)?;
    attributes(event, when)
}

fn trigger(event: &Event, when: Json) -> Result<(), Skip> {
    let known = TRIGGERS.iter().find(|trigger| **trigger == event.triggered_by).unwrap_or(&"something unknown");
    let wanted = when.get("triggeredBy");
    let meets = if wanted.is_null() { event.triggered_by == "admin_api" } else { wanted.lists(event.triggered_by) };
    if !meets {
        return Err(Skip::new(
            "triggered_by",
            &["the event was triggered by ", known, ", which the rule does not name"],
        ));
    }
    let origin = match event.triggered_by {
        _ if event.is_from_portal() => "portal",
        "admin_api" => "admin_api_direct",
        _ => "neither",
    };
    if !allows(when.get("origin"), |wanted| wanted.lists(origin)) {
        return Err(Skip::new("origin", &["the account comes from ", origin, ", which the rule does not name"]));
    }
    let client = event.context.get("client_id").str();
    if !allows(when.get("clientId"), |wanted| wanted.lists(client)) {
        return Err(Skip::new("client_id", &["the rule does not name the event's client"]));
    }
    Ok(())
}

/// Users who cannot sign in are not told that they can.
fn user_state(event: &Event, when: Json) -> Result<(), Skip> {
    let is = |state: &str| event.user.get(state).is_true();
    let anonymous = is("is_anonymous") || event.has(Kind::Anonymous);
    for (holds, include, reason, detail) in [
        (is("is_disabled"), "disabled", "user_disabled", "the user is disabled and cannot sign in yet"),
        (is("is_deactivated"), "deactivated", "user_deactivated", "the user is deactivated"),
        (anonymous, "anonymous", "user_anonymous", "the user is anonymous"),
        (is("is_anonymized"), "", "user_anonymized", "the user is anonymized"),
    ] {
        if holds && !when.get(include).is_true() {
            return Err(Skip::new(reason, &[detail]));
        }
    }
    let until = Moment::parse(event.user.get("account_valid_until").str());
    if until.is_some_and(|until| until.seconds <= event.timestamp as i64) {
        return Err(Skip::new("user_expired", &["the account was valid until before the event"]));
    }
    Ok(())
}

fn identity(event: &Event, config: &Config, when: Json) -> Result<(), Skip> {
    const KINDS: [(&str, Kind); 4] =
        [("email", Kind::Email), ("phone", Kind::Phone), ("username", Kind::Username), ("oauth", Kind::OAuth)];
    let meets = |wanted: Json| KINDS.iter().any(|&(name, kind)| wanted.lists(name) && event.has(kind));
    if !allows(when.get("identity"), meets) {
        return Err(Skip::new("identity", &["the user has no identity of the kinds that the rule names"]));
    }
    let (allow, deny) = (when.get("emailDomain").get("allow"), when.get("emailDomain").get("deny"));
    if allow.is_null() && deny.is_null() {
        return Ok(());
    }
    let domain = recipient::email_domain(event, config);
    let within = |list: Json| {
        list.items()
            .iter()
            .any(|parent| domain_to_ascii(parent.str()).is_some_and(|parent| is_within(&domain, &parent)))
    };
    if !allows(allow, within) || within(deny) {
        return Err(Skip::new("email_domain", &["the rule does not allow the e-mail address's domain"]));
    }
    Ok(())
}

fn attributes(event: &Event, when: Json) -> Result<(), Skip> {
    for (list, reason) in [("roles", "role"), ("groups", "group")] {
        let has = |wanted: Json| event.user.get(list).items().iter().any(|name| wanted.lists(name.str()));
        if !allows(when.get(list), has) {
            return Err(Skip::new(reason, &["the user has no ", reason, " that the rule names"]));
        }
    }
    for (wanted, given) in [("standardAttributes", "standard_attributes"), ("customAttributes", "custom_attributes")] {
        for &(name, value) in when.get(wanted).members() {
            if event.user.get(given).path(name) != value {
                return Err(Skip::new("attribute", &["the user's attribute ", name, " is not what the rule asks for"]));
            }
        }
    }
    Ok(())
}

/// A condition that is not there allows everything.
fn allows(condition: Json, meets: impl FnOnce(Json) -> bool) -> bool {
    condition.is_null() || meets(condition)
}
