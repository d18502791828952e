import type {
  Channel,
  ChannelKind,
  ChannelSettings,
  NotificationContent,
  NotificationRecord,
  NotificationState,
} from '../../contracts/notifications.ts';
import type { NewNotification } from './alerts.ts';
import type { DeliveryLedger } from './events.ts';

/** What a channel keeps secret: where a webhook is, and what it is signed with. */
export interface ChannelSecret {
  readonly url: string;
  /** Of signed webhooks: `whsec_…`, as Standard Webhooks has it. */
  readonly signingSecret?: string;
}

export interface NewChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly settings: ChannelSettings;
  readonly target: string;
  readonly secret: ChannelSecret | null;
}

export interface ChannelRepository {
  /** By id. */
  list(): Promise<Channel[]>;
  get(id: string): Promise<Channel | null>;
  /** CONFIG_INVALID when its secret does not open. */
  secret(id: string): Promise<ChannelSecret | null>;
  /** CONFLICT when the id is taken. */
  create(channel: NewChannel, now: Date): Promise<Channel>;
  /** What is not given stays; null when there is none. */
  change(
    id: string,
    change: {
      readonly settings?: ChannelSettings;
      readonly enabled?: boolean;
      readonly target?: string;
      readonly secret?: ChannelSecret;
    },
  ): Promise<Channel | null>;
  /** Removes it with its notifications; false when there is none. */
  remove(id: string): Promise<boolean>;
}

/** A message that is to be sent. */
export interface StoredNotification extends NotificationRecord {
  readonly content: NotificationContent;
  /** Where the trace of what it tells goes on; null: nobody traced it. */
  readonly traceparent: string | null;
}

export interface NotificationRepository extends DeliveryLedger<StoredNotification> {
  /** Stores messages; one whose `dedupe` is known is left out. @returns the ids of the new ones. */
  add(notifications: readonly NewNotification[], now: Date): Promise<number[]>;
  /** Whether a message of that name was written. */
  has(dedupe: string): Promise<boolean>;
  get(id: number): Promise<StoredNotification | null>;
  /** Newest first. */
  list(filter: {
    readonly state?: NotificationState;
    readonly channel?: string;
    readonly alertId?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<NotificationRecord[]>;
  /** Makes a message that was given up, or sent, one that is to be sent again; false when it waits anyway or is unknown. */
  again(id: number): Promise<boolean>;
  /** Removes what was written before that and does not wait; returns how many. */
  forget(before: Date, limit: number): Promise<number>;
}
