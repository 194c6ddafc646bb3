/** Bytes through a stream of the platform. */
export function stream(bytes: BufferSource, through: ReadableWritablePair): Promise<ArrayBuffer> {
  return new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer();
}
