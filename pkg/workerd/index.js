import {
  ConfigError,
  Passwords,
  chooseLocales,
  createEngine,
  createSoundEngine,
  localeProblems,
  renderInput,
  run,
  sign,
  start,
  toJson,
  violations
} from "./chunk-IAMNOOHH.js";
import {
  HOST,
  bytes,
  hex,
  hmac
} from "./chunk-ZFT7G6F6.js";

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

// ts/index.ts
function createHook(config, options = {}) {
  const builtIn = builtInOf(options);
  const engine = createSoundEngine(config, builtIn);
  const setup = { config, builtin: JSON.stringify(builtIn), host: { ...HOST, sign, ...options.host } };
  return (event) => run(readable(event), () => engine, setup);
}
function decide(event, config, options = {}) {
  return withEngine(config, options, (engine) => engine.decide(readable(event)));
}
function preview(config, event, locale, options = {}) {
  if (locale !== void 0 && typeof locale !== "string") throw new TypeError("locale: must be a string");
  return withEngine(config, options, (engine) => engine.preview(readable(event), locale));
}
function checkConfig(config, options = {}) {
  return withEngine(config, options, (engine) => engine.problems);
}
function renderTemplate(template, values, options = {}) {
  const rendered = renderInput({ template, values, options });
  if ("text" in rendered) return rendered.text;
  if ("errors" in rendered) throw new TemplateError(rendered.errors);
  throw new TypeError(rendered.problems.join("\n"));
}
var TemplateError = class extends Error {
  name = "TemplateError";
  errors;
  constructor(errors) {
    const lines = errors.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`);
    super(`the template is wrong:
${lines.join("\n")}`);
    this.errors = errors;
  }
};
function builtInOf({ locales }) {
  const problems = localeProblems(locales);
  if (problems.length > 0) throw new ConfigError(problems);
  return chooseLocales(locales);
}
function withEngine(config, options, use) {
  const engine = createEngine(config, builtInOf(options));
  try {
    return use(engine);
  } finally {
    engine.free();
  }
}
function readable(event) {
  try {
    return toJson(event);
  } catch {
    return void 0;
  }
}
export {
  ConfigError,
  PasswordPolicyError,
  TemplateError,
  checkConfig,
  checkPassword,
  createHook,
  createPasswordGenerator,
  decide,
  generatePassword,
  preview,
  renderTemplate,
  sealEnvelope
};
