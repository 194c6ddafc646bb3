/** `authgear-invite password`: passwords that a project's policy takes. */
import { once } from "node:events";
import { createPasswordGenerator, type PasswordPolicy } from "../password.ts";
import { type Command, EXIT, type Exit, UsageError, type Values, wholeNumber } from "./command.ts";
import { readJson } from "./json-file.ts";

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
    json: { help: "JSON with the entropy, one object a line" },
  },
  examples: [
    ["password", "One of 24 characters"],
    ["password --words 5", "A passphrase, to be read out"],
    ["password -n 100 --length 16 --policy policy.json", "A hundred that satisfy a policy"],
  ],
  notes: `The policy has the names of authenticator.password.policy in authgear.yaml: {"min_length": 12, "digit_required": true}.
All passwords that satisfy it are as likely. Passwords are all that is printed; on a terminal the entropy stands below.`,
  run,
};

async function run(values: Values): Promise<Exit> {
  const count = wholeNumber(values, "count", 1, MOST);
  const size = (option: string) =>
    values[option] === undefined ? undefined : wholeNumber(values, option, 1, Number.MAX_SAFE_INTEGER);
  const next = createPasswordGenerator(values.policy === undefined ? {} : readPolicy(values.policy), {
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

function readPolicy(file: string): PasswordPolicy {
  const read = readJson(file, "--policy");
  if ("wrong" in read) throw new UsageError(`${file}: ${read.wrong}`);
  return read.json as PasswordPolicy;
}
