/** What a check of `authgear-invite doctor` found. */

export type Level = "ok" | "warning" | "problem";

export type Finding = {
  check: string;
  level: Level;
  seen: string;
  /** What to do about it. */
  todo?: string;
};

/** How long one question may take; each check asks once, or some at once. */
export const PATIENCE_MS = 5_000;
/** What a check has in all, so that the whole ends. */
const LIMIT_MS = 12_000;

/** Findings of a check that neither throws nor lasts. */
export async function limited(
  check: string,
  work: () => Promise<Finding[]> | Finding[],
  limitMs = LIMIT_MS,
): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(resolve, limitMs, [{ check, level: "warning", seen: "was given up; nothing answered in time" }]);
  });
  // An error's own text could hold anything.
  const failed = (error: unknown): Finding[] => [
    { check, level: "warning", seen: `could not be checked (${(error as Error)?.name})` },
  ];
  return Promise.race([(async () => work())().catch(failed), late]).finally(() => clearTimeout(timer));
}
