/** What `ts/tool/build-playground.ts` puts in: deflated, in base64. */
declare module "carried" {
  export const wasm: string;
  /** JSON of `Hooks`. */
  export const hooks: string;
  /** The file with the editor. */
  export const editor: string;
}
