#!/usr/bin/env node
/** The command `authgear-invite`. */
import { build } from "./build.ts";
import { check } from "./check.ts";
import { type Commands, dispatch, EXIT } from "./command.ts";
import { completion } from "./completion.ts";
import { create } from "./create.ts";
import { doctor } from "./doctor.ts";
import { importCommand } from "./import.ts";
import { init } from "./init.ts";
import { outbox } from "./outbox.ts";
import { password } from "./password.ts";
import { preview } from "./preview.ts";
import { reconcile } from "./reconcile.ts";
import { resend } from "./resend.ts";
import { send } from "./send.ts";
import { serve } from "./serve.ts";
import { outlive, visible } from "./terminal.ts";

const commands: Commands = {
  init,
  check,
  preview,
  send,
  build,
  create,
  import: importCommand,
  password,
  resend,
  reconcile,
  doctor,
  serve,
  outbox,
};
commands.completion = completion(commands);

/** Errors whose message is meant for the person at the command line. */
const WRONG = new Set(["UsageError", "ConfigError", "PasswordPolicyError", "AdminOptionsError"]);
const PLAIN = new Set([...WRONG, "AdminApiError", "JournalError", "OutboxError", "NoSqlite", "NoZxcvbn"]);

outlive("EPIPE");

try {
  process.exitCode = await dispatch(commands, process.argv.slice(2));
} catch (error) {
  const { name, message, code } = error as NodeJS.ErrnoException;
  // Of what nobody foresaw only the kind is told: its text could hold anything.
  process.stderr.write(`authgear-invite: ${PLAIN.has(name) ? visible(message) : `failed: ${code ?? name}`}\n`);
  process.exitCode = WRONG.has(name) ? EXIT.usage : EXIT.failed;
}
