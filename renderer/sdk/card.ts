import type { ComponentType } from 'react'

/**
 * What a kind's card may show beyond the standard card: `nodes/<kind>/card.tsx` exports a component as `CardBody`,
 * drawn between the card's header and its ports. It gets the node's settings as written and the run's state of the node.
 */
export interface CardBodyProps<Data = Record<string, unknown>> {
  readonly data: Partial<Data>
  /** Text streamed by the node in the run that is shown. */
  readonly streamedText?: string
  readonly statusLine?: string
}

export type CardBody<Data = Record<string, unknown>> = ComponentType<CardBodyProps<Data>>
