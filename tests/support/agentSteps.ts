import type { AgentSteps, Tool } from '../../engine/sdk/executor.ts'
import type { AgentCall } from '../../model/events.ts'
import type { Json, JsonObject } from '../../model/json.ts'

export interface TestTool extends Tool {
  /** What it does; a thrown error's code and message go back as a value. */
  readonly run: (args: JsonObject) => Promise<Json>
}

export interface RecordedSteps extends AgentSteps {
  /** Calls in the order they began, with their arguments. */
  readonly calls: readonly { readonly call: AgentCall; readonly args?: JsonObject }[]
}

/** Declares a tool whose one argument is the text `value`. */
export function testTool(name: string, run: TestTool['run']): TestTool {
  return {
    name,
    description: `does ${name}`,
    parameters: { type: 'object', properties: { value: { type: 'string' } } },
    run,
  }
}

/**
 * An agent's steps, kept in memory as the journal keeps them: by number. Handing in the `recorded` list of an earlier
 * run makes steps with a recorded result return it at once, as after a crash.
 */
export function agentSteps(
  tools: readonly TestTool[],
  recorded: Json[] = [],
): RecordedSteps & { readonly recorded: Json[] } {
  const calls: { call: AgentCall; args?: JsonObject }[] = []
  const nextNumber = (call: AgentCall, args?: JsonObject): number =>
    calls.push(args === undefined ? { call } : { call, args }) - 1
  return {
    tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    calls,
    recorded,
    async callTool(call, args) {
      const number = nextNumber(call, args)
      const result = recorded[number] ?? (await runTool(tools, call.tool, args))
      recorded[number] = result
      return result as { output: Json } | { error: { code: string; message: string } }
    },
    async modelTurn(call, turn) {
      const number = nextNumber(call)
      const known = recorded[number]
      const output = known === undefined ? (await turn()).output : known
      recorded[number] = output
      return output as Awaited<ReturnType<typeof turn>>['output']
    },
  }
}

async function runTool(tools: readonly TestTool[], name: string, args: JsonObject): Promise<Json> {
  const tool = tools.find((candidate) => candidate.name === name)
  try {
    return { output: tool ? await tool.run(args) : null }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal-error'
    return { error: { code, message: error instanceof Error ? error.message : String(error) } }
  }
}
