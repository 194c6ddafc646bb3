/** What `createUser` cannot say of a user travels in an envelope, where the configuration has a secret for it. */
import { sealEnvelope } from "../../envelope.ts";
import { type Fields, loginOf, placeholdersOf } from "./fields.ts";
import type { Work } from "./work.ts";

export function sealer(secret: string | undefined): Work["seal"] {
  return async (fields: Fields, expires: Date) => {
    const login = loginOf(fields);
    const { name, given_name: givenName, family_name: familyName, nickname, inviter, message } = fields;
    const content = { name, givenName, familyName, nickname, inviter, message, values: placeholdersOf(fields) };
    if (secret === undefined || !login || Object.values(content).every((it) => it === undefined)) return undefined;
    return sealEnvelope({ expires, ...content }, login[1], secret);
  };
}
