//! Any message through every provider: its request's body reads back as the same message.
#![no_main]

use arbitrary::Arbitrary;
use authgear_invite::address::Mailbox;
use authgear_invite::arena::Arena;
use authgear_invite::config::Channel;
use authgear_invite::message::Content;
use authgear_invite::provider::{Outgoing, write_attempt};
use authgear_invite_fuzz::read;
use authgear_invite_fuzz::support::{all_senders, body, read_json, sent, text, with};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    sender: u8,
    name: &'a str,
    key: &'a str,
    subject: &'a str,
    text: &'a str,
    html: &'a str,
    option: &'a str,
}

fuzz_target!(|input: Input| {
    let arena = &Arena::default();
    let (email, sms) = all_senders();
    let (email, sms) = (email.as_array().unwrap(), sms.as_array().unwrap());
    let at = usize::from(input.sender) % (email.len() + sms.len());
    let mail = at < email.len();
    let (channel, sender, to) = match email.get(at) {
        Some(sender) => (Channel::Email, sender, "ada@acme.example"),
        None => (Channel::Sms, &sms[at - email.len()], "+85251234567"),
    };
    let from = format!("{} <no-reply@acme.example>", input.name);
    let from = Mailbox::parse(&from, arena).map_or("no-reply@acme.example".to_owned(), |mailbox| mailbox.header());
    let sender =
        if mail { with(sender.clone(), &[("/from", json!(from)), ("/replyTo", json!(from))]) } else { sender.clone() };
    let sender = secrets(sender, input.option);
    let (subject, html) = if mail { (input.subject, input.html) } else { ("", "") };
    let content = Content { subject, text: input.text, html };
    let mut out = String::from("{\"sender\":0");
    let json = read(&sender.to_string(), arena).unwrap();
    let body_line = write_attempt(&mut out, channel, &json, &Outgoing { key: input.key, to, content }, arena);
    assert!(!body_line.contains(['\n', '\r']), "{body_line:?}");
    out.push('}');
    let mut attempt = read_json(&out);
    if let Some(request) = attempt["request"].as_object_mut() {
        request.insert("body".to_owned(), Value::from(body_line));
    }
    body(&attempt);
    let sent = sent(&attempt);
    assert_eq!(sent.to.len(), 1, "{attempt}");
    assert_eq!(sent.to[0].trim_start_matches('+'), to.trim_start_matches('+'));
    let words = [&sent.subject, &sent.text, &sent.html].map(|words| words.first().map_or("", String::as_str));
    assert_eq!(words, [subject, input.text, html], "{attempt}");
    if mail {
        let address = Mailbox::parse(&sent.from[0], arena).unwrap().address;
        assert_eq!(address, "no-reply@acme.example", "{attempt}");
    }
});

/// The sender with another text wherever it says `KEY`.
fn secrets(mut sender: Value, secret: &str) -> Value {
    for (_, value) in sender.as_object_mut().unwrap() {
        if text(value) == "KEY" && !secret.is_empty() {
            *value = json!(secret);
        }
    }
    sender
}
