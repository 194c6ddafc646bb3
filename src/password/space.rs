//! All passwords that there are: so many characters of an alphabet, every required class among them, no excluded keyword
//! in them. They are counted and numbered, so that a number drawn evenly is a password drawn evenly.

use super::natural::Natural;
use super::policy::{Policy, fold};
use zeroize::Zeroizing;

/// The classes of characters, as bits.
const UPPER: usize = 1;
const LOWER: usize = 2;
const DIGIT: usize = 4;
const SYMBOL: usize = 8;
const LETTER: usize = 16;
const SETS: usize = 32;

/// What is still to come decides: `counts[n][state * SETS + seen]` passwords end in `n` more characters, when the keywords
/// are read as far as `state` and the classes in `seen` were there.
pub(super) struct Space {
    alphabet: Vec<u8>,
    keywords: Keywords,
    required: usize,
    counts: Vec<Vec<Natural>>,
}

impl Space {
    pub(super) fn new(alphabet: &[u8], length: usize, policy: &Policy) -> Self {
        let required = [
            (policy.uppercase_required, UPPER),
            (policy.lowercase_required, LOWER),
            (policy.digit_required, DIGIT),
            (policy.symbol_required, SYMBOL),
            (policy.alphabet_required, LETTER),
        ];
        let required = required.iter().filter(|(is, _)| *is).fold(0, |set, (_, class)| set | class);
        let keywords = Keywords::new(alphabet, length, &policy.excluded_keywords);
        let mut space = Space { alphabet: alphabet.to_vec(), keywords, required, counts: Vec::new() };
        let states = space.keywords.states();
        let complete =
            (0..states * SETS).map(|at| if at % SETS == required { Natural::one() } else { Natural::default() });
        space.counts.push(complete.collect());
        for more in 1..=length {
            let row = (0..states * SETS).map(|at| space.count(more, at / SETS, at % SETS)).collect();
            space.counts.push(row);
        }
        space
    }

    /// How many there are.
    pub(super) fn size(&self) -> Natural {
        self.counts.last().and_then(|row| row.get(START * SETS)).cloned().unwrap_or_default()
    }

    /// The password of a number below the size.
    pub(super) fn password(&self, mut number: Natural) -> Zeroizing<String> {
        let mut password = Zeroizing::new(String::with_capacity(self.counts.len()));
        let (mut state, mut seen) = (START, 0);
        for more in (0..self.counts.len().saturating_sub(1)).rev() {
            for byte in &self.alphabet {
                let Some(next) = self.keywords.next(state, *byte) else { continue };
                let now = seen | classes(*byte) & self.required;
                let Some(count) = self.counts.get(more).and_then(|row| row.get(next * SETS + now)) else { continue };
                if number.is_less(count) {
                    password.push(char::from(*byte));
                    (state, seen) = (next, now);
                    break;
                }
                number.subtract(count);
            }
        }
        password
    }

    /// Counts by the next character.
    fn count(&self, more: usize, state: usize, seen: usize) -> Natural {
        let mut sum = Natural::default();
        // Sets with a class that nobody asked for are never reached.
        if seen & !self.required != 0 {
            return sum;
        }
        // Most characters lead to the same place.
        let mut steps: Vec<(usize, u32)> = Vec::new();
        for byte in &self.alphabet {
            let Some(next) = self.keywords.next(state, *byte) else { continue };
            let at = next * SETS + (seen | classes(*byte) & self.required);
            match steps.iter_mut().find(|(known, _)| *known == at) {
                Some((_, times)) => *times += 1,
                None => steps.push((at, 1)),
            }
        }
        for (at, times) in steps {
            if let Some(rest) = self.counts.get(more - 1).and_then(|row| row.get(at)) {
                sum.add_times(rest, times);
            }
        }
        sum
    }
}

fn classes(byte: u8) -> usize {
    match byte {
        b'A'..=b'Z' => UPPER | LETTER,
        b'a'..=b'z' => LOWER | LETTER,
        b'0'..=b'9' => DIGIT,
        _ => SYMBOL,
    }
}

/// Before anything of a keyword was read.
const START: usize = 0;

