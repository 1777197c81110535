import { NodeFailure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import { asText } from '../../model/settings.ts'
import type { Usage } from '../../model/events.ts'
import type { Executor, ExecutorCall } from '../../engine/sdk/executor.ts'
import type { ChatAnswer, ChatMessage, ChatRequest, ToolCall } from '../../engine/sdk/services.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

/** Characters of a tool's result that the model gets to read; more would only fill its context. */
const longestToolResult = 60_000

/** A turn as it is journaled: what the loop needs of the model's answer, as JSON. */
type Turn = {
  text: string
  object: Json
  toolCalls: { id: string; name: string; arguments: string }[]
  usage: { inputTokens: number; outputTokens: number; cost?: number }
  model: string
  finishReason: string
}

/**
 * The tool loop: ask the model, run the tools it calls (all of a turn at once), give it their results, until it answers
 * without calling one. Every turn and every tool call is a journaled step, so running it again after a crash repeats
 * only what was not recorded.
 */
export const execute: Executor = async (call) => {
  const { services, progress } = call
  const agent = parseSettings(settings.evaluated, call.data)
  const messages: ChatMessage[] = []
  if (agent.instructions !== undefined && agent.instructions !== '')
    messages.push({ role: 'system', content: agent.instructions })
  messages.push({ role: 'user', content: agent.input })
  let usage: Usage = { inputTokens: 0, outputTokens: 0 }
  for (let turn = 1; turn <= agent.maxTurns; turn += 1) {
    progress.status(`turn ${turn} of ${agent.maxTurns}`)
    const answer = await askModel(call, turn, requestOf(agent, messages, services.tools.tools))
    usage = addUsage(usage, answer.usage)
    if (answer.toolCalls.length === 0) {
      return { output: { text: answer.text, object: answer.object, turns: turn, usage: { ...usage } } }
    }
    if (answer.text !== '') progress.text('\n\n')
    // Effects of tools whose results nobody would read are better not had.
    if (turn === agent.maxTurns) break
    messages.push({ role: 'assistant', content: answer.text, toolCalls: answer.toolCalls })
    progress.status(`turn ${turn} of ${agent.maxTurns}: ${answer.toolCalls.map(({ name }) => name).join(', ')}`)
    messages.push(...(await Promise.all(answer.toolCalls.map((toolCall) => callTool(call, turn, toolCall)))))
  }
  throw new NodeFailure(
    'agent-max-turns',
    `The agent had no answer after ${agent.maxTurns} turns. Allow more turns, or give it a smaller task.`,
    {
      details: { turns: agent.maxTurns, usage: { ...usage } },
    },
  )
}

type AgentSettings = ReturnType<typeof settings.evaluated.parse>

function requestOf(
  agent: AgentSettings,
  messages: readonly ChatMessage[],
  tools: NonNullable<ChatRequest['tools']>,
): ChatRequest {
  const { model, temperature, maxTokens, schema } = agent
  return {
    ...(model === undefined || model === '' ? {} : { model }),
    messages: [...messages],
    ...(tools.length === 0 ? {} : { tools }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(schema === undefined ? {} : { schema }),
  }
}

async function askModel(
  { services, signal, progress }: ExecutorCall,
  turn: number,
  request: ChatRequest,
): Promise<Turn> {
  return services.tools.modelTurn({ type: 'model', model: request.model ?? 'default', turn }, async () => {
    const answer = await services.model.chat(request, signal, progress)
    return { output: turnOf(answer), usage: answer.usage }
  })
}

function turnOf({ text, object, toolCalls, usage, model, finishReason }: ChatAnswer): Turn {
  return {
    text,
    object: object ?? null,
    toolCalls: toolCalls.map((call) => ({ ...call })),
    usage: { ...usage },
    model,
    finishReason,
  }
}

/** A failure of the tool, or of the model's arguments for it, is what the model reads as the result. */
async function callTool(
  { services }: ExecutorCall,
  turn: number,
  { id, name, arguments: text }: ToolCall,
): Promise<ChatMessage> {
  const args = parseArguments(text)
  if (!services.tools.tools.some((tool) => tool.name === name)) {
    return toolError(
      id,
      'unknown-tool',
      `There is no tool "${name}". The tools are: ${services.tools.tools.map((tool) => tool.name).join(', ') || 'none'}.`,
    )
  }
  if (args === undefined)
    return toolError(
      id,
      'bad-arguments',
      `The arguments of "${name}" are not a JSON object. Call it again with valid JSON.`,
    )
  const result = await services.tools.callTool({ type: 'tool', tool: name, turn, callId: id }, args)
  if ('error' in result) return toolError(id, result.error.code, result.error.message)
  return { role: 'tool', callId: id, content: shortened(asText(result.output)) }
}

function toolError(callId: string, code: string, message: string): ChatMessage {
  return { role: 'tool', callId, content: JSON.stringify({ error: { code, message } }) }
}

function shortened(text: string): string {
  if (text.length <= longestToolResult) return text
  return `${text.slice(0, longestToolResult)}\n[cut: ${text.length - longestToolResult} more characters]`
}

/** Models send an empty text where a tool takes no argument. */
function parseArguments(text: string): JsonObject | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function addUsage(a: Usage, b: Usage): Usage {
  const sum = { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens }
  if (a.cost === undefined && b.cost === undefined) return sum
  return { ...sum, cost: (a.cost ?? 0) + (b.cost ?? 0) }
}
