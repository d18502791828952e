import { useRouter } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { links } from '../../app/links.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import styles from './offers.module.css';

/** Opens a customer by its number. */
export function FindCustomer(): ReactElement {
  const router = useRouter();
  const [id, setId] = useState('');
  return (
    <search>
      <form
        className={styles.find}
        onSubmit={(event) => {
          event.preventDefault();
          if (id.trim() !== '') router.history.push(links.customer(id.trim()));
        }}
      >
        <Field bare label="Customer number">
          <input placeholder="Customer number" value={id} onChange={(event) => setId(event.target.value)} />
        </Field>
        <Button type="submit" icon={Search} aria-label="Open the customer" />
      </form>
    </search>
  );
}
