import { type FormEvent, type ReactElement, useEffect, useState } from 'react';
import { ApiError } from '../http/client.ts';
import { endedKey, queryClient } from '../http/query-client.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Failure } from '../ui/states.tsx';
import { signIn } from './session.ts';
import styles from './sign-in.module.css';

/** Asks for a key, once; afterwards the page that was asked for opens. */
export function SignIn(): ReactElement {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    document.title = 'Sign in · Perennial';
  }, []);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(key);
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
      setBusy(false);
    }
  };
  const hasEnded = queryClient.getQueryData(endedKey) === true;
  const isWrong = error instanceof ApiError && error.status === 401;
  return (
    <main id="content" className={styles.signIn}>
      <img src="/favicon.svg" alt="" width={40} height={40} />
      <h1>Sign in to Perennial</h1>
      {hasEnded ? <p role="status">Your session has ended. Sign in again, and you are back where you were.</p> : null}
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="API key"
          fault={isWrong ? error.message : undefined}
          hint={
            <>
              Begins with <code>prn_</code>. The first start writes an administrator’s key to{' '}
              <code>.perennial/admin.key</code>; an administrator makes others with <code>perennial keys create</code>.
            </>
          }
        >
          <input
            type="password"
            name="key"
            autoComplete="current-password"
            required
            // biome-ignore lint/a11y/noAutofocus: the one thing to do here
            autoFocus
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </Field>
        <Button kind="primary" type="submit" busy={busy}>
          Sign in
        </Button>
      </form>
      {error && !isWrong ? <Failure error={error} /> : null}
      <p className="muted">
        The key does not stay in this browser: a session stands for it, until you sign out or do not use it for a week.
      </p>
    </main>
  );
}
