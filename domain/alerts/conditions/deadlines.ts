import { localClock } from '../../deadlines/words.ts';
import type { Found } from '../found.ts';
import type { Looks } from './look.ts';

/** A deadline missed longer ago is history. */
const missedMs = 3 * 86_400_000;

export const lookAtDeadlines: Pick<Looks, 'deadline'> = {
  async deadline({ states = ['expected-late', 'missed'] }, { deadlines, now }) {
    const from = new Date(now.getTime() - missedMs);
    const [all, days] = await Promise.all([deadlines.list(), deadlines.recentDays(from)]);
    const byId = new Map(all.map((deadline) => [deadline.id, deadline]));
    return days.flatMap((day): Found[] => {
      const deadline = byId.get(day.deadline);
      const { status } = day;
      if (!deadline || (status !== 'missed' && status !== 'expected-late') || !states.includes(status)) return [];
      if (Date.parse(day.dueAt) < from.getTime()) return [];
      const { definition, pipeline } = deadline;
      const isMissed = status === 'missed';
      const due = `${localClock(definition.zone, day.day)(Date.parse(day.dueAt))} ${definition.zone}`;
      const work = `${pipeline}${definition.key === undefined ? '' : ` for ${definition.key}`}`;
      return [
        {
          subject: `${day.deadline}/${day.day}`,
          pipeline,
          market: definition.key ?? '',
          since: (isMissed ? day.missedAt : day.warnedAt) ?? day.updatedAt,
          what: `The work of ${work} on ${day.day} ${isMissed ? 'was not' : 'will probably not be'} done by ${due} (deadline "${day.deadline}"). ${day.reason}`,
          one: isMissed ? 'a deadline was missed' : 'a deadline will probably be missed',
          many: isMissed ? '{n} deadlines were missed' : '{n} deadlines will probably be missed',
          firstStep:
            day.runId === null
              ? `No run does this work: start one, or look at why its schedule did not.`
              : 'Look at the run that is to do it: which step it is at, and what it waits for.',
          command: day.runId === null ? `perennial runs ls --pipeline ${pipeline}` : `perennial runs show ${day.runId}`,
        },
      ];
    });
  },
};
