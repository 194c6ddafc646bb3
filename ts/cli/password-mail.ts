/** The mail that carries a new account's password, sent from here: `create --password we-send`. */
import type { User } from "../admin.ts";
import { ConfigError } from "../engine.ts";
import type { Conclusion } from "../run.ts";
import { loadConfig } from "./config-file.ts";
import { eventFor, sendNow } from "./invitation.ts";

export type PasswordMail = {
  /** Sends it. Does not throw. */
  send: (account: Pick<User, "id" | "createdAt">, password: string) => Promise<Conclusion>;
};

/** Shown to nobody: it stands in for the password while nothing has been made yet. */
const STAND_IN = "x";

/**
 * Sees to it that the mail can be sent, before there is an account that needs it.
 *
 * @throws {ConfigError} The configuration is wrong, or sends no such mail.
 */
export function preparePasswordMail(file: string, email: string, locale: string | undefined): PasswordMail {
  const loaded = loadConfig(file, { without: ["webhook"] });
  if (loaded.config.signIn === "code")
    throw new ConfigError([`${file}: signIn: is code, and such a project has no passwords; use --password none`]);
  const eventOf = ({ id, createdAt }: Pick<User, "id" | "createdAt">) =>
    eventFor({ id, createdAt, logins: [{ kind: "email", typed: email }] }, { locale });
  const decide = (account: Pick<User, "id" | "createdAt">, password: string) =>
    loaded.engine.decidePassword(eventOf(account), password);

  const trial = decide({ id: STAND_IN, createdAt: new Date().toISOString() }, STAND_IN);
  if (trial.type === "invalid") throw new ConfigError(trial.problems.map((it) => `${file}: ${it}`));
  if (trial.type === "skip") throw new ConfigError([`${file}: the mail cannot be sent: ${trial.detail}`]);
  return { send: (account, password) => sendNow(eventOf(account), loaded, decide(account, password)) };
}
