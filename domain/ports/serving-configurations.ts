import type { ServingConfiguration } from '../../contracts/serving-configurations.ts';

/** Configurations by which models are served. */
export interface ServingConfigurationRepository {
  /** Adds the next configuration of a model; the same settings give the one there is. */
  add(
    configuration: Omit<ServingConfiguration, 'configuration' | 'at'>,
  ): Promise<{ readonly configuration: ServingConfiguration; readonly isNew: boolean }>;
  get(model: string, configuration: number): Promise<ServingConfiguration | null>;
  /** Newest first. */
  list(model: string): Promise<ServingConfiguration[]>;
  /** The configuration by which the champion is served, and its successors will be; in a rollout that of the base. */
  inForce(model: string): Promise<number>;
}
