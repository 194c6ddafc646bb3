/** `authgear-invite completion`, in the shells that are there. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli } from "./served.ts";
import { folder } from "./support.ts";

const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

test("bash completes commands, options, and leaves values to files", { skip: !has("bash") }, async () => {
  const { code, stdout } = await cli(["completion", "bash"]);
  assert.equal(code, 0);
  const complete = (...words: string[]) => {
    const list = ["authgear-invite", ...words].map((it) => `'${it}'`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; _authgear_invite; echo "\${COMPREPLY[*]}"`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split(" ");
  };
  assert.deepEqual(complete("pre"), ["preview"]);
  assert.deepEqual(complete("re"), ["resend", "reconcile"]);
  assert.deepEqual(complete("check", "--"), ["--config", "--json", "--help"]);
  assert.deepEqual(complete("check", "--json", "--c"), ["--config"]);
  assert.deepEqual(complete("check", "--config", ""), [""]);
  assert.deepEqual(complete("create", "--password", ""), ["throwaway", "authgear-sends", "we-send", "none"]);
  assert.deepEqual(complete("preview", "--json", "--event", "p"), ["portal", "phone"]);
  assert.deepEqual(complete("preview", "--event", "./event"), [""]);
  assert.deepEqual(complete("preview", "--event", "guide", "--j"), ["--json"]);
  assert.deepEqual(complete("init", "--provider", "mail"), ["mailgun", "mailjet"]);
  assert.deepEqual(complete("completion", ""), ["bash", "zsh", "fish", "--help"]);
  assert.deepEqual(complete("outbox", ""), ["list", "show", "retry"]);
  assert.deepEqual(complete("outbox", "retry", "--a"), ["--all-dead"]);
  assert.deepEqual(complete("nothing", ""), [""]);
  assert.match(
    execFileSync("bash", ["-c", `${stdout}\ncomplete -p authgear-invite`], { encoding: "utf8" }),
    /-o default/,
  );
});

for (const shell of ["zsh", "fish"])
  test(`${shell} can read its own`, { skip: !has(shell) }, async () => {
    const { stdout } = await cli(["completion", shell]);
    const file = join(folder(), shell);
    writeFileSync(file, stdout);
    execFileSync(shell, ["-n", file]);
  });

test("every command has a line in fish's", async () => {
  const { stdout } = await cli(["completion", "fish"]);
  assert.match(stdout, /^complete -c authgear-invite -n '__fish_seen_subcommand_from reconcile' -l since -r -d '/m);
  assert.match(stdout, /from outbox; and not __fish_seen_subcommand_from list show retry' -f -a retry -d '/m);
  assert.match(stdout, /from create' -l password -r -a 'throwaway authgear-sends we-send none' -d '/);
  const other = await cli(["completion", "tcsh"]);
  assert.deepEqual([other.code, /give one of bash, zsh, fish/.test(other.stderr)], [2, true]);
});
