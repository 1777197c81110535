import type { ScriptedTurn, SeenChat } from './openaiServer.ts'

/** Models that play their part in the shipped templates, for tests and for the recorded sample runs. */
export const templateModels = {
  'notes-digest': (chat: SeenChat): ScriptedTurn => {
    const prompt = lastText(chat)
    const [, path] = /^Summarize this note \((.+)\):/.exec(prompt) ?? []
    if (path !== undefined) return { text: `Summary of ${path}: ${/Limit: [^,.;]+/.exec(prompt)?.[0] ?? 'no limit'}.` }
    const lines = prompt.split('\n').filter((line) => line.startsWith('- '))
    return { text: `# Digest\n\n${lines.join('\n')}` }
  },

  'inbox-triage': (chat: SeenChat): ScriptedTurn => {
    const prompt = lastText(chat)
    if (prompt.startsWith('Draft a reply'))
      return { text: 'Thank you for telling us. We are looking into it now and will write again today.' }
    const subject = /^Subject: (.*)$/m.exec(prompt)?.[1] ?? ''
    return { text: JSON.stringify(triage[subject] ?? { urgency: 'normal', category: 'other', summary: subject }) }
  },

  /** Lists the notes, then makes two calls in one turn, one of which fails, then answers. */
  'research-agent': (_chat: SeenChat, turn: number): ScriptedTurn => researchTurns[turn] ?? { status: 500 },
} as const

const triage: Readonly<Record<string, object>> = {
  'Scanner app closes itself': {
    urgency: 'high',
    category: 'fault',
    summary: 'The scanner app closes when a pallet is scanned; twelve people cannot work.',
  },
  'Invoice address': { urgency: 'normal', category: 'billing', summary: 'A new address for the next invoice.' },
  'Dark theme': { urgency: 'low', category: 'question', summary: 'Asks for a dark theme.' },
  'Charged twice': {
    urgency: 'high',
    category: 'billing',
    summary: 'Charged twice for March; asks for a refund at once.',
  },
}

const researchTurns: readonly ScriptedTurn[] = [
  { toolCalls: [{ name: 'listNotes', arguments: {} }] },
  {
    toolCalls: [
      { name: 'readNote', arguments: { path: 'notes/mail-service.md' } },
      { name: 'fetchPage', arguments: { url: 'http://127.0.0.1:9/limits' } },
    ],
  },
  {
    text: JSON.stringify({
      answer:
        'The mail service: 10 messages per minute for each sender. The page with the limits could not be reached.',
      sources: ['notes/mail-service.md'],
    }),
  },
]

function lastText(chat: SeenChat): string {
  const content = chat.messages.at(-1)?.content
  return typeof content === 'string' ? content : JSON.stringify(content)
}
