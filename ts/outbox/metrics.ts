/** Counts and histograms in Prometheus' text format. */

type Labels = { [name: string]: string };

export class Counter {
  readonly #values = new Map<string, number>();

  add(labels: Labels = {}, amount = 1): void {
    const key = format(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  lines(name: string): string[] {
    return [...this.#values].map(([labels, value]) => `${name}${labels} ${value}`);
  }
}

export class Histogram {
  readonly #bounds: number[];
  readonly #counts: number[];
  #sum = 0;

  /** Upper bounds, ascending. */
  constructor(bounds: number[]) {
    this.#bounds = bounds;
    this.#counts = [...bounds, 0].map(() => 0);
  }

  observe(value: number): void {
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = at < 0 ? this.#bounds.length : at;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  lines(name: string): string[] {
    let total = 0;
    const buckets = [...this.#bounds, "+Inf"].map((bound, i) => {
      total += this.#counts[i] ?? 0;
      return `${name}_bucket{le="${bound}"} ${total}`;
    });
    return [...buckets, `${name}_sum ${this.#sum}`, `${name}_count ${total}`];
  }
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What a server counts. */
export class Metrics {
  readonly accepted = new Counter();
  readonly responses = new Counter();
  readonly messages = new Counter();
  readonly passes = new Counter();
  readonly attempts = new Counter();
  readonly reportsFailed = new Counter();
  readonly faults = new Counter();
  readonly sendSeconds = new Histogram(SECONDS);
  readonly delaySeconds = new Histogram([...SECONDS, 600, 3600, 21_600, 86_400]);
  readonly commitSeconds = new Histogram(SECONDS);
  readonly commitChanges = new Histogram(SIZES);

  /** `gauges` are measured when they are asked for. */
  text(gauges: { [name: string]: [value: number, help: string] }): string {
    const metrics: [name: string, type: string, help: string, lines: (name: string) => string[]][] = [
      ["responses_total", "counter", "Answers to the webhook, by status.", (it) => this.responses.lines(it)],
      ["accepted_total", "counter", "Events kept in the outbox, or known by it.", (it) => this.accepted.lines(it)],
      ["messages_total", "counter", "Messages that came to an end.", (it) => this.messages.lines(it)],
      ["passes_total", "counter", "Passes over a message, by whether another follows.", (it) => this.passes.lines(it)],
      ["attempts_total", "counter", "Requests to providers, by result.", (it) => this.attempts.lines(it)],
      ["reports_failed_total", "counter", "Reports that nobody took.", (it) => this.reportsFailed.lines(it)],
      ["faults_total", "counter", "Times the outbox could not be read or written.", (it) => this.faults.lines(it)],
      ["send_seconds", "histogram", "How long a pass took.", (it) => this.sendSeconds.lines(it)],
      ["delay_seconds", "histogram", "From the 202 to the sent message.", (it) => this.delaySeconds.lines(it)],
      ["commit_seconds", "histogram", "How long a transaction took.", (it) => this.commitSeconds.lines(it)],
      ["commit_changes", "histogram", "Changes that shared a transaction.", (it) => this.commitChanges.lines(it)],
      ...Object.entries(gauges).map(([name, [value, help]]): [string, string, string, (it: string) => string[]] => [
        name,
        "gauge",
        help,
        (it) => [`${it} ${value}`],
      ]),
    ];
    return metrics
      .map(([name, type, help, lines]) => {
        const full = `authgear_invite_${name}`;
        return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines(full), ""].join("\n");
      })
      .join("");
  }
}

function format(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, "_")}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}
