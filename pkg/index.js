import {
  PasswordPolicyError,
  checkPassword,
  createPasswordGenerator,
  generatePassword,
  sealEnvelope
} from "./chunk-YGKB3DPG.js";
import {
  ConfigError,
  chooseLocales,
  createEngine,
  createSoundEngine,
  localeProblems,
  renderInput,
  run,
  sign,
  toJson
} from "./chunk-BHWBT5ZH.js";
import {
  HOST
} from "./chunk-IWARGDW3.js";

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
