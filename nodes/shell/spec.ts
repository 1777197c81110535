import { z } from 'zod'
import { defineKind } from '../../model/nodeSpec.ts'
import {
  defineSettings,
  flag,
  freeText,
  objectSchema,
  optional,
  template,
  text,
  textList,
  textPairs,
  withDefault,
} from '../../model/settings.ts'
import { shortenMiddle } from '../../model/subtitle.ts'

const commandMessage = 'must be a list: the program, then its arguments (or a text, with "shell" on)'
const list = textList()
const command = {
  written: z.union([list.written, z.string().min(1)], commandMessage),
  evaluated: z.union([list.evaluated, z.string()], commandMessage).refine((value) => value.length > 0, commandMessage),
}

const exitCode = z.int('must be a list of exit codes').min(0)
const exitCodes = {
  written: z.union([z.array(z.union([exitCode, template])), template], 'must be a list of exit codes'),
  evaluated: z.array(exitCode, 'must be a list of exit codes'),
}

export const settings = defineSettings({
  command,
  shell: withDefault(flag(), false),
  cwd: optional(text()),
  env: withDefault(textPairs(), {}),
  stdin: optional(freeText()),
  expectExit: withDefault(exitCodes, [0]),
})

const data = settings.written.superRefine((value, context) => {
  const isText = typeof value.command === 'string' && !/^\s*\{\{[\s\S]*\}\}\s*$/.test(value.command)
  if (isText && value.shell === false) context.addIssue({ code: 'custom', path: ['command'], message: commandMessage })
})

/** Runs a program on this machine. */
export const spec = defineKind({
  kind: 'shell',
  version: 1,
  palette: {
    label: 'Shell command',
    group: 'Effects',
    icon: 'square-terminal',
    summary: 'Runs a program and passes on what it prints.',
    keywords: ['command', 'terminal', 'bash', 'exec', 'process', 'run', 'script', 'git', 'npm'],
  },
  needs: ['shell'],
  idempotent: false,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    {
      name: 'command',
      label: 'Command',
      editor: 'list',
      required: true,
      help: 'The program, then one argument per line. Nothing is interpreted by a shell.',
      placeholder: 'git',
      when: (value) => value.shell !== true,
    },
    {
      name: 'command',
      label: 'Command line',
      editor: 'multiline',
      required: true,
      help: 'Interpreted by the system’s shell. Text from outside can change what it does: prefer a list.',
      placeholder: 'git log --oneline | head -20',
      when: (value) => value.shell === true,
    },
    { name: 'shell', label: 'Use the system’s shell', editor: 'boolean', advanced: true },
    {
      name: 'cwd',
      label: 'Folder',
      editor: 'path',
      help: 'Inside the workspace; the workspace itself unless set.',
      placeholder: 'packages/site',
    },
    { name: 'env', label: 'Environment', editor: 'pairs', advanced: true },
    { name: 'stdin', label: 'Standard input', editor: 'multiline', advanced: true },
    {
      name: 'expectExit',
      label: 'Expected exit codes',
      editor: 'json',
      help: 'Any other exit code fails the node as shell-exit.',
      placeholder: '[0]',
      advanced: true,
    },
  ],
  data,
  output: () =>
    objectSchema({
      exitCode: { type: 'integer' },
      stdout: { type: 'string' },
      stderr: { type: 'string' },
      durationMs: { type: 'number' },
    }),
  subtitle: (value) => shortenMiddle(Array.isArray(value.command) ? value.command.join(' ') : (value.command ?? '')),
  migrations: {},
})
