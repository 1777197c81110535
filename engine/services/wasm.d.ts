/** The part of the WebAssembly API that the engine names; Node has it, the types of Node alone do not. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>
  class Module {
    private constructor()
  }
  class Instance {
    private constructor()
    readonly exports: Exports
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
  }
  class Global {
    private constructor()
    value: unknown
  }
  class Table {
    private constructor()
  }
  class RuntimeError extends Error {}
  function compile(bytes: Uint8Array): Promise<Module>
}
