import { JSException, QuickJS, type JSValueHandle } from 'quickjs-wasi'

const memoryLimit = 64 * 1024 * 1024
const stackLimit = 128 * 1024
/** Then a machine is replaced: the library keeps a little, outside of its memory, of every error it threw. */
const mostScripts = 10_000

/**
 * Makes `Math.random` draw from numbers that are given anew for each script: QuickJS' own begin where the memory begins,
 * so they would come again and again. The generator is Marsaglia's xorshift128 (Journal of Statistical Software 8, 2003).
 */
const seedable = `(() => {
  let x = 1, y = 2, z = 3, w = 4
  const next = () => {
    const t = x ^ (x << 11)
    x = y; y = z; z = w
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8)
    return w >>> 0
  }
  Math.random = function random() { return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992 }
  return (seed) => { [x, y, z, w] = JSON.parse(seed) }
})()`

/**
 * A QuickJS machine that forgets: `restore` puts its whole memory back to what it was before any script ran, which is
 * all that a script could have changed. That takes 70 us, a new machine 2 ms.
 */
export class SandboxMachine {
  readonly #machine: QuickJS
  readonly #memory: WebAssembly.Memory
  readonly #seed: JSValueHandle
  readonly #image: Uint8Array
  #scripts = 0

  private constructor(machine: QuickJS, memory: WebAssembly.Memory) {
    this.#machine = machine
    this.#memory = memory
    this.#seed = machine.evalCode(seedable)
    // Made when they are first asked for, and kept by the host: they have to lie in the image.
    const kept = [machine.global, machine.undefined, machine.null, machine.true, machine.false]
    if (kept.some((one) => one.disposed)) throw new Error('QuickJS gave its constants away')
    this.#image = new Uint8Array(memory.buffer).slice()
  }

  /** `isOverdue` is asked now and then while a script runs; true interrupts it. */
  static async create(wasm: WebAssembly.Module, isOverdue: () => boolean): Promise<SandboxMachine> {
    let memory: WebAssembly.Memory | undefined
    const machine = await QuickJS.create({
      wasm,
      memoryLimit,
      maxStackSize: stackLimit,
      interruptHandler: isOverdue,
      wasi: (own: WebAssembly.Memory) => {
        memory = own
        return {}
      },
    })
    if (!memory) throw new Error('QuickJS did not hand out its memory')
    return new SandboxMachine(machine, memory)
  }

  /** Evaluates a program to a function and calls it with the text; gives the text it returns. Throws what it throws. */
  run(program: string, text: string): string {
    const machine = this.#machine
    const call = (run: JSValueHandle, argument: string): JSValueHandle =>
      machine.callFunction(run, machine.undefined, machine.newString(argument))
    try {
      call(this.#seed, JSON.stringify([...crypto.getRandomValues(new Uint32Array(4))]))
      return call(machine.evalCode(program), text).toString()
    } catch (error) {
      // The machine keeps what it threw; its text is read already.
      if (error instanceof JSException) error.dispose()
      throw error
    }
  }

  /** False where another machine has to be made: memory that grew never shrinks. */
  restore(): boolean {
    if (++this.#scripts >= mostScripts || this.#memory.buffer.byteLength !== this.#image.length) return false
    new Uint8Array(this.#memory.buffer).set(this.#image)
    return true
  }
}
