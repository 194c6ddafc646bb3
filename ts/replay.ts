/** Sees to it that what happens once happens once, as long as this process lives. */

export type Once<T> = {
  /** What the act led to: now, or when it was done before. */
  result: T;
  /** Whether somebody else had begun it. */
  repeated: boolean;
};

/**
 * Makes a function that does an act once for each id: those who come while it is being done share its result, those who
 * come later are told what was remembered. Only a result that is `final` is remembered; after any other, or an act that
 * throws, the next one tries again. Of final results the last `size` are kept.
 */
export function createOnce<T>(size: number, final: (result: T) => boolean) {
  const running = new Map<string, Promise<T>>();
  const done = new Map<string, T>();

  async function begin(id: string, act: () => Promise<T>): Promise<T> {
    try {
      const result = await act();
      if (final(result)) remember(id, result);
      return result;
    } finally {
      running.delete(id);
    }
  }

  function remember(id: string, result: T): void {
    // A Map keeps its entries in the order in which they came: the first is the one least lately used.
    done.delete(id);
    done.set(id, result);
    for (const oldest of done.keys()) {
      if (done.size <= size) return;
      done.delete(oldest);
    }
  }

  return async (id: string, act: () => Promise<T>): Promise<Once<T>> => {
    const known = done.get(id);
    if (known !== undefined) {
      remember(id, known);
      return { result: known, repeated: true };
    }
    const begun = running.get(id);
    if (begun) return { result: await begun, repeated: true };
    const promise = begin(id, act);
    running.set(id, promise);
    return { result: await promise, repeated: false };
  };
}
