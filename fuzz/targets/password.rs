//! Any policy: a password that satisfies it, or why there is none.
#![no_main]

use arbitrary::Arbitrary;
use authgear_invite::arena::Arena;
use authgear_invite::password::{Generator, Options, Policy};
use authgear_invite_fuzz::read;
use libfuzzer_sys::fuzz_target;
use std::convert::Infallible;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    min_length: u8,
    required: [bool; 5],
    minimum_guessable_level: u8,
    excluded_keywords: Vec<&'a str>,
    length: Option<u8>,
    words: Option<u8>,
    symbols: u8,
    no_look_alikes: bool,
    seed: u64,
    json: &'a str,
}

fuzz_target!(|input: Input| {
    let arena = Arena::default();
    if let Some(json) = read(input.json, &arena) {
        let _ = (Policy::read(&json), Options::read(&json));
    }
    let [uppercase_required, lowercase_required, alphabet_required, digit_required, symbol_required] = input.required;
    let policy = Policy {
        // Counting longer ones would only take longer.
        min_length: usize::from(input.min_length % 40),
        uppercase_required,
        lowercase_required,
        alphabet_required,
        digit_required,
        symbol_required,
        minimum_guessable_level: usize::from(input.minimum_guessable_level % 6),
        excluded_keywords: input.excluded_keywords.into_iter().take(4).map(short).collect(),
    };
    let options = Options {
        length: input.length.map(|length| usize::from(length % 40)).filter(|length| *length > 0),
        words: input.words.map(|words| usize::from(words % 20)).filter(|words| *words > 0),
        symbols: ["", "safe", "all", "!", "-_#"][usize::from(input.symbols) % 5],
        no_look_alikes: input.no_look_alikes,
    };
    let generator = match Generator::new(&policy, &options) {
        Ok(generator) => generator,
        Err(why) => {
            let known = ["length: must", "words: must", "excluded_keywords: ", "the policy excludes every password"];
            return assert!(known.iter().any(|known| why.starts_with(known)), "{why}");
        }
    };
    let mut state = input.seed | 1;
    let password = generator
        .generate_with(&mut |bytes| {
            for byte in bytes {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                *byte = (state >> 32) as u8;
            }
            Ok::<_, Infallible>(())
        })
        .unwrap();
    assert_eq!(policy.violations(&password), [""; 0], "{policy:?} {options:?} {}", *password);
    assert!(password.bytes().all(|byte| byte.is_ascii_graphic()));
    assert!(generator.entropy_bits.is_finite() && generator.entropy_bits >= 0.0);
    if let (Some(length), None) = (options.length, options.words) {
        assert_eq!(password.len(), length);
    }
});

/// The first characters.
fn short(text: &str) -> &str {
    text.char_indices().nth(8).map_or(text, |(end, _)| &text[..end])
}
