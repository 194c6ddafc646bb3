/** `authgear-invite create`: an account for somebody else, and its password. */
import { AdminApiError, type EventContext, isDuplicate, type LoginId, type NewUser, type User } from "../admin.ts";
import { ConfigError } from "../engine.ts";
import type { Conclusion } from "../run.ts";
import { loadAdmin, problemsOf } from "./admin-config.ts";
import { CONFIG, type Command, EXIT, type Exit, type Lists, oneOf, print, UsageError, type Values } from "./command.ts";
import { ENVELOPE_NOTES, ENVELOPE_OPTIONS, loadEnvelope, readEnvelope, seal } from "./envelope.ts";
import { type LoginKind, loginProblem, readLocale } from "./login.ts";
import { preparePasswordMail } from "./password-mail.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

const MODES = ["throwaway", "authgear-sends", "we-send", "none"] as const;
type Mode = (typeof MODES)[number];

const EFFECTS: { [mode in Mode]: [made: string, hook: string] } = {
  throwaway: ["with a random password that nobody knows", "the hook sends the invitation"],
  "authgear-sends": ["with a password that Authgear has mailed", "the hook sees the account, too"],
  "we-send": ["with a password that was mailed to its owner", "the hook sees the account, too"],
  none: ["without a password", "the hook sends the invitation"],
};

export const create: Command = {
  summary: "Create an account for somebody else",
  options: {
    config: CONFIG,
    email: { value: "ADDRESS", help: "the new user's login: this e-mail address" },
    phone: { value: "NUMBER", help: "or this phone number, as +85251000001" },
    username: { value: "NAME", help: "or this username" },
    locale: { value: "TAG", help: "the language of the new user, as ja or zh-Hant" },
    password: { value: "MODE", default: "throwaway", choices: MODES, help: MODES.join(", ") },
    "change-at-login": { help: "with authgear-sends: the password must be changed at the first login" },
    "keep-password": { help: "with we-send: it need not be changed at the first login" },
    "also-invite": { help: "with we-send: the hook may send its message, too, or its rules leave the account out" },
    ...ENVELOPE_OPTIONS,
    json: { help: "one JSON object, also for a failure" },
  },
  examples: [
    ["create --email new@user.example", "An account whose owner sets the password by Forgot Password"],
    ["create --phone +85251000001 --locale zh-Hant", "The same by SMS, in Chinese"],
    [
      'create --email new@user.example --name "Ada Lovelace" --inviter Grace',
      "The message says who it is for, and by whom",
    ],
    ["create --email new@user.example --password authgear-sends --change-at-login", "Authgear mails the password"],
    ["create --email new@user.example --password we-send", "Your own mail, by your own provider, carries the password"],
  ],
  notes: `Passwords: throwaway makes a random one, sends it to nobody and shows it to nobody. authgear-sends has Authgear make one
and mail it: your hook sees that account, too, and sends its own message unless its rules say otherwise. we-send mails one
from here, by the senders of the configuration, and has it changed at the first login; whoever reads that mail has the
password. An envelope (see below) keeps your hook silent about that account. none makes none.

${ENVELOPE_NOTES}

The configuration's admin block holds the key from the Portal's Admin API page; the rest of the file matters to we-send and to
what is sealed alone:
  "admin": { "endpoint": "https://acme.authgear.cloud", "projectId": "acme", "keyId": "…",
             "privateKey": {"file": "admin-key.pem"}, "passwordPolicy": {"min_length": 12} }
passwordPolicy has the names of authenticator.password.policy in authgear.yaml. Without it a password has 32 characters
of all kinds.

A lost answer is looked into: the account is made once, and the exit code tells the truth. What could not be found out is
a failure whose JSON says in_doubt.`,
  run,
};

