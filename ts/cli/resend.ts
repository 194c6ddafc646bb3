/** `authgear-invite resend`: the invitation once more, for somebody who lost it. */
import { randomUUID } from "node:crypto";
import { type Admin, AdminApiError, type UserDetails } from "../admin.ts";
import type { UserCreatedEvent } from "../authgear.ts";
import type { Send } from "../core.ts";
import { loadAdmin } from "./admin-config.ts";
import { confirm } from "./ask.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values } from "./command.ts";
import { loadConfig } from "./config-file.ts";
import { failure, readLoginId } from "./create.ts";
import { eventFor, sendNow } from "./invitation.ts";
import { readLocale } from "./login.ts";
import { masked } from "./mask.ts";
import { asOfNow } from "./reconcile/judge.ts";
import { describe } from "./send.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

export const resend: Command = {
  summary: "Send a user the invitation once more",
  options: {
    config: CONFIG,
    user: { value: "ID", help: "the user's ID" },
    email: { value: "ADDRESS", help: "or an e-mail address" },
    phone: { value: "NUMBER", help: "or a phone number, as +85251000001" },
    username: { value: "NAME", help: "or a username" },
    locale: { value: "TAG", help: "a BCP 47 tag, as if it were the user's own" },
    yes: { help: "do not ask" },
    json: { help: "one JSON object, also for a failure: outcome, user_id, provider …" },
  },
  examples: [
    ["resend --email new@user.example", "Find the one user with this address, ask, and send"],
    ["resend --user 7b3c1c3e-52a5-4e0f-8f0b-6d1a9e0f4c11 --locale ja --yes --json", "For a program"],
  ],
  notes: `It is a second message on purpose: it has an idempotency key of its own each time, so that no provider takes it for a
repetition of the first. The text follows from the account as it is now, as for a new one that the Admin API made; rules that
ask for more of the event (the Portal, a client) do not match. The configuration's admin block is needed, as for create.
It exits with 1 when nothing was sent, or nobody knows whether it was.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const { config: file = "", user, yes, json } = values;
  const locale = readLocale(values);
  const find = readWhom(values);
  const { admin } = loadAdmin(file);
  const loaded = loadConfig(file, { without: ["webhook"] });
  const fail = (reason: string, why: string, more: object = {}): Exit => {
    if (json) print(jsonLine({ outcome: "failed", reason, ...more }));
    process.stderr.write(`authgear-invite: ${visibleLine(why)}\n`);
    return EXIT.failed;
  };

  const { ids, details } = await lookUp(find, admin).catch((error) => {
    if (json && error instanceof AdminApiError) print(jsonLine(failure(error)));
    throw error;
  });
  if (ids.length > 1)
    return fail("several", `several users match; give one of them as --user: ${ids.join(", ")}`, { user_ids: ids });
  if (!details) return fail("not_found", `there is no such user${user ? "" : "; perhaps the login is another one"}`);

  const event = secondEvent(details, locale);
  const decision = loaded.engine.decide(event);
  if (decision.type === "send" && !yes) {
    if (details.lastLoginAt) process.stderr.write(`The user has logged in already, last at ${details.lastLoginAt}.\n`);
    if (!(await confirm(question(decision, details.id)))) {
      process.stderr.write("Nothing was sent.\n");
      return EXIT.failed;
    }
  }
  const end = await sendNow(event, loaded);
  print(json ? jsonLine({ user_id: details.id, ...end }) : describe(end));
  return end.outcome === "sent" ? EXIT.done : EXIT.failed;
}

type Find = (admin: Admin) => Promise<string[]>;

/** The users who are meant; of one alone, what is known. */
async function lookUp(find: Find, admin: Admin): Promise<{ ids: string[]; details?: UserDetails }> {
  const ids = await find(admin);
  const [only, ...more] = ids;
  return { ids, details: only !== undefined && more.length === 0 ? await admin.details(only) : undefined };
}

/** How to find the IDs of the users who are meant. */
function readWhom({ user, email, phone, username }: Values): Find {
  const logins = { email, phone, username };
  const given = Object.values({ user, ...logins }).filter((it) => it !== undefined);
  if (given.length !== 1) throw new UsageError("resend: give one of --user, --email, --phone and --username");
  if (user !== undefined) return async () => [user];
  const [[kind, value] = ["email", ""]] = Object.entries(readLoginId(logins));
  return async (admin) =>
    (await admin.usersByAttribute(ATTRIBUTES[kind as keyof typeof ATTRIBUTES], value)).map(({ id }) => id);
}

const ATTRIBUTES = { email: "email", phone: "phone_number", username: "preferred_username" } as const;

const CLAIM = "https://authgear.com/claims/login_id/";

/** As Authgear would fire it for the account of today, under an ID of its own. */
function secondEvent(user: UserDetails, locale: string | undefined): UserCreatedEvent {
  const { id, createdAt, customAttributes, canReauthenticate, roles, groups, identities } = user;
  const event = eventFor(
    {
      id,
      createdAt,
      logins: identities.flatMap(({ type, claims }) =>
        type === "login_id"
          ? [{ kind: claims[`${CLAIM}type`] as "email", typed: `${claims[`${CLAIM}original_value`]}` }]
          : [],
      ),
      oauthEmails: identities.flatMap(({ type, claims }) =>
        type === "oauth" && typeof claims.email === "string" ? [claims.email] : [],
      ),
      standardAttributes: { ...user.standardAttributes, ...(locale !== undefined && { locale }) },
      customAttributes,
      canReauthenticate,
      roles,
      groups,
    },
    { id: `resend-${randomUUID()}` },
  );
  return asOfNow(event, user);
}

function question({ message, locale, address, to, attempts: [first] }: Send, id: string): string {
  const whom = to === "user" ? masked(address) : `${masked(address)}, who passes it on,`;
  return `Send ${message} in ${locale} by ${first?.provider} to ${whom} for user ${id}?`;
}
