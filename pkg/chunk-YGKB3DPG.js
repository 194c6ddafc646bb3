import {
  Passwords,
  start,
  toJson,
  violations
} from "./chunk-BHWBT5ZH.js";
import {
  bytes,
  hex,
  hmac
} from "./chunk-IWARGDW3.js";

// ts/envelope.ts
var SECRET_LENGTH = 32;
var CONTEXT = "authgear-invite.envelope.v1";
async function sealEnvelope(envelope, loginId, secret) {
  const { expires, name, givenName, familyName, nickname, inviter, message, suppress, values } = envelope;
  if (Number.isNaN(expires.getTime())) throw new TypeError("expires: must be a date");
  if (!/^.+$/.test(loginId)) throw new TypeError("loginId: must be one line, not empty");
  if ([...secret].length < SECRET_LENGTH) throw new TypeError(`secret: must have at least ${SECRET_LENGTH} characters`);
  const payload = JSON.stringify({
    v: 1,
    exp: Math.floor(expires.getTime() / 1e3),
    name,
    given_name: givenName,
    family_name: familyName,
    nickname,
    inviter,
    message,
    suppress,
    values
  });
  return `${payload}.${hex(await hmac(bytes(secret), `${CONTEXT}
${loginId}
${payload}`))}`;
}

// ts/password.ts
var PasswordPolicyError = class extends Error {
  name = "PasswordPolicyError";
};
function generatePassword(policy = {}, options = {}) {
  return createPasswordGenerator(policy, options)();
}
function createPasswordGenerator(policy = {}, options = {}) {
  const passwords = checked(() => new Passwords(toJson(policy), toJson(options)));
  const { entropyBits } = passwords;
  return () => ({ password: passwords.generate(), entropyBits });
}
function checkPassword(password, policy = {}) {
  return checked(() => violations(`${password}`, toJson(policy)));
}
function checked(work) {
  start();
  try {
    return work();
  } catch (error) {
    throw new PasswordPolicyError(error.message);
  }
}

export {
  SECRET_LENGTH,
  sealEnvelope,
  PasswordPolicyError,
  generatePassword,
  createPasswordGenerator,
  checkPassword
};
