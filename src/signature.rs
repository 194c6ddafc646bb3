//! The signature of a webhook: hex of HMAC-SHA256 over the raw body, with the project's webhook secret.

use crate::json::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const DIGEST_BYTES: usize = 32;

/// A secret, ready to verify with.
pub struct Key(Hmac<Sha256>);

impl Key {
    /// For a secret of any length.
    pub fn new(secret: &str) -> Self {
        // A key of any length is right for HMAC, so that the default, an empty key, is never taken.
        Key(Hmac::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default())))
    }

    /// The signature of a body.
    pub fn sign(&self, body: &[u8]) -> [u8; DIGEST_BYTES] {
        self.0.clone().chain_update(body).finalize().into_bytes().into()
    }

    /// The same in hexadecimal.
    pub fn sign_hex(&self, text: &str) -> String {
        self.sign(text.as_bytes()).iter().flat_map(|byte| [byte >> 4, *byte]).map(|bits| hex(bits.into())).collect()
    }

    /// Whether this is the signature of the body. Takes as long for a wrong signature as for the right one.
    pub fn verify(&self, body: &[u8], signature: &[u8; DIGEST_BYTES]) -> bool {
        self.0.clone().chain_update(body).verify_slice(signature).is_ok()
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hexadecimal digits stand for; `None` when it is no digest.
pub fn read_hex(text: &str) -> Option<[u8; DIGEST_BYTES]> {
    let mut bytes = [0; DIGEST_BYTES];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != DIGEST_BYTES || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = (digit(*high)? << 4) | digit(*low)?;
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn hashes_a_text() {
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /// RFC 4231, test case 2; a key longer than a block, and nothing at all, as OpenSSL signs them.
    #[test]
    fn known_answers() {
        for (key, body, signature) in [
            (
                "Jefe",
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                "a".repeat(131).as_str(),
                "what do ya want for nothing?",
                "a81889c6a46d7ac05e5a2b5c0591e0e93f8a2a4d77f0f51074c0afe11dbe3b15",
            ),
            ("", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ] {
            assert_eq!(Key::new(key).sign_hex(body), signature);
            let signature = read_hex(signature).unwrap();
            assert!(Key::new(key).verify(body.as_bytes(), &signature));
            assert!(!Key::new("jefe").verify(body.as_bytes(), &signature));
            assert!(!Key::new(key).verify(b"what do ya want for something?", &signature));
        }
    }

    proptest! {
        #[test]
        fn one_changed_bit_is_noticed(secret in ".*", body in any::<Vec<u8>>(), bit in 0_usize..256) {
            let key = Key::new(&secret);
            let mut signature = key.sign(&body);
            prop_assert!(key.verify(&body, &signature));
            signature[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!key.verify(&body, &signature));
        }

        #[test]
        fn hexadecimal_is_read_or_refused(text in "[0-9a-fA-F]{60,68}|.*") {
            let bytes = read_hex(&text);
            prop_assert_eq!(bytes.is_some(), text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()));
            if let Some(bytes) = bytes {
                let again: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                prop_assert_eq!(again, text.to_lowercase());
            }
        }
    }
}
