/** Passwords that satisfy Authgear's policy, made in WebAssembly by the system's generator. */
import { Passwords, violations } from "../build/wasm/npm/authgear_invite.js";
import { start, toJson } from "./engine.ts";

/**
 * Authgear's password policy, in its own names: `authenticator.password.policy` of `authgear.yaml`. What is left out asks
 * for nothing, but `min_length`, which is 8 then.
 */
export type PasswordPolicy = {
  min_length?: number;
  uppercase_required?: boolean;
  lowercase_required?: boolean;
  alphabet_required?: boolean;
  digit_required?: boolean;
  /** A symbol is whatever is no ASCII letter or digit. */
  symbol_required?: boolean;
  /** 0 to 5; N asks for a zxcvbn score of at least N - 1. */
  minimum_guessable_level?: number;
  /** Text that must not be in a password, in upper or lower case. */
  excluded_keywords?: string[];
  history_size?: number;
  history_days?: number;
};

/** How a password is made. */
export type PasswordOptions = {
  /** How many characters, up to 128. Default 24, or more where the policy asks for it. */
  length?: number;
  /** A passphrase of so many words and a digit, `Copper-Lagoon-Tulip-7`, in place of characters. */
  words?: number;
  /**
   * `safe`, the default: `-` and `_`, which shells, URLs, mail programs and Markdown leave alone. `all`: those that
   * Authgear itself takes. Or the symbols themselves.
   */
  symbols?: "safe" | "all" | (string & {});
  /** Leaves out characters that are taken for one another, such as `0` and `O`. */
  noLookAlikes?: boolean;
};

/** A password, and how hard it is to guess. */
export type GeneratedPassword = {
  password: string;
  /** The binary logarithm of the number of passwords that it was drawn from, each with the same chance. */
  entropyBits: number;
};

/** What a password can break, in Authgear's names. */
export type PasswordViolation =
  | "PasswordTooShort"
  | "PasswordUppercaseRequired"
  | "PasswordLowercaseRequired"
  | "PasswordAlphabetRequired"
  | "PasswordDigitRequired"
  | "PasswordSymbolRequired"
  | "PasswordContainingExcludedKeywords";

/** Policy or options are wrong, or no password can satisfy both; the message has a line for each problem. */
export class PasswordPolicyError extends Error {
  override readonly name = "PasswordPolicyError";
}

/**
 * Makes a password. All that satisfy policy and options are as likely; what Rust held of it is wiped, but not the string
 * that JavaScript gets.
 *
 * ```ts
 * const { password } = generatePassword({ min_length: 12, digit_required: true });
 * ```
 *
 * @throws {PasswordPolicyError}
 * @throws The system's generator failed; there is no weaker source to fall back on.
 */
export function generatePassword(policy: PasswordPolicy = {}, options: PasswordOptions = {}): GeneratedPassword {
  return createPasswordGenerator(policy, options)();
}

/**
 * The same for many passwords under one policy, whose passwords are counted once.
 *
 * @throws {PasswordPolicyError}
 */
export function createPasswordGenerator(
  policy: PasswordPolicy = {},
  options: PasswordOptions = {},
): () => GeneratedPassword {
  const passwords = checked(() => new Passwords(toJson(policy), toJson(options)));
  const { entropyBits } = passwords;
  return () => ({ password: passwords.generate(), entropyBits });
}

/**
 * All that a password breaks, but for how guessable it is, which takes a dictionary.
 *
 * @throws {PasswordPolicyError}
 */
export function checkPassword(password: string, policy: PasswordPolicy = {}): PasswordViolation[] {
  return checked(() => violations(`${password}`, toJson(policy))) as PasswordViolation[];
}

function checked<T>(work: () => T): T {
  start();
  try {
    return work();
  } catch (error) {
    throw new PasswordPolicyError((error as Error).message);
  }
}
