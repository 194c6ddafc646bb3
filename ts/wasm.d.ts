/** The glue is generated into build/; its shape is written here, so that the types check before the first build. */
declare module "*/authgear_invite.js" {
  export function initSync(options: { module: Uint8Array }): unknown;
  export function decide(input: string): string;
  export function classify(input: string): string;
}
