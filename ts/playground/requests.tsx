/** What each provider is sent, with `***` for what is secret. */
import { signal } from "@preact/signals";
import type { Attempt, Decision } from "../core.ts";
import { decodeBase64 } from "../core.ts";
import { Problems } from "./field.tsx";
import { providerName } from "./schema.ts";

const isExact = signal(false);

export function Requests({ decision }: { decision: Decision }) {
  if (decision.type === "invalid") return <NotYet problems={decision.problems} />;
  if (decision.type === "skip") return <p class="nothing">Nothing is sent, so there is no request.</p>;
  return (
    <>
      {decision.attempts.map((attempt, i) => (
        <Request key={attempt.sender} attempt={attempt} isFirst={i === 0} />
      ))}
      <p class="help">
        Idempotency key: <code>{decision.key}</code>
      </p>
      <label class="flag">
        <input
          type="checkbox"
          checked={isExact.value}
          onChange={({ currentTarget }) => {
            isExact.value = currentTarget.checked;
          }}
        />
        Show each body as it is sent, byte for byte
      </label>
    </>
  );
}

function NotYet({ problems }: { problems: string[] }) {
  const isEmpty = problems.some((it) => it.includes("has no sender"));
  if (isEmpty) return <p class="nothing">Choose a provider under “Sender” to see what it is sent.</p>;
  return (
    <div class="hint">
      <p>There is something to mend first:</p>
      <Problems id="request-problems" problems={problems} />
    </div>
  );
}

function Request({ attempt, isFirst }: { attempt: Attempt; isFirst: boolean }) {
  const { provider, request, sign } = attempt;
  return (
    <section class="request">
      <h3>
        {providerName(provider)} <span class="note">{isFirst ? "first" : "if that fails"}</span>
      </h3>
      {request && (
        <>
          <pre>
            <b>{request.method}</b> {request.url}
            {"\n"}
            {Object.entries(request.headers).map(([name, value]) => (
              <span key={name}>
                <span class="header-name">{name}</span>: {readable(value)}
                {"\n"}
              </span>
            ))}
            {"\n"}
            {isExact.value ? request.body : formatted(request.body)}
          </pre>
          {sign && <p class="help">When it is sent, a signature for Amazon SES in {sign.region} is added.</p>}
        </>
      )}
    </section>
  );
}

/** What Basic authentication hides is but the name and the mask. */
function readable(value: string): string {
  const [, credentials] = /^Basic (\S+)$/.exec(value) ?? [];
  if (!credentials) return value;
  return `Basic base64(${new TextDecoder().decode(decodeBase64(credentials))})`;
}

function formatted(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
