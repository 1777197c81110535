import { spawn } from 'node:child_process'
import { bin } from './runFlow.ts'

/** A command that is still running. */
export interface LiveCommand {
  readonly pid: number
  /** Resolves with the first line of stdout or stderr that matches; rejects where the command ends before. */
  line(pattern: RegExp): Promise<string>
  signal(signal: NodeJS.Signals): void
  /** How it ended: exit code, null where a signal ended it. */
  readonly ended: Promise<{ exit: number | null; stdout: string; stderr: string }>
}

/** Starts the command line and lets a test watch it. */
export function startCommand(args: readonly string[], env: Record<string, string> = {}): LiveCommand {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const waiting = new Set<{ pattern: RegExp; resolve: (line: string) => void; reject: (error: Error) => void }>()
  const texts = { stdout: '', stderr: '' }
  const check = (): void => {
    for (const each of waiting) {
      const line = `${texts.stdout}\n${texts.stderr}`.split('\n').find((text) => each.pattern.test(text))
      if (line === undefined) continue
      waiting.delete(each)
      each.resolve(line)
    }
  }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk
      check()
    })
  }
  const ended = new Promise<{ exit: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (exit) => {
      for (const { reject, pattern } of waiting)
        reject(new Error(`ended before ${String(pattern)}: ${texts.stdout}${texts.stderr}`))
      resolve({ exit, ...texts })
    })
  })
  return {
    pid: child.pid ?? 0,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        waiting.add({ pattern, resolve, reject })
        check()
      }),
    signal: (signal) => child.kill(signal),
    ended,
  }
}
