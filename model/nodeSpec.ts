import type { ZodType } from 'zod'
import type { JsonSchema } from './json.ts'

/** A side effect a kind may ask for. Shown to people as a permission; a kind gets no service it does not name. */
export type ServiceName = 'model' | 'http' | 'files' | 'shell' | 'sandbox' | 'tools'

/** Services that reach outside the process: what an untrusted flow may not use. EXECUTION.md 11.5. */
export const outsideServices: readonly ServiceName[] = ['model', 'http', 'files', 'shell']

export interface Port {
  /** `[A-Za-z0-9_-]+` */
  readonly name: string
  /** Shown on the card; the name where absent. */
  readonly label?: string
}

/** Library sections, in the order shown. */
export const paletteGroups = ['Agents', 'Effects', 'Control', 'Data'] as const
export type PaletteGroup = (typeof paletteGroups)[number]

/** Settings while they are being filled in: parsed or not, any of them may be missing, and one may have the wrong type. */
export type Unfinished<Data> = { readonly [K in keyof Data]?: Data[K] | undefined }

/** How a setting is edited. The inspector is made from these; `name` is a dotted path in the node's data. */
export interface Field<Data = unknown> {
  readonly name: string
  readonly label: string
  readonly editor:
    | 'text' // one line, may hold {{ }}
    | 'multiline' // several lines, may hold {{ }}
    | 'expression' // one hole or a JSON literal
    | 'code' // JavaScript, never a template
    | 'json' // any JSON value, strings inside may hold {{ }}
    | 'schema' // a JSON Schema
    | 'number'
    | 'boolean'
    | 'select'
    | 'duration'
    | 'list' // list of texts
    | 'pairs' // record of name to template text or value
    | 'cases' // switch cases
    | 'model' // provider/model
    | 'path' // file or folder of the workspace
    | 'flow' // path of another flow
  readonly help?: string
  readonly placeholder?: string
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  /** Unit shown behind a number. */
  readonly unit?: string
  readonly required?: boolean
  /** Shown under "More" until set. */
  readonly advanced?: boolean
  /** Shown only where this holds for the node's data. */
  readonly when?: (data: Unfinished<Data>) => boolean
}

/**
 * What the compiler and scheduler must know of kinds that are not plain "run once, choose a port" nodes.
 * Everything else about a kind is its executor's own affair.
 */
export type Role =
  | { readonly type: 'start' } // the run's token enters here; finishes with the run's input
  | { readonly type: 'trigger' }
  | { readonly type: 'return' } // ends its scope with the setting `value`
  | { readonly type: 'fail' } // ends the run (or reaches `try`) with the settings `code`, `message`
  | { readonly type: 'decision' } // output is what came in (`prev`); the executor only chooses the port
  | { readonly type: 'wait' } // parks on a durable timer: settings `for` or `until`
  | { readonly type: 'signal' } // parks on a named event: settings `name`, `timeout`
  | { readonly type: 'approval' } // parks on a person: settings `message`, `data`, `form`, `roles`, `timeout`
  | { readonly type: 'container'; readonly iterates: 'each' | 'loop' | 'once' } // for-each, loop, try
  | { readonly type: 'subflow' }
  | { readonly type: 'agent' } // drives suppliers; its calls are steps of their own

/** What `standalone` is called with. */
export interface StandaloneCall {
  /** Evaluated settings; those edited as code are functions of the scope. */
  readonly data: Readonly<Record<string, unknown>>
  readonly prev: unknown
  /** What expressions may read. */
  readonly scope: Readonly<Record<string, unknown>>
}

/**
 * One node kind, declared: `nodes/<kind>/spec.ts` exports one as `spec`. Pure data and pure functions, usable in the
 * renderer and the engine alike. `Data` is the parsed settings with defaults filled, before templates are evaluated
 * (so any field may still be a template string where the schema allows it).
 */
export interface NodeSpec<Data = Record<string, unknown>> {
  /** Equals the folder's name. */
  readonly kind: string
  /** Version of `data`; starts at 1. */
  readonly version: number
  readonly palette: {
    readonly label: string
    readonly group: PaletteGroup
    /** Name of a lucide icon in kebab case, for instance `globe`. */
    readonly icon: string
    readonly summary: string
    readonly keywords: readonly string[]
  }
  readonly needs: readonly ServiceName[]
  /** Whether repeating the effect after a crash is harmless. Asked with the *resolved* settings where there are any. */
  readonly idempotent: boolean | ((data: Unfinished<Data>) => boolean)
  /** A kind without effects: no intent is journaled and its start and finish share one commit. */
  readonly pure?: boolean
  readonly role?: Role
  ports(data: Unfinished<Data>): {
    readonly inputs: readonly Port[]
    readonly outputs: readonly Port[]
    readonly supplies?: readonly Port[]
  }
  readonly fields: readonly Field<Data>[]
  /** Names of settings (dotted paths) that must be one hole or a JSON literal. EXECUTION.md 2.1. */
  readonly expressions?: readonly string[]
  /** Names of settings that are never templates (`source` of `code`). */
  readonly verbatim?: readonly string[]
  /** Parses settings and fills defaults; its JSON Schema is the tool's and the file's schema. Zod, used jitless. */
  readonly data: ZodType<Data>
  /** JSON Schema of the output on every non-error port, for expression types downstream. */
  output(data: Unfinished<Data>): JsonSchema
  /** One mono line for the card that says what the node will do: `GET example.com/users`. */
  subtitle?(data: Unfinished<Data>): string
  /**
   * A pure kind's work on evaluated settings, for flows exported as code, into which its text is copied: an arrow function
   * that mentions nothing outside itself. A kind without one is an actor that the code's caller supplies.
   */
  readonly standalone?: (call: StandaloneCall) => {
    readonly port?: string
    readonly output?: unknown
    readonly vars?: Readonly<Record<string, unknown>>
  }
  /** `migrations[n]` turns data of version n into version n + 1. */
  readonly migrations: Readonly<Record<number, (old: unknown) => unknown>>
}

/** All kinds known to a host, by name. */
export type KindRegistry = ReadonlyMap<string, NodeSpec>

/** Declares a kind with its data type inferred from the schema, and erases the type for the registry. */
export function defineKind<Data>(spec: NodeSpec<Data>): NodeSpec {
  return spec as unknown as NodeSpec
}
