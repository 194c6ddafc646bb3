/** A configuration that cannot work. The message lists every problem with its path, and holds no value. */
declare class ConfigError extends Error {
    readonly name = "ConfigError";
    /** `path: what is wrong; what would be right`. */
    readonly problems: string[];
    constructor(problems: string[]);
}

export { ConfigError as C };