async function run(values: Values, _: string[], lists: Lists): Promise<Exit> {
  const mode = oneOf(values, "password", MODES);
  const loginId = readLoginId(values);
  const context = readContext(values);
  const said = readEnvelope(values, lists);
  checkMode(mode, loginId, values);

  const file = values.config ?? "";
  const { admin, password } = loadAdmin(file);
  const alone = mode === "we-send" && !values["also-invite"];
  const sealed = alone ? { ...said, suppress: true } : said;
  if (sealed) {
    const block = loadEnvelope(file);
    if (!block) throw new UsageError(alone ? NOT_ALONE : NOT_SEALED);
    context.x_state = await seal(sealed, Object.values(loginId).join(), block);
  }
  const mail = mode === "we-send" && "email" in loginId ? preparePasswordMail(file, loginId.email, context) : undefined;
  const user: NewUser = { loginId, ...passwordFor(mode, password, values) };
  let made: User;
  try {
    made = await admin.createUser(user, context);
  } catch (error) {
    if (!(error instanceof AdminApiError)) throw new ConfigError(problemsOf(error).map((it) => `${file}: ${it}`));
    if (values.json) print(jsonLine(failure(error)));
    process.stderr.write(`authgear-invite: ${explain(error)}\n`);
    return EXIT.failed;
  }
  const sent = await mail?.send(made, user.password ?? "");
  const failed = sent && sent.outcome !== "sent" ? sent : undefined;
  if (values.json)
    print(jsonLine({ outcome: "created", user_id: made.id, node_id: made.nodeId, password: mode, mail: sent }));
  else if (!failed) print(`Created ${made.id} ${effect(mode, sealed?.suppress)}.`);
  if (failed) process.stderr.write(`authgear-invite: ${visibleLine(explainMail(made.id, failed))}\n`);
  return failed ? EXIT.failed : EXIT.done;
}

const NOT_ALONE =
  '--password: we-send takes an "envelope" in the configuration, or the hook sends its own message, too; see --help, or ' +
  "say --also-invite";
const NOT_SEALED =
  "create: what createUser cannot say takes a secret to seal it with; give the configuration " +
  '"envelope": { "secrets": [{"env": "ENVELOPE_SECRET"}] }, and the hook the same';

function effect(mode: Mode, silent: boolean | undefined): string {
  const [made, hook] = EFFECTS[mode];
  return `${made}; ${silent ? "the hook sends no message" : hook}`;
}

function checkMode(mode: Mode, loginId: LoginId, values: Values): void {
  if ((mode === "authgear-sends" || mode === "we-send") && !("email" in loginId))
    throw new UsageError(`--password: ${mode} goes with --email; passwords are sent by e-mail alone`);
  for (const [option, needed] of [
    ["change-at-login", "authgear-sends"],
    ["keep-password", "we-send"],
    ["also-invite", "we-send"],
  ] as const)
    if (values[option] && mode !== needed) throw new UsageError(`--${option}: goes with --password ${needed}`);
}

function passwordFor(mode: Mode, password: () => string, values: Values): Omit<NewUser, "loginId"> {
  switch (mode) {
    case "throwaway":
      return { password: password() };
    case "authgear-sends":
      return { password: "", sendPassword: true, setPasswordExpired: values["change-at-login"] !== undefined };
    case "we-send":
      return { password: password(), setPasswordExpired: values["keep-password"] === undefined };
    case "none":
      return { password: null };
  }
}

/** The one login ID on the command line. */
export function readLoginId({ email, phone, username }: Values): LoginId {
  const given = Object.entries({ email, phone, username }).filter(([, value]) => value !== undefined);
  const [only, ...more] = given;
  if (!only || more.length > 0) throw new UsageError("create: give one of --email, --phone and --username");
  const problem = loginProblem(only[0] as LoginKind, only[1] ?? "");
  if (problem) throw new UsageError(`--${only[0]}: ${problem}`);
  return { [only[0]]: only[1] } as LoginId;
}

function readContext(values: Values): EventContext {
  const tag = readLocale(values);
  return tag === undefined ? {} : { ui_locales: tag };
}

/** A failed call of the Admin API, for a program. */
export const failure = ({ fault, reason, causes, status, retryAfterMs, inDoubt }: AdminApiError) => ({
  outcome: "failed",
  fault,
  reason,
  causes,
  status,
  retry_after_seconds: retryAfterMs && Math.ceil(retryAfterMs / 1000),
  in_doubt: inDoubt,
});

function explainMail(id: string, { outcome, reason }: Exclude<Conclusion, { outcome: "sent" }>): string {
  const what = outcome === "unknown" ? "may not have been mailed" : "was not mailed";
  return (
    `made ${id}, but its password ${what}, and nobody knows it: ${reason}; ` +
    `"authgear-invite resend --user ${id}" sends the invitation, with which its owner can set another`
  );
}

/** Why it failed, for people. */
export function explain(error: AdminApiError): string {
  const { causes, reason, message } = error;
  if (isDuplicate(error)) return "there is an account with this login already; nothing was changed";
  if (causes.includes("InvalidLoginIDKey"))
    return "the project has no such login; see its Authentication > Login Methods";
  if (reason === "PasswordPolicyViolated")
    return `the project's policy does not take the password (${causes.join(", ")}); tell it in admin.passwordPolicy`;
  return message;
}
