//! Passwords: every policy is satisfied, every password has the same chance, and what cannot be is said.
#![cfg(all(not(target_arch = "wasm32"), feature = "npm"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use authgear_invite::password::{Generator, Options, Policy};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// The quantile of the normal distribution that a right generator misses once in a billion runs.
const ONE_IN_A_BILLION: f64 = 6.0;

/// How far counts are from what is expected, and how far chance alone would seldom take them (Wilson and Hilferty).
#[track_caller]
fn assert_fits(counts: &BTreeMap<char, usize>, expected: &BTreeMap<char, f64>, what: &str) {
    assert!(counts.keys().all(|c| expected.contains_key(c)), "{what}: {counts:?}");
    let distance: f64 = expected
        .iter()
        .map(|(c, expected)| (counts.get(c).copied().unwrap_or(0) as f64 - expected).powi(2) / expected)
        .sum();
    let freedom = (expected.len() - 1) as f64;
    let spread = 2.0 / (9.0 * freedom);
    let limit = freedom * (1.0 - spread + ONE_IN_A_BILLION * spread.sqrt()).powi(3);
    assert!(distance < limit, "{what}: chi-square {distance:.1} of at most {limit:.1}");
}

fn by_position(passwords: &[String], position: usize) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    for password in passwords {
        *counts.entry(password.chars().nth(position).unwrap()).or_default() += 1;
    }
    counts
}

fn draw(policy: &Policy, options: &Options, count: usize) -> Vec<String> {
    let generator = Generator::new(policy, options).unwrap();
    (0..count).map(|_| generator.generate().unwrap().to_string()).collect()
}

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

#[test]
fn by_default_every_character_is_as_likely_at_every_place() {
    const DRAWS: usize = 20_000;
    let passwords = draw(&Policy::default(), &Options::default(), DRAWS);
    let alphabet: Vec<char> = [UPPER, LOWER, DIGITS, "-_"].concat().chars().collect();
    let expected = alphabet.iter().map(|c| (*c, DRAWS as f64 / alphabet.len() as f64)).collect();
    for position in 0..24 {
        assert_fits(&by_position(&passwords, position), &expected, &format!("position {position}"));
    }
    assert_eq!(passwords.iter().collect::<HashSet<_>>().len(), DRAWS);
    assert!(passwords.iter().all(|it| it.len() == 24));
    assert_eq!(Generator::new(&Policy::default(), &Options::default()).unwrap().entropy_bits, 144.0);
}

#[test]
fn where_classes_are_required_all_that_have_them_are_as_likely() {
    const DRAWS: usize = 20_000;
    // Four characters of four classes: one of each, in any order.
    let policy = Policy {
        uppercase_required: true,
        lowercase_required: true,
        digit_required: true,
        symbol_required: true,
        ..Policy::default()
    };
    let options = Options { length: Some(4), ..Options::default() };
    let passwords = draw(&policy, &options, DRAWS);
    let expected: BTreeMap<char, f64> = [UPPER, LOWER, DIGITS, "-_"]
        .iter()
        .flat_map(|class| class.chars().map(move |c| (c, DRAWS as f64 / 4.0 / class.len() as f64)))
        .collect();
    for position in 0..4 {
        assert_fits(&by_position(&passwords, position), &expected, &format!("position {position}"));
    }
    let count = 24.0 * 26.0 * 26.0 * 10.0 * 2.0_f64;
    let bits = Generator::new(&policy, &options).unwrap().entropy_bits;
    assert!((bits - count.log2()).abs() < 1e-9, "{bits}");
}

#[test]
fn keywords_are_kept_out_of_even_the_shortest() {
    // Without "a" and "1" in any case, and whatever the wording.
    let policy = Policy { excluded_keywords: vec!["a", "1", "BC", "ſ"], ..Policy::default() };
    for password in draw(&policy, &Options { length: Some(3), ..Options::default() }, 3_000) {
        let folded = password.to_lowercase();
        assert!(!folded.contains(['a', '1', 's']) && !folded.contains("bc"), "{password}");
    }
}

#[test]
fn what_looks_alike_is_left_out_and_symbols_can_be_chosen() {
    let options = Options { no_look_alikes: true, symbols: "all", ..Options::default() };
    let all: HashSet<char> = draw(&Policy::default(), &options, 2_000).concat().chars().collect();
    assert!(!all.iter().any(|c| "0Oo1Il|2Zz5Ss8B".contains(*c)));
    assert!("~!@#$%^&*()=+{}[]".chars().all(|c| all.contains(&c)));
    let own = Options { symbols: "!", ..Options::default() };
    let symbols: HashSet<char> =
        draw(&Policy::default(), &own, 2_000).concat().chars().filter(|c| !c.is_ascii_alphanumeric()).collect();
    assert_eq!(symbols, HashSet::from(['!']));
}

