/** The mail that carries a new account's password, sent from here: `create --password we-send`. */
import type { EventContext, User } from "../admin.ts";
import type { Decision } from "../core.ts";
import { ConfigError } from "../engine.ts";
import type { Conclusion } from "../run.ts";
import { type LoadedConfig, loadConfig } from "./config-file.ts";
import { eventFor, sendNow } from "./invitation.ts";

export type PasswordMail = {
  /** Does not throw. */
  send: (account: Made, password: string) => Promise<Conclusion>;
};

type Made = Pick<User, "id" | "createdAt">;

/** Stands in for the account and its password while neither has been made. */
const STAND_IN = "x";

/**
 * Sees to it that the mail can be sent, before there is an account that needs it.
 *
 * @param context - What `createUser` is told, too: the language, and an envelope with the new user's name.
 * @throws {ConfigError} The configuration is wrong, or sends no such mail.
 */
export function preparePasswordMail(file: string, email: string, context: EventContext): PasswordMail {
  const loaded = loadConfig(file, { without: ["webhook"] });
  const eventOf = ({ id, createdAt }: Made) => {
    const event = eventFor(
      { id, createdAt, logins: [{ kind: "email", typed: email }] },
      { locale: context.ui_locales },
    );
    return { ...event, context: { ...event.context, oauth: { x_state: context.x_state } } };
  };
  const decide = (account: Made, password: string) => loaded.engine.decidePassword(eventOf(account), password);

  const problems = obstacles(loaded, decide({ id: STAND_IN, createdAt: new Date().toISOString() }, STAND_IN));
  if (problems.length > 0) throw new ConfigError(problems.map((it) => `${file}: ${it}`));
  return { send: (account, password) => sendNow(eventOf(account), loaded, decide(account, password)) };
}

function obstacles({ config }: LoadedConfig, trial: Decision): string[] {
  if (config.signIn === "code") return ["signIn: is code, and such a project has no passwords; use --password none"];
  if (trial.type === "invalid") return trial.problems;
  return trial.type === "skip" ? [`the mail cannot be sent: ${trial.detail}`] : [];
}
