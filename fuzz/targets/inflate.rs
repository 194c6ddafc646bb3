//! Deflated data against miniz_oxide: what that unpacks comes out the same here, and what it packs comes back.
//!
//! What miniz_oxide refuses may be unpacked here: codes that are incomplete are not looked for, since the build is the only
//! one that packs.
#![no_main]

use authgear_invite::inflate::{decode_base85, inflate};
use libfuzzer_sys::fuzz_target;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

const ROOM: usize = 1 << 16;

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; ROOM];
    let length = inflate(packed, &mut out)?;
    out.truncate(length);
    Some(out)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (level, bytes) = input;
    if let Ok(expected) = decompress_to_vec_with_limit(bytes, ROOM) {
        assert_eq!(unpacked(bytes), Some(expected));
    } else {
        unpacked(bytes);
    }
    let packed = compress_to_vec(bytes, level % 11);
    assert_eq!(unpacked(&packed).as_deref(), Some(bytes));
    for cut in [packed.len() / 2, packed.len() - 1] {
        assert_ne!(unpacked(&packed[..cut]).as_deref(), Some(bytes));
    }
    let mut text = bytes.to_vec();
    assert_eq!(decode_base85(&mut text), bytes.len() * 4 / 5);
});
