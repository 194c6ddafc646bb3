import {
  Passwords,
  start,
  toJson,
  violations
} from "./chunk-T3S7OYID.js";

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
  PasswordPolicyError,
  generatePassword,
  createPasswordGenerator,
  checkPassword
};
