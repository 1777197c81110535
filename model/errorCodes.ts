import { diagnosticCodes, type DiagnosticCode } from './diagnostics.ts'

/**
 * What to do about a failure, by its code: the line of help beside the message. Codes of failures are free (`fail` and
 * scripts may use any); these are the ones that kinds, services and the engine use. Diagnostics of documents have
 * a table of their own, in `diagnostics.ts`.
 */
export const failureHelp = {
  'expression-failed':
    'Look at the values the expression reads. Where one may be missing, write ?. or give a fallback with ??.',
  'bad-setting': 'A setting was evaluated to a value of the wrong type. Look at the resolved input of the node.',
  'bad-settings': 'A setting was evaluated to a value of the wrong type. Look at the resolved input of the node.',
  'bad-input': 'The input does not fit the schema of the flow. Correct the field named.',
  'loop-limit': 'The loop went round more often than its limit allows. Check what ends it, or raise maxVisits or max.',
  timeout: 'The attempt took longer than policy.timeout. Allow more time, or retry.',
  cancelled: 'The run or this step was cancelled. Start it again when you are ready.',
  'internal-error': 'This is a fault of the program, not of the flow. Please report it with the run file.',
  'service-not-granted': 'The kind uses a service that it does not name among its needs. This is a fault of the kind.',

  'http-network': 'The server did not answer. Check the address, the network and the proxy; policy.retry tries again.',
  'http-bad-url': 'Write a whole address that begins with http:// or https://.',
  'http-bad-json': 'The answer is not JSON. Set "Read answer as" to text to see it.',
  'http-refused-address':
    'Addresses of this machine and of private networks need consent: run with --trust, or allow them in the settings.',
  'http-redirects': 'The server redirects in a circle or too often. Open the address that the message names.',
  'http-too-large': 'The answer is larger than the limit. Ask for less, or in pages.',
  'http-ca-file': 'The file of certificate authorities in the settings cannot be read. It must be a PEM file.',

  'file-not-found': 'Check the path. Paths are relative to the workspace.',
  'file-missing': 'Check the path. Paths are relative to the workspace.',
  'file-outside': 'The path leads out of the workspace. Copy the file in, or grant the folder in the settings.',
  'file-exists': 'The file is there already. Choose another path, or the mode overwrite or append.',
  'file-bad-json': 'The file is not JSON. Read it as text to see what it holds.',
  'file-not-text': 'The file is not UTF-8 text. Read it as a blob.',
  'file-too-large': 'The file is larger than the limit. Split it, or read it as a blob.',
  'file-denied': 'This user may not use the file. Change its permissions, or choose another.',
  'file-not-regular': 'The path names a folder, a pipe or a device. Name a file.',
  'file-too-many': 'The folder holds too many files to list at once. Name a folder further down.',
  'file-disk-full': 'The disk is full. Make room, then resume the run.',
  'file-conflict': 'The file was changed by another program since it was read. Reload it, or save under another name.',
  'file-unreadable': 'The system refuses to read the file. Check its permissions.',
  'file-unwritable':
    'The system refuses to write the file. Check the permissions of the folder and the space on the disk.',

  'shell-not-found': 'The program is not installed, or not on the PATH of this engine.',
  'shell-exit':
    'The program ended with a code that is not expected. Look at stderr in the details, or list the code under "expectExit".',
  'shell-too-long': 'The arguments are too long for the system. Pass them by standard input or in a file.',
  'shell-output-too-large': 'The program writes more than the limit. Let it write into a file.',

  'model-unreachable':
    'No model answers at this address. Start Ollama (or your server), or set a provider in the settings.',
  'model-no-key':
    'Set OPENAI_API_KEY, add a key for the provider in the settings, or use a local model such as ollama/llama3.2.',
  'model-none': 'Set OPENAI_API_KEY, start Ollama with a model pulled, or choose a default model in the settings.',
  'model-bad-key': 'The provider does not take the key. Enter a valid one in the settings.',
  'model-unknown-provider': 'Add the provider with its base URL in the settings, or use openai/… or ollama/….',
  'model-not-found': 'The provider has no model of this name. Check the name, or pull the model first.',
  'model-bad-request':
    'The provider does not take the request as it is. Its answer says why: often the prompt is too long.',
  'model-stalled': 'The model sent nothing for a long time. policy.retry tries again; policy.timeout ends it sooner.',
  'model-cut': 'The connection ended before the answer did. policy.retry tries again.',
  'model-rate-limited': 'The provider takes no more requests for now. policy.retry with a delay tries again.',
  'model-server-error': 'The provider has a problem. policy.retry tries again.',
  'model-bad-answer': 'The model answered in a form that cannot be read. Try again, or another model.',
  'model-refused': 'The provider refused the request. The message says why.',
  'bad-arguments':
    'The model called the tool with arguments that its params do not allow. It was told so and may try again.',
  'unknown-tool': 'The model called a tool that is not wired to the agent. It was told so and may try again.',
  'agent-max-turns': 'The agent was not done after its last turn. Raise maxTurns, or give it a smaller task.',

  'sandbox-timeout': 'The script ran too long and was stopped. Look for a loop that does not end.',
  'sandbox-memory': 'The script used too much memory and was stopped. Work on smaller pieces.',

  'secret-missing': 'Store the secret under this name in the settings, or set it in the environment.',
  'secret-refused': 'The secret may not be sent to this host. Add the host to the secret in the settings.',
  'secret-locked': 'The store of secrets is locked. Unlock the keychain and run again.',
  'keychain-failed': 'The keychain of the system cannot be used. Set the secret in the environment instead.',

  'engine-busy': 'Another engine holds this workspace. Use its window, or end it first.',
  'engine-lost': 'The engine ended. It is started again and resumes the runs from the journal.',
  'protocol-mismatch': 'Window and engine are of different versions. Restart the program.',
  'port-taken': 'Another program uses this port. Choose one with --port.',
  'engine-died': 'The engine ended. It is started again and resumes the runs from the journal.',
  'engine-stopped': 'The engine is shutting down. Start it again; unfinished runs are resumed.',
  'not-trusted': 'Read the flow, then trust it in the app or run it with --trust.',
  'run-completed': 'The run has ended well. Fork it, or start another one.',
  'run-not-driven': 'The run has not ended and no engine drives it. `switchyard runs resume` goes on with it.',
  'bad-seq': 'The run has no event of this number. `switchyard runs export` lists its events.',
  'not-unknown': 'The node waits for no answer. `switchyard runs show` tells what the run waits for.',
  'effect-unknown':
    'An effect began and nothing tells whether it happened. Look, then answer with `switchyard resolve`.',
  'bad-flow': 'The flow has errors. The diagnostics name them.',
  'unknown-run': 'There is no run of this id in this workspace. `switchyard runs list` shows those there are.',
  'unknown-node': 'The run has no node of this name. `switchyard runs show` lists its nodes.',
  'unknown-request': 'Window and engine are of different versions. Restart the program.',
  'workspace-missing': 'The folder of the workspace does not exist. Create it, or name another with --workspace.',
  'socket-folder': 'The folder for the local socket cannot be made private. Check its owner and permissions.',
  'template-unknown': '`switchyard templates list` shows the templates there are.',
  'blob-missing': 'A stored value is gone from the run store. Run the flow again.',
  'value-missing': 'A stored value is gone from the run store. Run the flow again.',
  'bad-params': 'The request does not have the form expected. Window and engine may be of different versions.',
  'value-too-deep': 'A value nests thousands of levels deep. Flatten it, or keep it as text.',
  'bad-items': 'What to iterate over must be a list. Look at the resolved input of the node.',
  'workspace-unwritable':
    'The folder of the workspace cannot be written. Check its permissions and the space on the disk.',
  'bad-flows': 'One or more flow files have errors. The diagnostics name them.',
  'bad-usage': 'See --help for how the command is used.',
  'sqlite-too-old': 'The SQLite of this Node has a fault that can damage data. Use the packaged Node.',
} as const satisfies Readonly<Record<string, string>>

