//! Passphrases: words that are easy to read aloud and to type.

use super::natural::Natural;
use super::policy::{Policy, fold};
use zeroize::Zeroizing;

/// 512 words, none of which begins another.
pub(super) const WORDS: &str = include_str!("words.txt");

const MAX_WORDS: usize = 16;
const SEPARATORS: [&str; 3] = ["-", "_", "."];
const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/// No word with its separator is longer.
const LONGEST: usize = 8;
/// With a guessable level there are no fewer words: zxcvbn takes some of three for guessable.
const GUESSABLE_WORDS: usize = 4;

/// `Copper-Lagoon-Tulip-7`: words with a capital each, and a digit. So every class of characters is there, whatever the
/// policy asks for, and no keyword can reach from one word into the next.
pub(super) struct Passphrases {
    count: usize,
    words: Vec<&'static str>,
    digits: Vec<&'static str>,
    separator: &'static str,
}

impl Passphrases {
    pub(super) fn new(policy: &Policy, count: usize) -> Result<Self, String> {
        let keywords: Vec<String> = policy.excluded_keywords.iter().map(|keyword| fold(keyword)).collect();
        let holds_none = |text: &&str| !keywords.iter().any(|keyword| text.contains(keyword.as_str()));
        let words: Vec<_> = WORDS.split_ascii_whitespace().filter(holds_none).collect();
        let digits: Vec<_> = DIGITS.iter().copied().filter(holds_none).collect();
        // A keyword that reaches over a separator has it inside.
        let separator = SEPARATORS.iter().find(|it| !keywords.iter().any(|keyword| keyword.contains(**it)));
        let (Some(shortest), Some(_), Some(separator)) =
            (words.iter().map(|word| word.len()).min(), digits.first(), separator)
        else {
            return Err("excluded_keywords: leave no words, no digit, or none of - _ . to join them".to_owned());
        };
        if count > MAX_WORDS {
            return Err(format!("words: must be at most {MAX_WORDS}"));
        }
        let by_length = policy.min_length.saturating_sub(1).div_ceil(shortest + separator.len());
        let by_level = if policy.minimum_guessable_level > 0 { GUESSABLE_WORDS } else { 1 };
        for (name, least) in [("min_length", by_length), ("minimum_guessable_level", by_level)] {
            if count < least {
                return Err(format!("words: must be at least {least}, as the policy's {name} asks"));
            }
        }
        Ok(Passphrases { count, words, digits, separator })
    }

    pub(super) fn entropy_bits(&self) -> f64 {
        self.count as f64 * (self.words.len() as f64).log2() + (self.digits.len() as f64).log2()
    }

    pub(super) fn draw<E>(&self, fill: &mut dyn FnMut(&mut [u8]) -> Result<(), E>) -> Result<Zeroizing<String>, E> {
        let mut text = Zeroizing::new(String::with_capacity((self.count + 1) * LONGEST));
        for _ in 0..self.count {
            let word = pick(&self.words, fill)?;
            text.extend(word.chars().take(1).map(|first| first.to_ascii_uppercase()));
            text.extend(word.chars().skip(1));
            text.push_str(self.separator);
        }
        text.push_str(pick(&self.digits, fill)?);
        Ok(text)
    }
}

/// One of a list, each with the same chance.
fn pick<E>(list: &[&'static str], fill: &mut dyn FnMut(&mut [u8]) -> Result<(), E>) -> Result<&'static str, E> {
    let mut size = Natural::default();
    size.add_times(&Natural::one(), list.len() as u32);
    let at = size.draw_below(fill)?.low();
    Ok(list.get(at as usize).copied().unwrap_or(""))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_told_apart() {
        let words: Vec<&str> = WORDS.split_ascii_whitespace().collect();
        assert_eq!(words.len(), 512);
        for word in &words {
            assert!((3..LONGEST).contains(&word.len()) && word.bytes().all(|it| it.is_ascii_lowercase()), "{word}");
            assert!(!words.iter().any(|other| other != word && other.starts_with(word)), "{word} begins another");
        }
        assert!(words.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn each_word_adds_its_bits() {
        let bits = |policy: &Policy, count| Passphrases::new(policy, count).ok().unwrap().entropy_bits();
        let any = Policy::default();
        assert_eq!(bits(&any, 6), 6.0 * 9.0 + 10_f64.log2());
        let seven = Policy { excluded_keywords: vec!["7"], ..any };
        assert_eq!(bits(&seven, 1), 9.0 + 9_f64.log2());
    }
}
