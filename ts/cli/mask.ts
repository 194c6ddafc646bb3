/** Logins as a terminal may show them: enough to know whom it is about, for those who know. */

/** `a***@user.example`, `***67` for a phone number, `a***` for a username. */
export function masked(login: string): string {
  if (/^\+\d+$/.test(login)) return `***${login.slice(-2)}`;
  const at = login.lastIndexOf("@");
  return `${[...login][0] ?? ""}***${at > 0 ? login.slice(at) : ""}`;
}

/** The login of an event's user, masked: what was typed, before what Authgear made of it. */
export function maskedLogin(event: unknown): string | undefined {
  const { user, identities } = ((event ?? {}) as { payload?: Payload | null }).payload ?? {};
  const typed = (Array.isArray(identities) ? identities : []).map(
    (it) => it?.claims?.["https://authgear.com/claims/login_id/original_value"],
  );
  const { email, phone_number, preferred_username } = user?.standard_attributes ?? {};
  const login = [...typed, email, phone_number, preferred_username].find((it) => typeof it === "string" && it);
  return login === undefined ? undefined : masked(login as string);
}

/** What is read of it, which others wrote. */
type Payload = {
  user?: { standard_attributes?: { [name: string]: unknown } | null } | null;
  identities?: ({ claims?: { [name: string]: unknown } | null } | null)[] | null;
};
