/** An error that a service answers with. */
export class ServiceError extends Error {
  /** @param members further members of the error's body */
  constructor(override readonly name: string, message: string, readonly status: number, readonly members?: object) {
    super(message);
  }
}

/** The connection is cut instead of an answer. Step Functions gives this error the same name. */
export class Dropped extends ServiceError {
  /** @param when before or after the call took effect */
  constructor(readonly when: 'drop-before' | 'drop-after') {
    super('SdkClientException', 'Unable to execute HTTP request', 0);
  }
}
