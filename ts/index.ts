/**
 * authgear-invite: when an admin creates an account in Authgear, its new owner learns how to get in.
 *
 * ```ts
 * import { createHook } from "authgear-invite";
 *
 * const hook = createHook({
 *   serviceName: "Acme",
 *   url: "https://accounts.acme.example",
 *   email: [{ provider: "resend", apiKey, from: "Acme <no-reply@acme.example>" }],
 * });
 * const outcome = await hook(event);
 * ```
 *
 * @module
 */
import type { Config } from "./config.ts";
import type { Decision, Preview, TemplateFault } from "./core.ts";
import { ConfigError, createEngine, createSoundEngine, type Engine, renderInput, toJson } from "./engine.ts";
import { HOST, type Host } from "./host.ts";
import { chooseLocales, localeProblems } from "./locales.ts";
import { type Outcome, run } from "./run.ts";
import { sign } from "./sign.ts";

export type * from "./authgear.ts";
export type * from "./config.ts";
export type {
  Attempt,
  Decision,
  EmailPreview,
  HttpRequest,
  Invalid,
  Preview,
  Send,
  Skip,
  SmsPreview,
  TemplateFault,
} from "./core.ts";
export type { Delivery, Try } from "./deliver.ts";
export { ConfigError } from "./engine.ts";
export { type Envelope, sealEnvelope } from "./envelope.ts";
export type { Host } from "./host.ts";
export {
  checkPassword,
  createPasswordGenerator,
  type GeneratedPassword,
  generatePassword,
  type PasswordOptions,
  type PasswordPolicy,
  PasswordPolicyError,
  type PasswordViolation,
} from "./password.ts";
export type { Report } from "./report.ts";
export type { Conclusion, Outcome } from "./run.ts";

/** What every function here can be told beside the configuration. */
export type Options = {
  /** Which locales of the built-in messages to use. Default: all. */
  locales?: readonly string[];
};

/** What {@link createHook} can be told beside the configuration. */
export type HookOptions = Options & {
  /** Replaces parts of the world: `fetch`, the clock, chance. For tests. */
  host?: Partial<Host>;
};

/** Handles one event. Never rejects: what went wrong is in the outcome. */
export type Hook = (event: unknown) => Promise<Outcome>;

/**
 * A function that handles Authgear's events: it decides, sends, and says what became of it.
 *
 * ```ts
 * const hook = createHook(config);
 * const outcome = await hook(event);
 * if ("outcome" in outcome && outcome.outcome === "not_sent") console.error(outcome.reason);
 * ```
 *
 * @throws {ConfigError} The configuration is wrong.
 */
export function createHook(config: Config, options: HookOptions = {}): Hook {
  const builtIn = builtInOf(options);
  const engine = createSoundEngine(config, builtIn);
  const setup = { config, builtin: JSON.stringify(builtIn), host: { ...HOST, sign, ...options.host } };
  return (event) => run(readable(event), () => engine, setup);
}

/**
 * What an event leads to, with each provider's request, without sending anything.
 *
 * ```ts
 * const decision = decide(event, config);
 * assert.equal(decision.type, "send");
 * ```
 *
 * A wrong configuration is the decision `invalid`; what is no event is a `skip`.
 *
 * @throws {ConfigError} `options.locales` names what is not built in.
 */
export function decide(event: unknown, config: Config, options: Options = {}): Decision {
  return withEngine(config, options, (engine) => engine.decide(readable(event)));
}

/**
 * The message that an event leads to, as its reader would see it. A provider is not needed yet.
 *
 * ```ts
 * const shown = preview(config, event, "ja");
 * if (shown.type === "message") console.log(shown.text);
 * ```
 *
 * @param locale - A BCP 47 tag that stands in for the user's own: a message that has no text in it falls back as it would
 *   for such a user. Left out: the user's own.
 * @throws {ConfigError} `options.locales` names what is not built in.
 * @throws {TypeError} The locale is no string.
 */
export function preview(config: Config, event: unknown, locale?: string, options: Options = {}): Preview {
  if (locale !== undefined && typeof locale !== "string") throw new TypeError("locale: must be a string");
  return withEngine(config, options, (engine) => engine.preview(readable(event), locale));
}

/**
 * All that is wrong in a configuration: `path: what is wrong; what would be right`. Holds no value.
 *
 * ```ts
 * for (const problem of checkConfig(config)) console.error(problem);
 * ```
 *
 * @throws {ConfigError} `options.locales` names what is not built in.
 */
export function checkConfig(config: Config, options: Options = {}): string[] {
  return withEngine(config, options, (engine) => engine.problems);
}

/** How {@link renderTemplate} reads and prints a template. */
export type TemplateOptions = {
  /** Default `"{ }"`. */
  delimiters?: Config["delimiters"];
  /** The output is HTML: values are escaped and isolated, and refused where escaping would not protect. Default `false`. */
  html?: boolean;
  /** `false`: a name that is not in `values` prints nothing instead of being an error. Default `true`. */
  strict?: boolean;
};

/**
 * Prints a template of the language that messages are written in.
 *
 * ```ts
 * renderTemplate("Hello{#name} {name}{/name}!", { name: "Ada" }); // Hello Ada!
 * ```
 *
 * Strict names are the members of `values`; what stands below an object or a list is not checked.
 *
 * @throws {TemplateError} The template is wrong; every error is told with its line and column.
 * @throws {TypeError} The arguments are wrong.
 */
export function renderTemplate(
  template: string,
  values: { readonly [name: string]: unknown },
  options: TemplateOptions = {},
): string {
  const rendered = renderInput({ template, values, options });
  if ("text" in rendered) return rendered.text;
  if ("errors" in rendered) throw new TemplateError(rendered.errors);
  throw new TypeError(rendered.problems.join("\n"));
}

/** A template that cannot be printed. The message lists every error with its place. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly errors: TemplateFault[];

  constructor(errors: TemplateFault[]) {
    const lines = errors.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`);
    super(`the template is wrong:\n${lines.join("\n")}`);
    this.errors = errors;
  }
}

function builtInOf({ locales }: Options) {
  const problems = localeProblems(locales);
  if (problems.length > 0) throw new ConfigError(problems);
  return chooseLocales(locales);
}

/** For one use, after which its memory is free again. */
function withEngine<T>(config: Config, options: Options, use: (engine: Engine) => T): T {
  const engine = createEngine(config, builtInOf(options));
  try {
    return use(engine);
  } finally {
    engine.free();
  }
}

/** An event as JSON has it; what JSON does not know is no event. */
function readable(event: unknown): unknown {
  try {
    return toJson(event);
  } catch {
    return undefined;
  }
}
