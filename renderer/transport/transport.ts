/**
 * Carries protocol messages between a window and its engine. A transport looks after its own connection: it may open
 * and close several times in its life, and says so.
 */
export interface Transport {
  /** Begins to connect; called once. */
  start(handlers: TransportHandlers): void
  /** Sends one message, which must be plain JSON data. Messages sent while the connection is down are dropped. */
  send(message: object): void
  /** Ends the connection for good. */
  close(): void
}

export interface TransportHandlers {
  opened(): void
  /** A message as it arrived, not yet checked. */
  received(message: unknown): void
  /** The connection broke; `final` where the transport will not try again. `message` is a sentence for people. */
  closed(message: string, final: boolean): void
}
