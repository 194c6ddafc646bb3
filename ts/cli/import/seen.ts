/** Which row has a login: a hash table in two flat arrays, of 12 bytes for an entry where a `Map` takes over a hundred. */
export class Seen {
  #keys = new BigUint64Array(1024);
  #rows = new Uint32Array(1024);
  #count = 0;

  /** The row that came with this key before; otherwise it is this row from now on. */
  add(key: bigint, row: number): number | undefined {
    if (2 * this.#count >= this.#rows.length) this.#grow();
    const at = this.#find(key);
    if (this.#rows[at]) return this.#rows[at];
    this.#keys[at] = key;
    this.#rows[at] = row;
    this.#count += 1;
    return undefined;
  }

  /** Where the key is or belongs; a row of 0 is a free place. */
  #find(key: bigint): number {
    const mask = this.#rows.length - 1;
    let at = Number(BigInt.asUintN(32, key)) & mask;
    while (this.#rows[at] && this.#keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows];
    this.#keys = new BigUint64Array(2 * keys.length);
    this.#rows = new Uint32Array(2 * rows.length);
    for (const [i, row] of rows.entries()) {
      if (!row) continue;
      const key = keys[i] ?? 0n;
      const at = this.#find(key);
      this.#keys[at] = key;
      this.#rows[at] = row;
    }
  }
}
