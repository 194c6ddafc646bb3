/** A row of what is imported: which columns it may have, and what is wrong with it. */
import type { LoginId } from "../../admin.ts";
import { canonicalLocale, LOGIN_KINDS, type LoginKind, loginProblem } from "../login.ts";

export const FIELDS = [
  ...LOGIN_KINDS,
  "locale",
  "name",
  "given_name",
  "family_name",
  "nickname",
  "inviter",
  "message",
] as const;
export type Field = (typeof FIELDS)[number];
/** What a column holds: a field, or what a placeholder of the envelope stands for. */
export type Column = Field | `values.${string}`;
export type Fields = { [column in Column]?: string };

/** What the import API has for a user, beside the logins and the locale. */
export const NAMES = ["name", "given_name", "family_name", "nickname"] as const;

export type Row = {
  /** Counts the rows from 1; a header is none. */
  number: number;
  /** Where it begins, counted from 1. */
  line: number;
  fields: Fields;
  /** `field: must be …`; nothing of a value is in it. */
  problems: string[];
};

/** Authgear's own names for the same. */
const ALIASES: { [header: string]: Field } = {
  e_mail: "email",
  phone_number: "phone",
  preferred_username: "username",
};
/** Names and placeholders travel in a URL, and nobody is called longer. */
const MOST = 100;

export const isField = (name: string): name is Field => FIELDS.some((it) => it === name);

/** The field that a column's header names, whatever its case, spaces and hyphens. */
export function fieldOf(header: string): Field | undefined {
  const plain = header
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return isField(plain) ? plain : Object.hasOwn(ALIASES, plain) ? ALIASES[plain] : undefined;
}

/** What an account logs in by: the first of e-mail address, phone number and username that the row has. */
export function loginOf(fields: Fields): [kind: LoginKind, value: string] | undefined {
  const kind = LOGIN_KINDS.find((it) => fields[it] !== undefined);
  return kind && [kind, fields[kind] as string];
}

export const toLoginId = ([kind, value]: [LoginKind, string]) => ({ [kind]: value }) as LoginId;

/** The column that holds what a placeholder stands for. */
export const ofPlaceholder = (name: string): Column => `values.${name}`;

/** What the placeholders stand for; `undefined` where none is there. */
export function placeholdersOf(fields: Fields): { [placeholder: string]: string } | undefined {
  const values = Object.entries(fields).flatMap(([column, value]) =>
    value !== undefined && column.startsWith("values.") ? [[column.slice("values.".length), value]] : [],
  );
  return values.length > 0 ? Object.fromEntries(values) : undefined;
}

/** A value as it is imported; `undefined` for one that is not there. */
export function clean(column: Column, value: string): string | undefined {
  const text = value.trim();
  if (text === "") return undefined;
  return column === "locale" ? (canonicalLocale(text) ?? text) : text;
}

export function problemsOf(fields: Fields, messageProblem: (name: string) => string | undefined): string[] {
  const problems = Object.entries(fields).flatMap(([column, value]) => {
    const problem = value === undefined ? undefined : problemOf(column, value, messageProblem);
    return problem ? [`${column}: ${problem}`] : [];
  });
  return loginOf(fields) ? problems : ["has no email, phone or username", ...problems];
}

function problemOf(column: string, value: string, messageProblem: (name: string) => string | undefined) {
  if (value.includes("\ufffd")) return "is not UTF-8 text; save the file as UTF-8";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(value)) return "must be one line without control characters";
  if (column === "email" || column === "phone" || column === "username") return loginProblem(column, value);
  if (column === "locale") return canonicalLocale(value) ? undefined : "must be a BCP 47 tag, as ja or zh-Hant";
  if (value.length > MOST) return `must have at most ${MOST} characters`;
  return column === "message" ? messageProblem(value) : undefined;
}
