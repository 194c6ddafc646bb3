//! Deflate (RFC 1951) and base 85 undone. It is a wasm of its own, which unpacks the core in the paste-in
//! file: what Deno has for that takes longer to start than the whole work takes here. It is cut into functions none of which
//! runs long enough for V8 to compile it a second time.

/// The order in which a block gives the lengths of the codes that its lengths are written in.
const ORDER: &[u8; 19] = &[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// The symbol that ends a block; those below are bytes, those above lengths of a repetition.
const END: usize = 256;
/// The most symbols: literals and lengths, then distances.
const SYMBOLS: usize = 288 + 32;
/// The most bits of a code.
const LONGEST: usize = 15;

/// Decodes base 85 in place, as `ts/tool/base85.ts` writes it, and returns the length.
#[inline(never)]
pub fn decode_base85(text: &mut [u8]) -> usize {
    for group in 0..text.len().div_ceil(5) {
        let mut value = 0_u32;
        for at in group * 5..group * 5 + 5 {
            let digit = text.get(at).copied().unwrap_or(b'x');
            let value_of = u32::from(digit.wrapping_sub(b'#' + u8::from(digit > b'\\')));
            value = value.wrapping_mul(85).wrapping_add(value_of);
        }
        for (byte, place) in value.to_be_bytes().iter().zip(group * 4..) {
            if let Some(slot) = text.get_mut(place) {
                *slot = *byte;
            }
        }
    }
    text.len() * 4 / 5
}

/// Unpacks `input` into `out` and returns the length; `None` when the input is broken or the room too small.
pub fn inflate(input: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut inflater = Inflater { input, at: 0, held: 0, bits: 0, out, end: 0 };
    while !inflater.block()? {}
    // Nothing that was needed may have stood behind the end.
    (inflater.at <= input.len() + inflater.bytes()).then_some(inflater.end)
}

struct Inflater<'i> {
    input: &'i [u8],
    /// Where the input is read on.
    at: usize,
    /// How many of `bits` wait to be taken.
    held: u32,
    bits: u64,
    out: &'i mut [u8],
    /// Where the output is written on.
    end: usize,
}

