/**
 * The one configuration of authgear-invite, the same for every door.
 *
 * The paste-in hook carries these types without their comments, so that a misspelt key or a wrong type is refused when
 * the Portal runs `deno check` on saving. What a type cannot say (a template, an address, a URL) the Rust core checks.
 */
type Config = {
    /** The name of your site or app, as its users know it. */
    serviceName: string;
    /** Where users sign in: the plain address of the page, never a link with a code. */
    url: string;
    /** E-mail providers, tried in order. */
    email?: EmailSender[];
    /** SMS providers, tried in order. */
    sms?: SmsSender[];
    /** Which events lead to which message; the first rule that matches wins. Default: accounts created by an admin. */
    rules?: Rule[];
    /** Your own texts, by message name and BCP 47 locale; a field left out is taken from the built-in text. */
    messages?: {
        [message: string]: {
            [locale: string]: Texts;
        };
    };
    /** Your own placeholders: `vars: { team: "Support" }` makes `{team}`. */
    vars?: {
        [name: string]: string;
    };
    /** The locale when nobody asks for another. Default: the project's fallback language, or `en`. */
    defaultLocale?: string;
    /** How users sign in. `code`: the project has no passwords. Default `password`. */
    signIn?: "password" | "code";
    /** Which channel to prefer where a user has both. Default `["email", "sms"]`. */
    channels?: Channel[];
    /** Also send to the e-mail address of an OAuth identity. Default `false`. */
    oauthEmail?: boolean;
    /** Who gets a copy-ready text for a user who has neither e-mail nor phone. */
    unreachable?: {
        email: string;
    };
    /** Where a message that could not be sent is handed on; the POST is signed like Authgear's webhooks. */
    deadLetter?: {
        url: string;
        secret: string;
    };
    /** Who hears what became of each event that a rule names, sent or not; the POST is signed in the same way. */
    receipt?: {
        url: string;
        secret: string;
    };
    /**
     * For those who serve the hook as a webhook: the project's webhook secret (two while it is rotated), and how old an
     * event may be. Default 86,400 seconds.
     */
    webhook?: {
        secrets: string[];
        maxAgeSeconds?: number;
    };
    /**
     * For those who say more of a new user than `createUser` takes, in `x_state`: the secrets that such envelopes are sealed
     * with (two while one is rotated; each at least 32 characters), and further placeholders that they may fill.
     */
    envelope?: {
        secrets: string[];
        placeholders?: string[];
    };
    /** The delimiters of your own templates. Default `"{ }"`. */
    delimiters?: "{ }" | "{{ }}";
    /** `false`: an unknown placeholder prints nothing instead of being an error. Default `true`. */
    strictNames?: boolean;
    /** Limits of the delivery. Defaults: 50 seconds in all (55 at the most), 10 for one attempt; 4 attempts for one provider, 12 for the last. */
    delivery?: {
        budgetSeconds?: number;
        attemptSeconds?: number;
        attempts?: number;
    };
};
/** How a message travels. */
type Channel = "email" | "sms";
/** Which event leads to which message. */
type Rule = {
    /** The event type, for example `user.created`. */
    on: string;
    /** All conditions must hold. */
    when?: When;
    /** The message to send. Default `invite`. */
    message?: string;
    /** The locale for users who have none of their own. */
    locale?: string;
};
/** The conditions of a rule. */
type When = {
    /** Default `["admin_api"]`, which is also what accounts made in the Portal say. */
    triggeredBy?: ("user" | "admin_api" | "system" | "portal" | "site_admin")[];
    /**
     * Which door the admin used: the Portal or the Admin API itself. For a password that the Portal generates, Authgear
     * mails it already: `["admin_api_direct"]` prevents a second message. Default both.
     */
    origin?: ("portal" | "admin_api_direct")[];
    /** The user has an identity of one of these kinds. */
    identity?: ("email" | "phone" | "username" | "oauth")[];
    /** Domains of the user's e-mail address; a domain includes its subdomains. */
    emailDomain?: {
        allow?: string[];
        deny?: string[];
    };
    /** The event's client, the app that the user came from, is one of these. */
    clientId?: string[];
    /** The user has at least one of these roles. */
    roles?: string[];
    /** The user is in at least one of these groups. */
    groups?: string[];
    /** Equality on standard attributes; a dot reaches into an object (`address.country`). */
    standardAttributes?: {
        [name: string]: string | number | boolean;
    };
    /** Equality on custom attributes. */
    customAttributes?: {
        [name: string]: string | number | boolean;
    };
    /** Include disabled users. Needs a message of your own. Default `false`. */
    disabled?: boolean;
    /** Include anonymous users. Default `false`. */
    anonymous?: boolean;
    /** Include deactivated users. Needs a message of your own. Default `false`. */
    deactivated?: boolean;
};
/** The parts of one message in one locale: templates. `button` is the label of the link in HTML made from `text`. */
type Texts = {
    subject?: string;
    text?: string;
    html?: string;
    sms?: string;
    button?: string;
};
/** An e-mail provider, its key and its From. */
type EmailSender = {
    /** `Acme <no-reply@acme.example>` or the bare address. */
    from: string;
    /** Where answers go, if not to From. */
    replyTo?: string;
    /** Replaces scheme, host and port of the provider's URL: another region, a proxy, a test server. */
    endpoint?: string;
} & ({
    provider: "resend" | "sendgrid" | "brevo" | "sparkpost";
    apiKey: string;
} | {
    provider: "postmark";
    serverToken: string;
    messageStream?: string;
} | {
    provider: "mailgun";
    apiKey: string;
    domain: string;
    region?: "us" | "eu";
} | {
    provider: "mailjet";
    apiKey: string;
    secretKey: string;
} | SesSender | {
    provider: "custom";
    request: (message: EmailMessage) => CustomRequest;
});
/** Amazon SES; only files that can sign know it. */
type SesSender = {
    provider: "ses";
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
    configurationSet?: string;
};
/** An SMS provider, its key and its sender. */
type SmsSender = {
    endpoint?: string;
} & (({
    provider: "twilio";
    accountSid: string;
} & TwilioFrom & TwilioKey) | {
    provider: "vonage";
    apiKey: string;
    apiSecret: string;
    from: string;
} | {
    provider: "messagebird";
    accessKey: string;
    from: string;
} | {
    provider: "bird";
    apiKey: string;
    from: string;
} | {
    provider: "custom";
    request: (message: SmsMessage) => CustomRequest;
});
type TwilioFrom = {
    /** A number of yours, or an alphanumeric sender. */
    from: string;
} | {
    /** In place of From: a service chooses among its numbers. */
    messagingServiceSid: string;
};
type TwilioKey = {
    /** Rules the whole account; an API key can be restricted. */
    authToken: string;
} | {
    /** With its secret, in place of the auth token. */
    apiKeySid: string;
    apiKeySecret: string;
};
/** What a custom e-mail provider's function gets. */
type EmailMessage = {
    from: string;
    to: string;
    replyTo?: string;
    subject: string;
    text: string;
    html: string;
    /** The same for every repetition of this message. */
    idempotencyKey: string;
};
/** What a custom SMS provider's function gets; `to` is E.164. */
type SmsMessage = {
    to: string;
    text: string;
    idempotencyKey: string;
};
/** The request of a custom provider; any 2xx answer means sent. */
type CustomRequest = {
    url: string;
    headers: {
        [name: string]: string;
    };
    body: string;
    /** Seconds for which the provider honours the idempotency key; left out: never repeat when in doubt. */
    keySeconds?: number;
};

