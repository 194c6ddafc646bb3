/** `authgear-invite completion`: what a shell needs to complete commands and options. */
import { type Command, type Commands, EXIT, type Option, print, UsageError } from "./command.ts";

/** Each command by its words, and each group. */
type Place = { words: string; options: [name: string, option: Option][]; next: [string, string][] };

const SHELLS: { [shell: string]: (places: Place[]) => string } = {
  bash,
  zsh: (places) => `autoload -U +X bashcompinit && bashcompinit\n${bash(places)}`,
  fish,
};

export function completion(commands: Commands): Command {
  return {
    summary: "Print what a shell needs to complete commands and options",
    args: Object.keys(SHELLS).join("|"),
    choices: Object.keys(SHELLS),
    options: {},
    examples: [
      ["completion bash > ~/.local/share/bash-completion/completions/authgear-invite", "For bash"],
      ["completion fish > ~/.config/fish/completions/authgear-invite.fish", "For fish"],
    ],
    run: async (_, shells) => {
      const [shell = "", ...more] = shells;
      const write = Object.hasOwn(SHELLS, shell) && more.length === 0 ? SHELLS[shell] : undefined;
      if (!write) throw new UsageError(`completion: give one of ${Object.keys(SHELLS).join(", ")}`);
      print(write([...places(commands, "")]));
      return EXIT.done;
    },
  };
}

/** The deepest first. */
function* places(commands: Commands, path: string): Generator<Place> {
  for (const [name, it] of Object.entries(commands)) {
    const words = path ? `${path} ${name}` : name;
    if ("commands" in it) yield* places(it.commands, words);
    else {
      const options: Place["options"] = Object.entries({ ...it.options, help: { help: "show help" } });
      yield { words, options, next: (it.choices ?? []).map((choice) => [choice, ""]) };
    }
  }
  const next = Object.entries(commands).map(([name, { summary }]): [string, string] => [name, summary]);
  yield { words: path, options: [], next };
}

/** Where nothing is offered, after an option that takes a value, bash completes files. */
function bash(places: Place[]): string {
  const choosing = places.flatMap(({ words, options }) =>
    options.flatMap(([name, { choices }]) =>
      choices ? [`    "${words} "*"--${name} ") offered="${choices.join(" ")}";;`] : [],
    ),
  );
  const valued = places.flatMap(({ options }) =>
    options.flatMap(([name, { value }]) => (value ? [`*" --${name} "`] : [])),
  );
  const cases = places.map(({ words, options, next }) => {
    const offered = [...next.map(([name]) => name), ...options.map(([name]) => `--${name}`)].join(" ");
    return words ? `    "${words} "*) offered="${offered}";;` : `    "") offered="${offered}";;`;
  });
  return `_authgear_invite() {
  local line="\${COMP_WORDS[*]:1:COMP_CWORD-1}" offered=
  COMPREPLY=()
  case "$line\${line:+ }" in
${choosing.join("\n")}
    ${[...new Set(valued)].join("|")}) ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _authgear_invite authgear-invite`;
}

function fish(places: Place[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  return places
    .flatMap(({ words, options, next }) => {
      const at = [
        ...words
          .split(" ")
          .filter(Boolean)
          .map((it) => `__fish_seen_subcommand_from ${it}`),
        ...(next.length > 0 ? [`not __fish_seen_subcommand_from ${next.map(([name]) => name).join(" ")}`] : []),
      ];
      const line = `complete -c authgear-invite -n ${quoted(at.join("; and "))}`;
      return [
        ...next.map(([name, summary]) => `${line} -f -a ${name} -d ${quoted(summary)}`),
        ...options.map(([name, { help, value, choices }]) => {
          const takes = [value && "-r ", choices && `-a ${quoted(choices.join(" "))} `].filter(Boolean).join("");
          return `${line} -l ${name} ${takes}-d ${quoted(help)}`;
        }),
      ];
    })
    .join("\n");
}
