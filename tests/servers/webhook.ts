/** The webhook on Node's own server, as a process. Arguments: the configuration and `listen`'s options, as JSON. */
import { listen } from "../../ts/node.ts";
import { createWebhook } from "../../ts/webhook.ts";

const [config = "", options = "{}"] = process.argv.slice(2);
const { origin, close } = await listen(createWebhook(JSON.parse(config)), { port: 0, ...JSON.parse(options) });
process.on("SIGTERM", () => void close().then(() => console.log("closed")));
console.log(`listening ${origin}`);
