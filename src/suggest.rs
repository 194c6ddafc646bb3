//! "Did you mean …?"

/// The candidate closest to `word`, when it is close enough to be what was meant.
pub fn suggest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let near = word.len() / 3 + 1;
    candidates
        .map(|candidate| (distance(word.as_bytes(), candidate.as_bytes()), candidate))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in bytes; words longer than any key are not worth comparing.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len() > 64 {
        return usize::MAX;
    }
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut left = i + 1;
        let mut row = vec![left];
        for (y, pair) in b.iter().zip(above.windows(2)) {
            let &[diagonal, up] = pair else { break };
            left = (diagonal + usize::from(x != y)).min(up.min(left) + 1);
            row.push(left);
        }
        above = row;
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_the_misspelt_word() {
        let known = ["service_name", "url", "email_address"];
        let find = |word| suggest(word, known.into_iter());
        assert_eq!(find("servce_name"), Some("service_name"));
        assert_eq!(find("uri"), Some("url"));
        assert_eq!(find("emailAddress"), Some("email_address"));
        assert_eq!(find("colour"), None);
    }

    proptest! {
        #[test]
        fn is_a_distance(a in "[abc]{0,8}", b in "[abc]{0,8}", c in "[abc]{0,8}") {
            let d = |x: &str, y: &str| distance(x.as_bytes(), y.as_bytes());
            prop_assert_eq!(d(&a, &b), d(&b, &a));
            prop_assert_eq!(d(&a, &b) == 0, a == b);
            prop_assert!(d(&a, &c) <= d(&a, &b) + d(&b, &c));
        }
    }
}
