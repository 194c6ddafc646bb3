//! Any text as an address, a mailbox, a domain, a phone number.
#![no_main]

use authgear_invite::address::{Mailbox, domain, domain_to_ascii, email, is_phone, is_within};
use authgear_invite::arena::Arena;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let arena = &Arena::default();
    if let Some(address) = email(text, arena) {
        assert!(address.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),:;<>[\\]".contains(&b)), "{address}");
        assert_eq!(address.matches('@').count(), 1);
        assert!(address.len() <= 254);
        assert_eq!(email(address, arena), Some(address), "what is plain stays as it is");
        assert_eq!(domain_to_ascii(domain(address), arena), Some(domain(address)));
    }
    if let Some(mailbox) = Mailbox::parse(text, arena) {
        assert_eq!(email(mailbox.address, arena), Some(mailbox.address));
        let header = mailbox.header();
        assert!(!header.chars().any(char::is_control), "{header:?}");
        let again = Mailbox::parse(&header, arena).unwrap();
        // In a header the spaces around a name are nothing.
        let plain = |mailbox: &Mailbox| (mailbox.name.trim_matches(' ').to_owned(), mailbox.address.to_owned());
        assert_eq!(plain(&again), plain(&mailbox), "{header}");
        let ascii = mailbox.header_ascii();
        assert!(ascii.bytes().all(|b| b == b' ' || b.is_ascii_graphic()), "{ascii:?}");
        assert!(ascii.split(' ').filter(|word| word.starts_with("=?")).all(|word| word.len() <= 75), "{ascii}");
        assert!(ascii.ends_with(&header[header.rfind(' ').map_or(0, |at| at + 1)..]), "{ascii}");
    }
    if let Some(own) = domain_to_ascii(text, arena) {
        assert!(own.len() <= 253 && own.split('.').all(|label| (1..=63).contains(&label.len())), "{own}");
        assert_eq!(domain_to_ascii(own, arena), Some(own));
        assert!(is_within(own, own) && !is_within(own, &format!("x{own}")));
        // No message may go to another host than IDNA says. Names come as IDNA maps them: what that folds beyond Latin,
        // Greek and Cyrillic, or composes, no registry has otherwise.
        let (mapped, _) = idna::domain_to_unicode(text);
        if let (Some(own), Ok(expected)) = (domain_to_ascii(&mapped, arena), idna::domain_to_ascii_strict(&mapped)) {
            assert_eq!(own, expected, "{mapped}");
        }
    }
    if is_phone(text) {
        let digits = text.strip_prefix('+').unwrap();
        assert!(
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
        );
    }
});
