//! Fills the skeletons of requests.

use super::Outgoing;
use crate::address::Mailbox;
use crate::config::Channel;
use crate::json::{Json, hex, quote};

/// What a message and its sender give to the skeletons.
pub(super) struct Slots<'s> {
    sender: Json<'s>,
    message: &'s Outgoing<'s>,
    from: Mailboxes,
    reply_to: Mailboxes,
    uuid: String,
}

/// A mailbox in the forms that providers want: a header, the same in ASCII, the address and the name.
#[derive(Default)]
struct Mailboxes {
    header: String,
    ascii: String,
    address: String,
    name: String,
}

impl Mailboxes {
    fn of(text: &str) -> Self {
        Mailbox::parse(text).map_or_else(Self::default, |mailbox| Mailboxes {
            header: mailbox.header(),
            ascii: mailbox.header_ascii(),
            address: mailbox.email.address,
            name: mailbox.name,
        })
    }
}

impl<'s> Slots<'s> {
    pub(super) fn new(channel: Channel, sender: Json<'s>, message: &'s Outgoing<'s>) -> Self {
        let [from, reply_to] = match channel {
            Channel::Email => ["from", "replyTo"].map(|name| Mailboxes::of(sender.get(name).str())),
            Channel::Sms => Default::default(),
        };
        Slots { sender, message, from, reply_to, uuid: uuid(message.key) }
    }

    /// A field of the message, or an option of the sender.
    pub(super) fn get(&self, name: &str) -> &str {
        match name {
            "to" => self.message.to,
            "digits" => self.message.to.trim_start_matches('+'),
            "subject" => self.message.subject,
            "text" => self.message.text,
            "html" => self.message.html,
            "key" => self.message.key,
            "uuid" => &self.uuid,
            "from" if !self.from.header.is_empty() => &self.from.header,
            "fromAscii" => &self.from.ascii,
            "fromEmail" => &self.from.address,
            "fromName" => &self.from.name,
            "replyTo" => &self.reply_to.header,
            "replyToAscii" => &self.reply_to.ascii,
            "replyToEmail" => &self.reply_to.address,
            "replyToName" => &self.reply_to.name,
            // Bird's key names its region (bk_eu1_…), and Mailgun's region is a part of its host.
            "birdRegion" => bird_region(self.sender.get("apiKey").str()),
            "eu" if self.sender.get("region").str() != "eu" => "",
            "eu" => ".eu",
            option => self.sender.get(option).str(),
        }
    }
}

fn bird_region(key: &str) -> &str {
    let region = key.split('_').nth(1).unwrap_or("");
    if !region.is_empty() && region.bytes().all(|b| b.is_ascii_alphanumeric()) { region } else { "us1" }
}

/// The skeleton with its slots filled, as JSON strings or as they are.
pub(super) fn fill(skeleton: &str, json: bool, slots: &Slots) -> String {
    let mut out = String::new();
    let mut rest = skeleton;
    let mut depth = 0;
    // The depth of the outermost group that is left out; 0: none is.
    let mut left_out = 0;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'$' | b'<' | b'>')) {
        let (literal, mark) = rest.split_at(at);
        let end = mark.bytes().skip(1).position(|b| !b.is_ascii_alphanumeric()).map_or(mark.len(), |length| length + 1);
        let (mark, after) = mark.split_at(if mark.starts_with('>') { 1 } else { end });
        let text = slots.get(mark.get(1..).unwrap_or(""));
        rest = after;
        if left_out == 0 {
            out.push_str(literal);
        }
        if mark.starts_with('<') {
            depth += 1;
            if left_out == 0 && text.is_empty() {
                left_out = depth;
            }
        } else if mark.starts_with('>') {
            if left_out == depth {
                left_out = 0;
            }
            depth -= 1;
        } else if left_out == 0 {
            if json {
                quote(&mut out, text);
            } else {
                out.push_str(text);
            }
        }
    }
    out.push_str(rest);
    out
}

/// Appends text with everything but unreserved characters (RFC 3986) percent-encoded.
pub(super) fn percent(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex(u32::from(byte) >> 4).to_ascii_uppercase());
            out.push(hex(u32::from(byte)).to_ascii_uppercase());
        }
    }
}

/// A UUID (version 8: by our own rule) from a key: equal keys give equal UUIDs. Two 64-bit FNV-1a hashes.
fn uuid(key: &str) -> String {
    const OFFSETS: [u64; 2] = [0xcbf2_9ce4_8422_2325, 0x9ae1_6a3b_2f90_404f];
    let mut out = String::new();
    for offset in OFFSETS {
        let hash = key.bytes().fold(offset, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        for i in 0..16 {
            let digit = (hash >> (60 - 4 * i)) as u32;
            let place = out.len();
            if matches!(place, 8 | 13 | 18 | 23) {
                out.push('-');
            }
            out.push(match place {
                13 => '8',
                18 => hex(8 | digit & 3),
                _ => hex(digit),
            });
        }
    }
    out
}
