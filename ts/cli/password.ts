/** `authgear-invite password`: passwords that a project's policy takes. */
import { once } from "node:events";
import { text as readText } from "node:stream/consumers";
import { checkPassword, createPasswordGenerator, type PasswordPolicy } from "../password.ts";
import { type Command, EXIT, type Exit, print, UsageError, type Values, wholeNumber } from "./command.ts";
import { readJson } from "./json-file.ts";
import { loadScore } from "./strength.ts";

const MOST = 1_000_000;
const PAGE = 500;

export const password: Command = {
  summary: "Make a password that Authgear takes",
  options: {
    count: { short: "n", value: "N", default: "1", help: "how many, one a line" },
    length: { value: "N", help: "characters (default 24, or more where the policy asks for it)" },
    words: { value: "N", help: "a passphrase of so many words and a digit instead" },
    symbols: { value: "SET", help: "safe (- and _, the default), all, or the symbols themselves" },
    "no-look-alikes": { help: "no characters that are taken for one another, such as 0 and O" },
    policy: { value: "FILE", help: "the project's password policy, as JSON" },
    check: { help: "make none: tell all that one on standard input breaks, in Authgear's names" },
    json: { help: "JSON with the entropy, one object a line; with --check: violations" },
  },
  examples: [
    ["password", "One of 24 characters"],
    ["password --words 5", "A passphrase, to be read out"],
    ["password -n 100 --length 16 --policy policy.json", "A hundred that satisfy a policy"],
    ["password --check --policy policy.json < password.txt", "Whether a policy takes one"],
  ],
  notes: `The policy has the names of authenticator.password.policy in authgear.yaml: {"min_length": 12, "digit_required": true}.
All passwords that satisfy it are as likely. Passwords are all that is printed; on a terminal the entropy stands below.

--check exits with 1 when the password breaks anything. A minimum_guessable_level is checked with zxcvbn, which you install
beside this: npm install @zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const policy = values.policy === undefined ? {} : readPolicy(values.policy);
  if (values.check) return check(await readPassword(), policy, values.json !== undefined);
  const count = wholeNumber(values, "count", 1, MOST);
  const size = (option: string) =>
    values[option] === undefined ? undefined : wholeNumber(values, option, 1, Number.MAX_SAFE_INTEGER);
  const next = createPasswordGenerator(policy, {
    length: size("length"),
    words: size("words"),
    symbols: values.symbols,
    noLookAlikes: values["no-look-alikes"] !== undefined,
  });
  let bits = 0;
  for (let left = count; left > 0; left -= PAGE) {
    const page = Array.from({ length: Math.min(left, PAGE) }, next);
    bits = page[0]?.entropyBits ?? 0;
    const text = page.map((it) => `${values.json ? JSON.stringify(it) : it.password}\n`).join("");
    if (!process.stdout.write(text)) await once(process.stdout, "drain");
  }
  if (process.stderr.isTTY && !values.json)
    process.stderr.write(`${bits.toFixed(1)} bits of entropy${count > 1 ? " each" : ""}\n`);
  return EXIT.done;
}

/** One line, from where nobody sees it. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY)
    throw new UsageError("--check: takes the password on standard input, where nobody sees it; give a file or a pipe");
  return (await readText(process.stdin)).replace(/\r?\n$/, "");
}

async function check(password: string, policy: PasswordPolicy, json: boolean): Promise<Exit> {
  const broken: string[] = checkPassword(password, policy);
  const level = policy.minimum_guessable_level ?? 0;
  if (level > 0 && (await loadScore())(password) < level - 1) broken.push("PasswordBelowGuessableLevel");
  if (json) print(JSON.stringify({ violations: broken }));
  else for (const violation of broken) print(violation);
  return broken.length > 0 ? EXIT.failed : EXIT.done;
}

function readPolicy(file: string): PasswordPolicy {
  const read = readJson(file, "--policy");
  if ("wrong" in read) throw new UsageError(`${file}: ${read.wrong}`);
  return read.json as PasswordPolicy;
}
