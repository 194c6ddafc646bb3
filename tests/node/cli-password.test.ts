/** `authgear-invite password` as a real process. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkPassword } from "../../ts/index.ts";
import { CLI, cli } from "./served.ts";
import { folder } from "./support.ts";

const home = folder();
const file = (name: string, content: unknown) => {
  writeFileSync(join(home, name), typeof content === "string" ? content : JSON.stringify(content));
  return join(home, name);
};

describe("authgear-invite password", { concurrency: 2 }, () => {
  test("prints one, and nothing else", async () => {
    const { code, stdout, stderr } = await cli(["password"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^[A-Za-z0-9_-]{24}\n$/);
  });

  test("prints many that satisfy a policy, and no two alike", async () => {
    const policy = { min_length: 12, digit_required: true, symbol_required: true, excluded_keywords: ["acme"] };
    const { code, stdout } = await cli([
      "password",
      "-n",
      "1200",
      "--length",
      "14",
      "--policy",
      file("p.json", policy),
    ]);
    const passwords = stdout.trimEnd().split("\n");
    assert.deepEqual([code, passwords.length, new Set(passwords).size], [0, 1200, 1200]);
    for (const password of passwords) {
      assert.equal(password.length, 14);
      assert.deepEqual(checkPassword(password, policy), []);
    }
  });

  test("takes every option, and tells the entropy as JSON", async () => {
    const [words, plain, own] = await Promise.all([
      cli(["password", "--words", "5", "--json"]),
      cli(["password", "-n", "20", "--no-look-alikes"]),
      cli(["password", "--symbols", "#", "--policy", file("symbol.json", { symbol_required: true })]),
    ]);
    const made = JSON.parse(words.stdout);
    assert.match(made.password, /^([A-Z][a-z]+-){5}\d$/);
    assert.ok(made.entropyBits > 40, words.stdout);
    assert.match(plain.stdout, /^([^0Oo1Il2Zz5Ss8B]{24}\n){20}$/);
    assert.match(own.stdout, /^[A-Za-z0-9#]*#[A-Za-z0-9#]*\n$/);
  });

  const wrong: [string[], RegExp][] = [
    [["--length", "0"], /--length: must be a whole number/],
    [["-n", "x"], /--count: must be a whole number from 1 to 1000000/],
    [["--length", "4", "--policy", file("long.json", { min_length: 8 })], /length/],
    [["--policy", file("odd.json", { min_lenght: 8 })], /min_lenght: unknown key; did you mean min_length\?/],
    [["--policy", file("broken.json", "{")], /broken\.json: line 1, column 2: is no JSON from here on/],
    [["--policy", "/no/such"], /\/no\/such: there is no such file; name it with --policy/],
    [["--length", "12", "--words", "4"], /words/],
    [["acme"], /password: Unexpected argument/],
  ];
  for (const [args, message] of wrong)
    test(`refuses ${args.join(" ").replace(home, "")}`, async () => {
      const { code, stdout, stderr } = await cli(["password", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    });

  test("ends in peace when nobody reads on", () => {
    const line = `"${process.execPath}" "${CLI}" password -n 1000000 | head -n 1`;
    assert.match(execFileSync("sh", ["-c", line], { encoding: "utf8" }), /^\S{24}\n$/);
  });

  test("tells the entropy on a terminal", { skip: !existsSync("/usr/bin/script") }, () => {
    const seen = execFileSync("script", ["-qec", `"${process.execPath}" "${CLI}" password`, "/dev/null"], {
      encoding: "utf8",
      input: "",
    });
    assert.match(seen, /^\S{24}\r\n\d+\.\d bits of entropy\r\n$/);
  });
});

describe("authgear-invite password --check", () => {
  const policy = file("strict.json", { min_length: 8, digit_required: true, minimum_guessable_level: 4 });
  const check = (input: string, args: string[] = ["--policy", policy], program = CLI) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, "password", "--check", ...args], {
      input,
      encoding: "utf8",
    });
    assert.ok(input.length < 3 || !`${stdout}${stderr}`.includes(input.trim()), "no password is printed");
    return [status, stdout, stderr];
  };

  test("tells all that a password breaks, in Authgear's names, and how guessable it is", () => {
    assert.deepEqual(check("iloveyou"), [1, "PasswordDigitRequired\nPasswordBelowGuessableLevel\n", ""]);
    assert.deepEqual(check("Password1\n"), [1, "PasswordBelowGuessableLevel\n", ""]);
    assert.deepEqual(check("k7#qz-Vw4_tRm9\r\n"), [0, "", ""]);
    assert.deepEqual(check("short", []), [1, "PasswordTooShort\n", ""]);
    assert.deepEqual(check("x1", ["--policy", policy, "--json"]), [
      1,
      '{"violations":["PasswordTooShort","PasswordBelowGuessableLevel"]}\n',
      "",
    ]);
  });

  test("takes what the same command makes", async () => {
    const { stdout } = await cli(["password", "--policy", policy, "-n", "20"]);
    for (const made of stdout.trim().split("\n")) assert.deepEqual(check(made), [0, "", ""]);
  });

  test("says what to install where zxcvbn is not there, and does without it where no level is asked for", () => {
    const alone = join(home, "alone.mjs");
    copyFileSync(CLI, alone);
    const [code, stdout, stderr] = check("k7#qz-Vw4_tRm9", undefined, alone);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(`${stderr}`, /minimum_guessable_level takes zxcvbn to check; npm install @zxcvbn-ts\/core /);
    assert.deepEqual(check("k7#qz-Vw4_tRm9", [], alone), [0, "", ""]);
  });

  test("asks nobody to type it in the open", { skip: !existsSync("/usr/bin/script") }, () => {
    const line = `"${process.execPath}" "${CLI}" password --check; echo "code $?"`;
    const seen = execFileSync("script", ["-qec", line, "/dev/null"], { encoding: "utf8", input: "" });
    assert.match(seen, /--check: takes the password on standard input[\s\S]*code 2/);
  });
});