impl Inflater<'_> {
    /// Unpacks one block, and says whether it is the last.
    fn block(&mut self) -> Option<bool> {
        self.fill();
        let last = self.take(1) > 0;
        let kind = self.take(2);
        if kind == 0 {
            self.stored()?;
            return Some(last);
        }
        let mut lengths = [8; SYMBOLS];
        let mut literals = 288;
        if kind == 1 {
            lengths.get_mut(144..256)?.fill(9);
            lengths.get_mut(256..280)?.fill(7);
            lengths.get_mut(288..)?.fill(5);
        } else {
            literals = self.lengths(&mut lengths)?;
        }
        let (literals, distances) = lengths.split_at_checked(literals)?;
        let (literals, distances) = (Codes::new(literals)?, Codes::new(distances)?);
        loop {
            self.fill();
            let symbol = self.symbol(&literals);
            if symbol < END {
                *self.out.get_mut(self.end)? = symbol as u8;
                self.end += 1;
            } else if symbol > END {
                self.repeat(symbol - END - 1, &distances)?;
            } else {
                return Some(last);
            }
        }
    }

    /// Copies a block that is not packed.
    fn stored(&mut self) -> Option<()> {
        self.take(self.held & 7);
        self.fill();
        let (length, check) = (self.take(16), self.take(16));
        let (from, stop) = (self.at - self.bytes(), self.end + length);
        self.out.get_mut(self.end..stop)?.copy_from_slice(self.input.get(from..from + length)?);
        (self.at, self.held, self.bits, self.end) = (from + length, 0, 0, stop);
        (length ^ check == 0xffff).then_some(())
    }

    /// Reads the lengths of a block's codes and says how many of them are for literals.
    fn lengths(&mut self, lengths: &mut [u8; SYMBOLS]) -> Option<usize> {
        let literals = self.take(5) + 257;
        let total = literals + self.take(5) + 1;
        let mut own = [0; ORDER.len()];
        for symbol in ORDER.iter().take(self.take(4) + 4) {
            self.fill();
            *own.get_mut(usize::from(*symbol))? = self.take(3) as u8;
        }
        let codes = Codes::new(&own)?;
        lengths.fill(0);
        let mut at = 0;
        while at < total {
            self.fill();
            let symbol = self.symbol(&codes);
            let (mut length, mut times) = (symbol as u8, 1);
            if symbol == 16 {
                length = *lengths.get(at.wrapping_sub(1))?;
                times = 3 + self.take(2);
            } else if symbol > 16 {
                length = 0;
                times = if symbol == 17 { 3 + self.take(3) } else { 11 + self.take(7) };
            }
            lengths.get_mut(at..at + times)?.fill(length);
            at += times;
        }
        (at == total).then_some(literals)
    }

    /// Repeats what has been written: for as long as this step says, from as far back as the next code says.
    #[inline(never)]
    fn repeat(&mut self, step: usize, distances: &Codes) -> Option<()> {
        let length = if step == 28 { 258 } else { 3 + self.number(step, 2) };
        self.fill();
        let step = self.symbol(distances);
        let mut from = self.end.checked_sub(1 + self.number(step, 1))?;
        let stop = self.end + length;
        while self.end < stop {
            *self.out.get_mut(self.end)? = *self.out.get(from)?;
            self.end += 1;
            from += 1;
        }
        Some(())
    }

    /// Sees to it that 32 bits can be taken: more than a code and what follows it have.
    #[inline(always)]
    fn fill(&mut self) {
        if self.held < 32 {
            self.read();
        }
    }

    /// Reads four bytes; behind the end they are zeros.
    #[inline(never)]
    fn read(&mut self) {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let word = match rest.first_chunk() {
            Some(word) => u32::from_le_bytes(*word),
            None => rest.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)),
        };
        self.bits |= u64::from(word) << self.held;
        self.at += 4;
        self.held += 32;
    }

    #[inline(never)]
    fn take(&mut self, count: u32) -> usize {
        let taken = self.bits & !(!0 << count);
        self.bits >>= count;
        self.held -= count;
        taken as usize
    }

    /// The whole bytes that wait.
    fn bytes(&self) -> usize {
        (self.held / 8) as usize
    }

    /// A length or a distance: from the second on, each group of `1 << steps` of them has one more bit of its own.
    fn number(&mut self, step: usize, steps: u32) -> usize {
        let (group, place) = ((step >> steps) as u32, step & !(!0 << steps));
        if group < 2 { step } else { ((1 << steps | place) << (group - 1)) + self.take(group - 1) }
    }

    #[inline(always)]
    fn symbol(&mut self, codes: &Codes) -> usize {
        let entry = codes.0.get(self.bits as usize & (codes.0.len() - 1)).copied().unwrap_or(0);
        self.take(u32::from(entry & 15));
        usize::from(entry >> 4)
    }
}

/// For each value of as many bits as the longest code has: the symbol whose code they begin with, and its length.
struct Codes(Vec<u16>);

impl Codes {
    #[inline(never)]
    fn new(lengths: &[u8]) -> Option<Self> {
        // First how many codes each length has, one place further on; then the next code of each length.
        let mut codes = [0; LONGEST + 2];
        let mut longest = 0;
        for length in lengths {
            longest = longest.max(*length);
            *codes.get_mut(usize::from(*length) + 1)? += u32::from(*length > 0);
        }
        let mut next = 0;
        for code in &mut codes {
            next = (next + *code) << 1;
            *code = next;
        }
        let mut table = vec![0; 1 << longest];
        for (symbol, length) in (0..).zip(lengths) {
            if *length == 0 {
                continue;
            }
            let code = codes.get_mut(usize::from(*length))?;
            let mut at = (code.reverse_bits() >> (32 - length)) as usize;
            *code += 1;
            while let Some(entry) = table.get_mut(at) {
                *entry = symbol << 4 | u16::from(*length);
                at += 1 << length;
            }
        }
        Some(Codes(table))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![0; 4096];
        let length = inflate(packed, &mut out)?;
        out.truncate(length);
        Some(out)
    }

