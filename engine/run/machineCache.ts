import type { FlowMachine } from '../compile/machine.ts'
import type { RunStore } from '../store/runStore.ts'

/** Machines that are kept parsed. */
const kept = 64

/** Machines by content hash: one object per machine, however many runs are pinned to it. */
export class MachineCache {
  readonly #store: RunStore
  readonly #byHash = new Map<string, FlowMachine>()
  readonly #hashes = new WeakMap<FlowMachine, string>()

  constructor(store: RunStore) {
    this.#store = store
  }

  /** Stores a machine with the next commit. */
  put(machine: FlowMachine): string {
    const known = this.#hashes.get(machine)
    if (known !== undefined) return known
    const hash = this.#store.putDocument(JSON.stringify(machine))
    this.#remember(hash, machine)
    return hash
  }

  get(hash: string): FlowMachine {
    const known = this.#byHash.get(hash)
    if (known) return known
    const machine = JSON.parse(this.#store.readDocument(hash)) as FlowMachine
    this.#remember(hash, machine)
    return machine
  }

  #remember(hash: string, machine: FlowMachine): void {
    if (this.#byHash.size >= kept) this.#byHash.delete(this.#byHash.keys().next().value ?? '')
    this.#byHash.set(hash, machine)
    this.#hashes.set(machine, hash)
  }
}
