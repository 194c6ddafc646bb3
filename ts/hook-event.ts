/** An event as Authgear's runner hands it over; what the hook needs of it, the core reads leniently. */
export type HookEvent = { id: string; type: string; payload: object; context: object };
