/** What somebody may log in by, and a language, as people write them. */
import { UsageError, type Values } from "./command.ts";

export const LOGIN_KINDS = ["email", "phone", "username"] as const;
export type LoginKind = (typeof LOGIN_KINDS)[number];

const MOST = { email: 254, phone: 16, username: 100 };

/** What is wrong with it, as `must be …`; nothing of the value is in it. */
export function loginProblem(kind: LoginKind, value: string): string | undefined {
  if (kind === "email" && !/^[^\s@]+@[^\s@]+$/.test(value)) return "must be an e-mail address, as new@user.example";
  if (kind === "phone" && !/^\+[1-9]\d{6,14}$/.test(value))
    return "must be + and digits with the country's code, as +85251000001";
  if (value.trim() === "") return "must not be empty";
  return value.length > MOST[kind] ? `must have at most ${MOST[kind]} characters` : undefined;
}

/** A BCP 47 tag in its canonical form; `undefined` when it is none. */
export function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** The language on the command line, where one is given. */
export function readLocale({ locale }: Values): string | undefined {
  if (locale === undefined) return undefined;
  const tag = canonicalLocale(locale);
  if (tag === undefined) throw new UsageError("--locale: must be a BCP 47 tag, as ja or zh-Hant");
  return tag;
}
