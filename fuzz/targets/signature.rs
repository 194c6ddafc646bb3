//! Any body, secret and signature: only the body's own signature is taken, in either case of its digits.
#![no_main]

use authgear_invite::signature::{Key, read_hex};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (secret, signature, body) = input;
    let key = Key::new(secret);
    let own = key.sign(body);
    let hex: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
    for text in [hex.clone(), hex.to_uppercase()] {
        assert_eq!(read_hex(&text), Some(own));
    }
    assert!(key.verify(body, &own));
    if let Some(bytes) = read_hex(signature) {
        assert_eq!(signature.len(), 64);
        assert_eq!(bytes.map(|byte| format!("{byte:02x}")).concat(), signature.to_ascii_lowercase());
        assert_eq!(key.verify(body, &bytes), bytes == own);
    }
    // A bit more or less, anywhere.
    let mut changed = own;
    let place = body.len() % 256;
    changed[place / 8] ^= 1 << (place % 8);
    assert!(!key.verify(body, &changed));
    assert!(!key.verify(&[body, &[0]].concat(), &own));
});
