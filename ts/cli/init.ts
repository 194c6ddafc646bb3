/** `authgear-invite init`: a first configuration. */
import { writeFileSync } from "node:fs";
import type { Config } from "../config.ts";
import { ACCOUNT, SECRET } from "../config-json.ts";
import { createEngine } from "../engine.ts";
import { BUILT_IN } from "../locales.ts";
import { ask, canAsk } from "./ask.ts";
import { CONFIG, type Command, EXIT, type Exit, print, UsageError, type Values } from "./command.ts";
import { readPart } from "./parts.ts";
import { jsonLine, visibleLine } from "./terminal.ts";

/** Where editors find it once the package is installed beside the configuration. */
const SCHEMA = "./node_modules/authgear-invite/config.schema.json";

type Channel = "email" | "sms";
/** A provider, the options that it cannot do without, and all that it knows. */
type Provider = { name: string; channel: Channel; needs: string[]; knows: string[] };

/** What is asked: the option on the command line is the same with dashes. */
const QUESTIONS: { [key: string]: string } = {
  serviceName: "The name of your site or app, as its users know it",
  url: "The address where users sign in, such as https://accounts.acme.example",
  provider: "Who sends, such as resend, ses or twilio",
  from: "Whom it comes from, such as Acme <no-reply@acme.example>",
  domain: "The domain that you send from at this provider",
  region: "The region, such as eu-west-1",
};

