/** In a build for workerd `fetch.workerd.ts` stands in for this file. */

export const hostFetch = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
