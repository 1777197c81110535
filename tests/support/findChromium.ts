import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Names under which Linux distributions and vendors put a Chromium on the path. */
const commandNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]

const applications = ['Google Chrome', 'Chromium', 'Microsoft Edge']

/**
 * Finds a Chromium-based browser: the `CHROME` variable first, then the path, then where macOS and Windows install
 * one. Undefined where there is none; a `CHROME` that cannot be executed is an error, because somebody meant it.
 */
export function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const asked = env['CHROME']
  if (asked !== undefined && asked !== '') {
    if (isExecutable(asked)) return asked
    throw new Error(`CHROME names ${asked}, which is no executable file.`)
  }
  return candidates(env, platform).find(isExecutable)
}

function candidates(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') return applications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (platform === 'win32') return windowsCandidates(env)
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].filter(
    (folder) => folder !== '',
  )
  return commandNames.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function windowsCandidates(env: NodeJS.ProcessEnv): string[] {
  const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
    (folder) => folder !== undefined,
  )
  const programs = [
    'Google\\Chrome\\Application\\chrome.exe',
    'Chromium\\Application\\chrome.exe',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ]
  return programs.flatMap((program) => folders.map((folder) => `${folder}\\${program}`))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
