import type {
  DatasetLook,
  DatasetWatch,
  WebhookScheme,
  WebhookSource,
  WebhookStart,
} from '../../contracts/webhooks.ts';

export interface NewWebhookSource {
  readonly id: string;
  readonly scheme: WebhookScheme;
  readonly eventType: string | null;
  readonly toleranceSeconds: number;
  readonly starts: WebhookStart | null;
}

/** Sources of webhooks; their secrets are kept encrypted. Methods that touch a secret throw CONFIG_INVALID without a key. */
export interface WebhookSourceRepository {
  /** CONFLICT when the id is taken. */
  create(source: NewWebhookSource, secret: string): Promise<WebhookSource>;
  list(): Promise<WebhookSource[]>;
  get(id: string): Promise<WebhookSource | null>;
  /** The source with the secrets that are valid at `now`; what every webhook asks for. */
  withSecrets(id: string, now: Date): Promise<{ source: WebhookSource; secrets: string[] } | null>;
  /** Null when there is no such source. */
  change(
    id: string,
    change: Partial<Pick<WebhookSource, 'enabled' | 'eventType' | 'toleranceSeconds' | 'starts'>>,
  ): Promise<WebhookSource | null>;
  /** Adds a secret; the one in use until now is valid until `until`, older ones no more. Null when there is no such source. */
  rotate(id: string, secret: string, until: Date): Promise<WebhookSource | null>;
  remove(id: string): Promise<boolean>;
}

export interface DatasetWatchRepository {
  /** CONFLICT when the id is taken. */
  create(watch: Omit<DatasetWatch, 'createdAt'>): Promise<DatasetWatch & DatasetLook>;
  list(): Promise<(DatasetWatch & DatasetLook)[]>;
  /** Keeps how a look went; nothing when there is no such watch any more. */
  looked(id: string, at: Date, error: DatasetLook['error']): Promise<void>;
  remove(id: string): Promise<boolean>;
}
