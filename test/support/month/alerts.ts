import type { Alert, AlertChange } from '../../../contracts/alerts.ts';
import { checkAlert } from '../../../domain/alerts/check.ts';
import { builtInAlerts } from '../../../domain/alerts/defaults.ts';
import type { NewNotification } from '../../../domain/ports/alerts.ts';
import { idOf } from './rows.ts';
import { runIds } from './runs.ts';
import { ago, day, hour, type Month } from './world.ts';

export const alertIds = {
  run: idOf('alert', 'run'),
  deadline: idOf('alert', 'deadline'),
  acknowledged: idOf('alert', 'acknowledged'),
  resolved: (n: number): string => idOf('alert', 'resolved', n),
};

const alertOf = (month: Month, given: Partial<Alert> & Pick<Alert, 'id' | 'definition' | 'key' | 'text'>): Alert => ({
  ...{
    definitionVersion: 1,
    pipeline: 'offers',
    market: null,
    severity: 'warning',
    state: 'firing',
    findings: [],
    findingCount: 1,
  },
  ...{
    since: ago(month, 60).toISOString(),
    firedAt: ago(month, 60).toISOString(),
    acknowledgedAt: null,
    acknowledgedBy: null,
  },
  ...{ escalatedAt: null, resolvedAt: null, resolution: null, silencedBy: null, notifiedAt: null },
  ...given,
});

const text = (title: string, what: string, command: string | null = null): Alert['text'] => ({
  ...{
    title,
    what,
    affects: ['The lists of the market are those of the day before.'],
    firstStep: 'Look at the log of the step that failed.',
    command,
  },
});

/** Alerts that fire, were acknowledged and are over, with channels, what was told by them, and a silence. */
export async function seedAlerts(month: Month): Promise<void> {
  const { database, client, markets, today } = month;
  const at = (minutes: number): string => ago(month, minutes).toISOString();
  for (const definition of builtInAlerts)
    await database.alertDefinitions.create({ ...checkAlert(definition), origin: 'code' }, ago(month, 30 * day));
  const settings = { topics: ['alerts', 'escalations'] as ('alerts' | 'escalations')[], resolved: true };
  await database.channels.create(
    {
      id: 'ops-mail',
      kind: 'email',
      settings: { ...settings, to: ['ops@example.org'] },
      target: 'ops@example.org',
      secret: null,
    },
    ago(month, 30 * day),
  );
  await database.channels.create(
    {
      id: 'data-team',
      kind: 'email',
      settings: { ...settings, to: ['data@example.org'] },
      target: 'data@example.org',
      secret: null,
    },
    ago(month, 30 * day),
  );
  const told = (alert: Alert, channel: string): NewNotification => ({
    channel,
    dedupe: `${alert.id}/fired/${channel}`,
    title: alert.text.title,
    content: { kind: 'firing', alert },
  });
  const alerts: { alert: Alert; changes: readonly AlertChange[]; messages: readonly NewNotification[] }[] = [];
  const fire = (alert: Alert, more: readonly AlertChange[] = []): void => {
    const fired: AlertChange = { at: alert.firedAt, kind: 'fired', by: null, note: '' };
    const messages = [told(alert, 'ops-mail'), told(alert, 'data-team')];
    alerts.push({ alert, changes: [fired, ...more], messages });
  };
  const finding = (subject: string, minutes: number, what: string) => ({
    subject,
    since: at(minutes),
    seenAt: at(minutes),
    what,
  });
  const market = markets[1] as string;
  fire(
    alertOf(month, {
      ...{
        id: alertIds.run,
        definition: 'run-failed',
        key: `offers/${market}`,
        market,
        since: at(5 * hour),
        firedAt: at(4.9 * hour),
      },
      text: text(
        `Offers, ${market}: a run failed`,
        `Run ${runIds.failedMarket} of offers for ${market} failed in predict: it ran out of memory.`,
        `perennial runs retry ${runIds.failedMarket}`,
      ),
      findings: [finding(runIds.failedMarket, 5 * hour, 'It ran out of memory.')],
    }),
  );
  fire(
    alertOf(month, {
      ...{
        id: alertIds.deadline,
        definition: 'deadline-missed',
        key: 'offers',
        severity: 'critical',
        since: at(20),
        firedAt: at(19),
      },
      text: text(
        'Offers: a deadline was missed',
        'offers-by-morning was due 20 min ago; its run will probably take 20 min more.',
      ),
      findings: [finding(`offers-by-morning/${today}`, 20, 'It was due 20 min ago.')],
    }),
  );
  fire(
    alertOf(month, {
      ...{
        id: alertIds.acknowledged,
        definition: 'data-drift',
        key: 'offers/Spain',
        market: 'Spain',
        state: 'acknowledged',
      },
      ...{ since: at(2 * day), firedAt: at(2 * day), acknowledgedAt: at(1.5 * day), acknowledgedBy: 'ada' },
      text: text('Offers, Spain: data have drifted', 'unit_price of Spain is higher than in the training data.'),
      findings: [finding('drift unit_price', 2 * day, 'unit_price is higher.')],
    }),
    [{ at: at(1.5 * day), kind: 'acknowledged', by: 'ada', note: 'prices were raised; we look at it on Monday' }],
  );
  for (let n = 0; n < 6; n++) {
    const fired = at((n + 3) * 3 * day);
    const resolvedAt = at((n + 3) * 3 * day - 90);
    fire(
      alertOf(month, {
        ...{
          id: alertIds.resolved(n),
          definition: 'run-late',
          key: `offers/${markets[n]}`,
          market: markets[n] as string,
          state: 'resolved',
        },
        ...{ since: fired, firedAt: fired, resolvedAt, resolution: 'The run ended.' },
        text: text(`Offers, ${markets[n]}: a run is late`, 'It takes more than twice its usual time.'),
      }),
      [{ at: resolvedAt, kind: 'resolved', by: null, note: 'The run ended.' }],
    );
  }
  // As they happened: messages are numbered.
  for (const { alert, changes, messages } of alerts.toSorted((a, b) => (a.alert.firedAt < b.alert.firedAt ? -1 : 1)))
    await database.alerts.save(alert, 0, changes, messages, new Date(alert.firedAt));
  const messages = await database.notifications.list({ limit: 100 });
  for (const { id, channel, kind } of messages) {
    await database.notifications.begin(id);
    if (
      channel === 'data-team' &&
      kind === 'firing' &&
      messages.findIndex((one) => one.channel === channel) === messages.findIndex((one) => one.id === id)
    )
      await database.notifications.bury(id, {
        code: 'DELIVERY_REFUSED',
        message: 'The mail server refuses data@example.org: there is no such mailbox.',
      });
    else await database.notifications.processed(id);
  }
  await client.query(
    "update notifications set sent_at = case when sent_at is null then null else created_at + interval '2 seconds' end",
  );
  await database.alerts.createSilence({
    match: { pipeline: 'translation' },
    until: ago(month, -2 * day),
    by: 'bob',
    reason: 'the GPU is being replaced',
    now: ago(month, hour),
  });
}
