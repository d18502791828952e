import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import type { RolloutCommand, RolloutRecord } from '../../../contracts/rollouts.ts';
import { useMay } from '../../app/session.ts';
import { percent } from '../../format/number.ts';
import { post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toast.tsx';
import { useMayMove } from '../models/move-alias.tsx';
import { useModels } from '../models/queries.ts';
import { isOpen } from '../models/words.ts';

/** Whom a rollout is about. */
const everyone = ({ market }: RolloutRecord): string =>
  market === '' ? 'every caller' : `every customer of ${market}`;

/** What a command does to whom. */
function consequenceOf(rollout: RolloutRecord, command: RolloutCommand): ReactNode {
  const { version, base, plan, step } = rollout;
  const share = plan.steps[step]?.share ?? 0;
  const next = plan.steps[step + 1];
  const served = share === 0 ? 'nobody gets its answers' : `${percent(share)} get its answers`;
  if (command === 'pause')
    return `The step does not end before somebody resumes it: ${served}, as now. The gates go on watching, and take version ${version} back if it harms.`;
  if (command === 'resume')
    return `The time of the step begins anew: ${served}. It goes on once the gates have ruled harm out.`;
  if (command === 'abort')
    return `Version ${base} answers ${everyone(rollout)} again within two seconds, version ${version} nobody. No request is lost. This rollout cannot be taken up again; another one can be begun.`;
  return next
    ? `The step ends now, whatever the gates say: version ${version} ${next.share === 0 ? 'goes on in shadow' : `answers ${next.share === 1 ? everyone(rollout) : percent(next.share)}`}. It can be aborted there.`
    : `The rollout ends now, whatever the gates say: version ${version} takes over from version ${base} for ${everyone(rollout)}. A rollback brings version ${base} back.`;
}

const words: Readonly<
  Record<RolloutCommand, { readonly action: string; readonly title: string; readonly done: string }>
> = {
  pause: { action: 'Pause', title: 'Pause this rollout?', done: 'The rollout is paused.' },
  resume: { action: 'Resume', title: 'Resume this rollout?', done: 'The rollout goes on.' },
  skip: { action: 'Skip the step', title: 'Skip the rest of this step?', done: 'The step was skipped.' },
  abort: { action: 'Abort', title: 'Abort this rollout?', done: 'The rollout was aborted.' },
};

/** What people may say to a rollout that goes on. */
export function Controls({ rollout }: { readonly rollout: RolloutRecord }): ReactElement | null {
  const client = useQueryClient();
  const mayStop = useMay('operator');
  const models = useModels(rollout.model);
  const refused = useMayMove(models.data, 'champion');
  if (!isOpen(rollout)) return null;
  const tell = async (command: RolloutCommand, reason: string): Promise<void> => {
    await post(`/v1/rollouts/${encodeURIComponent(rollout.id)}/${command}`, { reason });
    await client.invalidateQueries({ queryKey: ['rollouts'] });
    const back = command === 'pause' ? 'resume' : command === 'resume' ? 'pause' : null;
    toast(
      words[command].done,
      back === null
        ? {}
        : {
            undo: () =>
              void tell(back, 'undone in the dashboard').catch((error: Error) =>
                toast(error.message, { failed: true }),
              ),
          },
    );
  };
  const commands: readonly RolloutCommand[] =
    rollout.status === 'queued' ? ['abort'] : [rollout.status === 'paused' ? 'resume' : 'pause', 'skip', 'abort'];
  return (
    <>
      {commands.map((command) => {
        const why = command === 'skip' ? refused : mayStop ? null : 'Needs the role operator';
        const { action, title } = words[command];
        return (
          <Confirm
            key={command}
            title={title}
            consequence={consequenceOf(rollout, command)}
            action={action}
            danger={command === 'abort'}
            reason="needed"
            onConfirm={(reason) => tell(command, reason)}
          >
            <Button kind={command === 'abort' ? 'danger' : 'plain'} disabled={why !== null} title={why ?? undefined}>
              {action}
            </Button>
          </Confirm>
        );
      })}
    </>
  );
}
