//! What a message gives to the templates of a request.

use super::{Outgoing, member};
use crate::address::Mailbox;
use crate::arena::Arena;
use crate::clean::is_token;
use crate::config::Channel;
use crate::json::{Json, Member, after, find, hex, join, quote, slice};
use crate::values::put;

/// The names that the templates of providers use beside the sender's options.
pub(super) fn slots<'s>(
    channel: Channel,
    sender: &Json<'s>,
    message: &Outgoing<'s>,
    arena: &'s Arena,
) -> Vec<Member<'s>> {
    let mut slots = Vec::new();
    put(&mut slots, "key", message.key);
    put(&mut slots, "to", message.to);
    put(&mut slots, "digits", after(message.to, 1));
    put(&mut slots, "subject", message.content.subject);
    put(&mut slots, "text", message.content.text);
    put(&mut slots, "html", message.content.html);
    put(&mut slots, "uuid", arena.text(uuid(message.key)));
    put(&mut slots, "birdRegion", bird_region(sender.text("apiKey")));
    put(&mut slots, "eu", if sender.text("region") == "eu" { "eu" } else { "" });
    if channel == Channel::Email {
        for [option, ascii, address, name, object] in MAILBOXES {
            if let Some(mailbox) = Mailbox::parse(sender.text(option), arena) {
                put(&mut slots, option, arena.text(mailbox.header()));
                put(&mut slots, ascii, arena.text(mailbox.header_ascii()));
                put(&mut slots, address, mailbox.address);
                put(&mut slots, name, mailbox.name);
                put(&mut slots, object, arena.text(object_of(&mailbox)));
            }
        }
    }
    slots
}

/// The options that hold a mailbox, and what a template can take of it.
const MAILBOXES: &[[&str; 5]] = &[
    ["from", "fromAscii", "fromEmail", "fromName", "fromObject"],
    ["replyTo", "replyToAscii", "replyToEmail", "replyToName", "replyToObject"],
];

/// A mailbox as most JSON requests have it.
fn object_of(mailbox: &Mailbox) -> String {
    let mut out = join(&["{\"email\":"]);
    quote(&mut out, mailbox.address);
    if !mailbox.name.is_empty() {
        member(&mut out, "name", mailbox.name);
    }
    out.push('}');
    out
}

/// Bird's key names its region: `bk_eu1_…`
fn bird_region(key: &str) -> &str {
    let start = find(key, "_", 0) + 1;
    let region = slice(key, start, find(key, "_", start));
    if !region.is_empty() && is_token(region, "") { region } else { "us1" }
}

/// A UUID (version 8: by our own rule) from a key: equal keys give equal UUIDs. Two 64-bit FNV-1a hashes.
fn uuid(key: &str) -> String {
    const OFFSETS: [u64; 2] = [0xcbf2_9ce4_8422_2325, 0x9ae1_6a3b_2f90_404f];
    let mut out = String::new();
    for offset in &OFFSETS {
        let mut hash = *offset;
        for byte in key.as_bytes() {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
        for _ in 0..16 {
            let digit = (hash >> 60) as u32;
            hash <<= 4;
            if matches!(out.len(), 8 | 13 | 18 | 23) {
                out.push('-');
            }
            out.push(match out.len() {
                14 => '8',
                19 => hex(8 | digit & 3),
                _ => hex(digit),
            });
        }
    }
    out
}
