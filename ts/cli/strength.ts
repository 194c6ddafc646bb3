/** How guessable a password is, by zxcvbn: its dictionaries are larger than all of this package, so it must be installed. */

/** From 0, the first guesses, to 4. */
export type Score = (password: string) => number;

/** The library is not there. */
export class NoZxcvbn extends Error {
  override readonly name = "NoZxcvbn";

  constructor() {
    super(`minimum_guessable_level takes zxcvbn to check; npm install ${MODULES.join(" ")}`);
  }
}

const MODULES = ["@zxcvbn-ts/core", "@zxcvbn-ts/language-common", "@zxcvbn-ts/language-en"];

type Zxcvbn = { ZxcvbnFactory: new (options: object) => { check: (password: string) => { score: number } } };
type Language = { dictionary: object; adjacencyGraphs: object };

/** @throws {NoZxcvbn} */
export async function loadScore(): Promise<Score> {
  // By names that no bundler reads.
  const modules = Promise.all(MODULES.map((name) => import(name)));
  const [zxcvbn, common, english] = (await modules.catch(() => {
    throw new NoZxcvbn();
  })) as [Zxcvbn, Language, Language];
  const dictionary = { ...common.dictionary, ...english.dictionary };
  const factory = new zxcvbn.ZxcvbnFactory({ dictionary, graphs: common.adjacencyGraphs });
  return (password) => factory.check(password).score;
}
