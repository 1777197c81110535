import { Command, InvalidArgumentError, Option } from 'commander'
import { packageVersion } from '../workspace/packageFolder.ts'
import { refusal, type ExitCode } from './outcome.ts'
import { processTerminal, type Terminal } from './terminal.ts'

/** What a command gives back; the options of its own and those that every command takes. */
type Action<Options> = (terminal: Terminal, positional: string[], options: Options & CommonOptions) => Promise<ExitCode>

interface CommonOptions {
  readonly workspace: string
  readonly json: boolean
}

/** The command line as commander knows it. `finish` gets the exit code of the command that was run. */
export function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('switchyard')
    .description(
      'Draws, checks and runs workflows: *.flow.json files, compiled to state machines, journaled while they run.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', overview)
  const add = <Options>(
    parent: Command,
    usage: string,
    summary: string,
    action: Action<Options>,
    examples = '',
  ): Command => {
    const command = parent
      .command(usage, { isDefault: usage === 'list' })
      .description(summary)
      .option('-w, --workspace <dir>', 'folder whose .switchyard/ holds runs, trust and settings', '.')
      .option('--json', 'print one JSON document on stdout', false)
    if (examples !== '') command.addHelpText('after', `\nExamples:\n${examples}`)
    return command.action(async () => {
      const options = command.opts<Options & CommonOptions>()
      finish(await action(processTerminal(options.json, process.env), command.args, options))
    })
  }
  addFlowCommands(program, add)
  addRunsCommands(program, add)
  addResolveCommand(program, add)
  addTemplateCommands(program, add)
  addHostCommands(program, add)
  return program
}

type Add = <Options>(
  parent: Command,
  usage: string,
  summary: string,
  action: Action<Options>,
  examples?: string,
) => Command

interface RunOptions {
  readonly input: string[]
  readonly inputFile?: string
  readonly events?: boolean
  readonly trust?: boolean
  readonly quiet?: boolean
  readonly pauseAt?: string
}

const eventsOption = (): Option =>
  new Option('--events', 'print every event as one line of JSON instead of the result').default(false)

function addFlowCommands(program: Command, add: Add): void {
  add<RunOptions>(
    program,
    'run <flow>',
    'run a flow; its result goes to stdout, progress to stderr',
    async (terminal, [flow = ''], options) =>
      (await import('./runCommand.ts')).runCommand(terminal, { ...options, flow }),
    `  switchyard run hello.flow.json --input name=Ada
  switchyard run report.flow.json --input-file input.json --json > result.json
  switchyard run deploy.flow.json --trust --events | jq -c 'select(.type == "node.failed")'

Exit: 0 completed, 1 failed, 2 bad flow, input or usage, 3 not trusted, 4 waits for a person, 130 cancelled.
A flow from elsewhere that uses files, network, shell, models or the environment runs only when it is trusted;
--trust trusts it for this run. Ctrl+C cancels the run, twice ends the program at once.`,
  )
    .option(
      '-i, --input <name=value>',
      'one input; JSON where the schema allows it, else text; may be repeated',
      gather,
      [],
    )
    .option('--input-file <file>', 'inputs from a JSON file; --input wins over it')
    .addOption(eventsOption())
    .option('--trust', 'trust the flow for this run, access to private networks included', false)
    .option('--pause-at <node>', 'stop before this node starts (exit 4); "runs resume" goes on')
    .option('-q, --quiet', 'no progress on stderr', false)
  add(
    program,
    'validate <flows...>',
    'report what is wrong with flows; executes nothing',
    async (terminal, flows) => (await import('./checkCommands.ts')).validateCommand(terminal, flows),
    `  switchyard validate *.flow.json
  switchyard validate deploy.flow.json --json | jq '.diagnostics[].message'`,
  )
  add<{ format: 'json' | 'ts' | 'mermaid' }>(
    program,
    'compile <flow>',
    'print the state machine that a flow compiles to',
    async (terminal, [flow = ''], { format }) =>
      (await import('./checkCommands.ts')).compileCommand(terminal, flow, format),
    `  switchyard compile hello.flow.json
  switchyard compile hello.flow.json --format ts > hello.machine.ts
  switchyard compile hello.flow.json --format mermaid`,
  ).addOption(
    new Option('-f, --format <format>', 'json: what runs; ts: a module for any XState program; mermaid: a diagram')
      .choices(['json', 'ts', 'mermaid'])
      .default('json'),
  )
}

