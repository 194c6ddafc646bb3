/** What every host runs: decides on an event and sends its message, with the package that it has imported. */
export async function main({ createHook, decide }, { config, event }) {
  const decision = decide(event, config);
  const outcome = await createHook(config)(event);
  return { decision, outcome };
}
