/** A server in a process of its own, which says where it listens and keeps all that it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export class ServerProcess {
  /** All that it printed. */
  output = "";
  origin = "";
  readonly #child: ChildProcess;

  private constructor(program: string, args: string[]) {
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  /** Resolves when it prints `listening ORIGIN`. */
  static async start(program: string, args: string[]): Promise<ServerProcess> {
    const server = new ServerProcess(program, args);
    await server.prints(/^listening (\S+)$/m);
    server.origin = /^listening (\S+)$/m.exec(server.output)?.[1] ?? "";
    return server;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when its output matches. */
  async prints(pattern: RegExp, withinMs = 20_000): Promise<void> {
    const end = Date.now() + withinMs;
    while (!pattern.test(this.output)) {
      if (Date.now() > end || !this.running) throw new Error(`${pattern} was not printed:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The most memory that it ever held, in bytes; `undefined` where the system does not say. */
  peakMemory(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
      return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]) * 1024;
    } catch {
      return undefined;
    }
  }

  /** Asks it to end, and tells its exit code. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    if (!this.running) return this.#child.exitCode;
    const exit = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    this.#child.kill(signal);
    return exit;
  }
}
