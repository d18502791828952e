/** How a program ended: by itself, or killed by a signal. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Runs programs outside of this process, each in a process group of its own. */
export interface ProgramRunner {
  /**
   * Runs a program until it has ended and takes what it left running with it. When `signal` is aborted, the whole group
   * gets SIGTERM and, after `graceMs`, SIGKILL. When this process dies, however it does, the group is killed.
   *
   * @throws CONFIG_INVALID when there is no such program or folder.
   */
  run(program: {
    readonly argv: readonly string[];
    /** Beside PATH, HOME and LANG. */
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string | undefined;
    readonly signal: AbortSignal;
    readonly graceMs: number;
    /** Each line it writes, without its end; longer ones come in parts of 512 KiB. */
    readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  }): Promise<ProgramEnd>;
}