function addRunsCommands(program: Command, add: Add): void {
  const runs = program.command('runs').description('look into the runs of a workspace, go on with them, fork them')
  add<{ limit: number }>(runs, 'list', 'list runs, newest first', async (terminal, _args, { workspace, limit }) =>
    (await import('./runsCommands.ts')).listRuns(terminal, workspace, limit),
  ).option('-n, --limit <number>', 'how many', countArgument, 100)
  add(runs, 'show <run>', 'show what each node of a run did', async (terminal, [run = ''], { workspace }) =>
    (await import('./runsCommands.ts')).showRun(terminal, workspace, run),
  )
  add(
    runs,
    'replay <run>',
    'derive a run again from its log, with no effect executed',
    async (terminal, [run = ''], { workspace }) =>
      (await import('./runsCommands.ts')).replayRun(terminal, workspace, run),
  )
  add<{ flow?: string; trust: boolean; events: boolean }>(
    runs,
    'resume <run>',
    'go on with an unfinished run, or repair a failed one',
    async (terminal, [runId = ''], { workspace, flow, trust, events }) =>
      (await import('./goOnCommands.ts')).resumeRun(terminal, workspace, {
        runId,
        trust,
        isEvents: events,
        ...(flow !== undefined && { flow }),
      }),
    `  switchyard runs resume 01KAHZ3V8F
  switchyard runs resume 01KAHZ3V8F --flow repaired.flow.json`,
  )
    .option('--flow <flow>', 'the repaired flow; nodes that are as they were keep their results')
    .option('--trust', 'trust the repaired flow for this run', false)
    .addOption(eventsOption())
  add<{ at: number; trust: boolean; events: boolean }>(
    runs,
    'fork <run>',
    'start a new run that reuses another one up to an event',
    async (terminal, [runId = ''], { workspace, at, trust, events }) =>
      (await import('./goOnCommands.ts')).forkRun(terminal, workspace, { runId, seq: at, trust, isEvents: events }),
    '  switchyard runs fork 01KAHZ3V8F --at 12',
  )
    .requiredOption('--at <seq>', 'number of the last event to reuse', countArgument)
    .option('--trust', 'trust the flow for the new run', false)
    .addOption(eventsOption())
  add<{ out?: string }>(
    runs,
    'export <run>',
    'print the log of a run, one event per line',
    async (terminal, [run = ''], { workspace, out }) =>
      (await import('./runsCommands.ts')).exportRun(terminal, workspace, run, out),
  ).option('-o, --out <file>', 'write to a new file instead')
}

function addResolveCommand(program: Command, add: Add): void {
  add<{ retry?: boolean; value?: string; port?: string; fail?: boolean; events: boolean }>(
    program,
    'resolve <run> <node>',
    'say what became of an effect that a crash left unknown, then go on with the run',
    async (terminal, [runId = '', node = ''], options) => {
      const { parseValue, resolveNode } = await import('./goOnCommands.ts')
      const chosen = [options.retry, options.value !== undefined, options.fail].filter(Boolean)
      if (chosen.length !== 1)
        throw refusal('bad-usage', 'resolve takes exactly one of --retry, --value JSON and --fail.')
      const decision =
        options.value !== undefined
          ? ({
              type: 'value',
              output: parseValue(options.value),
              ...(options.port !== undefined && { port: options.port }),
            } as const)
          : ({ type: options.retry === true ? 'retry' : 'fail' } as const)
      return resolveNode(terminal, options.workspace, { runId, node, decision, isEvents: options.events })
    },
    `  switchyard resolve 01KAHZ3V8F pay --retry
  switchyard resolve 01KAHZ3V8F pay --value '{"status": 201}'
  switchyard resolve 01KAHZ3V8F pay --fail`,
  )
    .option('--retry', 'it did not happen: do it')
    .option('--value <json>', 'it happened, and this is its output')
    .option('--port <port>', 'with --value: the port to go on from')
    .option('--fail', 'the node counts as failed')
    .addOption(eventsOption())
}

function addTemplateCommands(program: Command, add: Add): void {
  const templates = program.command('templates').description('flows that work, to begin from')
  add(templates, 'list', 'list the templates', async (terminal) =>
    (await import('./templatesCommands.ts')).listTemplatesCommand(terminal),
  )
  add(templates, 'show <template>', 'explain a template', async (terminal, [name = '']) =>
    (await import('./templatesCommands.ts')).showTemplateCommand(terminal, name),
  )
  add(templates, 'new <template> <dir>', 'copy a template into a folder', async (terminal, [name = '', folder = '']) =>
    (await import('./templatesCommands.ts')).newTemplateCommand(terminal, name, folder),
  )
}

function addHostCommands(program: Command, add: Add): void {
  add<{ port?: number; open: boolean }>(
    program,
    'serve',
    'open the workbench in a browser',
    async (terminal, _args, options) => (await import('./serveCommand.ts')).serveCommand(terminal, options),
    `  switchyard serve
  switchyard serve --workspace ~/flows --port 0 --no-open`,
  )
    .option('-p, --port <port>', 'port on 127.0.0.1; 0 for any (default: 4317 or the next free one)', portArgument)
    .option('--no-open', 'do not open a browser')
  add(program, 'doctor', 'check program, workspace, runs, settings and flows', async (terminal, _args, { workspace }) =>
    (await import('./doctorCommand.ts')).doctorCommand(terminal, workspace),
  )
}

function gather(value: string, before: string[]): string[] {
  return [...before, value]
}

function countArgument(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.')
  return value
}

function portArgument(text: string): number {
  const value = Number(text)
  if (text === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.')
  return value
}

const overview = `
Begin here:
  switchyard templates list                           what there is to begin from
  switchyard templates new csv-report ./report        copy one
  switchyard run ./report/csv-report.flow.json        run it
  switchyard serve                                    draw in the browser

Runs are journaled in .switchyard/ of the workspace: a run that was cut off goes on with "switchyard runs resume".`