/// Aho and Corasick's automaton: how much of a keyword the end of a text may be the beginning of.
struct Keywords {
    /// By state and ASCII byte; `None` completes a keyword.
    steps: Vec<[Option<usize>; 128]>,
}

impl Keywords {
    /// What no password of this length can hold is left out.
    fn new(alphabet: &[u8], length: usize, keywords: &[&str]) -> Self {
        let folded: Vec<String> =
            keywords.iter().map(|keyword| fold(keyword)).filter(|keyword| keyword.len() <= length).collect();
        let possible =
            |keyword: &&String| keyword.bytes().all(|it| alphabet.iter().any(|own| own.to_ascii_lowercase() == it));
        let keywords: Vec<&String> = folded.iter().filter(possible).collect();
        let is_whole = |text: &str| keywords.iter().any(|keyword| *keyword == text);
        // A state is the beginning of a keyword that was read; the first is nothing, and shorter ones come first.
        let mut states: Vec<&str> = vec![""];
        for end in 1..length {
            for beginning in keywords.iter().filter(|it| it.len() > end).filter_map(|it| it.get(..end)) {
                if !states.contains(&beginning) {
                    states.push(beginning);
                }
            }
        }
        let number = |text: &str| states.iter().position(|state| *state == text);
        let mut steps: Vec<[Option<usize>; 128]> = Vec::new();
        for state in &states {
            // What is no further step of a state is one of the longest state that it ends with.
            let end = (1..=state.len()).find_map(|from| number(state.get(from..)?));
            let shorter =
                end.and_then(|end| steps.get(end)).copied().unwrap_or([(!is_whole("")).then_some(START); 128]);
            steps.push(std::array::from_fn(|byte| {
                let read = [state, char::from((byte as u8).to_ascii_lowercase()).to_string().as_str()].concat();
                let next = shorter.get(byte).copied().flatten()?;
                if is_whole(&read) { None } else { number(&read).or(Some(next)) }
            }));
        }
        Keywords { steps }
    }

    fn states(&self) -> usize {
        self.steps.len()
    }

    fn next(&self, state: usize, byte: u8) -> Option<usize> {
        self.steps.get(state)?.get(usize::from(byte)).copied().flatten()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// All strings of a small alphabet that break nothing, found by trying.
    fn by_trying(alphabet: &[u8], length: usize, policy: &Policy) -> BTreeSet<String> {
        let mut texts = vec![String::new()];
        for _ in 0..length {
            texts = texts
                .iter()
                .flat_map(|text| alphabet.iter().map(move |byte| format!("{text}{}", char::from(*byte))))
                .collect();
        }
        texts.into_iter().filter(|text| policy.violations(text).is_empty()).collect()
    }

    fn natural(number: usize) -> Natural {
        let mut natural = Natural::default();
        natural.add_times(&Natural::one(), number as u32);
        natural
    }

    fn assert_numbered(alphabet: &[u8], length: usize, policy: &Policy) {
        let expected = by_trying(alphabet, length, policy);
        let space = Space::new(alphabet, length, policy);
        assert_eq!(space.size(), natural(expected.len()));
        let all: BTreeSet<String> = (0..expected.len()).map(|at| space.password(natural(at)).to_string()).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn keywords_may_overlap_and_begin_alike() {
        let excluded_keywords = vec!["ab", "ba1", "a1a"];
        let policy = Policy { digit_required: true, uppercase_required: true, excluded_keywords, ..Policy::default() };
        assert_numbered(b"abAB1", 4, &policy);
    }

    proptest! {
        #[test]
        fn each_password_has_one_number(
            alphabet in prop::sample::subsequence(b"aAbB1-".to_vec(), 1..=5),
            length in 0_usize..5,
            flags in any::<[bool; 5]>(),
            keywords in prop::collection::vec("[aAbB1-]{1,3}|x|ſ", 0..4),
        ) {
            let [uppercase_required, lowercase_required, alphabet_required, digit_required, symbol_required] = flags;
            let excluded_keywords = keywords.iter().map(String::as_str).collect();
            let policy = Policy {
                uppercase_required, lowercase_required, alphabet_required, digit_required, symbol_required,
                excluded_keywords, ..Policy::default()
            };
            assert_numbered(&alphabet, length, &policy);
        }
    }
}
