/** The SDK that has no types of its own, as far as it is used here. */
declare module "sparkpost" {
  export default class SparkPost {
    constructor(apiKey: string, options?: { headers?: { [name: string]: string } });
    transmissions: { send: (transmission: object) => Promise<{ results: { id: string } }> };
  }
}
