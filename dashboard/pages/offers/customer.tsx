import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { AssortmentGap } from '../../../contracts/gaps.ts';
import type { NextProduct } from '../../../contracts/offers.ts';
import type { ToldOutcome } from '../../../contracts/outcomes.ts';
import { useAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { plural } from '../../format/number.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { Bought } from './bought.tsx';
import { Evidence } from './evidence.tsx';
import styles from './offers.module.css';
import { type Customer, useCustomer } from './queries.ts';
import { Sold, TellOutcome } from './tell-outcome.tsx';
import { chance, fullDay, money, shortDay } from './words.ts';

/** Everything to know before talking to a customer. */
export default function CustomerPage(): ReactElement {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { market: asked = '' } = useAddress();
  const query = useCustomer(id, asked);
  const customer = query.data;
  const market = customer?.prediction?.market ?? customer?.offers[0]?.market ?? customer?.gaps[0]?.market ?? asked;
  const crumbs = (
    <>
      <Go href={links.offers}>Offers</Go>
      {market ? (
        <>
          {' / '}
          <Go href={links.market(market)}>{market}</Go>
        </>
      ) : null}
    </>
  );
  if (!customer)
    return (
      <Page title={`Customer ${id}`} crumbs={crumbs}>
        <Loaded query={query} lines={12}>
          {() => null}
        </Loaded>
      </Page>
    );
  return (
    <Page title={`Customer ${id}`} crumbs={crumbs} answer={answerOf(customer)}>
      <Known {...customer} />
      {market ? <Bought id={id} market={market} /> : null}
    </Page>
  );
}

function answerOf({ prediction, gaps, offers }: Customer): string {
  if (!prediction && gaps.length === 0 && offers.length === 0) return 'Nothing is known of this customer.';
  const best = prediction?.products[0];
  const parts = [
    offers.length > 0 ? `${plural(offers.length, 'offer')} to make` : '',
    gaps.length > 0 ? `${plural(gaps.length, 'product')} that it uses and does not buy here` : '',
  ].filter(Boolean);
  const next = best
    ? `Most likely buys ${best.description} next (${chance(best.probability)} within ${prediction.horizonDays} days).`
    : '';
  return [parts.length > 0 ? `${parts.join(', ')}.` : '', next].filter(Boolean).join(' ');
}

function Known({ prediction, gaps, offers, outcomes }: Customer): ReactElement {
  if (!prediction && gaps.length === 0 && offers.length === 0)
    return (
      <Empty title="There is no such customer in the lists">
        Check the number: it is the one that the sales have. A customer is listed from the first run after its first
        purchase on.
      </Empty>
    );
  const open = outcomes.filter((outcome) => !offers.some((offer) => isOf(outcome, offer)));
  return (
    <>
      {offers.length > 0 ? (
        <Section title="Offers to make" aside={<span>chosen for {fullDay(offers[0]?.asOf ?? '')}</span>}>
          <ul className={styles.cards}>
            {offers.map((offer) => (
              <li key={offer.rank} className={styles.card}>
                <div>
                  <strong>{offer.description || offer.productId}</strong> <Badge>{`${offer.discount}% off`}</Badge>
                  <p>{offer.reason}</p>
                  <p className="muted">
                    Sells with a chance of {chance(offer.probability)}, without the discount{' '}
                    {chance(offer.probabilityWithout)}. Adds {money(offer.incrementalMargin)} to the margin; a piece
                    costs {money(offer.price)} before the discount.
                  </p>
                </div>
                <TellOutcome offer={offer} told={outcomes.find((outcome) => isOf(outcome, offer))} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {gaps.length > 0 ? (
        <Section title="Uses, and does not buy here">
          <ul className={styles.cards}>
            {gaps.map((gap) => (
              <li key={gap.rank} className={styles.card}>
                <Gap gap={gap} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {prediction ? (
        <>
          <Section title="Buys next" aside={asideOf(prediction)}>
            <Products label="Buys next" products={prediction.products} />
          </Section>
          <Section title="Has never bought here, and may">
            <Products label="Has never bought here" products={prediction.newProducts} />
          </Section>
        </>
      ) : null}
      {open.length > 0 ? (
        <Section title="What became of earlier offers">
          <DataTable
            label="Earlier offers"
            columns={outcomeColumns(namesOf(prediction, offers))}
            rows={open}
            rowId={({ id }) => id}
          />
        </Section>
      ) : null}
    </>
  );
}

const isOf = (
  outcome: ToldOutcome,
  { productId, asOf }: { readonly productId: string; readonly asOf: string },
): boolean => outcome.productId === productId && outcome.date === asOf;

const asideOf = ({ asOf, modelVersion, horizonDays }: NonNullable<Customer['prediction']>): ReactElement => (
  <p>
    within {horizonDays} days from {fullDay(asOf)} on, by{' '}
    <Go href={links.version('offers-next-products', modelVersion)}>version {modelVersion}</Go>
  </p>
);

function Gap({ gap }: { readonly gap: AssortmentGap }): ReactElement {
  return (
    <div>
      <strong>{gap.name}</strong> {gap.productId === null ? <Badge tone="late">not in the assortment</Badge> : null}
      <Evidence evidence={gap.evidence} />
      <p className="muted">
        {chance(gap.score)} sure.{' '}
        {gap.yearlyValue === null
          ? ''
          : `Worth ${money(gap.yearlyValue)} a year, as ${plural(gap.comparables, 'customer')} like it buy.`}
      </p>
    </div>
  );
}

const productColumns: readonly Column<NextProduct>[] = [
  { id: 'rank', header: 'Place', card: 'mark', numeric: true, wide: true, cell: ({ rank }) => rank },
  {
    id: 'product',
    header: 'Product',
    grow: true,
    cell: ({ productId, description, reason }) => (
      <div className={styles.talk}>
        <span title={productId}>{description || productId}</span>
        <span className={styles.reason}>{reason}</span>
      </div>
    ),
  },
  {
    id: 'chance',
    header: 'Chance',
    numeric: true,
    cell: ({ probability }) => chance(probability),
    sort: ({ probability }) => probability,
  },
  {
    id: 'spend',
    header: 'Would spend',
    numeric: true,
    wide: true,
    cell: ({ expectedSpend }) => money(expectedSpend),
    sort: ({ expectedSpend }) => expectedSpend,
  },
  {
    id: 'revenue',
    header: 'May bring',
    numeric: true,
    cell: ({ expectedRevenue }) => money(expectedRevenue),
    sort: ({ expectedRevenue }) => expectedRevenue,
  },
];

function Products({
  label,
  products,
}: {
  readonly label: string;
  readonly products: readonly NextProduct[];
}): ReactElement {
  return (
    <DataTable
      label={label}
      columns={productColumns}
      rows={products}
      rowId={({ rank }) => String(rank)}
      empty={<p className="muted">Nothing is expected.</p>}
    />
  );
}

/** Descriptions of products that are known of, by their ids. */
const namesOf = (prediction: Customer['prediction'], offers: Customer['offers']): ReadonlyMap<string, string> =>
  new Map(
    [...offers, ...(prediction?.products ?? []), ...(prediction?.newProducts ?? [])].map(
      ({ productId, description }) => [productId, description] as const,
    ),
  );

const outcomeColumns = (names: ReadonlyMap<string, string>): readonly Column<ToldOutcome>[] => [
  {
    id: 'date',
    header: 'Offered',
    cell: ({ date }) => <span title={fullDay(date)}>{shortDay(date)}</span>,
    sort: ({ date }) => date,
  },
  {
    id: 'product',
    header: 'Product',
    grow: true,
    cell: ({ productId }) => <span title={productId}>{names.get(productId) || productId}</span>,
    sort: ({ productId }) => productId,
  },
  {
    id: 'discount',
    header: 'Off',
    numeric: true,
    cell: ({ discount, holdout }) => (holdout ? 'no offer made' : `${discount}%`),
    sort: ({ discount }) => discount,
  },
  {
    id: 'said',
    header: 'Chance given',
    numeric: true,
    wide: true,
    cell: ({ prediction }) => (prediction ? chance(prediction.probability) : '–'),
  },
  {
    id: 'sale',
    header: 'Outcome',
    cell: ({ sale }) => <Sold sale={sale} />,
    sort: ({ sale }) => (sale ? 1 : 0),
  },
  { id: 'by', header: 'Told by', wide: true, cell: ({ by }) => by ?? 'a file' },
  { id: 'at', header: 'Told', wide: true, cell: ({ at }) => <Time at={at} /> },
];
