import type { Executor } from '../../engine/sdk/executor.ts'
import type { ChatMessage } from '../../engine/sdk/services.ts'
import { NodeFailure } from '../../model/failure.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data, services, signal, progress }) => {
  const { model, system, prompt, messages, temperature, maxTokens, schema } = parseSettings(settings.evaluated, data)
  const conversation: ChatMessage[] = [...(messages ?? [])].map(({ role, content }) => ({ role, content }))
  if (system !== undefined && system !== '') conversation.unshift({ role: 'system', content: system })
  if (prompt !== undefined && prompt !== '') conversation.push({ role: 'user', content: prompt })
  if (conversation.every(({ role }) => role === 'system')) {
    throw new NodeFailure('bad-setting', 'Setting "prompt" is empty: there is nothing to ask the model.', {
      details: { field: 'data.prompt' },
    })
  }
  const answer = await services.model.chat(
    {
      ...(model === undefined || model === '' ? {} : { model }),
      messages: conversation,
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(schema === undefined ? {} : { schema }),
    },
    signal,
    progress,
  )
  const { text, object, usage, finishReason } = answer
  return { output: { text, object: object ?? null, usage: { ...usage }, model: answer.model, finishReason }, usage }
}
