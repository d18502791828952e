/** Who has to act: the caller, the world around us (a server, a file, the network), or we (a defect). */
export type Fault = 'caller' | 'world' | 'us';

interface ErrorKind {
  readonly fault: Fault;
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retry: boolean;
  /** HTTP status the API answers with. */
  readonly status: number;
  readonly title: string;
}

/** Every error code that crosses a boundary. Codes are stable; titles may be reworded. */
export const errorKinds = {
  VALIDATION_FAILED: { fault: 'caller', retry: false, status: 400, title: 'The request is not valid' },
  UNAUTHENTICATED: { fault: 'caller', retry: false, status: 401, title: 'An API key is needed' },
  KEY_EXPIRED: { fault: 'caller', retry: false, status: 401, title: 'The API key has expired' },
  SIGNATURE_INVALID: { fault: 'caller', retry: false, status: 401, title: 'The signature is not valid' },
  SIGNATURE_STALE: { fault: 'caller', retry: false, status: 401, title: 'The signed time is too far from now' },
  FORBIDDEN: { fault: 'caller', retry: false, status: 403, title: 'The API key may not do this' },
  NOT_FOUND: { fault: 'caller', retry: false, status: 404, title: 'There is no such thing' },
  PIPELINE_UNKNOWN: { fault: 'caller', retry: false, status: 404, title: 'There is no such pipeline' },
  CONFLICT: { fault: 'caller', retry: false, status: 409, title: 'The request conflicts with the present state' },
  IDEMPOTENCY_CONFLICT: {
    fault: 'caller',
    retry: false,
    status: 409,
    title: 'The idempotency key was used for another request',
  },
  GONE: { fault: 'caller', retry: false, status: 410, title: 'It was there, and has been removed' },
  BODY_TOO_LARGE: { fault: 'caller', retry: false, status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { fault: 'caller', retry: false, status: 415, title: 'The media type is not supported' },
  PARAMETER_INVALID: { fault: 'caller', retry: false, status: 422, title: 'A parameter is not valid' },
  RATE_LIMITED: { fault: 'caller', retry: true, status: 429, title: 'Too many requests' },
  DEFINITION_INVALID: { fault: 'caller', retry: false, status: 422, title: 'The pipeline definition is not valid' },
  EXPRESSION_INVALID: { fault: 'caller', retry: false, status: 422, title: 'The expression is not valid' },
  CONFIG_INVALID: { fault: 'caller', retry: false, status: 500, title: 'The configuration is not valid' },
  SOURCE_INVALID: { fault: 'caller', retry: false, status: 422, title: 'The source data cannot be read' },
  QUARANTINE_EXCEEDED: { fault: 'caller', retry: false, status: 422, title: 'Too many rows are bad' },
  DATA_MISSING: { fault: 'caller', retry: false, status: 422, title: 'Data needed is not there' },
  MODEL_FORMAT: {
    fault: 'caller',
    retry: false,
    status: 422,
    title: 'The model has a format this version cannot read',
  },
  ARTIFACT_MISSING: { fault: 'world', retry: true, status: 503, title: 'An artifact cannot be found' },
  ARTIFACT_CORRUPT: { fault: 'world', retry: false, status: 500, title: 'An artifact does not match its hash' },
  UNAVAILABLE: { fault: 'world', retry: true, status: 503, title: 'A server we need does not answer' },
  DELIVERY_FAILED: { fault: 'world', retry: true, status: 502, title: 'A message could not be delivered' },
  DELIVERY_REFUSED: { fault: 'caller', retry: false, status: 502, title: 'The receiver refuses a message' },
  DISK_FULL: { fault: 'world', retry: true, status: 507, title: 'There is no space left on the disk' },
  STEP_CRASHED: { fault: 'world', retry: true, status: 500, title: 'The process of a step died' },
  STEP_FAILED: { fault: 'us', retry: true, status: 500, title: 'A step failed' },
  PROGRAM_FAILED: { fault: 'us', retry: false, status: 500, title: 'A step failed for good' },
  WORKFLOW_LOST: { fault: 'world', retry: false, status: 500, title: 'The workflow of a run is gone' },
  CANCELLED: { fault: 'caller', retry: false, status: 409, title: 'The work was cancelled' },
  INTERNAL: { fault: 'us', retry: false, status: 500, title: 'An unexpected fault on our side' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** An error as it is stored and sent: JSON, the same in the database, the API and Temporal failure details. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the reader can do about it, one sentence. */
  readonly remedy?: string;
  /** The offending fields, when the fault lies in given data. */
  readonly fields?: readonly FieldFault[];
}

export interface FieldFault {
  readonly field: string;
  readonly value?: unknown;
  readonly message: string;
}

/**
 * The one error class of Perennial. `message` says what is wrong with which value, `remedy` what to do.
 * `code` decides fault, retry and HTTP status (see {@link errorKinds}).
 */
export class PerennialError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly fields: readonly FieldFault[] | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { remedy?: string; fields?: readonly FieldFault[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PerennialError';
    this.code = code;
    this.remedy = options.remedy;
    this.fields = options.fields;
  }

  get fault(): Fault {
    return errorKinds[this.code].fault;
  }

  get retry(): boolean {
    return errorKinds[this.code].retry;
  }

  get status(): number {
    return errorKinds[this.code].status;
  }

  toInfo(): ErrorInfo {
    return {
      code: this.code,
      message: this.message,
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
      ...(this.fields === undefined ? {} : { fields: this.fields }),
    };
  }

  static fromInfo(info: ErrorInfo): PerennialError {
    return new PerennialError(info.code, info.message, {
      ...(info.remedy === undefined ? {} : { remedy: info.remedy }),
      ...(info.fields === undefined ? {} : { fields: info.fields }),
    });
  }
}

/** Any thrown value as an {@link ErrorInfo}; what is not a PerennialError gets `fallback` (default INTERNAL). */
export function toErrorInfo(error: unknown, fallback: ErrorCode = 'INTERNAL'): ErrorInfo {
  if (error instanceof PerennialError) return error.toInfo();
  return { code: fallback, message: error instanceof Error ? error.message : String(error) };
}