export type FailureCode = keyof typeof failureHelp

/** Help for codes without a line of their own, by how they begin. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^http-401$|^http-403$/, 'The server refuses access. Check the key or token that the request carries.'],
  [/^http-404$/, 'The server has nothing at this address. Check the path.'],
  [/^http-408$|^http-425$|^http-429$/, 'The server asks to come back later. policy.retry with a delay tries again.'],
  [
    /^http-4\d\d$/,
    'The server refuses the request. Its answer stands in the details; failOnStatus: false lets it pass.',
  ],
  [/^http-5\d\d$/, 'The server has a problem. policy.retry tries again.'],
  [/^http-/, 'The request did not succeed. Check address, network and settings of the node.'],
  [/^file-/, 'Check the path, its permissions and the limits on files.'],
  [/^shell-/, 'Look at what the program wrote, in the details of the failure.'],
  [/^model-|^agent-/, 'Check the model and its provider in the settings.'],
  [/^sandbox-/, 'The script was stopped. Look at what it does with its input.'],
  [/^secret|^keychain-/, 'Check the secrets in the settings.'],
  [
    /^store-|^journal-|^settings-/,
    'The data in the folder .switchyard cannot be used. Move the file named away and start again.',
  ],
  [/^template-/, '`switchyard templates list` shows the templates there are.'],
]

/** The line of help for a failure's code; undefined for codes of the flow's own. */
export function helpFor(code: string): string | undefined {
  if (isFailureCode(code)) return failureHelp[code]
  if (isDiagnosticCode(code)) return diagnosticCodes[code][1]
  return families.find(([pattern]) => pattern.test(code))?.[1]
}

function isDiagnosticCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(diagnosticCodes, code)
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(failureHelp, code)
}
