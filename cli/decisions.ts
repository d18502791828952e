import type { BacktestReport, JudgedDegradation } from '../contracts/backtests.ts';
import type { DecisionLinks, DecisionOverride, DecisionShown, DecisionVerdict } from '../contracts/decisions.ts';
import { table, time } from './terminal.ts';

const verdictTexts: Readonly<Record<DecisionVerdict, string>> = {
  retrain: 'train again',
  challenger: 'train a challenger',
  keep: 'keep the model',
  alert: 'keep the model: the data are at fault',
  escalate: 'people decide',
};

/** A decision in words: verdict, sentence, every rule with whether it fired and what it found, and what came of it. */
export function decisionText(decision: DecisionShown): string {
  const { verdict, effective, summary, reasons, policy, at, overrides, links } = decision;
  const width = Math.max(0, ...reasons.map((r) => r.rule.length));
  return [
    `Retraining decision: ${verdictTexts[verdict]}${effective === verdict ? '' : `; overridden: ${verdictTexts[effective]}`}`,
    `  ${summary}`,
    ...reasons.map((r) => `  ${r.rule.padEnd(width)}  ${r.fired ? 'yes' : 'no '}  ${r.text}`),
    `  by policy ${policy.name}, version ${policy.version}, ${time(at)} UTC`,
    ...overrides.map((override) => `  ${overrideText(override)}`),
    ...linkTexts(links).map((line) => `  ${line}`),
  ].join('\n');
}

function overrideText({ id, verdict, reason, status, requestedBy, decidedBy, note }: DecisionOverride): string {
  const answered = decidedBy === null ? '' : ` by ${decidedBy}${note ? `: ${note}` : ''}`;
  return `override ${id} to ${verdict}, asked for by ${requestedBy} (${reason}): ${status}${answered}`;
}

function linkTexts({ run, version, rollout, outcome, why }: DecisionLinks): string[] {
  return [
    ...(run ? [`→ run ${run.id}: ${run.status}${run.hours === null ? '' : `, ${run.hours.toFixed(2)} h`}`] : []),
    ...(version ? [`→ ${version.model}, version ${version.version}`] : []),
    ...(rollout === null ? [] : [`→ rollout ${rollout}`]),
    ...(outcome === null ? [] : [`→ ${outcome}: ${why ?? ''}`]),
  ];
}

export function decisionsText(decisions: readonly DecisionShown[]): string {
  return table(
    ['decision', 'when', 'verdict', 'outcome', 'in a sentence'],
    decisions.map((d) => [
      d.id,
      time(d.at),
      d.effective === d.verdict ? d.verdict : `${d.verdict} → ${d.effective}`,
      d.links.outcome ?? (d.links.run ? d.links.run.status : ''),
      d.summary,
    ]),
    { empty: 'No decisions yet. The daily watch makes one for each model with a policy; so does each run of offers.' },
  );
}

/** A backtest in words, or two side by side. */
export function backtestText(report: BacktestReport, against: BacktestReport | null): string {
  const reports = against ? [report, against] : [report];
  const rows: (readonly [string, (r: BacktestReport) => string | number])[] = [
    ['retrainings', (r) => r.retrainings],
    [
      '  by rule',
      (r) =>
        Object.entries(r.byRule)
          .map(([rule, n]) => `${rule} ${n}`)
          .join(', ') || 'none',
    ],
    ['challengers', (r) => r.challengers],
    ['training hours', (r) => r.hours.toFixed(1)],
    ['degradations caught', (r) => `${r.caught} of ${r.degradations.length}`],
    ['  missed', (r) => r.missed],
    ['  days to detection (median)', (r) => r.medianDaysToDetection ?? ''],
    ['false retrainings', (r) => r.falseRetrainings.length],
    ['days of data faults', (r) => r.alerts],
    ['escalations', (r) => r.escalations],
    ['days as decided then', (r) => `${r.agreement.same} of ${r.agreement.days}`],
  ];
  return [
    `${report.model}, ${report.from} to ${report.to} (${report.days} days)`,
    table(
      [
        '',
        ...reports.map(
          ({ policy }) => `${policy.id} ${policy.version === null ? '(not stored)' : `v${policy.version}`}`,
        ),
      ],
      rows.map(([name, value]) => [name, ...reports.map(value)]),
    ),
    '',
    ...reports.flatMap((r) => [
      `Degradations, as ${r.policy.id} would have met them:`,
      table(['from', 'to', 'figure', 'depth', 'what'], r.degradations.map(degradationRow), { empty: '  none' }),
    ]),
  ].join('\n');
}

function degradationRow({ from, to, kpi, depth, status, at, days, endedBy }: JudgedDegradation): string[] {
  const met = at === null ? '' : ` on ${at}, after ${days} ${days === 1 ? 'day' : 'days'}`;
  const ended = endedBy === null ? '' : `; a training of ${endedBy} ended it`;
  return [from, to, kpi ?? 'marked', depth === null ? '' : `${depth.toFixed(1)} σ`, `${status}${met}${ended}`];
}