/** What the Rust core answers, and how the shim talks to it. */

/** What is to be done about an event. */
type Decision = Skip | Invalid | Send;
/** Nothing is to be sent. */
type Skip = {
    type: "skip";
    /** For machines: `triggered_by`, `no_reachable_identity` … */
    reason: string;
    /** The same as a sentence; holds no address and no name. */
    detail: string;
    /** The rule that came closest: its index, or `null` where no rule is to blame. */
    rule: number | null;
};
/** The configuration cannot work. */
type Invalid = {
    type: "invalid";
    /** `path: what is wrong; what would be right`. */
    problems: string[];
};
/** One message for one recipient, and the senders that may carry it, in order. */
type Send = {
    type: "send";
    /** The index of the rule that the event met; `null` for the mail with a password, which no event leads to. */
    rule: number | null;
    /** The message's name. */
    message: string;
    channel: "email" | "sms";
    /** `admin`: nothing reaches the user, and `unreachable` of the configuration names who is told instead. */
    to: "user" | "admin";
    /** The e-mail address with an ASCII domain, or the phone number in E.164. Never to be logged. */
    address: string;
    /** The locale of the texts, and what it was chosen by. */
    locale: string;
    localeFrom: "user" | "rule" | "event" | "default" | "project";
    /** The idempotency key; `[A-Za-z0-9._-]`. */
    key: string;
    warnings: string[];
    attempts: Attempt[];
};
/** What an event leads to, as its reader would see it; no provider is needed. */
type Preview = Skip | Invalid | EmailPreview | SmsPreview;
/** What a preview tells of any message. */
type Shown = Pick<Send, "rule" | "message" | "to" | "address" | "locale" | "localeFrom" | "warnings"> & {
    type: "message";
    /** The first sender's provider; absent when the configuration has no sender yet. */
    provider?: string;
    /** Who it is from: an e-mail address with or without a name, or an SMS sender. */
    from?: string;
    text: string;
};
/** A mail as its reader would see it. */
type EmailPreview = Shown & {
    channel: "email";
    replyTo?: string;
    subject: string;
    html: string;
};
/** An SMS as its reader would see it. */
type SmsPreview = Shown & {
    channel: "sms";
    /** How many messages are sent, and paid for, as one text. */
    segments: number;
    /** With `GSM-7` one message holds 160 characters, with `UCS-2` 70. */
    encoding: "GSM-7" | "UCS-2";
};
/** What is wrong in a template, and where: line and column count from one, columns in characters. */
type TemplateFault = {
    line: number;
    column: number;
    message: string;
};
/** The message as one sender takes it. */
type Attempt = {
    provider: string;
    /** Index in `config.email` or `config.sms`. */
    sender: number;
    /** Absent for `custom`, whose request the user's own function makes. */
    request?: HttpRequest;
    /** Only for `custom`. */
    message?: EmailMessage | SmsMessage;
    /** How long the provider honours the idempotency key inside the request; 0: not at all. */
    keySeconds: number;
    /** The response header that holds the message's id. */
    idHeader?: string;
    /** The request still needs a signature made with the sender's key. */
    sign?: {
        service: "ses";
        region: string;
    };
};
/** A request, ready for `fetch`. */
type HttpRequest = {
    url: string;
    method: "POST";
    headers: {
        [name: string]: string;
    };
    body: string;
};
/** What an answer means; `detail` is safe to log. */
type Verdict = {
    verdict: "sent";
    id?: string;
} | {
    verdict: "retry" | "refused" | "unknown";
    detail: string;
};