export const init: Command = {
  summary: "Write a first configuration, asking for what it needs",
  options: {
    config: { ...CONFIG, help: "the file to write" },
    ...Object.fromEntries(
      Object.entries(QUESTIONS).map(([key, help]) => [dashed(key), { value: "TEXT", help: lowerFirst(help) }]),
    ),
    provider: {
      value: "TEXT",
      help: lowerFirst(QUESTIONS.provider ?? ""),
      get choices() {
        return providers().map(({ name }) => name);
      },
    },
    "portal-passwords": {
      help: "admins let the Portal generate passwords, which Authgear mails: leave those users out",
    },
    yes: { help: "do not ask" },
    force: { help: "overwrite the file" },
    json: { help: "one JSON object: file, variables" },
  },
  examples: [
    ["init", "Be asked"],
    [
      'init --yes --service-name Acme --url https://accounts.acme.example --provider resend --from "Acme <no-reply@acme.example>"',
      "Without a question",
    ],
  ],
  notes: `Keys are not asked for: the file names environment variables that hold them. A configuration can do much more than
what is asked here; the $schema in it lets editors show all of it, once the package is installed.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const file = values.config ?? "";
  const asks = !values.yes && canAsk();
  const answers = new Answers(values, asks);
  const serviceName = await answers.get("serviceName", (it) => told({ serviceName: it }, "serviceName"));
  const url = await answers.get("url", (it) => told({ url: it }, "url"));
  const known = providers();
  const names = known.map((it) => it.name);
  const name = await answers.get("provider", (it) =>
    names.includes(it) ? undefined : `must be one of ${names.join(", ")}`,
  );
  const { channel, needs, knows } = known.find((it) => it.name === name) as Provider;

  const sender: { [key: string]: unknown } = { provider: name };
  const variables: string[] = [];
  const extras = knows.filter((it) => !needs.includes(it) && it in QUESTIONS && values[dashed(it)] !== undefined);
  for (const key of [...needs, ...extras]) {
    if (SECRET.test(key) || ACCOUNT.test(`.${key}`)) {
      const variable = variableOf(name, key);
      variables.push(variable);
      sender[key] = { env: variable };
    } else {
      const path = `${channel}[0].${key}`;
      sender[key] = await answers.get(key, (it) => told({ [channel]: [{ provider: name, [key]: it }] }, path));
    }
  }
  answers.refuseRest();
  const leavesOut = values["portal-passwords"] ?? (asks && (await confirm()));
  const rules = [{ on: "user.created", when: { origin: ["admin_api_direct"] } }];
  const config = { $schema: SCHEMA, serviceName, url, [channel]: [sender], ...(leavesOut && { rules }) };
  write(file, `${JSON.stringify(config, null, 2)}\n`, values.force !== undefined);
  print(values.json ? jsonLine({ file, variables }) : nextSteps(file, channel, variables));
  return EXIT.done;
}

function nextSteps(file: string, channel: Channel, variables: string[]): string {
  const set = variables.length > 0 ? `Set ${variables.join(" and ")}, then:` : "Then:";
  const tries =
    channel === "email" ? ["preview", "send --to YOUR-ADDRESS"] : ["preview --event phone", "send --to +YOUR-NUMBER"];
  const config = file === CONFIG.default ? "" : ` --config ${/[^\w./\\:-]/.test(file) ? `"${file}"` : file}`;
  const lines = ["check", ...tries, "build --locales en,ja"].map((it) => `  authgear-invite ${it}${config}`);
  const texts = "--locales names the built-in texts that your users can read.";
  return [`${file} is written. ${set}`, ...lines, texts].map(visibleLine).join("\n");
}

/** Answers from the command line, or else from the person at the terminal. */
class Answers {
  readonly #used = new Set<string>();

  constructor(
    readonly values: Values,
    readonly asks: boolean,
  ) {}

  /** `fault` says what is wrong with an answer. */
  async get(key: string, fault: (answer: string) => string | undefined): Promise<string> {
    const option = dashed(key);
    this.#used.add(key);
    const given = this.values[option];
    if (given !== undefined || !this.asks) {
      const wrong = given === undefined ? `is needed: ${lowerFirst(QUESTIONS[key] ?? key)}` : fault(given);
      if (wrong) throw new UsageError(`--${option}: ${wrong}`);
      return given ?? "";
    }
    for (;;) {
      const answer = await ask(`${QUESTIONS[key] ?? key}: `);
      if (answer === undefined) throw new UsageError("nothing was written");
      const wrong = answer === "" ? "is needed" : fault(answer);
      if (!wrong) return answer;
      process.stderr.write(`  ${visibleLine(wrong)}\n`);
    }
  }

  /** An option that this provider has no use for is a mistake. */
  refuseRest(): void {
    const idle = Object.keys(QUESTIONS).find((it) => !this.#used.has(it) && this.values[dashed(it)] !== undefined);
    if (idle) throw new UsageError(`--${dashed(idle)}: ${this.values.provider} has no such option`);
  }
}

async function confirm(): Promise<boolean> {
  const answer = await ask("Do admins let the Portal generate passwords, which Authgear mails to users? [y/N] ");
  return /^y(es)?$/i.test(answer ?? "");
}

/** What the core says of the value at a path. */
function told(config: object, path: string): string | undefined {
  const engine = createEngine(config as Config, BUILT_IN);
  engine.free();
  return engine.problems.find((it) => it.startsWith(`${path}: `))?.slice(path.length + 2);
}

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx", mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new UsageError(`--config: ${file} is there already; --force overwrites it`);
    throw new UsageError(`--config: ${file} cannot be written (${code})`);
  }
}

/** Each provider once, and for Twilio with a key that can be restricted: the schema tells what they need. */
function providers(): Provider[] {
  type Sender = { properties: { provider: { const?: string; enum?: string[] } }; required: string[] };
  const { properties } = JSON.parse(readPart("config.schema.json"));
  const all = (["email", "sms"] as const).flatMap((channel) =>
    (properties[channel].items.anyOf as Sender[]).flatMap(({ properties: { provider, ...rest }, required }) =>
      (provider.enum ?? [provider.const ?? ""]).map((name) => ({
        name,
        channel,
        needs: required.filter((it) => it !== "provider"),
        knows: Object.keys(rest),
      })),
    ),
  );
  const plain = all.filter(({ needs }) => needs.includes("from") && !needs.includes("authToken"));
  return plain.filter(({ name }, i) => plain.findIndex((it) => it.name === name) === i);
}

/** `RESEND_API_KEY`, `AWS_SECRET_ACCESS_KEY` */
const variableOf = (provider: string, key: string) =>
  `${provider === "ses" ? "aws" : provider}_${dashed(key).replaceAll("-", "_")}`.toUpperCase();

function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