    #[test]
    fn unpacks_each_kind_of_block() {
        // "hello" as Python's zlib packs it at level 0, and at level 9.
        assert_eq!(unpacked(b"\x01\x05\x00\xfa\xffhello").unwrap(), b"hello");
        assert_eq!(unpacked(b"\xcb\x48\xcd\xc9\xc9\x07\x00").unwrap(), b"hello");
        // One that is not the last, and one that is.
        assert_eq!(unpacked(b"\x00\x02\x00\xfd\xffhe\x01\x03\x00\xfc\xffllo").unwrap(), b"hello");
    }

    #[test]
    fn refuses_what_ends_too_early() {
        let packed = b"\xcb\x48\xcd\xc9\xc9\x07\x00";
        for length in 0..packed.len() {
            assert_eq!(unpacked(&packed[..length]), None, "{length}");
        }
        assert_eq!(inflate(packed, &mut [0; 4]), None);
    }

    #[test]
    fn refuses_a_length_that_its_complement_denies() {
        for check in [b"\xfa\xfe", b"\xff\xff", b"\x05\x00", b"\x00\x00"] {
            assert_eq!(unpacked(&[b"\x01\x05\x00", &check[..], b"hello"].concat()), None, "{check:?}");
        }
    }

    #[test]
    fn decodes_base_85() {
        for (text, bytes) in
            [("", ""), ("Cr", "f"), ("CrE", "fo"), ("CrFV", "foo"), ("CrFVv", "foob"), ("CrFVvB>+", "foobar")]
        {
            let mut text = text.as_bytes().to_vec();
            let length = decode_base85(&mut text);
            assert_eq!(text[..length], *bytes.as_bytes());
        }
    }

    /// Bytes of more and less variety, and pieces of what stands before them, near and far.
    fn any_data() -> impl Strategy<Value = Vec<u8>> {
        let piece = (any::<u32>(), 1..3000_usize, any::<bool>(), 0..9_u32);
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| {
            let mut data: Vec<u8> = Vec::new();
            for (seed, length, again, variety) in pieces {
                let from = seed as usize % (data.len() + 1);
                let mut state = seed;
                for place in from..from + length {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let fresh = (state >> 24) as u8 & !(!0 << variety) as u8;
                    data.push(if again { data.get(place).copied().unwrap_or(fresh) } else { fresh });
                }
            }
            data
        })
    }

    proptest! {
        #[test]
        fn undoes_what_another_library_did(data in any_data(), level in 0_u8..=10) {
            let packed = miniz_oxide::deflate::compress_to_vec(&data, level);
            let mut out = vec![0; data.len()];
            prop_assert_eq!(inflate(&packed, &mut out), Some(data.len()));
            prop_assert_eq!(&out, &data);
            if let Some(less) = data.len().checked_sub(1) {
                prop_assert_eq!(inflate(&packed, &mut vec![0; less]), None);
            }
        }

        #[test]
        fn ends_whatever_it_is_given(packed in proptest::collection::vec(any::<u8>(), 0..300), room in 0_usize..5000) {
            let length = inflate(&packed, &mut vec![0; room]);
            prop_assert!(length.is_none_or(|length| length <= room));
        }

        #[test]
        fn no_digits_break_it(mut text in proptest::collection::vec(any::<u8>(), 0..300)) {
            let length = text.len() * 4 / 5;
            prop_assert_eq!(decode_base85(&mut text), length);
        }
    }
}
