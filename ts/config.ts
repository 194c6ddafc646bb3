/**
 * The one configuration of authgear-invite, the same for every door.
 *
 * The paste-in hook carries these types without their comments, so that a misspelt key or a wrong type is refused when
 * the Portal runs `deno check` on saving. What a type cannot say (a template, an address, a URL) the Rust core checks.
 */
export type Config = {
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
  messages?: { [message: string]: { [locale: string]: Texts } };
  /** Your own placeholders: `vars: { team: "Support" }` makes `{team}`. */
  vars?: { [name: string]: string };
  /** The locale when nobody asks for another. Default: the project's fallback language, or `en`. */
  defaultLocale?: string;
  /** How users sign in. `code`: the project has no passwords. Default `password`. */
  signIn?: "password" | "code";
  /** Which channel to prefer where a user has both. Default `["email", "sms"]`. */
  channels?: Channel[];
  /** Also send to the e-mail address of an OAuth identity. Default `false`. */
  oauthEmail?: boolean;
  /** Who gets a copy-ready text for a user who has neither e-mail nor phone. */
  unreachable?: { email: string };
  /** Where a message that could not be sent is handed on; the POST is signed like Authgear's webhooks. */
  deadLetter?: { url: string; secret: string };
  /** Who hears what became of each event that a rule names, sent or not; the POST is signed in the same way. */
  receipt?: { url: string; secret: string };
  /**
   * For those who serve the hook as a webhook: the project's webhook secret (two while it is rotated), and how old an
   * event may be. Default 86,400 seconds.
   */
  webhook?: { secrets: string[]; maxAgeSeconds?: number };
  /**
   * For those who say more of a new user than `createUser` takes, in `x_state`: the secrets that such envelopes are sealed
   * with (two while one is rotated; each at least 32 characters), and further placeholders that they may fill.
   */
  envelope?: { secrets: string[]; placeholders?: string[] };
  /** The delimiters of your own templates. Default `"{ }"`. */
  delimiters?: "{ }" | "{{ }}";
  /** `false`: an unknown placeholder prints nothing instead of being an error. Default `true`. */
  strictNames?: boolean;
  /** Limits of the delivery. Defaults: 50 seconds in all (55 at the most), 10 for one attempt; 4 attempts for one provider, 12 for the last. */
  delivery?: { budgetSeconds?: number; attemptSeconds?: number; attempts?: number };
};

/** How a message travels. */
export type Channel = "email" | "sms";

/** Which event leads to which message. */
export type Rule = {
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
export type When = {
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
  emailDomain?: { allow?: string[]; deny?: string[] };
  /** The event's client, the app that the user came from, is one of these. */
  clientId?: string[];
  /** The user has at least one of these roles. */
  roles?: string[];
  /** The user is in at least one of these groups. */
  groups?: string[];
  /** Equality on standard attributes; a dot reaches into an object (`address.country`). */
  standardAttributes?: { [name: string]: string | number | boolean };
  /** Equality on custom attributes. */
  customAttributes?: { [name: string]: string | number | boolean };
  /** Include disabled users. Needs a message of your own. Default `false`. */
  disabled?: boolean;
  /** Include anonymous users. Default `false`. */
  anonymous?: boolean;
  /** Include deactivated users. Needs a message of your own. Default `false`. */
  deactivated?: boolean;
};

/** The parts of one message in one locale: templates. `button` is the label of the link in HTML made from `text`. */
export type Texts = { subject?: string; text?: string; html?: string; sms?: string; button?: string };

/** An e-mail provider, its key and its From. */
export type EmailSender = {
  /** `Acme <no-reply@acme.example>` or the bare address. */
  from: string;
  /** Where answers go, if not to From. */
  replyTo?: string;
  /** Replaces scheme, host and port of the provider's URL: another region, a proxy, a test server. */
  endpoint?: string;
} & (
  | { provider: "resend" | "sendgrid" | "brevo" | "sparkpost"; apiKey: string }
  | { provider: "postmark"; serverToken: string; messageStream?: string }
  | { provider: "mailgun"; apiKey: string; domain: string; region?: "us" | "eu" }
  | { provider: "mailjet"; apiKey: string; secretKey: string }
  | SesSender
  | { provider: "custom"; request: (message: EmailMessage) => CustomRequest }
);

/** Amazon SES; only files that can sign know it. */
export type SesSender = {
  provider: "ses";
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  configurationSet?: string;
};

/** An SMS provider, its key and its sender. */
export type SmsSender = { endpoint?: string } & (
  | ({ provider: "twilio"; accountSid: string } & TwilioFrom & TwilioKey)
  | { provider: "vonage"; apiKey: string; apiSecret: string; from: string }
  | { provider: "messagebird"; accessKey: string; from: string }
  | { provider: "bird"; apiKey: string; from: string }
  | { provider: "custom"; request: (message: SmsMessage) => CustomRequest }
);

type TwilioFrom =
  | {
      /** A number of yours, or an alphanumeric sender. */
      from: string;
    }
  | {
      /** In place of From: a service chooses among its numbers. */
      messagingServiceSid: string;
    };
type TwilioKey =
  | {
      /** Rules the whole account; an API key can be restricted. */
      authToken: string;
    }
  | {
      /** With its secret, in place of the auth token. */
      apiKeySid: string;
      apiKeySecret: string;
    };

/** What a custom e-mail provider's function gets. */
export type EmailMessage = {
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
export type SmsMessage = { to: string; text: string; idempotencyKey: string };

/** The request of a custom provider; any 2xx answer means sent. */
export type CustomRequest = {
  url: string;
  headers: { [name: string]: string };
  body: string;
  /** Seconds for which the provider honours the idempotency key; left out: never repeat when in doubt. */
  keySeconds?: number;
};
