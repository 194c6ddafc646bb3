/** The envelope: what an admin knows of a new user and `createUser` cannot say, sealed for the hook. See docs/envelope.md. */
import { bytes, hex, hmac } from "./digest.ts";

/** What the hook is told of one account, beside the event. */
export type Envelope = {
  /** From this second on, by the event's own time, it is ignored. */
  expires: Date;
  name?: string;
  givenName?: string;
  familyName?: string;
  nickname?: string;
  /** Who invites the user: `{inviter}`. */
  inviter?: string;
  /** The name of another message than the rule's. */
  message?: string;
  /** `true`: no message is sent. */
  suppress?: boolean;
  /** What the placeholders that `envelope.placeholders` of the configuration names stand for. */
  values?: { [placeholder: string]: string };
};

/** The fewest characters of a secret. */
export const SECRET_LENGTH = 32;

const CONTEXT = "authgear-invite.envelope.v1";

/**
 * The envelope as a value for `x_state`. The hook takes it for this login ID alone, which does not stand in it.
 *
 * ```ts
 * const x_state = await sealEnvelope({ expires, name: "Ada", inviter: "Grace" }, "ada@customer.example", secret);
 * await admin.createUser({ loginId: { email: "ada@customer.example" } }, { x_state });
 * ```
 *
 * @param loginId - As `createUser` is given it, letter for letter.
 * @param secret - One of `envelope.secrets` of the configuration.
 * @throws {TypeError} The date is none, the login ID is empty or has a line break, or the secret is too short.
 */
export async function sealEnvelope(envelope: Envelope, loginId: string, secret: string): Promise<string> {
  const { expires, name, givenName, familyName, nickname, inviter, message, suppress, values } = envelope;
  if (Number.isNaN(expires.getTime())) throw new TypeError("expires: must be a date");
  if (!/^.+$/.test(loginId)) throw new TypeError("loginId: must be one line, not empty");
  if ([...secret].length < SECRET_LENGTH) throw new TypeError(`secret: must have at least ${SECRET_LENGTH} characters`);
  const payload = JSON.stringify({
    v: 1,
    exp: Math.floor(expires.getTime() / 1000),
    name,
    given_name: givenName,
    family_name: familyName,
    nickname,
    inviter,
    message,
    suppress,
    values,
  });
  return `${payload}.${hex(await hmac(bytes(secret), `${CONTEXT}\n${loginId}\n${payload}`))}`;
}
