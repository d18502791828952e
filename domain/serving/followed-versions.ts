import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelRepository } from '../ports/models.ts';

export interface FollowedVersionsOptions {
  readonly models: Pick<ModelRepository, 'get' | 'byAlias'>;
  readonly clock: Clock;
  /** Loads a version before it takes the place of another. */
  prepare(version: ModelVersion): Promise<void>;
  /** Hears why a new version could not be loaded; the old one goes on serving. */
  readonly onFailure?: (model: string, error: unknown) => void;
  /** Milliseconds after which an alias is looked at again; default 3,000. */
  readonly refreshMs?: number;
}

interface Followed {
  version: ModelVersion;
  checkedAt: number;
  isLooking: boolean;
}

/** Where aliases of the registry point: at another version only once that is loaded, so that nobody waits for it. */
export class FollowedVersions {
  readonly #options: FollowedVersionsOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #finding = new Map<string, Promise<ModelVersion>>();

  constructor(options: FollowedVersionsOptions) {
    this.#options = options;
  }

  /**
   * The version that serves under a choice.
   *
   * @param choice a version, or an alias.
   * @throws NOT_FOUND when there is none.
   */
  async resolve(name: string, choice: string): Promise<ModelVersion> {
    const key = `${name}@${choice}`;
    const now = this.#options.clock.now().getTime();
    const followed = this.#followed.get(key);
    if (followed === undefined) {
      const version = await this.#find(name, choice);
      this.#followed.set(key, { version, checkedAt: now, isLooking: false });
      return version;
    }
    if (now - followed.checkedAt >= (this.#options.refreshMs ?? 3000) && !followed.isLooking) {
      followed.checkedAt = now;
      void this.#look(key, name, choice, followed);
    }
    return followed.version;
  }

  async #look(key: string, name: string, choice: string, followed: Followed): Promise<void> {
    followed.isLooking = true;
    try {
      const found = await this.#ask(name, choice);
      if (found === null) this.#followed.delete(key);
      else if (found.version !== followed.version.version) {
        await this.#options.prepare(found);
        followed.version = found;
      }
    } catch (error) {
      this.#options.onFailure?.(name, error);
    } finally {
      followed.isLooking = false;
    }
  }

  /** A version out of the registry; those asked for at the same time are asked once. */
  #find(name: string, choice: string): Promise<ModelVersion> {
    const key = `${name}@${choice}`;
    let finding = this.#finding.get(key);
    if (finding === undefined) {
      finding = this.#ask(name, choice).then((found) => {
        if (found) return found;
        throw new PerennialError(
          'NOT_FOUND',
          `The model ${name} has no ${/^\d+$/.test(choice) ? 'version' : 'alias'} "${choice}".`,
          {
            fields: [{ field: 'model', value: choice, message: 'is neither a version nor an alias of it' }],
            remedy: `\`perennial models ls ${name}\` lists its versions and aliases.`,
          },
        );
      });
      this.#finding.set(key, finding);
      finding.catch(() => {}).finally(() => this.#finding.delete(key));
    }
    return finding;
  }

  #ask(name: string, choice: string): Promise<ModelVersion | null> {
    const { models } = this.#options;
    return /^\d+$/.test(choice) ? models.get(name, Number(choice)) : models.byAlias(name, choice);
  }
}