/** What delivery needs of the world around it; tests put their own in its place. */
type Host = {
    fetch: (url: string, init: RequestInit) => Promise<Response>;
    /** Milliseconds since 1970. */
    now: () => number;
    sleep: (ms: number) => Promise<void>;
    /** At least 0, less than 1. */
    random: () => number;
    /** A signal that aborts after so many milliseconds, and does not keep a process alive. */
    timeout: (ms: number) => AbortSignal;
    /** Signs a request for Amazon; only files that use SES carry it. */
    sign?: Sign;
    /**
     * Hears of a sender's request before it first leaves, for those who must remember that it did; what it throws keeps the
     * request from leaving. No request: it could not be made.
     */
    leaving?: (attempt: Attempt, prepared: {
        request?: HttpRequest;
        keySeconds: number;
    }) => Promise<void>;
};
/** Returns the request with its signature; `now` is milliseconds since 1970. */
type Sign = (request: HttpRequest, sender: SesSender, region: string, now: number) => Promise<HttpRequest>;

export type { Attempt as A, Channel as C, Decision as D, EmailMessage as E, Host as H, Invalid as I, Preview as P, Rule as R, Send as S, TemplateFault as T, Verdict as V, When as W, Config as a, CustomRequest as b, EmailPreview as c, EmailSender as d, HttpRequest as e, SesSender as f, Skip as g, SmsMessage as h, SmsPreview as i, SmsSender as j, Texts as k };
