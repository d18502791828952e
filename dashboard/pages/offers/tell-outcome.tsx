import { Check, X } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { ChosenOffer } from '../../../contracts/chosen-offers.ts';
import type { ToldOutcome } from '../../../contracts/outcomes.ts';
import { useMay } from '../../app/session.ts';
import { post } from '../../http/client.ts';
import { queryClient } from '../../http/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.tsx';
import styles from './offers.module.css';

/** Whether an offer sold. */
export const Sold = ({ sale }: { readonly sale: boolean }): ReactElement => (
  <Mark tone={sale ? 'ok' : 'skipped'} icon={sale ? Check : X} word={sale ? 'Sold' : 'Not sold'} />
);

export interface TellOutcomeProps {
  readonly offer: ChosenOffer;
  /** What was told of it before. */
  readonly told: ToldOutcome | undefined;
}

/** Whether an offer sold: told by whoever made it, and learned from. */
export function TellOutcome({ offer, told }: TellOutcomeProps): ReactElement {
  const mayTell = useMay('operator');
  const [busy, setBusy] = useState(false);
  const [changing, setChanging] = useState(false);
  const tell = async (sale: boolean): Promise<void> => {
    setBusy(true);
    try {
      await send(offer, sale);
      setChanging(false);
      toast(`${offer.description}: ${sale ? 'sold' : 'not sold'}. The next offers are chosen with that in mind.`, {
        ...(told && told.sale !== sale ? { undo: () => void takeBack(offer, told.sale) } : {}),
      });
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { failed: true });
    } finally {
      setBusy(false);
    }
  };
  if (told && !changing)
    return (
      <span className={styles.told}>
        <Sold sale={told.sale} />
        {mayTell ? (
          <Button
            small
            kind="quiet"
            onClick={() => setChanging(true)}
            aria-label={`Change what became of ${offer.description}`}
          >
            Change
          </Button>
        ) : null}
      </span>
    );
  if (!mayTell) return <span className="muted">not told yet</span>;
  return (
    <span className={styles.told}>
      <Button small icon={Check} busy={busy} aria-label={`Sold: ${offer.description}`} onClick={() => void tell(true)}>
        Sold
      </Button>
      <Button small icon={X} busy={busy} aria-label={`Not sold: ${offer.description}`} onClick={() => void tell(false)}>
        Not sold
      </Button>
    </span>
  );
}

async function send({ market, customerId, productId, asOf, discount }: ChosenOffer, sale: boolean): Promise<void> {
  await post('/v1/offers/outcomes', {
    outcomes: [{ market, customerId, productId, date: asOf, discount, sale }],
  });
  await queryClient.invalidateQueries({ queryKey: ['offers', 'customer', customerId] });
  await queryClient.invalidateQueries({ queryKey: ['offers', 'quality'] });
}

async function takeBack(offer: ChosenOffer, sale: boolean): Promise<void> {
  try {
    await send(offer, sale);
    toast('What was told before stands again.');
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { failed: true });
  }
}
