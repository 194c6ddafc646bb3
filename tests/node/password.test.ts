/** Passwords through the npm package's boundary; what they are made of is specified in tests/rust/passwords.rs. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import fc from "fast-check";
import {
  checkPassword,
  createPasswordGenerator,
  generatePassword,
  type PasswordPolicy,
  PasswordPolicyError,
} from "../../ts/index.ts";

test("a password satisfies its policy and says its entropy", () => {
  const policy: PasswordPolicy = {
    min_length: 30,
    uppercase_required: true,
    symbol_required: true,
    digit_required: true,
  };
  const { password, entropyBits } = generatePassword(policy);
  assert.match(password, /^[A-Za-z0-9_-]{30}$/);
  assert.deepEqual(checkPassword(password, policy), []);
  assert.ok(entropyBits > 170 && entropyBits < 180, `${entropyBits}`);
  assert.match(generatePassword({}, { words: 5 }).password, /^([A-Z][a-z]+-){5}[0-9]$/);
});

test("a generator makes many, each another", () => {
  const next = createPasswordGenerator({ excluded_keywords: ["acme"] }, { noLookAlikes: true });
  const passwords = new Set(Array.from({ length: 1000 }, () => next().password));
  assert.equal(passwords.size, 1000);
  for (const password of passwords) assert.match(password, /^[^0Oo1Il2Zz5Ss8B]{24}$/);
});

test("randomness comes from the system's generator, and from nowhere else", () => {
  const next = createPasswordGenerator();
  const fixed = mock.method(crypto, "getRandomValues", (bytes: Uint8Array) => bytes.fill(7));
  try {
    assert.equal(next().password, next().password);
    assert.ok(fixed.mock.callCount() > 0);
  } finally {
    fixed.mock.restore();
  }
  assert.notEqual(next().password, next().password);
  const failing = mock.method(crypto, "getRandomValues", () => {
    throw new Error("QuotaExceededError");
  });
  try {
    assert.throws(() => next(), Error);
  } finally {
    failing.mock.restore();
  }
});

test("all violations are told at once, in Authgear's names", () => {
  const policy = { min_length: 8, lowercase_required: true, alphabet_required: true, excluded_keywords: ["12"] };
  assert.deepEqual(checkPassword("A-1", { uppercase_required: true, symbol_required: true, min_length: 3 }), []);
  assert.deepEqual(checkPassword("123", policy), [
    "PasswordTooShort",
    "PasswordLowercaseRequired",
    "PasswordAlphabetRequired",
    "PasswordContainingExcludedKeywords",
  ]);
});

test("what is wrong is told at once, and repeats no password", () => {
  const wrong = { min_length: "8", digits_required: true } as unknown as PasswordPolicy;
  assert.throws(() => generatePassword(wrong), {
    name: "PasswordPolicyError",
    message:
      /min_length: must be a whole number above zero, not a string\ndigits_required: unknown key; did you mean digit_required/,
  });
  assert.throws(() => generatePassword({}, { length: 8, words: 3, symbols: "ä" }), {
    message: "symbols: must be safe, all, or ASCII symbols\nwords: goes without length",
  });
  assert.throws(
    () => checkPassword("hunter2-hunter2", wrong),
    (error: Error) => !error.message.includes("hunter2"),
  );
});

test("garbage is an error and never a trap", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.string(), (policy, options, password) => {
      for (const call of [
        () => generatePassword(policy as PasswordPolicy, options as object),
        () => checkPassword(password, policy as PasswordPolicy),
      ]) {
        try {
          call();
        } catch (error) {
          assert.ok(error instanceof PasswordPolicyError, `${error}`);
        }
      }
    }),
  );
  assert.deepEqual(checkPassword("abcdefgh"), []);
});