#[test]
fn zxcvbn_takes_none_for_guessable() {
    let policy = Policy { minimum_guessable_level: 5, min_length: 8, ..Policy::default() };
    let shortest = Options { length: Some(20), ..Options::default() };
    let words = Options { words: Some(4), ..Options::default() };
    for (options, count) in [(shortest, 7_000), (Options::default(), 2_000), (words, 1_000)] {
        for password in draw(&policy, &options, count) {
            let score = u8::from(zxcvbn::zxcvbn(&password, &[]).score());
            assert_eq!(score, 4, "{password}");
        }
    }
}

#[test]
fn what_cannot_be_is_said() {
    let none = Policy::default();
    let required = Policy { symbol_required: true, digit_required: true, ..Policy::default() };
    let strong = Policy { minimum_guessable_level: 1, ..Policy::default() };
    let long = Policy { min_length: 200, ..Policy::default() };
    let keyword = |keyword| Policy { excluded_keywords: vec![keyword], ..Policy::default() };
    let vowels = Policy { excluded_keywords: "aeiou".split("").filter(|it| !it.is_empty()).collect(), ..none.clone() };
    let many = "x".repeat(1001);
    let length = |length| Options { length: Some(length), ..Options::default() };
    let words = |words| Options { words: Some(words), ..Options::default() };
    for (policy, options, expected) in [
        (&required, length(1), "the policy excludes every password of this length and these symbols"),
        (&strong, length(19), "length: must be at least 20, as the policy asks"),
        (&none, length(129), "length: must be at most 128"),
        (&long, Options::default(), "length: must be at most 128"),
        (&long, words(16), "words: must be at least 50, as the policy's min_length asks"),
        (&none, words(17), "words: must be at most 16"),
        (&keyword(""), length(8), "the policy excludes every password of this length and these symbols"),
        (&keyword(&many), length(8), "excluded_keywords: must be at most 1000 characters together"),
        (&strong, words(3), "words: must be at least 4, as the policy's minimum_guessable_level asks"),
        (&vowels, words(4), "excluded_keywords: leave no words, no digit, or none of - _ . to join them"),
    ] {
        assert_eq!(Generator::new(policy, &options).err().as_deref(), Some(expected));
    }
    for (policy, options) in [(&required, length(2)), (&strong, length(20)), (&none, length(128)), (&none, words(16))] {
        assert_eq!(Generator::new(policy, &options).err(), None);
    }
}

#[test]
fn without_a_generator_there_is_no_password() {
    for options in [Options::default(), Options { words: Some(5), ..Options::default() }] {
        let generator = Generator::new(&Policy::default(), &options).unwrap();
        let mut calls = 0;
        let mut failing = |_: &mut [u8]| {
            calls += 1;
            Err("no entropy")
        };
        assert_eq!(generator.generate_with(&mut failing).unwrap_err(), "no entropy");
        assert_eq!(calls, 1, "nothing else is asked");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_policy_is_satisfied(
        min_length in 0_usize..=128,
        flags in any::<[bool; 6]>(),
        minimum_guessable_level in 0_usize..=5,
        keywords in prop::collection::vec("[a-zA-Z0-9_-]{2,6}|\\PC{1,3}", 0..6),
        length in prop::option::of(1_usize..=128),
        symbols in prop::sample::select(vec!["", "safe", "all", "!?"]),
    ) {
        let [uppercase_required, lowercase_required, alphabet_required, digit_required, symbol_required, no_look_alikes] = flags;
        let policy = Policy {
            min_length, uppercase_required, lowercase_required, alphabet_required, digit_required, symbol_required,
            minimum_guessable_level, excluded_keywords: keywords.iter().map(String::as_str).collect(),
        };
        let options = Options { length, symbols, no_look_alikes, ..Options::default() };
        match Generator::new(&policy, &options) {
            Ok(generator) => {
                let password = generator.generate().unwrap();
                prop_assert_eq!(policy.violations(&password), [""; 0], "{:?}", policy);
                prop_assert_eq!(password.len(), length.unwrap_or(password.len()));
                prop_assert!(generator.entropy_bits >= 0.0);
            }
            Err(why) => prop_assert!(why.starts_with("length: must") || why.starts_with("the policy excludes"), "{}", why),
        }
    }

    #[test]
    fn every_passphrase_satisfies_every_policy(
        min_length in 0_usize..=60,
        keywords in prop::collection::vec("[a-z]{2,4}|[0-9_-]|[a-z]-[a-z]", 0..6),
        count in 1_usize..=16,
    ) {
        let policy = Policy {
            min_length, uppercase_required: true, lowercase_required: true, alphabet_required: true,
            digit_required: true, symbol_required: true, minimum_guessable_level: 0,
            excluded_keywords: keywords.iter().map(String::as_str).collect(),
        };
        if let Ok(generator) = Generator::new(&policy, &Options { words: Some(count), ..Options::default() }) {
            let password = generator.generate().unwrap();
            prop_assert_eq!(policy.violations(&password), [""; 0], "{}", *password);
        }
    }
}
