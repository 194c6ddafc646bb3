/** A Worker whose configuration comes from outside, and that does not wait between attempts. */
import { type Config, createWorker } from "authgear-invite/worker";

export { Claims } from "authgear-invite/worker";

export default createWorker((env: { CONFIG: Config }) => env.CONFIG, { backoff: { firstSeconds: 0, mostSeconds: 0 } });
