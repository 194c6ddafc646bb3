/**
 * Bytes in base 85, which is 6 % shorter than base64: four bytes are five digits, the highest first, and of fewer bytes one
 * digit more than there are bytes. The digits are ASCII from `#` to `x`, without the backslash: nothing that has to be
 * escaped between double quotes. `src/inflate.rs` undoes it.
 */
export function toBase85(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const group = bytes.subarray(at, at + 4);
    let value = [0, 1, 2, 3].reduce((value, i) => value * 256 + (group[i] ?? 0), 0);
    let digits = "";
    for (let i = 0; i < 5; i++) {
      digits = DIGITS[value % 85] + digits;
      value = Math.floor(value / 85);
    }
    text += digits.slice(0, group.length + 1);
  }
  return text;
}

const DIGITS = Array.from({ length: 86 }, (_, i) => String.fromCharCode(35 + i)).filter((digit) => digit !== "\\");
