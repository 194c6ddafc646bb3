//! Natural numbers of any size, as much of them as counting and drawing passwords needs.

use std::cmp::Ordering;
use zeroize::Zeroizing;

const DIGIT_BITS: usize = u32::BITS as usize;

/// A number in digits of 32 bits, the lowest first and the highest not zero. Wiped when it is dropped, since the number
/// that was drawn is the password.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Natural(Zeroizing<Vec<u32>>);

impl Natural {
    pub(super) fn one() -> Self {
        Natural(Zeroizing::new(vec![1]))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a number so many times.
    pub(super) fn add_times(&mut self, other: &Natural, times: u32) {
        let mut carry = 0;
        for (at, digit) in other.0.iter().enumerate() {
            carry = self.add_at(at, carry + u64::from(*digit) * u64::from(times));
        }
        let mut at = other.0.len();
        while carry > 0 {
            carry = self.add_at(at, carry);
            at += 1;
        }
        self.trim();
    }

    /// Adds to one digit and returns the carry. Digits are reached from the lowest on.
    fn add_at(&mut self, at: usize, what: u64) -> u64 {
        match self.0.get_mut(at) {
            Some(digit) => {
                let sum = what + u64::from(*digit);
                *digit = sum as u32;
                sum >> DIGIT_BITS
            }
            None => {
                self.0.push(what as u32);
                what >> DIGIT_BITS
            }
        }
    }

    /// Subtracts a number that is not larger.
    pub(super) fn subtract(&mut self, other: &Natural) {
        let mut borrow = false;
        for (at, digit) in self.0.iter_mut().enumerate() {
            let (once, first) = digit.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (twice, second) = once.overflowing_sub(u32::from(borrow));
            *digit = twice;
            borrow = first || second;
        }
        self.trim();
    }

    pub(super) fn is_less(&self, other: &Natural) -> bool {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())) == Ordering::Less
    }

    /// Draws a number below this one, each with the same chance, from a source of random bytes: as many bits as this one
    /// has, again until they are below it, which takes two draws at the most on average.
    pub(super) fn draw_below<E>(&self, fill: &mut dyn FnMut(&mut [u8]) -> Result<(), E>) -> Result<Natural, E> {
        let unused = self.0.last().map_or(0, |highest| highest.leading_zeros());
        loop {
            let mut bytes = Zeroizing::new(vec![0; self.0.len() * size_of::<u32>()]);
            fill(&mut bytes)?;
            let (words, _) = bytes.as_chunks();
            let mut drawn = Natural(Zeroizing::new(words.iter().map(|word| u32::from_le_bytes(*word)).collect()));
            if let Some(highest) = drawn.0.last_mut() {
                *highest >>= unused;
            }
            drawn.trim();
            if drawn.is_less(self) {
                return Ok(drawn);
            }
        }
    }

    /// The lowest 32 bits.
    pub(super) fn low(&self) -> u32 {
        self.0.first().copied().unwrap_or(0)
    }

    /// The binary logarithm of a number that is not zero.
    pub(super) fn log2(&self) -> f64 {
        // A double holds no more than the highest digits.
        let highest = self.0.iter().rev().take(3);
        let head = highest.clone().fold(0.0, |sum, digit| sum * 2_f64.powi(32) + f64::from(*digit));
        head.log2() + ((self.0.len() - highest.count()) * DIGIT_BITS) as f64
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn natural(value: u128) -> Natural {
        let mut natural = Natural(Zeroizing::new((0..4).map(|at| (value >> (32 * at)) as u32).collect()));
        natural.trim();
        natural
    }

    proptest! {
        #[test]
        fn counts_as_machine_numbers_do(a in any::<u128>(), b in any::<u64>(), times in any::<u32>()) {
            let (a, product) = (a >> 1, u128::from(b) * u128::from(times));
            let mut sum = natural(a);
            sum.add_times(&natural(b.into()), times);
            prop_assert_eq!(&sum, &natural(a + product));
            prop_assert_eq!(natural(a).is_less(&sum), product > 0);
            sum.subtract(&natural(a));
            prop_assert_eq!(&sum, &natural(product));
            prop_assert_eq!(sum.is_zero(), product == 0);
        }

        #[test]
        fn logarithms_are_those_of_doubles(value in 1..u128::MAX) {
            prop_assert!((natural(value).log2() - (value as f64).log2()).abs() < 1e-9);
        }

        #[test]
        fn draws_are_below(limit in 1..u128::MAX, seed in any::<[u8; 16]>()) {
            let mut state = u128::from_le_bytes(seed);
            let drawn = natural(limit).draw_below(&mut |bytes| {
                for byte in bytes {
                    state = state.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(1);
                    *byte = (state >> 120) as u8;
                }
                Ok::<_, Infallible>(())
            });
            prop_assert!(drawn.unwrap().is_less(&natural(limit)));
        }
    }

    #[test]
    fn what_is_not_below_is_drawn_again() {
        for first in 0..16_u32 {
            let mut draws = [first << 28, 0].into_iter();
            let drawn = natural(10).draw_below(&mut |bytes| {
                bytes.copy_from_slice(&draws.next().ok_or(())?.to_le_bytes());
                Ok::<_, ()>(())
            });
            assert_eq!(drawn, Ok(natural(if first < 10 { first.into() } else { 0 })));
            assert_eq!(draws.len(), usize::from(first < 10));
        }
        assert_eq!(natural(10).draw_below(&mut |_| Err("no generator")), Err("no generator"));
    }
}
